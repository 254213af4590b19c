"""Learn library/models/projection.npz from sounds whose kinds are known.

    python tools/learn_projection.py FOLDER [--vectors FILE.npz]

FOLDER holds recordings and `labels.tsv` (columns file, class); FILE keeps what was heard, as
benchmarks/retrieval.py writes it. Afterwards run tools/learn_ear_kinds.py: its directions lie among
the vectors that this makes.
"""

import argparse
from pathlib import Path

from benchmarks.retrieval import heard_in, labels_of, parts_of
from library.projection import learned, save_projection


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", type=Path)
    given = parser.parse_args()
    rows = labels_of(given.folder)
    parts = parts_of(heard_in(given.folder, rows, given.vectors))
    save_projection(learned(*parts, [row["class"] for row in rows]))


if __name__ == "__main__":
    main()
