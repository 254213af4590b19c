"""Writing iXML: a whole chunk from its values, or some elements of one that is there."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from audio import AudioError
from audio.ixml import Ixml, IxmlTrack, name_of, tree_of


def build_ixml(ixml: Ixml) -> bytes:
    """The contents of the chunk; what is empty is left out."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<BWFXML>"]
    lines.append(_element("IXML_VERSION", ixml.version or "3.01"))
    plain = {
        "PROJECT": ixml.project,
        "SCENE": ixml.scene,
        "TAKE": ixml.take,
        "TAPE": ixml.tape,
        "NOTE": ixml.note,
        "CIRCLED": "" if ixml.circled is None else str(ixml.circled).upper(),
        "UBITS": ixml.user_bits,
    }
    lines += [_element(name, text) for name, text in plain.items() if text]
    speed = dict(ixml.speed)
    if ixml.timecode_rate:
        speed["TIMECODE_RATE"] = ixml.timecode_rate
        speed["TIMECODE_FLAG"] = ixml.timecode_flag or "NDF"
    if ixml.start_samples is not None:
        speed["TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI"] = str(ixml.start_samples >> 32)
        speed["TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO"] = str(ixml.start_samples & 0xFFFF_FFFF)
    family = {"FAMILY_UID": ixml.family_uid, "FAMILY_NAME": ixml.file_family_name}
    groups = {
        "SPEED": speed,
        "FILE_SET": {name: text for name, text in family.items() if text},
        "BEXT": ixml.bext,
        "USER": ixml.user,
        "ASWG": ixml.aswg,
        "LOCATION": ixml.location,
    }
    lines += [_group(name, texts) for name, texts in groups.items() if texts]
    if ixml.steinberg:
        lines.append(_steinberg(ixml.steinberg))
    if ixml.tracks:
        lines.append("<TRACK_LIST>")
        lines.append(_element("TRACK_COUNT", str(len(ixml.tracks))))
        lines += [_track(track) for track in ixml.tracks]
        lines.append("</TRACK_LIST>")
    lines.append("</BWFXML>\n")
    return "\n".join(lines).encode("utf-8")


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_clean(text))}</{name}>"


def _clean(text: str) -> str:
    """Without control characters, which XML has no way to write, not even escaped."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def _track(track: IxmlTrack) -> str:
    numbers = {"CHANNEL_INDEX": track.channel_index, "INTERLEAVE_INDEX": track.interleave_index}
    texts = {name: str(number) for name, number in numbers.items() if number is not None}
    return _group("TRACK", texts | {"NAME": track.name, "FUNCTION": track.function})


def _group(name: str, texts: Mapping[str, str]) -> str:
    if set(texts) == {"text"}:
        return _element(name, texts["text"])
    tree: dict[str, Any] = {}
    for way, text in texts.items():
        *above, last = way.split("/")
        place = tree
        for step in above:
            below = place.setdefault(step, {})
            place = below if isinstance(below, dict) else {}
        place[last] = text
    return _branch(name, tree)


def _branch(name: str, tree: Mapping[str, Any]) -> str:
    inner = [
        _branch(key, value) if isinstance(value, dict) else _element(key, value)
        for key, value in tree.items()
    ]
    return "\n".join([f"<{name}>", *inner, f"</{name}>"])


def _steinberg(values: Mapping[str, str]) -> str:
    attributes = "\n".join(
        _group("ATTR", {"NAME": name, "TYPE": "string", "VALUE": text})
        for name, text in values.items()
    )
    return f"<STEINBERG>\n<ATTR_LIST>\n{attributes}\n</ATTR_LIST>\n</STEINBERG>"


def change_ixml(contents: bytes, changes: Mapping[str, str]) -> bytes:
    """The same XML with the texts of some elements changed, every other element kept.

    Args:
        contents: of the chunk; empty makes a new one.
        changes: text by way down, "SCENE" or "USER/CATID"; missing elements are added.

    Raises:
        AudioError: what is there is not XML, or a way is not made of element names.
    """
    from lxml import etree

    root, problems = tree_of(contents or build_ixml(Ixml()))
    if root is None:
        raise AudioError(problems[0])
    for way, text in changes.items():
        place = root
        for step in way.split("/"):
            below = next(
                (child for child in place if isinstance(child.tag, str) and name_of(child) == step),
                None,
            )
            try:
                place = etree.SubElement(place, step) if below is None else below
            except ValueError:
                raise AudioError(f"iXML: {way!r} is not a way of element names") from None
        if len(place):
            raise AudioError(f"iXML: {way} holds elements; name one of them to change its text")
        place.text = _clean(text)
    changed: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return changed + b"\n"
