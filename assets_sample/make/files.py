"""From wave to file: one rounding, FLAC, a few words of metadata."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from assets_sample.make import SAMPLE_RATE_HZ
from assets_sample.make.catalogue import CREATOR, Sound
from assets_sample.make.chance import Chance
from assets_sample.make.laying import recorded
from assets_sample.make.noise import high_pass, to_peak, to_rms

LICENCE = "CC0-1.0"


def samples_of(sound: Sound) -> NDArray[np.int32]:
    """The sound as whole numbers in the upper bits of int32, as soundfile wants them."""
    wave = high_pass(sound.play(sound.file_name), 18)  # no microphone hears DC
    if sound.peak_dbfs is not None:
        wave = to_peak(wave, sound.peak_dbfs)
    elif sound.rms_dbfs is not None:
        wave = to_rms(wave, sound.rms_dbfs)
    wave = recorded(Chance("floor of " + sound.file_name), wave, sound.floor_dbfs)
    steps = np.rint(wave * 2.0 ** (sound.bits - 1))
    if np.abs(steps).max() >= 2 ** (sound.bits - 1) - 1:
        raise ValueError(f"{sound.file_name}: passes full scale; lower its peak_dbfs or rms_dbfs")
    return steps.astype(np.int32) << (32 - sound.bits)


def write(sound: Sound, folder: Path) -> Path:
    """Play a sound into its file. FLAC's comments carry title, maker, description and licence."""
    samples = samples_of(sound)
    path = folder / sound.file_name
    channels = 1 if samples.ndim == 1 else 2
    with soundfile.SoundFile(
        path, "w", SAMPLE_RATE_HZ, channels, "PCM_24", format="FLAC", compression_level=1.0
    ) as file:
        file.title = sound.fx_name
        file.artist = CREATOR
        file.comment = f"Synthesised: {sound.model}"
        file.license = LICENCE
        file.write(samples)
    return path
