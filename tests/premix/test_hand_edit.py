"""Edits by hand: each does what it says to its clip, nothing to others, and survives."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997_DROP, NTSC_23976, Timecode
from library.asset import Take
from premix import PremixError
from premix.cues import parse_cues
from premix.hand_edit import (
    HandEditError,
    add,
    clip_at,
    clip_ids,
    each_of,
    find_clip,
    lock,
    nudge,
    nudged_by,
    remove,
    set_gain,
    swap,
    unlock,
)
from premix.session import read_session, write_session
from premix.spotting import spot

SHEET = """cue,stem,in,out,query,sound,hits,steps
1,foley:feet,01:00:01:00,01:00:04:00,boots wood,,,6
2,fx:hard,01:00:02:00,01:00:03:00,bell,,,
3,fx:hard,01:00:05:11,,slam,,,
4,bg,01:00:00:00,01:00:40:00,rain,,,
5,fx:stingers,,,bell,,01:00:10:00 01:00:12:00,
"""
KEEP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
RATES = [FILM_24, NTSC_23976, NTSC_2997_DROP]


@pytest.fixture
def shelf(make_recording, shelf_of):
    return shelf_of(
        [
            make_recording(1, "boots wood", takes=8),
            make_recording(2, "slam", take_s=2.0),
            make_recording(3, "rain", take_s=12.0, sample_rate_hz=44_100, channels=2),
            make_recording(4, "bell", take_s=4.0, sample_rate_hz=44_100),
            make_recording(5, "gong", take_s=9.0, sync_s=0.777, sample_rate_hz=96_000),
            make_recording(6, "tick", take_s=0.3, sync_s=0.01, sample_rate_hz=44_100),
        ]
    )


def spotted(shelf, rate=FILM_24, sheet=SHEET, **told):
    cues = parse_cues(sheet.encode(), "reel.csv", rate)
    return spot(cues, shelf, sample_rate_hz=48_000, name="reel", roots={"sounds": "/s"}, **told)


def of_cue(session, cue):
    return [name for name, place in clip_ids(session).items() if clip_at(session, place).cue == cue]


def clip(session, name):
    return clip_at(session, find_clip(session, name))


def clips_of(session):
    return [each for track in session.tracks for each in track.clips]


def put(one):
    return one.record_start_samples if one.sync_samples is None else one.sync_samples


def attack(one, take):
    """Where the take's attack is heard, in samples of the session; from first principles."""
    pace = Fraction(one.speed).limit_denominator(10_000) * Fraction(
        one.sound.sample_rate_hz, 48_000
    )
    return one.record_start_samples + (take.sync_samples - one.source_start_samples) / pace


def lanes_hold(session):
    for track in session.tracks:
        for earlier, later in pairwise(track.clips):
            assert earlier.record_end_samples <= later.record_start_samples


def test_every_clip_has_a_name_of_its_own_that_its_moves_do_not_change(shelf):
    session = spotted(shelf)
    names = clip_ids(session)
    assert len(names) == len(clips_of(session))
    for name in names:
        moved = nudge(session, name, frames=3, samples=-7)
        assert set(clip_ids(moved)) == set(names)
        assert put(clip(moved, name)) == put(clip(session, name)) + 3 * 2_000 - 7


steps = st.lists(st.tuples(st.integers(-2, 10), st.integers(-900, 900)), min_size=1, max_size=8)


@KEEP
@given(data=st.data(), steps=steps, rate=st.sampled_from(RATES))
def test_nudged_there_and_back_by_whatever_steps_is_the_session_one_began_with(
    shelf, data, steps, rate
):
    began = spotted(shelf, rate)
    name = data.draw(st.sampled_from(sorted(clip_ids(began))))
    began = lock(began, name)
    session = began
    for frames, samples in steps:
        session = nudge(session, name, frames=frames, samples=samples)
        lanes_hold(session)
        assert len(clips_of(session)) == len(clips_of(began))
    there = (sum(frames for frames, _ in steps), sum(samples for _, samples in steps))
    assert nudged_by(clip(session, name)) == there
    assert nudge(session, name, frames=-there[0], samples=-there[1]) == began


@pytest.mark.parametrize("rate", RATES)
def test_many_frames_one_by_one_end_on_the_frame(shelf, rate):
    session = spotted(shelf, rate)
    (name,) = of_cue(session, "3")
    target = Timecode.parse("01:00:05:11", rate)
    for _ in range(700):
        session = nudge(session, name, frames=1)
    assert clip(session, name).sync_samples == target.plus(700).to_samples(48_000)


def test_other_clips_stay_where_they_are(shelf):
    session = spotted(shelf)
    name = of_cue(session, "1")[2]
    moved = nudge(session, name, frames=9)  # onto its neighbour: another lane takes it
    lanes_hold(moved)
    others = {other: clip(session, other) for other in clip_ids(session) if other != name}
    assert {other: clip(moved, other) for other in others} == others


