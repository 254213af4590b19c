"""Backgrounds and crowds as they are laid: scenes in turn, even stretches, layers, holes."""

from dataclasses import replace
from itertools import combinations

import pytest

from premix.scenes import holes
from tests.premix.spotted import START, clips_of, spotted

SCENES = "cue,stem,in,out,query,overlap,size,fade_in"


def test_scenes_lie_on_a_and_b_in_turn_and_overlap_at_the_cut(shelf):
    session = spotted(
        shelf,
        SCENES,
        "1,bg,01:00:00:00,01:00:10:00,hall tone,,,",
        "2,bg,01:00:10:00,01:00:20:00,crowd bar,12,,",
        "3,bg,01:00:10:00,01:00:20:00,hall tone,12,,",
        "4,bg,01:00:20:00,01:00:30:00,hall tone,12,,",
    )
    track_of = {clip.cue: track.name for track in session.tracks for clip in track.clips}
    assert track_of == {"1": "a", "2": "b", "3": "b", "4": "a"}
    second = clips_of(session, "2")
    # 12 frames of 2,000 samples to either side, faded in over all of them.
    assert second[0].record_start_samples == START + 480_000 - 24_000
    assert second[0].fade_in_samples == 48_000
    assert max(clip.record_end_samples for clip in second) == START + 960_000 + 24_000


def test_two_scenes_in_one_recording_begin_in_two_places(shelf):
    session = spotted(
        shelf,
        SCENES,
        *(f"{n},bg,01:00:{n}0:00,01:00:{n}4:00,crowd bar,,," for n in range(1, 5)),
    )
    begins = [clip.source_start_samples for clip in clips_of(session)]
    assert min(abs(one - other) for one, other in combinations(begins, 2)) > 48_000


def test_a_scene_is_filled_from_the_even_stretch_of_a_recording(make_recording, shelf_of):
    rain = make_recording(1, "rain", take_s=40.0, sync_s=0)
    even = ((5 * 48_000, 13 * 48_000), (13 * 48_000, 25 * 48_000))  # goes on: one of 20 s
    rain = replace(rain, takes=(replace(rain.takes[0], steady=even),))
    columns = "cue,stem,in,out,query,loop"
    for out, loop, first, last in (
        ("01:00:15:00", "", 5, 25),  # it is long enough
        ("01:00:35:00", "", 0, 40),  # only the whole is, which then needs no join
        ("01:01:30:00", "", 5, 25),  # nothing is: what comes again had better be even
        ("01:01:30:00", "no", 0, 40),
    ):
        session = spotted(shelf_of([rain]), columns, f"1,bg,01:00:00:00,{out},rain,{loop}")
        clips = clips_of(session)
        begins = min(clip.source_start_samples for clip in clips)
        ends = max(clip.source_start_samples + clip.duration_samples for clip in clips)
        assert begins >= first * 48_000
        assert ends <= last * 48_000
        assert (len(clips) > 1) == (out == "01:01:30:00" and not loop)


@pytest.mark.parametrize(("size", "layers"), [("small", 2), ("medium", 3), ("large", 5)])
def test_a_crowd_has_layers_that_are_never_in_phase(shelf, size, layers):
    session = spotted(shelf, SCENES, f"1,bg:walla,01:00:00:00,01:00:40:00,crowd,,{size},", *())
    clips = clips_of(session)
    by_layer = {}
    for clip in clips:
        by_layer.setdefault(clip.metadata["layer"], []).append(clip)
    assert len(by_layer) == layers
    assert len({clips[0].pan for clips in by_layer.values()}) == layers
    for pieces in by_layer.values():
        assert holes(pieces, START, START + 40 * 48_000) == []
    for one, other in combinations(clips, 2):
        together = (
            one.record_start_samples < other.record_end_samples
            and other.record_start_samples < one.record_end_samples
        )
        if (
            together
            and one.sound == other.sound
            and one.metadata["layer"] != other.metadata["layer"]
        ):
            apart = (one.source_start_samples - one.record_start_samples) - (
                other.source_start_samples - other.record_start_samples
            )
            assert abs(apart) >= 0.5 * 48_000


def test_holes_are_found(shelf):
    session = spotted(shelf, SCENES, "1,bg,01:00:00:00,01:00:30:00,hall tone,,,")
    clips = clips_of(session)
    assert holes(clips, START, START + 30 * 48_000) == []
    missing = [clip for clip in clips if clip is not clips[1]]
    ((begins, ends),) = holes(missing, START, START + 30 * 48_000)
    assert (begins, ends) == (clips[0].record_end_samples, clips[2].record_start_samples)
