"""What a spotted reel plays is remembered by the library, and told by `dubstage history`."""

import json

import pytest
from typer.testing import CliRunner

from dubstage.cli import app, main

SOUND = "FOLYFeet_Boots Gravel Walk_DUBST_SMPL.flac"
SHEET = """cue,stem,in,out,query,hits
1,foley:feet,,,boots gravel,01:00:01:00 01:00:02:12
2,fx,01:00:05:00,,boots gravel,
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory, assets_sample):
    file = tmp_path_factory.mktemp("history") / "library.db"
    steps = assets_sample / SOUND
    folder = file.parent / "sounds"
    folder.mkdir()
    (folder / steps.name).write_bytes(steps.read_bytes())
    assert CliRunner().invoke(app, ["scan", str(folder), "--library", str(file)]).exit_code == 0
    return file


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_a_spotted_cue_is_told_with_its_timecode(library, tmp_path):
    sheet, out = tmp_path / "reel7.csv", tmp_path / "reel7.otio"
    sheet.write_text(SHEET)
    assert run("spot", sheet, "--rate", "24", "--library", library, "-o", out).exit_code == 0
    told = json.loads(run("history", SOUND, "--library", library, "--json").stdout)
    assert [(use["cue"], use["timecode"]) for use in told] == [
        ("1", "01:00:01:00"),
        ("1", "01:00:02:12"),
        ("2", "01:00:05:00"),
    ]
    (session,) = json.loads(run("history", "--library", library, "--json").stdout)
    assert (session["session"], session["clips"], session["sounds"]) == ("reel7", 3, 1)
    found = json.loads(run("search", "used:reel7", "--library", library, "--json").stdout)
    assert found["total"] == 1
    # Spotted again, it is the same history, not twice as much.
    assert run("spot", sheet, "--rate", "24", "--library", library, "-o", out).exit_code == 0
    assert len(json.loads(run("history", "--library", library, "--json").stdout)) == 1
    assert run("history", "--forget", "reel7", "--library", library).exit_code == 0
    assert json.loads(run("history", "--library", library, "--json").stdout) == []
    told = run("history", "--library", library)
    assert (told.stdout, told.exit_code) == ("", 0)
    assert "no session is remembered yet" in told.stderr
    assert "plays in no session" in run("history", SOUND, "--library", library).stderr


def test_a_library_that_cannot_be_told_holds_nothing_up(library, tmp_path, monkeypatch):
    def refuse(*_):
        from library import LibraryError

        raise LibraryError("library.db: what reel7 uses is not remembered: locked")

    monkeypatch.setattr("library.history.remember", refuse)
    sheet, out = tmp_path / "reel7.csv", tmp_path / "reel7.otio"
    sheet.write_text(SHEET)
    result = run("spot", sheet, "--rate", "24", "--library", library, "-o", out)
    assert result.exit_code == 0
    assert out.is_file()
    assert "note: library.db" in result.stderr


def test_a_session_nobody_knows_is_one_line(library, capsys, monkeypatch):
    arguments = ["dubstage", "history", "--forget", "reel9", "--library", str(library)]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert "reel9: no session" in capsys.readouterr().err
