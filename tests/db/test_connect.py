"""Opening a catalogue: reading never makes or changes a file, and says what is wrong."""

import sqlite3

import pytest

from db import SchemaError, state
from db.connect import APPLICATION_ID, create_catalogue, open_catalogue, path_of, transaction


def test_reading_what_is_not_there_says_how_to_make_it_and_makes_nothing(tmp_path):
    path = tmp_path / "libary.db"
    with pytest.raises(SchemaError) as told:
        open_catalogue(path)
    assert str(told.value) == (
        f"no library at {path}; make one with: dubstage scan FOLDER --library {path}"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(tmp_path):
    path = tmp_path / "library.db"
    create_catalogue(path).close()
    reader = open_catalogue(path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("delete from asset")
    assert path_of(reader) == path
    reader.close()


def test_a_reader_sees_what_is_committed_while_a_writer_writes(tmp_path):
    path = tmp_path / "library.db"
    writer = create_catalogue(path)
    with transaction(writer):
        state.put(writer, "before", "1")
    reader = open_catalogue(path)
    with transaction(writer):
        state.put(writer, "during", "1")
        assert state.get(reader, "before") == "1"
        assert state.get(reader, "during") is None
    assert state.get(reader, "during") == "1"
    reader.close()
    writer.close()


def test_a_transaction_that_fails_leaves_nothing(tmp_path):
    writer = create_catalogue(tmp_path / "library.db")
    with pytest.raises(RuntimeError), transaction(writer):
        state.put(writer, "half", "1")
        raise RuntimeError
    assert state.get(writer, "half") is None
    writer.close()


@pytest.mark.parametrize(
    "contents", [b"", b"RIFF\0\0\0\0WAVE" * 100, b"SQLite format 3\0" + bytes(9)]
)
def test_a_file_of_another_kind_is_refused(tmp_path, contents):
    path = tmp_path / "door.wav"
    path.write_bytes(contents)
    with pytest.raises(SchemaError, match="is not a Dubstage library"):
        open_catalogue(path)


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("create table t (x)")
    other.close()
    before = path.read_bytes()
    for opened in (open_catalogue, create_catalogue):
        with pytest.raises(SchemaError, match="another program"):
            opened(path)
    assert path.read_bytes() == before


def test_older_and_newer_catalogues_are_told_apart(tmp_path):
    path = tmp_path / "library.db"
    writer = create_catalogue(path)
    writer.execute("pragma user_version = 99")
    with pytest.raises(SchemaError, match=r"newer Dubstage \(schema 99"):
        open_catalogue(path)
    writer.execute("pragma user_version = 0")
    with pytest.raises(SchemaError, match="bring it up with: dubstage scan"):
        open_catalogue(path)
    writer.close()


def test_a_catalogue_is_read_from_a_folder_that_cannot_be_written(tmp_path):
    path = tmp_path / "library.db"
    create_catalogue(path).close()
    tmp_path.chmod(0o555)
    try:
        reader = open_catalogue(path)
        assert reader.execute("select count(*) from asset").fetchone()[0] == 0
        reader.close()
    finally:
        tmp_path.chmod(0o755)


def test_a_catalogue_whose_making_was_cut_short_is_made_whole(tmp_path):
    path = tmp_path / "library.db"
    with sqlite3.connect(path, isolation_level=None) as cut_short:
        cut_short.execute("pragma journal_mode = wal")
        cut_short.execute(f"pragma application_id = {APPLICATION_ID}")
    cut_short.close()
    with pytest.raises(SchemaError, match="dubstage scan"):
        open_catalogue(path)
    create_catalogue(path).close()
    open_catalogue(path).close()


def test_a_disk_that_is_full_is_told_and_keeps_what_was_there(tmp_path):
    connection = create_catalogue(tmp_path / "library.db")
    pages = connection.execute("pragma page_count").fetchone()[0]
    connection.execute(f"pragma max_page_count = {pages + 2}")
    with (
        pytest.raises(SchemaError, match=r"library\.db cannot be written: the disk is full"),
        transaction(connection),
    ):
        connection.execute("insert into state values ('x', hex(zeroblob(500000)))")
    assert not connection.in_transaction
    assert connection.execute("select count(*) from state where name = 'x'").fetchone()[0] == 0
    connection.close()
