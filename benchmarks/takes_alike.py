"""How well likeness finds sounds of the same kind as a search does it: by their takes.

    python benchmarks/takes_alike.py FOLDER CATALOGUE [--vectors FILE.npz]

FOLDER holds `labels.tsv`, as benchmarks/retrieval.py reads it; CATALOGUE is what a scan of it
made. A sound asks by the middle of its takes, the first 200 takes are compared closer, and each
file answers by its best take. Printed: mAP@10, P@1, P@5, P@10, means over classes, and among other
sources only. Each source asks by what all others taught, as whole sounds (`--vectors` keeps them).
"""

import argparse
import sqlite3
from pathlib import Path

import numpy as np

from benchmarks.retrieval import (
    heard_in,
    labels_of,
    names_of,
    over_classes,
    parts_of,
    show,
    with_names,
)
from library.hearings import unpack
from library.likeness import middle
from library.neighbours import finer
from library.projection import learned

_LOOK_CLOSER = 200
_TAKES = """
    select asset.path, take.end_samples - take.start_samples, hearing.numbers
    from take join asset on asset.id = take.asset_id join hearing on hearing.take_id = take.id
    order by take.id
"""


def takes_of(catalogue: Path, files: list[str]):
    """Of each take: its file (index), its length and what was heard (parts, each (takes, …))."""
    index = {name: number for number, name in enumerate(files)}
    with sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True) as connection:
        rows = connection.execute(_TAKES).fetchall()
    numbers = np.array([index[path] for path, _length, _heard in rows])
    lengths = np.array([length for _path, length, _heard in rows])
    return numbers, lengths, parts_of([unpack(heard) for _path, _length, heard in rows])


def answers_of(query, vectors, of_file, lengths, asked, names):
    """Files, best first, of those asked (a mask of files), and the same with names heard."""
    own = of_file == query
    question = middle(vectors[own], lengths[own].tolist())
    takes = np.flatnonzero(asked[of_file])
    cosines = vectors[takes] @ question
    order = np.argsort(-cosines, kind="stable")
    first = takes[order[:_LOOK_CLOSER]]
    seen = finer(question, vectors[first])
    by_names = with_names(seen, of_file[first].tolist(), names)
    found = []
    for likeness in (seen, by_names):
        closer = first[np.argsort(-likeness, kind="stable")]
        files = of_file[np.concatenate([closer, takes[order[_LOOK_CLOSER:]]])]
        _, places = np.unique(files, return_index=True)
        found.append(files[np.sort(places)])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--vectors", type=Path)
    given = parser.parse_args()
    rows = labels_of(given.folder)
    whole = parts_of(heard_in(given.folder, rows, given.vectors))
    classes, groups = (np.array([row[name] for row in rows]) for name in ("class", "group"))
    of_file, lengths, parts = takes_of(given.catalogue, [row["file"] for row in rows])
    found: tuple[tuple[list, list], ...] = (([], []), ([], []))
    names = names_of(rows)
    for source in np.unique(groups):
        taught = groups != source
        projection = learned(*(part[taught] for part in whole), classes[taught])
        vectors = projection.vectors(*parts)
        for query in np.flatnonzero(~taught):
            for across in (False, True):
                asked = groups != source if across else np.arange(len(rows)) != query
                relevant = int((classes[asked] == classes[query]).sum())
                if not relevant:
                    continue
                both = answers_of(query, vectors, of_file, lengths, asked, names)
                for best, of_way in zip(both, found, strict=True):
                    hits = (classes[best[:10]] == classes[query]).astype(float)
                    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
                    average = (hits * precision).sum() / min(relevant, 10)
                    numbers = np.array([average, hits[0], hits[:5].mean(), hits.mean()])
                    of_way[across].append((classes[query], numbers))
    for name, of_way in zip(("", ", names of those that answer heard"), found, strict=True):
        averages = [over_classes(of_all) for of_all in of_way]
        show(f"one source unknown: by takes, compared closer{name}", averages)


if __name__ == "__main__":
    main()
