"""Folders of small sounds, and scans of them that run within the test's own process."""

import hashlib
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
import soundfile

from db import check, marks, roots
from db.connect import create_catalogue, open_catalogue, transaction
from library import by_words, word_index
from library.asset import Asset, Take
from library.audioset import class_names
from library.catalogue import Described, put
from library.embedding import Hearing
from library.hearings import pack
from library.scan import ScanResult, scan
from library.ucs import category_of, read_name

RATE_HZ = 48_000


def click_and_ring(seed: int, seconds: float = 0.6, channels: int = 1) -> np.ndarray:
    """A struck thing: partials of its own that die away after 50 ms of silence."""
    random = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    sound = np.zeros_like(t)
    for partial_hz in random.uniform(100, 6000, 5):
        sound += np.sin(2 * np.pi * partial_hz * t) * np.exp(-t * random.uniform(5, 30))
    sound = np.concatenate([np.zeros(RATE_HZ // 20), 0.1 * sound])
    return np.repeat(sound[:, np.newaxis], channels, axis=1)


def write_sound(path: Path, samples: np.ndarray, subtype: str = "PCM_24") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if subtype == "PCM_24":  # whole numbers, so that every container holds the same ones
        samples = np.round(samples * (2**23 - 1)).astype(np.int32) << 8
    elif subtype == "PCM_16":
        samples = np.round(samples * (2**15 - 1)).astype(np.int16)
    soundfile.write(path, samples, RATE_HZ, subtype=subtype)
    return path


def here() -> Executor:
    return ThreadPoolExecutor(1)


class Shelf:
    """A folder of sounds and its catalogue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "Foley"
        self.folder.mkdir()
        self.catalogue = folder / "library.db"

    def add(self, path: str, seed: int, **how) -> Path:
        return write_sound(self.folder / path, click_and_ring(seed, **how))

    def scan(self, *folders: Path, **how) -> ScanResult:
        result = scan(folders or [self.folder], self.catalogue, executor=here, **how)
        with closing(open_catalogue(self.catalogue)) as connection:
            assert check.problems(connection) == []
        return result

    def mark(self, number: int) -> None:
        """Rate a sound, note something down on it and put it into a collection."""
        with closing(create_catalogue(self.catalogue)) as connection, transaction(connection):
            marks.rate(connection, number, 4)
            marks.note(connection, number, "the good one")
            marks.collect(connection, "reel 1", number)

    def ids(self) -> dict[str, int]:
        with closing(open_catalogue(self.catalogue)) as connection:
            rows = connection.execute("select path, id from asset").fetchall()
        return {row["path"]: row["id"] for row in rows}


def counts(result: ScanResult, *names: str) -> dict[str, int]:
    return {name: getattr(result, name) for name in names}


def described(path: str, vectors=((1.0, 0.0),), **fields) -> Described:
    """A file as a scan would describe it, without any sound."""
    place = PurePosixPath(path)
    name = read_name(place)
    category = category_of(name.cat_id) if name else None
    numbers = np.array(vectors, dtype=np.float32)
    numbers /= np.linalg.norm(numbers, axis=1, keepdims=True)
    values = {
        "id": 0,
        "sound_hash": hashlib.sha256(path.encode()).hexdigest(),
        "root": "Foley",
        "path": path,
        "size_bytes": 1,
        "modified_ns": 1,
        "format": "WAV",
        "sample_rate_hz": RATE_HZ,
        "channels": 1,
        "bits": 24,
        "duration_samples": RATE_HZ * len(vectors),
        "cat_id": name.cat_id if name else None,
        "category": category.category if category else None,
        "subcategory": category.subcategory if category else None,
        "fx_name": name.fx_name if name else place.stem,
        "takes": tuple(
            Take(
                index=k,
                start_samples=RATE_HZ * k,
                end_samples=RATE_HZ * (k + 1),
                sync_samples=RATE_HZ * k + 10,
                features={"pitch_hz": 100.0 * (k + 1)},
            )
            for k in range(len(vectors))
        ),
    }
    return Described(
        asset=Asset(**(values | fields)),
        model="test/1",
        vectors=tuple(vector.astype("<f2").tobytes() for vector in numbers),
        hearings=(),
        dimensions=numbers.shape[1],
        peak_levels="[]",
        peak_numbers=b"",
    )


def put_all(catalogue: Path, *files: Described) -> None:
    """Files into a catalogue, which is made."""
    with closing(create_catalogue(catalogue)) as connection, transaction(connection):
        roots.add(connection, "Foley", "/nowhere/Foley")
        put(connection, files)


def heard(vector, **scores):
    """Takes of a sound in which a network hears these classes."""
    hearing = Hearing(
        np.zeros(512, np.float16),
        np.zeros(2560, np.float16),
        np.zeros(521, np.float16),
        np.zeros(61, np.float32),
    )
    for name, score in scores.items():
        hearing.scores[class_names().index(name)] = score
    return vector, pack(hearing)


def put_all_heard(catalogue: Path, files) -> None:
    """Files into a catalogue, which is made: (path, what `heard` gives) of each."""
    put_all(
        catalogue,
        *(
            replace(described(path, [vector]), hearings=(packed,))
            for path, (vector, packed) in files
        ),
    )


def ranked_by_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a library where many match."""
    monkeypatch.setattr(by_words, "_RANKED_BY_FTS5", 0)
    monkeypatch.setattr(by_words, "_RANKED_BY_FTS5_BESIDE_ARRAYS", 0)
    monkeypatch.setattr(word_index, "_NO_FILE_MOST", 0)
