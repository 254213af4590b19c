"""The loudness meter, held against the cases of EBU Tech 3341 and 3342 and of ITU-R BS.1770.

The signals are made here as the cases describe them; levels are the peaks of a sine in dBFS.
"""

import csv
import math
import tracemalloc

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import AudioError, gating
from audio.layout import LAYOUTS
from audio.loudness import Loudness, LoudnessMeter, measure

RATE_HZ = 48_000
MADE = {  # standard, case: what the tests below make
    *(("3341", str(case)) for case in (*range(1, 7), *range(9, 20))),
    ("3341", "20-23"),  # in test_true_peak.py
    *(("3342", str(case)) for case in range(1, 5)),
}


def tone(*stretches, hz=1000.0, rate_hz=RATE_HZ, channels=2):
    """A sine through all (level_dbfs, seconds), None for silence, alike in all channels."""
    levels = [
        np.full(round(seconds * rate_hz), 0.0 if level is None else 10 ** (level / 20))
        for level, seconds in stretches
    ]
    level = np.concatenate(levels)
    sine = level * np.sin(2 * np.pi * hz / rate_hz * np.arange(len(level)))
    return np.repeat(sine[:, np.newaxis], channels, axis=1).astype(np.float32)


def test_every_listed_case_that_can_be_made_is_made_here(shared):
    table = shared / "conformance" / "tables" / "ebu_loudness_cases.tsv"
    with table.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines, delimiter="\t"))[1:]
    asked = {
        (row[0].split()[2], row[1])
        for row in rows
        if row[0].startswith("EBU") and "authentic" not in row[2]
    }
    assert asked == MADE


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_3341_cases_1_and_2_all_three_meters_read_the_level(level, rate_hz):
    loudness = measure(tone((level, 20), rate_hz=rate_hz), rate_hz)
    assert loudness.integrated_lufs == pytest.approx(level, abs=0.1)
    assert loudness.max_momentary_lufs == pytest.approx(level, abs=0.1)
    assert loudness.max_short_term_lufs == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize(
    "stretches",
    [
        pytest.param([(-36, 10), (-23, 60), (-36, 10)], id="case 3"),
        pytest.param([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], id="case 4"),
        pytest.param([(-26, 20), (-20, 20.1), (-26, 20)], id="case 5"),
    ],
)
def test_3341_cases_3_to_5_quiet_stretches_are_gated_out(stretches):
    assert measure(tone(*stretches), RATE_HZ).integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_3341_case_6_surrounds_count_more():
    levels = {"L": -28, "R": -28, "C": -24, "Ls": -30, "Rs": -30}
    samples = np.hstack([tone((levels[label], 20), channels=1) for label in LAYOUTS["5.0"].labels])
    assert measure(samples, RATE_HZ).integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_3341_case_9_short_term_holds_still_over_a_pattern_of_three_seconds():
    samples = tone(*[(-20, 1.34), (-30, 1.66)] * 5)
    assert measure(samples, RATE_HZ).max_short_term_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("i", range(20))
def test_3341_cases_10_and_13_the_maximum_is_caught_wherever_the_tone_starts(i):
    short_term = measure(tone((None, i * 0.15), (-23, 3), (None, 1)), RATE_HZ)
    assert short_term.max_short_term_lufs == pytest.approx(-23.0, abs=0.1)
    momentary = measure(tone((None, i * 0.02), (-23, 0.4), (None, 1)), RATE_HZ)
    assert momentary.max_momentary_lufs == pytest.approx(-23.0, abs=0.1)


def test_3341_case_11_and_14_the_maximum_follows_louder_tones():
    short_term, momentary = LoudnessMeter(RATE_HZ, 2), LoudnessMeter(RATE_HZ, 2)
    for i, level in enumerate(range(-38, -18)):
        short_term.add(tone((None, i * 0.15), (level, 3), (None, 3 - i * 0.15)))
        assert short_term.result().max_short_term_lufs == pytest.approx(level, abs=0.1)
        momentary.add(tone((None, i * 0.02), (level, 0.4), (None, 0.4 - i * 0.02)))
        assert momentary.result().max_momentary_lufs == pytest.approx(level, abs=0.1)


def test_3341_case_12_momentary_holds_still_over_a_pattern_of_400_ms():
    samples = tone(*[(-20, 0.18), (-30, 0.22)] * 25)
    assert measure(samples, RATE_HZ).max_momentary_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("levels", "range_lu"),
    [
        ([-20, -30], 10),
        ([-20, -15], 5),
        ([-40, -20], 20),
        ([-50, -35, -20, -35, -50], 15),
    ],
)
def test_3342_cases_1_to_4_range(levels, range_lu):
    samples = tone(*[(level, 20) for level in levels])
    assert measure(samples, RATE_HZ).range_lu == pytest.approx(range_lu, abs=1)


