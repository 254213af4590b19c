"""How well likeness finds sounds of the same kind, on the audio alone.

    python benchmarks/retrieval.py FOLDER [--vectors FILE.npz]

FOLDER holds `labels.tsv` (columns file, class, group). Each sound asks for its like among all
others, and again among those of other sources (groups) only. Printed: mAP@10, P@1, P@5, P@10,
means over classes; relevant is what has the same class, and average precision is divided by
min(relevant, 10). `--vectors` keeps what was heard, so that a second run needs no networks.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import soundfile

from library.embedding import Hearing, TwoNetworks, hear
from library.neighbours import finer
from library.projection import load_projection

_PARTS = ("aisfx", "yamnet", "scores", "shape")


def heard_in(folder: Path, rows: list[dict[str, str]], kept: Path | None) -> list[Hearing]:
    """What is heard of each sound, from `kept` if it is there."""
    if kept is not None and kept.exists():
        with np.load(kept) as held:
            return [Hearing(*parts) for parts in zip(*(held[name] for name in _PARTS), strict=True)]
    found: list[Hearing] = []
    for row in rows:
        found += hear([soundfile.read(folder / row["file"], dtype="float32", always_2d=True)])
    if kept is not None:
        parts = {name: np.stack([getattr(each, name) for each in found]) for name in _PARTS}
        np.savez(kept, **parts)
    return found


def judge(vectors, classes, groups, *, across_sources: bool, closer: bool = False) -> np.ndarray:
    """mAP@10, P@1, P@5, P@10 by cosine, each the mean over classes of the mean over queries.

    Args:
        closer: put the first 200 in order as a search does, by `library.neighbours.finer`.
    """
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    likeness = unit @ unit.T
    by_class: dict[str, list[np.ndarray]] = {}
    for query, row in enumerate(likeness):
        asked = groups != groups[query] if across_sources else np.ones(len(row), bool)
        asked[query] = False
        gallery = np.flatnonzero(asked)
        relevant = int((classes[gallery] == classes[query]).sum())
        if not relevant:
            continue
        best = gallery[np.argsort(-row[gallery], kind="stable")[:200]]
        if closer:
            seen = finer(unit[query], unit[best])
            best = best[np.argsort(-seen, kind="stable")]
        best = best[:10]
        hits = (classes[best] == classes[query]).astype(float)
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        average = (hits * precision).sum() / min(relevant, 10)
        by_class.setdefault(classes[query], []).append(
            np.array([average, hits[0], hits[:5].mean(), hits.mean()])
        )
    return np.mean([np.mean(of_class, axis=0) for of_class in by_class.values()], axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", type=Path)
    given = parser.parse_args()
    table = (given.folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(table, delimiter="\t"))
    heard = heard_in(given.folder, rows, given.vectors)
    classes = np.array([row["class"] for row in rows])
    groups = np.array([row["group"] for row in rows])

    mfcc = np.stack([each.shape[:40] for each in heard])
    aisfx = np.stack([each.aisfx for each in heard]).astype(np.float32)
    yamnet = np.stack([each.yamnet for each in heard]).astype(np.float32)
    shipped = TwoNetworks(load_projection()).project(heard)
    networks = np.concatenate([shipped[:, :128], shipped[:, 128:256]], axis=1)
    tried = {
        "MFCC statistics, z-scored": (mfcc - mfcc.mean(0)) / (mfcc.std(0) + 1e-9),
        "aiSFX": aisfx,
        "YAMNet": yamnet,
        "YAMNet, whitened": shipped[:, 128:256],
        "measured features": shipped[:, 256:],
        "both networks, whitened": networks,
        "shipped vector": shipped,
        "shipped, compared closer": shipped,
    }
    print(f"{len(rows)} sounds, {len(set(classes))} classes: mAP@10 P@1 P@5 P@10 [other sources]")
    for name, vectors in tried.items():
        closer = name.endswith("closer")
        of_all = judge(vectors, classes, groups, across_sources=False, closer=closer)
        others = judge(vectors, classes, groups, across_sources=True, closer=closer)
        numbers = " ".join(f"{number:.3f}" for number in of_all)
        print(f"{name:28} {numbers}  [{' '.join(f'{number:.3f}' for number in others)}]")


if __name__ == "__main__":
    main()
