"""Words near in meaning: they stand in where names are silent, and overtake nothing."""

import os
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.connect import open_catalogue
from library.audioset import CLASSES, class_names
from library.ear_kinds import load_kinds
from library.ear_words import classes_for, stand_ins, stems
from library.near_words import FILE, load_near_words
from library.search import search
from library.ucs_table import categories
from library.ucs_words import find_categories
from tests.library.shelf import heard, put_all_heard

TABLE = load_near_words()
PARAPHRASES = Path(__file__).parents[2] / "benchmarks" / "paraphrases.tsv"
WHEEL = os.environ.get("DUBSTAGE_MINILM_WHEEL", "")


@given(st.text(max_size=40) | st.lists(st.sampled_from(TABLE.words), max_size=8).map(" ".join))
@settings(max_examples=100)
def test_whatever_is_asked_has_a_direction_or_none(text):
    meant = TABLE.meaning(text)
    if meant is not None:
        assert meant.shape == (96,)
        assert float(meant @ meant) == pytest.approx(1, abs=1e-5)
    assert sum(one.share for one in stand_ins(text)) <= 1 + 1e-6
    assert sum(part for _kind, part in load_kinds().asked_for(text)) <= 1 + 1e-6


@pytest.mark.parametrize("nothing", ["", "   ", "the of and", "xqzzk", "Schritte Kies", "雨", "?!"])
def test_words_that_are_not_known_mean_nothing(nothing):
    assert TABLE.meaning(nothing) is None
    assert TABLE.words_near(nothing, 5) == []
    assert stand_ins(nothing) == ()


def test_thousands_of_words_are_one_meaning():
    assert np.isfinite(TABLE.meaning(" ".join(TABLE.words[:5000]))).all()


def test_words_stand_in_order_so_that_they_are_found():
    assert list(TABLE.words) == sorted(set(TABLE.words))
    assert len(TABLE.vectors) == len(TABLE.lengths) == len(TABLE.words)


def test_names_are_those_that_the_ear_knows():
    assert list(TABLE.names[:CLASSES]) == list(class_names())
    assert list(TABLE.names[CLASSES + len(categories()) :]) == list(load_kinds().names)


@pytest.mark.parametrize("words", ["Hund", "chien", "pas", "tonnerre", "cane"])
def test_other_languages_are_left_to_ucs(words):
    assert stand_ins(words) == ()
    assert classes_for(words).any()


def test_other_words_that_share_none_with_a_kind_find_it():
    """Names and UCS alone ask for it first in 0.09 of these cases, and at all in 0.10."""
    kinds = load_kinds()
    first, among = [], []
    for line in PARAPHRASES.read_text(encoding="utf-8").splitlines():
        kind, *others = line.split("\t")
        for words in others:
            if not set(stems(words)) & set(stems(kind)):
                asked = [name for name, _part in kinds.asked_for(words)]
                first.append(asked[:1] == [kind])
                among.append(kind in asked[:5])
    assert len(first) > 250
    assert np.mean(first) > 0.38
    assert np.mean(among) > 0.62


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """`wept` is no word of UCS nor of AudioSet; one sound is named by it, two are of crying."""
    assert find_categories("wept") == []
    catalogue = tmp_path_factory.mktemp("near") / "library.db"
    files = [
        ("a/1.wav", heard([1, 0, 0], **{"Crying, sobbing": 0.9, "Whimper": 0.5})),
        ("a/2.wav", heard([0.9, 0.1, 0], **{"Crying, sobbing": 0.6})),
        ("a/she wept.wav", heard([0, 0, 1])),
        ("a/car pass.wav", heard([0, 1, 1])),
        *((f"b/{number:04}.wav", heard([0, 1, number / 9])) for number in range(9)),
    ]
    put_all_heard(catalogue, files)
    connection = open_catalogue(catalogue)
    yield connection
    connection.close()


def test_what_a_rare_word_may_mean_is_not_told(library):
    assert not TABLE.is_common("jalopy")
    assert not TABLE.is_common("old jalopy")
    assert TABLE.is_common("old car")
    assert not any("≈" in hit.why for hit in search(library, "jalopy").hits)


def test_a_word_that_names_nothing_finds_by_ear_what_it_means_below_what_is_named(library):
    hits = search(library, "wept").hits
    assert [hit.asset.path for hit in hits[:3]] == ["a/she wept.wav", "a/1.wav", "a/2.wav"]
    assert hits[0].score >= max(hit.score for hit in hits[1:])
    assert hits[1].why.startswith("by ear: ")
    assert hits[1].why.endswith("wept ≈ crying")


def test_explain_says_what_stood_in(library):
    hits = search(library, "wept", explain=True).hits
    assert hits[0].explained.by_ear == ""
    assert hits[1].explained.by_ear.endswith("wept ≈ crying")


def test_where_nothing_is_named_so_words_near_in_meaning_are_offered(library):
    assert search(library, "automobile").remarks == (
        "nothing is named 'automobile'; near in meaning: car",
    )


@pytest.mark.parametrize(
    "query", ["wept", "car", "xqzzk", '"automobile"', "automobile -dog", "automobile channels:1"]
)
def test_nothing_is_offered_where_something_is_named_or_more_than_words_is_asked(library, query):
    assert search(library, query).remarks == ()


def test_what_is_guessed_by_spelling_is_not_offered():
    """To the model "jalopy" is pieces, of which it makes "jaundice"."""
    assert TABLE.meaning("jalopy") is not None
    assert TABLE.words_near("jalopy", 5) == []


def test_licences_travel_beside_the_table():
    told = (FILE.parent / "README.md").read_text(encoding="utf-8")
    row = next(line for line in told.splitlines() if line.startswith(f"| `{FILE.name}` |"))
    assert "Apache-2.0" in row
    assert "- **all-MiniLM-L6-v2**" in told
    assert "Kevin Atkinson" in (FILE.parent / "SCOWL.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(
    not WHEEL, reason="DUBSTAGE_MINILM_WHEEL does not say where the model's wheel is"
)
def test_the_table_is_made_again_byte_for_byte(tmp_path, monkeypatch):
    out = tmp_path / "near_words.npz"
    tools = Path(__file__).parents[2] / "tools"
    monkeypatch.setattr(sys, "argv", ["make_word_table.py", WHEEL, "--out", str(out)])
    monkeypatch.syspath_prepend(str(tools))
    runpy.run_path(str(tools / "make_word_table.py"), run_name="__main__")
    assert out.read_bytes() == FILE.read_bytes()
