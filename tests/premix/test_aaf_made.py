"""AAFs of our own making (by pyaaf2): rates, effects, sound within, and what is missing."""

import csv
import io
import random
import wave
from fractions import Fraction

import aaf2
import pytest

from premix import PremixError
from premix.aaf_sources import extract_embedded
from premix.cut_aaf import read_aaf

COMBINER_ID = "6b46dd7a-132d-4856-ab3c-8b751d8462ec"


def composition(file, rate, *, start=0, fps=24, drop=False, name="reel 1"):
    made = file.create.CompositionMob(name)
    made.usage = "Usage_TopLevel"
    slot = made.create_timeline_slot(rate)
    timecode = file.create.Timecode(fps, drop=drop)
    timecode.start, timecode.length = start, 1_000
    slot.segment = timecode
    file.content.mobs.append(made)
    return made


def sound_slot(file, made, rate, components):
    slot = made.create_sound_slot(rate)
    for component in components:
        slot.segment.components.append(component)
    return slot


def tape_sound(
    file, rate, *, name="slam.wav", length=200, tape_start=86_400, embedded=False, channels=1
):
    """A master mob over a file over a tape whose timecode starts at `tape_start`."""
    tape = file.create.SourceMob("R001")
    tape.descriptor = file.create.TapeDescriptor()
    slot = tape.create_timeline_slot(rate)
    timecode = file.create.Timecode(round(Fraction(rate)))
    timecode.start, timecode.length = tape_start, 10_000
    slot.segment = timecode
    sound = tape.create_empty_sequence_slot(rate, media_kind="sound")
    sound.segment = file.create.SourceClip(media_kind="sound")
    sound.segment.length = 10_000
    recording = file.create.SourceMob(name)
    recording.descriptor = file.create.PCMDescriptor()
    recording.descriptor["SampleRate"].value = 48_000
    recording.descriptor["AudioSamplingRate"].value = 48_000
    recording.descriptor["Channels"].value = channels
    recording.descriptor["QuantizationBits"].value = 16
    recording.descriptor["Length"].value = 4
    recording.descriptor["BlockAlign"].value = 2
    recording.descriptor["AverageBPS"].value = 96_000
    slot = recording.create_timeline_slot(rate)
    slot.segment = tape.create_source_clip(sound.slot_id, start=10, length=length)
    slot.segment.media_kind = "sound"
    master = file.create.MasterMob(name)
    wanted = master.create_timeline_slot(rate)
    wanted.segment = recording.create_source_clip(slot.slot_id, start=0, length=length)
    wanted.segment.media_kind = "sound"
    file.content.mobs.extend([tape, recording, master])
    if embedded:
        data = file.create.EssenceData()
        data.mob = recording
        file.content.essencedata.append(data)
        stream = data.open("w")
        stream.write(b"\x01\x00\x02\x00\x03\x00\x04\x00")
    return master, wanted.slot_id


def clip_of(master, slot_id, start, length):
    clip = master.create_source_clip(slot_id, start=start, length=length)
    clip.media_kind = "sound"
    return clip


def effect(file, segments, length, name="Audio Channel Combiner"):
    known = file.create.OperationDef(COMBINER_ID, name)
    known.media_kind = "sound"
    known["NumberInputs"].value = -1
    file.dictionary.register_def(known)
    group = file.create.OperationGroup(known)
    group.media_kind = "sound"
    group.length = length
    for segment in segments:
        group.segments.append(segment)
    return group


def oracle_rows(shared):
    text = (shared / "conformance" / "tables" / "aaf_timecode_oracle.tsv").read_text()
    return list(csv.reader(io.StringIO(text), delimiter="\t"))[1:]


def test_start_timecodes_as_libaaf_reads_them(shared, tmp_path):
    rows = oracle_rows(shared)
    assert len(rows) == 17
    for name, edit_rate, counted, frames, label, samples, end_label, end_frames in rows:
        base, mode = counted.split()
        rate = Fraction(edit_rate)
        path = tmp_path / name
        with aaf2.open(str(path), "w") as file:
            made = composition(file, rate, start=int(frames), fps=int(base), drop=mode == "DF")
            master, slot_id = tape_sound(file, rate, length=int(end_frames))
            clip = clip_of(master, slot_id, 0, int(end_frames) - int(frames))
            sound_slot(file, made, rate, [clip])
        timeline = read_aaf(path)
        assert timeline.start_s * timeline.rate.fps == int(frames)
        assert timeline.label(timeline.start_s) == label, name
        assert timeline.label(timeline.tracks[0].events[0].record_out_s) == end_label
        # LibAAF divides in single precision; 119.88 it takes as a decimal, 1 part in a million off.
        tolerance = 200 if "119.88" in name else 1 + int(samples) / 2**24
        assert abs(timeline.start_s * 48_000 - int(samples)) <= tolerance, name


def test_source_timecode_comes_from_the_tape(tmp_path):
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        made = composition(file, 24, start=86_400)
        master, slot_id = tape_sound(file, 24)
        sound_slot(file, made, 24, [clip_of(master, slot_id, 5, 20)])
    timeline = read_aaf(path)
    (event,) = timeline.tracks[0].events
    assert event.reel == "R001"
    assert event.source_in_s == Fraction(5, 24)
    assert timeline.label(event.source_timecode_s) == "01:00:00:15"  # 10 into the tape, 5 into that
    assert timeline.label(event.record_in_s) == "01:00:00:00"


