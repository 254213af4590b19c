"""Takes in sequences of real recordings, laid with known gaps over known floors."""

import pytest

from benchmarks import takes as bench


@pytest.fixture(scope="module")
def sounds(shared):
    return list(bench.single_sounds(shared / "corpus"))


@pytest.mark.parametrize(("floor_dbfs", "attack_f1"), [(-60, 0.97), (-40, 0.90)])
def test_sharp_attacks_are_found_within_a_millisecond(sounds, floor_dbfs, attack_f1):
    sharp = [entry for entry in sounds if bench.is_sharp(entry[1], entry[2])]
    got = bench.evaluate(sharp, floor_dbfs, 8, seed=11)
    assert got["attack"].f1 >= attack_f1


@pytest.mark.parametrize(("floor_dbfs", "start_f1"), [(-60, 0.95), (-40, 0.90)])
def test_starts_are_found_within_twenty_milliseconds(sounds, floor_dbfs, start_f1):
    got = bench.evaluate(sounds, floor_dbfs, 8, seed=11)
    assert got["start"].f1 >= start_f1
    assert abs(got["start"].found - got["start"].true) <= 2
