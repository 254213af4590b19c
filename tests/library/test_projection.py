"""The short vector: what sounds teach comes out the same again, and holds for makers never met."""

import numpy as np
import pytest

from library.embedding import Hearing
from library.hearings import pack, scores_in, unpack
from library.projection import (
    DIMENSIONS,
    learned,
    learned_whitening,
    load_projection,
    save_projection,
)

KINDS, EACH = 30, 10


def sounds(makers, seed=3):
    """(parts, kinds, makers) of sounds in which a maker's manner is as loud as the kind."""
    rng = np.random.default_rng(7)
    sizes = (512, 2560, 61)
    of_kind = [rng.standard_normal((KINDS, 12)) @ rng.standard_normal((12, n)) for n in sizes]
    of_manner = [rng.standard_normal((8, n)) for n in sizes]
    rng = np.random.default_rng(seed)
    kind = np.tile(np.arange(KINDS), EACH)
    maker = rng.integers(makers[0], makers[1], len(kind))
    manner = np.random.default_rng(1).standard_normal((40, 8))[maker]
    parts = [
        (of[kind] + 2.0 * manner @ mannered + 2.0 * rng.standard_normal((len(kind), n))) / 4.0
        for of, mannered, n in zip(of_kind, of_manner, sizes, strict=True)
    ]
    aisfx, yamnet, shape = (part.astype(np.float32) for part in parts)
    return (aisfx, np.exp(yamnet), np.exp(shape)), [f"kind {k}" for k in kind], maker


def right_first(vectors, kinds, makers):
    """How often the nearest sound of another maker is of the same kind."""
    kinds = np.array(kinds)
    cosines = np.where(makers[:, None] == makers, -2.0, vectors @ vectors.T)
    return float((kinds[cosines.argmax(axis=1)] == kinds).mean())


@pytest.fixture(scope="module")
def taught():
    parts, kinds, _makers = sounds((0, 20))
    return learned(*parts, kinds)


def test_makers_never_met_are_compared_better_for_what_others_taught(taught):
    parts, _kinds, _makers = sounds((0, 20))
    plain = learned_whitening(*parts)
    others, kinds, makers = sounds((20, 40), seed=4)
    before = right_first(plain.together(*others), kinds, makers)
    assert right_first(taught.vectors(*others), kinds, makers) > before + 0.05


def test_the_same_sounds_teach_the_same(taught):
    parts, kinds, _makers = sounds((0, 20))
    again = learned(*parts, kinds)
    np.testing.assert_array_equal(again.axes, taught.axes)
    np.testing.assert_array_equal(again.kinds_axes, taught.kinds_axes)


def test_the_file_holds_what_was_learned(taught, tmp_path):
    parts, _kinds, _makers = sounds((20, 40), seed=4)
    save_projection(taught, tmp_path / "made.npz")
    read = load_projection(tmp_path / "made.npz")
    assert read.version == taught.version
    likeness = (read.vectors(*parts) * taught.vectors(*parts)).sum(axis=1)
    assert likeness.min() > 0.999  # half precision of the axes


def test_the_file_that_ships_is_of_this_arithmetic():
    shipped = load_projection()
    assert shipped.axes.shape == (128 * 3 + 61 + shipped.kinds_axes.shape[1], DIMENSIONS)
    np.testing.assert_allclose(shipped.axes.T @ shipped.axes, np.eye(DIMENSIONS), atol=2e-3)


def test_a_feature_that_a_sound_lacks_leaves_the_vector_whole():
    parts, _kinds, _makers = sounds((0, 20))
    aisfx, yamnet, shape = (part[:3] for part in parts)
    shape[:, 45] = np.nan
    vectors = load_projection().vectors(aisfx, yamnet, shape)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_scores_are_read_of_hearings_old_and_new():
    rng = np.random.default_rng(1)
    numbers = [rng.random(n).astype(np.float16) for n in (512, 2560, 521)]
    new = pack(Hearing(*numbers, np.arange(61, dtype=np.float32)))
    np.testing.assert_array_equal(scores_in(new), numbers[2])
    np.testing.assert_array_equal(unpack(new).yamnet, numbers[1])
    old = np.concatenate([numbers[0], numbers[1][:1024], numbers[2]]).astype("<f2").tobytes()
    np.testing.assert_array_equal(scores_in(old + bytes(4 * 61)), numbers[2])
