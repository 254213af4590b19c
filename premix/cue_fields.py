"""The cells of a cue sheet, each from the text that editors write to a value. Pure.

Every function here takes one cell's text and raises `CellError`, whose message says
what was found and what would be right; the caller adds the line and the cue.
"""

import math
import re
from difflib import get_close_matches
from fractions import Fraction

from audio.timecode import FrameRate, Timecode, TimecodeError
from premix import PremixError
from premix.timeline import STEMS, TRACKS

_POSITION = re.compile(
    r"[0-9]{1,2}[:;][0-9]{2}[:;][0-9]{2}[:;.,][0-9]{2,3}(?:\.[0-9]{1,3})?|[0-9]{1,5}\+[0-9]{1,2}"
)
_FEET = re.compile(r"([0-9]{1,5})\+([0-9]{1,2})")
_FRAMES_A_FOOT = 16  # 35 mm, four perforations
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_LENGTH = re.compile(r"(.+?)\s*(frames?|fr|f|msec|ms|seconds?|sec|s|samples?)?", re.IGNORECASE)
_SPELLINGS_OF_STEM = {
    "foley": ("fol", "fly", "fo"),
    "backgrounds": ("background", "bg", "bgs", "atmos", "atmo", "ambience", "ambiences", "amb"),
    "fx": ("sfx", "effects", "effect", "sound effects", "efx", "spot fx"),
}
_STEM_OF = {
    spelling: stem for stem, others in _SPELLINGS_OF_STEM.items() for spelling in (stem, *others)
}
_TRACK_OF = {"foot": "feet", "footsteps": "feet", "steps": "feet", "stinger": "stingers"}
_YES = {"yes", "y", "true", "1", "on", "x"}
_NO = {"no", "n", "false", "0", "off"}


class CellError(PremixError, ValueError):
    """A cell of a cue sheet holds what it cannot mean."""


def position(text: str, rate: FrameRate, feet_from: Timecode | None) -> Timecode:
    """Timecode, or feet+frames of 35 mm film counted from `feet_from`.

    ";" and "." may stand for the last ":", and the hour may lack its zero, for
    spreadsheets take it away; hundredths of a frame may follow ("01:00:05:12.50").
    """
    feet = _FEET.fullmatch(text.strip())
    if feet is not None:
        return _feet_and_frames(int(feet[1]), int(feet[2]), text, feet_from)
    label = text.strip()
    if re.fullmatch(r"[0-9][:;].*", label):
        label = "0" + label
    if re.fullmatch(r".*[:;][0-9]{2}\.[0-9]", label) and len(re.findall("[:;]", label)) == 3:
        label += "0"
    try:
        return Timecode.parse(label, rate)
    except TimecodeError as problem:
        raise CellError(str(problem)) from None


def _feet_and_frames(feet: int, frames: int, text: str, origin: Timecode | None) -> Timecode:
    if frames >= _FRAMES_A_FOOT:
        raise CellError(f"{text!r} is out of range: a foot of 35 mm film has frames 00 to 15")
    if origin is None:
        raise CellError(f"{text!r} is feet+frames, which count from the reel's start; give --start")
    try:
        return Timecode(origin.frame + feet * _FRAMES_A_FOOT + frames, origin.rate)
    except TimecodeError as problem:
        raise CellError(f"{text!r}: {problem}") from None


def positions(
    text: str, rate: FrameRate, feet_from: Timecode | None
) -> tuple[tuple[Timecode, ...], tuple[str, ...]]:
    """Several of them, with anything but digits between: (those that exist, problems)."""
    found, problems = [], []
    for label in _POSITION.findall(text):
        try:
            found.append(position(label, rate, feet_from))
        except CellError as problem:
            problems.append(str(problem))
    rest = _POSITION.sub(" ", text)
    strangers = re.findall(r"[^\s,;|/&+]+", rest)
    problems += [
        f"{stranger!r} is not a timecode (HH:MM:SS:FF)"
        for stranger in strangers
        if stranger.lower() not in ("and", "-", "–")
    ]
    return tuple(found), tuple(problems)


def number(text: str, *, least: float, most: float, unit: str = "") -> float:
    """A decimal number, with a comma or a point, its unit after it or not.

    >>> number("-3,5 dB", least=-60, most=12, unit="dB")
    -3.5
    """
    plain = text.strip().replace("−", "-").replace("\u00a0", " ")
    if unit and plain.lower().endswith(unit.lower()):
        plain = plain[: -len(unit)].rstrip()
    if _NUMBER.fullmatch(plain) is None:
        raise CellError(f"{text!r} is not a number" + (f" ({unit})" if unit else ""))
    value = float(plain.replace(",", "."))
    if not least <= value <= most:
        raise CellError(f"{text!r} is out of range; {least:g} to {most:g}")
    return value


