"""The fields that a query may filter by, and how their values are written. Pure."""

import re
from dataclasses import dataclass

from db.conditions import Condition, Test

_HZ = {"": 1.0, "hz": 1.0, "k": 1000.0, "khz": 1000.0}
_SECONDS = {"": 1.0, "s": 1.0, "ms": 0.001, "m": 60.0, "min": 60.0, "h": 3600.0}
_PLAIN = {"": 1.0}


@dataclass(frozen=True)
class _Number:
    column: str
    units: dict[str, float]
    example: str


@dataclass(frozen=True)
class _Text:
    column: str
    within: bool = False  # found anywhere in the value, not only as the whole of it


_NUMBERS = {
    "duration": _Number("duration_s", _SECONDS, "duration:<3s"),
    "length": _Number("duration_s", _SECONDS, "length:1..3s"),
    "rate": _Number("sample_rate_hz", _HZ, "rate:>=96k"),
    "channels": _Number("channels", _PLAIN, "channels:2"),
    "bits": _Number("bits", {"": 1.0, "bit": 1.0}, "bits:24"),
    "loudness": _Number("loudness_lufs", {"": 1.0, "lufs": 1.0, "db": 1.0}, "loudness:>-30"),
    "peak": _Number("true_peak_dbtp", {"": 1.0, "dbtp": 1.0, "db": 1.0}, "peak:<-1"),
    "pitch": _Number("take.pitch_hz", _HZ, "pitch:200..400hz"),
    "pace": _Number("take.pace_per_min", _PLAIN, "pace:100..130, or pace:slow"),
    "brightness": _Number("take.centroid_hz", _HZ, "brightness:dark, or brightness:<800hz"),
    "rated": _Number("rating", _PLAIN, "rated:>=4"),
    "takes": _Number("takes", _PLAIN, "takes:>5"),
}
_TEXTS = {
    "category": _Text("category"),
    "subcategory": _Text("subcategory"),
    "catid": _Text("cat_id"),
    "root": _Text("root"),
    "format": _Text("format"),
    "licence": _Text("licence", within=True),
    "license": _Text("licence", within=True),
    "creator": _Text("creator_id"),
    "source": _Text("source_id"),
    "collection": _Text("collection", within=True),
    "used": _Text("used", within=True),
    "note": _Text("note", within=True),
    "name": _Text("fx_name", within=True),
    "path": _Text("path", within=True),
    "folder": _Text("path", within=True),
    "description": _Text("description", within=True),
    "surface": _Text("facet.surface"),
    "shoe": _Text("facet.shoe"),
    "gait": _Text("facet.gait"),
    "intensity": _Text("facet.intensity"),
    "perspective": _Text("facet.perspective"),
    "location": _Text("facet.location"),
    "condition": _Text("facet.condition"),
}
# Words that stand for a test; the borders of brightness are ours: speech's own centroid
# lies near 1 kHz, and cymbals, hiss and keys lie above 4 kHz.
_NAMED: dict[str, dict[str, Condition]] = {
    "brightness": {
        "dark": Condition("take.centroid_hz", (Test("<", (1000.0,)),)),
        "warm": Condition("take.centroid_hz", (Test("between", (1000.0, 2500.0)),)),
        "neutral": Condition("take.centroid_hz", (Test("between", (2000.0, 4000.0)),)),
        "bright": Condition("take.centroid_hz", (Test(">", (4000.0,)),)),
    },
    "is": {
        "take": Condition("takes", (Test(">", (1,)),)),
        "loop": Condition("take.loopability", (Test(">=", (0.7,)),)),
        "duplicate": Condition("copies", (Test(">", (1,)),)),
    },
    "channels": {
        "mono": Condition("channels", (Test("=", (1,)),)),
        "stereo": Condition("channels", (Test("=", (2,)),)),
    },
}
FIELDS = tuple(sorted({*_NUMBERS, *_TEXTS, *_NAMED}))

_SLIPS_FROM = 5  # letters

_VALUE = re.compile(r"([-+]?\d+(?:\.\d+)?|[-+]?\.\d+)\s*([A-Za-z]*)")
_COMPARED = re.compile(r"(<=|>=|<|>|=)?(.*)", re.DOTALL)


def is_field(name: str) -> bool:
    """Whether a query may filter by this, in any mixture of capitals."""
    return name.lower() in FIELDS


