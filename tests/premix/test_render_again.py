"""Rendering again: only what changed, and never less than was there."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from premix.media import Roots
from premix.render import Progress, render
from tests.premix.reel import rendered


def test_only_what_changed_is_rendered_again(session, tmp_path):
    out = tmp_path / "out"
    first = rendered(session, out)
    written = {path.name: path.stat().st_mtime_ns for path in out.glob("*.wav")}
    again = rendered(session, out)
    assert [stem.reused for stem in first.stems] == [False] * 3
    assert [stem.reused for stem in again.stems] == [True] * 3
    assert {path.name: path.stat().st_mtime_ns for path in out.glob("*.wav")} == written
    for one, other in zip(first.stems, again.stems, strict=True):
        assert one.loudness == other.loudness
        np.testing.assert_array_equal(one.overview.high, other.overview.high)
    moved = replace(session.tracks[1].clips[0], gain_db=-4.0)
    changed = replace(
        session,
        tracks=(session.tracks[0], replace(session.tracks[1], clips=(moved,)), *session.tracks[2:]),
    )
    third = rendered(changed, out)
    assert {stem.name: stem.reused for stem in third.stems} == {
        "foley": False,
        "backgrounds": True,
        "fx": True,
    }
    rendered(changed, tmp_path / "fresh")
    for name in ("foley", "backgrounds", "fx"):
        same = [(where / f"{name}.wav").read_bytes() for where in (out, tmp_path / "fresh")]
        assert same[0] == same[1]


def test_a_stem_that_was_not_measured_is_rendered_again_to_be_measured(session, tmp_path):
    render(session, tmp_path, find_sound=Roots(session.roots), metered=False)
    report = rendered(session, tmp_path)
    assert not any(stem.reused for stem in report.stems)
    assert report.stems[0].loudness.integrated_lufs is not None


def test_a_stem_that_was_touched_or_whose_sound_changed_is_rendered_again(session, tmp_path):
    out = tmp_path / "out"
    rendered(session, out)
    whole = (out / "foley.wav").read_bytes()
    (out / "foley.wav").write_bytes(whole[:-6] + b"touchd")
    samples, rate = soundfile.read(tmp_path / "sounds" / "rain.wav")
    soundfile.write(tmp_path / "sounds" / "rain.wav", samples * 0.5, rate, subtype="PCM_24")
    again = rendered(session, out)
    assert {stem.name: stem.reused for stem in again.stems} == {
        "foley": False,
        "backgrounds": False,
        "fx": True,
    }
    assert (out / "foley.wav").read_bytes() == whole


def test_an_error_on_the_way_leaves_what_was_there(session, tmp_path):
    out = tmp_path / "out"
    rendered(session, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    class StoppedError(Exception):
        pass

    def stop(progress: Progress):
        if progress.done_samples > 50_000:
            raise StoppedError

    with pytest.raises(StoppedError):
        render(
            replace(session, name="other"),
            out,
            find_sound=Roots(session.roots),
            block_samples=10_000,
            progress=stop,
        )
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
