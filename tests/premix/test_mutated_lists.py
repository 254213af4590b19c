"""Damaged lists are read as far as they go, or refused in words: no traceback, no hang."""

import pytest

from tests.premix.mutate import READERS, try_mutations


@pytest.mark.parametrize("kind", READERS)
def test_damaged_lists_never_break_a_reader(kind):
    count = 60 if kind == "cues" else 800
    assert try_mutations(kind, count, seed=20_231_107) < 2
