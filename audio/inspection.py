"""What a sound file says of itself, as plain values for a script: the object of `inspect`."""

from dataclasses import asdict
from typing import Any

from audio.bext import Bext
from audio.files import SoundHeader
from audio.ixml import Ixml
from audio.timecode import FrameRate


def header_as_dict(header: SoundHeader, rate: FrameRate | None = None) -> dict[str, Any]:
    """All of a header in values that JSON knows; what the file does not have is None or empty.

    Args:
        rate: for the start timecode; the file's own of iXML where this is None.
    """
    start = header.start_timecode(rate)
    return {
        "path": str(header.path),
        "format": header.format,
        "sample_rate_hz": header.sample_rate_hz,
        "channels": header.channels,
        "channel_labels": list(header.channel_labels),
        "bits": header.bits,
        "duration_samples": header.duration_samples,
        "start_timecode": None if start is None else str(start),
        "bext": None if header.bext is None else _bext(header.bext),
        "ixml": None if header.ixml is None else _ixml(header.ixml),
        "info": dict(header.info),
        "cues": [asdict(cue) for cue in header.cues],
        "loops": [asdict(loop) for loop in header.loops],
        "adm": header.adm,
        "tags": dict(header.tags),
        "chunks": [chunk._asdict() for chunk in header.chunks],
        "warnings": list(header.warnings),
    }


def _bext(bext: Bext) -> dict[str, Any]:
    originated = bext.originated
    return asdict(bext) | {"originated": None if originated is None else originated.isoformat()}


def _ixml(ixml: Ixml) -> dict[str, Any]:
    return asdict(ixml) | {"tracks": [asdict(track) for track in ixml.tracks]}