def whole(text: str, *, least: int, most: int) -> int:
    """A whole number; "8.0", as spreadsheets write it, is 8."""
    value = number(text, least=-math.inf, most=math.inf)
    if value != int(value):
        raise CellError(f"{text!r} is not a whole number")
    if not least <= value <= most:
        raise CellError(f"{text!r} is out of range; {least} to {most}")
    return int(value)


def length_s(text: str, rate: FrameRate) -> Fraction:
    """A length in seconds: a bare number is frames; "0.5s", "250 ms", "12 fr" say their unit.

    >>> from audio.timecode import PAL_25
    >>> [str(length_s(text, PAL_25)) for text in ("5", "0,5s", "250ms")]
    ['1/5', '1/2', '1/4']
    """
    match = _LENGTH.fullmatch(text.strip())
    unit = ((match[2] if match else "") or "f").lower()
    plain = (match[1] if match else text).strip().replace("−", "-").replace(",", ".")
    if _NUMBER.fullmatch(plain) is None or unit.startswith("sample"):
        raise CellError(f"{text!r} is not a length; frames (12), seconds (0.5s) or 500ms")
    value = Fraction(plain)
    if value < 0:
        raise CellError(f"{text!r} is negative; a length is 0 or more")
    if unit.startswith("m"):
        return value / 1000
    return value if unit.startswith("s") else value / rate.fps


def pan(text: str) -> float:
    """-1 left to +1 right; also "L", "C", "R", "L30" and "R100" in percent.

    >>> [pan(text) for text in ("-0,5", "C", "R30", "100 L")]
    [-0.5, 0.0, 0.3, -1.0]
    """
    plain = text.strip().upper().replace("%", "").replace(" ", "")
    named = re.fullmatch(r"(?P<side>[LRC])(?P<percent>[0-9]{0,3})", plain)
    named = named or re.fullmatch(r"(?P<percent>[0-9]{1,3})(?P<side>[LR])", plain)
    if named is not None:
        percent = int(named["percent"] or 100)
        if percent <= 100 and (named["side"] != "C" or not int(named["percent"] or 0)):
            return {"L": -1, "C": 0, "R": 1}[named["side"]] * percent / 100
    try:
        return number(text, least=-1, most=1)
    except CellError as problem:
        raise CellError(f"pan {problem}; or L, C, R, L30, R30") from None


def stem_and_track(text: str, track: str = "") -> tuple[str, str | None]:
    """A stem, and the track after its colon or in a column of its own.

    >>> stem_and_track("BG : Walla")
    ('backgrounds', 'walla')
    """
    name, _, after = text.lower().partition(":")
    stem = _STEM_OF.get(" ".join(name.split()))
    if stem is None:
        near = get_close_matches(name.strip(), _STEM_OF, n=1)
        hint = f"; did you mean {_STEM_OF[near[0]]}?" if near else f"; one of {', '.join(STEMS)}"
        raise CellError(f"{text!r} is not a stem{hint}")
    asked = " ".join((after or track).lower().split())
    asked = _TRACK_OF.get(asked, asked)
    if asked + "s" in TRACKS[stem]:
        asked += "s"
    return stem, asked or None


def near_track(stem: str, track: str) -> str | None:
    """The known track that a name misspells, or None: a name may also be the user's own."""
    known = TRACKS[stem]
    near = get_close_matches(track, known, n=1, cutoff=0.7)
    return near[0] if near and track not in known else None


def yes_or_no(text: str) -> bool:
    """A tick in a sheet, however it is written."""
    plain = text.strip().lower()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise CellError(f"{text!r} is neither yes nor no")


def one_of(text: str, choices: tuple[str, ...]) -> str:
    """A word of a short list; its first letters are enough where they are clear."""
    plain = text.strip().lower()
    if plain in choices:
        return plain
    begun = [choice for choice in choices if plain and choice.startswith(plain)]
    if len(begun) == 1:
        return begun[0]
    raise CellError(f"{text!r} is not one of {', '.join(choices)}")


def seed(text: str) -> int:
    """A whole number, or any word, which stands for a number of its own."""
    try:
        return whole(text, least=0, most=2**63 - 1)
    except CellError:
        from premix.chance import stable_number

        return stable_number(text.strip())
