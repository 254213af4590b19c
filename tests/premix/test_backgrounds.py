"""Backgrounds: no hole, whatever the length."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from premix.backgrounds import fill


@given(
    start=st.integers(0, 10**6),
    wanted=st.integers(1, 500_000),
    material=st.integers(2_400, 100_000),
    seed=st.integers(0, 10**6),
)
def test_pieces_cover_the_cue_and_overlap_by_their_fades(start, wanted, material, seed):
    pieces = fill(start, start + wanted, material, 4_800, Random(seed)).pieces
    assert pieces[0].record_start_samples == start
    last = pieces[-1]
    assert last.record_start_samples + last.duration_samples == start + wanted
    for piece in pieces:
        assert piece.material_start_samples >= 0
        assert piece.material_start_samples + piece.duration_samples <= material
        assert piece.fade_in_samples + piece.fade_out_samples <= piece.duration_samples
    for earlier, later in pairwise(pieces):
        overlap = (
            earlier.record_start_samples + earlier.duration_samples - later.record_start_samples
        )
        assert overlap == earlier.fade_out_samples >= later.fade_in_samples >= 1
    for earlier, later in zip(pieces, pieces[2:], strict=False):
        # Only two sound at once, so two lanes are enough.
        assert earlier.record_start_samples + earlier.duration_samples <= later.record_start_samples


def test_two_seeds_begin_at_two_places():
    begins = {
        fill(0, 1_000, 10_000, 4_800, Random(seed)).pieces[0].material_start_samples
        for seed in range(9)
    }
    assert len(begins) > 5


def test_what_may_not_loop_plays_once():
    (piece,) = fill(0, 9_000, 5_000, 4_800, Random(1), may_loop=False).pieces
    assert (piece.material_start_samples, piece.duration_samples) == (0, 5_000)
