"""Deliveries: stems by template, names by pattern, leader and pops on their frames."""

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from audio.layout import LAYOUTS
from audio.timecode import FILM_24, NTSC_2997_DROP, NTSC_23976, Timecode
from premix import PremixError
from premix.delivery import Delivery, DeliveryError, StemSpec, read_delivery, template_names
from premix.leader import Leader, span_of
from premix.media import Roots
from premix.render import render
from premix.timeline import Clip, Session, Track
from tests.premix.on_disk import written

RATE = 48_000
START = Timecode.parse("01:00:00:00", FILM_24)


@pytest.fixture
def session(tmp_path):
    """Two seconds of noise on each of the nine tracks of the trade."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, (2 * RATE, 2))
    sound = written(folder / "noise.wav", noise)
    names = "foley:feet foley:props foley:cloth backgrounds:a backgrounds:b backgrounds:walla"
    tracks = []
    for cue, name in enumerate([*names.split(), "fx:hard", "fx:design", "fx:stingers"]):
        stem, track = name.split(":")
        clip = Clip(
            cue=str(cue),
            sound=sound,
            take_index=0,
            record_start_samples=START.to_samples(RATE),
            duration_samples=2 * RATE,
            source_start_samples=0,
            gain_db=-cue,
        )
        tracks.append(Track(stem=stem, name=track, lane=0, clips=(clip,)))
    return Session(
        name="reel1",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=START.frame,
        end_frame=START.frame + 48,
        tracks=tuple(tracks),
        roots={"sounds": str(folder)},
    )


def delivered(session, out, delivery):
    return render(session, out, find_sound=Roots(session.roots), delivery=delivery)


def test_the_templates_that_come_with_the_product():
    assert template_names() == ["a85", "editorial", "netflix", "r128", "theatrical"]


@pytest.mark.parametrize("name", ["a85", "editorial", "netflix", "r128", "theatrical"])
def test_every_track_of_the_trade_is_in_each_template(session, tmp_path, name):
    report = delivered(session, tmp_path / name, read_delivery(name, {"episode": "s01e01"}))
    assert report.problems == ()
    written = {path.name for path in (tmp_path / name).glob("*.wav")}
    assert written == {file for stem in report.stems for file in stem.files}
    heard = {cue.track for stem in report.stems for cue in stem.cues}
    assert len(heard) == 9


def test_names_are_as_the_receiver_writes_them(session):
    # The receiver's own example: title_s02e02_v03_FXSTEM_6ch_48k_24b_23976.L.wav
    delivery = read_delivery("netflix", {"title": "title", "episode": "s02e02", "version": "03"})
    spec = next(spec for spec in delivery.stems if spec.name == "FXSTEM")
    named = delivery.file_stem(replace(session, rate=NTSC_23976), spec)
    assert named == "title_s02e02_v03_FXSTEM_6ch_48k_24b_23976"


def test_split_files_hold_one_channel_each_and_name_it(session, tmp_path):
    delivered(session, tmp_path / "out", read_delivery("netflix", {"episode": "e1"}))
    whole = replace(read_delivery("netflix", {"episode": "e1"}), split=False)
    delivered(session, tmp_path / "whole", whole)
    name = "reel1_e1_v01_FXSTEM_6ch_48k_24b_24"
    together, _rate = soundfile.read(tmp_path / "whole" / f"{name}.wav")
    for channel, label in enumerate(LAYOUTS["5.1"].labels):
        alone, _rate = soundfile.read(tmp_path / "out" / f"{name}.{label}.wav")
        np.testing.assert_array_equal(alone, together[:, channel])


def test_film_order_moves_channels_and_nothing_else(session, tmp_path):
    specs = (StemSpec(name="BG", tracks=("backgrounds",)),)
    for order in ("wave", "film"):
        delivered(session, tmp_path / order, Delivery(stems=specs, layout="5.1", order=order))
    wave, film = (soundfile.read(tmp_path / order / "BG.wav")[0] for order in ("wave", "film"))
    # L R C LFE Ls Rs becomes L C R Ls Rs LFE.
    for channel, was in enumerate((0, 2, 1, 4, 5, 3)):
        if wave[:, was].any():
            assert np.corrcoef(film[:, channel], wave[:, was])[0, 1] > 0.999
        else:
            assert not film[:, channel].any()


def test_the_sum_nulls_with_the_stems_to_the_last_bit(session, tmp_path):
    for encoding, dither in (("pcm24", False), ("pcm24", True), ("float32", False)):
        out = tmp_path / f"{encoding}{dither}"
        delivered(
            session,
            out,
            replace(read_delivery("r128"), encoding=encoding, dither=dither, leader=Leader()),
        )
        read = {
            name: soundfile.read(out / f"reel1_{name}.wav", dtype="float64")[0]
            for name in ("FOLEY", "BG", "FX", "SUM")
        }
        rest = np.abs(read["SUM"] - read["FOLEY"] - read["BG"] - read["FX"]).max()
        assert rest == 0.0 if encoding == "pcm24" else rest < 1e-7


@pytest.mark.parametrize("rate", [FILM_24, NTSC_23976, NTSC_2997_DROP])
def test_pops_stand_two_seconds_from_the_action_for_one_frame(rate):
    start = Timecode.parse("01:00:00:00", rate)
    leader = Leader(head_s=8, tail_s=4, two_pop=True, tail_pop=True)
    span = span_of(leader, start.frame, start.frame + 1_000, rate)
    assert str(Timecode(span.pops[0], rate)).replace(";", ":") == "00:59:58:00"
    last_of_action = start.frame + 999
    assert span.pops[1] - last_of_action == 2 * rate.labels_per_second
    assert str(Timecode(span.file_start, rate)).replace(";", ":") == "00:59:52:00"


def test_a_pop_is_one_frame_of_1_khz_at_minus_20(session, tmp_path):
    leader = Leader(head_s=8, tail_s=3, two_pop=True)
    spec = StemSpec(name="FX", tracks=("fx",))
    delivered(session, tmp_path, Delivery(stems=(spec,), layout="5.1", leader=leader, dither=False))
    samples, _rate = soundfile.read(tmp_path / "FX.wav")
    assert len(samples) == (8 + 2 + 3) * RATE
    heard = np.flatnonzero(samples[: 8 * RATE].any(axis=1))
    assert (heard[0] - 1, heard[-1] + 1) == (6 * RATE, 6 * RATE + 2_000)  # it begins at zero
    pop = samples[6 * RATE : 6 * RATE + 2_000]
    assert np.abs(pop[:, 0]).max() == pytest.approx(0.1, abs=1e-4)
    assert not pop[:, LAYOUTS["5.1"].index("LFE")].any()
    spectrum = np.abs(np.fft.rfft(pop[:, 0] * np.hanning(2_000), 48_000))
    assert int(spectrum.argmax()) == 1_000


def test_handles_let_a_sound_begin_before_the_picture(session, tmp_path):
    track = session.tracks[0]
    early = replace(track.clips[0], record_start_samples=START.to_samples(RATE) - RATE)
    session = replace(session, tracks=(replace(track, clips=(early,)),))
    for name, leader in (("cut", Leader(head_s=2)), ("open", Leader(head_handle_frames=24))):
        delivered(session, tmp_path / name, Delivery(leader=leader, dither=False))
    cut, opened = (soundfile.read(tmp_path / n / "foley.wav")[0] for n in ("cut", "open"))
    assert not cut[: 2 * RATE].any()
    assert opened[:RATE].any(axis=1).mean() > 0.99
    np.testing.assert_array_equal(cut[2 * RATE :][:RATE], opened[RATE:][:RATE])


def test_the_session_is_rendered_at_the_rate_of_the_delivery(session, tmp_path):
    report = delivered(session, tmp_path, Delivery(sample_rate_hz=96_000))
    header = soundfile.info(tmp_path / "fx.wav")
    assert (header.samplerate, header.frames) == (96_000, 2 * 96_000)
    assert report.start_samples == START.to_samples(96_000)


def test_a_track_that_no_stem_takes_is_a_problem(session, tmp_path):
    spec = StemSpec(name="FEET", tracks=("foley:feet",))
    report = delivered(session, tmp_path, Delivery(stems=(spec,)))
    assert "track fx:hard is in no stem" in " ".join(report.problems)


def test_a_template_of_ones_own(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('layout = "7.1.4"\nstems = [{ name = "ALL", tracks = ["foley", "fx"] }]\n')
    delivery = read_delivery(str(own))
    assert (delivery.name, delivery.layout, delivery.stems[0].name) == ("mine", "7.1.4", "ALL")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("layout = ", "mine.toml"),
        ('layuot = "5.1"', "layuot is not known"),
        ('encoding = "mp3"', "not an encoding"),
        ('order = "random"', "not an order"),
        ('stems = [{ name = "A" }]', "needs either"),
        ('stems = [{ name = "A", sum_of = ["B"] }]', "sums B"),
        ("[leader]\ntwo_pop = true", "2-pop stands 2 s before"),
    ],
)
def test_a_template_that_cannot_be_is_one_clear_line(tmp_path, text, problem):
    own = tmp_path / "mine.toml"
    own.write_text(text)
    with pytest.raises(PremixError, match=problem):
        read_delivery(str(own))


def test_a_name_that_is_needed_and_not_given(session):
    with pytest.raises(DeliveryError, match="episode is needed"):
        read_delivery("netflix").file_stem(session, StemSpec(name="A", tracks=("fx",)))
    with pytest.raises(DeliveryError, match="neither a delivery"):
        read_delivery("nextflix")


def test_two_stems_of_one_name_are_refused(session, tmp_path):
    with pytest.raises(PremixError, match="more than one stem"):
        delivered(session, tmp_path, Delivery(pattern="{title}"))


def test_names_never_leave_the_folder(session):
    delivery = Delivery(pattern="{title}_{stem}", names={"title": "../../etc/x"})
    assert "/" not in delivery.file_stem(session, StemSpec(name="A", tracks=("fx",)))


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1", "7.1", "7.1.4"])
@pytest.mark.parametrize("encoding", ["pcm24", "float32"])
def test_ffprobe_agrees_on_what_was_written(session, tmp_path, layout, encoding):
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed")
    delivered(session, tmp_path, Delivery(layout=layout, encoding=encoding))
    path = tmp_path / "fx.wav"
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "flat", "-show_streams", "-show_format", path],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    coding = {"pcm24": "pcm_s24le", "float32": "pcm_f32le"}[encoding]
    channels = LAYOUTS[layout].channels
    for line in (
        f'codec_name="{coding}"',
        f"channels={channels}",
        'sample_rate="48000"',
        "duration_ts=96000",
        f'time_reference="{START.to_samples(RATE)}"',
    ):
        assert line in told
    if layout not in ("7.1", "7.1.4"):  # how it names wider ones differs between versions
        assert f'channel_layout="{layout}' in told


def test_sox_agrees_on_what_was_written(session, tmp_path):
    if shutil.which("sox") is None:
        pytest.skip("sox is not installed")
    delivered(session, tmp_path, Delivery(layout="5.1"))
    for option, expected in (("-r", "48000"), ("-c", "6"), ("-b", "24"), ("-s", "96000")):
        told = subprocess.run(
            ["sox", "--i", option, tmp_path / "fx.wav"], capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == expected
