"""How long a search by words takes, beside plain FTS5 bm25; benchmarks/nearest.py does likeness.

    python benchmarks/catalogue.py FILE ASSETS
    python benchmarks/search.py FILE

Words: each query of a mix (rare, common, many words, prefix, filtered, other languages) five
times, the first not counted; p50 and p95 over queries of the median; beside each, FTS5's own
bm25 for the same expression and filters. Times are CPU time, for wall time is others' too.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from db import find
from db import words as index
from db.connect import open_catalogue
from library import match
from library.by_words import find_by_words
from library.query import parse_query
from library.search import search

WORDS = {
    "rare": ("rain", "swoosh", "bell", "000123", "glass break", "engine start"),
    "common": ("slow", "door", "heavy", "footsteps", "distant", "slow,fast,wet,dry"),
    "many words": (
        "wood door creak", "rain heavy", "metal impact hard", "wind distant", "close dry soft",
        "explosion distant", "thunder -distant", '"heavy close"', "water splash",
    ),
    "prefix": ("foot*", "cre*", "do*", "hea* door", "s*"),
    "filtered": (
        "door duration:<2s", "slow channels:2", "category:doors", "rain duration:1..3s",
        "explosion distant loudness:>-20", "slow category:doors", "heavy duration:<0.1s",
        "channels:1 duration:>60s",
    ),
    "synonyms": ("Schritte", "porte bois", "pas gravier", "dog", "car", "gun", "crowd", "gravle"),
}  # fmt: skip


def median_ms(run: Callable[[], object], times: int = 5) -> float:
    """The middle of several runs, the first left out."""
    run()
    taken = []
    for _ in range(times - 1):
        started = time.process_time()
        run()
        taken.append((time.process_time() - started) * 1000)
    return float(np.median(taken))


def tell(name: str, taken: list[float], more: str = "") -> None:
    p50, p95 = np.percentile(taken, [50, 95])
    print(f"{name:36} p50 {p50:8.1f} ms   p95 {p95:8.1f} ms   {more}")


def words(connection) -> None:
    ours: dict[str, float] = {}
    plain: dict[str, float] = {}
    for kind, queries in WORDS.items():
        for query in queries:
            ours[query] = median_ms(lambda query=query: search(connection, query))
            sql, values = plainly(connection, query)
            plain[query] = median_ms(
                lambda s=sql, v=values: connection.execute(s, v).fetchall(), times=3
            )
        tell(f"search, {kind}", [ours[query] for query in queries])
        tell("  plain FTS5 bm25", [plain[query] for query in queries])
    tell("search, all", list(ours.values()))
    tell("  plain FTS5 bm25", list(plain.values()))
    slowest = sorted(ours, key=ours.get, reverse=True)[:6]
    print("  slowest:", ", ".join(f"{q} {ours[q]:.0f} ms ({plain[q]:.0f})" for q in slowest))


def plainly(connection, query: str) -> tuple[str, list]:
    """The same question to FTS5 alone: what the last reading needed matches, by bm25."""
    asked = parse_query(query)
    tier = find_by_words(connection, asked, 20).tier
    where, values = find._where(tier.match, match.excluded(asked), asked.conditions)
    source = find._source(tier.match, asked.conditions)
    order = "order by words.rank" if tier.match else "order by root, path"
    number = "words.rowid" if tier.match else "id"
    return f"select {number} from {source} {where} {order} limit 20", values


def agreement(connection) -> None:
    """How many of the first ten are as good by bm25 as the ten that a full ranking finds."""
    right = asked_for = 0
    reached: list[float] = []
    for query in (query for queries in WORDS.values() for query in queries):
        asked = parse_query(query)
        answer = find_by_words(connection, asked, 10)
        strict = match.strict(asked).match
        if strict is None or any(one.reading != "words" for one in answer.found):
            continue
        exactly = match.has_exactly(asked)
        but, conditions = match.excluded(asked), asked.conditions
        rows = find.ranked(connection, strict, but, conditions)
        best: list[float] = []
        for start in range(0, len(rows), 200):
            some = rows[start : start + 200]
            texts = index.texts(connection, [row for row, _ in some])
            best += [score for row, score in some if exactly(texts[row])]
            if len(best) >= 10:
                break
        if not best:
            continue
        scores = {index.asset_of(row): score for row, score in rows}
        least = best[:10][-1] - 1e-9
        good = sum(scores[one.asset_id] >= least for one in answer.found)
        reached.append(sum(scores[one.asset_id] for one in answer.found) / sum(best[:10]))
        right, asked_for = right + good, asked_for + len(best[:10])
        if good < len(best[:10]):
            print(f"  {query}: {good} of {len(best[:10])}, among {len(rows)}")
    print(f"{'first ten as by bm25 of every match':36} {right / asked_for:.3f}")
    share = f"{np.mean(reached):.4f}, least {min(reached):.4f}"
    print(f"{'their scores, of the best that can be':36} {share}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--agreement", action="store_true", help="with the order of all matches")
    given = parser.parse_args()
    connection = open_catalogue(given.catalogue)
    words(connection)
    if given.agreement:
        agreement(connection)


if __name__ == "__main__":
    main()
