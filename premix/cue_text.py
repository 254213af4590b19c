"""A cue in one line of text, as editors write it into locators, markers and clip names. Pure.

    [NUMBER] STEM [TRACK]: words [OPTION …] [(note)] [TAG …]

    FOLEY feet: boots gravel walk x6        six steps
    F12 FOLEY feet: heels hardwood @104     cue F12, 104 steps a minute
    BG a: city night for 12s                a background of twelve seconds
    FX hard: door slam -6dB L30             6 dB down, 30 % left
    FX: telephone to 01:00:12:00 {who=anna} $SEED=7

STEM is foley, backgrounds or fx in any of the spellings of a cue sheet (BG, ATMOS, SFX …),
TRACK one that the trade knows of it. Tags name columns of a cue sheet; they may also stand
without the head, if one of them is the stem: "boots gravel {stem=foley:feet}". `{key=value}`
and `$KEY=value` are those of Pro Tools users, `[NAME]` means {name=NAME}; a key that a cue
sheet does not know is kept beside the cue. Text without a head or a stem tag is no cue.
"""

import re
from collections.abc import Mapping

from premix.cue_fields import CellError, stem_and_track
from premix.cue_table import column_name
from premix.timeline import TRACKS

_HEAD = re.compile(
    r"(?:(?P<number>\#?[A-Za-z]{0,3}[0-9]{1,5}[A-Za-z]?)[.)]?\s+)?"
    r"(?P<head>[A-Za-z]+(?:\s+[A-Za-z]+){0,2})\s*:\s*(?P<words>.*)",
    re.DOTALL,
)
_TAG = re.compile(
    r"\{\s*(?P<key>[A-Za-z]\w*)\s*=(?P<value>[^{}]*)\}"
    r"|(?:(?<=\s)|^)\$(?P<word_key>[A-Za-z]\w*)=(?P<word>\S+)"
    r"|\[(?P<flag>[A-Za-z][\w ]*)\]"
)
_NOTE = re.compile(r"\(([^()]*)\)\s*$")
_TIMECODE = r"[0-9]{1,2}[:;][0-9]{2}[:;][0-9]{2}[:;.,][0-9]{2,3}(?:\.[0-9]{2})?"
_LENGTH = r"[0-9]+(?:[.,][0-9]+)?\s*(?:ms|msec|s|sec|seconds?|f|fr|frames?)"
# What may stand behind the words, the last first; each fills a column.
_OPTIONS = tuple(
    (re.compile(rf"(?:^|\s)(?:{pattern})\s*$", re.IGNORECASE), column)
    for pattern, column in (
        (r"x\s?([0-9]{1,5})|([0-9]{1,5})x", "steps"),
        (r"([-+−]?[0-9]+(?:[.,][0-9]+)?)\s*dB", "gain_db"),
        (r"@\s?([0-9]+(?:[.,][0-9]+)?)(?:\s*(?:spm|bpm))?", "pace"),
        (r"([LR][0-9]{1,3})%?", "pan"),
        (rf"(?:to|until|till)\s+({_TIMECODE})", "out"),
        (rf"for\s+({_LENGTH})", "lasts"),
    )
)
_STEM_WORDS = {"foley": "FOLEY", "backgrounds": "BG", "fx": "FX"}
_WRITTEN = ("cue", "stem", "track", "query", "steps", "pace", "gain_db", "note")

Cells = dict[str, str]
"""A cue sheet's row: text by column, and "lasts", a length that the caller adds to `in`."""


def tags_of(text: str) -> tuple[str, Cells]:
    """The text without its tags, and the tags by the name of their column.

    >>> tags_of("Fireworks {note=Replace for final} $V=1 [FX]")
    ('Fireworks', {'note': 'Replace for final', 'v': '1', 'fx': 'FX'})
    """
    tags: Cells = {}
    for match in _TAG.finditer(text):
        key = match["key"] or match["word_key"] or match["flag"]
        value = match["value"] if match["key"] else match["word"] or match["flag"]
        tags[column_name(key)] = value.strip()
    return " ".join(_TAG.sub(" ", text).split()), tags


def parse_cue_text(text: str, inherited: Mapping[str, str] | None = None) -> Cells | None:
    """The cells of the cue that a text is, or None where it is none.

    Args:
        inherited: tags of the track or the session, which the text's own overrule. A stem
            among them makes every text a cue: so a guide track is read.

    >>> parse_cue_text("FX hard: door slam -6dB")
    {'stem': 'fx:hard', 'gain_db': '-6', 'query': 'door slam'}
    >>> parse_cue_text("ADD VFX HERE: rain") is None
    True
    """
    rest, tags = tags_of(text)
    above = dict(inherited or {})
    cells: Cells = {}
    head = _head_of(rest)
    if head is not None:
        number, stem, rest = head
        cells["stem"] = stem
        above.pop("track", None)
        if number:
            cells["cue"] = number
    elif "stem" in tags:
        if _stem(tags["stem"]) is None:
            return None
    elif not (rest and _stem(above.get("stem", ""))):
        return None
    note = _NOTE.search(rest)
    if note is not None and note[1].strip():
        cells["note"] = note[1].strip()
        rest = rest[: note.start()].rstrip()
    rest = _take_options(rest, cells)
    if rest:
        cells["query"] = rest
    return {**above, **cells, **tags}


def _head_of(text: str) -> tuple[str, str, str] | None:
    """(number, stem:track, the rest) of a text that begins as a cue does."""
    match = _HEAD.fullmatch(text)
    if match is None:
        return None
    words = match["head"].split()
    for count in range(len(words), 0, -1):  # "SOUND EFFECTS hard" before "SOUND"
        stem = _stem(" ".join(words[:count]))
        if stem is None:
            continue
        track = " ".join(words[count:])
        if not track:
            return match["number"] or "", stem, match["words"].strip()
        _, known = stem_and_track(stem, track)
        if known in TRACKS[stem]:
            return match["number"] or "", f"{stem}:{known}", match["words"].strip()
    return None


def _stem(text: str) -> str | None:
    try:
        return stem_and_track(text)[0]
    except CellError:
        return None


def _take_options(text: str, cells: Cells) -> str:
    """The words without the options behind them."""
    found = True
    while found:
        found = False
        for pattern, column in _OPTIONS:
            match = pattern.search(text)
            if match is not None and column not in cells:
                cells[column] = next(group for group in match.groups() if group)
                text = text[: match.start()].rstrip()
                found = True
    return text


def format_cue_text(cells: Mapping[str, str]) -> str:
    """The text that `parse_cue_text` reads back as these cells.

    >>> format_cue_text({"cue": "F1", "stem": "foley:feet", "query": "boots", "steps": "6"})
    'F1 FOLEY feet: boots x6'
    """
    stem, track = stem_and_track(cells["stem"], cells.get("track", ""))
    head = _STEM_WORDS[stem] + (f" {track}" if track else "")
    parts = [cells.get("cue", ""), f"{head}:", cells.get("query", "")]
    parts += [f"x{cells['steps']}"] if cells.get("steps") else []
    parts += [f"@{cells['pace']}"] if cells.get("pace") else []
    parts += [f"{cells['gain_db']}dB"] if cells.get("gain_db") else []
    parts += [f"({cells['note']})"] if cells.get("note") else []
    parts += [
        f"{{{column}={value}}}"
        for column, value in cells.items()
        if value and column not in _WRITTEN
    ]
    return " ".join(filter(None, parts))
