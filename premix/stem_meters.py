"""What looks on while a stem is written: how loud it is, what it looks like, what is wrong."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audio.gating import lufs_from_energy
from audio.layout import Layout
from audio.level import Samples
from audio.loudness import Loudness, LoudnessMeter
from premix.plan import StemJob
from premix.qc_checks import Finding, StemChecks, holes
from premix.report import Overview
from premix.timeline import Clip

_OVERVIEW_BUCKETS = 2_000
_STEPS_PER_SECOND = 100  # of the meter


class Meters(Protocol):
    """What looks on while a stem is written."""

    @property
    def loudness(self) -> Loudness: ...

    @property
    def short_term_lufs(self) -> tuple[float | None, ...]: ...

    @property
    def overview(self) -> Overview: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    def add(self, delivered: Samples, start_samples: int) -> None:
        """The next block, as it is on disk, from this record position on."""


class StemMeters:
    """Loudness of the action, the waveform of the whole, and what a receiver would object to."""

    def __init__(self, job: StemJob, highest: float) -> None:
        """Args: highest: the value at which a sample of the encoding counts as clipped."""
        self._job = job
        self._loudness = CurveMeter(job.sample_rate_hz, job.layout)
        self._checks = StemChecks(job.name, job.layout, job.sample_rate_hz, highest)
        self._overview = OverviewMeter(job.end_samples - job.start_samples)

    @property
    def loudness(self) -> Loudness:
        return self._loudness.result()

    @property
    def short_term_lufs(self) -> tuple[float | None, ...]:
        return self._loudness.short_term_lufs()

    @property
    def overview(self) -> Overview:
        return self._overview.result()

    @property
    def findings(self) -> tuple[Finding, ...]:
        plays = bool(self._job.sum_of) or any(track.clips for track in self._job.tracks)
        return (*self._checks.findings(plays=plays), *self._holes())

    def _holes(self) -> Iterator[Finding]:
        """Silence within a background, from its first clip to its last."""
        job, rate_hz = self._job, self._job.sample_rate_hz
        spans: dict[tuple[str, str], list[Clip]] = {}
        for track in job.tracks:
            for clip in track.clips if track.stem == "backgrounds" else ():
                spans.setdefault((clip.cue, track.name), []).append(clip)
        powers = self._checks.powers()
        for (cue, _track), clips in spans.items():
            first = max(job.heard_start_samples, min(c.record_start_samples for c in clips))
            end = min(job.heard_end_samples, max(c.record_end_samples for c in clips))
            start = job.start_samples
            for at, length in holes(powers, first - start, end - start, rate_hz):
                text = f"cue {cue}: silent for {length / rate_hz:.2f} s within its background"
                yield Finding("hole", job.name, text, at)

    def add(self, delivered: Samples, start_samples: int) -> None:
        # Pops and the silence of leaders are no part of how loud the action is.
        first, end = (
            max(0, place - start_samples)
            for place in (self._job.heard_start_samples, self._job.heard_end_samples)
        )
        self._loudness.add(delivered[first:end])
        self._overview.add(delivered)
        for pop in self._job.pops:
            first, end = (max(0, place - start_samples) for place in pop)
            if end and first < len(delivered):
                delivered = delivered.copy()
                delivered[first:end] = 0.0
        self._checks.add(delivered)


class CurveMeter(LoudnessMeter):
    """A loudness meter that remembers how the short-term loudness went, second by second."""

    def __init__(self, sample_rate_hz: int, layout: Layout) -> None:
        super().__init__(sample_rate_hz, layout)
        self._rate_hz = sample_rate_hz
        self._second = np.zeros(0)  # energies of the steps of the second that has begun
        self._seconds: list[float] = []

    def short_term_lufs(self) -> tuple[float | None, ...]:
        """Loudness of each window of 3 s, one a second from the start; None: silence.

        Source: EBU Tech 3341, clause 2.2.
        """
        seconds = np.array(self._seconds)
        means = (seconds[:-2] + seconds[1:-1] + seconds[2:]) / (3 * self._rate_hz)
        return tuple(
            round(lufs_from_energy(mean), 2) if mean > 0 else None for mean in means.tolist()
        )

    def _end_steps(self, energies: NDArray[np.float64]) -> None:
        super()._end_steps(energies)
        steps = np.concatenate([self._second, energies])
        whole = len(steps) // _STEPS_PER_SECOND * _STEPS_PER_SECOND
        self._seconds += steps[:whole].reshape(-1, _STEPS_PER_SECOND).sum(axis=1).tolist()
        self._second = steps[whole:]


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
    short_term_lufs: tuple[float | None, ...] = ()
    findings: tuple[Finding, ...] = ()
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
