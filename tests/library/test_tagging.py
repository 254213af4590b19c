"""Tags are the user's and outlive scans; what is learnt from them is only suggested."""

from contextlib import closing

import pytest

from db import assets, tags
from db.connect import change_catalogue, create_catalogue, transaction
from library import LibraryError
from library.catalogue import find_asset, put
from library.search import search
from library.tagging import learn_from_tags, read_tag, tag
from tests.library.shelf import described, put_all


@pytest.fixture
def library(tmp_path):
    """Twelve sounds: four of one kind, four of another, three like them, and one like nothing."""
    path = tmp_path / "library.db"
    steps = [described(f"a{n}.wav", vectors=((1.0, 0.05 * n, 0.0),)) for n in range(4)] + [
        described(f"b{n}.wav", vectors=((0.05 * n, 1.0, 0.0),)) for n in range(4)
    ]
    others = [
        described("like a.wav", vectors=((1.0, 0.07, 0.0),)),
        described("like b.wav", vectors=((0.07, 1.0, 0.0),)),
        described(
            "Boots Gravel Walk.wav", vectors=((1.0, 0.0, 0.0),), facets={"surface": "gravel"}
        ),
        described("bell.wav", vectors=((0.0, 0.0, 1.0),)),
    ]
    put_all(path, *steps, *others)
    with closing(change_catalogue(path)) as connection:
        yield connection


def say(connection, path, **facets):
    return tag(connection, find_asset(connection, path), facets)


def teach(connection):
    for n in range(4):
        say(connection, f"a{n}.wav", surface="gravel")
        say(connection, f"b{n}.wav", surface="wood")


def test_a_tag_stands_above_the_name_and_is_taken_back(library):
    assert say(library, "Boots Gravel Walk.wav", surface="sand").facets["surface"] == "sand"
    assert find_asset(library, "Boots Gravel Walk.wav").facets["surface"] == "sand"
    assert search(library, "surface:sand").total == 1
    assert say(library, "Boots Gravel Walk.wav", surface=None).facets["surface"] == "gravel"
    assert tags.of_asset(library, find_asset(library, "Boots Gravel Walk.wav").id) == {}


def test_a_scan_that_describes_the_file_again_keeps_the_tag(library):
    say(library, "bell.wav", intensity="hard")
    with transaction(library):
        put(library, [described("bell.wav", vectors=((0.0, 0.0, 1.0),), modified_ns=2)])
    assert find_asset(library, "bell.wav").facets == {"intensity": "hard"}
    with transaction(library):  # also one that moved away and came back
        assets.remove(library, [find_asset(library, "bell.wav").id])
        put(library, [described("bell.wav", vectors=((0.0, 0.0, 1.0),))])
    assert find_asset(library, "bell.wav").facets == {"intensity": "hard"}


def test_what_is_learnt_is_suggested_to_sounds_alike_and_to_no_others(library):
    teach(library)
    (learnt,) = learn_from_tags(library)
    assert (learnt.facet, learnt.values, learnt.examples) == ("surface", ("gravel", "wood"), 8)
    assert learnt.suggested == 2

    def of(path):
        likely = tags.suggested(library, find_asset(library, path).id)
        return {field: found for field, found in likely.items() if field != "cat_id"}

    ((value, probability),) = of("like a.wav")["surface"]
    assert value == "gravel"
    assert 0.5 < probability <= 1.0
    assert of("like b.wav")["surface"][0][0] == "wood"
    assert of("bell.wav") == of("a1.wav") == of("Boots Gravel Walk.wav") == {}


def test_a_question_mark_finds_what_is_suggested_and_no_mark_does_not(library):
    teach(library)
    learn_from_tags(library)
    assert search(library, "surface:wood").total == 4
    assert {hit.asset.path for hit in search(library, "surface:wood?").hits} == {
        "b0.wav", "b1.wav", "b2.wav", "b3.wav", "like b.wav",
    }  # fmt: skip
    assert search(library, "-surface:wood? bell").total == 1


def test_learning_again_drops_what_was_suggested(library):
    teach(library)
    learn_from_tags(library)
    for n in range(4):
        say(library, f"a{n}.wav", surface="snow")
    learn_from_tags(library)
    likely = tags.suggested(library, find_asset(library, "like a.wav").id)
    assert [value for value, _ in likely["surface"]] == ["snow"]
    say(library, "like a.wav", surface="ice")
    assert "surface" not in tags.suggested(library, find_asset(library, "like a.wav").id)


def test_too_few_tags_teach_nothing_and_say_so(library):
    say(library, "a0.wav", surface="gravel")
    with pytest.raises(LibraryError, match="at least two values with 3 corrected entries"):
        learn_from_tags(library)


def test_a_library_that_heard_nothing_says_so(tmp_path):
    with (
        closing(create_catalogue(tmp_path / "library.db")) as connection,
        pytest.raises(LibraryError, match="dubstage scan"),
    ):
        learn_from_tags(connection)


def test_a_tag_is_read_and_the_nearest_is_named():
    assert read_tag("Surface=gravel") == ("surface", "gravel")
    assert read_tag("shoe=") == ("shoe", None)
    with pytest.raises(LibraryError, match="did you mean surface"):
        read_tag("surfce=gravel")
    with pytest.raises(LibraryError, match="did you mean gravel"):
        read_tag("surface=gravl")
    with pytest.raises(LibraryError, match="is not FACET=VALUE"):
        read_tag("gravel")


def test_a_suggested_cat_id_is_found_with_a_question_mark_and_never_the_asset_s_own(library):
    number = find_asset(library, "bell.wav").id
    with transaction(library):
        tags.suggest(library, number, "cat_id", [("BELLHand", 0.6), ("BELLMisc", 0.2)])
    assert search(library, "catid:BELLHand").total == 0
    assert [hit.asset.id for hit in search(library, "catid:bellhand?").hits] == [number]
    assert search(library, "catid:BELLMisc?").total == 0  # only the likeliest
    assert find_asset(library, "bell.wav").cat_id is None
