"""Where a session's recordings lie now."""

from collections.abc import Mapping
from pathlib import Path

from premix.timeline import SoundRef


class Roots:
    """Finds a sound below the folder of its root.

    Args:
        folders: by name of the root; the first mapping that leads to a file wins, so
            that a library which knows a moved drive can stand before the session.
    """

    def __init__(self, *folders: Mapping[str, str]) -> None:
        self._folders = folders

    def __call__(self, sound: SoundRef) -> Path | None:
        for folders in self._folders:
            folder = folders.get(sound.root)
            if folder is not None:
                path = Path(folder) / sound.path
                if path.is_file():
                    return path
        return None
