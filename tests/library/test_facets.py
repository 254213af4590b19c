"""Facets: what names and descriptions tell of surface, shoe, gait and the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import LibraryError
from library.facet_words import CLOSING_THINGS, FACETS, OTHER_MEANINGS
from library.facets import check_facet, facets_from_words


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        (
            "FEETHmn_Footsteps Gravel Boots Walk Slow_XX_LIB.wav",
            {"surface": "gravel", "shoe": "boots", "gait": "walk", "pace": "slow"},
        ),
        (
            "FootstepsConcrete_HighHeels-Run-Fast_03",
            {"surface": "concrete", "shoe": "heels", "gait": "run", "pace": "fast"},
        ),
        ("leather shoes on wooden floor", {"surface": "wood", "shoe": "dress shoes"}),
        ("barefoot on wet tile, close up, interior", {
            "surface": "tile", "shoe": "barefoot", "perspective": "close",
            "location": "interior", "condition": "wet",
        }),
        ("Schritte auf Kies, Stiefel, langsam gehen", {
            "surface": "gravel", "shoe": "boots", "gait": "walk", "pace": "slow",
        }),
        ("pas sur neige, marche lente", {"surface": "snow", "gait": "walk", "pace": "slow"}),
        ("Cabin Door Slam Close", {"intensity": "hard"}),
        ("Gunshot Close", {"perspective": "close"}),
        ("Door open, close up", {"perspective": "close"}),
        ("Light Switch On", {}),
        ("running water tap", {}),
        ("soft sole sneakers tiptoe", {"shoe": "sneakers", "gait": "sneak"}),
        ("Thunder distant EXT", {"perspective": "distant", "location": "exterior"}),
        ("", {}),
        ("A101_4.WAV", {}),
    ],
)  # fmt: skip
def test_a_name_tells_its_facets(text, facets):
    assert facets_from_words(text) == facets


@given(st.text(max_size=80))
def test_any_text_gives_values_of_the_vocabulary(text):
    for facet, value in facets_from_words(text).items():
        assert value in FACETS[facet]


@pytest.mark.parametrize("facet", FACETS)
def test_each_value_is_told_by_one_of_its_own_words(facet):
    for value, words in FACETS[facet].items():
        assert any(facets_from_words(word).get(facet) == value for word in words), value


@pytest.mark.parametrize("phrase", OTHER_MEANINGS)
def test_a_phrase_with_another_meaning_says_nothing(phrase):
    assert facets_from_words(phrase) == {}


def test_lists_of_words_name_none_twice():
    for facet, values in FACETS.items():
        words = [word for of_value in values.values() for word in of_value]
        assert len(words) == len(set(words)), facet
    assert len(CLOSING_THINGS) == len(set(CLOSING_THINGS))


def test_a_value_given_by_hand_is_brought_to_the_vocabulary():
    assert check_facet("Surface", "Parquet") == ("surface", "wood")
    assert check_facet("shoe", "dress shoes") == ("shoe", "dress shoes")
    with pytest.raises(LibraryError, match="'colour' is not a facet; there are surface, shoe"):
        check_facet("colour", "red")
    with pytest.raises(LibraryError, match="surface has no 'lava'; it has asphalt, "):
        check_facet("surface", "lava")


def test_the_documented_table_is_the_vocabulary():
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs/facets.md").read_text(encoding="utf-8")
    for facet, values in FACETS.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| {facet} |"))
        assert row.split("|")[3].strip() == ", ".join(values)
