"""How long a search takes, beside plain FTS5 bm25, numpy by brute force and faiss.

    python benchmarks/catalogue.py FILE ASSETS
    python benchmarks/search.py FILE [--questions N]

Words: each query of a mix (rare, common, many words, prefix, filtered, other languages) five
times, the first not counted; p50 and p95 over queries of the median. Likeness: vectors of takes
taken at random; recall@10 is against the exact ten.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from db.connect import open_catalogue
from db.words import quoted
from library.search import search
from library.vector_index import open_index

WORDS = (
    "door", "footsteps", "slow", "creak", "glass break", "wood door creak", "rain heavy", "dog",
    "engine start", "metal impact hard", "foot*", "cre*", "wind distant", "close dry soft",
    "slow,fast,wet,dry", "thunder -distant", '"heavy close"', "Schritte", "porte bois", "bell",
    "000123", "door duration:<2s", "slow channels:2", "category:doors", "rain duration:1..3s",
    "swoosh", "gravle", "explosion distant loudness:>-20", "water splash", "crowd",
)  # fmt: skip


def median_ms(run: Callable[[], object], times: int = 5) -> float:
    """The middle of several runs, the first left out."""
    run()
    taken = []
    for _ in range(times - 1):
        started = time.perf_counter()
        run()
        taken.append((time.perf_counter() - started) * 1000)
    return float(np.median(taken))


def tell(name: str, taken: list[float], more: str = "") -> None:
    p50, p95 = np.percentile(taken, [50, 95])
    print(f"{name:36} p50 {p50:8.1f} ms   p95 {p95:8.1f} ms   {more}")


def words(connection) -> None:
    taken = {query: median_ms(lambda query=query: search(connection, query)) for query in WORDS}
    tell("search, words and filters", list(taken.values()))
    slowest = sorted(taken, key=taken.get, reverse=True)[:4]
    print("  slowest:", ", ".join(f"{query} {taken[query]:.0f} ms" for query in slowest))
    plain = []
    for query in WORDS:
        if ":" not in query:
            match = " AND ".join(quoted(word.strip('*-"')) for word in query.split())
            sql = "select rowid from words where words match ? order by rank limit 20"
            plain.append(median_ms(lambda m=match, s=sql: connection.execute(s, (m,)).fetchall()))
    tell("plain FTS5 bm25, words as typed", plain)


def likeness(connection, n_questions: int) -> None:
    index = open_index(connection)
    random = np.random.default_rng(5)
    n = index.take_ids.size
    questions = index.at(random.integers(0, n, n_questions))
    vectors = index.vectors.astype(np.float32)
    exact = [set(np.argpartition(-(vectors @ q), 9)[:10].tolist()) for q in questions]

    def measure(name: str, nearest: Callable[[np.ndarray], np.ndarray]) -> None:
        taken, right = [], 0
        for question, wanted in zip(questions, exact, strict=True):
            taken.append(median_ms(lambda q=question: nearest(q), times=3))
            right += len(wanted & set(np.asarray(nearest(question)).ravel()[:10].tolist()))
        tell(name, taken, f"recall@10 {right / (10 * n_questions):.3f}")

    print(f"{n} takes of {vectors.shape[1]} numbers")
    measure("vector index", lambda q: index.nearest_rows(q, 10)[0])
    measure("numpy, brute force", lambda q: np.argpartition(-(vectors @ q), 9)[:10])
    try:
        import faiss
    except ImportError:
        return
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    measure("faiss, flat", lambda q: flat.search(q[np.newaxis], 10)[1])
    cells = faiss.index_factory(vectors.shape[1], "IVF1024,SQ8", faiss.METRIC_INNER_PRODUCT)
    cells.train(vectors[random.permutation(n)[:100_000]])
    cells.add(vectors)
    cells.nprobe = 16
    measure("faiss, 1,024 cells of 8 bits", lambda q: cells.search(q[np.newaxis], 10)[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--questions", type=int, default=50)
    given = parser.parse_args()
    connection = open_catalogue(given.catalogue)
    words(connection)
    likeness(connection, given.questions)


if __name__ == "__main__":
    main()
