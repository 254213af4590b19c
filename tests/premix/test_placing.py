"""Placing: the attack of a resampled take lands on the sample of its timecode."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from library.asset import Take
from premix.placing import place, step_of

RATES_HZ = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 47_952, 48_000, 88_200, 96_000, 192_000]


@st.composite
def takes(draw):
    start = draw(st.integers(0, 10**6))
    before = draw(st.integers(0, 20_000))
    after = draw(st.integers(1, 10**5))
    return Take(
        index=0,
        start_samples=start,
        sync_samples=start + before,
        end_samples=start + before + after,
    )


@given(
    take=takes(),
    target=st.integers(0, 24 * 3600 * 48_000),
    source_rate_hz=st.sampled_from(RATES_HZ),
    sample_rate_hz=st.sampled_from([44_100, 48_000, 96_000]),
)
def test_the_attack_lands_on_its_sample(take, target, source_rate_hz, sample_rate_hz):
    step = step_of(source_rate_hz, sample_rate_hz)
    placed = place(target, take.sync_samples, take, step)
    # First principles: the source passes `step` samples for each of the session's.
    lands = placed.record_start_samples + (take.sync_samples - placed.source_start_samples) / step
    assert lands == target + placed.residue_samples
    assert abs(placed.residue_samples) <= Fraction(1, 2)
    if source_rate_hz == sample_rate_hz:
        assert placed.residue_samples == 0
    assert placed.record_start_samples >= 0
    assert placed.source_start_samples >= 0
    assert placed.duration_samples >= 1


@given(take=takes(), source_rate_hz=st.sampled_from([22_050, 44_100, 88_200, 96_000]))
def test_common_rates_meet_without_any_residue(take, source_rate_hz):
    placed = place(10 * 48_000, take.sync_samples, take, step_of(source_rate_hz, 48_000))
    assert placed.residue_samples == 0


@given(take=takes(), source_rate_hz=st.sampled_from(RATES_HZ))
def test_what_precedes_the_attack_is_kept(take, source_rate_hz):
    placed = place(3600 * 48_000, take.sync_samples, take, step_of(source_rate_hz, 48_000))
    moved_s = (placed.source_start_samples - take.start_samples) / source_rate_hz
    assert abs(moved_s) <= 0.021  # 999 samples of 47.952 kHz are the longest period


def test_nothing_starts_before_midnight():
    take = Take(index=0, start_samples=0, sync_samples=9_600, end_samples=48_000)
    placed = place(480, take.sync_samples, take, step_of(96_000, 48_000))
    assert (placed.record_start_samples, placed.source_start_samples) == (0, 8_640)
