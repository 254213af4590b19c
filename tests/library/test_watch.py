"""Watching: what is put into a folder is in the library soon after."""

from functools import partial
from threading import Event

import pytest

from library import LibraryError
from library.scan import scan
from library.watch import watch
from tests.library.shelf import here


def test_a_sound_that_comes_is_taken_in_and_one_that_goes_is_dropped(shelf):
    for seed in range(25):
        shelf.add(f"{seed}.wav", seed, seconds=0.05)
    stop = Event()
    results = watch(
        [shelf.folder], shelf.catalogue, stop=stop, scan_with=partial(scan, executor=here)
    )
    assert next(results).new == 25
    shelf.add("later.wav", 99)
    assert next(results).new == 1
    (shelf.folder / "3.wav").unlink()
    assert next(results).forgotten == 1
    stop.set()
    assert list(results) == []


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LibraryError, match="is not there; is its drive mounted"):
        next(watch([tmp_path / "no"], tmp_path / "library.db"))