def meant_field(name: str) -> str | None:
    """The field itself, or the only one that a slip of one letter makes of it; None where none is.

    >>> meant_field("Channels"), meant_field("chanels"), meant_field("drawer")
    ('channels', 'channels', None)
    """
    typed = name.lower()
    if typed in FIELDS:
        return typed
    # A short name is one letter from too much: "case" is no pace.
    near = [f for f in FIELDS if len(typed) >= _SLIPS_FROM and _one_slip_apart(typed, f)]
    return near[0] if len(near) == 1 else None


def _one_slip_apart(one: str, other: str) -> bool:
    """Whether a letter is missing, too many, another, or has changed places with the next."""
    if len(one) > len(other):
        one, other = other, one
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2][::-1] + one[at + 2 :]
    return other[at:] == swapped or one[at + 1 :] == other[at + 1 :]


def nearest_field(name: str) -> str:
    """'; did you mean channels?' for a field nearly right, else all that there are."""
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), FIELDS, n=1)
    return f"; did you mean {near[0]}?" if near else f"; the fields are {', '.join(FIELDS)}"


def read_filter(field: str, value: str, *, negated: bool = False) -> Condition | str:
    """The filter that a field (of FIELDS) and its value ask for; or a remark on what is wrong.

    >>> read_filter("rate", ">=96k").tests[0].values
    (96000.0,)
    >>> read_filter("duration", "long")
    'duration:long is not understood; write for example duration:<3s'
    """
    named = _NAMED.get(field, {})
    if value.lower() in named:
        chosen = named[value.lower()]
        return Condition(chosen.field, chosen.tests, negated)
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if field == "pace" and parts and not any(c.isdigit() for c in value):
        return Condition("facet.pace", tuple(Test("=", (part,)) for part in parts), negated)
    if field in _TEXTS and parts:
        column = _TEXTS[field].column
        if parts[-1].endswith("?") and (column == "cat_id" or column.startswith("facet.")):
            column, parts = f"likely.{column}", [part.rstrip("?") for part in parts]
        if column == "path" and any("/" in part and not part.endswith("*") for part in parts):
            column = "place"  # with its root, as it is shown; takes five times as long
        tests = tuple(_text_test(_TEXTS[field], part) for part in parts)
        return Condition(column, tests, negated)
    if field in _NUMBERS:
        numbers = [_number_test(_NUMBERS[field], part) for part in parts]
        found = tuple(test for test in numbers if test is not None)
        if found and len(found) == len(numbers):
            return Condition(_NUMBERS[field].column, found, negated)
        example = _NUMBERS[field].example
    elif field in _TEXTS:
        example = f"{field}:WORD"
    else:
        example = ", ".join(f"{field}:{name}" for name in named)
    told = f"{field}:{value} is not understood" if value else f"{field}: has no value"
    return f"{told}; write for example {example}"


def _text_test(field: _Text, value: str) -> Test:
    if value.endswith("*"):
        return Test("starts", (value.rstrip("*"),))
    return Test("contains" if field.within else "=", (value,))


def _number_test(field: _Number, value: str) -> Test | None:
    low, dots, high = value.partition("..")
    if dots:
        # "200..400hz": the unit that is written once is meant for both.
        unit = _VALUE.fullmatch(high.strip())
        first = _number(low, field, unit[2] if unit else "")
        last = _number(high, field)
        if first is not None and last is not None:
            return Test("between", (min(first[0], last[0]), max(first[0], last[0])))
        if first is not None and not high.strip():
            return Test(">=", (first[0],))
        if last is not None and not low.strip():
            return Test("<=", (last[0],))
        return None
    compared = _COMPARED.fullmatch(value)
    assert compared is not None
    number = _number(compared[2], field)
    if number is None:
        return None
    if compared[1]:
        return Test(compared[1], (number[0],))
    # Nobody means 3.000000 s: a bare number stands for all that round to it.
    exact, half_step = number
    if field.column in ("sample_rate_hz", "channels", "bits", "rating", "takes"):
        return Test("=", (exact,))
    return Test("between", (exact - half_step, exact + half_step))


def _number(text: str, field: _Number, unit_if_bare: str = "") -> tuple[float, float] | None:
    """(value, half of its last digit's step) in the column's own unit."""
    match = _VALUE.fullmatch(text.strip())
    if match is None:
        return None
    factor = field.units.get((match[2] or unit_if_bare).lower())
    if factor is None:
        return None
    decimals = len(match[1].partition(".")[2])
    return round(float(match[1]) * factor, 9), 0.5 * 10.0**-decimals * factor
