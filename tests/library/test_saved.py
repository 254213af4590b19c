"""Saved searches are kept by name, in the catalogue."""

from contextlib import closing

import pytest

from db.connect import open_catalogue
from library import LibraryError
from library.saved import Saved, forget, load, save, saved_searches
from tests.library.shelf import described, put_all


@pytest.fixture
def catalogue(tmp_path):
    put_all(tmp_path / "library.db", described("door.wav"))
    return tmp_path / "library.db"


def test_what_is_saved_is_asked_again_until_it_is_forgotten(catalogue):
    asked = Saved(words='door "in a row" duration:<3s', like=("door.wav@0-1",), unlike=("7",))
    save(catalogue, "Reel 1", Saved(words="old"))
    save(catalogue, "Reel 1", asked)
    save(catalogue, "Rain", Saved(words="rain"))
    with closing(open_catalogue(catalogue)) as connection:
        assert load(connection, "Reel 1") == asked
        assert list(saved_searches(connection)) == ["Rain", "Reel 1"]
    forget(catalogue, "Reel 1")
    with closing(open_catalogue(catalogue)) as connection:
        assert list(saved_searches(connection)) == ["Rain"]


def test_errors_say_what_would_be_right(catalogue):
    with pytest.raises(LibraryError, match="needs a name"):
        save(catalogue, " ", Saved(words="door"))
    with pytest.raises(LibraryError, match="nothing to save as 'x'"):
        save(catalogue, "x", Saved())
    with pytest.raises(LibraryError, match="none are saved yet"):
        forget(catalogue, "Rain")
    save(catalogue, "Rain", Saved(words="rain"))
    with pytest.raises(LibraryError, match="did you mean Rain"):
        forget(catalogue, "Rian")
