"""The chunk "iXML": what recorders, workstations and libraries say of a sound.

Source: iXML specification 3.01; ASWG-G006 for the element ASWG. Files are looser than
the specification: texts end in NULs, prefixes are not declared, the track list may be
missing. Entities are never expanded and nothing is fetched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from audio.timecode import FrameRate, TimecodeError

_MOST_TRACKS = 4096


@dataclass(frozen=True, kw_only=True)
class IxmlTrack:
    """One channel of the recorder, and which channel of this file it became."""

    channel_index: int | None  # of the recorder, from 1
    interleave_index: int | None  # of this file, from 1
    name: str = ""
    function: str = ""


@dataclass(frozen=True, kw_only=True)
class Ixml:
    """The elements that a sound department lives by; others stay in the file's text.

    Groups (`user`, `aswg` …) are name → text, names as the file writes them; a
    USER of plain text is {"text": …}. Deeper elements are named with "/" between.
    """

    version: str = ""
    project: str = ""
    scene: str = ""
    take: str = ""
    tape: str = ""
    note: str = ""
    circled: bool | None = None
    user_bits: str = ""
    family_uid: str = ""
    file_family_name: str = ""
    timecode_rate: str = ""  # "24000/1001"
    timecode_flag: str = ""  # "DF" or "NDF"
    start_samples: int | None = None  # since midnight, of SPEED
    tracks: tuple[IxmlTrack, ...] = ()
    speed: dict[str, str] = field(default_factory=dict)
    bext: dict[str, str] = field(default_factory=dict)
    user: dict[str, str] = field(default_factory=dict)
    aswg: dict[str, str] = field(default_factory=dict)
    steinberg: dict[str, str] = field(default_factory=dict)
    location: dict[str, str] = field(default_factory=dict)

    @property
    def rate(self) -> FrameRate | None:
        """Frame rate of timecode_rate and timecode_flag; None where they name no known one."""
        top, _slash, bottom = self.timecode_rate.partition("/")
        try:
            fps = Fraction(top.strip()) / Fraction(bottom.strip() or "1")
            return FrameRate(_exact(fps), self.timecode_flag.strip().upper() == "DF")
        except (ValueError, ZeroDivisionError, TimecodeError):
            return None

    def channel_names(self, channels: int) -> tuple[str, ...] | None:
        """Track names in the order of this file's channels; None where not each has one."""
        by_place = {
            track.interleave_index or track.channel_index: track.name for track in self.tracks
        }
        names = tuple(by_place.get(number + 1, "") for number in range(channels))
        return names if names and all(names) else None


def _exact(fps: Fraction) -> Fraction:
    """23.976 and 23.98 mean 24000/1001."""
    near = round(fps)
    if fps.denominator != 1 and abs(fps - Fraction(near * 1000, 1001)) < Fraction(1, 50):
        return Fraction(near * 1000, 1001)
    return fps


def parse_ixml(contents: bytes) -> tuple[Ixml | None, list[str]]:
    """Read the contents of "iXML"; the second value tells what is wrong with them.

    None where nothing of it is XML.
    """
    root, warnings = tree_of(contents)
    return (None if root is None else _ixml_of(root)), warnings


def tree_of(contents: bytes) -> tuple[Any, list[str]]:
    """The root element (None where nothing is XML) and what is wrong with the text."""
    from lxml import etree

    text = _text_of(contents)
    if not text:
        return None, ["chunk 'iXML' is empty"]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        return None, [f"chunk 'iXML' is not XML: {problem}"]
    if root is None:
        return None, ["chunk 'iXML' is not XML"]
    warnings = [
        f"chunk 'iXML', line {error.line}: {error.message}"
        for error in list(parser.error_log)[:3]
        if error.type_name != "NS_ERR_UNDEFINED_NAMESPACE"
    ]
    return root, warnings


def _text_of(contents: bytes) -> str:
    """The XML as text, without its declaration, whose encoding is often not the true one."""
    if contents[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = contents.decode("utf-16", "replace").partition("\0")[0]
    else:
        raw = contents.lstrip(b"\0 \r\n\t").partition(b"\0")[0]
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
    text = text.strip()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2].lstrip()
    return text


