"""CatIDs for sounds that name none: suggested at the scan, and again when the name changes."""

import itertools
from pathlib import PurePosixPath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import tags
from db.connect import open_catalogue
from library.audioset import class_names
from library.audioset_ucs import OF_CLASS
from library.catalogue import find_asset
from library.ear_kinds import load_kinds
from library.embedding import default_embedder
from library.kind_ucs import OF_KIND
from library.likely_cat_ids import MOST, heard_shares, kinds_of_takes, likely_cat_ids
from library.ucs import category_of
from library.ucs_table import categories
from library.ucs_words import suggest_cat_ids
from tests.library.shelf import Shelf


def scores(**of_classes):
    found = np.zeros(len(class_names()), np.float32)
    for name, score in of_classes.items():
        found[class_names().index(name)] = score
    return found


@pytest.mark.parametrize(
    ("heard", "category"),
    [
        ("Thunder", "WEATHER"), ("Gunshot, gunfire", "GUNS"), ("Rain", "RAIN"), ("Door", "DOORS"),
        ("Walk, footsteps", "FOOTSTEPS"), ("Explosion", "EXPLOSIONS"), ("Sheep", "ANIMALS"),
    ],
)  # fmt: skip
def test_a_class_of_audioset_speaks_of_the_ucs_category_of_its_name(heard, category):
    shares = heard_shares(scores(**{heard: 0.9}))
    spoken_of = itertools.compress(categories().values(), shares)
    assert category in {each.category for each in spoken_of}
    assert shares.sum() == pytest.approx(1.0)


def test_what_is_heard_decides_where_a_name_says_little():
    # "impact" alone stands in many categories; a pane that breaks is heard.
    both = likely_cat_ids("impact 07.wav", scores(Glass=0.9, Shatter=0.8))
    alone = likely_cat_ids("impact 07.wav")
    assert "GLASS" in {category_of(cat_id).category for cat_id, _ in both}
    assert both != alone


def test_the_two_that_listened_and_the_name_are_believed_together():
    said = {"door open": 0.4, "creak": 0.3, "gun reload": 0.3}
    heard = scores(Door=0.3, Creak=0.2, Gears=0.3)
    assert likely_cat_ids("squeak 03.wav")[0][0] == "TOONSqk"  # the only row of that name
    (first, sure), *_ = likely_cat_ids("squeak 03.wav", heard, said)
    assert first == "DOORCreak"
    assert 0 < sure < 1
    # Against a name that is clear, what is heard as likely as not changes nothing.
    assert likely_cat_ids("telephone ring.wav", heard, said)[0][0] == "COMTelph"


@pytest.mark.parametrize(
    ("name", "category"),
    [("Puppies_02.wav", "ANIMALS"), ("beagle.ogg", "ANIMALS"), ("Lumberjack take 3.wav", "WOOD")],
)
def test_a_word_that_ucs_does_not_have_is_read_by_its_meaning(name, category):
    word = name.replace("_", " ").split()[0].removesuffix(".ogg")
    assert suggest_cat_ids(word) == []
    assert category_of(likely_cat_ids(name)[0][0]).category == category


def test_kinds_are_asked_of_the_vectors_that_they_were_learned_from():
    known = load_kinds()
    toward = known.directions[known.names.index("thunder")]
    kinds = kinds_of_takes([toward / np.linalg.norm(toward)], known.model)
    assert max(kinds, key=kinds.get) == "thunder"
    assert sum(kinds.values()) == pytest.approx(1.0)
    assert likely_cat_ids("0001.wav", kinds=kinds)[0][0] == "THUN"
    assert kinds_of_takes([toward], "another model") is None
    assert kinds_of_takes([], known.model) is None


def test_the_kinds_that_ship_fit_the_vectors_of_the_networks_that_ship():
    assert load_kinds().model == default_embedder().name


def test_every_kind_is_filed_somewhere_real():
    assert set(load_kinds().names) <= set(OF_KIND)
    assert {cat_id for given in OF_KIND.values() for cat_id in given} <= set(categories())


@given(
    st.text(max_size=30),
    st.none() | st.dictionaries(st.integers(0, 520), st.floats(0, 1, width=32), max_size=8),
    st.none() | st.dictionaries(st.sampled_from(sorted(OF_KIND)), st.floats(0, 1), max_size=8),
)
def test_there_are_at_most_five_real_cat_ids_with_shares_in_falling_order(name, numbers, kinds):
    given = None if numbers is None else scores()
    for index, score in (numbers or {}).items():
        given[index] = score
    found = likely_cat_ids(f"x/{name}", given, kinds)
    shares = [share for _, share in found]
    assert len(found) <= MOST
    assert all(category_of(cat_id) for cat_id, _ in found)
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.001
    assert all(0 <= share <= 1 for share in shares)


def test_the_table_names_real_classes_and_real_cat_ids():
    assert set(OF_CLASS) <= set(class_names())
    assert {cat_id for given in OF_CLASS.values() for cat_id in given} <= set(categories())


def test_nothing_known_suggests_nothing():
    assert likely_cat_ids("0001.wav") == []
    assert likely_cat_ids(str(PurePosixPath("0001.wav")), scores()) == []


def test_a_scan_suggests_and_a_new_name_suggests_anew(tmp_path):
    shelf = Shelf(tmp_path)
    path = shelf.add("thunder clap.wav", 1)
    shelf.add("DOORWood_Cabin Door Slam_DUB_Test.wav", 2)
    shelf.scan()

    def of(name):
        connection = open_catalogue(shelf.catalogue)
        likely = tags.suggested(connection, find_asset(connection, name).id)
        connection.close()
        return [cat_id for cat_id, _ in likely.get("cat_id", [])]

    assert any(cat_id.startswith("THUN") for cat_id in of("thunder clap.wav"))
    assert of("DOORWood_Cabin Door Slam_DUB_Test.wav") == []
    path.rename(path.with_name("telephone ring.wav"))
    shelf.scan()
    assert "COMTelph" in of("telephone ring.wav")
    (shelf.folder / "telephone ring.wav").rename(shelf.folder / "COMTelph_Old Ring_DUB_Test.wav")
    shelf.scan()
    assert of("COMTelph_Old Ring_DUB_Test.wav") == []
