"""Audition: any sound of the library as a WAV that every browser plays, from any byte on.

The answer's length is known before a sample is read, so that a browser may ask for any part;
what it asks for is read from there, resampled and folded down on the way.
"""

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from audio import AudioError
from audio.files import open_sound, read_header
from audio.fold_down import fold_down, fold_matrix
from audio.layout import LAYOUTS, Layout, layout_of_file
from audio.level import Samples
from audio.resample import StreamResampler, resampled_length_samples
from audio.sample_reader import SoundReader
from dubstage.page.sound_api import asset_of
from dubstage.page.state import PageState, RefusedError
from library.asset import Asset
from library.catalogue import folders

HEAD_BYTES = 44
HIGHEST_HZ = 48_000
_BLOCK_SAMPLES = 16_384
_RUN_UP_SAMPLES = 4_096  # of output, so that the resampler's filter is filled
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_SECONDS = re.compile(r"\d{1,7}(?:\.\d{1,9})?")


def routes(state: PageState) -> list[Route]:
    """The bytes of a sound."""

    def play(request: Request) -> Response:
        asset = asset_of(state, request.path_params["number"])
        path = folders(state.catalogue())[asset.root] / asset.path
        if not path.is_file():
            raise RefusedError(f"{asset.root}/{asset.path} is not there now", 410)
        audition = _asked(asset, path, request)
        try:
            return _answer(audition, request.headers.get("range"), request.method == "HEAD")
        except AudioError as problem:
            told = str(problem).replace(str(path), f"{asset.root}/{asset.path}")
            raise RefusedError(told, 410) from None

    return [Route("/api/audio/{number:int}", play)]


@dataclass(frozen=True, kw_only=True)
class Audition:
    """A stretch of a file, forwards or backwards, one channel of it or all."""

    path: Path
    rate_hz: int
    start_samples: int
    end_samples: int
    reverse: bool = False
    solo: int | None = None  # a channel, counted from 0
    of_channels: int = 1  # of the file
    channels: int = 1  # of the answer

    @property
    def to_hz(self) -> int:
        return min(self.rate_hz, HIGHEST_HZ)

    @property
    def n_samples(self) -> int:
        """Of the answer."""
        return resampled_length_samples(
            self.end_samples - self.start_samples, self.rate_hz, self.to_hz
        )

    @property
    def n_bytes(self) -> int:
        return HEAD_BYTES + self.n_samples * self.channels * 2

    def part(self, first: int, last: int) -> Iterator[bytes]:
        """Bytes [first, last) of the answer.

        Raises:
            AudioError: the first block cannot be read; silence stands for what cannot be later.
        """
        if first < HEAD_BYTES:
            yield wav_head(self.n_samples, self.channels, self.to_hz)[first:last]
            first = HEAD_BYTES
        if first >= last:
            return
        block = self.channels * 2
        at = (first - HEAD_BYTES) // block
        skip = (first - HEAD_BYTES) % block
        left, begun = last - first, False
        try:
            for samples in self._from(at):
                data = as_16_bits(samples)[skip:][:left]
                skip = 0
                left -= len(data)
                begun = True
                yield data
                if not left:
                    return
        except AudioError:
            if not begun:
                raise
            while left:
                silence = min(left, _BLOCK_SAMPLES * block)
                left -= silence
                yield bytes(silence)

    def _from(self, at: int) -> Iterator[Samples]:
        """The answer's samples from `at` on."""
        shared = math.gcd(self.rate_hz, self.to_hz)
        up, down = self.to_hz // shared, self.rate_hz // shared
        # Where both rates have a sample at the same instant, the resampler may begin.
        begin = max(0, at - _RUN_UP_SAMPLES) // up * up if up != down else at
        drop = at - begin
        source, n_source = begin * down // up, self.end_samples - self.start_samples
        stream = StreamResampler(self.channels, self.rate_hz, self.to_hz)
        folds = self.solo is None and self.of_channels > 2
        layout = _layout_of(self.path) if folds else None
        with open_sound(self.path) as sound:
            if (sound.sample_rate_hz, sound.channels) != (self.rate_hz, self.of_channels):
                raise AudioError(
                    f"{self.path} is another sound now: {sound.channels} channels at"
                    f" {sound.sample_rate_hz} Hz, {self.of_channels} at {self.rate_hz} are known;"
                    " scan its folder again"
                )
            while source < n_source:
                count = min(_BLOCK_SAMPLES, n_source - source)
                block = self._read(sound, source, count, layout)
                source += count
                made = stream.process(block, last=source >= n_source)
                if drop >= len(made):
                    drop -= len(made)
                    continue
                yield made[drop:]
                drop = 0

    def _read(self, sound: SoundReader, at: int, count: int, layout: Layout | None) -> Samples:
        """Source samples, as this audition hears them; silence where a file breaks off."""
        first = self.end_samples - at - count if self.reverse else self.start_samples + at
        block = sound.read(first, count)
        if len(block) < count:
            block = np.pad(block, ((0, count - len(block)), (0, 0)))
        if self.reverse:
            block = block[::-1]
        if self.solo is not None:
            return np.ascontiguousarray(block[:, self.solo : self.solo + 1])
        if block.shape[1] <= 2:
            return np.ascontiguousarray(block)
        if layout is None or layout.channels != block.shape[1]:
            return np.ascontiguousarray(block[:, :2])  # nobody says what its channels are
        return fold_down(block, layout, LAYOUTS["stereo"])


