"""What a sound file's header says, as a reference to the file needs it. Reads the disk."""

from collections.abc import Callable
from pathlib import Path

from audio import AudioError
from audio.files import read_header
from premix.media_search import find_beside
from premix.session_cut import Recording
from premix.timeline import SoundRef


def recording_at(path: Path) -> Recording | None:
    """None where the file is not there or is no sound."""
    try:
        header = read_header(path)
    except AudioError:
        return None
    reference = header.bext.time_reference_samples if header.bext is not None else None
    return Recording(
        path=str(path.resolve()),
        sample_rate_hz=header.sample_rate_hz,
        channels=header.channels,
        duration_samples=header.duration_samples,
        bits=header.bits,
        time_reference_samples=reference,
    )


def recordings_of_session(
    find_sound: Callable[[SoundRef], Path | None],
) -> Callable[[SoundRef], Recording | None]:
    """For `timeline_of_session`: each sound's file, read once."""

    def find(sound: SoundRef) -> Recording | None:
        path = find_sound(sound)
        return None if path is None else recording_at(path)

    return find


def recordings_beside(timeline: Path) -> Callable[[str], Recording | None]:
    """For the media that a timeline file names: as named, or near that file; read once each."""
    known: dict[str, Recording | None] = {}

    def find(media: str) -> Recording | None:
        if media not in known:
            path = find_beside(timeline, media)
            known[media] = None if path is None else recording_at(path)
        return known[media]

    return find
