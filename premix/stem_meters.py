"""What looks on while a stem is written: how loud it is, and what it looks like."""

from typing import Protocol

import numpy as np

from audio.level import Samples
from audio.loudness import Loudness, LoudnessMeter
from premix.plan import StemJob
from premix.report import Overview

_OVERVIEW_BUCKETS = 2_000


class Meters(Protocol):
    """What looks on while a stem is written."""

    @property
    def loudness(self) -> Loudness: ...

    @property
    def overview(self) -> Overview: ...

    def add(self, delivered: Samples, start_samples: int) -> None:
        """The next block, as it is on disk, from this record position on."""


class StemMeters:
    """Loudness of the action, and the waveform of the whole."""

    def __init__(self, job: StemJob) -> None:
        self._job = job
        self._loudness = LoudnessMeter(job.sample_rate_hz, job.layout)
        self._overview = OverviewMeter(job.end_samples - job.start_samples)

    @property
    def loudness(self) -> Loudness:
        return self._loudness.result()

    @property
    def overview(self) -> Overview:
        return self._overview.result()

    def add(self, delivered: Samples, start_samples: int) -> None:
        # Pops and the silence of leaders are no part of how loud the action is.
        first, end = (
            max(0, place - start_samples)
            for place in (self._job.heard_start_samples, self._job.heard_end_samples)
        )
        self._loudness.add(delivered[first:end])
        self._overview.add(delivered)


class NoMeters:
    """Sees nothing, and says so."""

    loudness = Loudness(
        integrated_lufs=None,
        range_lu=None,
        max_momentary_lufs=None,
        max_short_term_lufs=None,
        true_peak_dbtp=None,
        sample_peak_dbfs=None,
    )
    overview = Overview(
        bucket_samples=1, low=np.zeros(1, dtype=np.float32), high=np.zeros(1, dtype=np.float32)
    )

    def add(self, delivered: Samples, start_samples: int) -> None:
        pass


class OverviewMeter:
    """Extremes of each stretch of a stem, gathered as it passes."""

    def __init__(self, duration_samples: int) -> None:
        self._bucket_samples = max(1, -(-duration_samples // _OVERVIEW_BUCKETS))
        n_buckets = max(1, -(-duration_samples // self._bucket_samples))
        self._low = np.zeros(n_buckets, dtype=np.float32)
        self._high = np.zeros(n_buckets, dtype=np.float32)
        self._position = 0

    def add(self, samples: Samples) -> None:
        """Take the next samples, shape (n_samples, n_channels)."""
        first = 0
        while first < len(samples):
            bucket, within = divmod(self._position, self._bucket_samples)
            end = min(len(samples), first + self._bucket_samples - within)
            part = samples[first:end]
            self._low[bucket] = min(self._low[bucket], part.min())
            self._high[bucket] = max(self._high[bucket], part.max())
            self._position += end - first
            first = end

    def result(self) -> Overview:
        return Overview(bucket_samples=self._bucket_samples, low=self._low, high=self._high)
