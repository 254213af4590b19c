"""A catalogue of any size, made without sound, to measure what people wait for.

Run: python benchmarks/catalogue.py FILE ASSETS [FOLDER]. With FOLDER, an empty file is made
for each asset, so that a scan of it finds an unchanged library. Names are built of UCS
words, vectors lie as those of real sounds do (benchmarks/directions.py), both from a fixed seed.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from benchmarks.directions import Directions
from db import roots
from db.connect import create_catalogue, transaction
from library.asset import Asset, Take
from library.catalogue import Described, put
from library.embedding import default_embedder
from library.facets import facets_from_words
from library.features import FEATURES
from library.ucs import categories
from library.vector_index import open_index

_BATCH = 2_000
_MANNER = ["slow", "fast", "soft", "hard", "heavy", "light", "close", "distant", "dry", "wet"]
_MAKERS = ["ABC", "NORD", "TONE", "DUB", "FOX", "REEL"]


def made_up(count: int, root: str, folder: Path | None, seed: int = 7) -> Iterator[Described]:
    """Assets with one to four takes each, as a scan would describe them."""
    chance, numbers = random.Random(seed), np.random.default_rng(seed)
    ucs = list(categories().values())
    embedder = default_embedder()
    directions = Directions(embedder.dimensions, seed)
    for number in range(count):
        at = min(int(chance.expovariate(1 / 120)), len(ucs) - 1)  # some categories are common
        category = ucs[at]
        words = [*chance.sample(category.synonyms, min(2, len(category.synonyms)))]
        words += [chance.choice(_MANNER), category.subcategory.title()]
        name = " ".join(words).title()
        stem = f"{category.cat_id}_{name} {number:06d}_{chance.choice(_MAKERS)}_Lib{number // 5000}"
        path = f"{category.category.title()}/{number // 200:05d}/{stem}.wav"
        modified_ns = 0
        if folder is not None:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
            modified_ns = file.stat().st_mtime_ns
        duration = int(48_000 * min(chance.lognormvariate(0.7, 1.2), 600)) + 480
        n_takes = chance.choice((1, 1, 1, 2, 4))
        edges = [duration * k // n_takes for k in range(n_takes + 1)]
        features = dict(zip(FEATURES, map(float, numbers.random(len(FEATURES))), strict=True))
        vectors = directions.takes(at, number // 5000, n_takes)
        yield Described(
            asset=Asset(
                id=0,
                sound_hash=f"{chance.getrandbits(256):064x}",
                root=root,
                path=path,
                size_bytes=0,
                modified_ns=modified_ns,
                format="WAV",
                sample_rate_hz=48_000,
                channels=chance.choice((1, 2)),
                bits=24,
                duration_samples=duration,
                loudness_lufs=chance.uniform(-50, -10),
                true_peak_dbtp=chance.uniform(-20, 0),
                cat_id=category.cat_id,
                category=category.category,
                subcategory=category.subcategory,
                fx_name=f"{name} {number:06d}",
                creator_id="ABC",
                source_id=f"Lib{number // 5000}",
                description=f"{name}, {chance.choice(_MANNER)} {chance.choice(_MANNER)}",
                facets=facets_from_words(name),
                takes=tuple(
                    Take(
                        index=k,
                        start_samples=edges[k],
                        end_samples=edges[k + 1],
                        sync_samples=edges[k],
                        features=features,
                    )
                    for k in range(n_takes)
                ),
            ),
            model=embedder.name,
            vectors=tuple(vector.astype("<f2").tobytes() for vector in vectors),
            hearings=(),
            dimensions=embedder.dimensions,
            peak_levels="[[256, 64]]",
            peak_numbers=bytes(128),
        )


def make(catalogue: Path, count: int, folder: Path | None = None) -> None:
    """Make a catalogue of `count` assets, and their empty files below `folder`."""
    with closing(create_catalogue(catalogue)) as connection:
        root = folder.name if folder else "Library"
        roots.add(connection, root, str(folder or "/Volumes/Library"))
        batch: list[Described] = []
        for described in made_up(count, root, folder):
            batch.append(described)
            if len(batch) == _BATCH:
                with transaction(connection):
                    put(connection, batch)
                batch = []
        with transaction(connection):
            put(connection, batch)
        connection.execute("pragma wal_checkpoint(truncate)")
        open_index(connection)


if __name__ == "__main__":
    started = time.monotonic()
    file, assets_wanted, *rest = sys.argv[1:]
    make(Path(file), int(assets_wanted), Path(rest[0]) if rest else None)
    print(f"{assets_wanted} assets in {time.monotonic() - started:.0f} s")
