"""Recording from a microphone, as an example of what is sought. All about sounddevice."""

import importlib
import queue
from collections.abc import Callable
from types import ModuleType

import numpy as np

from audio import AudioError
from audio.level import Samples, gain_from_db

MOST_SECONDS = 60.0  # of an example; longer ones say no more
_WINDOW_S = 0.01
_BELOW_PEAK_DB = 40.0  # what is quieter before and after the sound is the room
_MARGIN_S = 0.02
_WAIT_S = 5.0  # for a device that gives nothing


def record(
    seconds: float,
    sample_rate_hz: int,
    *,
    device: str | int | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Samples:
    """Record one channel, (n_samples, 1), for so long or until `stop` says so.

    Args:
        device: its number, or part of its name, as sounddevice takes it; None is the system's own.
        stop: asked after each block, some times a second.

    Raises:
        AudioError: no sounddevice, no such device, it gives nothing, or it breaks off.
    """
    sounddevice = _sounddevice()
    wanted = round(min(seconds, MOST_SECONDS) * sample_rate_hz)
    blocks: queue.Queue[Samples | None] = queue.Queue()  # None: the device has ended

    def take(block: Samples, _n: int, _time: object, _status: object) -> None:
        blocks.put(block.copy())

    taken: list[Samples] = []
    n_samples = 0
    try:
        with sounddevice.InputStream(
            samplerate=sample_rate_hz,
            channels=1,
            dtype="float32",
            device=device,
            callback=take,
            finished_callback=lambda: blocks.put(None),
        ):
            while n_samples < wanted and not stop():
                block = blocks.get(timeout=_WAIT_S)
                if block is None:
                    break
                taken.append(block)
                n_samples += len(block)
    except queue.Empty:
        raise AudioError(f"the microphone gives nothing for {_WAIT_S:.0f} s") from None
    except (sounddevice.PortAudioError, ValueError) as problem:
        raise AudioError(f"the microphone cannot be used: {problem}") from None
    if not taken:
        return np.zeros((0, 1), np.float32)
    samples: Samples = np.concatenate(taken)[:wanted]
    return samples


def sounding_part(samples: Samples, sample_rate_hz: int) -> Samples:
    """The recording without the room before and after: from 40 dB below its peak, 20 ms around.

    >>> silence, click = np.zeros((4800, 1), np.float32), np.ones((480, 1), np.float32)
    >>> len(sounding_part(np.concatenate([silence, click, silence]), 48_000))
    2400

    Raises:
        AudioError: there is nothing but digital silence.
    """
    window = max(1, round(_WINDOW_S * sample_rate_hz))
    edges = np.arange(0, len(samples), window)
    levels = np.maximum.reduceat(np.abs(samples).max(axis=1), edges) if len(samples) else edges
    if not len(levels) or not levels.max() > 0:
        raise AudioError("nothing was recorded but silence; is the microphone switched on?")
    loud = np.flatnonzero(levels >= levels.max() * gain_from_db(-_BELOW_PEAK_DB))
    margin = round(_MARGIN_S * sample_rate_hz)
    start = max(0, int(edges[loud[0]]) - margin)
    return samples[start : int(edges[loud[-1]]) + window + margin]


def _sounddevice() -> ModuleType:
    try:
        sounddevice: ModuleType = importlib.import_module("sounddevice")
    except ImportError:
        raise AudioError(
            "recording needs the package sounddevice: pip install 'dubstage[record]'"
        ) from None
    except OSError as problem:  # the package is there, PortAudio is not
        raise AudioError(f"recording needs PortAudio (Debian: libportaudio2): {problem}") from None
    return sounddevice
