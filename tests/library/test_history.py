"""What a session plays is remembered, found again, replaced and forgotten."""

from contextlib import closing
from pathlib import Path

import pytest

from db.connect import create_catalogue, transaction
from library import LibraryError
from library.history import Use, forget, remember, sessions_used, uses_of_sound
from library.search import search


@pytest.fixture
def sounds(shelf):
    for seed, name in enumerate(("one", "two", "three")):
        shelf.add(f"{name}.wav", seed)
    shelf.scan()
    return shelf.catalogue


@pytest.fixture
def ids(sounds, read):
    return {hit.asset.path: hit.asset.id for hit in search(read(), "").hits}


def use(asset_id, timecode="01:00:10:00"):
    return Use(cue="1", stem="foley", track="feet", timecode=timecode, asset_id=asset_id, take=0)


def found(read, query):
    return sorted(hit.asset.path for hit in search(read(), query).hits)


def test_a_sound_tells_where_it_plays(sounds, ids):
    remember(sounds, "reel1", Path("/film/reel1.otio"), [use(ids["one.wav"])])
    (told,) = uses_of_sound(sounds, "one.wav")
    assert (told.session, told.cue, told.timecode) == ("reel1", "1", "01:00:10:00")
    assert told.file == "/film/reel1.otio"
    assert uses_of_sound(sounds, "two.wav") == []


def test_a_session_is_found_by_a_filter_and_left_out_by_one(sounds, ids, read):
    remember(sounds, "reel1", Path("/film/reel1.otio"), [use(ids["one.wav"])])
    remember(sounds, "reel2", Path("/film/reel2.otio"), [use(ids["two.wav"])])
    assert found(read, "used:reel1") == ["one.wav"]
    assert found(read, "used:reel") == ["one.wav", "two.wav"]
    assert found(read, "-used:reel1") == ["three.wav", "two.wav"]


def test_a_session_spotted_again_replaces_what_was_known_of_it(sounds, ids):
    file = Path("/film/reel1.otio")
    remember(sounds, "reel1", file, [use(ids["one.wav"]), use(ids["two.wav"])])
    remember(sounds, "reel1", file, [use(ids["three.wav"])])
    assert uses_of_sound(sounds, "one.wav") == []
    (session,) = sessions_used(sounds)
    assert (session.clips, session.sounds) == (1, 1)


def test_two_sessions_of_one_name_are_two(sounds, ids):
    remember(sounds, "reel1", Path("/a/reel1.otio"), [use(ids["one.wav"])])
    remember(sounds, "reel1", Path("/b/reel1.otio"), [use(ids["one.wav"], "02:00:00:00")])
    assert {told.file for told in uses_of_sound(sounds, "one.wav")} == {
        "/a/reel1.otio",
        "/b/reel1.otio",
    }


def test_history_survives_a_scan_and_is_forgotten_when_asked(shelf, sounds, ids):
    remember(sounds, "reel1", Path("/film/reel1.otio"), [use(ids["one.wav"])])
    shelf.scan()
    assert uses_of_sound(sounds, "one.wav")
    assert forget(sounds, "Reel1") == 1
    assert sessions_used(sounds) == []
    with pytest.raises(LibraryError, match="reel1"):
        forget(sounds, "reel1")


def test_a_writer_that_holds_the_catalogue_is_not_waited_for_in_vain(sounds, ids, monkeypatch):
    monkeypatch.setattr("library.history._WAIT_MS", 50)
    with (
        closing(create_catalogue(sounds)) as scan,
        transaction(scan),
        pytest.raises(LibraryError, match="not remembered"),
    ):
        remember(sounds, "reel1", Path("/film/reel1.otio"), [use(ids["one.wav"])])
    assert sessions_used(sounds) == []
