"""One door out: every format by its suffix, whole or not at all."""

import csv

import pytest

from audio.timecode import FILM_24
from premix import PremixError
from premix.cut_files import read_timeline
from premix.export import FORMATS, Options, export
from premix.session import write_session


@pytest.fixture
def session_file(session, tmp_path):
    path = tmp_path / "reel1.otio"
    write_session(session, path)
    return path


@pytest.mark.parametrize("suffix", sorted(set(FORMATS.values())))
def test_a_session_becomes_each_kind_of_file(session_file, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    written = export(session_file, out)
    assert out.stat().st_size > 200
    assert written.path == out
    if suffix in (".edl", ".otio", ".aaf", ".txt"):
        read = read_timeline(out, FILM_24)
        events = [event for track in read.tracks if track.kind == "sound" for event in track.events]
        lasting = [event for event in events if event.record_out_s > event.record_in_s]
        assert len(lasting) == 4
        # To the frame in a list of frames, else to the hundredth or to the sample.
        assert abs(lasting[0].record_in_s - 3600 - 96_007 / 48_000) <= 1 / 48


@pytest.mark.parametrize("suffix", [".edl", ".otio", ".rpp", ".txt", ".csv", ".pdf", ".aaf"])
def test_the_same_session_gives_the_same_bytes(session_file, tmp_path, suffix):
    one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
    export(session_file, one)
    export(session_file, two)
    assert one.read_bytes() == two.read_bytes()


def test_an_edl_becomes_an_aaf_and_an_otio(assets_sample, tmp_path):
    edl = assets_sample / "reel1.edl"
    known = read_timeline(edl, FILM_24)
    for name in ("x.aaf", "x.otio"):
        export(edl, tmp_path / name, FILM_24)
        read = read_timeline(tmp_path / name, FILM_24)
        assert [shot.record_in_frame for shot in read.shots()] == [
            shot.record_in_frame for shot in known.shots()
        ]
        assert [shot.source_in for shot in read.shots()] == [
            shot.source_in for shot in known.shots()
        ]


def test_a_cue_sheet_becomes_a_page_but_no_timeline(assets_sample, tmp_path):
    cues = assets_sample / "reel1.cues.csv"
    assert export(cues, tmp_path / "x.pdf", FILM_24).events > 40
    with pytest.raises(PremixError, match="a cue sheet has no clips; spot it first"):
        export(cues, tmp_path / "x.edl", FILM_24)
    assert not (tmp_path / "x.edl").exists()


def test_only_the_tracks_that_are_asked_for(session_file, tmp_path):
    out = tmp_path / "x.csv"
    export(session_file, out, options=Options(tracks=("foley:feet",)))
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [row["cue"] for row in rows] == ["F101"]
    written = export(session_file, tmp_path / "x.edl", options=Options(tracks=("foley",)))
    assert written.tracks == 2
    with pytest.raises(PremixError, match="no track begins with 'dialogue'; there are back"):
        export(session_file, out, options=Options(tracks=("dialogue",)))


def test_strict_writes_nothing_where_something_would_be_lost(session_file, tmp_path):
    out = tmp_path / "x.edl"
    with pytest.raises(PremixError, match=r"x\.edl, "):
        export(session_file, out, options=Options(strict=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reel1.otio"]


def test_a_session_is_not_replaced_by_its_own_export(session_file):
    before = session_file.read_bytes()
    with pytest.raises(PremixError, match="would replace what it is made from"):
        export(session_file, session_file)
    assert session_file.read_bytes() == before


def test_a_suffix_that_is_no_format_is_told(session_file, tmp_path):
    with pytest.raises(PremixError, match=r"one of \.edl, \.otio, \.aaf, \.rpp, \.txt, \.csv"):
        export(session_file, tmp_path / "x.ptx")
    export(session_file, tmp_path / "x.dat", options=Options(format="reaper"))
    assert (tmp_path / "x.dat").read_text().startswith("<REAPER_PROJECT")


def test_copies_beside_the_export_are_what_it_links(session_file, tmp_path):
    options = Options(media=tmp_path / "media")
    export(session_file, tmp_path / "x.rpp", options=options)
    assert {path.suffix for path in (tmp_path / "media").iterdir()} == {".wav"}
    text = (tmp_path / "x.rpp").read_text()
    assert str(tmp_path / "media") in text and ".flac" not in text
