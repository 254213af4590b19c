"""Which stretches of a stem on disk are no longer what a render would write.

A stem remembers in report.json which clips it was made of, each with its place and a hash,
and a hash of all else that its samples hang on. Where only clips came, went or moved, the
stem differs from its file there and nowhere else: a sample is a sum over the clips that
sound at it, and dither hangs on the place in the file alone.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Self

from audio import AudioError
from audio.files import read_header
from premix.plan import Plan, StemJob
from premix.stem import sends_to_lfe
from premix.stem_key import NOT_HEARD, USER_FIELD, sources_of, states_of, told_of
from premix.tail import tail_samples
from premix.timeline import Clip, Track

Span = tuple[int, int]  # record positions, half-open


def ground_of(planned: Plan, job: StemJob, product_version: str) -> str:
    """SHA-256, hexadecimal, of all that every sample of the stem hangs on."""
    delivery = planned.delivery
    made_of = {
        "version": product_version,
        "stem": [job.name, job.layout.name, job.layout.labels, job.sample_rate_hz],
        "span": [job.start_samples, job.end_samples, job.pops],
        "heard": [job.heard_start_samples, job.heard_end_samples],
        "written": [delivery.encoding, delivery.dither, delivery.split],
        "sum_of": job.sum_of,
        # What is sent to the LFE goes through one filter from the stem's start to its end, so
        # that there any change reaches all that follows.
        "sends": clips_of(job) if sends_to_lfe(job) else [],
    }
    return _digest(made_of)


def clips_of(job: StemJob) -> list[list[Any]]:
    """(start, end, hash) of each clip as it sounds, its tail with it; record positions."""
    return [
        [*_sounding(job, clip), _hash(track, clip)] for track in job.tracks for clip in track.clips
    ]


def changed_since(
    planned: Plan, folder: Path, job: StemJob, paths: Sequence[Path], ground: str
) -> list[Span] | None:
    """Stretches in which the stem on disk differs; None where all of it may.

    Of a stem that sums others, what its own clips tell; see `premix.render` for its parts.
    """
    told = told_of(folder, job.name)
    if told is None or not told.get("key") or told.get("ground") != ground:
        return None
    if not told.get("state") or told["state"] != states_of(paths):
        return None
    try:
        for path in paths:
            ixml = read_header(path).ixml
            if ixml is None or ixml.user.get(USER_FIELD) != told["key"]:
                return None
        touched = _touched(told["sources"], sources_of(planned, job))
        before = Counter((start, end, name) for start, end, name in told["clips"])
    except (AudioError, KeyError, TypeError, ValueError):
        return None
    # Counted, for a clip may lie there twice, one on the other.
    now = Counter((start, end, name) for start, end, name in clips_of(job))
    spans = [(start, end) for start, end, _name in (before - now) + (now - before)]
    spans += [
        _sounding(job, clip)
        for track in job.tracks
        for clip in track.clips
        if touched & {str(sound.asset_id) for sound in (clip.sound, clip.room) if sound}
    ]
    return joined(spans)


def joined(spans: Sequence[Span]) -> list[Span]:
    """The same stretches in order, none touching another.

    >>> joined([(5, 9), (0, 3), (2, 4)])
    [(0, 4), (5, 9)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


@dataclass
class OnDisk:
    """A stem as it was written before, of which all but `changed` holds still."""

    job: StemJob
    changed: Sequence[Span]
    paths: Sequence[Path]

    def __post_init__(self) -> None:
        self._files: list[tuple[BinaryIO, int]] = []

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            for path in self.paths:
                data = read_header(path).data
                assert data is not None
                self._files.append((opening.enter_context(path.open("rb")), data.offset))
            self._open = opening.pop_all()
        return self

    def __exit__(self, *why: object) -> None:
        self._open.close()

    def holds(self, start_samples: int, end_samples: int) -> bool:
        """Whether nothing changed between two record positions."""
        return all(end <= start_samples or start >= end_samples for start, end in self.changed)

    def raw(self, start_samples: int, end_samples: int, value_bytes: int) -> list[bytes]:
        """The bytes of that stretch, of each file.

        Raises:
            AudioError: they are not all there.
        """
        channels = self.job.layout.channels // len(self.paths)
        size = (end_samples - start_samples) * channels * value_bytes
        first = (start_samples - self.job.start_samples) * channels * value_bytes
        found = []
        for path, (file, offset) in zip(self.paths, self._files, strict=True):
            file.seek(offset + first)
            found.append(file.read(size))
            if len(found[-1]) != size:
                raise AudioError(f"{path}: was cut short while it was read")
        return found


def _touched(before: Mapping[str, Any], now: Mapping[str, Any]) -> set[str]:
    """asset_id of each recording that is in both and is not the same file state."""
    return {
        asset_id for asset_id in before.keys() & now.keys() if before[asset_id] != now[asset_id]
    }


def _sounding(job: StemJob, clip: Clip) -> Span:
    tail = tail_samples(clip, job.sample_rate_hz)
    return clip.record_start_samples, clip.record_end_samples + tail


def _hash(track: Track, clip: Clip) -> str:
    of_track = [track.stem, track.name, track.lane]
    return _digest([of_track, asdict(replace(clip, **NOT_HEARD))])[:24]


def _digest(made_of: Any) -> str:
    text = json.dumps(made_of, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
