"""What filters ask of assets, as arrays: which assets meet a condition, told for all at once."""

import json
import sqlite3
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db import columns
from db.conditions import Condition, Test

_BATCH = 10_000  # assets
_COMPARE = {
    "=": np.equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


@dataclass(frozen=True)
class AssetColumns:
    """Columns of the assets of a segment's rows, in the order of these."""

    codes: dict[str, NDArray[np.int32]]  # of each of columns.CODED, which of its values; < 0: gone
    values: dict[str, NDArray[np.uint8]]  # these values, as JSON
    numbers: dict[str, NDArray[np.float64]]  # of columns.NUMBERS; NaN: unknown
    by_place: NDArray[np.int32] | None  # places of assets, by root and path; None: not sorted

    def meeting(self, connection: sqlite3.Connection, condition: Condition) -> NDArray[np.bool_]:
        """Whether each asset meets a condition of a field that `columns.column_of` knows."""
        name = columns.column_of(condition.field)
        assert name is not None
        if name in self.numbers:
            met = np.zeros(self.numbers[name].size, np.bool_)
            for test in condition.tests:
                met |= _passes(self.numbers[name], test)
            return ~met if condition.negated else met
        values = json.loads(self.values[name].tobytes())
        passes = np.zeros(len(values) + 1, np.bool_)
        passes[columns.passing(connection, condition, values)] = True
        met_by_code: NDArray[np.bool_] = passes.take(self.codes[name], mode="wrap")
        return met_by_code

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it, by names for a file."""
        return {
            **{f"code of {name}": codes for name, codes in self.codes.items()},
            **{f"values of {name}": values for name, values in self.values.items()},
            **self.numbers,
            **({"by place": self.by_place} if self.by_place is not None else {}),
        }


def of_arrays(held: dict[str, NDArray[Any]]) -> AssetColumns:
    """As `arrays` gave it."""
    return AssetColumns(
        {name: held[f"code of {name}"] for name in columns.CODED},
        {name: held[f"values of {name}"] for name in columns.CODED},
        {name: held[name] for name in columns.NUMBERS},
        held["by place"],
    )


def read_columns(
    connection: sqlite3.Connection, asset_ids: NDArray[np.int64], *, all_there_are: bool = False
) -> AssetColumns:
    """The columns of assets, in this order.

    Args:
        all_there_are: there are no others, so that the table is read as it lies, and sorted.
    """
    order = np.argsort(asset_ids)
    in_order = asset_ids[order]
    n = asset_ids.size
    codes = {name: np.full(n, -1, np.int32) for name in columns.CODED}
    numbers = {name: np.full(n, np.nan) for name in columns.NUMBERS}
    known: dict[str, dict[Any, int]] = {name: {} for name in columns.CODED}
    rows = columns.every(connection, None if all_there_are else asset_ids.tolist())
    while batch := list(islice(rows, _BATCH)):
        ids, *of_columns = zip(*batch, strict=True)
        wanted = np.array(ids, np.int64)
        at = np.minimum(np.searchsorted(in_order, wanted), n - 1)
        here = in_order[at] == wanted if n else np.zeros(wanted.size, np.bool_)
        places = order[at[here]]
        for name, column in zip((*columns.CODED, *columns.NUMBERS), of_columns, strict=True):
            if name in numbers:
                numbers[name][places] = np.array(column, np.float64)[here]
                continue
            for value in dict.fromkeys(column):
                known[name].setdefault(value, len(known[name]))
            coded = np.fromiter(map(known[name].__getitem__, column), np.int32, len(column))
            codes[name][places] = coded[here]
    values = {
        name: np.frombuffer(json.dumps(list(each)).encode(), np.uint8)
        for name, each in known.items()
    }
    by_place = None
    if all_there_are:
        in_place = [row[0] for row in columns.in_order_of_place(connection)]
        by_place = order[np.searchsorted(in_order, in_place)].astype(np.int32)
    return AssetColumns(codes, values, numbers, by_place)


def _passes(numbers: NDArray[np.float64], test: Test) -> NDArray[np.bool_]:
    first, last = (float(value) for value in (test.values[0], test.values[-1]))
    passes: NDArray[np.bool_]
    if test.operator == "between":
        passes = (numbers >= first) & (numbers <= last)
    else:
        passes = _COMPARE[test.operator](numbers, first)
    return passes
