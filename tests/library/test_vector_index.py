"""The file of vectors: made from the catalogue, never behind it, and thrown away at will."""

import time
from contextlib import closing

import numpy as np
import pytest

from db import assets
from db.connect import create_catalogue, open_catalogue, transaction
from library import vector_index
from library.catalogue import put
from library.search import search
from library.vector_index import open_index, path_beside
from tests.library.shelf import described, put_all


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_index, "_TAIL_MOST", 10)
    path = tmp_path / "library.db"
    put_all(path, *(described(f"{k}.wav", [direction(k)]) for k in range(40)))
    return path


def direction(k):
    return np.random.default_rng(k).standard_normal(8)


def unit(k):
    return (direction(k) / np.linalg.norm(direction(k))).astype(np.float32)


def nearest_path(catalogue, k):
    with closing(open_catalogue(catalogue)) as connection:
        _takes, asset_ids, cosines = open_index(connection).nearest(unit(k), 1)
        rows = assets.by_ids(connection, asset_ids.tolist())
    return (rows[int(asset_ids[0])]["path"] if rows else None), float(cosines[0])


def test_the_file_is_made_when_many_are_new_and_finds_each(catalogue):
    assert nearest_path(catalogue, 7) == ("7.wav", pytest.approx(1.0, abs=2e-3))
    assert path_beside(catalogue).is_file()
    assert nearest_path(catalogue, 39)[0] == "39.wav"


def test_what_is_committed_later_is_found_without_making_the_file_anew(catalogue):
    nearest_path(catalogue, 1)
    before = path_beside(catalogue).read_bytes()
    with closing(create_catalogue(catalogue)) as connection, transaction(connection):
        put(connection, [described("later.wav", [direction(500)])])
    assert nearest_path(catalogue, 500)[0] == "later.wav"
    assert path_beside(catalogue).read_bytes() == before


@pytest.mark.parametrize("contents", [b"", b"{}", b"nonsense" * 1000])
def test_a_file_that_is_damaged_is_made_anew(catalogue, contents):
    path_beside(catalogue).write_bytes(contents)
    assert nearest_path(catalogue, 3)[0] == "3.wav"


def test_the_file_of_another_catalogue_is_not_believed(catalogue, tmp_path):
    other = tmp_path / "other.db"
    put_all(other, *(described(f"other {k}.wav", [direction(1000 + k)]) for k in range(40)))
    nearest_path(other, 1000)
    path_beside(catalogue).write_bytes(path_beside(other).read_bytes())
    assert nearest_path(catalogue, 3)[0] == "3.wav"


def test_a_library_without_vectors_has_no_index(tmp_path):
    create_catalogue(tmp_path / "empty.db").close()
    with closing(open_catalogue(tmp_path / "empty.db")) as connection:
        assert open_index(connection) is None


def test_only_some_assets_may_be_compared(catalogue):
    with closing(open_catalogue(catalogue)) as connection:
        index = open_index(connection)
        wanted = np.array([row[3] for row in assets.places(connection, "Foley")][:5])
        _takes, asset_ids, _cosines = index.nearest(unit(7), 40, wanted)
    assert sorted(asset_ids.tolist()) == sorted(wanted.tolist())


@pytest.mark.parametrize("how", ["cut", "longer", "centres", "header"])
def test_a_file_that_is_not_whole_is_noticed(catalogue, how):
    nearest_path(catalogue, 3)
    path = path_beside(catalogue)
    whole = path.read_bytes()
    changed = bytearray(whole)
    if how == "cut":
        changed = changed[:-4096]
    elif how == "longer":
        changed += bytes(8)
    elif how == "centres":  # the second array; the first page is the header's
        changed[4096 + 4096 + 5] ^= 0x40
    else:
        changed[0:1] = b"["
    path.write_bytes(changed)
    vector_index._last_opened.clear()
    assert nearest_path(catalogue, 3)[0] == "3.wav"
    assert path.read_bytes() == whole


def test_the_file_is_made_of_one_moment_while_others_write(catalogue, monkeypatch):
    counted, written = vector_index.rows.count, []

    def count_and_let_another_write(connection, model):
        number = counted(connection, model)
        if written:
            return number
        written.append(True)
        with closing(create_catalogue(catalogue)) as writer, transaction(writer):
            put(writer, [described("meanwhile.wav", [direction(700)])])
            assets.remove(writer, [assets.at_place(writer, "Foley", "5.wav")["id"]])
        return number

    monkeypatch.setattr("db.vectors.count", count_and_let_another_write)
    assert nearest_path(catalogue, 7)[0] == "7.wav"
    monkeypatch.setattr("db.vectors.count", counted)
    assert nearest_path(catalogue, 700)[0] == "meanwhile.wav"
    assert nearest_path(catalogue, 5)[0] is None or nearest_path(catalogue, 5)[0] != "5.wav"


def test_rows_of_assets_are_those_of_their_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_index, "_TAIL_MOST", 10)
    path = tmp_path / "library.db"
    files = [
        described(f"{k}.wav", [direction(k * 9 + t) for t in range(k % 4 + 1)]) for k in range(30)
    ]
    put_all(path, *files)
    with closing(open_catalogue(path)) as connection:
        index = open_index(connection)
        for wanted in ([], [3], [3, 17], range(30)):
            ids = np.array([index.asset_ids[k] for k in wanted], np.int64)
            ids = np.unique(ids)
            expected = np.flatnonzero(np.isin(index.asset_ids, ids))
            np.testing.assert_array_equal(np.sort(index.file.rows_of(ids)), expected)


@pytest.mark.parametrize(("compared", "scanned"), [(3, 20), (3, 3)])
def test_however_few_may_be_found_they_are(catalogue, monkeypatch, compared, scanned):
    monkeypatch.setattr(vector_index, "_COMPARED_MOST", compared)
    monkeypatch.setattr(vector_index, "_SCANNED_MOST", scanned)
    with closing(open_catalogue(catalogue)) as connection:
        index = open_index(connection)
        wanted = np.array([row[3] for row in assets.places(connection, "Foley")][:15])
        rows, cosines = index.nearest_rows(unit(7), 40, wanted)
    assert sorted(index.ids_at(rows)[1].tolist()) == sorted(wanted.tolist())
    assert (np.diff(cosines) <= 0).all()


def test_a_scan_that_writes_keeps_no_question_waiting(catalogue):
    """A reader that was blocked would wait for a minute; see db.connect."""
    with closing(create_catalogue(catalogue)) as writer:
        started = time.monotonic()
        with transaction(writer):
            put(writer, [described("later.wav", [direction(500)])])
            path_beside(catalogue).unlink(missing_ok=True)  # so that the file is made meanwhile
            vector_index._last_opened.clear()
            assert nearest_path(catalogue, 7)[0] == "7.wav"
            with closing(open_catalogue(catalogue)) as reader:
                hits = search(reader, "later,7", like=["8.wav"]).hits
            assert [hit.asset.path for hit in hits] == ["7.wav"]
        assert time.monotonic() - started < 30
    assert nearest_path(catalogue, 500)[0] == "later.wav"
