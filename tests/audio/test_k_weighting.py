"""K-weighting, by the coefficients that ITU-R BS.1770 prints and its response at other rates."""

from dataclasses import astuple

import numpy as np
import pytest

from audio.k_weighting import k_weighting


def test_at_48_khz_the_filters_are_those_of_the_recommendation():
    first, second = k_weighting(48_000)
    assert astuple(first) == pytest.approx(  # BS.1770-5, Annex 1, Table 1
        (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
    )
    assert astuple(second) == pytest.approx(  # Table 2
        (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
    )


@pytest.mark.parametrize(
    ("rate_hz", "within_db"),
    [(8_000, 0.5), (11_025, 0.25)]
    + [(rate, 0.02) for rate in (32_000, 44_100, 47_952, 88_200, 96_000, 176_400, 192_000)],
)
def test_at_other_rates_the_response_is_the_same(rate_hz, within_db):
    def db(hz, rate_hz):
        first, second = k_weighting(rate_hz)
        return 20 * np.log10(abs(first.response(hz, rate_hz) * second.response(hz, rate_hz)))

    for hz in (20, 50, 100, 200, 500, 997, 2000, 3000, 4000, 8000, 16_000):
        if hz < 0.45 * rate_hz:
            assert db(hz, rate_hz) == pytest.approx(db(hz, 48_000), abs=within_db), hz
    assert db(997, rate_hz) == pytest.approx(db(997, 48_000), abs=1e-9)
