"""How well words find sounds that nobody named.

    python -m benchmarks.words_to_sound FOLDER [--vectors FILE.npz]

FOLDER holds `labels.tsv` (columns file, class, group). Each class is asked for by its name in
plain English, and by other words for it (paraphrases.tsv, three each, written before any was
tried); names of files are hidden. Printed: mean P@10 over classes, and over every second class
from the first and from the second. Learned kinds, and the vectors among which they lie, never know
the source that they judge: they are learned from the other groups, group by group, unless --shipped
asks for the files that ship (fair only on sounds they were not learned from). "Not taught" leaves
out the kind asked for as well. --names-alone does without the table of words near in meaning.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.retrieval import heard_in, labels_of, parts_of
from library import ear_words
from library.audioset import class_names
from library.by_ear import STEPS, Witness, best_by_ear
from library.ear_kinds import learn_kinds, load_kinds
from library.ear_words import classes_for, stems
from library.near_words import load_near_words
from library.projection import learned, learned_whitening, load_projection

_PARAPHRASES = Path(__file__).with_name("paraphrases.tsv")


def paraphrases() -> dict[str, list[str]]:
    """Other words for each class of the corpus, by its name in plain English."""
    lines = _PARAPHRASES.read_text(encoding="utf-8").splitlines()
    return {name: others for name, *others in (line.split("\t") for line in lines)}


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
    parser.add_argument("--names-alone", action="store_true")
    given = parser.parse_args()
    if given.names_alone:
        no_words = replace(load_near_words(), words=())
        ear_words.load_near_words = lambda: no_words
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

    def told(words: str, not_taught: str = "") -> Witness | None:
        """What kinds say of each sound, those of the other groups."""
        spoken = np.zeros(len(rows), np.float32)
        for group, (of_others, own_vectors) in heard_kinds.items():
            if of_others and not_taught in of_others.names:
                keep = [name != not_taught for name in of_others.names]
                names = tuple(name for name in of_others.names if name != not_taught)
                of_others = replace(of_others, names=names, directions=of_others.directions[keep])
            direction = of_others.direction_for(words) if of_others else None
            if direction is not None:
                spoken[groups == group] = own_vectors @ direction
        if not spoken.any():
            return None
        return Witness(np.argsort(-spoken, kind="stable")[:300], lambda some: spoken[some])

    def precision(kind: str, words: str, kinds_say: Witness | None) -> float:
        classes, of_row = classes_for(words), roots.__getitem__
        found, _ = best_by_ear(classes, kinds_say, of_row, vectors.__getitem__, nearest)
        return float((kinds == kind)[found[:10]].mean()) if found.size else 0.0

    def show(what: str, by_kind: Mapping[str, Sequence[float]]) -> None:
        each = np.array([np.mean(by_kind[kind]) for kind in names])
        print(f"{what:44} {each.mean():.3f}   {each[::2].mean():.3f} {each[1::2].mean():.3f}")

    names, others = sorted(set(kinds)), paraphrases()
    most = np.mean([min(10, (kinds == kind).sum()) / 10 for kind in names])
    print(f"{len(rows)} sounds, {len(names)} classes: mean P@10 (at most {most:.3f})")
    by_names = {k: [(kinds == k)[naive(k, scores)[:10]].mean()] for k in names}
    show("by name: words in the classes' names", by_names)
    show("classes by name, UCS and meaning", {k: [precision(k, k, None)] for k in names})
    show("and kinds that were learned", {k: [precision(k, k, told(k))] for k in names})
    show("the same, that kind not taught", {k: [precision(k, k, told(k, k))] for k in names})
    if set(names) <= set(others):
        of = {k: [precision(k, w, told(w)) for w in others[k]] for k in names}
        show("by other words", of)
        of = {k: [precision(k, w, told(w, k)) for w in others[k]] for k in names}
        show("the same, that kind not taught", of)


if __name__ == "__main__":
    main()
