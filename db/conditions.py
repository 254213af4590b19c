"""What a query asks of columns: values that say it, and the SQL that does."""

from dataclasses import dataclass

Value = str | int | float
OPERATORS = ("=", "<", "<=", ">", ">=", "between", "starts", "contains")


@dataclass(frozen=True)
class Test:
    """One comparison. Text is compared without regard to capitals."""

    operator: str  # one of OPERATORS
    values: tuple[Value, ...]  # one; "between" has two, both included

    __test__ = False  # not a test of pytest's


@dataclass(frozen=True)
class Condition:
    """`field` passes any of `tests`; negated: it passes none, or is unknown."""

    field: str  # of db.find.FIELDS or TAKE_FIELDS, or "facet." and a facet's name
    tests: tuple[Test, ...]
    negated: bool = False


def clause(expression: str, condition: Condition, values: list[Value]) -> str:
    """The condition on an SQL expression; what it binds is added to `values`."""
    tests = []
    for test in condition.tests:
        assert test.operator in OPERATORS
        if test.operator == "between":
            tests.append(f"{expression} between ? and ?")
            values.extend(test.values)
        elif test.operator in ("starts", "contains"):
            text = str(test.values[0])
            text = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            tests.append(f"{expression} like ? escape '\\'")
            values.append(text + "%" if test.operator == "starts" else f"%{text}%")
        else:
            no_case = " collate nocase" if isinstance(test.values[0], str) else ""
            tests.append(f"{expression} {test.operator} ?{no_case}")
            values.append(test.values[0])
    passes = "(" + " or ".join(tests) + ")"
    return f"coalesce(not {passes}, 1)" if condition.negated else passes
