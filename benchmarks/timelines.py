"""What an editor waits for when the picture changes.

Run: asv run, or python benchmarks/timelines.py
"""

import random
import sys
import time
from fractions import Fraction

from audio.timecode import FILM_24, Timecode
from premix.conform import conform
from premix.cut import Event, Timeline, TimelineTrack
from premix.cut_files import timeline_of_edl
from premix.edl import parse_edl
from premix.timeline import Clip, Session, SoundRef, Track

_SOUND = SoundRef(
    asset_id=1, sound_hash="", root="r", path="a.wav",
    sample_rate_hz=48_000, channels=1, duration_samples=480_000,
)  # fmt: skip


def edl_text(events: int) -> str:
    """A list whose every event has a name, a source file and, each fifth, a locator."""
    lines = ["TITLE: REEL", "FCM: NON-DROP FRAME"]
    for number in range(events):
        edges = [number * 7, number * 7 + 24, number * 24, number * 24 + 24]
        labels = " ".join(str(Timecode.wrapped(edge, FILM_24)) for edge in edges)
        lines += [f"{number + 1:06}  A{number % 300:03}_C001 V     C        {labels}"]
        lines += [f"* FROM CLIP NAME: SHOT {number}", "* SOURCE FILE: A001"]
        if number % 5 == 0:
            lines.append(f"* LOC: {labels[24:35]} RED     FX hard: slam")
    return "\n".join(lines)


def cut(shots: int, seed: int) -> Timeline:
    """Shots of forty reels; another seed is the same film with trims, in another order."""
    chance = random.Random(7)
    rows = [
        (f"R{chance.randint(1, 40)}", chance.randint(0, 80_000), chance.randint(30, 200))
        for _shot in range(shots)
    ]
    if seed:
        rows = [(reel, start + 3, frames - 3) for reel, start, frames in rows]
        random.Random(seed).shuffle(rows)
    events, at = [], 86_400
    for number, (reel, start, frames) in enumerate(rows):
        events.append(
            Event(
                number=str(number), name="", reel=reel,
                record_in_s=Fraction(at, 24), record_out_s=Fraction(at + frames, 24),
                source_in_s=Fraction(start, 24), source_out_s=Fraction(start + frames, 24),
            )
        )  # fmt: skip
        at += frames
    track = TimelineTrack(name="V", kind="picture", events=tuple(events))
    return Timeline(name="", format="", rate=FILM_24, start_s=Fraction(3600), tracks=(track,))


def session(hits: int) -> Session:
    """A hit every two seconds."""
    clips = tuple(
        Clip(
            cue=str(number), sound=_SOUND, take_index=0, source_start_samples=0,
            record_start_samples=(3_600 + 2 * number) * 48_000, duration_samples=9_600,
            sync_samples=(3_600 + 2 * number) * 48_000,
        )
        for number in range(hits)
    )  # fmt: skip
    track = Track(stem="foley", name="feet", lane=0, clips=clips)
    return Session(
        name="", rate=FILM_24, sample_rate_hz=48_000, start_frame=86_400, end_frame=300_000,
        tracks=(track,),
    )  # fmt: skip


class ReadAList:
    """Budget: 10,000 events in under a second of CPU."""

    def setup(self) -> None:
        self.text = edl_text(10_000)

    def time_edl(self) -> None:
        timeline_of_edl(parse_edl(self.text, FILM_24))


class ConformAReel:
    """Budget: 1,000 shots against 1,000 in under two seconds."""

    def setup(self) -> None:
        self.old, self.new, self.session = cut(1_000, 0), cut(1_000, 3), session(1_000)

    def time_conform(self) -> None:
        conform(self.old, self.new, self.session)


if __name__ == "__main__":
    for name, suite, run in (
        ("EDL, 10,000 events", ReadAList(), "time_edl"),
        ("conform, 1,000 shots and 1,000 hits", ConformAReel(), "time_conform"),
    ):
        suite.setup()
        began = time.process_time()
        getattr(suite, run)()
        sys.stdout.write(f"{name}: {time.process_time() - began:.2f} s of CPU\n")
