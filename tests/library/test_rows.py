"""Rows that are added to: the same in memory and on the disk, and not in memory twice."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from library.rows import Grown, Rows


@given(
    lengths=st.lists(st.integers(0, 300), max_size=30),
    most_in_memory=st.sampled_from([1, 4000, 10**9]),
)
def test_all_that_was_added_is_there_in_order(lengths, most_in_memory):
    whole = np.arange(3 * sum(lengths), dtype=np.float32).reshape(-1, 3)
    rows = Rows(3, most_in_memory)
    for part in np.split(whole, np.cumsum(lengths)[:-1] if lengths else []):
        rows.add(part)
    np.testing.assert_array_equal(rows.filled(), whole)
    rows.let_go()
    np.testing.assert_array_equal(rows.filled(), whole)


@given(parts=st.lists(st.lists(st.floats(-1, 1, width=16), max_size=2000), max_size=5))
def test_numbers_grow_in_place(parts):
    grown = Grown(np.float16)
    for part in parts:
        grown.add(np.array(part, np.float16))
    np.testing.assert_array_equal(grown.filled, [number for part in parts for number in part])
