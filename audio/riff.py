"""RIFF, RF64 and BW64: how chunks are laid out in a file. Known here and nowhere else.

A form is "RIFF", a size and a form type ("WAVE"), then chunks: four letters, a
32-bit size, that many bytes of contents, and one byte of padding where the size
is odd. Past 4 GiB the form is RF64 (EBU Tech 3306) or BW64 (ITU-R BS.2088): sizes of
0xFFFFFFFF then stand for the 64-bit ones of the chunk "ds64".

What is read may be damaged. Each step of the walk moves on by at least the eight
bytes of a chunk's head and never past the end, nothing is allocated on the word of
a size before that size is held against the bytes that are there, and what had to be
mended is said in `warnings`.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from audio import AudioError
from audio.byte_source import Source

HEAD_BYTES = 8  # letters and size, before the contents of every chunk
FORM_BYTES = 12  # letters, size and form type, before the first chunk
DS64_BYTES = 28  # a ds64 without its table; room for it is reserved as a JUNK chunk
UNKNOWN_SIZE = 0xFFFF_FFFF  # "look into ds64", or a recorder that never came back

_FORMS = {b"RIFF": "<", b"RIFX": ">", b"RF64": "<", b"BW64": "<"}
_FORM_NAMES = {letters: letters.decode("ascii") for letters in _FORMS}
_HEAD = {"<": struct.Struct("<4sI"), ">": struct.Struct(">4sI")}
_DS64 = struct.Struct("<QQQI")  # form size, data size, sample count, rows of the table
_DS64_ROW = struct.Struct("<4sQ")
_MOST_CHUNKS = 4096  # real files have below a hundred; a file of nothing but heads must end
_MOST_CONTENTS_BYTES = 16 << 20  # metadata longer than this is listed but not read
_RESYNC_BYTES = 1 << 20  # how far past a chunk whose size lies the next one is looked for
_KNOWN = {
    letters: (letters.decode("ascii"), letters.lower(), letters.decode("ascii").lower())
    for letters in b"fmt |data|bext|iXML|LIST|list|cue |fact|smpl|JUNK|junk|PAD |FLLR".split(b"|")
}
_LANDMARKS = (b"fmt ", b"data", b"bext", b"iXML", b"LIST", b"cue ", b"fact", b"smpl")


class Chunk(NamedTuple):
    """Where a chunk's contents lie. `size` is what the file holds, never more."""

    id: str  # four letters, as written: "fmt ", "LIST", "list"
    offset: int  # of the first byte of the contents
    size: int  # bytes of contents, without head and padding


def read_riff(source: Source, wanted: frozenset[bytes] = frozenset()) -> "Riff | None":
    """Walk the chunks of a file.

    Args:
        wanted: lower-case letters of the chunks whose contents are to be read as well.

    Returns:
        None where the file does not begin as any of the four forms.

    Raises:
        AudioError: RF64 or BW64 without the ds64 chunk that gives their sizes.
    """
    start = source.read(0, FORM_BYTES)
    byte_order = _FORMS.get(start[:4])
    if byte_order is None or len(start) < FORM_BYTES:
        return None
    riff = Riff(source, start, byte_order, wanted)
    riff._walk()
    declared = _HEAD[byte_order].unpack_from(start)[1]
    if declared == UNKNOWN_SIZE and riff.long_form_size is not None:
        declared = riff.long_form_size
    # Many writers forget the last padding byte in one of the two sums: that much is no news.
    if abs(declared + HEAD_BYTES - source.size) > 1:
        riff.warnings.append(
            f"{riff.form} size says {declared + HEAD_BYTES} bytes, the file has {source.size}"
        )
    return riff


