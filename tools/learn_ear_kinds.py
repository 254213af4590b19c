"""Learn where kinds of sound lie among vectors: writes library/models/ear_kinds.npz.

    python tools/learn_ear_kinds.py FOLDER [--vectors FILE.npz]

FOLDER holds recordings and `labels.tsv` (columns file, class). Only directions leave it, one a
class; run again whenever the embedder's name changes.
"""

import argparse
from pathlib import Path

from benchmarks.retrieval import heard_in, labels_of
from library.ear_kinds import learn_kinds, save_kinds
from library.embedding import default_embedder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", type=Path, help="what was heard, kept by benchmarks/retrieval")
    given = parser.parse_args()
    rows = labels_of(given.folder)
    embedder = default_embedder()
    vectors = embedder.project(heard_in(given.folder, rows, given.vectors))
    kinds = [row["class"].replace("_", " ") for row in rows]
    save_kinds(learn_kinds(vectors, kinds, embedder.name))


if __name__ == "__main__":
    main()
