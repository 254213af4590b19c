"""What an editor waits for when a reel is spotted. Run: python benchmarks/spotting.py

300 cues with 2,000 hits against a library of 100,000 takes. Budget: 10 s on two cores.
"""

import argparse
import random
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from audio.timecode import FILM_24, Timecode
from db.connect import create_catalogue, open_catalogue, transaction
from db.roots import add
from library.asset import Asset, Take
from library.catalogue import Described, put
from library.facets import facets_from_words
from premix.cues import parse_cues
from premix.session import write_session
from premix.shelf import LibraryShelf
from premix.spotting import spot

SURFACES = [
    "wood",
    "concrete",
    "gravel",
    "grass",
    "metal",
    "snow",
    "carpet",
    "tile",
    "sand",
    "mud",
    "leaves",
    "ice",
]
SHOES = ["boots", "heels", "sneakers", "barefoot", "clogs", "sandals"]
GAITS = ["walk", "run", "stairs", "scuff", "shuffle"]
OTHERS = {
    "DOORWood": "wood door slam close open creak cabin house",
    "RAINConc": "rain street steady heavy light gutter",
    "GLASBrk": "glass break shatter window bottle debris",
    "METLImpt": "metal impact clang steel pipe sheet",
    "AMBForst": "forest birds wind morning ambience leaves",
    "CRWDWalla": "crowd walla bar murmur market party",
}


def library(path: Path, n_takes: int, takes_each: int = 10) -> None:
    """A catalogue of as many takes, by names such as libraries have; no sound behind it."""
    dice = random.Random(7)
    connection = create_catalogue(path)
    described = []
    for number in range(n_takes // takes_each):
        facets: dict[str, str] = {}
        if number % 2:
            surface, shoe = dice.choice(SURFACES), dice.choice(SHOES)
            cat_id, facets = "FOLYFeet", facets_from_words(f"{shoe} {surface}")
            name = f"Footsteps {shoe} {surface} {dice.choice(GAITS)} {number}"
        else:
            cat_id = dice.choice(list(OTHERS))
            name = f"{' '.join(dice.sample(OTHERS[cat_id].split(), 3))} {number}"
        takes = tuple(
            Take(
                index=index,
                start_samples=index * 48_000,
                sync_samples=index * 48_000 + 2_400,
                end_samples=index * 48_000 + 40_000,
            )
            for index in range(takes_each)
        )
        asset = Asset(
            id=number + 1,
            sound_hash=f"{number:064x}",
            root="sounds",
            path=f"{cat_id}_{name}.wav",
            size_bytes=1,
            modified_ns=0,
            format="WAV",
            sample_rate_hz=48_000,
            channels=1,
            bits=24,
            duration_samples=takes_each * 48_000,
            cat_id=cat_id,
            fx_name=name,
            facets=facets,
            takes=takes,
        )
        described.append(
            Described(
                asset=asset,
                model="",
                vectors=(),
                hearings=(),
                dimensions=0,
                peak_levels="",
                peak_numbers=b"",
            )
        )
    with transaction(connection):
        add(connection, "sounds", str(path.parent))
        put(connection, described)
    connection.close()


def sheet(n_cues: int, n_hits: int) -> bytes:
    """Walks, effects and backgrounds over an hour."""
    dice = random.Random(11)
    lines = ["cue,stem,in,out,query,hits,who"]
    hits_left = n_hits
    for number in range(n_cues):
        at = 24 * (3600 + number * 10)
        begins, ends = Timecode(at, FILM_24), Timecode(at + 24 * 30, FILM_24)
        if number % 4 == 3:
            query = " ".join(dice.sample(dice.choice(list(OTHERS.values())).split(), 2))
            stem = "backgrounds" if number % 8 == 7 else "fx"
            out = ends if stem == "backgrounds" else ""
            lines.append(f"{number},{stem},{begins},{out},{query},,")
            continue
        walks_left = sum(other % 4 != 3 for other in range(number, n_cues))
        count = -(-hits_left // walks_left)
        hits_left -= count
        hits = " ".join(str(Timecode(at + 12 * step, FILM_24)) for step in range(count))
        query = f"footsteps {dice.choice(SHOES)} {dice.choice(SURFACES)}"
        lines.append(f"{number},foley:feet,,,{query},{hits},{dice.choice(['anna', 'jon', ''])}")
    return "\n".join(lines).encode()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--takes", type=int, default=100_000)
    arguments.add_argument("--cues", type=int, default=300)
    arguments.add_argument("--hits", type=int, default=2_000)
    asked = arguments.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        library(path, asked.takes)
        started = time.perf_counter()
        cues = parse_cues(sheet(asked.cues, asked.hits), "reel.csv", FILM_24)
        connection: sqlite3.Connection = open_catalogue(path)
        session = spot(cues, LibraryShelf(connection), sample_rate_hz=48_000, name="reel")
        spotted = time.perf_counter()
        write_session(session, Path(folder) / "reel.otio")
        written = time.perf_counter()
        connection.close()
    clips = sum(len(track.clips) for track in session.tracks)
    print(
        f"{asked.cues} cues, {clips} clips from {asked.takes} takes: "
        f"spotted in {spotted - started:.2f} s, written in {written - spotted:.2f} s, "
        f"{len(session.problems)} problems"
    )
    for problem in session.problems[:5]:
        print(" ", problem)


if __name__ == "__main__":
    main()
