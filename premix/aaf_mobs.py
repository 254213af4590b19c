"""The mobs that an AAF needs behind its clips: master → file (or tape), each whole.

Ids come from what they name, so that the same cut gives the same AAF.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from audio.timecode import FrameRate
from audio.wave_format import build_plain_head
from premix.session_cut import Recording

_NAMESPACE = uuid.UUID("0b0bb1a4-93a9-5c0e-8d5b-6f6c2a0de0f5")
WRITTEN_AT = datetime(2000, 1, 1)  # a clock would make every AAF another one


@dataclass
class Mobs:
    """Makes each mob once.

    Args:
        file: an open `aaf2` file.
        name: of the timeline, so that two of them have mobs of their own.
        rate: in which tapes and files count their timecode.
    """

    file: Any
    name: str
    rate: FrameRate

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    def identify(self, mob: Any, name: str) -> Any:
        """Give a mob the id that its name stands for, and no time of its own."""
        from aaf2.mobid import MobID

        mob_id = MobID.new()
        mob_id.material = uuid.uuid5(_NAMESPACE, f"{self.name}\n{name}")
        mob.mob_id = mob_id
        mob["CreationTime"].value = mob["LastModified"].value = WRITTEN_AT
        self.file.content.mobs.append(mob)
        return mob

    def master(self, name: str, recording: Recording, units: Fraction) -> Any:
        """The clip of a bin: a channel a slot, as long as the recording.

        Args:
            units: the edit rate of the track that it stands on. Readers differ in whose
                units a clip's start counts, the track's or the master's: so both are one.
        """
        key = (recording.path, f"{units}\n{name}")
        if key not in self._known:
            source = self._source(recording)
            told = f"master\n{name}\n{units}\n{recording}"
            mob = self.identify(self.file.create.MasterMob(name), told)
            length = -(-recording.duration_samples * units // recording.sample_rate_hz)
            for channel in range(1, recording.channels + 1):
                slot = mob.create_timeline_slot(units, channel)
                slot.name = f"A{channel}"
                slot["PhysicalTrackNumber"].value = channel
                slot.segment = self._clip(source, channel, length, "sound")
            self._known[key] = mob
        return self._known[key]

    def _source(self, recording: Recording) -> Any:
        key = (recording.path, "")
        if key in self._known:
            return self._known[key]
        create = self.file.create
        mob = create.SourceMob(Path(recording.path).name)
        self.identify(mob, f"file\n{recording}")
        locator = create.NetworkLocator()
        locator["URLString"].value = url_of(recording.path)
        descriptor = create.WAVEDescriptor()
        descriptor["SampleRate"].value = recording.sample_rate_hz
        descriptor["Length"].value = recording.duration_samples
        descriptor["Summary"].value = bytearray(_wave_header(recording))
        descriptor["Locator"].append(locator)
        mob.descriptor = descriptor
        for channel in range(1, recording.channels + 1):
            slot = mob.create_timeline_slot(recording.sample_rate_hz, channel)
            slot["PhysicalTrackNumber"].value = channel
            slot.segment = create.SourceClip(media_kind="sound", length=recording.duration_samples)
        if recording.time_reference_samples is not None:
            # In whole frames, as every reader takes it; the file's own bext has the samples.
            seconds = Fraction(recording.time_reference_samples, recording.sample_rate_hz)
            slot = mob.create_timeline_slot(self.rate.fps, recording.channels + 1)
            timecode = create.Timecode(self.rate.labels_per_second, drop=self.rate.drop)
            timecode.start = int(seconds * self.rate.fps)
            timecode.length = self.rate.frames_per_day
            slot.segment = timecode
        self._known[key] = mob
        return mob

    def tape(self, name: str, reel: str, kind: str) -> Any:
        """A master over a tape of a whole day, for what has a reel but no file."""
        key = (f"{kind} {reel}", name)
        if key in self._known:
            return self._known[key]
        create = self.file.create
        fps, day = self.rate.fps, self.rate.frames_per_day
        tape_key = (f"tape {kind} {reel}", "")
        if tape_key not in self._known:
            tape = self.identify(create.SourceMob(reel or "AX"), f"tape\n{kind}\n{reel}")
            tape.descriptor = create.TapeDescriptor()
            slot = tape.create_timeline_slot(fps, 1)
            slot.segment = create.SourceClip(media_kind=kind, length=day)
            slot = tape.create_timeline_slot(fps, 2)
            timecode = create.Timecode(self.rate.labels_per_second, drop=self.rate.drop)
            timecode.length = day
            slot.segment = timecode
            self._known[tape_key] = tape
        mob = self.identify(create.MasterMob(name or reel), f"master\n{kind}\n{reel}\n{name}")
        slot = mob.create_timeline_slot(fps, 1)
        slot["PhysicalTrackNumber"].value = 1
        slot.segment = self._clip(self._known[tape_key], 1, day, kind)
        self._known[key] = mob
        return mob

    def _clip(self, mob: Any, slot_id: int, length: int, kind: str) -> Any:
        return self.file.create.SourceClip(
            0, length, mob_id=mob.mob_id, slot_id=slot_id, media_kind=kind
        )


def url_of(media: str) -> str:
    """A file: URL of an absolute path; other references as they are."""
    return Path(media).as_uri() if Path(media).is_absolute() else media


def _wave_header(recording: Recording) -> bytes:
    """As an AAF keeps it of a WAV file that it links."""
    bits = recording.bits or 24
    return build_plain_head(
        recording.channels,
        recording.sample_rate_hz,
        bits,
        recording.duration_samples * recording.channels * bits // 8,
    )
