"""How long a search by aspects takes, when first asked and when a dial is turned further.

    python benchmarks/catalogue.py FILE ASSETS
    python benchmarks/aspects.py FILE [--rounds N] [--query WORDS]

Milliseconds of CPU of whole searches, the least of all rounds; one thread.
"""

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from db.connect import open_catalogue
from library import by_aspects
from library.search import search

DIALS = {
    "pitch": {"timbre": 0, "pitch": 1},
    "loudness": {"timbre": 0, "loudness": 1},
    "spectrum": {"timbre": 0, "spectrum": 1},
    "all but timbre": {"timbre": 0, "pitch": 1, "loudness": 0.5, "spectrum": 1},
    "all": {"timbre": 1, "pitch": 1, "loudness": 0.5, "spectrum": 1},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--query", default="")
    arguments = parser.parse_args()
    connection = open_catalogue(arguments.file)
    example = str(connection.execute("select min(id) from asset").fetchone()[0])

    def taken_ms(aspects: dict[str, float]) -> float:
        started = time.process_time()
        search(connection, arguments.query, like=[example], aspects=aspects)
        return (time.process_time() - started) * 1000

    for name, aspects in DIALS.items():
        turned = {dial: 0.9 * weight for dial, weight in aspects.items()}
        first, further = [], []
        for _ in range(arguments.rounds):
            by_aspects._last_choice = by_aspects._last_comparison = None
            first.append(taken_ms(aspects))
            further.append(taken_ms(turned))
        print(f"{name:16} {min(first):7.1f} ms, turned further {min(further):7.1f} ms")


if __name__ == "__main__":
    main()
