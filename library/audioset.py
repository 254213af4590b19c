"""AudioSet's classes as YAMNet scores them: names alone, so that words need no network."""

import csv
from functools import lru_cache
from pathlib import Path

CLASSES = 521
_TABLE = Path(__file__).parent / "models" / "yamnet_class_map.csv"


@lru_cache(maxsize=1)
def class_names() -> tuple[str, ...]:
    """The 521 names of AudioSet, in the order of the scores."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return tuple(row["display_name"] for row in csv.DictReader(table))