@pytest.mark.parametrize(
    "rate_hz", [22_050, 32_000, 44_100, 47_952, 48_000, 88_200, 96_000, 192_000]
)
@pytest.mark.parametrize("label", ["L", "C", "R"])
def test_a_full_scale_997_hz_sine_in_one_front_channel_reads_minus_3_01(label, rate_hz):
    samples = np.zeros((rate_hz * 5, 3), dtype=np.float32)
    samples[:, LAYOUTS["LCR"].index(label)] = tone((0, 5), hz=997, rate_hz=rate_hz, channels=1)[
        :, 0
    ]
    assert measure(samples, rate_hz).integrated_lufs == pytest.approx(-3.01, abs=0.005)


@pytest.mark.parametrize(
    ("file", "integrated_lufs"),
    [("1770-2_Comp_AbsGateTest.wav", -69.5), ("1770-2_Comp_RelGateTest.wav", -10.0)],
)
def test_the_compliance_files_of_itu_bs_2217(shared, file, integrated_lufs):
    path = shared / "conformance" / "pyloudnorm" / file
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    assert measure(samples, rate_hz).integrated_lufs == pytest.approx(integrated_lufs, abs=0.1)


def test_lfe_is_not_heard_and_sides_count_more_than_rears():
    def loudness_of(label, layout):
        samples = np.zeros((RATE_HZ, layout.channels), dtype=np.float32)
        samples[:, layout.index(label)] = tone((-20, 1), hz=997, channels=1)[:, 0]
        return measure(samples, RATE_HZ, layout)

    for name in ("5.1", "7.1", "7.1.4"):
        lfe = loudness_of("LFE", LAYOUTS[name])
        assert lfe.integrated_lufs is None and lfe.max_momentary_lufs is None
        assert lfe.sample_peak_dbfs == pytest.approx(-20, abs=0.01)  # but it can clip
    side_db = 10 * math.log10(1.41)  # BS.1770-5, Table 4
    for name in ("7.1", "7.1.4"):
        layout = LAYOUTS[name]
        for order in ("wave", "smpte", "film"):
            ordered = layout.in_order(order)
            assert loudness_of("Lsr", ordered).integrated_lufs == pytest.approx(-23.01, abs=0.01)
            assert loudness_of("Rss", ordered).integrated_lufs == pytest.approx(
                -23.01 + side_db, abs=0.01
            )
    assert loudness_of("Ltf", LAYOUTS["7.1.4"]).integrated_lufs == pytest.approx(-23.01, abs=0.01)


def test_only_complete_blocks_count_so_a_little_more_of_the_same_reads_the_same():
    shorter = measure(tone((-23, 0.50)), RATE_HZ).integrated_lufs
    longer = measure(tone((-23, 0.55)), RATE_HZ).integrated_lufs
    assert shorter == pytest.approx(longer, abs=0.01)


@pytest.mark.parametrize("duration_samples", [0, 1, 7, 100, 19_199])
def test_under_400_ms_there_is_no_loudness_but_there_are_peaks(duration_samples):
    samples = np.full((duration_samples, 2), 0.5, dtype=np.float32)
    loudness = measure(samples, RATE_HZ)
    assert loudness.integrated_lufs is None
    assert loudness.max_momentary_lufs is None
    assert loudness.range_lu is None
    if duration_samples:
        assert loudness.sample_peak_dbfs == pytest.approx(-6.02, abs=0.01)
        assert loudness.true_peak_dbtp >= loudness.sample_peak_dbfs


def test_400_ms_are_enough_for_momentary_and_3_s_for_short_term():
    assert measure(tone((-23, 0.4)), RATE_HZ).integrated_lufs is not None
    assert measure(tone((-23, 2.999)), RATE_HZ).max_short_term_lufs is None
    three_seconds = measure(tone((-23, 3)), RATE_HZ)
    assert three_seconds.max_short_term_lufs == pytest.approx(-23.0, abs=0.1)
    assert three_seconds.range_lu == 0.0


def test_silence_has_no_level_at_all():
    silence = np.zeros((RATE_HZ * 4, 2), dtype=np.float32)
    assert measure(silence, RATE_HZ) == Loudness(
        integrated_lufs=None,
        range_lu=None,
        max_momentary_lufs=None,
        max_short_term_lufs=None,
        true_peak_dbtp=None,
        sample_peak_dbfs=None,
    )


