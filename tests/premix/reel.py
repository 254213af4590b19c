"""A short reel of few sounds, rendered."""

import numpy as np
import soundfile

from audio.timecode import FILM_24, Timecode
from premix.delivery import Delivery
from premix.media import Roots
from premix.render import render
from premix.timeline import Clip
from tests.premix.on_disk import written

RATE = 48_000


START = Timecode.parse("01:00:00:00", FILM_24)


START_SAMPLES = START.to_samples(RATE)


def sound_of(folder, name, asset_id, samples, sample_rate_hz=RATE, subtype="PCM_24"):
    path = folder / name
    return written(path, samples, sample_rate_hz, subtype=subtype, asset_id=asset_id)


def knock(rng, sample_rate_hz, channels, attack, duration):
    """Silence, then a burst that dies away: what a footstep or a door is to a mixer."""
    samples = np.zeros((duration, channels))
    tail = duration - attack
    decay = np.exp(-np.arange(tail) / (0.05 * sample_rate_hz))[:, np.newaxis]
    samples[attack:] = rng.uniform(-0.4, 0.4, (tail, channels)) * decay
    return samples.astype(np.float32)


def clip(sound, cue, start, **fields):
    fields = {"duration_samples": 20_000, "source_start_samples": 0, "take_index": 0} | fields
    return Clip(cue=cue, sound=sound, record_start_samples=START_SAMPLES + start, **fields)


def rendered(session, out, *, workers=2, block_samples=32_768, **delivery):
    return render(
        session,
        out,
        find_sound=Roots(session.roots),
        delivery=Delivery(**delivery),
        workers=workers,
        block_samples=block_samples,
    )


def stem_samples(out, name):
    samples, _rate = soundfile.read(out / f"{name}.wav", dtype="float64", always_2d=True)
    return samples
