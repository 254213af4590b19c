"""How often the right category is among the CatIDs suggested for sounds without one.

    python benchmarks/cat_ids.py CORPUS [--heard FILE.npz] [--every 1]

CORPUS holds labels.tsv (file, class, original_name, …). Right is any CatID of the categories
that KIND names for a class, written down here before anything was suggested; classes that UCS
puts in no certain place are left out. Asked: by the file's own name (which the class was
taken from, so this is the easy half), by sound alone, and by both. `--heard` keeps what the
networks heard, as benchmarks/retrieval.py --vectors does.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from benchmarks.retrieval import heard_in
from library import likely_cat_ids as likely
from library.ucs import category_of
from library.ucs_words import suggest_cat_ids

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
    for cat_ids, categories in zip(suggested, wanted, strict=True):
        found = {category_of(cat_id).category for cat_id in cat_ids[:within]}
        right += not found.isdisjoint(categories)
    return right / len(wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--heard", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take one sound in so many")
    options = parser.parse_args()
    with (options.corpus / "labels.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))[:: options.every]
    heard = heard_in(options.corpus, rows, options.heard)
    known = {category_of(cat_id).category for cat_id in likely_categories()}
    for categories in KIND.values():
        assert known.issuperset(categories.split(",")), categories
    chosen = [i for i, row in enumerate(rows) if row["class"] in KIND]
    wanted = [set(KIND[rows[i]["class"]].split(",")) for i in chosen]
    names = [rows[i]["original_name"] for i in chosen]
    scores = [heard[i].scores for i in chosen]

    def first(pairs: list[tuple[str, float]]) -> list[str]:
        return [cat_id for cat_id, _ in sorted(pairs, key=lambda pair: -pair[1])]

    by_name = [[c for c, _ in suggest_cat_ids(name, limit=5)] for name in names]
    by_sound = [first(likely.heard_cat_ids(each.astype(np.float32))) for each in scores]
    by_both = [
        [c for c, _ in likely.likely_cat_ids(name, each.astype(np.float32))]
        for name, each in zip(names, scores, strict=True)
    ]
    print(f"{len(chosen)} of {len(rows)} sounds, {len(set(KIND))} classes")
    print("| asked by | right category first | among five |\n| --- | ---: | ---: |")
    for way, suggested in (("name", by_name), ("sound", by_sound), ("both", by_both)):
        one, five = (share_right(suggested, wanted, within) for within in (1, 5))
        print(f"| {way} | {one:.3f} | {five:.3f} |")


def likely_categories() -> list[str]:
    from library.ucs_table import categories

    return list(categories())


if __name__ == "__main__":
    main()