@pytest.mark.parametrize("cue", ["1", "2", "3", "5"])
@pytest.mark.parametrize("other", [2, 4, 5, 6])
@pytest.mark.parametrize("rate", RATES)
def test_a_swap_keeps_the_sync_point_to_the_sample(shelf, cue, other, rate):
    session = spotted(shelf, rate)
    asset = shelf.asset(other)
    (take,) = asset.takes
    for name in of_cue(session, cue):
        before = clip(session, name)
        after = clip(swap(session, name, asset, take, was=shelf.asset(before.sound.asset_id)), name)
        assert after.sync_samples == before.sync_samples
        assert abs(attack(after, take) - before.sync_samples) <= Fraction(1, 2)
        if asset.sample_rate_hz in (48_000, 44_100):
            assert attack(after, take) == before.sync_samples
        assert after.locked
        assert after.source_start_samples >= 0
        end = after.source_start_samples + after.source_samples(48_000)
        assert end <= asset.duration_samples + 2
        # The safety fade is over before the attack.
        assert after.fade_in_samples <= after.sync_samples - after.record_start_samples
        assert after.fade_in_samples + after.fade_out_samples <= after.duration_samples
        assert (after.pan, after.cue) == (before.pan, before.cue)


def test_a_clip_that_was_cut_at_out_is_cut_there_again(shelf):
    session = spotted(shelf)
    (name,) = of_cue(session, "2")
    gong = shelf.asset(5)
    before = clip(session, name)
    out = Timecode.parse("01:00:03:00", FILM_24).to_samples(48_000)
    assert before.record_end_samples == out
    after = clip(swap(session, name, gong, gong.takes[0], was=shelf.asset(4)), name)
    assert after.record_end_samples == out
    assert after.fade_out_samples == before.fade_out_samples
    (slam,) = of_cue(session, "3")  # its sound rang out: the next one may as well
    rings = clip(swap(session, slam, gong, gong.takes[0], was=shelf.asset(2)), slam)
    assert rings.duration_samples > 8 * 48_000


def test_a_swap_takes_back_what_only_varied_the_old_take(shelf):
    session = spotted(shelf)
    _first, second = of_cue(session, "5")  # one bell, twice: the second is varied
    varied = clip(session, second)
    varied_db = varied.metadata.get("varied_db", 0.0)
    slam = shelf.asset(2)
    after = clip(swap(session, second, slam, slam.takes[0]), second)
    assert after.speed == 1.0
    assert after.gain_db == pytest.approx(varied.gain_db - varied_db)
    assert "varied_speed" not in after.metadata


def test_a_background_swapped_begins_where_it_did(shelf, make_recording):
    session = spotted(shelf)
    name = of_cue(session, "4")[0]
    forest = make_recording(9, "forest", take_s=90.0)
    before = clip(session, name)
    after = clip(swap(session, name, forest, forest.takes[0]), name)
    assert after.record_start_samples == before.record_start_samples
    assert after.duration_samples == before.duration_samples
    assert (after.fade_in_samples, after.fade_out_samples) == (
        before.fade_in_samples,
        before.fade_out_samples,
    )


def edited(session, shelf):
    """One of each edit; the names of what was edited."""
    step, bell, slam = of_cue(session, "1")[1], *of_cue(session, "2"), *of_cue(session, "3")
    rain = of_cue(session, "4")[1]
    gone = of_cue(session, "1")[4]
    gong, tick = shelf.asset(5), shelf.asset(6)
    session = nudge(session, step, frames=1, samples=-100)
    session = swap(session, bell, gong, gong.takes[0], was=shelf.asset(4))
    session = set_gain(session, slam, -7.25)
    session = nudge(session, rain, samples=333)
    session = remove(session, gone)
    at = Timecode.parse("01:00:07:03", FILM_24).to_samples(48_000)
    session, new = add(session, tick, tick.takes[0], stem="foley", track="props", at_samples=at)
    return session, [step, bell, slam, rain, new], gone


def test_edits_survive_being_written_and_read(shelf, tmp_path):
    session, _names, _gone = edited(spotted(shelf), shelf)
    write_session(session, tmp_path / "reel.otio")
    read = read_session(tmp_path / "reel.otio")
    assert read == session
    write_session(read, tmp_path / "again.otio")
    assert (tmp_path / "again.otio").read_bytes() == (tmp_path / "reel.otio").read_bytes()


def test_edits_survive_spotting_the_sheet_again(shelf, tmp_path):
    session, names, gone = edited(spotted(shelf), shelf)
    write_session(session, tmp_path / "reel.otio")
    again = spotted(shelf, previous=read_session(tmp_path / "reel.otio"))
    for name in names:
        assert clip(again, name) == clip(session, name), name
    assert gone not in clip_ids(again)
    assert set(clip_ids(again)) == set(clip_ids(session))
    # And once more, for what is kept must be kept for good.
    assert spotted(shelf, previous=again) == again


