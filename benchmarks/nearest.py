"""How long likeness takes, beside numpy by brute force, faiss, hnswlib and usearch.

    python benchmarks/catalogue.py FILE ASSETS
    python benchmarks/nearest.py FILE [--questions N] [--without hnswlib]

Vectors of takes taken at random are asked for. Each way answers each question in turn, so that
what troubles one troubles all; milliseconds of CPU, one thread each; recall@10 is against the
exact ten. hnswlib and usearch take minutes to build at a million.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from db.connect import open_catalogue
from library.search import search
from library.vector_index import VectorIndex, open_index

Nearest = Callable[[np.ndarray], np.ndarray]  # a vector → the rows of its ten nearest

WITH_WORDS = (
    "rain", "door", "heavy", "wood door creak", "foot*", "slow,fast,wet,dry", "-heavy",
    "door duration:<2s", "category:doors", "channels:1", "duration:<1s", "Schritte",
)  # fmt: skip


def ways(index: VectorIndex, without: list[str]) -> dict[str, tuple[Nearest, float]]:
    """(what finds ten, how many CPU seconds it took to build) by name."""
    found: dict[str, tuple[Nearest, float]] = {
        "Dubstage": (lambda q: index.nearest_rows(q, 10)[0], 0.0),
        "Dubstage, 200 asked for": (lambda q: index.nearest_rows(q, 200)[0][:10], 0.0),
    }
    vectors = index.vectors.astype(np.float32)
    n, dimensions = vectors.shape
    found["numpy, brute force"] = (lambda q: np.argpartition(-(vectors @ q), 9)[:10], 0.0)

    def built(name: str, build: Callable[[], Nearest]) -> None:
        if not any(name.startswith(each) for each in without):
            started = time.process_time()
            nearest = build()
            found[name] = (nearest, time.process_time() - started)

    def faiss_flat() -> Nearest:
        import faiss

        faiss.omp_set_num_threads(1)
        flat = faiss.IndexFlatIP(dimensions)
        flat.add(vectors)
        return lambda q: flat.search(q[np.newaxis], 10)[1][0]

    def faiss_cells() -> Nearest:
        import faiss

        faiss.omp_set_num_threads(1)
        kind = f"IVF{max(64, round(n**0.5))},SQ8"
        cells = faiss.index_factory(dimensions, kind, faiss.METRIC_INNER_PRODUCT)
        cells.train(vectors[np.random.default_rng(1).permutation(n)[:40_000]])
        cells.add(vectors)
        cells.nprobe = max(16, cells.nlist // 16)
        return lambda q: cells.search(q[np.newaxis], 10)[1][0]

    def hnswlib_graph() -> Nearest:
        import hnswlib

        graph = hnswlib.Index("ip", dimensions)
        graph.init_index(n, ef_construction=100, M=16)
        graph.set_num_threads(1)
        graph.add_items(vectors)
        graph.set_ef(200)
        return lambda q: graph.knn_query(q, 10)[0][0]

    def usearch_graph() -> Nearest:
        from usearch.index import Index

        graph = Index(ndim=dimensions, metric="ip", dtype="i8", expansion_search=200)
        graph.add(np.arange(n), vectors, threads=1)
        return lambda q: graph.search(q, 10).keys.astype(np.int64)

    built("faiss, flat", faiss_flat)
    built("faiss, inverted file of 8 bits", faiss_cells)
    built("hnswlib", hnswlib_graph)
    built("usearch, 8 bits", usearch_graph)
    return found


def side_by_side(index: VectorIndex, n_questions: int, without: list[str]) -> None:
    rows = np.random.default_rng(5).integers(0, index.take_ids.size, n_questions)
    questions = index.at(np.sort(rows))
    found = ways(index, without)
    exact = [set(found["numpy, brute force"][0](q).tolist()) for q in questions]
    taken: dict[str, list[float]] = {name: [] for name in found}
    right = dict.fromkeys(found, 0)
    for question, wanted in zip(questions, exact, strict=True):
        for name, (nearest, _built) in found.items():
            times = []
            for _ in range(3):
                started = time.process_time()
                answer = nearest(question)
                times.append((time.process_time() - started) * 1000)
            taken[name].append(float(np.median(times)))
            right[name] += len(wanted & set(np.asarray(answer).tolist()))
    brute = float(np.median(taken["numpy, brute force"]))
    print(f"{index.take_ids.size} takes of {index.vectors.shape[1]} numbers")
    for name, (_nearest, seconds) in found.items():
        p50, p95 = np.percentile(taken[name], [50, 95])
        recall = right[name] / (10 * n_questions)
        print(
            f"{name:32} p50 {p50:7.2f}  p95 {p95:7.2f} ms  {p50 / brute:5.2f} of brute force"
            f"  recall@10 {recall:.3f}" + (f"  built in {seconds:.0f} s" if seconds else "")
        )


def whole_searches(connection, n_questions: int) -> None:
    """What `dubstage search` does in all: likeness alone, and with words and filters."""
    random = np.random.default_rng(6)
    ids = [row[0] for row in connection.execute("select id from asset limit 20000")]
    asked = [str(ids[at]) for at in random.integers(0, len(ids), n_questions)]
    groups = {"like": ("",), "words and like": WITH_WORDS}
    for name, queries in groups.items():
        taken: dict[str, list[float]] = {}
        for example in asked if name == "like" else asked[:5]:
            for query in queries:
                times = []
                for _ in range(3):
                    started = time.process_time()
                    search(connection, query, like=[example])
                    times.append((time.process_time() - started) * 1000)
                taken.setdefault(query, []).append(float(np.median(times)))
        every = [each for of_query in taken.values() for each in of_query]
        p50, p95 = np.percentile(every, [50, 95])
        print(f"{'search, ' + name:32} p50 {p50:7.2f}  p95 {p95:7.2f} ms")
        slow = sorted(taken, key=lambda query: -float(np.median(taken[query])))[:5]
        if len(queries) > 1:
            told = ", ".join(f"{query} {np.median(taken[query]):.0f}" for query in slow)
            print(f"  slowest: {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--without", action="append", default=[], help="ways to leave out")
    given = parser.parse_args()
    connection = open_catalogue(given.catalogue)
    started = time.process_time()
    index = open_index(connection)
    assert index is not None
    print(f"index opened, or made, in {time.process_time() - started:.2f} s of CPU")
    side_by_side(index, given.questions, given.without)
    whole_searches(connection, given.questions)


if __name__ == "__main__":
    main()
