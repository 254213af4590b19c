"""What saves time must not change the answer."""

from contextlib import closing

import pytest

from db.connect import open_catalogue
from library import by_words
from library.by_words import find_by_words
from library.query import parse_query
from tests.library.shelf import described, put_all


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    catalogue = tmp_path_factory.mktemp("library") / "library.db"
    files = [described(f"{k}/soft steps {k}.wav", description="close dry") for k in range(9)]
    files += [described(f"{k}/close soft dry {k}.wav", description="a" * k) for k in range(3)]
    put_all(catalogue, *files)
    with closing(open_catalogue(catalogue)) as connection:
        yield connection


def found(library, query):
    answer = find_by_words(library, parse_query(query), 20)
    return [(one.asset_id, one.reading) for one in answer.found], answer.total


@pytest.mark.parametrize("query", ["soft", "close dry soft", '"close soft"', "clos* soft", "steps"])
def test_of_many_all_are_still_found_and_names_come_first(library, monkeypatch, query):
    whole = found(library, query)
    monkeypatch.setattr(by_words, "_RANKED_WHOLE", 1)
    assert found(library, query) == whole


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("soft", True),  # one word: names are quickly looked through
        ("close dry", True),
        ("closes dry", True),  # begins as a word of names does
        ("steps dry", False),  # no name holds both
        ('"steps dry"', False),
        ("steps,close dry", True),
    ],
)
def test_names_are_looked_for_where_some_hold_all_words(library, query, expected):
    asked = parse_query(query)
    assert by_words._in_names(library, asked, "soft") == expected
