"""Timecode: a label and a frame number name the same frame, and a sample lies in one."""

import csv
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import (
    FILM_24,
    NTSC_2997_DROP,
    NTSC_5994_DROP,
    NTSC_23976,
    PAL_25,
    RATES,
    FrameRate,
    Timecode,
    TimecodeError,
    duration_frames,
    feet_and_frames,
    frames_from_feet,
    label_says_drop,
    parse_rate,
)

any_rate = st.sampled_from(list(RATES.values()))
any_timecode = any_rate.flatmap(
    lambda rate: st.integers(0, rate.frames_per_day - 1).map(lambda frame: Timecode(frame, rate))
)
any_sample_rate = st.sampled_from([8_000, 44_056, 44_100, 47_952, 48_000, 48_048, 96_000, 192_000])


@given(any_timecode)
def test_a_label_read_back_is_the_same_frame(timecode):
    assert Timecode.parse(str(timecode), timecode.rate) == timecode
    assert label_says_drop(str(timecode)) == timecode.rate.drop


@given(any_timecode, st.integers(0, 99))
def test_a_label_with_sub_frames_read_back_is_the_same_place(timecode, subframe):
    within = Timecode(timecode.frame, timecode.rate, subframe)
    assert Timecode.parse(str(within), within.rate) == within
    assert within.seconds - timecode.seconds == Fraction(subframe, 100) / timecode.rate.fps


@given(any_timecode, any_sample_rate)
def test_the_first_sample_of_a_frame_lies_in_it_and_the_one_before_does_not(
    timecode, sample_rate_hz
):
    first = timecode.to_samples(sample_rate_hz)
    assert Timecode.from_samples(first, timecode.rate, sample_rate_hz) == timecode
    before = Timecode.from_samples(first - 1, timecode.rate, sample_rate_hz, wrap=True)
    assert before == timecode.plus(-1)


@given(any_timecode, st.integers(0, 99), st.sampled_from([48_000, 96_000]))
def test_a_sub_frame_and_its_first_sample_name_the_same_place(timecode, subframe, sample_rate_hz):
    within = Timecode(timecode.frame, timecode.rate, subframe)
    samples = within.to_samples(sample_rate_hz)
    assert abs(samples - within.seconds * sample_rate_hz) <= Fraction(1, 2)
    assert Timecode.from_samples(samples, within.rate, sample_rate_hz, subframes=True) == within


@given(any_timecode, st.integers(-(10**8), 10**8))
def test_the_clock_goes_round(timecode, frames):
    later = timecode.plus(frames)
    assert later == Timecode.wrapped(timecode.frame + frames, timecode.rate)
    assert later.plus(-frames) == timecode
    assert duration_frames(timecode, later, over_midnight=True) == frames % (
        timecode.rate.frames_per_day
    )


@given(st.text(max_size=16) | st.from_regex(r"[0-9]{2}([:;][0-9]{2}){3}(\.[0-9]{2,3})?"))
def test_no_text_is_anything_but_a_timecode_or_refused(text):
    for rate in (FILM_24, NTSC_2997_DROP):
        try:
            timecode = Timecode.parse(text, rate)
        except TimecodeError:
            continue
        assert 0 <= timecode.frame < rate.frames_per_day


@given(any_rate)
def test_a_rate_read_back_is_the_same_rate(rate):
    assert parse_rate(rate.name) == rate
    assert parse_rate(str(rate.fps)) == FrameRate(rate.fps)


def rows(path):
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def rate_of(text):
    """ "29.97 NDF", as the tables write rates."""
    return parse_rate(text)


def test_every_row_of_the_timecode_table(shared):
    table = rows(shared / "conformance" / "tables" / "timecode_table.tsv")
    assert len(table) > 150
    for row in table:
        rate, label = parse_rate(row["rate"]), row["label"]
        if row["note"]:
            with pytest.raises(TimecodeError):
                Timecode.parse(label, rate)
            continue
        timecode = Timecode(int(row["frame0"]), rate)
        assert rate.labels_per_second == int(row["nominal"])
        assert str(timecode) == label
        assert Timecode.parse(label, rate) == timecode
        assert f"{float(timecode.seconds):.9f}" == row["seconds_exact"]
        assert timecode.seconds * 48_000 == Fraction(row["sample48k_exact"])
        assert timecode.to_samples(48_000) == int(row["sample48k_nearest"])


def test_start_timecodes_that_another_program_reads_from_aafs(shared):
    for row in rows(shared / "conformance" / "tables" / "aaf_timecode_oracle.tsv"):
        speed, drop = parse_rate(row["edit_rate"]).fps, row["tc"].endswith(" DF")
        start = Timecode.parse(row["start_tc"], FrameRate(speed, drop))
        assert start.frame == int(row["start_frames"])
        # LibAAF rounds up, and counts with 23.976 and 11988/100, near the rates but not them.
        samples = next(value for name, value in row.items() if name.startswith("start_samples"))
        if "119.88" not in row[next(iter(row))]:
            assert abs(start.to_samples(48_000) - int(samples)) <= 6
        end = Timecode.parse(row["end_tc"], start.rate)
        assert end.frame == int(row["end_frames"])


def test_start_timecodes_of_recorders(shared):
    for row in rows(shared / "conformance" / "tables" / "bext_to_timecode.tsv"):
        if row["iXML TIMECODE_RATE/FLAG"].startswith("(none)"):
            continue
        rate = parse_rate(row["iXML TIMECODE_RATE/FLAG"])
        samples = int(row["bext_timeReference"])
        found = Timecode.from_samples(samples, rate, int(row["sample_rate"]))
        assert str(found) == row["start_tc"], row["file"]


