"""Pairs of files near each other are found by cells as by comparing all, and do not explode."""

from contextlib import closing

import numpy as np
import pytest

from db.connect import create_catalogue, open_catalogue, transaction
from library import near_assets as module
from library import vector_index
from library.catalogue import put
from library.near_assets import AT_LEAST, MOST, near_assets
from library.vector_index import open_index
from tests.library.shelf import described, put_all

DIMENSIONS = 16


def direction(seed, near=None, cosine=0.95):
    made = np.random.default_rng(seed).standard_normal(DIMENSIONS)
    if near is not None:
        made -= (made @ near) * near
        made = cosine * near + np.sqrt(1 - cosine**2) * made / np.linalg.norm(made)
    return made / np.linalg.norm(made)


def pairs_of(catalogue):
    with closing(open_catalogue(catalogue)) as connection:
        names = dict(connection.execute("select id, path from asset").fetchall())
        told = []
        index = open_index(connection)
        found = np.concatenate(list(near_assets(index, lambda *of: told.append(of))))
        assert told[-1] == (index.size(), index.size())
    return [frozenset((names[one], names[two])) for one, two in found.tolist()]


@pytest.mark.parametrize("tail_most", [10, 10_000])
def test_each_sound_and_its_copy_are_a_pair(tmp_path, monkeypatch, tail_most):
    """Whether vectors lie in a file with cells, or in memory; what came later is found as well."""
    monkeypatch.setattr(vector_index, "_TAIL_MOST", tail_most)
    path = tmp_path / "library.db"
    files = [described(f"{k}.wav", [direction(k)]) for k in range(400)]
    copies = [described(f"{k} copy.wav", [direction(k + 1000, direction(k))]) for k in range(200)]
    put_all(path, *files, *copies)
    pairs_of(path)
    with closing(create_catalogue(path)) as connection, transaction(connection):
        put(connection, [described("late.wav", [direction(3000, direction(399))])])
    found = pairs_of(path)
    # Of 600 directions in 16 dimensions some lie by chance among the nearest, none so near.
    planted = {frozenset((f"{k}.wav", f"{k} copy.wav")) for k in range(200)}
    assert planted | {frozenset(("late.wav", "399.wav"))} <= set(found)


def test_pairs_are_those_of_comparing_all(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_index, "_TAIL_MOST", 10)
    path = tmp_path / "library.db"
    vectors = np.array([direction(k) for k in range(300)])
    put_all(path, *(described(f"{k}.wav", [vector]) for k, vector in enumerate(vectors)))
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    wanted = {
        frozenset((f"{row}.wav", f"{column}.wav"))
        for row in range(300)
        for column in np.argsort(-cosines[row])[: MOST - 1]
        if cosines[row, column] > AT_LEAST + 0.01
    }
    assert wanted <= set(pairs_of(path))


def test_many_that_are_alike_are_few_pairs_each_and_takes_of_one_file_none(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_index, "_TAIL_MOST", 10)
    monkeypatch.setattr(module, "_ROWS_AT_ONCE", 64)
    path, step = tmp_path / "library.db", direction(1)
    put_all(path, *(described(f"{k}.wav", [step] * 3) for k in range(400)))
    found = pairs_of(path)
    assert len(found) <= 3 * 400 * MOST
    assert all(len(pair) == 2 for pair in found)
