"""Takes in sequences of real recordings, laid with known gaps over known floors."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def bench():
    path = Path(__file__).parents[2] / "benchmarks" / "takes.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_takes", path)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sounds(bench, shared):
    return list(bench.single_sounds(shared / "corpus"))


@pytest.mark.parametrize(("floor_dbfs", "attack_f1"), [(-60, 0.97), (-40, 0.90)])
def test_sharp_attacks_are_found_within_a_millisecond(bench, sounds, floor_dbfs, attack_f1):
    sharp = [entry for entry in sounds if bench.is_sharp(entry[1], entry[2])]
    got = bench.evaluate(sharp, floor_dbfs, 8, seed=11)
    assert got["attack"].f1 >= attack_f1


@pytest.mark.parametrize(("floor_dbfs", "start_f1"), [(-60, 0.95), (-40, 0.90)])
def test_starts_are_found_within_twenty_milliseconds(bench, sounds, floor_dbfs, start_f1):
    got = bench.evaluate(sounds, floor_dbfs, 8, seed=11)
    assert got["start"].f1 >= start_f1
    assert abs(got["start"].found - got["start"].true) <= 2
