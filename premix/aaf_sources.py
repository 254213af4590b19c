"""Where an AAF's clip comes from: the chain of mobs behind it, its media and its timecode.

Composition → master → file → tape, each a stretch of the next; any of them may be missing.
"""

import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from audio.timecode import TimecodeError, parse_rate
from audio.wave_format import channels_of_head
from premix import PremixError

EMBEDDED = "embedded:"
_LONGEST_CHAIN = 12
_WHOLE_FILES = (b"RIFF", b"RF64", b"FORM")


@dataclass(frozen=True)
class Source:
    """What stands at the end of the chain."""

    media: str | None = None  # a path or URL, or "embedded:NAME"
    reel: str = ""
    timecode_s: Fraction | None = None  # of the clip's first frame, where a tape or file has one
    length: int | None = None  # of the recording, in units of the clip's own slot
    channels: int = 1  # that the clip plays: all of a recording whose master has one slot for it
    missing: bool = False  # a mob that the chain names is not in the file


def exact_rate(edit_rate: Any) -> Fraction:
    """An edit rate; one that is written as a decimal of an NTSC rate is that rate."""
    rate = Fraction(edit_rate)
    if rate.denominator == 1 or rate > 200:
        return rate
    try:
        return parse_rate(f"{float(rate):.6f}").fps
    except TimecodeError:
        return rate


def source_of(clip: Any, units: Fraction, embedded: frozenset[str]) -> Source:
    """Follow a source clip to its end.

    Args:
        units: the edit rate in which the clip's start counts.
        embedded: ids of the mobs whose sound the AAF itself holds.
    """
    mob, slot_id = clip.mob, clip.slot_id
    offset_s = Fraction(clip.start or 0) / units
    media, reel, timecode_s, length = None, "", None, None
    channels = 1
    alone = sum(str(slot.media_kind) == "Sound" for slot in mob.slots) == 1
    for step in range(_LONGEST_CHAIN):
        descriptor = getattr(mob, "descriptor", None)
        if descriptor is not None:
            media = media or _locator(descriptor)
            if media is None and str(mob.mob_id) in embedded:
                media = EMBEDDED + (mob.name or str(mob.mob_id))
            if type(descriptor).__name__ == "TapeDescriptor":
                reel = mob.name or ""
            if alone and channels == 1:
                channels = _channels(descriptor)
        start_s = _timecode_start_s(mob)
        if start_s is not None:
            timecode_s = start_s + offset_s  # the deepest one that has a timecode counts
        slot: Any = next((slot for slot in mob.slots if slot.slot_id == slot_id), None)
        inner = _first_clip(slot.segment) if slot is not None else None
        if inner is None:
            break
        if step == 0:
            length = inner.length
        offset_s += Fraction(inner.start or 0) / exact_rate(slot.edit_rate)
        if inner.mob is None:
            return Source(media, reel, timecode_s, length, channels, _names_a_mob(inner))
        mob, slot_id = inner.mob, inner.slot_id
    return Source(media, reel, timecode_s, length, channels)


def _names_a_mob(clip: Any) -> bool:
    mob_id = getattr(clip, "mob_id", None)
    return mob_id is not None and any(mob_id.bytes_le)


def is_missing(clip: Any) -> bool:
    """Whether a source clip names a mob that the file does not hold."""
    return clip.mob is None and _names_a_mob(clip)


def _first_clip(segment: Any) -> Any:
    for _step in range(_LONGEST_CHAIN):
        kind = type(segment).__name__
        if kind == "SourceClip" or segment is None:
            return segment
        if kind == "Sequence":
            segment = next(iter(segment.components), None)
        elif kind == "OperationGroup":
            segment = next(iter(segment.segments), None)
        elif kind == "EssenceGroup":
            segment = next(iter(segment["Choices"].value), None)
        else:
            return None
    return None


def _locator(descriptor: Any) -> str | None:
    locators = descriptor.get("Locator")
    for locator in locators.value if locators is not None else ():
        url = locator.get("URLString")
        if url is not None and url.value:
            return str(url.value)
    return None


def _channels(descriptor: Any) -> int:
    """As a descriptor says, or the head of the file that a WAVE or AIFC descriptor carries."""
    told = descriptor.get("Channels")
    if told is not None and told.value:
        return int(told.value)
    summary = descriptor.get("Summary")
    return channels_of_head(b"" if summary is None else bytes(summary.value)) or 1


def _timecode_start_s(mob: Any) -> Fraction | None:
    if type(mob).__name__ == "CompositionMob":
        return None
    for slot in mob.slots:
        timecode = slot.segment
        if type(timecode).__name__ == "Sequence":
            timecode = next(iter(timecode.components), None)
        if type(timecode).__name__ == "Timecode":
            return Fraction(int(timecode.start)) / exact_rate(slot.edit_rate)
    return None


def embedded_mobs(file: Any) -> frozenset[str]:
    """Ids of the mobs whose sound stands in the AAF."""
    return frozenset(str(data.mob_id) for data in file.content.essencedata)


def extract_embedded(path: Path, media: str, out: Path) -> None:
    """Write a sound that stands within the AAF at `path` to the file `out`.

    What is a WAV or AIFF inside is copied as it is; bare samples get a WAV's header.

    Args:
        media: as an event names it, "embedded:NAME".

    Raises:
        PremixError: no such sound in the AAF, or bare data that is not linear PCM.
    """
    from premix.cut_aaf import open_aaf

    name = media.removeprefix(EMBEDDED)
    with open_aaf(path) as file:
        for data in file.content.essencedata:
            mob = data.mob
            if mob is None or name not in (mob.name, str(mob.mob_id)):
                continue
            stream = data.open("r")
            head = stream.read(4)
            stream.seek(0)
            if head in _WHOLE_FILES:
                with out.open("wb") as file_out:
                    while block := stream.read(1 << 20):
                        file_out.write(block)
            else:
                _write_wave(stream, mob.descriptor, out, path)
            return
    raise PremixError(f"{path}: holds no sound named {name!r}")


def _write_wave(stream: Any, descriptor: Any, out: Path, path: Path) -> None:
    def told(name: str) -> Any:
        found = descriptor.get(name)
        return None if found is None else found.value

    bits, channels = told("QuantizationBits"), told("Channels")
    rate = told("AudioSamplingRate") or told("SampleRate")
    if not (bits in (8, 16, 24, 32) and channels and rate):
        kind = type(descriptor).__name__
        raise PremixError(f"{path}: its embedded sound is a {kind}, which is not linear PCM")
    with wave.open(str(out), "wb") as written:
        written.setnchannels(int(channels))
        written.setsampwidth(bits // 8)
        written.setframerate(round(Fraction(rate)))
        while block := stream.read(1 << 20):
            written.writeframes(block)
