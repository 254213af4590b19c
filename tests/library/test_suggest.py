"""CatIDs for sounds that have none, as the library's own sounds teach them."""

from contextlib import closing

import pytest

from db import tags
from db.connect import change_catalogue, transaction
from library.catalogue import find_asset, put
from library.search import search
from library.suggest import learn_cat_ids, likely_cat_ids_of
from tests.library.shelf import described, put_all

NAMED = (
    [f"DOORWood_Old {n}_DUB_Test.wav" for n in range(4)],
    [f"RAIN_Steady {n}_DUB_Test.wav" for n in range(4)],
)


@pytest.fixture
def library(tmp_path):
    """Four doors and four rains whose names say so, and two sounds whose names say nothing."""
    path = tmp_path / "library.db"
    doors = [described(each, vectors=((1.0, 0.05 * n, 0.0),)) for n, each in enumerate(NAMED[0])]
    rains = [described(each, vectors=((0.05 * n, 1.0, 0.0),)) for n, each in enumerate(NAMED[1])]
    others = [
        described("0001.wav", vectors=((1.0, 0.07, 0.1),)),
        described("0002.wav", vectors=((0.07, 1.0, 0.1),)),
    ]
    put_all(path, *doors, *rains, *others)
    with closing(change_catalogue(path)) as connection:
        yield connection


def suggested(connection, path):
    likely = tags.suggested(connection, find_asset(connection, path).id)
    return [cat_id for cat_id, _probability in likely.get("cat_id", [])]


def test_sounds_that_have_a_cat_id_teach_those_that_have_none(library):
    assert suggested(library, "0001.wav") == []
    learnt = learn_cat_ids(library)
    assert (learnt.cat_ids, learnt.examples, learnt.suggested) == (("DOORWood", "RAIN"), 8, 2)
    assert suggested(library, "0001.wav")[0] == "DOORWood"
    assert suggested(library, "0002.wav")[0] == "RAIN"
    assert suggested(library, NAMED[0][0]) == []
    found = {hit.asset.path for hit in search(library, "catid:DOORWood?").hits}
    assert found == {"0001.wav", *NAMED[0]}


def test_a_name_that_says_otherwise_is_heard_as_well(library):
    telephone = described("telephone ring.wav", vectors=((1.0, 0.0, 0.0),))
    with transaction(library):
        put(library, [telephone])
    learn_cat_ids(library)
    assert {"COMTelph", "DOORWood"} <= set(suggested(library, "telephone ring.wav"))


def test_two_of_a_kind_teach_nothing_and_change_nothing(tmp_path):
    path = tmp_path / "library.db"
    put_all(path, *[described(each) for each in (*NAMED[0], *NAMED[1][:2])], described("1.wav"))
    with closing(change_catalogue(path)) as connection:
        asset = find_asset(connection, "1.wav")
        tags.suggest(connection, asset.id, "cat_id", [("THUN", 0.5)])
        assert learn_cat_ids(connection) is None
        assert suggested(connection, "1.wav") == ["THUN"]
        assert likely_cat_ids_of(connection, find_asset(connection, NAMED[0][0])) == []


def test_an_empty_library_teaches_nothing(tmp_path):
    path = tmp_path / "library.db"
    put_all(path)
    with closing(change_catalogue(path)) as connection:
        assert learn_cat_ids(connection) is None