class Riff:
    """The chunk table of a file, and the contents of the chunks that were asked for."""

    def __init__(
        self, source: Source, start: bytes, byte_order: str, wanted: frozenset[bytes]
    ) -> None:
        self.form = _FORM_NAMES[start[:4]]
        self.form_type = start[8:12]  # b"WAVE"
        self.byte_order = byte_order  # "<" or ">", as struct and numpy write it
        self.chunks: list[tuple[str, int, int]] = []  # as Chunk, which takes longer to make
        self.data: Chunk | None = None  # the first one
        self.contents: dict[str, list[bytes]] = {}  # by lower-case letters; LISTs as "list:INFO"
        self.warnings: list[str] = []
        self.damaged = False  # chunks are cut short or guessed: do not rewrite such a file
        self.long_form_size: int | None = None  # of ds64
        self._source = source
        self._wanted = wanted
        self._long_sizes: dict[bytes, int] = {}

    def _walk(self) -> None:
        # Written for speed: a scan of a large collection does little else than this loop.
        source, chunks, wanted = self._source, self.chunks, self._wanted
        unpack_from = _HEAD[self.byte_order].unpack_from
        file_size = source.size
        long_form = self.form in ("RF64", "BW64")
        position = FORM_BYTES
        while (offset := position + HEAD_BYTES) <= file_size:
            in_window = position - source.window_start
            if in_window < 0 or in_window + HEAD_BYTES > len(source.window):
                source.read(position, HEAD_BYTES)
                in_window = 0
            letters, size = unpack_from(source.window, in_window)
            known = _KNOWN.get(letters)
            if known is None:
                if not _is_letters(letters):
                    self._warn_of_rest(position)
                    break
                text = letters.decode("ascii")
                known = text, letters.lower(), text.lower()
            if len(chunks) == _MOST_CHUNKS:
                self.warnings.append(f"more than {_MOST_CHUNKS} chunks; the rest is not read")
                self.damaged = True
                break
            name, key, kind = known
            if long_form:
                if key == b"ds64":
                    self._read_ds64(offset, min(size, file_size - offset))
                elif self.long_form_size is None:
                    break  # ds64 must be first, for the sizes that follow hang on it
                elif size == UNKNOWN_SIZE:
                    size = self._long_sizes.get(letters, size)
            end = offset + size
            if end > file_size or (size == 0 and key == b"data" and offset < file_size):
                size, end = self._mend(letters, key, offset, size)
            chunks.append((name, offset, size))
            if key in wanted:
                self._keep(kind, offset, size)
            elif key == b"data" and self.data is None:
                self.data = Chunk(name, offset, size)
            position = end
            if size & 1 and end == offset + size:
                position = self._after_padding(end, letters)
        if long_form and self.long_form_size is None:
            raise AudioError(
                f"malformed {self.form} file: missing ds64 chunk, which gives its sizes"
            )

    def _keep(self, name: str, offset: int, size: int) -> None:
        if name == "list":
            name = f"list:{self._source.read(offset, min(4, size)).decode('latin-1')}"
            if name not in ("list:INFO", "list:adtl"):
                return
        if size > _MOST_CONTENTS_BYTES:
            self.warnings.append(f"chunk {name!r} has {size} bytes; it is listed, not read")
            return
        contents = self._source.read(offset, size)
        if name in self.contents:
            self.contents[name].append(contents)
        else:
            self.contents[name] = [contents]

    def _read_ds64(self, offset: int, size: int) -> None:
        contents = self._source.read(offset, min(size, _MOST_CONTENTS_BYTES))
        if len(contents) < DS64_BYTES:
            self.warnings.append(f"ds64 has {len(contents)} bytes; {DS64_BYTES} would be right")
            self.damaged = True
            contents = contents.ljust(DS64_BYTES, b"\0")
        form_size, data_size, _sample_count, rows = _DS64.unpack_from(contents)
        self.long_form_size = form_size
        rows = min(rows, (len(contents) - DS64_BYTES) // _DS64_ROW.size)
        table = contents[DS64_BYTES : DS64_BYTES + rows * _DS64_ROW.size]
        self._long_sizes = dict(_DS64_ROW.iter_unpack(table))
        self._long_sizes[b"data"] = data_size

    def _mend(self, letters: bytes, key: bytes, offset: int, size: int) -> tuple[int, int]:
        """Size and end of a chunk whose own size cannot be right."""
        present = self._source.size - offset
        name = letters.decode("ascii")
        if size == 0:  # sound that its recorder never got to count, or truly none
            if self._begins_chunk(offset):
                return 0, offset
            self.damaged = True
            self.warnings.append(
                f"chunk 'data' says 0 bytes, but {present} follow; they are taken as its sound"
            )
            return present, self._source.size
        self.damaged = True
        said = "is of unknown size" if size == UNKNOWN_SIZE else f"says {size} bytes"
        if key != b"data":
            following = self._find_landmark(offset)
            if following is not None:
                self.warnings.append(
                    f"chunk {name!r} {said}, the file has {present}; "
                    f"reading goes on at the next chunk, byte {following}"
                )
                return following - offset, following
        self.warnings.append(f"chunk {name!r} {said}, the file has {present} left: cut short")
        return present, self._source.size

    def _find_landmark(self, offset: int) -> int | None:
        area = self._source.read(offset, min(_RESYNC_BYTES, self._source.size - offset))
        found = [place for mark in _LANDMARKS if (place := area.find(mark)) >= 0]
        places = sorted(offset + place for place in found)
        return next((place for place in places if self._begins_chunk(place)), None)

    def _begins_chunk(self, position: int) -> bool:
        """Whether a chunk could begin here: letters, and a size within the file."""
        head = self._source.read(position, HEAD_BYTES)
        if len(head) < HEAD_BYTES:
            return False
        letters, size = _HEAD[self.byte_order].unpack(head)
        fits = size <= self._source.size - position - HEAD_BYTES or size == UNKNOWN_SIZE
        return _is_letters(letters) and (fits or letters == b"data")

    def _after_padding(self, position: int, letters: bytes) -> int:
        """Where the chunk after an odd one begins: past the padding byte, if there is one."""
        name = letters.decode("ascii")
        if position == self._source.size:
            self.warnings.append(f"{name} chunk is missing padding byte")
        elif not self._begins_chunk(position + 1) and self._begins_chunk(position):
            self.warnings.append(f"{name} chunk is missing padding byte")
            return position
        return position + 1

    def _warn_of_rest(self, position: int) -> None:
        rest = self._source.size - position
        sample = self._source.read(position, min(rest, 4096))
        if any(sample) or rest > len(sample):
            self.warnings.append(f"{rest} bytes from byte {position} on are no chunk")


def _is_letters(letters: bytes) -> bool:
    return letters.isascii() and letters.decode("ascii").isprintable()


def parts_of_list(contents: bytes, byte_order: str = "<") -> Iterator[tuple[str, bytes]]:
    """Letters and contents of the chunks within a LIST, as far as they can be read."""
    unpack = _HEAD[byte_order].unpack_from
    position, end = 4, len(contents)
    while position + HEAD_BYTES <= end:
        letters, size = unpack(contents, position)
        if not _is_letters(letters):
            # a text of odd length whose writer left the padding out
            position -= 1
            letters, size = unpack(contents, position)
            if position < 4 or not _is_letters(letters):
                return
        start = position + HEAD_BYTES
        yield letters.decode("ascii"), contents[start : start + size]
        position = start + size + (size & 1)


def pack_chunk(letters: str, contents: bytes, byte_order: str = "<") -> bytes:
    """A whole chunk: head, contents and padding."""
    return pack_head(letters, len(contents), byte_order) + contents + b"\0" * (len(contents) & 1)


def pack_head(letters: str, size: int, byte_order: str = "<") -> bytes:
    """The eight bytes before a chunk's contents; a size past 32 bits is left to ds64."""
    return _HEAD[byte_order].pack(letters.encode("ascii"), min(size, UNKNOWN_SIZE))


def pack_list(list_type: str, parts: Iterable[tuple[str, bytes]], byte_order: str = "<") -> bytes:
    """Contents of a LIST chunk, to be given to `pack_chunk`."""
    return list_type.encode("ascii") + b"".join(
        pack_chunk(letters, contents, byte_order) for letters, contents in parts
    )


def pack_form(form: str, size: int, byte_order: str = "<") -> bytes:
    """The twelve bytes a WAVE file begins with; `size` counts all that follows the first eight."""
    return pack_head(form, UNKNOWN_SIZE if form in ("RF64", "BW64") else size, byte_order) + b"WAVE"


def pack_ds64(
    form_size: int, data_size: int, sample_count: int, table: tuple[tuple[str, int], ...] = ()
) -> bytes:
    """Contents of ds64: the 64-bit sizes; `table` gives those of chunks other than data."""
    rows = b"".join(_DS64_ROW.pack(letters.encode("ascii"), size) for letters, size in table)
    return _DS64.pack(form_size, data_size, sample_count, len(table)) + rows


def change_ds64(contents: bytes, form_size: int, data_size: int) -> bytes:
    """The same contents with other sizes of form and data; table and sample count stay."""
    _form_size, _data_size, sample_count, rows = _DS64.unpack_from(contents)
    return _DS64.pack(form_size, data_size, sample_count, rows) + contents[DS64_BYTES:]
