"""The sample reel and its cue sheet fit each other; read here by csv and a pattern alone."""

import csv
import re
from itertools import pairwise

import pytest

from assets_sample import FOLDER

FPS = 24
STEMS = {
    "foley:feet",
    "foley:props",
    "foley:cloth",
    "backgrounds:a",
    "backgrounds:b",
    "backgrounds:walla",
    "fx:hard",
    "fx:stingers",
    "fx:design",
}
HEADER = (
    "cue,stem,in,out,query,like,sound,hits,steps,pace,gain_db,pan,fade_in,fade_out,seed,who,note"
)
EVENT = re.compile(
    r"(\d{3})  (\S{1,8}) +V     (C|D) +(\d{3})? +(\S{11}) (\S{11}) (\S{11}) (\S{11})"
)


def frame(label: str) -> int:
    hours, minutes, seconds, frames = map(int, label.split(":"))
    assert minutes < 60
    assert seconds < 60
    assert frames < FPS
    return ((hours * 60 + minutes) * 60 + seconds) * FPS + frames


def edits() -> list[tuple[str, str, str, int, int, int, int]]:
    lines = (FOLDER / "reel1.edl").read_text(encoding="ascii").splitlines()
    found = []
    for line in lines:
        if line[:3].isdigit():
            match = EVENT.fullmatch(line)
            assert match is not None, line
            number, reel, kind = match.group(1, 2, 3)
            times = [frame(label) for label in match.group(5, 6, 7, 8)]
            found.append((number, reel, kind, *times))
    return found


def cues() -> list[dict[str, str]]:
    with (FOLDER / "reel1.cues.csv").open(encoding="utf-8", newline="") as sheet:
        return list(csv.DictReader(sheet))


every_cue = pytest.mark.parametrize("cue", cues(), ids=lambda cue: cue["cue"])
START, END = frame("01:00:00:00"), frame("01:02:04:00")


def test_picture_runs_without_hole_or_overlap():
    listed = edits()
    assert len({number for number, *_ in listed}) == 12
    assert (listed[0][5], listed[-1][6]) == (START, END)
    for (*_, before_out), (*_, after_in, _after_out) in pairwise(listed):
        assert after_in == before_out
    for _, _, _, source_in, source_out, record_in, record_out in listed:
        assert source_out - source_in == record_out - record_in


def test_dissolves_leave_the_shot_that_was_on_screen():
    dissolves = [place for place, edit in enumerate(edits()) if edit[2] == "D"]
    assert len(dissolves) == 2
    for place in dissolves:
        shot, leaving, arriving = edits()[place - 2 : place + 1]
        assert leaving[0] == arriving[0]
        assert leaving[1] == shot[1]
        assert leaving[3] == leaving[4] == shot[4]


def test_list_names_its_clips_and_has_one_locator():
    text = (FOLDER / "reel1.edl").read_text(encoding="ascii")
    assert text.startswith("TITLE: ")
    assert "FCM: NON-DROP FRAME" in text
    assert text.count("* FROM CLIP NAME: ") == 12
    (locator,) = re.findall(r"^\* LOC: (\S{11}) RED     DOOR SLAM$", text, re.MULTILINE)
    (slam,) = (cue for cue in cues() if "Slam" in cue["sound"])
    assert slam["hits"] == "" or slam["hits"] == locator
    assert slam["in"] == locator


def test_sheet_has_its_columns_every_stem_and_one_number_a_cue():
    assert (FOLDER / "reel1.cues.csv").read_text(encoding="utf-8").splitlines()[0] == HEADER
    assert {cue["stem"] for cue in cues()} == STEMS
    assert len({cue["cue"] for cue in cues()}) == len(cues())
    assert 35 <= len(cues()) <= 46
    assert sum(bool(cue["like"]) for cue in cues()) == 1
    assert sum(bool(cue["sound"]) for cue in cues()) == 1


@every_cue
def test_cue_lies_within_the_reel_and_says_what_it_wants(cue: dict[str, str]):
    first = frame(cue["in"])
    last = frame(cue["out"]) if cue["out"] else END
    assert START <= first < last <= END
    hits = [frame(label) for label in cue["hits"].split()]
    assert hits == sorted(set(hits))
    assert all(first <= hit < last for hit in hits)
    assert sum(bool(cue[column]) for column in ("query", "like", "sound")) == 1
    if cue["steps"]:
        assert not hits
        assert int(cue["steps"]) * 60 / float(cue["pace"]) <= (last - first) / FPS
    float(cue["gain_db"])
    assert -1 <= float(cue["pan"]) <= 1
    for column in ("fade_in", "fade_out"):
        assert re.fullmatch(r"(\d+|\d+(\.\d+)?s)?", cue[column])
    for column in ("like", "sound"):
        assert not cue[column] or (FOLDER / cue[column]).is_file()


@every_cue
def test_words_of_a_query_are_in_some_sounds_name(cue: dict[str, str]):
    """A library that knows names and UCS words only should still answer: each word but those
    of the category (footsteps, cloth …) stands in one and the same name."""
    known = {"footsteps": "folyfeet", "move": "moves"}
    names = [path.stem.lower() for path in FOLDER.glob("*.flac")]
    words = [known.get(word, word) for word in cue["query"].lower().split()]
    assert any(all(word in name for word in words) for name in names)


def test_each_background_overlaps_the_next_scene_a_little():
    main = [cue for cue in cues() if cue["stem"] == "backgrounds:a"]
    for before, after in pairwise(main):
        assert 0 < frame(before["out"]) - frame(after["in"]) <= 2 * FPS
    assert (frame(main[0]["in"]), frame(main[-1]["out"])) == (START, END)
