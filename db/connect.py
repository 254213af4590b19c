"""Opening the catalogue file: for reading without changing anything, or for the one writer.

Reading commands must answer quickly, so this module stands on sqlite3 alone;
sqlite-utils is loaded only to make a catalogue or to bring an older one up.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db import SchemaError
from db.conditions import add_functions

APPLICATION_ID = 0x44554253  # "DUBS", in the header of every catalogue file
SCHEMA_VERSION = 2  # number of migrations in db.schema; tests/db/test_schema.py holds them together
_BUSY_MS = 60_000  # a reader or a second scan waits for the writer this long


def open_catalogue(path: Path) -> sqlite3.Connection:
    """Open a catalogue for reading. Sees what is committed, also while a scan writes.

    Returns:
        A connection that cannot write; its rows are read by name (`sqlite3.Row`).

    Raises:
        SchemaError: there is no such file, it is not a catalogue, or it has an
            older or newer schema than this program.
    """
    if not path.is_file():
        raise SchemaError(
            f"no library at {path}; make one with: dubstage scan FOLDER --library {path}"
        )
    try:
        connection = _connect_read_only(path)
        _check(connection, path)
    except sqlite3.DatabaseError as problem:
        raise SchemaError(f"{path} is not a Dubstage library: {problem}") from None
    add_functions(connection)
    connection.execute("pragma query_only = on")
    connection.execute("pragma mmap_size = 1073741824")
    return connection


def create_catalogue(path: Path) -> sqlite3.Connection:
    """Open a catalogue for writing; make it, or bring it up to this schema, where needed.

    Returns:
        A connection in autocommit mode: group writes with `transaction`.

    Raises:
        SchemaError: the file is not a catalogue or belongs to a newer Dubstage.
    """
    from sqlite_utils import Database

    from db.schema import schema

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
        connection.row_factory = sqlite3.Row
        add_functions(connection)
        if _is_new(connection):
            connection.execute("pragma page_size = 8192")
            connection.execute("pragma journal_mode = wal")
            # First of all, so that a file is ours however early its making is cut short.
            connection.execute(f"pragma application_id = {APPLICATION_ID}")
        else:
            _check(connection, path, may_be_older=True)
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        connection.execute("pragma cache_size = -65536")
        if connection.execute("pragma user_version").fetchone()[0] < SCHEMA_VERSION:
            schema.apply(Database(connection))
            connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
    except sqlite3.DatabaseError as problem:
        raise SchemaError(f"{path} cannot be used as a library: {problem}") from None
    return connection


def change_catalogue(path: Path) -> sqlite3.Connection:
    """Open a catalogue that is there for writing; as `open_catalogue` where it is not."""
    open_catalogue(path).close()
    return create_catalogue(path)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written within is kept, or on an error nothing of it.

    Raises:
        SchemaError: the disk has no room for it.
    """
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException as problem:
        if connection.in_transaction:  # SQLite may have rolled it back by itself
            connection.execute("rollback")
        if isinstance(problem, sqlite3.OperationalError) and "full" in str(problem):
            where = path_of(connection)
            raise SchemaError(f"{where} cannot be written: the disk is full") from None
        raise


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read within is of one moment; writers need not wait for it."""
    if connection.in_transaction:
        yield
        return
    connection.execute("begin")
    try:
        yield
    finally:
        connection.execute("rollback")


def state_seen(connection: sqlite3.Connection) -> tuple[int, int]:
    """Another value after each commit; of two connections, values say nothing of each other."""
    version: int = connection.execute("pragma data_version").fetchone()[0]
    return version, connection.total_changes


def path_of(connection: sqlite3.Connection) -> Path:
    """Where the catalogue lies that a connection is of."""
    return Path(connection.execute("pragma database_list").fetchone()["file"])


def _connect_read_only(path: Path) -> sqlite3.Connection:
    uri = path.absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=_BUSY_MS / 1000)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("select count(*) from sqlite_master")
    except sqlite3.OperationalError:
        # On a read-only volume SQLite cannot make the shared memory of a WAL file; where
        # nothing waits in a WAL, the file alone is the whole truth.
        if path.with_name(path.name + "-wal").exists():
            raise
        connection.close()
        connection = sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True)
        connection.row_factory = sqlite3.Row
    return connection


def _is_new(connection: sqlite3.Connection) -> bool:
    return not connection.execute("select count(*) from sqlite_master").fetchone()[0]


def _check(connection: sqlite3.Connection, path: Path, *, may_be_older: bool = False) -> None:
    application_id = connection.execute("pragma application_id").fetchone()[0]
    version = connection.execute("pragma user_version").fetchone()[0]
    if application_id != APPLICATION_ID:
        raise SchemaError(f"{path} is not a Dubstage library: it is a database of another program")
    if version > SCHEMA_VERSION:
        raise SchemaError(
            f"{path} was made by a newer Dubstage (schema {version}, here {SCHEMA_VERSION})"
        )
    if version < SCHEMA_VERSION and not may_be_older:
        raise SchemaError(
            f"{path} was made by an older Dubstage (schema {version}, now {SCHEMA_VERSION});"
            f" bring it up with: dubstage scan FOLDER --library {path}"
        )