def _ixml_of(root: Any) -> Ixml:
    top = {name_of(child): child for child in reversed(root) if isinstance(child.tag, str)}

    def text(name: str) -> str:
        return _text(top[name]) if name in top else ""

    def group(name: str) -> dict[str, str]:
        return _leaves(top[name]) if name in top else {}

    speed = group("SPEED")
    circled = text("CIRCLED").upper()
    return Ixml(
        version=text("IXML_VERSION"),
        project=text("PROJECT"),
        scene=text("SCENE"),
        take=text("TAKE"),
        tape=text("TAPE"),
        note=text("NOTE"),
        circled={"TRUE": True, "FALSE": False}.get(circled),
        user_bits=text("UBITS"),
        family_uid=group("FILE_SET").get("FAMILY_UID", ""),
        file_family_name=group("FILE_SET").get("FAMILY_NAME", ""),
        timecode_rate=speed.get("TIMECODE_RATE", ""),
        timecode_flag=speed.get("TIMECODE_FLAG", ""),
        start_samples=_start_samples(speed),
        tracks=_tracks(top["TRACK_LIST"]) if "TRACK_LIST" in top else (),
        speed=speed,
        bext=group("BEXT"),
        user=group("USER"),
        aswg=group("ASWG"),
        steinberg=_attributes(top["STEINBERG"]) if "STEINBERG" in top else {},
        location=group("LOCATION"),
    )


def name_of(element: Any) -> str:
    """Tag without its name space or undeclared prefix."""
    tag = str(element.tag)
    return tag.rpartition("}")[2].rpartition(":")[2]


def _text(element: Any) -> str:
    return "".join(part for part in element.itertext() if isinstance(part, str)).strip()


def _leaves(element: Any) -> dict[str, str]:
    """Texts of all elements below, by their way down; plain text alone as "text"."""
    found: dict[str, str] = {}
    if (element.text or "").strip():
        found["text"] = element.text.strip()
    stack = [("", child) for child in reversed(element)]
    while stack:
        above, child = stack.pop()
        if not isinstance(child.tag, str):
            continue
        way = above + name_of(child)
        if len(child):
            stack += [(f"{way}/", below) for below in reversed(child)]
        elif way not in found:
            found[way] = (child.text or "").strip()
    return found


def _attributes(element: Any) -> dict[str, str]:
    """Steinberg's list of ATTR (NAME, TYPE, VALUE) as name → value, and other leaves beside."""
    found: dict[str, str] = {}
    for attribute in element.iter("ATTR"):
        leaves = _leaves(attribute)
        if "NAME" in leaves:
            found[leaves["NAME"]] = leaves.get("VALUE", "")
    rest = _leaves(element)
    return found | {way: text for way, text in rest.items() if "ATTR_LIST/" not in way}


def _start_samples(speed: Mapping[str, str]) -> int | None:
    try:
        low = int(speed["TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO"])
        high = int(speed.get("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", "0"))
    except (KeyError, ValueError):
        return None
    # Some writers print the lower word as a signed number.
    start = (high << 32) + (low & 0xFFFF_FFFF) if 0 <= high < 1 << 32 else -1
    return start if start >= 0 else None


def _tracks(element: Any) -> tuple[IxmlTrack, ...]:
    tracks = []
    for track in element:
        if not isinstance(track.tag, str) or name_of(track) != "TRACK":
            continue
        leaves = _leaves(track)
        tracks.append(
            IxmlTrack(
                channel_index=_number(leaves.get("CHANNEL_INDEX")),
                interleave_index=_number(leaves.get("INTERLEAVE_INDEX")),
                name=leaves.get("NAME", ""),
                function=leaves.get("FUNCTION", ""),
            )
        )
        if len(tracks) == _MOST_TRACKS:
            break
    return tuple(tracks)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def tracks_of(labels: Sequence[str]) -> tuple[IxmlTrack, ...]:
    """One track for each channel of a file, named by its label."""
    return tuple(
        IxmlTrack(channel_index=number, interleave_index=number, name=label, function=label)
        for number, label in enumerate(labels, 1)
    )
