"""Learn library/models/projection.npz from a folder of sounds. No label is looked at.

    python tools/learn_projection.py FOLDER

The folder is searched through; what cannot be read is passed over.
"""

import sys
from pathlib import Path

import numpy as np
import soundfile

from library.embedding import hear
from library.projection import learned, save_projection

_SUFFIXES = {".wav", ".flac", ".ogg", ".aif", ".aiff"}


def main(folder: Path) -> None:
    hearings = []
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    for path in files:
        try:
            sound = soundfile.read(path, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:
            continue
        hearings += hear([sound])
    projection = learned(
        np.stack([heard.aisfx for heard in hearings]).astype(np.float32),
        np.stack([heard.yamnet for heard in hearings]).astype(np.float32),
        np.stack([heard.shape for heard in hearings]),
    )
    save_projection(projection)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
