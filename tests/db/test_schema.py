"""Tables and values: each field of an asset is a column, and the reverse; likewise features."""

from dataclasses import fields

import pytest

from db import assets, takes
from db.connect import SCHEMA_VERSION, create_catalogue
from db.schema import schema
from library.asset import Asset, Take
from library.features import FEATURES


@pytest.fixture
def connection(tmp_path):
    connection = create_catalogue(tmp_path / "library.db")
    yield connection
    connection.close()


def _columns(connection, table):
    return [row["name"] for row in connection.execute(f"pragma table_info({table})")]


def test_table_asset_has_one_column_per_field(connection):
    of_asset = [field.name for field in fields(Asset) if field.name != "takes"]
    assert _columns(connection, "asset") == list(assets.COLUMNS)
    assert sorted(assets.COLUMNS) == sorted(of_asset)


def test_table_take_has_one_column_per_field_and_per_feature(connection):
    of_take = [field.name for field in fields(Take) if field.name != "features"]
    assert _columns(connection, "take") == ["id", "asset_id", *of_take, *FEATURES]
    assert tuple(FEATURES) == takes.FEATURES


def test_the_version_in_the_file_is_the_number_of_migrations(connection):
    assert len(schema._migrations) == SCHEMA_VERSION
    assert connection.execute("pragma user_version").fetchone()[0] == SCHEMA_VERSION


def test_foreign_keys_hold_and_the_file_is_sound(connection):
    assert connection.execute("pragma foreign_keys").fetchone()[0] == 1
    assert connection.execute("pragma foreign_key_check").fetchall() == []
    assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"
