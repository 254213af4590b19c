"""The check: silent about stems that are right, and it finds each thing that is wrong."""

import json
from dataclasses import replace

import numpy as np
import pytest

from audio.layout import LAYOUTS
from audio.timecode import FILM_24, Timecode
from audio.wave_writer import WaveWriter
from premix import PremixError
from premix.delivery import Delivery, StemSpec
from premix.leader import Leader
from premix.media import Roots
from premix.qc import check
from premix.qc_checks import StemChecks, holes, lag_of
from premix.qc_page import as_json, page, write
from premix.render import render
from premix.timeline import Clip, Session, Shot, Track
from tests.premix.on_disk import written

RATE = 48_000
START = Timecode.parse("01:00:00:00", FILM_24)
BASE = START.to_samples(RATE)


@pytest.fixture
def session(tmp_path):
    """Four seconds: knocks on foley, a rain that lasts them out."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    rng = np.random.default_rng(12)
    knock = np.zeros((12_000, 1))
    knock[1_000:] = (
        rng.uniform(-0.4, 0.4, (11_000, 1)) * np.exp(-np.arange(11_000) / 2_000)[:, None]
    )
    rain = rng.uniform(-0.05, 0.05, (4 * RATE, 2))
    refs = {}
    for number, (name, samples) in enumerate({"knock": knock, "rain": rain}.items()):
        refs[name] = written(folder / f"{name}.wav", samples, asset_id=number)
    knocks = tuple(
        Clip(
            cue=f"K{number}",
            sound=refs["knock"],
            take_index=0,
            record_start_samples=BASE + at,
            duration_samples=12_000,
            source_start_samples=0,
            sync_samples=BASE + at + 1_000,
        )
        for number, at in enumerate((5_000, 50_000, 130_001))
    )
    bed = Clip(
        cue="R1",
        sound=refs["rain"],
        take_index=0,
        record_start_samples=BASE,
        duration_samples=4 * RATE,
        source_start_samples=0,
    )
    return Session(
        name="reel",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=START.frame,
        end_frame=START.frame + 96,
        tracks=(
            Track(stem="foley", name="props", lane=0, clips=knocks),
            Track(stem="backgrounds", name="a", lane=0, clips=(bed,)),
        ),
        roots={"sounds": str(folder)},
    )


DELIVERY = Delivery(
    name="test",
    stems=(
        StemSpec(name="FOLEY", tracks=("foley",)),
        StemSpec(name="BG", tracks=("backgrounds",)),
        StemSpec(name="SUM", sum_of=("FOLEY", "BG")),
    ),
    leader=Leader(head_s=8, tail_s=4, two_pop=True, tail_pop=True),
)


@pytest.fixture
def delivered(session, tmp_path):
    out = tmp_path / "out"
    report = render(session, out, find_sound=Roots(session.roots), delivery=DELIVERY)
    assert report.problems == ()
    return out


def rewritten(path, change, **header):
    """The stem with its samples changed, its start kept unless `header` says otherwise."""
    from audio.files import open_sound, read_header

    told = read_header(path)
    with open_sound(path) as reader:
        samples = reader.read(0, reader.duration_samples).copy()
    samples = change(samples)
    bext = replace(told.bext, **header)
    with WaveWriter(path, sample_rate_hz=told.sample_rate_hz, layout=2, bext=bext) as writer:
        writer.write(samples)


def found(folder):
    return {(finding.check, finding.stem) for _timecode, finding in check(folder).findings}


def test_what_is_right_passes(delivered):
    report = check(delivered)
    assert report.findings == ()
    assert report.passed
    assert [each.lag_samples for each in report.sync] == [0, 0, 0]
    assert report.loudness["SUM"].integrated_lufs is not None


def test_split_files_in_film_order_pass_too(session, tmp_path):
    split = replace(DELIVERY, layout="5.1", order="film", split=True)
    render(session, tmp_path / "out", find_sound=Roots(session.roots), delivery=split)
    report = check(tmp_path / "out")
    assert report.passed
    assert {finding.check for _timecode, finding in report.findings} == {"dead channel"}


def late(n_samples):
    return lambda samples: np.roll(samples, n_samples, axis=0)


def punched(samples):
    samples[9 * RATE : 9 * RATE + RATE // 2] = 0.0
    return samples


def clipped(samples):
    samples[9 * RATE : 9 * RATE + 20, 0] = 1.0
    return samples


def without_right(samples):
    samples[:, 1] = 0.0
    return samples


def against(samples):
    samples[:, 1] = -samples[:, 0]
    return samples


def without_pop(samples):
    samples[6 * RATE : 6 * RATE + 2_000] = 0.0
    return samples


@pytest.mark.parametrize(
    ("stem", "change", "expected"),
    [
        ("FOLEY", late(7), ("sync", "FOLEY")),
        ("FOLEY", late(7), ("pop", "FOLEY")),
        ("BG", punched, ("hole", "BG")),
        ("BG", punched, ("null", "SUM")),
        ("FOLEY", clipped, ("clipping", "FOLEY")),
        ("BG", lambda samples: samples + np.float32(0.01), ("dc", "BG")),
        ("BG", without_right, ("dead channel", "BG")),
        ("BG", against, ("phase", "BG")),
        ("SUM", without_pop, ("pop", "SUM")),
        ("FOLEY", lambda samples: samples[:-1], ("file", "FOLEY")),
        ("FOLEY", lambda samples: samples * 0, ("dead channel", "FOLEY")),
    ],
)
def test_what_is_wrong_is_found(delivered, stem, change, expected):
    rewritten(delivered / f"{stem}.wav", change)
    assert expected in found(delivered)


def test_a_start_that_is_a_frame_off_is_found_with_its_timecode(delivered):
    rewritten(
        delivered / "BG.wav",
        lambda samples: samples,
        time_reference_samples=BASE - 8 * RATE + 2_000,
    )
    texts = [finding.text for _timecode, finding in check(delivered).findings]
    assert any("should be 00:59:52:00" in text for text in texts)


def test_stems_that_end_before_the_picture_are_told(session, tmp_path):
    shots = tuple(
        Shot(name=name, record_in_frame=START.frame + first, record_out_frame=START.frame + end)
        for name, first, end in (("A", 0, 40), ("B", 40, 100))
    )
    out = tmp_path / "out"
    long = replace(session, picture=shots)
    render(long, out, find_sound=Roots(session.roots), delivery=DELIVERY)
    (told,) = [each for each in check(out).findings if each[1].check == "picture"]
    assert told[0] == "01:00:04:00"
    assert told[1].text.startswith("the picture ends at 01:00:04:04,")
    fits = replace(
        session, picture=(shots[0], replace(shots[1], record_out_frame=START.frame + 96))
    )
    render(fits, out, find_sound=Roots(session.roots), delivery=DELIVERY)
    assert check(out).findings == ()


def test_a_pair_of_which_one_side_is_turned_does_not_pass(delivered):
    rewritten(delivered / "BG.wav", against)
    ((timecode, finding),) = [
        each for each in check(delivered).findings if each[1].check == "phase"
    ]
    assert (timecode, finding.grave) == ("01:00:00:00", True)


def test_a_cue_that_is_late_is_told_with_its_timecode(delivered):
    rewritten(delivered / "FOLEY.wav", late(7))
    told = [each for each in check(delivered).findings if each[1].check == "sync"]
    assert [(timecode, finding.text) for timecode, finding in told] == [
        ("01:00:00:03", "cue K0 lies +7 samples off"),
        ("01:00:01:01", "cue K1 lies +7 samples off"),
        ("01:00:02:17", "cue K2 lies +7 samples off"),
    ]


def test_a_hole_is_told_with_its_timecode(delivered):
    rewritten(delivered / "BG.wav", punched)
    timecodes = [t for t, finding in check(delivered).findings if finding.check == "hole"]
    assert timecodes == ["01:00:01:00"]


def test_a_stem_that_is_gone_and_one_too_many_are_told(delivered):
    (delivered / "BG.wav").rename(delivered / "old.wav")
    assert {("file", "BG"), ("names", "")} <= found(delivered)


def test_a_missing_sound_does_not_pass(session, tmp_path):
    (tmp_path / "sounds" / "knock.wav").unlink()
    out = tmp_path / "out"
    render(session, out, find_sound=Roots(session.roots), delivery=DELIVERY)
    report = check(out)
    assert not report.passed
    assert any("cue K0" in finding.text for _timecode, finding in report.findings)


def test_credits_name_every_sound_and_its_licence(delivered):
    report = check(delivered, {1: {"licence": "CC0", "creator_id": "NORD"}})
    credits_by_sound = {credit.sound: credit for credit in report.credits}
    assert credits_by_sound["rain.wav"].licence == "CC0"
    assert credits_by_sound["rain.wav"].creator == "NORD"
    assert credits_by_sound["knock.wav"].licence is None
    assert credits_by_sound["knock.wav"].cues == ("K0", "K1", "K2")


def test_the_check_is_written_as_json_and_as_a_page(delivered):
    report = check(delivered)
    write(report, delivered)
    assert json.loads((delivered / "qc.json").read_text()) == json.loads(
        json.dumps(as_json(report))
    )
    assert "3 of 3 attacks found on their very sample" in page(report)


def test_a_folder_without_report_is_one_clear_line(tmp_path):
    with pytest.raises(PremixError, match="dubstage render"):
        check(tmp_path)
    (tmp_path / "report.json").write_text('["not", "a", "report"]')
    with pytest.raises(PremixError, match="not a report"):
        check(tmp_path)


def test_sound_above_its_filter_is_found_in_the_lfe():
    turns = np.arange(RATE) / RATE
    for hz, expected in ((60, False), (1_000, True)):
        checks = StemChecks("FX", LAYOUTS["5.1"], RATE, 1.0)
        block = np.zeros((RATE, 6), dtype=np.float32)
        block[:, 3] = 0.5 * np.sin(2 * np.pi * hz * turns)
        checks.add(block)
        found = [f for f in checks.findings(plays=True) if f.check == "lfe"]
        assert bool(found) == expected


def test_where_the_lfe_is_wrong_is_told():
    checks = StemChecks("FX", LAYOUTS["5.1"], RATE, 1.0)
    turns = np.arange(RATE) / RATE
    for second in range(4):
        block = np.zeros((RATE, 6), dtype=np.float32)
        block[:, 3] = 0.5 * np.sin(2 * np.pi * (1_000 if second == 2 else 60) * turns)
        checks.add(block)
    (finding,) = [f for f in checks.findings(plays=True) if f.check == "lfe"]
    assert 2 * RATE <= finding.at_samples < 3 * RATE


def test_one_dead_side_of_a_wide_stem_is_a_mistake():
    for dead, grave in (([1], True), ([0, 1], False), ([4, 5], False)):
        block = np.random.default_rng(3).uniform(-0.1, 0.1, (RATE, 6)).astype(np.float32)
        block[:, 3] = 0.0
        block[:, dead] = 0.0
        checks = StemChecks("FX", LAYOUTS["5.1"], RATE, 1.0)
        checks.add(block)
        (finding,) = [f for f in checks.findings(plays=True) if f.check == "dead channel"]
        assert finding.grave == grave


def test_a_lag_is_measured_to_the_sample():
    rng = np.random.default_rng(1)
    source = rng.standard_normal(2_000)
    for lag in (-100, -1, 0, 1, 99):
        stem = rng.standard_normal(2_200) * 0.3
        stem[100 + lag : 2_100 + lag] += source
        assert lag_of(stem, source)[0] == lag


def test_holes_are_told_by_place_and_length():
    powers = np.full((100, 2), 1e-4)
    powers[40:44] = 0.0
    assert holes(powers, 0, 100 * 2_400, RATE) == [(40 * 2_400, 4 * 2_400)]
