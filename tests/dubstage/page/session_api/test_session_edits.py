"""Edits over HTTP are saved where the command line reads them, and nothing is lost."""

import json
from pathlib import Path

import pytest

import assets_sample
from audio.timecode import FILM_24, Timecode
from premix.session import read_session
from tests.dubstage.page.reel import run
from tests.dubstage.page.session_client import HEADERS, sound_named


def test_the_session_is_shown_with_its_cues_clips_and_picture(page):
    now = page.now
    assert (now["rate"], now["fps"], now["drop"]) == ("24", [24, 1], False)
    assert now["cue_sheet"] == "reel.csv"
    assert [cue["number"] for cue in now["cues"]] == ["B1", "F1", "X1", "X2"]
    assert page.cue("F1")["query"] == "footsteps boots concrete"
    assert len(page.cue("F1")["clips"]) == 4
    assert len({clip["id"] for clip in page.clips()}) == len(page.clips())
    assert now["picture"][0]["in_frame"] == Timecode.parse("01:00:00:00", FILM_24).frame
    (slam,) = page.clips("X1")
    assert slam["sync_samples"] == Timecode.parse("01:00:04:00", FILM_24).to_samples(48_000)


def test_a_nudge_is_saved_and_undone_to_the_last_byte(page, reel):
    before = (reel / "reel.otio").read_bytes()
    (slam,) = page.clips("X1")
    assert page.edit("nudge", clip=slam["id"], frames=2, samples=-30).status_code == 200
    (moved,) = page.clips("X1")
    assert moved["id"] == slam["id"]
    assert moved["sync_samples"] == slam["sync_samples"] + 3_970
    assert (moved["nudged"], moved["locked"]) == ([2, -30], True)
    on_disk = [c for t in read_session(reel / "reel.otio").tracks for c in t.clips if c.cue == "X1"]
    assert on_disk[0].sync_samples == moved["sync_samples"]
    page.now = page.post("undo", version=page.now["version"]).json()
    assert (reel / "reel.otio").read_bytes() == before
    page.now = page.post("redo", version=page.now["version"]).json()
    assert page.clips("X1")[0]["nudged"] == [2, -30]
    assert page.post("redo", version=page.now["version"]).status_code == 400


def test_edits_survive_spot_and_render_on_the_command_line(page, reel):
    slam, step = page.clips("X1")[0], page.clips("F1")[1]
    page.edit("nudge", clip=slam["id"], frames=3)
    page.edit("gain", clip=step["id"], db=-9.5)
    page.edit("remove", clip=page.clips("F1")[2]["id"])
    glass = sound_named(page, "glass break")
    page.edit("add", stem="fx", track="hard", frame=86_400 + 150, asset_id=glass)
    before = sorted(json.dumps(clip) for clip in page.clips())
    run("spot", reel / "reel.csv", "--picture", reel / "reel1.edl", "--rate", "24",
        "--library", reel / "lib.db", "-o", reel / "reel.otio")  # fmt: skip
    page.now = page.client.get(page.base).json()
    assert sorted(json.dumps(clip) for clip in page.clips()) == before
    run("render", reel / "reel.otio", "-o", reel / "out", "--library", reel / "lib.db")
    report = json.loads((reel / "out" / "report.json").read_text())
    assert not report["problems"]
    placed = [cue for stem in report["stems"] for cue in stem["cues"]]
    assert sorted(cue["record_start_samples"] for cue in placed) == sorted(
        clip["record_start_samples"] for clip in page.clips()
    )


