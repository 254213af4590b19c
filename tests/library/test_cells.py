"""The inverted file finds what comparing everything finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library import cells
from library.cells import Cells
from library.neighbours import nearest


def vectors_about(n, dimensions, centres, seed=7):
    """Unit vectors in clusters, spread less from axis to axis, as sounds are."""
    random = np.random.default_rng(seed)
    spread = (np.arange(dimensions) + 3.0) ** -0.45
    middle = random.standard_normal((centres, dimensions))
    vectors = middle[random.integers(centres, size=n)]
    vectors = (vectors + 0.7 * random.standard_normal((n, dimensions))) * spread
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def cells_with(vectors, count):
    projection, steps, centres = cells.learn(vectors, count)
    short = projection.shorten(vectors)
    cell = cells.cells_of(short, centres)
    order = np.argsort(cell, kind="stable").astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=len(centres)))])
    return Cells(projection, steps, centres, starts, order, cells.codes_of(short, steps)[order])


@pytest.fixture(scope="module")
def vectors():
    return vectors_about(20_000, 160, 300)


@pytest.fixture(scope="module")
def made(vectors):
    return cells_with(vectors, cells.how_many(len(vectors)))


def recall(vectors, found_by, among=None):
    """Share of the exact ten nearest that are found, over questions beside vectors."""
    right = 0
    random = np.random.default_rng(8)
    questions = vectors[random.integers(len(vectors), size=30)]
    questions = questions + 0.02 * random.standard_normal(questions.shape).astype(np.float32)
    rows = np.arange(len(vectors)) if among is None else np.flatnonzero(among)
    for question in questions:
        best = rows[nearest(question, vectors[rows], 10)[0]]
        right += np.isin(best, found_by(question)).sum()
    return right / (10 * len(questions))


def test_few_of_the_vectors_hold_the_nearest(vectors, made, monkeypatch):
    monkeypatch.setattr(cells, "_LOOKED_AT_LEAST", 3_000)
    monkeypatch.setattr(cells, "_COMPARED_LEAST", 400)
    assert len(made.near(vectors[0], 10)) == 400
    assert recall(vectors, lambda question: made.near(question, 10)) >= 0.97


def test_codes_alone_choose_nearly_all_of_the_nearest(vectors, made, monkeypatch):
    monkeypatch.setattr(cells, "_LOOKED_AT_LEAST", len(vectors))
    monkeypatch.setattr(cells, "_COMPARED_LEAST", 100)
    assert recall(vectors, lambda question: made.near(question, 10)) >= 0.99


@pytest.mark.parametrize("share", [0.5, 0.01])
def test_only_what_is_allowed_is_found_and_as_well(vectors, made, monkeypatch, share):
    monkeypatch.setattr(cells, "_LOOKED_AT_LEAST", 3_000)
    allowed = np.random.default_rng(3).random(len(vectors)) < share

    def found(question):
        rows = made.near(question, 10, allowed)
        assert allowed[rows].all()
        return rows

    assert recall(vectors, found, allowed) >= 0.97
    places = np.flatnonzero(allowed[made.rows])

    def one_by_one(question):
        rows = made.near_of(question, 10, places)
        assert allowed[rows].all()
        return rows

    assert recall(vectors, one_by_one, allowed) >= 0.99


def test_every_vector_is_in_one_cell_and_that_of_its_nearest_centre(vectors, made):
    assert sorted(made.rows.tolist()) == list(range(len(vectors)))
    short = made.projection.shorten(vectors)
    apart = ((short[:, np.newaxis, :] - made.centres[:: len(made.centres) // 7]) ** 2).sum(axis=2)
    own = np.empty(len(vectors), int)
    for cell in range(len(made.centres)):
        own[made.rows[made.starts[cell] : made.starts[cell + 1]]] = cell
    to_own = ((short - made.centres[own]) ** 2).sum(axis=1)
    assert (to_own <= apart.min(axis=1) + 1e-4).all()


def test_the_same_vectors_make_the_same_cells(vectors, made):
    again = cells_with(vectors, cells.how_many(len(vectors)))
    np.testing.assert_array_equal(again.codes, made.codes)
    np.testing.assert_array_equal(again.rows, made.rows)


@settings(max_examples=40)
@given(n=st.integers(1, 60), dimensions=st.integers(1, 12), count=st.integers(1, 9))
def test_small_and_odd_collections_are_whole(n, dimensions, count):
    vectors = vectors_about(n, dimensions, 3)
    made = cells_with(vectors, count)
    assert made.near(vectors[0], n).tolist() == list(range(n))
    none = made.near(vectors[0], n, np.zeros(n, bool))
    assert none.size == 0


@given(
    st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 4), min_size=31, max_size=31)
)
def test_joined_cells_are_the_same_places(chosen, sizes):
    starts = np.concatenate([[0], np.cumsum(sizes)]).tolist()
    apart = [at for cell in sorted(chosen) for at in range(starts[cell], starts[cell + 1])]
    stretches = list(cells._joined(sorted(chosen), starts))
    assert [at for start, end in stretches for at in range(start, end)] == apart
