"""What a query asks of columns: values that say it, and the SQL that does."""

import sqlite3
import unicodedata
from dataclasses import dataclass

Value = str | int | float
OPERATORS = ("=", "<", "<=", ">", ">=", "between", "starts", "contains")


@dataclass(frozen=True)
class Test:
    """One comparison. Text is compared without regard to capitals and ways to spell a letter."""

    operator: str  # one of OPERATORS
    values: tuple[Value, ...]  # one; "between" has two, both included

    __test__ = False  # not a test of pytest's


@dataclass(frozen=True)
class Condition:
    """`field` passes any of `tests`; negated: it passes none, or is unknown."""

    field: str  # of db.find.FIELDS or TAKE_FIELDS, or "facet." and a facet's name
    tests: tuple[Test, ...]
    negated: bool = False


def folded(text: str | None) -> str | None:
    """A text in one form of its letters, without capitals.

    >>> folded("U\u0308BER"), folded("\uff24\uff4f\uff4f\uff52")
    ('über', 'door')
    """
    return None if text is None else unicodedata.normalize("NFKC", text).casefold()


def add_functions(connection: sqlite3.Connection) -> None:
    """What the SQL of `clause` stands on; SQLite itself knows capitals of ASCII only."""
    connection.create_function("folded", 1, folded, deterministic=True)


def clause(expression: str, condition: Condition, values: list[Value]) -> str:
    """The condition on an SQL expression; what it binds is added to `values`."""
    tests = []
    for test in condition.tests:
        assert test.operator in OPERATORS
        value = test.values[0]
        if isinstance(value, str) and not value.isascii():
            in_one_form = Test(test.operator, (folded(value) or "",))
            tests.append(_compared(f"folded({expression})", in_one_form, values))
        else:
            tests.append(_compared(expression, test, values))
    passes = "(" + " or ".join(tests) + ")"
    return f"coalesce(not {passes}, 1)" if condition.negated else passes


def _compared(expression: str, test: Test, values: list[Value]) -> str:
    if test.operator == "between":
        values.extend(test.values)
        return f"{expression} between ? and ?"
    if test.operator in ("starts", "contains"):
        text = str(test.values[0])
        text = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values.append(text + "%" if test.operator == "starts" else f"%{text}%")
        return f"{expression} like ? escape '\\'"
    no_case = " collate nocase" if isinstance(test.values[0], str) else ""
    values.append(test.values[0])
    return f"{expression} {test.operator} ?{no_case}"