def test_a_swap_of_a_cue_is_written_to_its_sheet_and_nothing_else_is(page, reel):
    sheet = (reel / "reel.csv").read_bytes()
    board = sound_named(page, "wood board impact")
    (slam,) = page.clips("X1")
    assert page.edit("swap", cue="X1", asset_id=board).status_code == 200
    (swapped,) = page.clips("X1")
    assert (swapped["asset_id"], swapped["sync_samples"]) == (board, slam["sync_samples"])
    written = (reel / "reel.csv").read_bytes()
    before, after = sheet.splitlines(True), written.splitlines(True)
    assert [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [2]
    assert page.cue("X1")["sound"] in after[2].decode()
    run("spot", reel / "reel.csv", "--picture", reel / "reel1.edl", "--rate", "24",
        "--library", reel / "lib.db", "-o", reel / "reel.otio", "--fresh")  # fmt: skip
    page.now = page.client.get(page.base).json()
    assert page.clips("X1")[0]["asset_id"] == board
    # Unlocked, the sheet no longer asks for it; and all of it can be undone.
    assert page.edit("unlock", cue="X1").status_code == 200
    assert (reel / "reel.csv").read_bytes() == sheet
    page.now = page.post("undo", version=page.now["version"]).json()
    assert (reel / "reel.csv").read_bytes() == written


def test_one_step_of_a_walk_is_swapped_alone_and_its_sheet_left_alone(page, reel):
    sheet = (reel / "reel.csv").read_bytes()
    steps = page.clips("F1")
    heels = sound_named(page, "heels hardwood")
    page.edit("swap", clip=steps[2]["id"], asset_id=heels, take=1)
    after = page.clips("F1")
    assert [clip["asset_id"] == heels for clip in after] == [False, False, True, False]
    assert after[2]["sync_samples"] == steps[2]["sync_samples"]
    assert (reel / "reel.csv").read_bytes() == sheet


def test_what_another_program_wrote_is_never_overwritten(page, reel):
    (slam,) = page.clips("X1")
    theirs = (reel / "reel.otio").read_text().replace('"gain_db": 0.0', '"gain_db": -1.5', 1)
    (reel / "reel.otio").write_text(theirs)
    refused = page.edit("nudge", clip=slam["id"], frames=1)
    assert refused.status_code == 409
    assert "another program" in refused.json()["error"]
    assert (reel / "reel.otio").read_text() == theirs
    page.now = page.client.get(page.base).json()
    assert page.edit("nudge", clip=slam["id"], frames=1).status_code == 200


def test_a_sheet_that_was_edited_since_is_not_undone_over(page, reel):
    page.edit("swap", cue="X1", asset_id=sound_named(page, "wood board impact"))
    theirs = (reel / "reel.csv").read_text().replace("a hall", "a cellar")
    (reel / "reel.csv").write_text(theirs)
    refused = page.post("undo", version=page.now["version"])
    assert refused.status_code == 409
    assert (reel / "reel.csv").read_text() == theirs
    # Another edit that leaves the sheet alone goes on, and so does its undo.
    page.now = page.client.get(page.base).json()
    assert page.edit("nudge", clip=page.clips("X2")[0]["id"], frames=1).status_code == 200
    assert page.post("undo", version=page.now["version"]).status_code == 200
    assert (reel / "reel.csv").read_text() == theirs


def test_a_second_window_is_told_before_it_overwrites_the_first(page):
    old = page.now["version"]
    (slam,) = page.clips("X1")
    page.edit("nudge", clip=slam["id"], frames=1)
    answer = page.post("edit", version=old, op="nudge", clip=slam["id"], frames=1)
    assert answer.status_code == 409
    assert page.client.get(page.base).json()["version"] == page.now["version"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"op": "explode"}, "'explode' is no edit; one of nudge"),
        ({"op": "nudge", "clip": "nobody", "frames": 1}, "no clip nobody"),
        ({"op": "nudge", "clip": ["x"], "frames": 1}, "1 to 200 letters"),
        ({"op": "nudge", "clip": "x", "frames": 1e400}, "not JSON|no JSON|whole number"),
        ({"op": "swap", "cue": "X1", "asset_id": 4}, "no sound 4"),
        ({"op": "swap", "cue": "X1", "asset_id": True}, "not a whole number"),
        ({"op": "add", "stem": "music", "track": "a", "frame": 86_500}, "not a whole number"),
        ({"op": "gain", "clip": "x", "db": "loud"}, "not a number"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(page, reel, asked, told):
    before = (reel / "reel.otio").read_bytes()
    body = json.dumps({"version": page.now["version"], **asked})
    answer = page.client.post(f"{page.base}/edit", content=body, headers=HEADERS)
    assert answer.status_code == 400
    assert any(part in answer.json()["error"] for part in told.split("|"))
    assert (reel / "reel.otio").read_bytes() == before


def test_a_session_that_was_not_named_is_not_there(page):
    for path in ("/api/session/0000000000", "/api/session/..%2f..%2freel.otio"):
        assert page.client.get(path).status_code == 404


def test_the_shortlist_of_a_cue_gives_reasons(page):
    listed = page.client.get(f"{page.base}/cue/X1/shortlist", params={"limit": 5}).json()
    assert 1 <= len(listed["candidates"]) <= 5
    assert all(one["why"] and one["name"] for one in listed["candidates"])
    assert any(one["plays"] for one in listed["candidates"])
    # Also of a cue whose sound is locked: there may be a better one.
    page.edit("swap", cue="X1", asset_id=sound_named(page, "wood board impact"))
    again = page.client.get(f"{page.base}/cue/X1/shortlist", params={"limit": 5}).json()
    ids = [one["asset_id"] for one in listed["candidates"]]
    assert [one["asset_id"] for one in again["candidates"]] == ids


def test_the_sample_reel_itself_is_left_alone(page):
    sample = Path(assets_sample.FOLDER) / "reel1.cues.csv"
    assert b",locked by the director" in sample.read_bytes()
