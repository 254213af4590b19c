"""Placing among speakers: power kept from every direction, moves not heard in blocks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.layout import LAYOUTS
from premix import PremixError
from premix.mix import Stretch, mix_block
from premix.pan import placed_gains
from premix.placement import Placement, placement_of
from premix.stem import LFE_HZ, strip_of
from premix.surround import angle_gains, azimuth_of
from premix.timeline import Clip, SoundRef

MONO, STEREO, WIDE = LAYOUTS["mono"], LAYOUTS["stereo"], LAYOUTS["7.1.4"]
ring_layouts = st.sampled_from([name for name in LAYOUTS if name != "mono"])


def clip(duration=1_000, **placement):
    sound = SoundRef(
        asset_id=1,
        sound_hash="",
        root="test",
        path="a.wav",
        sample_rate_hz=48_000,
        channels=1,
        duration_samples=duration,
    )
    return Clip(
        cue="1",
        sound=sound,
        take_index=0,
        record_start_samples=0,
        duration_samples=duration,
        source_start_samples=0,
        metadata={"placement": placement},
    )


@given(ring_layouts, st.floats(-360, 360), st.floats(0, 90), st.floats(0, 1))
def test_power_is_kept_from_every_direction(layout, azimuth, elevation, divergence):
    placement = Placement(azimuth_deg=azimuth, elevation_deg=elevation, divergence=divergence)
    gains = placed_gains(MONO, LAYOUTS[layout], 0.0, placement)
    assert math.isclose(float(np.square(gains).sum()), 1.0, abs_tol=1e-9)


@given(ring_layouts, st.floats(-180, 179))
def test_a_direction_moves_without_a_jump(layout, azimuth):
    here, beside = (
        angle_gains(MONO, LAYOUTS[layout], angle, 0.0, 1.0) for angle in (azimuth, azimuth + 0.01)
    )
    assert np.abs(here - beside).max() < 0.001


@pytest.mark.parametrize("label", [label for label in WIDE.labels if label != "LFE"])
def test_where_a_speaker_stands_it_sounds_alone(label):
    height = 45.0 if label in ("Ltf", "Rtf", "Ltr", "Rtr") else 0.0
    gains = angle_gains(MONO, WIDE, azimuth_of(label), height, 1.0)[0]
    assert np.flatnonzero(gains > 1e-6).tolist() == [WIDE.index(label)]


def test_left_is_left():
    gains = angle_gains(MONO, WIDE, 90.0, 0.0, 1.0)[0]
    assert gains[WIDE.index("Lss")] == pytest.approx(1.0)


def test_width_draws_a_stereo_sound_together():
    as_recorded = angle_gains(STEREO, STEREO, 0.0, 0.0, 1.0)
    narrow = angle_gains(STEREO, STEREO, 0.0, 0.0, 0.0)
    np.testing.assert_allclose(as_recorded, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(narrow, np.full((2, 2), math.sqrt(0.5)), atol=1e-12)


def test_full_divergence_leaves_the_centre_and_fills_both_sides():
    placement = Placement(divergence=1.0)
    gains = placed_gains(MONO, LAYOUTS["LCR"], 0.0, placement)
    assert gains[0] == pytest.approx([math.sqrt(0.5), math.sqrt(0.5), 0.0], abs=1e-12)


@given(st.integers(1, 999))
def test_moving_pan_and_gain_do_not_know_the_blocks(cut):
    moved = clip(pan_envelope=[[0, -1.0], [700, 1.0]], gain_envelope=[[100, 0.0], [900, -40.0]])
    strips = [strip_of(moved, MONO, STEREO)]
    sound = np.ones((1_000, 1), dtype=np.float32)

    def fetch(_clip, first, end):
        return Stretch(sound[first:end])

    whole = mix_block(strips, fetch, 0, 1_000, 2)
    parts = [mix_block(strips, fetch, a, b, 2) for a, b in ((0, cut), (cut, 1_000))]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_a_sound_moves_from_left_to_right_and_sinks_as_drawn():
    moved = clip(pan_envelope=[[0, -1.0], [999, 1.0]], gain_envelope=[[500, 0.0], [900, -20.0]])
    sound = np.ones((1_000, 1), dtype=np.float32)
    mixed = mix_block([strip_of(moved, MONO, STEREO)], lambda *_: Stretch(sound), 0, 1_000, 2)
    assert mixed[0] == pytest.approx([1.0, 0.0], abs=1e-6)
    level_db = 20 * np.log10(np.hypot(*mixed[[250, 700, 999]].T))
    assert level_db == pytest.approx([0.0, -10.0, -20.0], abs=0.05)
    assert mixed[999, 1] == pytest.approx(0.1, abs=1e-4)


def test_the_lfe_send_is_one_more_column_to_be_filtered():
    strip = strip_of(clip(lfe_send_db=-6.0206), MONO, LAYOUTS["5.1"], with_send=True)
    assert strip.gains.shape == (1, 7)
    assert strip.gains[0, 6] == pytest.approx(0.5, abs=1e-4)
    assert LFE_HZ == 120


@pytest.mark.parametrize(
    "asked",
    [
        {"azimut": 3},
        {"width": 5},
        {"divergence": -1},
        {"pan_envelope": [[10, 0], [5, 1]]},
        {"width": "wide"},
        "left",
    ],
)
def test_what_cannot_be_is_refused(asked):
    unlike = Clip(**{**vars(clip()), "metadata": {"placement": asked}})
    with pytest.raises(PremixError):
        placement_of(unlike)
