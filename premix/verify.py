"""Whether recordings still hold the sounds that were spotted: by their hash, not by their names.

Each file is read once for it. What was found is noted in report.json, and believed as
long as nobody has touched the file since.
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from audio import AudioError
from premix.timeline import SoundRef

Verified = Mapping[str, Sequence[Any]]
"""By asset_id: size, time of the content, time of the entry, and the hash found then."""

_WORKERS = 2  # hashing lets go of the interpreter


def verified_before(folder: Path) -> Verified:
    """What the last render into this folder had found."""
    try:
        told = json.loads((folder / "report.json").read_text(encoding="utf-8"))["verified"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}


def verify(
    sounds: Sequence[tuple[SoundRef, Path]], known: Verified
) -> tuple[Verified, dict[int, str]]:
    """Hash what is not known yet. Sounds of which the session has no hash are passed over.

    Returns:
        What is now known, and what is wrong, by asset_id.
    """
    asked = [(sound, path) for sound, path in sounds if sound.sound_hash]
    if not asked:
        return {}, {}
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        found = list(pool.map(lambda each: _found(each[0], each[1], known), asked))
    problems = {
        sound.asset_id: f"{path} has changed: as long as before, but another sound; spot it again"
        for (sound, path), state in zip(asked, found, strict=True)
        if state is not None and state[-1] != sound.sound_hash
    }
    verified = {
        str(sound.asset_id): state
        for (sound, _path), state in zip(asked, found, strict=True)
        if state is not None
    }
    return verified, problems


def _found(sound: SoundRef, path: Path, known: Verified) -> list[Any] | None:
    """State and hash of a file; None where it cannot be read to its end, as the mixer will say."""
    try:
        now = path.stat()
        state = [now.st_size, now.st_mtime_ns, now.st_ctime_ns]
        before = known.get(str(sound.asset_id))
        if before is not None and list(before[:-1]) == state:
            return list(before)
        from library.sound_hash import hash_of_file

        return [*state, hash_of_file(path)]
    except (AudioError, OSError):
        return None
