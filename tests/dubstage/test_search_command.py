"""`dubstage search`: explained, in pages, and saved to be asked again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dubstage.cli import app, main
from tests.library.shelf import described, put_all

SLAM = "DOORWood_Cabin Slam_DUB_Test.wav"


@pytest.fixture
def library(tmp_path):
    put_all(
        tmp_path / "library.db",
        described(SLAM, [[1, 0]]),
        described("Feet/FEETHmn_Boots Gravel Walk_DUB_Test.wav", [[0, 1]]),
        described("Feet/FEETHmn_Boots Wood Walk_DUB_Test.wav", [[0.1, 1]]),
    )
    return tmp_path / "library.db"


def run(library, *arguments):
    done = CliRunner().invoke(app, ["search", "--library", str(library), *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_explain_tells_the_reading_the_words_and_the_filters(library):
    (hit,) = json.loads(run(library, "slam", "duration:<3s", "--explain", "--json"))["hits"]
    explained = hit["explained"]
    assert (explained["ranked_by"], explained["reading"]) == ("words", "words")
    assert {"word": "slam", "field": "name", "weight": 10.0} in explained["words"]
    assert explained["filters"] == [{"typed": "duration:<3s", "value": 1.0}]
    lines = run(library, "slam", "duration:<3s", "--explain").splitlines()
    assert lines[1].startswith("\tby words, BM25 ")
    assert "\tslam in name × 10" in lines
    assert lines[-1] == "\tduration:<3s: 1"
    assert "explained" not in json.loads(run(library, "slam", "--json"))["hits"][0]


def test_an_offset_goes_on_where_the_page_ended(library):
    whole = json.loads(run(library, "boots", "--json"))
    rest = json.loads(run(library, "boots", "--offset", "1", "--json"))
    assert rest["hits"] == whole["hits"][1:]
    assert (rest["total"], rest["at_least"]) == (2, False)


def test_a_saved_search_is_asked_again_with_more_words(library):
    run(library, "boots", "--save", "steps")
    assert run(library, "--searches") == "steps\tboots\n"
    (kept,) = json.loads(run(library, "--searches", "--json"))
    assert kept == {"name": "steps", "words": "boots", "like": [], "unlike": [], "aspects": {}}
    assert json.loads(run(library, "--saved", "steps", "--json"))["total"] == 2
    assert json.loads(run(library, "gravel", "--saved", "steps", "--json"))["total"] == 1
    run(library, "--forget", "steps")
    assert run(library, "--searches") == ""


def test_a_saved_example_is_found_from_other_folders(library, tmp_path, monkeypatch):
    from dubstage.commands.search import _from_anywhere

    (tmp_path / "a@1-2.wav").touch()
    (tmp_path / "b.wav").touch()
    monkeypatch.chdir(tmp_path)
    assert _from_anywhere(["a@1-2.wav", "b.wav@0.5-1", "17@0-1", "c.wav"]) == (
        f"{tmp_path}/a@1-2.wav",
        f"{tmp_path}/b.wav@0.5-1",
        "17@0-1",
        "c.wav",
    )


def test_a_search_that_was_not_saved_is_told_in_one_line(library, monkeypatch, capsys):
    run(library, "boots", "--save", "steps")
    monkeypatch.setattr(
        "sys.argv", ["dubstage", "search", "--library", str(library), "--saved", "step"]
    )
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert capsys.readouterr().err == (
        "dubstage: no search is saved as 'step'; did you mean steps?\n"
    )


def test_aspects_are_dials_as_they_are_typed(library):
    like = ["--like", SLAM, "--json"]
    dials = ["--aspect", "timbre=1", "pitch=0.5"]
    (wood, gravel) = json.loads(run(library, *like, *dials, "boots"))["hits"]
    assert wood["fx_name"] == "Boots Wood Walk"
    # (2 × timbre + pitch) / 3; both have the pitch that the example has.
    assert wood["aspects"] == {"timbre": pytest.approx(0.0995, abs=1e-3), "pitch": 1.0}
    assert wood["score"] == pytest.approx((2 * 0.0995 + 1) / 3, abs=1e-3)
    assert gravel["aspects"]["timbre"] == pytest.approx(0.0, abs=1e-3)
    assert "aspects" not in json.loads(run(library, *like))["hits"][0]
    lines = run(library, *like[:2], "--aspect", "pitch=1,timbre=0", "--explain").splitlines()
    assert "\tby likeness, mean of aspects 1" in lines
    assert "\talike in pitch: 1" in lines


def test_aspects_are_saved_with_a_search_and_asked_of_each_line(library, monkeypatch):
    run(library, "--like", SLAM, "--aspect", "pitch=2", "--save", "tuned")
    (kept,) = json.loads(run(library, "--searches", "--json"))
    assert kept["aspects"] == {"pitch": 2.0}
    assert run(library, "--searches") == f"tuned\t--like {SLAM} --aspect pitch=2\n"
    done = CliRunner().invoke(
        app,
        ["search", "--library", str(library), "--like", "-", "--aspect", "timbre=0 pitch=1"],
        input=f"{SLAM}\n",
    )
    assert set(json.loads(done.stdout)["hits"][0]["aspects"]) == {"pitch"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--like", "1.wav", "--aspect", "timber=1"], "no aspect 'timber'; did you mean timbre?"),
        (["--like", "1.wav", "--aspect", "pitch=-1"], "pitch=-1: a weight is 0 or a number above"),
        (["--like", "1.wav", "--aspect", "pitch"], "write NAME=NUMBER"),
        (["--like", "1.wav", "--aspect", "timbre=0"], "set one above 0"),
        (["--aspect", "pitch=1"], "say like what"),
    ],
)
def test_an_aspect_that_is_none_is_told_in_one_line(library, monkeypatch, capsys, given, told):
    monkeypatch.setattr("sys.argv", ["dubstage", "search", "--library", str(library), *given])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert told in capsys.readouterr().err


@pytest.fixture
def odd_names(tmp_path):
    names = ("[/red] Door [stereo].wav", "new\nline\tbell\x07 Door \x1b[31m.wav")
    put_all(tmp_path / "odd.db", *(described(name, [[1, 0]]) for name in names))
    return tmp_path / "odd.db"


def test_a_terminal_shows_brackets_in_names_as_they_are(odd_names, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.argv", ["dubstage", "search", "red", "--library", str(odd_names)])
    with pytest.raises(SystemExit):
        main()
    assert "[/red] Door [stereo].wav" in capsys.readouterr().out


def test_what_would_steer_a_terminal_is_shown_as_escapes(odd_names):
    (line,) = run(odd_names, "bell").splitlines()
    assert line.split("\t")[3].endswith(r"/new\nline\tbell\x07 Door \x1b[31m.wav")


def test_a_map_is_a_page_and_takes_no_other_name(library, tmp_path):
    command = ["map", str(tmp_path / "doors"), "door", "--library", str(library)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "doors: the page is written as .html, and named first" in done.output
    assert not (tmp_path / "doors").exists()


def test_learning_from_nothing_says_that_cat_ids_would_do_as_well(library, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["dubstage", "learn", "--library", str(library)])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err.endswith(
        "corrected entries each; two CatIDs that three sounds each have in their names would do"
        " as well\n"
    )


def test_words_may_begin_with_a_dash_though_options_do(library):
    def names(*words):
        return {hit["path"] for hit in json.loads(run(library, *words, "--json"))["hits"]}

    slam = {SLAM}
    assert names("-boots") == slam
    assert names("slam", "-boots", "-duration:>9h") == slam
    assert names('-"boots wood" -slam', "--limit", "9") == {
        "Feet/FEETHmn_Boots Gravel Walk_DUB_Test.wav"
    }
    CliRunner().invoke(app, ["note", SLAM, "-6 dB, please", "--library", str(library)])
    assert names('note:"-6 dB"') == slam


@pytest.mark.parametrize("command", [["search"], ["map", "x.html"], ["note", SLAM]])
def test_an_option_that_is_none_is_no_word(library, command):
    done = CliRunner().invoke(app, [*command, "--limt=3", "--library", str(library)])
    assert done.exit_code == 2
    assert "there is no option --limt" in done.output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_full_disk_behind_the_output_is_told_in_a_line(library, more):
    code = "from dubstage.cli import main; main()"
    command = [sys.executable, "-c", code, "search", "slam", "--library", str(library)]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*command, *more], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 1
    assert ran.stderr == "dubstage: the output cannot be written: the disk is full\n"
