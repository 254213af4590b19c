"""Writing Broadcast WAV: a block at a time, and in its place only when it is whole.

    RIFF | JUNK (room for ds64) | bext | fmt | fact | iXML | data | cue | LIST adtl

bext stands in front so that the start is found at once, and is written again at the
end, when the loudness of what went through is known. Past 4 GiB the RIFF becomes an
RF64 by itself, and JUNK its ds64 (EBU Tech 3306).
"""

import contextlib
import struct
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from audio import AudioError
from audio.bext import Bext, build_bext
from audio.cue_points import CuePoint, build_cues
from audio.ixml import Ixml
from audio.ixml_writer import build_ixml
from audio.layout import Layout, layout_for
from audio.level import Samples
from audio.pcm import ENCODINGS, Packer, check_finite
from audio.riff import (
    DS64_BYTES,
    HEAD_BYTES,
    UNKNOWN_SIZE,
    pack_chunk,
    pack_ds64,
    pack_form,
    pack_head,
)
from audio.wave_format import build_format
from audio.whole_file import WholeFile

MOST_CHANNELS = 16


class WaveWriter:
    """Writes one file; use it in a `with`. What is there already stays until the end.

    Args:
        layout: or the number of channels, or the name of a layout.
        encoding: one of audio.pcm.ENCODINGS.
        bext: `time_reference_samples` and texts; its loudness may follow by `set_bext`.
        ixml: as audio.ixml.Ixml or the text of the chunk.
        cues: markers within the file; more by `add_cue`.
        dither_seed: TPDF dither when going to integers, the same for the same seed; None: none.
        riff_limit_bytes: above this the file is an RF64.

    Raises:
        AudioError: an encoding, a layout or a folder that cannot be written.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        sample_rate_hz: int,
        layout: Layout | int | str,
        encoding: str = "pcm24",
        bext: Bext | None = None,
        ixml: Ixml | bytes | None = None,
        cues: Sequence[CuePoint] = (),
        dither_seed: int | None = None,
        riff_limit_bytes: int = UNKNOWN_SIZE,
    ) -> None:
        self.path = Path(path)
        self.layout = layout if isinstance(layout, Layout) else layout_for(layout)
        self.sample_rate_hz = sample_rate_hz
        self.duration_samples = 0
        if not 1 <= self.layout.channels <= MOST_CHANNELS:
            raise AudioError(
                f"{self.path}: {self.layout.channels} channels; 1 to {MOST_CHANNELS} can be written"
            )
        if not 1 <= sample_rate_hz < 1 << 24:
            raise AudioError(f"{self.path}: {sample_rate_hz} Hz is not a sample rate")
        self._packer = Packer(encoding, dither_seed)
        self._block_bytes = self.layout.channels * ENCODINGS[encoding]
        self._limit_bytes = riff_limit_bytes
        self._bext = None if bext is None else _even(build_bext(bext), b"\0")
        self._cues = list(cues)
        head = pack_form("RIFF", 0) + pack_chunk("JUNK", bytes(DS64_BYTES))
        if self._bext is not None:
            self._bext_at = len(head) + HEAD_BYTES
            head += pack_chunk("bext", self._bext)
        contents = build_format(
            encoding, self.layout.channels, sample_rate_hz, self.layout.speaker_mask
        )
        head += pack_chunk("fmt ", contents)
        # Codings other than integers carry their length in samples in "fact".
        self._fact_at = len(head) + HEAD_BYTES if encoding == "float32" else None
        if self._fact_at is not None:
            head += pack_chunk("fact", bytes(4))
        if ixml is not None:
            text = build_ixml(ixml) if isinstance(ixml, Ixml) else ixml
            head += pack_chunk("iXML", _even(text, b"\n"))
        self._data_at = len(head) + HEAD_BYTES
        # No sound by its name: who scans the folder meanwhile passes it by.
        self._place = WholeFile(self.path, ".part")
        try:
            self._file = self._open_neighbour()
            self._put(head + pack_head("data", 0))
        except BaseException:
            self._place.discard()
            raise

    @property
    def clipped_values(self) -> int:
        """How many values stood beyond full scale and were held at it; none in float32."""
        return self._packer.clipped_values

    def write(self, samples: Samples) -> None:
        """Append samples, shape (n_samples, channels).

        Raises:
            AudioError: another shape, NaN or infinity (with its position), or a full disk.
        """
        if samples.ndim != 2 or samples.shape[1] != self.layout.channels:
            raise AudioError(
                f"{self.path}: samples must be (n_samples, {self.layout.channels}), "
                f"got shape {samples.shape}"
            )
        check_finite(samples, self.duration_samples, str(self.path))
        self._put(self._packer.pack(samples))
        self.duration_samples += len(samples)

    def write_packed(self, packed: bytes | memoryview) -> None:
        """Append samples that are in the file's own encoding already, as of an audio.pcm.Packer.

        For whoever also needs to know what exactly was written; not checked.

        Raises:
            AudioError: not whole samples, or a full disk.
        """
        n_samples, rest = divmod(len(packed), self._block_bytes)
        if rest:
            raise AudioError(
                f"{self.path}: {len(packed)} bytes are not whole samples of {self._block_bytes}"
            )
        self._put(packed)
        self.duration_samples += n_samples

    def set_bext(self, bext: Bext) -> None:
        """Replace the bext, as when the loudness is known; written on closing.

        Raises:
            AudioError: the file was begun without, or its coding history has grown.
        """
        room = 0 if self._bext is None else len(self._bext)
        contents = build_bext(bext)
        if self._bext is None or len(contents) > room:
            raise AudioError(
                f"{self.path}: bext of {len(contents)} bytes has no place; {room} were kept for it"
            )
        self._bext = contents.ljust(room, b"\0")

    def add_cue(self, cue: CuePoint) -> None:
        """One more marker; written on closing."""
        self._cues.append(cue)

    def close(self) -> None:
        """Finish the file and put it in its place.

        Raises:
            AudioError: it cannot be written; what was at its place is still there then.
        """
        if self._file.closed:
            return
        try:
            self._finish()
            self._file.close()
            self._place.keep()
        except OSError as problem:
            self.discard()
            raise AudioError(f"{self.path}: cannot be written: {problem.strerror}") from None
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Give up: nothing of it remains."""
        with contextlib.suppress(OSError):
            self._file.close()
        self._place.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _open_neighbour(self) -> BinaryIO:
        try:
            return self._place.neighbour.open("w+b", buffering=1 << 20)
        except OSError as problem:
            raise AudioError(f"{self.path}: cannot be written: {problem.strerror}") from None

    def _put(self, raw: bytes | memoryview) -> None:
        try:
            self._file.write(raw)
        except OSError as problem:
            raise AudioError(f"{self.path}: cannot be written: {problem.strerror}") from None

    def _finish(self) -> None:
        data_bytes = self.duration_samples * self._block_bytes
        self._put(b"\0" * (data_bytes & 1) + self._cue_chunks())
        form_bytes = self._file.tell() - HEAD_BYTES
        is_long = form_bytes > self._limit_bytes or data_bytes > self._limit_bytes
        self._file.seek(0)
        self._put(pack_form("RF64" if is_long else "RIFF", form_bytes))
        if is_long:
            self._put(pack_chunk("ds64", pack_ds64(form_bytes, data_bytes, self.duration_samples)))
        if self._bext is not None:
            self._file.seek(self._bext_at)
            self._put(self._bext)
        if self._fact_at is not None:
            self._file.seek(self._fact_at)
            self._put(struct.pack("<I", min(self.duration_samples, UNKNOWN_SIZE)))
        self._file.seek(self._data_at - HEAD_BYTES)
        self._put(pack_head("data", UNKNOWN_SIZE if is_long else data_bytes))

    def _cue_chunks(self) -> bytes:
        if not self._cues:
            return b""
        late = [cue for cue in self._cues if not 0 <= cue.position_samples <= UNKNOWN_SIZE]
        if late:
            raise AudioError(
                f"{self.path}: marker {late[0].id} at sample {late[0].position_samples}; "
                f"0 to {UNKNOWN_SIZE} can be written"
            )
        points, texts = build_cues(self._cues)
        return pack_chunk("cue ", points) + (pack_chunk("LIST", texts) if texts else b"")


def _even(contents: bytes, filler: bytes) -> bytes:
    """Of even length: libsndfile loses its way in an RF64 at a padding byte before "data"."""
    return contents + filler * (len(contents) & 1)
