"""A sound is meant by its id, its path, or the end of its path; a file beside it is itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import assets, words
from db.connect import open_catalogue
from library import LibraryError
from library.catalogue import find_asset
from tests.library.shelf import described, put_all

_PATHS = (
    "Doors/door.wav",
    "Doors/Cabin/door.wav",
    "Doors/100%_door.wav",
    "Doors/a.b.c.wav",
    "Doors/DOORWood_Cabin Slam_AB_Test.wav",
    "Türen/Tür 02.flac",
    "---.wav",
    "Cafe\u0301/ドアカ\u3099ラス.wav",  # as a Mac spells them
    "ﬁre Straße.wav",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    catalogue = tmp_path_factory.mktemp("library") / "library.db"
    put_all(catalogue, *map(described, _PATHS))
    with open_catalogue(catalogue) as connection:
        yield connection
    connection.close()


@pytest.mark.parametrize("path", _PATHS)
def test_a_path_and_its_end_are_found(library, path):
    assert find_asset(library, path).path == path
    if path.count("door.wav") != 1 or "100" in path:
        assert find_asset(library, path.rpartition("/")[2]).path == path


@pytest.mark.parametrize(
    "path", ["Caf\u00e9/ドアガラス.wav", "ドアガラス.wav", "fire straße.wav", "ﬁre STRAßE.wav"]
)
def test_letters_may_be_spelt_in_another_way(library, path):
    assert find_asset(library, path).path in _PATHS[-2:]


@pytest.mark.parametrize("number", ["²", "9" * 30, "9" * 5_000, "٣"])
def test_what_looks_like_a_number_and_is_no_id_is_not_found(library, number):
    assert find_asset(library, number) is None


def test_an_end_that_two_have_is_refused_and_one_that_is_none_is_not_found(library):
    with pytest.raises(LibraryError, match=r"Cabin/door\.wav and Foley/Doors/door\.wav; give"):
        find_asset(library, "door.wav")
    assert find_asset(library, "oor.wav") is None
    assert find_asset(library, "other/a.b.c.wav") is None


@given(st.sampled_from(_PATHS), st.integers(0, 40), st.booleans())
def test_looking_words_up_finds_what_reading_all_paths_finds(library, path, start, shout):
    ending = path[start % len(path) :].strip("/")
    ending = ending.upper() if shout else ending
    looked_up = [row["path"] for row in assets.with_path_ending(library, ending, 9)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "matching_at_most", lambda *_: None)
        assert [row["path"] for row in assets.with_path_ending(library, ending, 9)] == looked_up


def test_a_file_that_is_not_in_the_library_is_not_taken_for_one_that_is(
    library, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert find_asset(library, "a.b.c.wav", unless_file=True).path == "Doors/a.b.c.wav"
    (tmp_path / "a.b.c.wav").touch()
    assert find_asset(library, "a.b.c.wav", unless_file=True) is None
