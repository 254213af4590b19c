"""Sound files as a session speaks of them."""

from pathlib import Path

import numpy as np
import soundfile

from premix.timeline import SoundRef


def sound_at(path: Path, root: str = "sounds", asset_id: int = 1) -> SoundRef:
    """The file, which lies at the top of its root."""
    info = soundfile.info(path)
    return SoundRef(
        asset_id=asset_id,
        sound_hash="",
        root=root,
        path=path.name,
        sample_rate_hz=info.samplerate,
        channels=info.channels,
        duration_samples=info.frames,
    )


def written(
    path: Path, samples: np.ndarray, sample_rate_hz: int = 48_000, subtype: str = "PCM_24", **told
) -> SoundRef:
    """The same of a file that is made here, of (n_samples, n_channels)."""
    soundfile.write(path, samples, sample_rate_hz, subtype=subtype)
    return sound_at(path, **told)
