"""scan, search, show and duplicates as they are typed: what they print, where, and how they end."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

import pytest

from dubstage.commands.scan import _length
from tests.library.shelf import RATE_HZ, Shelf, click_and_ring, write_sound


def dubstage(*arguments, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-c", "from dubstage.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=stdin,
        timeout=120,
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    shelf = Shelf(tmp_path_factory.mktemp("library"))
    shelf.add("Doors/DOORWood_Cabin Door Slam_DUB_Test.wav", 1)
    write_sound(shelf.folder / "Doors" / "copy.flac", click_and_ring(1))
    shelf.add("Feet/steps gravel.wav", 2, channels=2)
    (shelf.folder / "text.wav").write_text("no sound")
    ran = dubstage("scan", shelf.folder, "--library", shelf.catalogue, "--workers", 1, "--json")
    assert ran.returncode == 0, ran.stderr
    shelf.scanned = json.loads(ran.stdout)
    return shelf


def test_scan_tells_in_json_what_it_did_and_each_refusal(library):
    told = library.scanned
    assert (told["found"], told["new"], told["refused"], told["assets"]) == (4, 3, 1, 3)
    (refusal,) = told["refusals"]
    assert (refusal["root"], refusal["path"]) == ("Foley", "text.wav")
    assert refusal["reason"]


def test_scan_ends_with_a_table_of_counts_and_the_first_reasons(library):
    ran = dubstage("scan", library.folder, "--library", library.catalogue)
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("4 sound files found in ")
    assert "        3  unchanged" in lines
    assert "        1  refused before" in lines
    assert "        3  in the library" in lines
    assert any(line.startswith("refused: Foley/text.wav: ") for line in lines)
    assert ran.stderr == ""


def test_without_folders_all_known_ones_are_scanned(library, tmp_path):
    ran = dubstage("scan", "--library", library.catalogue)
    assert ran.returncode == 0, ran.stderr
    assert "        3  unchanged" in ran.stdout.splitlines()
    ran = dubstage("scan", "--library", tmp_path / "none.db")
    assert ran.returncode == 2
    assert "no folders yet; say which: dubstage scan ROOT" in ran.stderr


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.6, "1 s"), (59, "59 s"), (310, "5 min 10 s"), (3660, "1.0 hours"), (9000, "2.5 hours")],
)
def test_how_much_sound_was_described_is_said_as_one_says_it(seconds, said):
    assert _length(seconds) == said


def test_a_folder_that_is_missing_is_one_line_and_the_others_are_scanned(library, tmp_path):
    missing = tmp_path / "no"
    ran = dubstage("scan", missing, library.folder, "--library", library.catalogue)
    assert ran.returncode == 1
    assert ran.stderr == f"dubstage: {missing} is not there; is its drive mounted?\n"
    assert "        3  unchanged" in ran.stdout


def test_search_gives_the_json_that_other_programs_hold_on_to(library):
    ran = dubstage("search", "cabin", "door", "--library", library.catalogue, "--json")
    assert ran.returncode == 0
    told = json.loads(ran.stdout)
    assert told["total"] == 1
    assert told["took_ms"] > 0
    (hit,) = told["hits"]
    assert set(hit) >= {
        "rank", "asset_id", "path", "take", "cat_id", "category", "subcategory", "description",
        "score", "why", "duration_s", "channels", "sample_rate_hz", "facets",
    }  # fmt: skip
    assert hit["rank"] == 1
    assert hit["path"] == "Doors/DOORWood_Cabin Door Slam_DUB_Test.wav"
    assert set(hit["take"]) == {"index", "start_samples", "end_samples", "sync_samples"}
    assert (hit["cat_id"], hit["category"], hit["subcategory"]) == ("DOORWood", "DOORS", "WOOD")
    assert (hit["channels"], hit["sample_rate_hz"]) == (1, RATE_HZ)
    assert hit["duration_s"] == 0.65


def test_a_sound_without_a_cat_id_is_shown_with_its_likeliest(library):
    ran = dubstage("search", "steps gravel", "--library", library.catalogue)
    (row,) = [line.split("\t") for line in ran.stdout.splitlines()]
    told = dubstage("search", "steps gravel", "--library", library.catalogue, "--json")
    (hit,) = json.loads(told.stdout)["hits"]
    assert hit["cat_id"] is None
    assert row[2] == f"{hit['likely_cat_id']}?"
    shown = dubstage("show", "steps gravel.wav", "--library", library.catalogue, "--json")
    assert json.loads(shown.stdout)["suggested"]["cat_id"][0]["value"] == hit["likely_cat_id"]


def test_watching_nothing_in_particular_is_watching_the_known_folders(tmp_path, monkeypatch):
    from dubstage.commands import watch as command

    catalogue, there, gone = tmp_path / "library.db", tmp_path / "there", tmp_path / "gone"
    for folder in (there, gone):
        folder.mkdir()
        write_sound(folder / "one.wav", click_and_ring(3))
    ran = dubstage("scan", there, gone, "--library", catalogue, "--workers", 1)
    assert ran.returncode == 0, ran.stderr
    shutil.rmtree(gone)
    watched = []
    monkeypatch.setattr(
        "library.watch.watch", lambda folders, library: watched.extend(folders) or []
    )
    command.watch(library=catalogue)
    assert watched == [there]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_watching_ends_quietly_with_control_c(library, tmp_path):
    watching = subprocess.Popen(
        [sys.executable, "-c", "from dubstage.cli import main; main()", "watch"],
        env=os.environ | {"DUBSTAGE_LIBRARY": str(library.catalogue)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores the signal, and hands that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert watching.stdout.readline().startswith("3 sounds: ")
        watching.send_signal(signal.SIGINT)
        assert watching.communicate(timeout=60) == ("", "")
    finally:
        watching.kill()
        watching.communicate()
    assert watching.returncode == 0


def test_watching_a_library_without_folders_asks_for_one(tmp_path):
    ran = dubstage("watch", "--library", tmp_path / "library.db")
    assert ran.returncode == 2
    assert "say which: dubstage watch ROOT" in ran.stderr


def test_keep_without_a_sound_lists_the_collections(library):
    dubstage("keep", "copy.flac", "--in", "Reel 7", "--library", library.catalogue)
    listed = dubstage("keep", "--library", library.catalogue)
    assert listed.stdout.splitlines() == ["Reel 7\t1 sound"]
    listed = dubstage("keep", "--library", library.catalogue, "--json")
    assert json.loads(listed.stdout) == [{"collection": "Reel 7", "sounds": 1}]


def test_search_by_likeness_finds_the_copy_first(library):
    slam = "Doors/DOORWood_Cabin Door Slam_DUB_Test.wav"
    ran = dubstage("search", "--like", slam, "--library", library.catalogue, "--json")
    first = json.loads(ran.stdout)["hits"][0]
    assert first["path"] == "Doors/copy.flac"
    assert first["score"] == pytest.approx(1.0, abs=0.01)


def test_search_reads_many_from_standard_input_a_line_each(library):
    ran = dubstage("search", "-", "--library", library.catalogue, stdin='door\n"\nC#\nchanel:2\n')
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [answer["query"] for answer in answers] == ["door", '"', "C#", "chanel:2"]
    assert [answer["total"] for answer in answers][:2] == [2, 3]
    assert "did you mean channels?" in answers[3]["remarks"][0]
    ran = dubstage(
        "search", "--like", "-", "--library", library.catalogue, stdin="copy.flac\nnowhere.wav\n"
    )
    known, unknown = [json.loads(line) for line in ran.stdout.splitlines()]
    assert known["hits"][0]["path"].startswith("Doors/DOORWood")
    assert "no sound in the library and no file" in unknown["error"]
    assert ran.returncode == 0


def test_search_is_plain_where_it_is_piped_and_says_on_stderr_how_many(library):
    ran = dubstage("search", "gravel", "--library", library.catalogue)
    (line,) = ran.stdout.splitlines()
    assert line.split("\t")[3].startswith("Foley/Feet/steps gravel.wav")
    assert ran.stderr.startswith("1 of 1 in ")


def test_show_tells_all_of_a_sound_by_id_and_by_path(library):
    by_path = dubstage("show", "steps gravel.wav", "--library", library.catalogue, "--json")
    told = json.loads(by_path.stdout)
    assert told["facets"]["surface"] == "gravel"
    assert told["takes"][0]["features"]["duration_s"] > 0
    by_id = dubstage("show", told["id"], "--library", library.catalogue, "--json")
    assert json.loads(by_id.stdout) == told
    assert told["folder"] == str(library.folder)
    nothing = dubstage("show", "nothing.wav", "--library", library.catalogue)
    assert nothing.returncode == 1
    assert nothing.stderr == (
        "dubstage: nothing.wav: no sound in the library has this id or path\n"
    )


def test_show_is_for_people_where_no_json_is_asked_for(library):
    name = "steps gravel.wav"
    rated = dubstage("rate", name, 4, "--library", library.catalogue)
    noted = dubstage("note", name, "the soft pair", "--library", library.catalogue)
    assert (rated.returncode, noted.returncode) == (0, 0), rated.stderr + noted.stderr
    lines = dubstage("show", name, "--library", library.catalogue).stdout.splitlines()
    told = {line[:14].strip(): line[15:] for line in lines[: lines.index("")]}
    assert told["file"] == str(library.folder / "Feet" / name)
    assert told["format"] == "WAV, 24 bit, 48 kHz, stereo, 0.650 s"  # 50 ms before the ring
    assert told["facets"] == "surface gravel"
    assert (told["rated"], told["note"]) == ("4 of 5", "the soft pair")
    take = lines[lines.index("") + 1]
    start_s, end_s, attack_s = map(float, re.findall(r"[\d.]+(?= s)", take))
    assert take.startswith("take 1 of 1: ")
    assert 0.03 < start_s <= attack_s < 0.06 < end_s
    assert any(line.split()[0] == "centroid_hz" for line in lines if line.startswith("    "))


def test_duplicates_are_listed_with_their_reason(library):
    ran = dubstage("duplicates", "--library", library.catalogue, "--exact", "--json")
    (pair,) = json.loads(ran.stdout)["duplicates"]
    assert (pair["exact"], pair["reasons"]) == (True, ["same samples"])


@pytest.mark.parametrize(
    "command", [["search", "x"], ["show", "x"], ["duplicates"], ["search", "--like", "x"]]
)
def test_reading_a_library_that_is_not_there_makes_none(tmp_path, command):
    path = tmp_path / "library.db"
    ran = dubstage(*command, "--library", path)
    assert ran.returncode == 1
    assert ran.stderr == (
        f"dubstage: no library at {path}; make one with: dubstage scan FOLDER --library {path}\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_search_by_words_loads_nothing_heavy(library):
    check = (
        "import sys\n"
        "sys.argv = ['dubstage', 'search', 'door', '--limit', '1', '--library', sys.argv[1]]\n"
        "from dubstage.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'librosa', 'sklearn', 'onnxruntime', 'soundfile',"
        " 'sqlite_utils', 'opentimelineio', 'numba', 'rich.table'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", check, library.catalogue], capture_output=True, text=True, timeout=60
    )
    assert ran.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("keep", "told"),
    [
        ("mine.wav", "mine.wav: is there already and would be lost; name another file"),
        ("no folder/mine.wav", "mine.wav: cannot be written"),
    ],
)
def test_a_recording_that_could_not_be_kept_is_not_begun(library, tmp_path, keep, told):
    mine = write_sound(tmp_path / "mine.wav", click_and_ring(7))
    before = mine.read_bytes()
    ran = dubstage("record", "--keep", tmp_path / keep, "--library", library.catalogue)
    assert ran.returncode == 1
    assert told in ran.stderr
    assert "Enter ends it" not in ran.stderr
    assert mine.read_bytes() == before
    assert list(tmp_path.iterdir()) == [mine]
