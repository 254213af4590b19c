"""`dubstage timeline`: every kind of timeline file by one command."""

import json

import pytest
from typer.testing import CliRunner

from dubstage.cli import app
from premix import PremixError

RUNNER = CliRunner()


def run(*arguments):
    return RUNNER.invoke(app, ["timeline", *map(str, arguments)])


def test_an_edl_in_words_and_in_json(assets_sample):
    told = run(assets_sample / "reel1.edl", "--rate", "24")
    assert told.exit_code == 0
    assert told.stdout.startswith("REEL 1 THE LATE CALL V07: EDL at 24 from 01:00:00:00")
    read = json.loads(run(assets_sample / "reel1.edl", "--rate", "24", "--json").stdout)
    assert (read["format"], read["rate"], read["start_timecode"]) == ("EDL", "24", "01:00:00:00")
    first = read["tracks"][0]["events"][0]
    assert (first["reel"], first["record_out"]) == ("A001C003", "01:00:12:00")
    assert read["markers"][0]["name"] == "DOOR SLAM"


def test_an_edl_without_its_rate_is_told_so(assets_sample):
    result = run(assets_sample / "reel1.edl")
    assert isinstance(result.exception, PremixError)
    assert "state it with --rate" in str(result.exception)


def test_the_cues_in_a_list(tmp_path):
    path = tmp_path / "reel.edl"
    path.write_text(
        "TITLE: R\n001 AX V C 00:00:00:00 00:00:09:00 01:00:00:00 01:00:09:00\n"
        "* LOC: 01:00:03:00 RED FOLEY feet: boots gravel walk x6\n"
        "* LOC: 01:00:04:00 RED FX hard: slam {sync=never}\n"
    )
    told = run(path, "--rate", "24", "--cues")
    assert "M1     01:00:03:00               foley:feet     boots gravel walk" in told.stdout
    assert "marker at 01:00:04:00: sync: 'never' is not one of" in told.stderr
    read = json.loads(run(path, "--rate", "24", "--cues", "--json").stdout)
    assert read["cues"][0]["steps"] == 6
    assert len(read["problems"]) == 1


@pytest.mark.parametrize(
    ("name", "events", "format_name"),
    [
        ("LibAAF/aaf/MC_Fades.aaf", 10, "AAF"),
        ("OpenTimelineIO/simple_cut.otio", 4, "OTIO"),
        ("ptulsconv/Tag Tests.txt", None, "Pro Tools text"),
    ],
)
def test_files_of_other_kinds(shared, name, events, format_name):
    read = json.loads(run(shared / "conformance" / name, "--json").stdout)
    assert read["format"] == format_name
    if events is not None:
        assert sum(len(track["events"]) for track in read["tracks"]) == events
