"""Words find sounds that nobody named, below all that are named so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.connect import open_catalogue
from library.audioset import class_names
from library.by_ear import best_by_ear
from library.ear_kinds import learn_kinds
from library.ear_words import classes_for
from library.search import search
from tests.library.shelf import heard, put_all_heard

NAMES = class_names()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    catalogue = tmp_path_factory.mktemp("heard") / "library.db"
    files = [
        ("a/0001.wav", heard([1, 0, 0], Bark=0.9, Dog=0.95)),
        ("a/0002.wav", heard([0.9, 0.1, 0], Dog=0.5)),
        ("a/0003.wav", heard([0, 1, 0], Rain=0.9)),
        ("a/old dog.wav", heard([0, 0, 1])),
        ("a/VEHCar_Pass_DUB_Test.wav", heard([1, 0, 0.1], Dog=0.9)),
        (
            "a/0004.wav",
            heard([0.1, 0.9, 0.5], **{"Inside, small room": 0.4, "Inside, public space": 0.5}),
        ),
        *((f"b/{number:04}.wav", heard([0, 1, number / 9])) for number in range(9)),
    ]
    put_all_heard(catalogue, files)
    connection = open_catalogue(catalogue)
    yield connection
    connection.close()


def paths(result):
    return [hit.asset.path for hit in result.hits]


@pytest.mark.parametrize("query", ["dog", "Hund", "chien", "dog bark"])
def test_a_dog_that_nobody_named_is_found_in_any_language(library, query):
    found = search(library, query)
    by_ear = [hit for hit in found.hits if hit.why.startswith("by ear: ")]
    assert [hit.asset.path for hit in by_ear] == ["a/0001.wav", "a/0002.wav"]
    assert "Dog 0.95" in by_ear[0].why
    assert found.total == len(found.hits)


def test_named_sounds_are_never_worse_off(library):
    found = search(library, "dog")
    assert paths(found)[0] == "a/old dog.wav"
    assert found.hits[0].score >= max(hit.score for hit in found.hits[1:])


def test_classes_of_one_name_are_told_once_by_the_highest_score(library):
    (hit,) = search(library, "inside").hits
    assert hit.why == "by ear: Inside 0.50"


def test_who_gave_a_category_has_said_what_it_is(library):
    assert "a/VEHCar_Pass_DUB_Test.wav" not in paths(search(library, "dog"))


def test_quotes_ask_for_the_words_themselves_and_filters_hold(library):
    assert paths(search(library, '"dog"')) == ["a/old dog.wav"]
    assert paths(search(library, "dog -old path:0002")) == ["a/0002.wav"]
    assert paths(search(library, "dog duration:>10s")) == []


@given(st.text(max_size=30))
@settings(max_examples=40)
def test_whatever_is_asked_for_adds_up(text):
    total = float(classes_for(text).sum())
    assert total == 0 or total == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "name"),
    [("Schritte", "Walk, footsteps"), ("tonnerre", "Thunder"), ("barking", "Bark")],
)
def test_words_mean_classes(words, name):
    assert NAMES.index(name) in np.argsort(-classes_for(words))[:3]


def test_kinds_are_found_again_by_their_names():
    random = np.random.default_rng(3)
    middles = np.eye(8, dtype=np.float32)[:3]
    vectors = np.repeat(middles, 20, axis=0) + 0.1 * random.standard_normal((60, 8))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    kinds = learn_kinds(vectors, ["door close"] * 20 + ["rain"] * 20 + ["sword hit"] * 20, "test")
    assert [name for name, _ in kinds.asked_for("a door closes")] == ["door close"]
    best = np.argsort(-(vectors @ kinds.direction_for("rain")))[:20]
    assert set(best.tolist()) == set(range(20, 40))
    assert kinds.direction_for("zzz") is None


def test_an_empty_library_has_no_answer():
    rows, strengths = best_by_ear(
        classes_for("dog"),
        None,
        lambda number: np.zeros(0, np.uint8),
        lambda rows: np.zeros((rows.size, 3), np.float32),
        lambda direction, limit: np.zeros(0, np.intp),
    )
    assert rows.size == strengths.size == 0
