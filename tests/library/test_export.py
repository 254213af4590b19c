"""What a search found, given to other programs."""

import csv
import json
from dataclasses import replace

import pytest

from library import LibraryError
from library.catalogue import folders
from library.export import place_files, write_list
from library.search import search


@pytest.fixture
def found(shelf, read):
    shelf.add("a/door, slam.wav", 1)
    shelf.add("b/door, slam.wav", 2)
    shelf.add("b/Tür.wav", 3)
    shelf.scan()
    connection = read()
    return search(connection, "").hits, folders(connection)


def test_csv_and_json_say_the_same_and_lead_to_the_files(found, shelf, tmp_path):
    hits, places = found
    write_list(tmp_path / "found.csv", hits, places)
    write_list(tmp_path / "found.json", hits, places)
    with (tmp_path / "found.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == [
        str(shelf.folder / path) for path in ("a/door, slam.wav", "b/Tür.wav", "b/door, slam.wav")
    ]
    told = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert [{key: str(value) for key, value in row.items()} for row in told] == rows
    assert all(row["description"] for row in rows)


def test_a_playlist_names_each_file_once(found, shelf, tmp_path):
    hits, places = found
    write_list(tmp_path / "found.m3u", [*hits, hits[0]], places)
    lines = (tmp_path / "found.m3u").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#EXTM3U"
    assert lines[1:3] == ["#EXTINF:1,door, slam", str(shelf.folder / "a/door, slam.wav")]
    assert len(lines) == 7


def test_another_suffix_is_refused_with_those_that_do(found, tmp_path):
    with pytest.raises(LibraryError, match=r"found\.xlsx: a list is written as \.csv, \.json"):
        write_list(tmp_path / "found.xlsx", *found)


@pytest.mark.parametrize("link", [False, True])
def test_files_of_one_name_stand_side_by_side_and_again_changes_nothing(
    found, shelf, tmp_path, link
):
    folder = tmp_path / "out"
    placed = place_files(folder, *found, link=link)
    assert sorted(path.name for path in placed) == [
        "Tür.wav",
        "door, slam (2).wav",
        "door, slam.wav",
    ]
    assert {path.read_bytes() for path in placed} == {
        (shelf.folder / path).read_bytes()
        for path in ("a/door, slam.wav", "b/door, slam.wav", "b/Tür.wav")
    }
    assert {path.is_symlink() for path in placed} == {link}
    before = sorted(path.name for path in folder.iterdir())
    assert place_files(folder, *found, link=link) == placed
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_file_that_is_gone_is_named(found, shelf, tmp_path):
    (shelf.folder / "b/Tür.wav").unlink()
    with pytest.raises(LibraryError, match=r"Tür\.wav is not there"):
        place_files(tmp_path / "out", *found, link=False)


def test_a_line_break_in_a_name_does_not_part_an_entry_of_a_playlist(found, tmp_path):
    hits, places = found
    odd = replace(hits[0], asset=replace(hits[0].asset, path="a/two\nlines.wav"))
    write_list(tmp_path / "found.m3u", [odd], places)
    _head, _title, file = (tmp_path / "found.m3u").read_text(encoding="utf-8").splitlines()
    assert file == (places[odd.asset.root] / odd.asset.path).as_uri()
    assert file.endswith("/a/two%0Alines.wav")
