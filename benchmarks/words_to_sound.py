"""How well words find sounds that nobody named.

    python benchmarks/words_to_sound.py FOLDER [--vectors FILE.npz]

FOLDER holds `labels.tsv` (columns file, class, group). Each class is asked for by its name in
plain English; names of files are hidden. Printed: mean P@10 over classes. Learned kinds, and the
vectors among which they lie, never know the source that they judge: they are learned from the other
groups, group by group, unless --shipped asks for the files that ship (fair only on sounds they were
not learned from).
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.retrieval import heard_in, labels_of, parts_of
from library.audioset import class_names
from library.by_ear import STEPS, Witness, best_by_ear
from library.ear_kinds import learn_kinds, load_kinds
from library.ear_words import classes_for, stems
from library.projection import learned, learned_whitening, load_projection


def naive(words: str, scores: np.ndarray) -> np.ndarray:
    """Each sound by the scores of classes whose names share a word with the query."""
    asked = set(stems(words))
    shared = [bool(asked & set(stems(name))) for name in class_names()]
    return np.argsort(-scores[:, shared].sum(axis=1), kind="stable")


def _of(parts: tuple[np.ndarray, ...], mask: np.ndarray) -> list[np.ndarray]:
    return [part[mask] for part in parts]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--shipped", action="store_true")
    given = parser.parse_args()
    rows = labels_of(given.folder)
    heard = heard_in(given.folder, rows, given.vectors)
    kinds = np.array([row["class"].replace("_", " ") for row in rows])
    groups = np.array([row["group"] for row in rows])
    scores = np.stack([each.scores for each in heard]).astype(np.float32)
    roots = np.ascontiguousarray(np.round(STEPS * np.sqrt(scores)).astype(np.uint8).T)
    parts = parts_of(heard)
    # Likeness among all sounds must know no kind: the whitening was learned without them.
    vectors = learned_whitening(*parts).together(*parts)

    def nearest(direction: np.ndarray, limit: int) -> np.ndarray:
        return np.argsort(-(vectors @ direction), kind="stable")[:limit]

    heard_kinds = {}
    for group in sorted(set(groups)):
        own, others = groups == group, groups != group
        if given.shipped:
            heard_kinds[group] = (load_kinds(), load_projection().vectors(*_of(parts, own)))
            continue
        taught = learned(*_of(parts, others), kinds[others].tolist())
        known = taught.vectors(*_of(parts, others))
        kinds_of_others = learn_kinds(known, kinds[others].tolist(), "others")
        heard_kinds[group] = (kinds_of_others, taught.vectors(*_of(parts, own)))

    def told(kind: str) -> Witness | None:
        """What kinds say of each sound, those of the other groups."""
        spoken = np.zeros(len(rows), np.float32)
        for group, (of_others, own_vectors) in heard_kinds.items():
            direction = of_others.direction_for(kind) if of_others else None
            if direction is not None:
                spoken[groups == group] = own_vectors @ direction
        if not spoken.any():
            return None
        return Witness(np.argsort(-spoken, kind="stable")[:300], lambda some: spoken[some])

    by_classes, by_all, by_names = [], [], []
    for kind in sorted(set(kinds)):
        right = kinds == kind
        by_names.append(right[naive(kind, scores)[:10]].mean())
        classes = classes_for(kind)
        found, _ = best_by_ear(classes, None, roots.__getitem__, vectors.__getitem__, nearest)
        by_classes.append(right[found[:10]].mean() if found.size else 0.0)
        found, _ = best_by_ear(classes, told(kind), roots.__getitem__, vectors.__getitem__, nearest)
        by_all.append(right[found[:10]].mean() if found.size else 0.0)
    most = np.mean([min(10, (kinds == kind).sum()) / 10 for kind in set(kinds)])
    print(f"{len(rows)} sounds, {len(set(kinds))} classes: mean P@10 (at most {most:.3f})")
    print(f"words in the classes' names   {np.mean(by_names):.3f}")
    print(f"classes by name and by UCS    {np.mean(by_classes):.3f}")
    print(f"and kinds that were learned   {np.mean(by_all):.3f}")


if __name__ == "__main__":
    main()
