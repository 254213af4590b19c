"""bext: what is written is read, what is changed is all that changes."""

import struct
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import AudioError
from audio.bext import Bext, build_bext, change_bext, parse_bext

letters = st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])
loudness = st.none() | st.integers(-9999, 9999).map(lambda hundredths: hundredths / 100)
any_bext = st.builds(
    Bext,
    description=st.text(letters, max_size=60),
    originator=st.text(letters, max_size=8),
    origination_date=st.just("2026-11-22"),
    origination_time=st.just("21:00:00"),
    time_reference_samples=st.integers(0, 2**64 - 1),
    umid=st.none() | st.binary(min_size=64, max_size=64).filter(any).map(bytes.hex),
    loudness_lufs=loudness,
    loudness_range_lu=loudness,
    max_true_peak_dbtp=loudness,
    max_momentary_lufs=loudness,
    max_short_term_lufs=loudness,
    coding_history=st.text(letters, max_size=60),
)


@given(any_bext)
def test_what_is_written_is_read(bext):
    assert parse_bext(build_bext(bext)) == (bext, [])


@given(st.binary(min_size=602, max_size=700), st.integers(0, 2**64 - 1))
def test_a_change_leaves_every_other_byte(contents, start):
    changed = change_bext(contents, {"time_reference_samples": start})
    assert struct.unpack_from("<Q", changed, 338)[0] == start  # EBU Tech 3285: low word first
    assert changed[:338] + changed[346:] == contents[:338] + contents[346:]


def test_texts_are_utf_8_or_else_latin_1():
    contents = bytearray(602)
    contents[0:3] = "é".encode() + b"!"
    contents[256:259] = b"\xa0\xe9\xff"
    bext, _warnings = parse_bext(bytes(contents))
    assert (bext.description, bext.originator) == ("é!", "\xa0éÿ")


@pytest.mark.parametrize(("date", "time"), [("2016:11:01", "18-09-42"), ("2016-11-01", "18:09:42")])
def test_dates_with_other_signs_are_understood_and_kept(date, time):
    bext = Bext(origination_date=date, origination_time=time)
    assert bext.originated == datetime(2016, 11, 1, 18, 9, 42)
    assert parse_bext(build_bext(bext))[0].origination_date == date


@pytest.mark.parametrize("date", ["", "0000:00:00", "yesterday", "2016-13-40"])
def test_a_date_that_is_none_is_none(date):
    assert Bext(origination_date=date, origination_time="00:00:00").originated is None


def test_loudness_belongs_to_version_2():
    contents = bytearray(602)
    struct.pack_into("<5h", contents, 412, -2310, 500, -100, -2000, 0x7FFF)
    assert parse_bext(bytes(contents))[0].loudness_lufs is None
    contents[346] = 2
    bext, _warnings = parse_bext(bytes(contents))
    assert (bext.loudness_lufs, bext.loudness_range_lu) == (-23.1, 5.0)
    assert bext.max_short_term_lufs is None


def test_loudness_lifts_an_older_chunk_and_leaves_the_rest_unset():
    changed, _ = parse_bext(change_bext(bytes(602), {"loudness_lufs": -23.0}))
    assert (changed.version, changed.loudness_lufs) == (2, -23.0)
    assert changed.max_true_peak_dbtp is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"scene": "1"}, "bext has no field 'scene'"),
        ({"time_reference_samples": -1}, "not a number of samples"),
        ({"loudness_lufs": 400.0}, "out of range"),
        ({"loudness_lufs": float("nan")}, "out of range"),
        ({"umid": "xyz"}, "not up to 64 bytes"),
    ],
)
def test_what_does_not_fit_is_refused(changes, reason):
    with pytest.raises(AudioError, match=reason):
        change_bext(bytes(602), changes)
