"""Takes: the file's own regions and cue points are respected."""

from library.asset import Take
from library.take_markers import takes_by_markers

N_SAMPLES = 100_000
NEAR_SAMPLES = 2_400


def take(start, end, steady=()):
    return Take(
        index=0, start_samples=start, end_samples=end, sync_samples=start + 10, steady=steady
    )


def by_markers(takes, markers):
    return takes_by_markers(takes, markers, N_SAMPLES, NEAR_SAMPLES, lambda start, _end: start)


def spans(takes):
    return [(one.start_samples, one.end_samples, one.label) for one in takes]


def test_without_markers_takes_stay_and_are_numbered():
    takes = by_markers([take(10, 20), take(30, 40)], ())
    assert [one.index for one in takes] == [0, 1]
    assert takes[0].sync_samples == 20


def test_regions_are_takes_as_they_stand_and_others_outside_them_stay():
    takes = by_markers(
        [take(1000, 9000), take(12_000, 15_000), take(50_000, 60_000)],
        [(500, 10_000, "step 1"), (9_000, 20_000, "step 2"), (90_000, 200_000, "")],
    )
    assert spans(takes) == [
        (500, 10_000, "step 1"),
        (9_000, 20_000, "step 2"),
        (50_000, 60_000, None),
        (90_000, 100_000, None),  # cut at the end of the file
    ]
    assert [one.index for one in takes] == [0, 1, 2, 3]


def test_cue_points_part_the_take_they_lie_in():
    steady = ((0, 45_000),)
    takes = by_markers([take(0, 90_000, steady)], [(60_000, None, "c"), (30_000, None, "b")])
    assert spans(takes) == [(0, 30_000, None), (30_000, 60_000, "b"), (60_000, 90_000, "c")]
    assert [one.steady for one in takes] == [((0, 30_000),), ((30_000, 45_000),), ()]


def test_a_cue_point_near_a_start_means_that_start():
    takes = by_markers(
        [take(10_000, 20_000), take(40_000, 50_000)], [(9_000, None, "a"), (41_000, None, "b")]
    )
    assert spans(takes) == [(9_000, 20_000, "a"), (41_000, 50_000, "b")]


def test_a_cue_point_in_the_silence_before_names_what_follows():
    takes = by_markers(
        [take(20_000, 30_000), take(60_000, 70_000)],
        [(5_000, None, "first"), (45_000, None, "second")],
    )
    assert spans(takes) == [(20_000, 30_000, "first"), (60_000, 70_000, "second")]


def test_a_lone_cue_point_names_but_does_not_part():
    assert spans(by_markers([take(0, 90_000)], [(50_000, None, "hit")])) == [(0, 90_000, "hit")]


def test_markers_outside_the_file_or_the_wrong_way_round_are_passed_over():
    takes = by_markers(
        [take(0, 90_000)],
        [(200_000, None, "x"), (-5, None, "y"), (300, 200, "z"), (200_000, 300_000, "w")],
    )
    assert spans(takes) == [(0, 90_000, None)]
