"""Casting: no take twice in a row, all of them used, the same each time."""

from dataclasses import replace
from itertools import pairwise
from math import log2

from hypothesis import given
from hypothesis import strategies as st

from premix.casting import MEMORY, Candidate, cast_takes
from premix.chance import stable_number
from premix.variation import LEVEL_BOUND_DB


def candidates_of(*assets, score=10.0):
    return [
        Candidate(asset=asset, take=take, score=score, why="")
        for asset in assets
        for take in asset.takes
    ]


def keys(cast):
    return [choice.candidate.key for choice in cast.choices]


@given(takes=st.integers(1, 12), count=st.integers(1, 60), seed=st.integers(0, 2**40))
def test_takes_repeat_as_little_and_as_late_as_can_be(make_recording, takes, count, seed):
    cast = cast_takes(candidates_of(make_recording(1, "step", takes=takes)), count, seed=seed)
    chosen = keys(cast)
    assert len(chosen) == count
    assert len(set(chosen)) == min(count, takes)
    memory = min(MEMORY, takes - 1)
    for at, key in enumerate(chosen):
        assert key not in chosen[max(0, at - memory) : at]


@given(seed=st.integers(0, 2**40))
def test_the_same_seed_gives_the_same_cast(make_recording, seed):
    found = candidates_of(make_recording(1, "step", takes=8))
    assert cast_takes(found, 20, seed=seed) == cast_takes(found, 20, seed=seed)


def test_chance_is_the_same_on_every_machine():
    # FIPS 180-2, appendix B.1: SHA-256 of "abc" begins ba7816bf 8f01cfea.
    assert stable_number("abc") == 0xBA7816BF8F01CFEA >> 1


@given(seed=st.integers(0, 2**20))
def test_a_take_that_comes_again_differs_in_level_within_the_bound(make_recording, seed):
    cast = cast_takes(candidates_of(make_recording(1, "step", takes=3)), 12, seed=seed)
    assert all(abs(choice.gain_db) <= LEVEL_BOUND_DB for choice in cast.choices)
    for take in range(3):
        gains = [one.gain_db for one in cast.choices if one.candidate.take.index == take]
        assert gains[0] == 0
        assert all(abs(later - earlier) >= 0.49 for earlier, later in pairwise(gains))


def test_a_take_that_comes_again_differs_in_pitch_within_twenty_cents(make_recording):
    cast = cast_takes(candidates_of(make_recording(1, "step", takes=3)), 30, seed=5)
    last = {}
    for choice in cast.choices:
        key = choice.candidate.key
        assert abs(1200 * log2(choice.speed)) < 20
        assert (choice.speed == 1.0) == (key not in last)
        assert choice.speed != last.get(key)
        last[key] = choice.speed


def test_one_recording_plays_a_cue_while_it_has_takes(make_recording):
    wood, more_wood = make_recording(1, "wood a", takes=6), make_recording(2, "wood b", takes=9)
    cast = cast_takes(candidates_of(wood, more_wood), 5, seed=1)
    assert len({asset for asset, _ in keys(cast)}) == 1


def test_kin_help_out_and_strangers_do_not(make_recording):
    wood = {"cat_id": "FOLYFeet", "facets": {"surface": "wood", "shoe": "boots"}}
    gravel = {"cat_id": "FOLYFeet", "facets": {"surface": "gravel", "shoe": "boots"}}
    found = candidates_of(
        make_recording(1, "boots wood 1", takes=2, **wood),
        make_recording(2, "boots gravel", takes=1, **gravel),
        make_recording(3, "boots wood 2", takes=2, **wood),
    )
    cast = cast_takes(found, 8, seed=1)
    assert {asset for asset, _ in keys(cast)} == {1, 3}
    assert cast.distinct == 4


def test_of_unnamed_sounds_the_near_ones_help_out_and_the_far_ones_do_not(make_recording):
    found = candidates_of(*(make_recording(n, name) for n, name in enumerate("abcd", start=1)))
    apart = {1: 0.0, 2: 0.9, 3: 0.5, 4: 0.2}
    cast = cast_takes(found, 6, seed=1, distance=lambda _, other: apart[other.asset.id])
    assert {asset for asset, _ in keys(cast)} == {1, 3, 4}
    assert all(one != another for one, another in pairwise(keys(cast)))


def test_a_character_keeps_its_shoes(make_recording):
    found = candidates_of(make_recording(1, "a", takes=9), make_recording(2, "b", takes=9))
    cast = cast_takes(found, 4, seed=1, worn=[2])
    assert {asset for asset, _ in keys(cast)} == {2}


def test_a_single_take_is_the_best_that_was_not_just_heard(make_recording):
    found = candidates_of(make_recording(1, "slam", takes=3))
    assert keys(cast_takes(found, 1, seed=1)) == [(1, 0)]
    assert keys(cast_takes(found, 1, seed=1, recent=[(1, 0)])) == [(1, 1)]


def test_a_choice_names_the_next_three(make_recording):
    found = candidates_of(*(make_recording(number, f"slam {number}") for number in range(1, 7)))
    (choice,) = cast_takes(found, 1, seed=1).choices
    assert [one.asset_id for one in choice.next_best] == [2, 3, 4]


def test_left_and_right_take_turns_where_the_recording_tells_them_apart(make_recording):
    walk = make_recording(1, "walk", takes=8)
    takes = tuple(
        replace(take, label=f"step {'L' if take.index < 4 else 'R'}") for take in walk.takes
    )
    cast = cast_takes(candidates_of(replace(walk, takes=takes)), 8, seed=3)
    feet = [choice.candidate.take.label for choice in cast.choices]
    assert all(one != other for one, other in pairwise(feet))
    assert cast.distinct == 8


@given(
    kept=st.sets(st.integers(0, 19), max_size=10),
    takes=st.integers(2, 8),
    seed=st.integers(0, 99),
)
def test_choices_that_stand_stand_and_their_neighbours_differ(make_recording, kept, takes, seed):
    found = candidates_of(make_recording(1, "step", takes=takes))
    first = cast_takes(found, 20, seed=seed)
    again = cast_takes(
        found, 20, seed=seed + 1, kept={number: first.choices[number] for number in kept}
    )
    assert all(again.choices[number] == first.choices[number] for number in kept)
    for number, (one, other) in enumerate(pairwise(keys(again))):
        # With two takes, one that stands on either side may leave no other.
        if takes > 2 or not {number, number + 1} & kept:
            assert one != other or {number, number + 1} <= kept
