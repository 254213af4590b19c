"""LIST INFO: the plain texts of RIFF, by names that a reader understands.

Source: Microsoft, Multimedia Programming Interface 1.0, and what editors added to it.
"""

from collections.abc import Iterable, Mapping

from audio import AudioError
from audio.bext import decode_text
from audio.riff import pack_list, parts_of_list

NAMES = {
    "INAM": "title",
    "IART": "artist",
    "IPRD": "product",
    "ICMT": "comment",
    "IKEY": "keywords",
    "ICOP": "copyright",
    "ICRD": "created_date",
    "IENG": "engineer",
    "IGNR": "genre",
    "ISFT": "software",
    "ISBJ": "subject",
    "ISRC": "source",
    "ISRF": "source_form",
    "IMED": "medium",
    "ITCH": "technician",
    "ICMS": "commissioned",
    "IARL": "archival_location",
    "ITRK": "track",
    "IPRT": "part",
    "ILNG": "language",
}
_LETTERS = {name: letters for letters, name in NAMES.items()}


def parse_info(lists: Iterable[bytes], byte_order: str = "<") -> dict[str, str]:
    """Texts by name; letters that NAMES does not know stay as they are. The first one counts."""
    texts: dict[str, str] = {}
    for contents in lists:
        for letters, raw in parts_of_list(contents, byte_order):
            name = NAMES.get(letters.upper(), letters)
            if name not in texts:
                texts[name] = decode_text(raw)
    return texts


def build_info(texts: Mapping[str, str], byte_order: str = "<") -> bytes:
    """Contents of a LIST INFO.

    Raises:
        AudioError: a name that is neither of NAMES nor four letters.
    """
    parts = []
    for name, text in texts.items():
        letters = _LETTERS.get(name, name)
        if len(letters) != 4 or not letters.isascii():
            raise AudioError(f"INFO has no field {name!r}; it has {', '.join(_LETTERS)}")
        parts.append((letters, text.encode("utf-8") + b"\0"))
    return pack_list("INFO", parts, byte_order)