def test_what_is_unlocked_is_spotted_again(shelf):
    session = spotted(shelf)
    (name,) = of_cue(session, "3")
    moved = unlock(nudge(session, name, frames=5), name)
    assert put(clip(moved, name)) == put(clip(session, name)) + 10_000
    assert clip(spotted(shelf, previous=moved), name) == clip(session, name)


def test_an_added_clip_stays_when_the_sheet_changes(shelf):
    session, names, _gone = edited(spotted(shelf), shelf)
    less = "\n".join(SHEET.splitlines()[:2]) + "\n"
    again = spotted(shelf, sheet=less, previous=session)
    assert names[-1] in clip_ids(again)
    with pytest.raises(HandEditError, match="removed, not unlocked"):
        unlock(session, names[-1])
    assert names[-1] not in clip_ids(remove(session, names[-1]))
    gone = remove(session, names[-1])
    assert names[-1] not in clip_ids(spotted(shelf, sheet=less, previous=gone))


def test_an_added_clip_lands_with_its_attack_on_the_sample(shelf):
    session = spotted(shelf)
    gong = shelf.asset(5)
    at = Timecode.parse("01:00:20:07", FILM_24).to_samples(48_000)
    grown, name = add(session, gong, gong.takes[0], stem="fx", track="Hard", at_samples=at)
    laid = clip(grown, name)
    assert attack(laid, gong.takes[0]) == at
    assert laid.cue == "H1"
    _more, other = add(grown, gong, gong.takes[0], stem="fx", track="hard", at_samples=at)
    assert clip(_more, other).cue == "H2"
    lanes_hold(_more)
    assert len(clips_of(_more)) == len(clips_of(session)) + 2


def test_a_whole_cue_is_locked_and_unlocked(shelf):
    session = spotted(shelf)
    locked = each_of(session, "1", lock)
    assert all(clip(locked, name).locked for name in of_cue(locked, "1"))
    assert not any(clip(locked, name).locked for name in of_cue(locked, "3"))
    assert each_of(locked, "1", unlock) == session


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda session, name: nudge(session, name, frames=-90_000), "before"),
        (lambda session, name: set_gain(session, name, 60), "60 dB; -120 to 40"),
        (lambda session, name: lock(session, "nobody"), "no clip nobody"),
        (lambda session, name: each_of(session, "99", lock), "no clip of cue 99"),
    ],
)
def test_what_cannot_be_is_told(shelf, edit, told):
    session = spotted(shelf)
    with pytest.raises(HandEditError, match=told):
        edit(session, of_cue(session, "3")[0])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"stem": "music"}, "'music' is not a stem; one of foley"),
        ({"track": " "}, "no name for a track"),
        ({"at_samples": 0}, "outside the session"),
    ],
)
def test_nothing_is_added_where_nothing_can_be(shelf, told, words):
    session = spotted(shelf)
    tick = shelf.asset(6)
    asked = {"stem": "fx", "track": "hard", "at_samples": 3_601 * 48_000} | told
    with pytest.raises(HandEditError, match=words):
        add(session, tick, tick.takes[0], **asked)


def test_a_take_swapped_in_backwards_lands_too(shelf):
    session = spotted(shelf)
    (name,) = of_cue(session, "3")
    place = find_clip(session, name)
    track = session.tracks[place.track]
    back = replace(clip(session, name), reverse=True)
    tracks = [*session.tracks]
    tracks[place.track] = replace(
        track, clips=(*track.clips[: place.clip], back, *track.clips[place.clip + 1 :])
    )
    session = replace(session, tracks=tuple(tracks))
    take = Take(index=0, start_samples=0, end_samples=96_000, sync_samples=24_000)
    after = clip(swap(session, name, shelf.asset(2), take), name)
    end = after.source_start_samples + after.duration_samples
    assert after.record_start_samples + (end - 1 - take.sync_samples) == after.sync_samples


@pytest.mark.parametrize(
    "edit",
    [
        lambda session, name, gong: remove(session, name),
        lambda session, name, gong: nudge(session, name, frames=1),
        lambda session, name, gong: add(
            session, gong, gong.takes[0], stem="fx", track="hard", at_samples=172_800_000
        )[0],
    ],
)
def test_at_another_sample_rate_hand_work_is_not_lost_in_silence(shelf, edit):
    session = spotted(shelf)
    gong = shelf.asset(5)
    edited = edit(session, of_cue(session, "3")[0], gong)
    cues = parse_cues(SHEET.encode(), "reel.csv", FILM_24)
    with pytest.raises(PremixError, match="48000 Hz"):
        spot(cues, shelf, sample_rate_hz=96_000, name="reel", previous=edited)
    untouched = spot(cues, shelf, sample_rate_hz=96_000, name="reel", previous=session)
    assert len(clips_of(untouched)) == len(clips_of(session))
