"""What a file says of itself, in its name, its folders and its chunks, as fields of an asset."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from audio.files import SoundHeader
from library.facets import facets_from_words
from library.take_markers import Marker
from library.ucs import category_of, read_name


def said_of(header: SoundHeader, root: str, path: str) -> dict[str, Any]:
    """Fields of an Asset: UCS, description, keywords, facets, time reference, licence."""
    place = PurePosixPath(path)
    name = read_name(place)
    description, keywords = texts_of(header)
    category = category_of(name.cat_id) if name else None
    fx_name = name.fx_name if name else place.stem
    return {
        "time_reference_samples": header.bext.time_reference_samples if header.bext else None,
        "cat_id": name.cat_id if name else None,
        "category": category.category if category else None,
        "subcategory": category.subcategory if category else None,
        "user_category": name.user_category if name else None,
        "vendor_category": name.vendor_category if name else None,
        "fx_name": fx_name,
        "creator_id": (name.creator_id or None) if name else None,
        "source_id": (name.source_id or None) if name else None,
        "user_data": name.user_data if name else None,
        "description": description,
        "keywords": keywords,
        "licence": None,
        "facets": facets_from_words(" ".join([fx_name, description, *place.parent.parts[-2:]])),
    }


def texts_of(header: SoundHeader) -> tuple[str, str]:
    return "", ""


def markers_of(header: SoundHeader) -> tuple[Marker, ...]:
    return ()


def once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))