def test_a_channel_combiner_of_six_is_one_clip_of_six_channels(tmp_path):
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        made = composition(file, 24)
        master, slot_id = tape_sound(file, 24)
        clips = [clip_of(master, slot_id, 0, 20) for _channel in range(6)]
        sound_slot(file, made, 24, [effect(file, clips, 20)])
    (track,) = read_aaf(path).tracks
    assert (len(track.events), track.channels) == (1, 6)


def test_a_recording_of_six_channels_is_one_clip_of_six_channels(tmp_path):
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        made = composition(file, 24)
        master, slot_id = tape_sound(file, 24, channels=6)
        sound_slot(file, made, 24, [clip_of(master, slot_id, 0, 20)])
    (track,) = read_aaf(path).tracks
    assert (len(track.events), track.channels) == (1, 6)


def test_sound_within_the_aaf_is_named_and_can_be_taken_out(tmp_path):
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        made = composition(file, 24)
        master, slot_id = tape_sound(file, 24, embedded=True)
        sound_slot(file, made, 24, [clip_of(master, slot_id, 0, 20)])
    (event,) = read_aaf(path).tracks[0].events
    assert event.media == "embedded:slam.wav"
    extract_embedded(path, event.media, tmp_path / "out.wav")
    with wave.open(str(tmp_path / "out.wav")) as taken:
        assert (taken.getframerate(), taken.getnchannels()) == (48_000, 1)
        assert taken.readframes(9) == b"\x01\x00\x02\x00\x03\x00\x04\x00"
    with pytest.raises(PremixError, match="holds no sound named 'step'"):
        extract_embedded(path, "embedded:step", tmp_path / "step.wav")


def test_a_recording_that_is_missing_is_reported_and_its_place_kept(tmp_path):
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        made = composition(file, 24)
        master, slot_id = tape_sound(file, 24)
        gone = file.create.MasterMob("gone")
        lost = file.create.SourceClip(media_kind="sound")
        lost.mob_id, lost.slot_id, lost.start, lost.length = gone.mob_id, 1, 3, 30
        sound_slot(file, made, 24, [lost, clip_of(master, slot_id, 0, 20)])
    timeline = read_aaf(path)
    first, second = timeline.tracks[0].events
    assert first.comments == ("its recording is not in the AAF",)
    assert (first.record_out_s, second.record_in_s) == (Fraction(30, 24), Fraction(30, 24))
    assert [str(report.problem) for report in timeline.reported] == [
        "its recording is not in the AAF"
    ]


def test_of_several_compositions_the_first_is_read_and_the_others_are_told(tmp_path):
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        composition(file, 24, name="reel 1")
        composition(file, 24, name="reel 2")
    timeline = read_aaf(path)
    assert {timeline.name} | {"reel 1", "reel 2"} == {"reel 1", "reel 2"}
    assert "it also holds" in timeline.reported[0].problem


def test_a_transition_at_the_very_start_fades_in_what_follows(tmp_path):
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        made = composition(file, 24)
        master, slot_id = tape_sound(file, 24)
        fade = file.create.Transition()
        fade.media_kind = "sound"
        fade.length = 12
        fade["CutPoint"].value = 6
        fade["OperationGroup"].value = effect(file, [], 12, "Mono Audio Dissolve")
        sound_slot(file, made, 24, [fade, clip_of(master, slot_id, 0, 48)])
    (event,) = read_aaf(path).tracks[0].events
    assert (event.record_in_s, event.fade_in_s) == (0, Fraction(1, 2))


def test_automation_of_gain_is_kept_as_points(shared):
    timeline = read_aaf(shared / "conformance/LibAAF/aaf/DR_Audio_Levels.aaf")
    event = timeline.tracks[1].events[0]
    assert event.gain_points
    assert event.gain_points[0][0] == 0
    assert event.comments == ("gain automation",)


def test_rendered_fades_by_any_name(tmp_path):
    """[edit][fade][edit][clip][edit][fade][edit], as Pro Tools lays them."""
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        made = composition(file, 30, fps=30)

        def rendered(name, start, length, recorded):
            master, slot_id = tape_sound(file, 30, name=name, length=recorded)
            return clip_of(master, slot_id, start, length)

        sound_slot(
            file,
            made,
            30,
            [
                rendered("edit", 0, 1, 1),
                rendered("Fondu", 1, 9, 11),
                rendered("edit", 0, 1, 1),
                rendered("rain", 31, 29, 90),
                rendered("edit", 0, 1, 1),
                rendered("Fondu", 1, 11, 13),
                rendered("edit", 0, 1, 1),
            ],
        )
    (event,) = read_aaf(path).tracks[0].events
    assert (event.name, event.source_in_s) == ("rain", Fraction(20, 30))
    assert event.record_out_s - event.record_in_s == Fraction(53, 30)
    assert (event.fade_in_s, event.fade_out_s) == (Fraction(11, 30), Fraction(12, 30))


def test_a_damaged_aaf_is_read_as_far_as_it_goes_or_refused(tmp_path):
    path = tmp_path / "reel.aaf"
    with aaf2.open(str(path), "w") as file:
        made = composition(file, 24)
        master, slot_id = tape_sound(file, 24)
        sound_slot(file, made, 24, [clip_of(master, slot_id, 0, 20)])
    whole = path.read_bytes()
    chance = random.Random(3)
    refused = 0
    for _try in range(12):
        damaged = bytearray(whole)
        for _place in range(chance.randint(1, 60)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged[: chance.choice([len(whole), len(whole) // 2])])
        try:
            read_aaf(path)
        except PremixError as problem:
            refused += 1
            assert "reel.aaf" in str(problem)
    assert refused