def wav_head(n_samples: int, channels: int, rate_hz: int) -> bytes:
    """RIFF, fmt and the beginning of data: 16 bit PCM. Beyond 4 GB the sizes say 4 GB."""
    block, most = channels * 2, 0xFFFFFFFF
    data = n_samples * block
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", min(data + 36, most), b"WAVE", b"fmt ", 16, 1, channels,
        rate_hz, rate_hz * block, block, 16, b"data", min(data, most),
    )  # fmt: skip


def as_16_bits(samples: Samples) -> bytes:
    """Little-endian, channels interleaved; what is over full scale stays there."""
    scaled = np.clip(np.rint(samples * 32_767.0), -32_768, 32_767).astype("<i2")
    return bytes(scaled.tobytes())


def _layout_of(path: Path) -> Layout | None:
    """Of a recording of more than two channels; None where they have no way into two."""
    header = read_header(path)
    if header.channels <= 2:
        return None
    layout = layout_of_file(header.channel_labels, 0)
    try:
        fold_matrix(layout, LAYOUTS["stereo"])
    except AudioError:
        return None
    return layout


def _asked(asset: Asset, path: Path, request: Request) -> Audition:
    rate_hz, asked = asset.sample_rate_hz, request.query_params
    start, end = 0, asset.duration_samples
    if "take" in asked:
        wanted = asked["take"]
        if not wanted.isdigit() or int(wanted) >= len(asset.takes):
            raise RefusedError(f"take wants 0 to {len(asset.takes) - 1}", 404)
        take = asset.takes[int(wanted)]
        start, end = take.start_samples, take.end_samples
    for name in ("from", "to"):
        if name in asked:
            if not _SECONDS.fullmatch(asked[name]):
                raise RefusedError(f"{name} wants seconds, such as 1.25")
            at = min(asset.duration_samples, round(float(asked[name]) * rate_hz))
            start, end = (at, end) if name == "from" else (start, at)
    if start >= end:
        raise RefusedError("there is nothing between these")
    solo = asked.get("solo")
    if solo is not None and (not solo.isdigit() or int(solo) >= asset.channels):
        raise RefusedError(f"solo wants a channel, 0 to {asset.channels - 1}")
    return Audition(
        path=path,
        rate_hz=rate_hz,
        start_samples=start,
        end_samples=end,
        reverse=asked.get("reverse") == "1",
        solo=None if solo is None else int(solo),
        of_channels=asset.channels,
        channels=1 if solo is not None else min(2, asset.channels),
    )


def _answer(audition: Audition, range_asked: str | None, head_only: bool) -> Response:
    size, first, last, status = audition.n_bytes, 0, audition.n_bytes, 200
    match = _RANGE.fullmatch(range_asked or "")
    if match is not None and (match[1] or match[2]):
        if match[1]:
            first = int(match[1])
            last = min(size, int(match[2]) + 1) if match[2] else size
        else:
            first = max(0, size - int(match[2]))
        if first >= last:
            return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
        status = 206
    headers = {"accept-ranges": "bytes", "content-length": str(last - first)}
    if status == 206:
        headers["content-range"] = f"bytes {first}-{last - 1}/{size}"
    if head_only:
        return Response(status_code=status, headers=headers, media_type="audio/wav")
    parts = audition.part(first, last)
    # What cannot be read is told in place of an answer, so the first samples are read before it.
    begun = [data for _, data in zip(range(1 if first >= HEAD_BYTES else 2), parts, strict=False)]
    return StreamingResponse(chain(begun, parts), status, headers=headers, media_type="audio/wav")
