"""What a file says of itself, in its name, its folders and its chunks, as fields of an asset.

A name that follows UCS is the first to tell what a sound is; iXML's USER and ASWG fields,
as sound librarians write them, fill in what it leaves open.
"""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from audio.files import SoundHeader
from library.facets import facets_from_words
from library.take_markers import Marker
from library.ucs import category_of, read_name
from library.ucs_table import cat_id_in_any_case

# Field of an asset → how iXML's USER and ASWG call it, letters only and in capitals.
_IN_IXML = {
    "cat_id": ("CATID",),
    "fx_name": ("FXNAME",),
    "user_category": ("USERCATEGORY",),
    "vendor_category": ("VENDORCATEGORY",),
    "creator_id": ("CREATORID",),
    "source_id": ("SOURCEID",),
    "user_data": ("USERDATA",),
    "licence": ("LICENSE", "LICENCE", "USAGERIGHTS", "RIGHTS", "COPYRIGHT"),
}
_DESCRIPTIONS = ("DESCRIPTION", "FULLDESCRIPTION", "BWDESCRIPTION")
_KEYWORDS = ("KEYWORDS", "NOTES", "LIBRARY", "MANUFACTURER", "TRACKTITLE", "LOCATION", "MICROPHONE")
# Recorders fill the description with "sSPEED=…" lines for machines.
_MACHINE_LINE = "="
_MOST_LETTERS = 4_000  # of a text that is searched; some programs keep whole logs there


def said_of(header: SoundHeader, path: str) -> dict[str, Any]:
    """Fields of an Asset: UCS, description, keywords, facets, time reference, licence.

    Args:
        path: below its root, with "/" between folders.
    """
    place = PurePosixPath(path)
    in_ixml = _of_ixml(header)
    name = read_name(place)
    said: dict[str, Any] = {field: _first(in_ixml, names) for field, names in _IN_IXML.items()}
    if name is not None:
        blocks = {
            "cat_id": name.cat_id,
            "fx_name": name.fx_name,
            "user_category": name.user_category,
            "vendor_category": name.vendor_category,
            "creator_id": name.creator_id,
            "source_id": name.source_id,
            "user_data": name.user_data,
        }
        said |= {field: text for field, text in blocks.items() if text}
    else:
        said["fx_name"] = said["fx_name"] or place.stem
    said["cat_id"] = cat_id_in_any_case(said["cat_id"] or "")
    category = category_of(said["cat_id"]) if said["cat_id"] else None
    said["category"] = category.category if category else None
    said["subcategory"] = category.subcategory if category else None
    said["licence"] = said["licence"] or header.info.get("copyright") or None
    said["time_reference_samples"] = header.start_samples
    said["description"], said["keywords"] = _texts(header, in_ixml)
    said["facets"] = told_facets(said["fx_name"], path, said["description"])
    return said


def told_facets(fx_name: str, path: str, description: str) -> dict[str, str]:
    """What name, description and the two nearest folders tell of each facet."""
    place = PurePosixPath(path)
    words = (fx_name, place.stem, description, *place.parent.parts[-2:])
    return facets_from_words(" ".join(words))


def markers_of(header: SoundHeader) -> tuple[Marker, ...]:
    """The file's cue points and regions, for the finder of takes."""
    return tuple(
        (
            cue.position_samples,
            cue.position_samples + cue.duration_samples if cue.duration_samples else None,
            cue.label or cue.text or cue.note,
        )
        for cue in header.cues
    )


def _texts(header: SoundHeader, in_ixml: Mapping[str, str]) -> tuple[str, str]:
    """(description, keywords): the first text that describes, and all other words."""
    bext, ixml = header.bext, header.ixml
    descriptions = _once(
        [
            _without_machine_lines(bext.description) if bext else "",
            *(in_ixml.get(name, "") for name in _DESCRIPTIONS),
            header.info.get("subject", ""),
            header.info.get("title", ""),
            header.info.get("comment", ""),
            header.tags.get("title", ""),
            header.tags.get("comment", ""),
        ]
    )
    keywords = [
        *(in_ixml.get(name, "") for name in _KEYWORDS),
        *(header.info.get(name, "") for name in ("keywords", "genre", "product", "artist")),
        *(header.tags.get(name, "") for name in ("genre", "album", "artist", "keywords")),
        *((ixml.project, ixml.scene, ixml.tape, ixml.note) if ixml else ()),
        *(track.name for track in (ixml.tracks if ixml else ())),
        *(cue.label for cue in header.cues),
        bext.originator if bext else "",
    ]
    description = descriptions[0] if descriptions else ""
    others = _once([*descriptions[1:], *keywords])
    return description[:_MOST_LETTERS], "; ".join(others)[:_MOST_LETTERS]


def _of_ixml(header: SoundHeader) -> dict[str, str]:
    """USER and ASWG fields by their names in capitals, letters only; the first that is filled."""
    if header.ixml is None:
        return {}
    found: dict[str, str] = {}
    for group in (header.ixml.user, header.ixml.aswg):
        for name, text in group.items():
            letters = "".join(c for c in name.upper() if c.isalnum())
            if text.strip():
                found.setdefault(letters, text.strip())
    return found


def _first(texts: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((texts[name] for name in names if texts.get(name)), None)


def _without_machine_lines(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if _MACHINE_LINE not in line).strip()


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))
