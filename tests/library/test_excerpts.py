"""Which takes the networks hear: all of a few, of many those that differ."""

import numpy as np
import pytest

from audio.files import open_sound
from library.ear import EarPass
from library.embedding import shape_of
from library.excerpts import excerpts_of, heard_for_all, to_hear, whole_beside
from library.features import features_of
from library.projection import load_projection
from library.takes import find_takes
from tests.library.shelf import click_and_ring, write_sound


def knocks(seeds):
    """A sound of knocks, half a second each; equal seeds give equal knocks."""
    return np.concatenate([click_and_ring(seed, seconds=0.45) for seed in seeds])


def heard_of(samples):
    takes = find_takes(samples.astype(np.float32), 48_000)
    ear = EarPass(48_000, 1)
    ear.add(samples.astype(np.float32))
    shapes = []
    for take in takes:
        heard = ear.heard(take.start_samples, take.end_samples)
        shapes.append(shape_of(heard, features_of(heard)))
    return takes, *heard_for_all(shapes, len(samples) / 48_000)


def test_of_a_few_each_is_heard():
    takes, chosen, stands = heard_of(knocks([1] * 8))
    assert len(takes) == 8
    assert chosen == list(range(8))
    assert stands == tuple(range(8))


def test_of_many_equal_ones_few_are_heard_and_what_differs_is_heard_by_itself():
    takes, chosen, stands = heard_of(knocks([1] * 20 + [2] + [1] * 9))
    assert len(takes) == 30
    assert len(chosen) <= 6
    assert 20 in chosen
    assert stands.count(stands[20]) == 1


def different_shapes(n):
    rng = np.random.default_rng(1)
    return [np.abs(rng.standard_normal(61) * 50).astype(np.float32) for _ in range(n)]


@pytest.mark.parametrize(
    ("n_takes", "duration_s", "heard"),
    [(16, 1.0, 16), (17, 60.0, 17), (100, 60.0, 32), (100, 15.0, 20), (400, 3600.0, 256)],
)
def test_how_many_that_all_differ_are_heard(n_takes, duration_s, heard):
    chosen, stands = heard_for_all(different_shapes(n_takes), duration_s)
    assert len(chosen) == heard
    assert len(stands) == n_takes
    assert [chosen[stands[take]] for take in chosen] == chosen
    assert chosen == sorted(chosen)


def test_one_that_is_not_heard_shares_with_the_most_alike():
    shapes = different_shapes(60)
    chosen, stands = heard_for_all(shapes, 15.0)
    places = load_projection().whitening.deviations(np.stack(shapes))
    for take, stands_for_it in enumerate(stands):
        away = np.square(places[chosen] - places[take]).sum(axis=1)
        assert away[stands_for_it] == away.min()


def test_excerpts_of_takes_are_the_mix_of_their_channels(tmp_path):
    samples = np.repeat(knocks([3, 4])[:, :1], 2, axis=1).astype(np.float32)
    path = write_sound(tmp_path / "two.wav", samples, "FLOAT")
    takes = find_takes(samples, 48_000)
    ear = EarPass(48_000, 2)
    ear.add(samples)
    with open_sound(path) as sound:
        found = list(excerpts_of(takes, ear, sound))
    assert len(found) == len(takes)
    for take, mono in zip(takes, found, strict=True):
        np.testing.assert_allclose(mono, samples[take.start_samples : take.end_samples, :1])


def one_knock(seconds):
    """A knock between half a second of silence and silence up to so many seconds."""
    knock = click_and_ring(3, seconds=0.45)[:, :1].astype(np.float32)
    samples = np.zeros((round(seconds * 48_000), 1), np.float32)
    samples[24_000 : 24_000 + len(knock)] = knock
    return samples


def test_the_only_take_of_a_short_file_is_heard_with_what_is_around_it():
    samples = one_knock(3.0)
    (take,) = find_takes(samples, 48_000)
    assert take.duration_samples < len(samples)
    (heard,) = to_hear([take], len(samples), 48_000)
    assert (heard.start_samples, heard.end_samples) == (0, len(samples))


def test_takes_of_a_long_file_and_several_of_a_short_one_are_heard_each_by_itself():
    long = one_knock(5.1)
    takes = find_takes(long, 48_000)
    assert to_hear(takes, len(long), 48_000) == takes
    several = knocks([3, 4])
    takes = find_takes(several.astype(np.float32), 48_000)
    assert len(takes) > 1
    assert to_hear(takes, len(several), 48_000) == takes


def heard_by_an_ear(samples):
    ear = EarPass(48_000, samples.shape[1])
    ear.add(samples)
    ear.heard(0, len(samples))
    return ear


def test_several_takes_of_a_short_file_are_heard_with_the_whole_beside_them():
    samples = knocks([3, 4])[:, :1].astype(np.float32)
    takes = find_takes(samples, 48_000)
    whole = whole_beside(takes, heard_by_an_ear(samples))
    assert whole is not None
    np.testing.assert_array_equal(whole[: len(samples)], samples)
    assert whole_beside(takes[:1], heard_by_an_ear(samples)) is None
    long = np.concatenate([samples, np.zeros((19 * 48_000, 1), np.float32)])
    assert whole_beside(takes, heard_by_an_ear(long)) is None
