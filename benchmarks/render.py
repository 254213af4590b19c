"""What a mixer waits for when a reel is rendered. Run: python -m benchmarks.render [stereo|5.1]

A reel of 20 minutes, 48 kHz/24-bit, 300 clips of 0.3 to 60 s, made here from noise of a
fixed seed, is rendered side by side, in one run, each time in a process of its own:

    bare     a block mixer of numpy and soundfile: float32 sums, rounded by libsndfile
    engine   what `dubstage render` does, without metering: sums in float64
    metered  the same with loudness, range, true peak, waveform and checks, as by default
    nudged   metered, once more, after one of the clips moved by 10 ms
    in turn  two stems of the reel, one after the other, metered
    at once  the same two side by side
    ffmpeg   its filter graph, for the first seconds of the reel (--ffmpeg SECONDS)

Budgets: the engine takes at most 0.45 of the bare mixer's CPU, and 100 MB.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audio.layout import layout_for
from audio.timecode import FILM_24
from premix.timeline import Clip, Session, SoundRef, Track

if TYPE_CHECKING:
    from premix.report import Report

RATE = 48_000
REEL_S = 1_200
CLIPS = 300
SOUNDS, SOUND_S = 12, 62
BLOCK_SAMPLES = 65_536


def make_reel(folder: Path, layout: str) -> Session:
    """The reel of `layout`, its sounds written below `folder` where they are not yet."""
    import soundfile

    rng = np.random.default_rng(20)
    channels = layout_for(layout).channels
    sounds = []
    for number in range(SOUNDS):
        path = folder / f"{layout}_{number}.wav"
        if not path.exists():
            with soundfile.SoundFile(path, "w", RATE, channels, "PCM_24") as file:
                for _second in range(SOUND_S):
                    file.write(rng.uniform(-0.1, 0.1, (RATE, channels)).astype(np.float32))
        sounds.append(
            SoundRef(
                asset_id=number,
                sound_hash="",
                root="reel",
                path=path.name,
                sample_rate_hz=RATE,
                channels=channels,
                duration_samples=SOUND_S * RATE,
            )
        )
    rng = np.random.default_rng(21)
    clips = []
    for number in range(CLIPS):
        duration = int(rng.uniform(0.3, 60.0) * RATE)
        clips.append(
            Clip(
                cue=str(number + 1),
                sound=sounds[int(rng.integers(SOUNDS))],
                take_index=0,
                record_start_samples=int(rng.integers(0, REEL_S * RATE - duration)),
                duration_samples=duration,
                source_start_samples=int(rng.integers(0, SOUND_S * RATE - duration + 1)),
                gain_db=float(rng.uniform(-20, 0)),
            )
        )
    clips.sort(key=lambda clip: clip.record_start_samples)
    tracks = tuple(
        Track(stem="fx", name="hard", lane=lane, clips=(clip,)) for lane, clip in enumerate(clips)
    )
    return Session(
        name="reel",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=0,
        end_frame=REEL_S * 24,
        tracks=tracks,
        roots={"reel": str(folder)},
    )


def mix_bare(session: Session, folder: Path, out: Path, layout: str) -> None:
    """What a competent afternoon gives: one block at a time, sources seeked and read."""
    import soundfile

    channels = layout_for(layout).channels
    clips = [clip for track in session.tracks for clip in track.clips]
    files = {clip.sound.path: soundfile.SoundFile(folder / clip.sound.path) for clip in clips}
    with soundfile.SoundFile(out / "bare.wav", "w", RATE, channels, "PCM_24") as file:
        for start in range(0, REEL_S * RATE, BLOCK_SAMPLES):
            end = min(start + BLOCK_SAMPLES, REEL_S * RATE)
            block = np.zeros((end - start, channels), dtype=np.float32)
            for clip in clips:
                first = max(start, clip.record_start_samples)
                last = min(end, clip.record_end_samples)
                if first < last:
                    source = files[clip.sound.path]
                    source.seek(clip.source_start_samples + first - clip.record_start_samples)
                    gain = np.float32(10 ** (clip.gain_db / 20))
                    part = source.read(last - first, dtype="float32", always_2d=True)
                    block[first - start : last - start] += part * gain
            file.write(block)


def mix_by_engine(
    session: Session, out: Path, layout: str, *, metered: bool, workers: int = 1
) -> "Report":
    """The product; one stem, so that a single core is compared with a single core."""
    from premix.delivery import Delivery, StemSpec
    from premix.media import Roots
    from premix.render import render

    used = dict.fromkeys(track.stem for track in session.tracks)
    # Two halves of the reel are written beside the whole, which ffmpeg's is held against.
    names = {stem: "engine" if len(used) == 1 else stem for stem in used}
    stems = tuple(StemSpec(name=name, tracks=(stem,)) for stem, name in names.items())
    delivery = Delivery(layout=layout, dither=False, stems=stems)
    find_sound = Roots(session.roots)
    return render(
        session, out, find_sound=find_sound, delivery=delivery, workers=workers, metered=metered
    )


def nudged(session: Session) -> Session:
    """A clip in the middle of the reel, 10 ms later."""
    at = len(session.tracks) // 2
    (clip,) = session.tracks[at].clips
    later = replace(clip, record_start_samples=clip.record_start_samples + RATE // 100)
    tracks = list(session.tracks)
    tracks[at] = replace(tracks[at], clips=(later,))
    return replace(session, tracks=tuple(tracks))


def in_two(session: Session) -> Session:
    """Every other clip on another stem."""
    tracks = [
        replace(track, stem="foley") if number % 2 else track
        for number, track in enumerate(session.tracks)
    ]
    return replace(session, tracks=tuple(tracks))


def mix_by_ffmpeg(session: Session, folder: Path, out: Path, seconds: float) -> None:
    """One graph of the clips that begin in the first `seconds`, mixed without scaling."""
    clips = [clip for track in session.tracks for clip in track.clips]
    clips = [clip for clip in clips if clip.record_start_samples < seconds * RATE]
    inputs, graph = [], []
    for number, clip in enumerate(clips):
        inputs += ["-i", str(folder / clip.sound.path)]
        start, end = clip.source_start_samples, clip.source_start_samples + clip.duration_samples
        graph.append(
            f"[{number}]atrim=start_sample={start}:end_sample={end},asetpts=N/SR/TB,"
            f"volume={10 ** (clip.gain_db / 20)!r}:precision=double,"
            f"adelay={clip.record_start_samples}S:all=1[c{number}]"
        )
    mixed = "".join(f"[c{number}]" for number in range(len(clips)))
    graph.append(f"{mixed}amix=inputs={len(clips)}:normalize=0:dropout_transition=0[out]")
    command = ["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", ";".join(graph)]
    command += ["-map", "[out]", "-t", str(seconds), "-c:a", "pcm_s24le", str(out / "ffmpeg.wav")]
    subprocess.run(command, check=True)


def run(way: str, layout: str, folder: Path, seconds: float) -> None:
    """One way, in this process; its cost as JSON on stdout."""
    session = make_reel(folder, layout)
    (folder / "report.json").unlink(missing_ok=True)  # else nothing would be rendered again
    if way == "nudged":
        mix_by_engine(session, folder, layout, metered=True)
        session = nudged(session)
    elif way in ("in turn", "at once"):
        session = in_two(session)
    began, began_cpu = time.perf_counter(), _cpu_s()
    if way == "bare":
        mix_bare(session, folder, folder, layout)
    elif way == "ffmpeg":
        mix_by_ffmpeg(session, folder, folder, seconds)
    else:
        workers = 2 if way == "at once" else 1
        mix_by_engine(session, folder, layout, metered=way != "engine", workers=workers)
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    told = {"cpu_s": _cpu_s() - began_cpu, "wall_s": time.perf_counter() - began}
    print(json.dumps(told | {"peak_mb": peak / 1024}))


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layout", nargs="?", default="stereo", help="stereo or 5.1")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many is told")
    parser.add_argument("--ffmpeg", type=float, default=0, help="so many seconds by ffmpeg too")
    parser.add_argument("--folder", type=Path, help="where the sounds may stay for the next time")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        run(asked.way, asked.layout, asked.folder, asked.ffmpeg)
        return
    with tempfile.TemporaryDirectory() as own:
        folder = asked.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        make_reel(folder, asked.layout)
        ways = ["bare", "engine", "metered", "nudged", "in turn", "at once"] + ["ffmpeg"] * bool(
            asked.ffmpeg
        )
        best: dict[str, dict[str, float]] = {}
        for _run in range(asked.runs):
            for way in ways:
                told = _in_a_process(way, asked.layout, folder, asked.ffmpeg)
                if way not in best or told["cpu_s"] < best[way]["cpu_s"]:
                    best[way] = told
        if asked.ffmpeg:
            print(f"engine less ffmpeg: {_worst_steps(folder)} steps of 24 bits at most")
    bare = best["bare"]["cpu_s"]
    print(f"{asked.layout}, {REEL_S // 60} min, {CLIPS} clips, best of {asked.runs}")
    for way, told in best.items():
        part = f", of {asked.ffmpeg:g} s alone" if way == "ffmpeg" else ""
        print(
            f"{way:<8} {told['cpu_s']:7.2f} s CPU  {told['cpu_s'] / bare:6.2f} x bare  "
            f"{told['wall_s']:7.2f} s wall  {told['peak_mb']:6.0f} MB{part}"
        )


def _worst_steps(folder: Path) -> int:
    """How far the engine's stem lies from ffmpeg's."""
    import soundfile

    theirs, _rate = soundfile.read(folder / "ffmpeg.wav", dtype="int32")
    ours, _rate = soundfile.read(folder / "engine.wav", dtype="int32", frames=len(theirs))
    return int(np.abs((ours >> 8) - (theirs[: len(ours)] >> 8)).max())


def _in_a_process(way: str, layout: str, folder: Path, seconds: float) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.render", layout, "--way", way]
    command += ["--folder", str(folder), "--ffmpeg", str(seconds)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    cost: dict[str, float] = json.loads(told.stdout)
    return cost


if __name__ == "__main__":
    main()
