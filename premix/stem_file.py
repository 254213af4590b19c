"""The files of one stem: Broadcast WAV, one of all channels or one mono file a channel."""

import hashlib
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

import numpy as np

from audio.bext import Bext
from audio.ixml import Ixml, tracks_of
from audio.layout import LAYOUTS, Layout
from audio.level import Samples
from audio.loudness import Loudness
from audio.pcm import Packer, unpack
from audio.wave_writer import WaveWriter
from premix.plan import Plan, StemJob
from premix.stem_key import USER_FIELD, key_of

ORIGINATOR = "Dubstage"
_OPENING = threading.Lock()


class StemFile:
    """Where a stem is written. What stood there is replaced when all went well, never before."""

    def __init__(self, planned: Plan, job: StemJob, folder: Path, *, listened: bool = True) -> None:
        """Args: listened: whether what `write` gives back is looked at."""
        self._listened = listened
        self._plan, self._job = planned, job
        delivery = planned.delivery
        self._split = delivery.split and job.layout.channels > 1
        labels = [f".{label}" for label in job.layout.labels] if self._split else [""]
        self.paths = [folder / f"{job.file_stem}{label}.wav" for label in labels]
        seed = _seed(job.name) if delivery.dither and not job.sum_of else None
        self.key = key_of(planned, job, product_version())
        self._packer = Packer(delivery.encoding, seed)
        self._writers: list[WaveWriter] = []
        self._open = ExitStack()

    def __enter__(self) -> "StemFile":
        layouts = [LAYOUTS["mono"]] * len(self.paths) if self._split else [self._job.layout]
        with ExitStack() as opening:
            for path, layout, labels in zip(self.paths, layouts, self._labels(), strict=True):
                with _OPENING:  # the process's umask is looked at while a file is opened
                    writer = self._writer(path, layout, labels)
                self._writers.append(opening.enter_context(writer))
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def write(self, samples: Samples) -> tuple[Samples, int]:
        """Write the next samples, shape (n_samples, channels).

        Returns:
            The same as a reader of the file will find them, rounded and dithered, and how
            many values were past full scale.
        """
        before = self._packer.clipped_values
        if self._listened or self._split:
            packed, delivered = self._packer.pack_and_hear(samples)
        else:
            packed, delivered = self._packer.pack(samples), samples
        if self._split:
            for channel, writer in enumerate(self._writers):
                writer.write(delivered[:, channel : channel + 1])
        else:
            self._writers[0].write_packed(packed)
        return delivered, self._packer.clipped_values - before

    def copy(self, raw: Sequence[bytes]) -> Samples:
        """Write the next samples as an earlier file of this stem held them.

        Args:
            raw: the bytes of each file, of equally many samples.

        Returns:
            The same, shape (n_samples, channels).
        """
        kind = "float" if self._packer.encoding == "float32" else "int"
        columns = []
        for writer, part in zip(self._writers, raw, strict=True):
            writer.write_packed(part)
            heard = unpack(part, kind, self._plan.delivery.bits)
            columns.append(heard.reshape(-1, writer.layout.channels))
        samples: Samples = columns[0] if len(columns) == 1 else np.hstack(columns)
        self._packer.skip(samples.size)
        return samples

    def note_loudness(self, loudness: Loudness) -> None:
        """Let the files say how loud the stem is, as bext v2 does."""
        for writer in self._writers:
            writer.set_bext(
                replace(
                    self._bext(writer.layout),
                    loudness_lufs=loudness.integrated_lufs,
                    loudness_range_lu=loudness.range_lu,
                    max_true_peak_dbtp=loudness.true_peak_dbtp,
                    max_momentary_lufs=loudness.max_momentary_lufs,
                    max_short_term_lufs=loudness.max_short_term_lufs,
                )
            )

    def _labels(self) -> list[tuple[str, ...]]:
        """Names of the channels in each file."""
        labels = self._job.layout.labels
        return [(label,) for label in labels] if self._split else [labels]

    def _writer(self, path: Path, layout: Layout, labels: tuple[str, ...]) -> WaveWriter:
        session, job = self._plan.session, self._job
        ixml = Ixml(
            version="3.01",
            project=session.name,
            note=f"stem {job.name}",
            file_family_name=job.file_stem if self._split else "",
            timecode_rate=f"{session.rate.fps.numerator}/{session.rate.fps.denominator}",
            timecode_flag="DF" if session.rate.drop else "NDF",
            start_samples=job.start_samples,
            user={USER_FIELD: self.key},
            tracks=tracks_of(labels),
        )
        return WaveWriter(
            path,
            sample_rate_hz=job.sample_rate_hz,
            layout=layout,
            encoding=self._plan.delivery.encoding,
            bext=self._bext(layout),
            ixml=ixml,
        )

    def _bext(self, layout: Layout) -> Bext:
        session, delivery, job = self._plan.session, self._plan.delivery, self._job
        algorithm = "F" if delivery.encoding == "float32" else "PCM"
        mode = {1: "mono", 2: "stereo"}.get(layout.channels, "multichannel")
        return Bext(
            description=f"{session.name}, stem {job.name}, {job.layout.name}",
            originator=ORIGINATOR,
            time_reference_samples=job.start_samples,
            coding_history=(
                f"A={algorithm},F={job.sample_rate_hz},W={delivery.bits},M={mode},"
                f"T={ORIGINATOR} {product_version()}\r\n"
            ),
        )


@cache
def product_version() -> str:
    """As the distribution says it; "0" where the product runs without being installed."""
    try:
        return version("dubstage")
    except PackageNotFoundError:
        return "0"


def _seed(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
