"""Conforming: whatever was edited, also in a real list and in a thousand shots, all is placed."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997, NTSC_23976, PAL_25, parse_rate
from premix.conform import conform
from premix.cut_files import read_timeline
from tests.premix.cuts import HOUR, SOUND, bed, clips_of, cut_of, hit, session_of, shot, trimmed

shots = st.lists(st.tuples(st.integers(0, 5), st.integers(20, 200)), min_size=1, max_size=12).map(
    lambda rows: [
        # Each reel's shots use its material once, one far behind the other.
        shot(f"{number}", f"R{reel}", 10_000 * number, frames)
        for number, (reel, frames) in enumerate(rows)
    ]
)


@settings(max_examples=60)
@given(
    events=shots,
    order=st.randoms(use_true_random=False),
    places=st.lists(st.floats(0, 0.999), max_size=10),
    rate=st.sampled_from([FILM_24, PAL_25, NTSC_23976, NTSC_2997]),
    off_frame=st.booleans(),
)
def test_moved_and_moved_back_is_the_session_one_began_with(events, order, places, rate, off_frame):
    fps = rate.fps / 24
    events = [
        replace(
            event,
            record_out_s=event.record_out_s / fps,
            source_in_s=event.source_in_s / fps,
            source_out_s=event.source_out_s / fps,
        )
        for event in events
    ]
    old = cut_of(events, rate)
    shuffled = list(events)
    order.shuffle(shuffled)
    new = cut_of(shuffled, rate)
    total = sum(round((one.record_out_s - one.record_in_s) * rate.fps) for one in events)
    hits = []
    for number, place in enumerate(sorted(places)):
        frame = HOUR + int(place * total)
        sample = round(frame / rate.fps * 48_000)
        # Where a frame is not a whole number of samples, only moments on frames come back exactly.
        if off_frame and rate is not NTSC_2997:
            sample += number * 97 % 1_900
        hits.append(hit(f"{number % 4}", sample))
    beds = [
        bed(f"bg {index}", round(one.record_in_s * 48_000), round(one.record_out_s * 48_000))
        for index, one in enumerate(old.tracks[0].events)
    ]
    session = session_of(old, hits, beds)
    there = conform(old, new, session)
    assert conform(new, old, there.session).session == session
    assert not [change for change in there.cues if change.state == "orphaned"]
    by_name = {event.name: event for event in new.tracks[0].events}
    for event in old.tracks[0].events:  # each hit where its shot went
        first = round(event.record_in_s * 48_000)
        last = round(event.record_out_s * 48_000)
        inside = [clip.sync_samples - first for clip in hits if first <= clip.sync_samples < last]
        goal = round(by_name[event.name].record_in_s * 48_000)
        moved = [clip.sync_samples - goal for clip in clips_of(there.session) if clip.sync_samples]
        for offset in inside:
            assert min(abs(offset - other) for other in moved) <= 1


def real_list(shared, name="INS4_R1_DX_092117.edl"):
    return read_timeline(shared / "conformance" / "pycmx" / name, parse_rate("23.976"))


@pytest.mark.parametrize("seed", range(5))
def test_a_real_list_after_a_day_of_editing(shared, seed):
    """Shots of a feature's reel deleted, inserted, trimmed and swapped, with the truth kept."""
    chance = random.Random(seed)
    picture = real_list(shared).tracks[0].events
    events = [
        replace(
            event,
            comments=(f"id {index}",),
            source_out_s=event.source_in_s + event.record_out_s - event.record_in_s,
        )
        for index, event in enumerate(
            event for event in picture if event.record_out_s > event.record_in_s
        )
        if event.reel != "BL" and event.speed_percent == 100
    ]
    # Of material that stands in the reel twice nobody could tell which is which.
    seen: list[tuple[str, Fraction, Fraction]] = []
    once = []
    for event in events:
        if not any(
            reel == event.reel and start < event.source_out_s and event.source_in_s < end
            for reel, start, end in seen
        ):
            once.append(event)
        seen.append((event.reel, event.source_in_s, event.source_out_s))
    old = cut_of(once, NTSC_23976)
    new_events = list(once)
    for _edit in range(40):
        index = chance.randrange(len(new_events))
        event = new_events[index]
        frames = round((event.record_out_s - event.record_in_s) * NTSC_23976.fps)
        match chance.randrange(5):
            case 0:
                del new_events[index]
            case 1:
                new_events.insert(
                    index, shot("new", f"N{_edit}", 100, chance.randint(5, 50), NTSC_23976)
                )
            case 2 if frames > 8:
                new_events[index] = trimmed(
                    event, head=chance.randint(1, frames // 4), rate=NTSC_23976
                )
            case 3 if frames > 8:
                new_events[index] = trimmed(
                    event, tail=chance.randint(1, frames // 4), rate=NTSC_23976
                )
            case _:
                new_events.insert(chance.randrange(len(new_events)), new_events.pop(index))
    new = cut_of(new_events, NTSC_23976)
    truth = {}  # (id of the shot, source position) → record position
    for event in new.tracks[0].events:
        if event.comments:
            truth[event.comments[0]] = event
    hits, goals = [], {}
    for event in old.tracks[0].events:
        middle_s = event.record_in_s + Fraction(1001, 24_000) * chance.randint(
            0, round((event.record_out_s - event.record_in_s) * NTSC_23976.fps) - 1
        )
        cue = event.comments[0]
        hits.append(hit(cue, round(middle_s * 48_000)))
        now = truth.get(cue)
        source_s = event.source_in_s + middle_s - event.record_in_s
        if now is not None and now.source_in_s <= source_s < now.source_out_s:
            goals[cue] = round((now.record_in_s + source_s - now.source_in_s) * 48_000)
    found = conform(old, new, session_of(old, hits))
    assert {clip.cue: clip.sync_samples for clip in clips_of(found.session)} == goals
    orphans = {change.cue for change in found.cues if change.state == "orphaned"}
    assert orphans == {clip.cue for clip in hits} - set(goals)


def test_a_thousand_shots_against_a_thousand():
    chance = random.Random(7)
    events = [
        shot(
            f"{n}", f"R{chance.randint(1, 40)}", chance.randint(0, 80_000), chance.randint(10, 200)
        )
        for n in range(1_000)
    ]
    edited = [trimmed(event, head=3) if n % 3 else event for n, event in enumerate(events)]
    chance.shuffle(edited)
    old, new = cut_of(events), cut_of(edited)
    hits = [hit(f"{n}", (HOUR + n * 60) * 2_000) for n in range(1_000)]
    session = session_of(old, hits)
    assert len(conform(old, new, session).cues) == 1_000


edits = st.lists(
    st.tuples(st.sampled_from(["drop", "add", "head", "tail", "move", "speed", "black"]),
              st.floats(0, 0.999), st.integers(-30, 60)),
    max_size=8,
)  # fmt: skip


@settings(max_examples=80)
@given(
    events=shots,
    edits=edits,
    beds_s=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=4),
)
def test_whatever_was_edited_every_clip_can_be_played(events, edits, beds_s):
    new = list(events)
    for kind, place, amount in edits:
        index = int(place * len(new))
        event = new[index] if new else None
        if kind == "add" or event is None:
            new.insert(index, shot("new", "N1", 77 * index, abs(amount) + 1))
        elif kind == "black":
            new.insert(index, shot("BL", "BL", 0, abs(amount) + 1))
        elif kind == "drop":
            new.pop(index)
        elif kind == "move":
            new.insert(0, new.pop(index))
        elif kind == "speed":
            new[index] = replace(event, speed_percent=50.0, record_out_s=event.record_out_s * 2)
        elif (
            round((event.record_out_s - event.record_in_s) * 24) > amount
            and event.source_in_s * 24 + amount > 0
        ):
            new[index] = trimmed(event, **{kind: amount})
    if not new:
        return
    old_cut, new_cut = cut_of(events), cut_of(new)
    first = old_cut.tracks[0].events[0].record_in_s * 48_000
    lasts = old_cut.tracks[0].events[-1].record_out_s * 48_000 - first
    beds = [
        bed(f"bg {n}", round(first + min(pair) * lasts), round(first + max(pair) * lasts), 5_000)
        for n, pair in enumerate(beds_s)
        # Long enough to be heard, and no longer than its recording has sound for.
        if 4_800 < round((max(pair) - min(pair)) * lasts) < SOUND.duration_samples - 5_001
    ]
    hits = [hit(f"{n}", round(first + n * lasts / 7)) for n in range(7)]
    found = conform(old_cut, new_cut, session_of(old_cut, hits, beds))
    for track in found.session.tracks:
        for before, after in pairwise(track.clips):
            assert before.record_end_samples <= after.record_start_samples
        for clip in track.clips:
            assert clip.source_start_samples >= 0
            assert clip.source_start_samples + clip.duration_samples <= SOUND.duration_samples
            assert clip.fade_in_samples + clip.fade_out_samples <= clip.duration_samples
    assert {change.cue for change in found.cues} == {clip.cue for clip in [*hits, *beds]}
    for change in found.cues:
        assert (change.state == "orphaned") == (change.clips == 0)
    assert found.session.end_frame > found.session.start_frame
    for change in found.cues:
        if change.cue.startswith("bg") and change.state in ("kept", "moved", "trimmed"):
            laid = sorted(
                (clip for clip in clips_of(found.session) if clip.cue == change.cue),
                key=lambda clip: clip.record_start_samples,
            )
            for before, after in pairwise(laid):
                assert after.record_start_samples <= before.record_end_samples  # no hole
