"""Changing what a WAVE file says of itself, and nothing besides.

The new file is written beside the old one, synced, read back and held against it:
the sound must be the same by its hash, every other chunk the same byte for byte, and
the new values must be there. Only then does it take the old one's place, in one
step, so that power lost at any moment leaves the old file or the new one.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from audio import AudioError
from audio.bext import Bext, build_bext, change_bext, parse_bext
from audio.cue_points import CuePoint, build_cues
from audio.files import SoundHeader, read_header
from audio.info import build_info
from audio.ixml import Ixml
from audio.ixml_writer import build_ixml, change_ixml
from audio.riff import (
    DS64_BYTES,
    FORM_BYTES,
    HEAD_BYTES,
    UNKNOWN_SIZE,
    Chunk,
    change_ds64,
    pack_chunk,
    pack_ds64,
    pack_form,
    pack_head,
)
from audio.whole_file import WholeFile

_COPY_BYTES = 1 << 20


@dataclass(frozen=True)
class _Part:
    """One chunk of the new file: new contents, or a stretch of the old file."""

    id: str
    new: bytes | None = None
    old: Chunk | None = None

    @property
    def size(self) -> int:
        return len(self.new) if self.new is not None else self.old.size if self.old else 0


def change_metadata(
    path: Path | str,
    *,
    bext: Mapping[str, object] | None = None,
    ixml: Ixml | bytes | Mapping[str, str] | None = None,
    info: Mapping[str, str] | None = None,
    cues: Sequence[CuePoint] | None = None,
    riff_limit_bytes: int = UNKNOWN_SIZE,
) -> None:
    """Change metadata of a WAVE file in place; what is not named stays as it is.

    Args:
        bext: fields of audio.bext.Bext to change; the others keep their bytes. A file
            without the chunk gets one.
        ixml: elements to change, by their way down: {"SCENE": "12", "USER/CATID": "DOORWood"};
            the others stay. Or the whole new chunk, as a value or as XML.
        info: texts by audio.info.NAMES to change; an empty one is taken out.
        cues: all markers, in place of those there are.
        riff_limit_bytes: above this the file becomes an RF64.

    Raises:
        AudioError: not a WAVE file, one too damaged to rewrite, a value that cannot be
            written, or a new file that did not read back right. The old file is then untouched.
    """
    path = Path(path).resolve()  # a link stays a link
    header = read_header(path)
    if header.wave is None or header.byte_order != "<":
        raise AudioError(f"{path}: is {header.format}; metadata is changed in WAV, RF64 and BW64")
    if header.damaged:
        problems = "; ".join(header.file_warnings)
        raise AudioError(f"{path}: is damaged and is not rewritten: {problems}")
    try:
        changed = _new_contents(header, bext, ixml, info, cues)
        with path.open("rb") as old:
            place = _rewrite(path, old, header, _arrange(old, header, changed), riff_limit_bytes)
        try:
            place.keep()
        finally:
            place.discard()
    except AudioError as problem:
        raise AudioError(f"{path}: {problem}") from None
    except OSError as problem:
        raise AudioError(f"{path}: cannot be rewritten: {problem.strerror}") from None


def _new_contents(
    header: SoundHeader,
    bext: Mapping[str, object] | None,
    ixml: Ixml | bytes | Mapping[str, str] | None,
    info: Mapping[str, str] | None,
    cues: Sequence[CuePoint] | None,
) -> dict[str, bytes]:
    """Contents by chunk, a LIST as "list:INFO"; empty where the chunk is to go."""
    changed = {}
    if bext is not None:
        old = header.contents.get("bext")
        changed["bext"] = change_bext(old[0] if old else build_bext(Bext()), bext)
        _check_bext(changed["bext"], bext)
    if isinstance(ixml, Mapping):
        changed["ixml"] = change_ixml(header.contents.get("ixml", [b""])[0], ixml)
    elif ixml is not None:
        changed["ixml"] = build_ixml(ixml) if isinstance(ixml, Ixml) else ixml
    if info is not None:
        texts = {name: text for name, text in (header.info | dict(info)).items() if text}
        changed["list:INFO"] = build_info(texts) if texts else b""
    if cues is not None:
        points, texts_of_cues = build_cues(cues)
        changed["cue "] = points if cues else b""
        changed["list:adtl"] = texts_of_cues
    return changed


def _check_bext(contents: bytes, changes: Mapping[str, object]) -> None:
    read, _warnings = parse_bext(contents)
    for name, value in changes.items():
        found = getattr(read, name)
        same = found == value or (
            isinstance(found, float) and abs(found - float(str(value))) <= 0.005
        )
        if not same and not (name == "umid" and str(found).startswith(str(value))):
            raise AudioError(f"bext: {name} {value!r} does not fit; {found!r} would be kept of it")


def _arrange(old: BinaryIO, header: SoundHeader, changed: Mapping[str, bytes]) -> list[_Part]:
    """The chunks of the new file in the old order; new ones before the sound or at the end."""
    left = dict(changed)
    parts = []
    for chunk in header.chunks:
        key = chunk.id.lower()
        if key == "ds64":
            continue
        if key == "list":
            old.seek(chunk.offset)
            key = f"list:{old.read(min(4, chunk.size)).decode('latin-1')}"
        if key not in changed:
            parts.append(_Part(chunk.id, old=chunk))
        elif key in left:
            contents = left.pop(key)
            if contents:
                parts.append(_Part(chunk.id, new=contents))
        elif not key.startswith("list:"):
            parts.append(_Part(chunk.id, old=chunk))  # a second one of its kind, never read
    names = {"bext": "bext", "ixml": "iXML", "cue ": "cue "}
    for key, contents in left.items():
        if contents and key == "bext":
            sound = next(i for i, part in enumerate(parts) if part.id.lower() in ("fmt ", "data"))
            parts.insert(sound, _Part("bext", new=contents))
        elif contents:
            parts.append(_Part(names.get(key, "LIST"), new=contents))
    return parts


def _rewrite(
    path: Path, old: BinaryIO, header: SoundHeader, parts: list[_Part], limit_bytes: int
) -> WholeFile:
    """The new file, written beside the old one and read back; to be kept."""
    place = WholeFile(path, ".part")
    try:
        with place.neighbour.open("wb") as new:
            hashes = _write(old, new, header, parts, limit_bytes)
            new.flush()
            os.fsync(new.fileno())
        shutil.copymode(path, place.neighbour)
        _verify(place.neighbour, header, hashes)
    except BaseException:
        place.discard()
        raise
    return place


def _write(
    old: BinaryIO, new: BinaryIO, header: SoundHeader, parts: list[_Part], limit_bytes: int
) -> list[tuple[str, str]]:
    """Write the new file; returns letters and hash of each of its chunks but ds64."""
    room = parts[0].id.lower() == "junk" and parts[0].size >= DS64_BYTES
    form_bytes = (
        FORM_BYTES - HEAD_BYTES + sum(HEAD_BYTES + part.size + (part.size & 1) for part in parts)
    )
    form = "RIFF" if header.format == "WAV" else header.format
    ds64 = b""
    if form != "RIFF":
        ds64 = _old_ds64(old, header)
    elif form_bytes > limit_bytes:
        form, ds64 = "RF64", pack_ds64(0, 0, header.duration_samples)
        if room:
            ds64 += bytes(parts[0].size - DS64_BYTES)
            form_bytes -= HEAD_BYTES + parts[0].size + (parts[0].size & 1)
            parts = parts[1:]
    if ds64:
        form_bytes += HEAD_BYTES + len(ds64) + (len(ds64) & 1)
    new.write(pack_form(form, form_bytes))
    if ds64:
        data = next(part for part in parts if part.id.lower() == "data")
        new.write(pack_chunk("ds64", change_ds64(ds64, form_bytes, data.size)))
    hashes = []
    for part in parts:
        is_long = part.size >= UNKNOWN_SIZE or (bool(ds64) and part.id.lower() == "data")
        new.write(pack_head(part.id, UNKNOWN_SIZE if is_long else part.size))
        hashes.append((part.id, _copy(old, part, new.write)))
        new.write(b"\0" * (part.size & 1))
    last = header.chunks[-1]
    old.seek(last.offset + last.size + (last.size & 1))
    shutil.copyfileobj(old, new, _COPY_BYTES)  # what follows the last chunk is the user's too
    return hashes


def _old_ds64(old: BinaryIO, header: SoundHeader) -> bytes:
    chunk = next(chunk for chunk in header.chunks if chunk.id.lower() == "ds64")
    old.seek(chunk.offset)
    return old.read(chunk.size)


def _copy(old: BinaryIO, part: _Part, write: Callable[[bytes], object]) -> str:
    """Hand the contents of a part on, a piece at a time; returns their hash."""
    if part.old is None:
        contents = part.new or b""
        write(contents)
        return hashlib.sha256(contents).hexdigest()
    digest = hashlib.sha256()
    old.seek(part.old.offset)
    left = part.old.size
    while left:
        piece = old.read(min(left, _COPY_BYTES))
        if not piece:
            raise AudioError("has become shorter while it was read")
        digest.update(piece)
        write(piece)
        left -= len(piece)
    return digest.hexdigest()


def _verify(neighbour: Path, before: SoundHeader, hashes: list[tuple[str, str]]) -> None:
    """Read the new file back: the same sound, the same other chunks, and the new contents."""
    after = read_header(neighbour)
    same_sound = (
        after.wave == before.wave
        and after.duration_samples == before.duration_samples
        and not after.damaged
    )
    with neighbour.open("rb") as new:
        found = [
            (chunk.id, _copy(new, _Part(chunk.id, old=chunk), lambda _piece: None))
            for chunk in after.chunks
            if chunk.id.lower() != "ds64"
        ]
    if not same_sound or found != hashes:
        raise AudioError("the rewritten file did not read back as it was written; nothing changed")
