"""Lists as cutting rooms write them: bytes to text to lines, whoever wrote them."""

import re

from premix import PremixError

_LINE_END = re.compile(r"\r\n|\n|\r")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
# How files that are sent by mistake begin.
_STRANGERS = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"RIFF": "a WAV or AVI file",
    b"\xd0\xcf\x11\xe0": "an AAF or an old Office document",
    b"<?xml": "XML",
}


def decode(data: bytes, file_name: str, kind: str) -> str:
    """Text of a list's bytes: UTF-16 by its mark, UTF-8, else GBK, else Latin-1.

    GBK writes each Chinese character as two high bytes, so its runs of high bytes
    are even; the accents of Latin-1 stand alone.

    Args:
        kind: what the file should be, for the error: "an EDL".

    Raises:
        PremixError: the bytes are another kind of file.

    >>> decode("café".encode("latin-1"), "a.edl", "an EDL")
    'café'
    """
    for magic, stranger in _STRANGERS.items():
        if data.startswith(magic):
            raise PremixError(f"{file_name}: this is {stranger}, not {kind}")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if sum(data.count(control) for control in range(9)) > len(data) // 100:
        raise PremixError(f"{file_name}: this is binary data, not {kind}, which is plain text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if all(len(run) % 2 == 0 for run in _HIGH_BYTES.findall(data)):
        try:
            return data.decode("gbk")
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")


def split_lines(text: str) -> list[str]:
    """Lines without their ends; CR, LF and CRLF may be mixed, the last may lack one.

    `str.splitlines` would also break at the Latin-1 bytes of other characters.

    >>> split_lines("a\\r\\nb\\rc\\nd")
    ['a', 'b', 'c', 'd']
    """
    lines = _LINE_END.split(text)
    return lines[:-1] if lines[-1] == "" else lines
