"""Nearest vectors, and directions that stand for them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from library.neighbours import best, learn_projection, nearest


def vectors_about(n, dimensions, centres, seed=7):
    """Unit vectors in clusters, as sounds are."""
    random = np.random.default_rng(seed)
    middle = random.standard_normal((centres, dimensions))
    vectors = middle[random.integers(centres, size=n)] + 0.7 * random.standard_normal(
        (n, dimensions)
    )
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_the_nearest_of_an_example_is_itself_at_cosine_1():
    vectors = vectors_about(500, 32, 10)
    rows, cosines = nearest(vectors[123], vectors, 5)
    assert rows[0] == 123
    np.testing.assert_allclose(cosines[0], 1.0, atol=1e-5)
    assert (np.diff(cosines) <= 0).all()


def test_products_keep_their_value_in_the_directions_that_differ_most():
    vectors = vectors_about(2_000, 64, 8)
    short = learn_projection(vectors, 32).shorten(vectors)
    np.testing.assert_allclose(short @ short[0], vectors @ vectors[0], atol=0.25)
    whole = learn_projection(vectors, 64).shorten(vectors)
    np.testing.assert_allclose(whole @ whole[0], vectors @ vectors[0], atol=1e-4)


@settings(max_examples=100)
@given(
    scores=st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=1, max_size=30),
    limit=st.integers(1, 40),
)
def test_the_best_are_those_a_sort_would_give(scores, limit):
    numbers = np.array(scores, np.float32)
    rows, chosen = best(numbers, limit)
    assert chosen.tolist() == sorted(scores, reverse=True)[:limit]
    np.testing.assert_array_equal(numbers[rows], chosen)