@pytest.mark.parametrize("bad", [np.nan, -np.nan, np.inf, -np.inf, 3e38, -3e38])
@pytest.mark.parametrize("place", [0, 100, 70_000])
def test_what_no_sound_can_be_is_refused(bad, place):
    samples = tone((-23, 2))
    samples[place, 1] = bad
    with pytest.raises(AudioError, match="NaN or infinity"):
        measure(samples, RATE_HZ)


def test_what_is_not_sound_for_this_meter_is_refused():
    with pytest.raises(AudioError, match=r"got shape \(5,\)"):
        measure(np.zeros(5, dtype=np.float32), RATE_HZ)
    with pytest.raises(AudioError, match="1 channels for a meter of 2"):
        LoudnessMeter(RATE_HZ, 2).add(np.zeros((5, 1), dtype=np.float32))
    with pytest.raises(AudioError, match="a sample rate of 0 Hz"):
        LoudnessMeter(0, 2)


@pytest.mark.parametrize("rate_hz", [1, 50, 3_364, 3_999])
def test_a_rate_without_k_weighting_has_peaks_alone(rate_hz):
    loudness = measure(np.full((20_000, 1), 0.5, dtype=np.float32), rate_hz)
    assert loudness.integrated_lufs is None and loudness.max_short_term_lufs is None
    assert loudness.sample_peak_dbfs == pytest.approx(-6.02, abs=0.01)


blocks = st.lists(st.integers(0, 30_000), min_size=1, max_size=12)


@settings(max_examples=25)
@given(
    block_samples=blocks,
    rate_hz=st.sampled_from([8_000, 11_025, 22_050, 44_056, 44_100, 47_952, 48_000]),
    channels=st.sampled_from([1, 2, 3, 6]),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_meter_does_not_know_its_block_size(block_samples, rate_hz, channels, seed):
    noise = np.random.default_rng(seed)
    samples = noise.normal(scale=0.1, size=(sum(block_samples), channels)).astype(np.float32)
    whole = measure(samples, rate_hz)
    meter, start = LoudnessMeter(rate_hz, channels), 0
    for length in block_samples:
        meter.add(samples[start : start + length])
        start += length
    for name in whole.__dataclass_fields__:
        assert getattr(meter.result(), name) == pytest.approx(getattr(whole, name), abs=1e-9), name


@settings(max_examples=15)
@given(gain_db=st.floats(-30, 20), seed=st.integers(0, 2**32 - 1))
def test_every_level_moves_with_the_gain_and_the_range_does_not(gain_db, seed):
    noise = np.random.default_rng(seed).normal(size=(RATE_HZ * 4, 1))
    noise *= np.repeat(np.linspace(0.01, 0.1, 40), RATE_HZ // 10)[:, np.newaxis]
    before = measure(noise, RATE_HZ)
    after = measure(noise * 10 ** (gain_db / 20), RATE_HZ)
    assert after.range_lu == pytest.approx(before.range_lu, abs=0.03)
    # A block that stands at a gate may fall to either side of it.
    for name, tolerance in (
        ("integrated_lufs", 0.02),
        ("max_momentary_lufs", 1e-3),
        ("max_short_term_lufs", 1e-3),
        ("true_peak_dbtp", 1e-3),
        ("sample_peak_dbfs", 1e-3),
    ):
        moved = getattr(after, name) - getattr(before, name)
        assert moved == pytest.approx(gain_db, abs=tolerance), name


def test_any_memory_layout_and_a_read_only_sound_will_do():
    samples = tone((-23, 1))
    expected = measure(samples, RATE_HZ)
    read_only = samples.copy()
    read_only.flags.writeable = False
    odd = np.frombuffer(b"x" + samples.tobytes(), dtype=np.float32, offset=1).reshape(-1, 2)
    for same in (samples.astype(np.float64), np.asfortranarray(samples), read_only, odd):
        assert measure(same, RATE_HZ) == expected


def test_the_second_hour_takes_no_more_memory_than_the_first(monkeypatch):
    monkeypatch.setattr(gating, "_EXACT_BLOCKS", 1_000)  # so that an hour is 100 s long
    meter = LoudnessMeter(RATE_HZ, 1)
    noise = np.random.default_rng(2).normal(scale=0.1, size=(RATE_HZ * 10, 1)).astype(np.float32)
    held = []
    tracemalloc.start()
    for number in range(1, 151):
        meter.add(noise)
        if number in (15, 150):
            held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert held[1] - held[0] < 64_000  # a list of all blocks would have grown by 216 000
    assert meter.result().max_short_term_lufs is not None
