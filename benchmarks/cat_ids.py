"""How often the right category is among the CatIDs suggested for sounds without one.

    python benchmarks/cat_ids.py CORPUS [--heard FILE.npz]

CORPUS holds labels.tsv (file, class, original_name, …). Right is any CatID of the categories
that KIND names for a class, written down here before anything was suggested; classes that UCS
puts in no certain place are left out. Asked: by the file's own name (which the class was
taken from, so this is the easy half), by AudioSet's classes, by learned kinds as other makers'
sounds taught them, by both, by all, and with what half of the sounds teach the other half, as
`dubstage learn` does. `--heard` keeps what the networks heard, as
benchmarks/retrieval.py --vectors does.

    python benchmarks/cat_ids.py --names NAMES.tsv

NAMES.tsv holds names that have CatIDs (cat_id, and what of the name comes after it): how often
the CatID, and its category, is among those suggested for its first block alone.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from benchmarks.retrieval import heard_in, labels_of, parts_of
from library.ear_kinds import learn_kinds
from library.kind_ucs import OF_KIND
from library.likely_cat_ids import likely_cat_ids
from library.projection import learned
from library.ucs import category_of
from library.ucs_table import categories

# Class → UCS categories (English, as in the table of UCS 8.2.1) in which it may be filed.
KIND = {
    "voice_pain": "VOICES", "voice_laugh": "VOICES", "voice_scream": "VOICES",
    "monster_vocal": "CREATURES", "creature_hiss": "CREATURES", "sword_hit": "WEAPONS,METAL",
    "weapon_swing": "WEAPONS,SWOOSHES", "explosion": "EXPLOSIONS", "poultry": "BIRDS,ANIMALS",
    "pig": "ANIMALS", "sheep_goat": "ANIMALS", "cow": "ANIMALS", "elephant": "ANIMALS",
    "horse_neigh": "ANIMALS", "dog_bark": "ANIMALS", "wolf_howl": "ANIMALS",
    "animal_growl": "ANIMALS,CREATURES", "duck_goose": "BIRDS", "bird_song": "BIRDS",
    "gull": "BIRDS", "insect_buzz": "ANIMALS", "drum_snare": "MUSICAL", "drum_kick": "MUSICAL",
    "drum_hihat": "MUSICAL", "drum_tom": "MUSICAL", "drum_cymbal": "MUSICAL",
    "drum_clap": "MUSICAL,CROWDS", "metal_hit": "METAL", "wood_hit": "WOOD", "rock_hit": "ROCKS",
    "footstep_soft": "FOLEY,FOOTSTEPS", "footstep_hard": "FOLEY,FOOTSTEPS",
    "footstep_generic": "FOLEY,FOOTSTEPS", "footstep_snow": "FOLEY,FOOTSTEPS,SNOW",
    "footstep_metal": "FOLEY,FOOTSTEPS", "footstep_grass": "FOLEY,FOOTSTEPS",
    "footstep_dirt_sand": "FOLEY,FOOTSTEPS", "footstep_gravel": "FOLEY,FOOTSTEPS",
    "footstep_water": "FOLEY,FOOTSTEPS,WATER", "footstep_wood": "FOLEY,FOOTSTEPS",
    "water_stream": "WATER", "water_splash": "WATER", "water_drop": "WATER",
    "bubbles": "WATER,LIQUID & MUD", "rain": "RAIN", "thunder": "WEATHER", "wind": "WIND",
    "ui_beep": "USER INTERFACE,BEEPS", "ui_click": "USER INTERFACE,CLOCKS,MECHANICAL",
    "notification_chime": "USER INTERFACE,BELLS,BEEPS", "bell": "BELLS", "gunshot": "GUNS",
    "machinegun": "GUNS", "gun_reload": "GUNS", "ricochet": "BULLETS,GUNS",
    "cannon_fire": "GUNS,WEAPONS", "bow_shot": "WEAPONS", "arrow_hit": "WEAPONS",
    "laser_shot": "LASERS,SCIFI", "electric_spark": "ELECTRICITY", "fire_crackle": "FIRE",
    "flame_burst": "FIRE", "door_open": "DOORS", "door_close": "DOORS",
    "cloth_rustle": "CLOTH,FOLEY", "glass_break": "GLASS", "train": "TRAINS",
    "engine_vehicle": "VEHICLES", "vehicle_horn": "VEHICLES", "jet_aircraft": "AIRCRAFT",
    "propeller_aircraft": "AIRCRAFT", "crowd_cheer": "CROWDS", "crowd_murmur": "CROWDS",
    "whistle": "WHISTLES,HUMAN", "eat_munch": "FOOD & DRINK,HUMAN", "book_paper": "PAPER",
    "clock_tick": "CLOCKS", "coin_cash": "OBJECTS", "wing_flap": "WINGS,BIRDS",
    "punch_body_hit": "FIGHT", "gore_splat": "GORE", "ambience_city": "AMBIENCE",
    "ambience_day": "AMBIENCE", "ambience_night": "AMBIENCE", "magic_spell": "MAGIC",
    "teleport": "MAGIC,SCIFI", "machine_hum": "MACHINES", "saw": "TOOLS", "creak": "WOOD,DOORS",
}  # fmt: skip


def share_right(suggested: list[list[str]], wanted: list[set[str]], within: int) -> float:
    """How many have a CatID of a wanted category among the first `within`."""
    right = 0
    for cat_ids, right_ones in zip(suggested, wanted, strict=True):
        found = {category_of(cat_id).category for cat_id in cat_ids[:within]}
        right += not found.isdisjoint(right_ones)
    return right / len(wanted)


def by_other_makers(
    parts: tuple[np.ndarray, ...], rows: list[dict[str, str]]
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """How likely each kind is for each sound, and each CatID as half a library teaches it.

    Vectors and kinds are what the sounds of all other makers taught. A half of the sounds, at
    random, then has CatIDs and teaches those of the other half, whoever made them.
    """
    names = np.array([row["class"].replace("_", " ") for row in rows])
    groups = np.array([row["group"] for row in rows])
    cat_ids = np.array([OF_KIND[name][0] for name in names])
    half = np.random.default_rng(0).random(len(rows)) < 0.5
    kinds: dict[int, dict[str, float]] = {}
    taught: dict[int, dict[str, float]] = {}
    for maker in np.unique(groups):
        own = groups == maker
        project = learned(*(part[~own] for part in parts), names[~own]).vectors
        vectors = project(*parts)
        known = learn_kinds(vectors[~own], list(names[~own]), "")
        kinds |= {i: known.likely(vectors[i : i + 1]) for i in np.flatnonzero(own)}
        for named in (half, ~half):
            library = learn_kinds(vectors[named], list(cat_ids[named]), "")
            without = np.flatnonzero(own & ~named)
            taught |= {i: library.likely(vectors[i : i + 1]) for i in without}
    return [kinds[i] for i in range(len(rows))], [taught[i] for i in range(len(rows))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--heard", type=Path)
    parser.add_argument("--names", type=Path)
    options = parser.parse_args()
    if options.names:
        of_names(options.names)
    if not options.corpus:
        return
    rows = labels_of(options.corpus)
    heard = heard_in(options.corpus, rows, options.heard)
    known = {each.category for each in categories().values()}
    for of_kind in KIND.values():
        assert known.issuperset(of_kind.split(",")), of_kind
    kinds, taught = by_other_makers(parts_of(heard), rows)
    chosen = [i for i, row in enumerate(rows) if row["class"] in KIND]
    wanted = [set(KIND[rows[i]["class"]].split(",")) for i in chosen]
    names = [rows[i]["original_name"] for i in chosen]
    scores = [heard[i].scores.astype(np.float32) for i in chosen]
    kinds, taught = [kinds[i] for i in chosen], [taught[i] for i in chosen]
    ways = {
        "the file's name": [likely_cat_ids(name) for name in names],
        "AudioSet's classes": [likely_cat_ids("", each) for each in scores],
        "learned kinds": [likely_cat_ids("", kinds=each) for each in kinds],
        "both": [likely_cat_ids("", *each) for each in zip(scores, kinds, strict=True)],
        "all, as a scan does": [
            likely_cat_ids(*each) for each in zip(names, scores, kinds, strict=True)
        ],
        "both, and half the library": [
            likely_cat_ids("", *each) for each in zip(scores, kinds, taught, strict=True)
        ],
        "all, and half the library": [
            likely_cat_ids(*each) for each in zip(names, scores, kinds, taught, strict=True)
        ],
    }
    print(f"{len(chosen)} of {len(rows)} sounds, {len(set(KIND))} classes")
    print("| asked by | right category first | among five | its probability |")
    print("| --- | ---: | ---: | ---: |")
    for way, suggested in ways.items():
        cat_ids = [[cat_id for cat_id, _ in each] for each in suggested]
        one, five = (share_right(cat_ids, wanted, within) for within in (1, 5))
        print(
            f"| {way} | {one:.3f} | {five:.3f} | {np.mean([sure_of(s) for s in suggested]):.3f} |"
        )


def sure_of(suggested: list[tuple[str, float]]) -> float:
    """What probability the first suggestion's category has among the five."""
    categories_of = [category_of(cat_id).category for cat_id, _ in suggested]
    shares = zip(categories_of, suggested, strict=True)
    return sum(share for name, (_cat_id, share) in shares if name == categories_of[0])


def of_names(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if category_of(row["cat_id"])]
    found = []
    for row in rows:
        cat_ids = [cat_id for cat_id, _ in likely_cat_ids(row["rest"].split("_")[0])]
        own = category_of(row["cat_id"]).category
        of_category = [category_of(cat_id).category == own for cat_id in cat_ids]
        exactly = [cat_id == row["cat_id"] for cat_id in cat_ids]
        found.append([any(exactly[:1]), any(exactly), any(of_category[:1]), any(of_category)])
    told = " ".join(f"{share:.3f}" for share in np.mean(found, axis=0))
    print(f"{len(rows)} names: CatID first, among five; category first, among five: {told}")


if __name__ == "__main__":
    main()
