"""A stretch of a session as its stems will sound, block by block, for whoever listens now.

The same sums as `premix.render` makes; nothing is written, measured or verified.
"""

import queue
import threading
from collections.abc import Collection, Iterator
from dataclasses import replace

from audio.level import Samples
from premix import PremixError
from premix.delivery import Delivery, StemSpec
from premix.plan import FindSound, StemJob, plan, samples_of
from premix.stem import StemStoppedError, render_stem
from premix.stem_meters import NoMeters
from premix.timeline import STEMS, Session

BLOCK_S = 0.25
_BLOCKS_AHEAD = 8  # how far the sums run ahead of the ear


def span_of_sound(session: Session, start_samples: int, end_samples: int) -> tuple[int, int]:
    """The part of [start, end) that lies within the session.

    Raises:
        PremixError: none of it does.
    """
    first, last = samples_of(session, session.start_frame), samples_of(session, session.end_frame)
    start, end = max(first, start_samples), min(last, end_samples)
    if start >= end:
        raise PremixError(
            f"samples {start_samples} to {end_samples} are not within the session, "
            f"{first} to {last}"
        )
    return start, end


def heard(
    session: Session,
    find_sound: FindSound,
    start_samples: int,
    end_samples: int,
    *,
    stems: Collection[str] = STEMS,
    layout: str = "stereo",
) -> Iterator[Samples]:
    """Blocks of the sum of `stems` over [start, end), float32, shape (n_samples, channels).

    What is missing is silent. Closing the iterator ends the work.

    Raises:
        PremixError: the stretch is outside the session, or the layout is none.
    """
    start, end = span_of_sound(session, start_samples, end_samples)
    tracks = tuple(
        replace(
            track,
            clips=tuple(
                clip
                for clip in track.clips
                if clip.record_start_samples < end and clip.record_end_samples > start
            ),
        )
        for track in session.tracks
        if track.stem in stems
    )
    spec = StemSpec(name="heard", tracks=tuple(STEMS))
    delivery = Delivery(name="heard", stems=(spec,), layout=layout, encoding="float32")
    (job,) = plan(replace(session, tracks=tracks), delivery, find_sound).jobs
    job = replace(job, start_samples=start, end_samples=end)
    yield from _ahead(job, max(1, round(BLOCK_S * session.sample_rate_hz)))


def _ahead(job: StemJob, block_samples: int) -> Iterator[Samples]:
    """The blocks of a stem, summed in a thread that runs a little ahead."""
    ready: queue.Queue[Samples | BaseException | None] = queue.Queue(_BLOCKS_AHEAD)
    stopped = threading.Event()

    def give(block: Samples | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                ready.put(block, timeout=0.2)
            except queue.Full:
                continue
            return

    def write(block: Samples) -> tuple[Samples, int]:
        give(block.copy())
        return block, 0

    def passed(_n_samples: int) -> None:
        if stopped.is_set():
            raise StemStoppedError(job.name)

    def run() -> None:
        try:
            render_stem(job, write, NoMeters(), block_samples, passed)
            give(None)
        except StemStoppedError:
            pass
        except BaseException as problem:  # for the listener's thread to raise
            give(problem)

    worker = threading.Thread(target=run, name="audition", daemon=True)
    worker.start()
    try:
        while (block := ready.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            yield block
    finally:
        stopped.set()
        worker.join()
