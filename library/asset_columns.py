"""What filters ask of assets, as arrays: which assets meet a condition, told for all at once."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db import columns, find
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
    take_starts: NDArray[np.int64]  # (n + 1,), where in `of_takes` those of an asset begin
    of_takes: dict[str, NDArray[np.float64]]  # of columns.TAKE_NUMBERS; NaN: unknown

    def all_met(
        self, connection: sqlite3.Connection, conditions: Sequence[Condition]
    ) -> NDArray[np.bool_]:
        """Whether each asset meets all of the conditions; those on takes by one and the same take.

        Args:
            conditions: of fields that `columns.column_of` knows.
        """
        on_takes = find.on_takes(conditions)
        met = np.ones(self.take_starts.size - 1, np.bool_)
        for condition in conditions:
            if condition not in on_takes:
                met &= self._meeting(connection, condition)
        if on_takes:
            met &= self._one_take_meets(on_takes)
        return met

    def _one_take_meets(self, conditions: Sequence[Condition]) -> NDArray[np.bool_]:
        met = np.ones(int(self.take_starts[-1]), np.bool_)
        for condition in conditions:
            name = columns.column_of(condition.field)
            assert name is not None
            met &= _meets(self.of_takes[name], condition)
        until = np.concatenate([[0], np.cumsum(met)])[self.take_starts]
        return np.asarray(until[1:] > until[:-1])

    def _meeting(self, connection: sqlite3.Connection, condition: Condition) -> NDArray[np.bool_]:
        name = columns.column_of(condition.field)
        assert name is not None
        if name == columns.TAKES:
            return _meets(np.diff(self.take_starts).astype(np.float64), condition)
        if name in self.numbers:
            return _meets(self.numbers[name], condition)
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
            "take starts": self.take_starts,
            **{f"{name} of takes": numbers for name, numbers in self.of_takes.items()},
            **({"by place": self.by_place} if self.by_place is not None else {}),
        }


def of_arrays(held: dict[str, NDArray[Any]]) -> AssetColumns:
    """As `arrays` gave it."""
    return AssetColumns(
        {name: held[f"code of {name}"] for name in columns.CODED},
        {name: held[f"values of {name}"] for name in columns.CODED},
        {name: held[name] for name in columns.NUMBERS},
        held["by place"],
        held["take starts"],
        {name: held[f"{name} of takes"] for name in columns.TAKE_NUMBERS},
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
    takes = columns.every_take(connection, None if all_there_are else asset_ids.tolist())
    return AssetColumns(codes, values, numbers, by_place, *_laid_out(takes, in_order, order))


def _laid_out(
    rows: Iterator[tuple[Any, ...]], in_order: NDArray[np.int64], order: NDArray[np.intp]
) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
    """Rows of takes, those of an asset side by side, in the order of the assets.

    Args:
        in_order: ids of the assets; `order` are their places.
    """
    parts = [np.zeros((0, 1 + len(columns.TAKE_NUMBERS)))]
    while batch := list(islice(rows, _BATCH)):
        parts.append(np.array(batch, np.float64))  # ids stay whole: they are below 2^52
    table = np.concatenate(parts)
    at = np.searchsorted(in_order, table[:, 0])
    here = at < in_order.size
    here[here] = in_order[at[here]] == table[here, 0]
    table, places = table[here], order[at[here]]
    by_asset = np.argsort(places, kind="stable")
    counts = np.bincount(places, minlength=in_order.size)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return starts, {
        name: np.ascontiguousarray(table[by_asset, column])
        for column, name in enumerate(columns.TAKE_NUMBERS, start=1)
    }


def _meets(numbers: NDArray[np.float64], condition: Condition) -> NDArray[np.bool_]:
    met = np.zeros(numbers.size, np.bool_)
    for test in condition.tests:
        met |= _passes(numbers, test)
    return ~met if condition.negated else met


def _passes(numbers: NDArray[np.float64], test: Test) -> NDArray[np.bool_]:
    first, last = (float(value) for value in (test.values[0], test.values[-1]))
    passes: NDArray[np.bool_]
    if test.operator == "between":
        passes = (numbers >= first) & (numbers <= last)
    else:
        passes = _COMPARE[test.operator](numbers, first)
    return passes
