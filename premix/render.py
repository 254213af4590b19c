"""A session rendered: one Broadcast WAV a stem, and the report of them all.

    plan → sum and write, stems side by side → stems that sum others → report

Same session, same sounds, same version: the same bytes, whatever the block size
and however many stems are rendered at once. What cannot be rendered is a
problem in the report, with its cue; the rest is rendered all the same.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from audio import AudioError
from audio.level import Samples
from audio.timecode import Timecode
from premix import PremixError
from premix.delivery import Delivery
from premix.plan import FindSound, Plan, StemJob, label_of, plan, samples_of, where
from premix.report import PlacedCue, Report, StemReport, write_json
from premix.report_page import write_page
from premix.stem import (
    ClipTrouble,
    StemResult,
    StemStoppedError,
    render_stem,
    sum_stems,
)
from premix.stem_changes import (
    OnDisk,
    Span,
    changed_since,
    clips_of,
    ground_of,
    joined,
)
from premix.stem_file import StemFile, product_version
from premix.stem_key import kept, sources_of, states_of
from premix.stem_meters import NoMeters, StemMeters
from premix.timeline import Clip, Session
from premix.verify import verified_before

BLOCK_VALUES = 131_072
"""Samples of all channels summed at once: enough to keep numpy busy, few enough for the cache."""


@dataclass(frozen=True)
class Progress:
    """How far one stem has come."""

    stem: str
    done_samples: int
    total_samples: int


def render(
    session: Session,
    out_dir: Path,
    *,
    find_sound: FindSound,
    delivery: Delivery | None = None,
    progress: Callable[[Progress], None] | None = None,
    workers: int = 2,
    block_samples: int | None = None,
    metered: bool = True,
    verified: bool = True,
) -> Report:
    """Render every stem of the session into `out_dir`, with report.json and report.html.

    Args:
        find_sound: see `premix.media`.
        delivery: which stems, and how they are written; see `premix.delivery`.
        progress: called from the stems' threads, after every block.
        workers: how many stems at once.
        block_samples: how much is summed at once; never heard in the result.
        metered: measure loudness and true peak, and draw the waveforms; without, the
            report has none of them and is sooner there.
        verified: hash each sound once, so that another one of its name and length is
            found; see `premix.verify`.

    Returns:
        The report; `problems` is empty where all that the session asks for is there.

    Raises:
        PremixError: the session has no length, or a stem cannot be written; then no
            half-file is left, and what was there before is still there.
    """
    if workers < 1 or (block_samples is not None and block_samples < 1):
        raise PremixError(f"{workers} workers and blocks of {block_samples}; 1 or more of each")
    known = verified_before(out_dir) if verified else None
    planned = plan(session, delivery or Delivery(), find_sound, known)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        results = _Rendering(planned, out_dir, progress, block_samples, metered).run(workers)
        report = _report(planned, out_dir, results)
        write_json(report, out_dir / "report.json")
        write_page(report, out_dir / "report.html")
    except OSError as problem:
        place = problem.filename or out_dir
        raise PremixError(
            f"{place}: {problem.strerror or problem}; nothing half-written is left"
        ) from None
    except AudioError as problem:
        raise PremixError(f"{problem}; nothing half-written is left") from None
    return report


class _Rendering:
    """One run over all jobs of a plan."""

    def __init__(
        self,
        planned: Plan,
        out_dir: Path,
        progress: Callable[[Progress], None] | None,
        block_samples: int | None,
        metered: bool,
    ) -> None:
        self._plan, self._out_dir = planned, out_dir
        self._progress, self._block_samples = progress, block_samples
        self._metered = metered
        self._cancel = threading.Event()
        self._changed: dict[str, list[Span] | None] = {}  # by stem; None: all of it

    def run(self, workers: int) -> list[StemResult]:
        """Results in the order of the jobs; stems that sum others wait for those."""
        jobs = self._plan.jobs
        summed = {job.name: job for job in jobs if not job.sum_of}
        # Longest first, so that the workers end together.
        first = sorted(
            summed.values(), key=lambda job: -sum(len(track.clips) for track in job.tracks)
        )
        results = self._side_by_side(first, workers)
        results |= self._side_by_side([job for job in jobs if job.sum_of], workers)
        return [results[job.name] for job in jobs]

    def _side_by_side(self, jobs: Sequence[StemJob], workers: int) -> dict[str, StemResult]:
        """All jobs, `workers` at once; the first error, or Ctrl-C, stops the others."""
        with ThreadPoolExecutor(max_workers=workers) as pool:
            futures = {job.name: pool.submit(self._render, job) for job in jobs}
            try:
                wait(futures.values(), return_when=FIRST_EXCEPTION)
            except BaseException:
                self._cancel.set()
                raise
            if any(future.done() and future.exception() for future in futures.values()):
                self._cancel.set()
        for future in futures.values():
            error = future.exception()
            if error is not None and not isinstance(error, StemStoppedError):
                raise error
        return {name: future.result() for name, future in futures.items()}

    def _render(self, job: StemJob) -> StemResult:
        done = 0

        def passed(n_samples: int) -> None:
            nonlocal done
            if self._cancel.is_set():
                raise StemStoppedError(job.name)
            done += n_samples
            if self._progress is not None:
                self._progress(Progress(job.name, done, job.end_samples - job.start_samples))

        passed(0)
        block_samples = self._block_samples or max(1, BLOCK_VALUES // job.layout.channels)
        meters = StemMeters(job, _highest(self._plan)) if self._metered else NoMeters()
        file = StemFile(self._plan, job, self._out_dir, listened=self._metered)
        known = (
            kept(self._plan, self._out_dir, job, file.paths, file.key) if self._metered else None
        )
        if known is not None:
            passed(job.end_samples - job.start_samples)
            self._changed[job.name] = []
            return StemResult(clipped=0, reused=True, **known)
        stood = self._stood(job, file)
        with file, stood or nullcontext():
            copy = None if stood is None else partial(self._copied, stood, file)
            asked = (file.write, meters, block_samples, passed, copy)
            if job.sum_of:
                files = [StemFile(self._plan, part, self._out_dir) for part in self._parts(job)]
                result = sum_stems(job, [part.paths for part in files], *asked)
            else:
                result = render_stem(job, *asked)
            file.note_loudness(result.loudness)
        return replace(result, metered=self._metered)

    def _parts(self, job: StemJob) -> list[StemJob]:
        return [part for part in self._plan.jobs if part.name in job.sum_of]

    def _stood(self, job: StemJob, file: StemFile) -> OnDisk | None:
        """The stem's last file, where stretches of it can be taken over; what changed is noted."""
        if not self._metered:
            return None
        ground = ground_of(self._plan, job, product_version())
        changed = changed_since(self._plan, self._out_dir, job, file.paths, ground)
        for part in self._parts(job):
            of_part = self._changed.get(part.name)
            changed = None if changed is None or of_part is None else [*changed, *of_part]
        self._changed[job.name] = changed
        return None if changed is None else OnDisk(job, joined(changed), file.paths)

    def _copied(self, stood: OnDisk, file: StemFile, start: int, end: int) -> Samples | None:
        """The block as it stood, written again; None where anything of it has changed."""
        if not stood.holds(start, end):
            return None
        return file.copy(stood.raw(start, end, self._plan.delivery.bits // 8))


def _highest(planned: Plan) -> float:
    """The greatest value that the encoding holds; float has none, and full scale is meant."""
    delivery = planned.delivery
    return 1.0 if delivery.encoding == "float32" else 1.0 - 2.0 ** (1 - delivery.bits)


def _report(planned: Plan, out_dir: Path, results: Sequence[StemResult]) -> Report:
    session, span = planned.session, planned.span

    def told(trouble: ClipTrouble) -> str:
        return f"{where(session, trouble.track, trouble.clip)}: {trouble.text}"

    troubles = [trouble for result in results for trouble in result.troubles]
    problems = [*planned.problems, *(str(gap) for gap in planned.gaps)]
    problems += [told(trouble) for trouble in troubles if trouble.grave]
    notes = [*planned.notes, *(told(trouble) for trouble in troubles if not trouble.grave)]
    for job, result in zip(planned.jobs, results, strict=True):
        peak_dbtp = result.loudness.true_peak_dbtp
        if result.clipped:
            problems.append(
                f"stem {job.name}: {result.clipped} samples pass full scale and are clipped; "
                "lower its clips or write float32"
            )
        elif peak_dbtp is not None and peak_dbtp > 0:
            notes.append(f"stem {job.name}: its true peak, {peak_dbtp:+.1f} dBTP, is above 0")
    return Report(
        session=session.name,
        delivery=planned.delivery.name,
        rate=session.rate.name,
        sample_rate_hz=session.sample_rate_hz,
        start_timecode=str(Timecode.wrapped(span.file_start, session.rate)),
        start_frame=span.file_start,
        end_frame=span.file_end,
        start_samples=samples_of(session, span.file_start),
        end_samples=samples_of(session, span.file_end),
        action_samples=(
            samples_of(session, span.action_start),
            samples_of(session, span.action_end),
        ),
        pops=planned.jobs[0].pops,
        target=planned.delivery.target,
        stems=tuple(
            _stem_report(planned, job, StemFile(planned, job, out_dir), result)
            for job, result in zip(planned.jobs, results, strict=True)
        ),
        problems=(*session.problems, *dict.fromkeys(problems)),
        notes=tuple(dict.fromkeys(notes)),
        gaps=planned.gaps,
        verified=planned.verified,
        picture=tuple(
            (
                shot.name,
                samples_of(session, shot.record_in_frame),
                samples_of(session, shot.record_out_frame),
            )
            for shot in session.picture
        ),
    )


def _stem_report(planned: Plan, job: StemJob, file: StemFile, result: StemResult) -> StemReport:
    session = planned.session
    placed = [
        PlacedCue(
            cue=clip.cue,
            stem=track.stem,
            track=track.name,
            lane=track.lane,
            path=str(job.sounds[clip.sound.asset_id].resolve()),
            sound=clip.sound.path,
            asset_id=clip.sound.asset_id,
            take=clip.take_index,
            timecode=label_of(
                session,
                clip.record_start_samples if clip.sync_samples is None else clip.sync_samples,
            ),
            record_start_samples=clip.record_start_samples,
            sync_samples=clip.sync_samples,
            duration_samples=clip.duration_samples,
            source_start_samples=clip.source_start_samples,
            as_recorded=_as_recorded(clip),
            gain_db=clip.gain_db,
            pan=clip.pan,
            why=clip.why,
        )
        for track in job.tracks
        for clip in track.clips
    ]
    placed.sort(key=lambda cue: (cue.record_start_samples, cue.track, cue.lane))
    return StemReport(
        name=job.name,
        path=str(file.paths[0].resolve()),
        files=tuple(path.name for path in file.paths),
        layout=job.layout.name,
        channels=job.layout.labels,
        encoding=planned.delivery.encoding,
        duration_samples=job.end_samples - job.start_samples,
        loudness=result.loudness,
        cues=tuple(placed),
        overview=result.overview,
        short_term_lufs=result.short_term_lufs,
        findings=result.findings,
        sum_of=job.sum_of,
        gaps=job.gaps,
        reused=result.reused,
        copied_samples=result.copied_samples,
        # Of a stem with troubles no key is kept: what was wrong with it is to be said again;
        # nor of one that was not measured.
        key="" if result.troubles or result.clipped or not result.metered else file.key,
        ground=ground_of(planned, job, product_version()),
        clips=clips_of(job),
        state=states_of(file.paths),
        sources=sources_of(planned, job),
    )


def _as_recorded(clip: Clip) -> bool:
    """Whether the very waveform of the recording stands in the stem."""
    changed = (clip.highpass_hz, clip.lowpass_hz, clip.distance_m, clip.room)
    same_time = clip.pitch_cents == 0 and clip.time_ratio == clip.speed == 1 and not clip.reverse
    return same_time and all(change is None for change in changed)
