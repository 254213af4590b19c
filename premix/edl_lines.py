"""The grammar of one line of an EDL: text in, a value out, no memory of other lines.

Source: CMX 3600 as editing systems write it (Avid file_16/32/128/129, Premiere,
Resolve, Final Cut); fields are found by what they are, not by their column.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_LONGEST = 1_000  # characters; Avid's file_128, the widest dialect, stays below 250
_TIMECODE = r"\d{1,2}[:;.,]\d{2}[:;.,]\d{2}[:;.,]\d{2,3}"
_EDIT = re.compile(
    rf"""\s*(?P<number>\d{{1,8}})\s+
    (?:(?P<reel>\S(?:.*?\S)?)\s+)?
    (?P<channels>NONE|B|VA?|AA(?:/V)?|(?:[AV]\d*)+(?:/V)?|A\d*/V)\s+
    (?P<kind>C|D|W\d{{1,3}}|K(?:\ ?[BO])?)(?:\s+(?P<frames>\d{{1,4}}))?\s+
    (?P<source_in>{_TIMECODE})\s+(?P<source_out>{_TIMECODE})\s+
    (?P<record_in>{_TIMECODE})\s+(?P<record_out>{_TIMECODE})(?P<rest>.*)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_MOTION = re.compile(
    rf"\s*M2\s+(?P<reel>\S(?:.*?\S)?)\s+(?P<fps>[-+]?\d+(?:\.\d*)?)\s+(?P<at>{_TIMECODE})?\s*",
    re.IGNORECASE,
)
_MOTION_NO_TIMECODE = re.compile(r"\s*M2\s+(?P<reel>\S+)\s+(?P<fps>[-+]?\d+(?:\.\d*)?)\s*", re.I)
_AUDIO = re.compile(r"\s*AUD((?:\s+\d{1,2})*)\s*", re.IGNORECASE)
_NAMED = re.compile(
    r"""[\s*]*(?P<key>FROM\ CLIP\ NAME|TO\ CLIP\ NAME|SOURCE\ FILE|FROM\ CLIP|TO\ CLIP|
    EFFECTS?\ NAME(?:\ IS)?|FROM\ FILE|TO\ FILE|CLIP\ NAME|KEY\ CLIP\ NAME)\s*:?\s*(?P<value>.*)""",
    re.VERBOSE | re.IGNORECASE,
)
_LOCATOR = re.compile(
    rf"[\s*]*LOC:\s*(?P<at>{_TIMECODE})(?:\s+(?P<colour>\S+))?(?:\s+(?P<text>.*))?", re.IGNORECASE
)
# A row of Avid's marker list: number, colour, author, timecode, track, text.
_MARKER = re.compile(
    rf"\*\s+\d+\s+(?P<colour>[A-Za-z]+)\s+\S+\s+(?P<at>{_TIMECODE})\s+[AVD]\d*\s+(?P<text>.*)"
)
_LEVEL = re.compile(
    rf"[\s*]*AUDIO LEVEL AT (?P<at>{_TIMECODE}) IS (?P<db>[-+]?\d+(?:\.\d+)?|-?INF)\s*DB",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"RED|GREEN|BLUE|CYAN|MAGENTA|YELLOW|BLACK|WHITE|PINK|ORANGE|PURPLE|VIOLET|FOREST|DENIM|GOLD|"
    r"PLUM|GREY|GRAY|LAVENDER|SKY|MINT|LEMON|SAND|COCOA|CREAM|FUCHSIA|ROSE|BROWN|MAROON",
    re.IGNORECASE,
)
# Statements that carry nothing for sound but belong to the language.
_STATEMENT = re.compile(
    r"""\s*(?:SPLIT:|GPI\b|MASTER/SLAVE|M/S\b|SWM\b|>>>|REM\b|//|\#|;|%|
    FINAL\ CUT\ PRO\ REEL|REEL\b.*\bIS\b|DLEDL:|CTE:|EDL\ TYPE|ASC_S(?:OP|AT)\b|
    BLEND\b|DISSOLVE\b|VIDEO\ LEVEL|OPACITY|KEY\b|PATCH\b|\[.*\]\s*$|END\b|BEGIN\b)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class EditLine:
    """A line with four timecodes, as printed."""

    number: str
    reel: str
    channels: tuple[str, ...]
    kind: str  # "cut", "dissolve", "wipe", "key", "key background", "key out"
    wipe_code: str | None
    frames: int  # of the transition
    labels: tuple[str, str, str, str]  # source in and out, record in and out
    rest: str  # what stands behind the timecodes


@dataclass(frozen=True)
class Motion:
    """M2: the speed at which a reel plays, in frames a second."""

    reel: str
    fps: float


@dataclass(frozen=True)
class Named:
    """A remark with a known name: a clip name, a source file, an effect."""

    key: str
    value: str


@dataclass(frozen=True)
class Locator:
    """A marker that the picture editor left."""

    timecode: str
    colour: str | None
    text: str
    in_event: bool  # False: a row of a marker list, which belongs to no event


@dataclass(frozen=True)
class AudioLevel:
    """Premiere's remark of a clip's level at a source timecode."""

    timecode: str
    level_db: float


@dataclass(frozen=True)
class AudioChannels:
    """AUD 3 4: more channels for the event above."""

    channels: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """TITLE, FCM, or one that carries nothing for sound."""

    key: str
    value: str


@dataclass(frozen=True)
class Remark:
    """A comment."""

    text: str


Line = EditLine | Motion | Named | Locator | AudioLevel | AudioChannels | Statement | Remark | None


def parse_line(text: str) -> Line:
    """What one line says; None if it is nothing that an EDL knows.

    >>> parse_line("002  BL       NONE  W001 043 00:00:00:00 00:00:05:00 00:00:16:00 00:00:21:00")
    EditLine(number='002', reel='BL', channels=(), kind='wipe', wipe_code='001', frames=43, \
labels=('00:00:00:00', '00:00:05:00', '00:00:16:00', '00:00:21:00'), rest='')
    >>> parse_line("M2   106857        -025.0                09:13:03:09")
    Motion(reel='106857', fps=-25.0)
    """
    text = text.strip(" \t\v\f\x00\x1a\ufeff")  # 0x1A ends a file of DOS
    if not text:
        return Statement("BLANK", "")
    if len(text) > _LONGEST:
        return Remark(text[1:]) if text.startswith("*") else None
    if text[0].isdigit() and (edit := _EDIT.fullmatch(text)):
        return _edit_line(edit)
    if text[:2].upper() == "M2" and (
        motion := _MOTION.fullmatch(text) or _MOTION_NO_TIMECODE.fullmatch(text)
    ):
        return Motion(motion["reel"], float(motion["fps"]))
    head, _, tail = text.partition(":")
    if head.upper() in ("TITLE", "FCM"):
        return Statement(head.upper(), tail.strip())
    if text[:3].upper() == "AUD" and (audio := _AUDIO.fullmatch(text)):
        return AudioChannels(tuple(f"A{int(number)}" for number in audio[1].split()))
    return _remark(text)


def _edit_line(match: re.Match[str]) -> EditLine:
    kind = match["kind"].upper().replace(" ", "")
    names = {"C": "cut", "D": "dissolve", "W": "wipe", "K": "key"}
    name = {"KB": "key background", "KO": "key out"}.get(kind, names[kind[0]])
    return EditLine(
        number=match["number"],
        reel=match["reel"] or "",
        channels=parse_channels(match["channels"]),
        kind=name,
        wipe_code=kind[1:] if kind[0] == "W" else None,
        frames=int(match["frames"] or 0),
        labels=(
            match["source_in"], match["source_out"], match["record_in"], match["record_out"],
        ),
        rest=match["rest"].strip(),
    )  # fmt: skip


@lru_cache(maxsize=256)  # a list writes the same few over and over
def parse_channels(text: str) -> tuple[str, ...]:
    """Track names of an EDL's channel field.

    >>> parse_channels("A"), parse_channels("AA/V"), parse_channels("B"), parse_channels("A1234V")
    (('A1',), ('V', 'A1', 'A2'), ('V', 'A1'), ('V', 'A1', 'A2', 'A3', 'A4'))
    >>> parse_channels("A12"), parse_channels("A2A3"), parse_channels("NONE"), parse_channels("V2")
    (('A12',), ('A2', 'A3'), (), ('V2',))
    """
    text = text.upper()
    if text == "NONE":
        return ()
    if text == "B":
        return ("V", "A1")
    picture: list[str] = []
    sound: list[str] = []
    for letter, digits in re.findall(r"([AV])(\d*)", text):
        if letter == "V":
            picture.append("V" + digits if digits not in ("", "1") else "V")
        elif not digits:
            sound.append(f"A{len(sound) + 1}")
        elif int(digits) <= 24:
            sound.append(f"A{int(digits)}")
        else:  # A1234: each digit a track
            sound.extend(f"A{digit}" for digit in digits if digit != "0")
    return tuple(dict.fromkeys(picture + sound))


def _remark(text: str) -> Line:
    if level := _LEVEL.match(text):
        level_db = float(level["db"].upper().replace("INF", "inf"))
        return AudioLevel(level["at"], level_db)
    if locator := _LOCATOR.fullmatch(text):
        colour, words = locator["colour"], (locator["text"] or "").strip()
        if colour is not None and not _COLOUR.fullmatch(colour):
            colour, words = None, f"{colour} {words}".strip()
        return Locator(locator["at"], colour, words, in_event=True)
    if marker := _MARKER.fullmatch(text):
        return Locator(marker["at"], marker["colour"], marker["text"].strip(), in_event=False)
    if named := _NAMED.fullmatch(text):
        key = " ".join(named["key"].upper().split())
        return Named("EFFECT NAME" if key.startswith("EFFECT") else key, named["value"].strip())
    if text.startswith("*"):
        return Remark(text[1:].strip())
    if _STATEMENT.match(text):
        return Remark(text)
    return None
