"""The finer comparison: what lies among its own kind comes before what stands between others."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from library.neighbours import finer


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def test_one_of_a_kind_comes_before_a_stray_that_is_as_near():
    axes = np.eye(64, dtype=np.float32)
    kind = [unit(0.7 * axes[0] + 0.7 * axes[1] + 0.05 * axes[n]) for n in range(10, 20)]
    stray = unit(0.7 * axes[0] + 0.702 * axes[2])
    others = [axes[n] for n in range(20, 50)]
    seen = finer(axes[0], np.array([stray, *kind, *others]))
    assert seen[1:11].min() > seen[0] > seen[11:].max()


def test_one_of_a_kind_comes_before_one_of_another_kind_that_is_as_near():
    axes = np.eye(64, dtype=np.float32)
    kind = [unit(0.7 * axes[0] + 0.7 * axes[1] + 0.05 * axes[n]) for n in range(10, 20)]
    other_kind = [unit(0.3 * axes[0] + 0.9 * axes[2] + 0.05 * axes[n]) for n in range(10, 20)]
    between = unit(0.7 * axes[0] + 0.702 * axes[2])
    others = [axes[n] for n in range(20, 50)]
    seen = finer(axes[0], np.array([between, *kind, *other_kind, *others]))
    assert seen[1:11].min() > seen[0] > seen[11:].max()


def test_what_lies_near_everything_comes_after_what_lies_near_the_question():
    axes = np.eye(64, dtype=np.float32)
    question = axes[0]
    own = unit(0.5 * axes[0] + 0.85 * axes[1])
    among_many = [unit(0.6 * axes[0] + axes[2] + axes[n]) for n in range(20, 40)]
    near_everything = unit(0.5 * axes[0] + 0.85 * axes[2])
    cosines = np.array([near_everything, own]) @ question
    assert np.isclose(*cosines)
    seen = finer(question, np.array([near_everything, own, *among_many]))
    assert seen[1] > seen[0]


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
@settings(max_examples=25)
def test_the_same_sound_stays_first_and_nothing_leaves_the_range(seed, n):
    random = np.random.default_rng(seed)
    candidates = unit(random.standard_normal((n, 12)))
    seen = finer(candidates[n // 2], candidates)
    assert seen.shape == (n,)
    assert seen.argmax() == n // 2
    assert np.all(np.abs(seen) <= 1 + 1e-5)
