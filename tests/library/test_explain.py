"""Why a hit ranks where it does: as the word index has it, not as we guess."""

from contextlib import closing

import pytest

from db.connect import open_catalogue
from library.explain import HeldWord
from library.search import search
from tests.library.shelf import described, put_all


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    catalogue = tmp_path_factory.mktemp("library") / "library.db"
    put_all(
        catalogue,
        described("DOORWood_Cabin Slam_DUB_Test.wav", [[1, 0]]),
        described("n/doors.wav", [[0, 1]], description="slammed in a cabin"),
        described("FEETHmn_Boots Gravel Walk_DUB_Test.wav", [[0.9, 0.1], [0, 1]]),
    )
    with closing(open_catalogue(catalogue)) as connection:
        yield connection


def told(library, query, **how):
    return [hit.explained for hit in search(library, query, explain=True, **how).hits]


def held(explanation):
    return {(word.word, word.field, word.weight) for word in explanation.words}


def test_nothing_is_explained_unasked(library):
    assert all(hit.explained is None for hit in search(library, "cabin").hits)


def test_words_tell_their_fields_and_weights(library):
    first, second = told(library, "cabin slam")
    assert (first.ranked_by, first.reading) == ("words", "words")
    assert {("cabin", "name", 10.0), ("slam", "name", 10.0)} <= held(first)
    assert second.reading == "forms of words"  # "slammed"
    assert held(second) == {("cabin", "metadata", 3.0), ("slam", "metadata", 3.0)}
    assert first.score == search(library, "cabin slam").hits[0].score


def test_synonyms_and_spelling_are_told_by_what_was_found(library):
    (steps,) = told(library, "gravier")
    assert steps.reading == "synonyms"
    assert HeldWord(word="gravel", field="name", weight=10.0) in steps.words
    (steps,) = told(library, "gravle")
    assert steps.reading == "spelling"
    assert ("gravel", "name", 10.0) in held(steps)


def test_filters_tell_what_the_sound_has_there(library):
    (steps,) = told(library, "pitch:150..250 duration:>1s", limit=1)
    assert steps.ranked_by == "place"
    assert [(met.typed, met.value) for met in steps.filters] == [
        ("pitch:150..250", 200.0),  # of the second take
        ("duration:>1s", 2.0),
    ]
    assert steps.told() == ["by place", "pitch:150..250: 200", "duration:>1s: 2"]


def test_likeness_ranks_what_words_choose(library):
    (doors,) = told(library, "door", like=["DOORWood_Cabin Slam_DUB_Test.wav"])
    assert (doors.ranked_by, doors.reading) == ("likeness", "words")
    assert held(doors) == {("door", "name", 10.0)}
