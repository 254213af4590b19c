"""Panning: constant power for one channel, placed as recorded for several."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.layout import LAYOUTS
from premix import PremixError
from premix.pan import pan_gains

MONO, STEREO = LAYOUTS["mono"], LAYOUTS["stereo"]
pans = st.floats(-1, 1)


@given(pans, st.sampled_from([name for name in LAYOUTS if name != "mono"]))
def test_a_mono_sound_keeps_its_power_wherever_it_is_panned(pan, layout):
    gains = pan_gains(MONO, LAYOUTS[layout], pan)
    assert math.isclose(float(np.square(gains).sum()), 1.0, abs_tol=1e-12)


def test_the_middle_of_stereo_is_3_db_down_and_the_ends_are_one_speaker():
    assert 20 * np.log10(pan_gains(MONO, STEREO)) == pytest.approx(-3.0103, abs=1e-4)
    assert pan_gains(MONO, STEREO, -1.0).tolist() == [[1.0, 0.0]]
    assert pan_gains(MONO, STEREO, 1.0).tolist() == [[0.0, 1.0]]


def test_where_there_is_a_centre_speaker_the_middle_is_that_speaker():
    centre = LAYOUTS["5.1"].index("C")
    assert np.flatnonzero(pan_gains(MONO, LAYOUTS["5.1"])[0]).tolist() == [centre]


@given(pans)
def test_balance_lets_one_side_sink_and_leaves_the_other(pan):
    (left, across), (back, right) = pan_gains(STEREO, STEREO, pan)
    assert across == back == 0.0
    assert max(left, right) == 1.0
    assert (left < right) == (pan > 0 and left < 1.0)


def test_5_1_folds_into_stereo_by_itu_r_bs_775():
    gains = pan_gains(LAYOUTS["5.1"], STEREO)
    expected = {  # BS.775-4, Annex 4, Table 2; LFE is left out
        "L": (1, 0),
        "R": (0, 1),
        "C": (0.7071, 0.7071),
        "LFE": (0, 0),
        "Ls": (0.7071, 0),
        "Rs": (0, 0.7071),
    }
    for label, row in expected.items():
        assert gains[LAYOUTS["5.1"].index(label)] == pytest.approx(row, abs=1e-4)


@pytest.mark.parametrize("source", ["quad", "5.0", "5.1"])
def test_a_background_stands_in_a_wider_stem_as_recorded(source):
    gains = pan_gains(LAYOUTS[source], LAYOUTS["7.1.4"])
    assert np.square(gains).sum(axis=1) == pytest.approx(1.0)
    for label in LAYOUTS[source].labels:
        fed = {
            LAYOUTS["7.1.4"].labels[i] for i in np.flatnonzero(gains[LAYOUTS[source].index(label)])
        }
        assert fed == {"Ls": {"Lss", "Lsr"}, "Rs": {"Rss", "Rsr"}}.get(label, {label})


def test_a_pan_past_the_speakers_is_refused():
    with pytest.raises(PremixError, match="past the speakers"):
        pan_gains(MONO, STEREO, 1.5)
