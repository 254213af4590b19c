"""A folder of small sounds, to be scanned."""

import pytest


@pytest.fixture
def shelf(tmp_path):
    from tests.library.shelf import Shelf

    return Shelf(tmp_path)


@pytest.fixture
def read(shelf):
    """Opens the shelf's catalogue for reading, as often as asked."""
    from db.connect import open_catalogue

    opened = []

    def open_it():
        opened.append(open_catalogue(shelf.catalogue))
        return opened[-1]

    yield open_it
    for connection in opened:
        connection.close()
