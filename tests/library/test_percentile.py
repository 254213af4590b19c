"""Percentiles: numpy's own say what is right."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from library.percentile import percentile

_ROWS = st_numpy.arrays(
    np.float64, st.integers(1, 40), elements=st.floats(-1e6, 1e6, allow_nan=False)
)


@given(_ROWS, st.floats(0.0, 100.0))
def test_as_numpy_has_it(values, percent):
    expected = np.percentile(values, percent)
    assert np.isclose(percentile(values, percent), expected, rtol=1e-9, atol=1e-6)


def test_leaves_the_values_in_their_order():
    values = np.array([3.0, 1.0, 2.0], np.float32)
    assert percentile(values, 50) == 2.0
    assert values.tolist() == [3.0, 1.0, 2.0]
