"""Collections, ratings and notes are kept, found again and taken back."""

import pytest

from library import LibraryError
from library.marked import collections, keep_in, note_of, note_sound, rate_sound
from library.search import search


@pytest.fixture
def sounds(shelf):
    for seed, name in enumerate(("one", "two", "three")):
        shelf.add(f"{name}.wav", seed)
    shelf.scan()
    return shelf.catalogue


def found(read, query):
    return sorted(hit.asset.path for hit in search(read(), query).hits)


def test_a_collection_is_found_again_also_after_a_scan(shelf, sounds, read):
    assert keep_in(sounds, "Reel 1", ["one.wav", "two.wav"]) == 2
    assert keep_in(sounds, "Reel 1", ["one.wav"]) == 2
    assert found(read, 'collection:"reel 1"') == ["one.wav", "two.wav"]
    shelf.scan()
    assert keep_in(sounds, "Reel 1", ["one.wav"], drop=True) == 1
    assert found(read, 'collection:"reel 1"') == ["two.wav"]


def test_collections_are_listed_by_name_with_how_many_sounds_they_hold(sounds):
    keep_in(sounds, "reel 2", ["one.wav", "two.wav"])
    keep_in(sounds, "Doors", ["one.wav"])
    assert [each for each in collections(sounds) if each[0] != "Reel 1"] == [
        ("Doors", 1),
        ("reel 2", 2),
    ]


def test_of_several_sounds_all_are_kept_or_none(sounds, read):
    with pytest.raises(LibraryError, match="four"):
        keep_in(sounds, "Reel 1", ["one.wav", "four.wav"])
    assert found(read, "collection:reel") == []
    with pytest.raises(LibraryError, match="name"):
        keep_in(sounds, " ", ["one.wav"])


def test_ratings_filter_and_are_taken_back(sounds, read):
    rate_sound(sounds, "one.wav", 5)
    rate_sound(sounds, "two.wav", 3)
    assert found(read, "rated:>=4") == ["one.wav"]
    rate_sound(sounds, "one.wav", None)
    assert found(read, "rated:>=1") == ["two.wav"]


def test_a_note_is_read_again_and_found(sounds, read):
    note_sound(sounds, "one.wav", "for Scene 12")
    assert note_of(sounds, "one.wav") == "for Scene 12"
    assert found(read, 'note:"scene 12"') == found(read, "one note:x,for*") == ["one.wav"]
    assert found(read, "-note:scene") == ["three.wav", "two.wav"]
    note_sound(sounds, "one.wav", None)
    assert note_of(sounds, "one.wav") is None
    assert found(read, "note:scene") == []