@pytest.mark.parametrize(
    ("rate", "frames_in_an_hour", "first"),
    [(NTSC_2997_DROP, 107_892, 2), (NTSC_5994_DROP, 215_784, 4)],  # SMPTE ST 12-1, ST 12-3
)
def test_drop_frame_skips_labels_each_minute_except_each_tenth(rate, frames_in_an_hour, first):
    printed = [str(Timecode(frame, rate)) for frame in range(frames_in_an_hour)]
    skipped = {f"00:{mm:02}:00;{ff:02}" for mm in range(60) if mm % 10 for ff in range(first)}
    assert skipped.isdisjoint(printed)
    assert sorted(set(printed)) == printed  # each label once, in order
    assert str(Timecode(frames_in_an_hour, rate)) == "01:00:00" + f";{0:02}"


def test_a_skipped_label_is_refused_and_its_neighbours_are_named():
    with pytest.raises(TimecodeError, match="from 00:00:59;29 to 00:01:00;02"):
        Timecode.parse("00:01:00;00", NTSC_2997_DROP)
    with pytest.raises(TimecodeError, match="from 00:00:59;59 to 00:01:00;04"):
        Timecode.parse("00:01:00;03", NTSC_5994_DROP)


@pytest.mark.parametrize(
    "label",
    ["", "1:00:00:00", "01:00:00", "-1:00:00:00", "٠١:00:00:00", "01:00:00:00.5", "01000000"],
)
def test_what_is_no_label_is_refused(label):
    with pytest.raises(TimecodeError, match="is not a timecode"):
        Timecode.parse(label, FILM_24)


@pytest.mark.parametrize(
    ("label", "rate", "range_"),
    [
        ("24:00:00:00", FILM_24, "hours run from 00 to 23"),
        ("00:60:00:00", FILM_24, "minutes run from 00 to 59"),
        ("00:00:60:00", FILM_24, "seconds run from 00 to 59"),
        ("17:52:28:26", PAL_25, "frames run from 00 to 24 at 25"),
    ],
)
def test_out_of_range_says_which_part_and_its_range(label, rate, range_):
    with pytest.raises(TimecodeError, match=range_):
        Timecode.parse(label, rate)


def test_the_mark_does_not_decide_how_a_label_is_counted_but_can_be_asked():
    assert Timecode.parse("01:00:00;00", FILM_24) == Timecode.parse("01:00:00:00", FILM_24)
    assert label_says_drop("01:00:00;00") and not label_says_drop("01:00:00:00")
    assert not FILM_24.can_drop and NTSC_2997_DROP.can_drop


def test_pro_tools_rounds_up_to_100_sub_frames():
    # "01:06:01:13.100" stands in a session text of Pro Tools.
    assert str(Timecode.parse("01:06:01:13.100", PAL_25)) == "01:06:01:14"
    assert str(Timecode.parse("23:59:59:24.100", PAL_25)) == "00:00:00:00"


def test_no_duration_is_silently_negative():
    early, late = Timecode(0, PAL_25), Timecode(10, PAL_25)
    assert duration_frames(early, late) == 10
    with pytest.raises(TimecodeError, match="negative duration of -10 frames"):
        duration_frames(late, early)
    assert duration_frames(late, early, over_midnight=True) == PAL_25.frames_per_day - 10
    with pytest.raises(TimecodeError, match="counted at 25 but"):
        duration_frames(early, Timecode(10, FILM_24))


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("23.98", NTSC_23976),
        ("24000/1001 NDF", NTSC_23976),
        ("23.976 Frame", NTSC_23976),
        ("24.00", FILM_24),
        ("25 fps", PAL_25),
        ("25/1", PAL_25),
        ("29.97 DF", NTSC_2997_DROP),
        ("29.97 Drop Frame", NTSC_2997_DROP),
        ("30000/1001df", NTSC_2997_DROP),
        ("59.94 non-drop", FrameRate(Fraction(60_000, 1001))),
    ],
)
def test_rates_as_files_write_them(text, rate):
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "0", "26", "24df", "25 drop", "29.9", "30/0", "x", "-24", "1e3"]
)
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(TimecodeError):
        parse_rate(text)


def test_sub_frames_and_sample_rates_have_bounds():
    with pytest.raises(TimecodeError, match="0 to 99"):
        Timecode(0, PAL_25, 100)
    with pytest.raises(TimecodeError, match="0 Hz"):
        Timecode(0, PAL_25).to_samples(0)
    with pytest.raises(TimecodeError, match="not within one day"):
        Timecode.from_samples(86_400 * 48_000, PAL_25, 48_000)
    assert Timecode.from_samples(86_400 * 48_000, PAL_25, 48_000, wrap=True).frame == 0


@given(st.integers(0, 10**7), st.sampled_from([16, 40]))
def test_feet_and_frames_read_back(frames, frames_per_foot):
    footage = feet_and_frames(frames, frames_per_foot)
    assert frames_from_feet(footage, frames_per_foot) == frames


def test_a_minute_of_35_mm_is_90_feet():
    assert feet_and_frames(24 * 60) == "90+00"
    with pytest.raises(TimecodeError, match="frames run from 00 to 15"):
        frames_from_feet("90+16")
    with pytest.raises(TimecodeError, match="not feet"):
        frames_from_feet("90")
    with pytest.raises(TimecodeError, match="no length of -1"):
        feet_and_frames(-1)


def test_a_frame_that_begins_half_way_between_two_samples_begins_at_the_even_one():
    """At 24 fps and 44.1 kHz a frame lasts 1837.5 samples."""
    assert [Timecode(frame, FILM_24).to_samples(44_100) for frame in (1, 3)] == [1838, 5512]
    frames = [
        Timecode.from_samples(sample, FILM_24, 44_100).frame for sample in (1837, 1838, 5511, 5512)
    ]
    assert frames == [0, 1, 2, 3]
