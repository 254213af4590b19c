"""The picture that a reel is spotted against, from any cut list."""

from collections.abc import Sequence
from pathlib import Path

from audio.timecode import FrameRate, Timecode
from premix import PremixError
from premix.cut_files import read_timeline
from premix.timeline import Shot


def read_picture(path: Path, rate: FrameRate) -> tuple[Shot, ...]:
    """The shots of the cut at `path`, in record order, counted at `rate`.

    Raises:
        PremixError: the file cannot be read, or it counts its frames another way.
    """
    timeline = read_timeline(path, rate)
    # Only an EDL names frames by label; the others say when, which drop-frame does not change.
    unlike = timeline.rate.drop != rate.drop and timeline.format == "EDL"
    if timeline.rate.fps != rate.fps or unlike:
        raise PremixError(
            f"{path.name} counts its frames at {timeline.rate}; spot with --rate {timeline.rate}"
        )
    return timeline.shots()


def start_of(shots: Sequence[Shot], rate: FrameRate) -> Timecode | None:
    """The picture's first frame, or None where there is no picture."""
    if not shots:
        return None
    return Timecode(min(shot.record_in_frame for shot in shots), rate)
