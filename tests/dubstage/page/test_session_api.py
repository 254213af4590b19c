"""Sessions over HTTP: what is edited is saved where the command line reads it, and nothing lost."""

import json
import shutil
import time
import wave
from io import BytesIO
from pathlib import Path

import httpx2 as httpx
import numpy as np
import pytest
import soundfile

import assets_sample
from audio.timecode import FILM_24, Timecode
from dubstage.page.app import make_app
from dubstage.page.state import Settings
from premix.session import read_session
from tests.dubstage.page.reel import SHEET, make_reel, run
from tests.dubstage.page.server import served

HEADERS = {"x-dubstage": "1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_reel(tmp_path_factory.mktemp("reel"))


@pytest.fixture
def reel(made, tmp_path):
    """A copy of the reel, spotted: its folder."""
    folder = tmp_path / "job"
    shutil.copytree(made, folder)
    run("spot", folder / "reel.csv", "--picture", folder / "reel1.edl", "--rate", "24",
        "--library", folder / "lib.db", "-o", folder / "reel.otio")  # fmt: skip
    return folder


@pytest.fixture
def page(reel):
    app = make_app(Settings(library=reel / "lib.db", sessions=(reel,)))
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield Page(client, app)


class Page:
    """A browser's view of the one session."""

    def __init__(self, client, app):
        self.client, self.app = client, app
        (self.session,) = client.get("/api/sessions").json()["sessions"]
        self.base = f"/api/session/{self.session['key']}"
        self.now = client.get(self.base).json()

    def post(self, path, **body):
        return self.client.post(f"{self.base}/{path}", json=body, headers=HEADERS)

    def edit(self, op, **more):
        answer = self.post("edit", version=self.now["version"], op=op, **more)
        if answer.status_code == 200:
            self.now = answer.json()
        return answer

    def clips(self, cue=None):
        clips = [clip for track in self.now["tracks"] for clip in track["clips"]]
        return [clip for clip in clips if cue is None or clip["cue"] == cue]

    def cue(self, number):
        return next(cue for cue in self.now["cues"] if cue["number"] == number)

    def heard(self, **asked):
        answer = self.client.get(f"{self.base}/audition", params=asked)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) == int(answer.headers["content-length"])
        with wave.open(BytesIO(answer.content)) as sound:
            assert (sound.getnchannels(), sound.getframerate()) == (2, 48_000)
            data = sound.readframes(sound.getnframes())
        return np.frombuffer(data, "<i2").reshape(-1, 2) / 32_767

    def render(self, **asked):
        job = self.post("render", **asked).json()["job"]
        events = []
        with self.client.stream("GET", f"/api/jobs/{job}/events") as stream:
            kind = ""
            for line in stream.iter_lines():
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: "):
                    events.append((kind, json.loads(line[6:])))
        return events


def sound_named(page, words):
    return page.client.get("/api/search", params={"q": words}).json()["hits"][0]["asset_id"]


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


def test_what_is_heard_in_place_is_what_the_stems_hold(page, reel):
    """The same sum, sample for sample, as the stems of the command line."""
    run("render", reel / "reel.otio", "-o", reel / "out", "--library", reel / "lib.db",
        "--encoding", "float32")  # fmt: skip
    start = page.now["start_samples"]
    first, end = start + 60_000, start + 400_000
    expected = sum(
        soundfile.read(reel / "out" / f"{stem}.wav", start=60_000, stop=400_000, dtype="float64")[0]
        for stem in ("foley", "backgrounds", "fx")
    )
    heard = page.heard(**{"from": first, "to": end})
    assert np.abs(heard - np.clip(expected, -1, 1)).max() <= 1.01 / 32_767
    foley = page.heard(**{"from": first, "to": end, "stems": "foley"})
    alone = soundfile.read(reel / "out" / "foley.wav", start=60_000, stop=400_000)[0]
    assert np.abs(foley - alone).max() <= 1.01 / 32_767


def test_a_take_is_tried_in_its_place_before_it_is_chosen(page, reel):
    before = (reel / "reel.otio").read_bytes()
    (slam,) = page.clips("X1")
    at = {"from": slam["sync_samples"] - 24_000, "to": slam["sync_samples"] + 24_000}
    board = sound_named(page, "wood board impact")
    as_is, tried = page.heard(**at), page.heard(**at, asset_id=board, cue="X1")
    assert not np.array_equal(as_is, tried)
    assert (reel / "reel.otio").read_bytes() == before
    page.edit("swap", cue="X1", asset_id=board)
    np.testing.assert_array_equal(page.heard(**at), tried)
    alone = page.heard(**at, only=slam["id"], stems="fx")
    assert np.abs(alone).max() > 0


def test_what_lies_outside_cannot_be_heard(page):
    answer = page.client.get(f"{page.base}/audition", params={"from": 0, "to": 1000})
    assert answer.status_code == 400
    assert "not within the session" in answer.json()["error"]


def test_a_render_tells_its_progress_and_leaves_stems_and_reports(page, reel):
    events = page.render(delivery="plain")
    assert events[-1][0] == "done", events[-1]
    assert {"foley", "backgrounds", "fx"} <= {e["stem"] for kind, e in events if kind == "progress"}
    (render,) = page.client.get(f"{page.base}/stems").json()["renders"]
    assert [stem["name"] for stem in render["stems"]] == ["foley", "backgrounds", "fx"]
    assert all(stem["integrated_lufs"] < 0 for stem in render["stems"])
    assert render["report"] and render["qc"] and not render["older_than_session"]
    files = f"{page.base}/files/plain"
    for name in ("report.html", "qc.html"):
        got = page.client.get(f"{files}/{name}")
        assert got.status_code == 200
        assert "script-src 'unsafe-inline'" in got.headers["content-security-policy"]
        assert "connect-src" not in got.headers["content-security-policy"]
        assert "default-src 'none'" in got.headers["content-security-policy"]
    part = page.client.get(f"{files}/foley.wav", headers={"range": "bytes=0-43"})
    assert (part.status_code, part.content[:4]) == (206, b"RIFF")
    page.edit("nudge", clip=page.clips("X1")[0]["id"], frames=1)
    assert page.client.get(f"{page.base}/stems").json()["renders"][0]["older_than_session"]


@pytest.mark.parametrize(
    "name", ["reel.otio", "..%2freel.otio", "%2e%2e%2freel.csv", "lib.db", "foley.wav%00", "x"]
)
def test_only_what_a_render_listed_is_given(page, reel, name):
    folder = reel / "reel-stems"
    folder.mkdir()
    report = {"stems": [{"files": ["../reel.otio", "x", "link.wav"]}]}
    (folder / "report.json").write_text(json.dumps(report))
    (folder / "link.wav").symlink_to(reel / "reel.csv")
    for asked in (name, "link.wav"):
        answer = page.client.get(f"{page.base}/files/plain/{asked}")
        assert answer.status_code in (400, 404)
        assert SHEET[:20] not in answer.text


def test_a_stopped_render_leaves_no_half_file(page, reel):
    """A walk of an hour: there is time to stop it."""
    lines = (reel / "reel.csv").read_text().splitlines()
    lines.append("B9,backgrounds:b,01:00:00:00,01:50:00:00,wind trees,,,,")
    (reel / "reel.csv").write_text("\n".join(lines) + "\n")
    run("spot", reel / "reel.csv", "--rate", "24", "--library", reel / "lib.db",
        "-o", reel / "reel.otio")  # fmt: skip
    job = page.post("render").json()["job"]
    assert page.post("render").status_code == 409
    running = page.app.state.page.jobs[job]
    while not any("stem" in event for event in running.since(0)):
        time.sleep(0.02)
    # The page goes on answering.
    start = page.now["start_samples"]
    assert len(page.heard(**{"from": start, "to": start + 9_600})) == 9_600
    assert page.client.post(f"/api/jobs/{job}/cancel", json={}, headers=HEADERS).status_code == 200
    running.wait(30)
    assert running.since(0)[-1] == {"stopped": True}
    assert [path.name for path in (reel / "reel-stems").iterdir()] == []


def test_a_render_that_cannot_be_is_told(page, reel):
    answer = page.post("render", delivery="nonsense")
    assert answer.status_code == 400
    assert "'nonsense' is no delivery; plain, a85" in answer.json()["error"]
    assert page.post("render", layout="9.9").status_code == 400
    (reel / "reel.otio").rename(reel / "gone.otio")
    assert page.post("render").status_code == 400


def test_the_sample_reel_itself_is_left_alone(page):
    sample = Path(assets_sample.FOLDER) / "reel1.cues.csv"
    assert b",locked by the director" in sample.read_bytes()


def test_what_a_trim_leaves_is_heard_to_the_sample_as_it_was(page, reel):
    (slam,) = page.clips("X1")
    start, length = slam["record_start_samples"], slam["duration_samples"]
    whole = page.heard(**{"from": start, "to": start + length, "only": slam["id"]})
    tail = length // 2
    assert page.edit("trim", clip=slam["id"], tail=tail).status_code == 200
    (now,) = page.clips("X1")
    assert now["id"] == slam["id"]
    assert now["trimmed"] == [0, tail]
    assert now["handles"][1] == slam["handles"][1] + tail
    rest = page.heard(**{"from": start, "to": start + length, "only": slam["id"]})
    kept = length - tail - now["fade_out_samples"]
    assert np.array_equal(rest[:kept], whole[:kept])
    assert not rest[length - tail :].any()
    # Beyond the recording there is nothing to open; the session on the disk is as it was.
    on_disk = (reel / "reel.otio").read_bytes()
    answer = page.edit("trim", clip=slam["id"], head=-(1 << 40), tail=0)
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert (reel / "reel.otio").read_bytes() == on_disk
    for wrong in ({"head": "2"}, {"head": 1.5}, {"tail": None}, {"head": True}):
        assert page.edit("trim", clip=slam["id"], **wrong).status_code == 400
    # Undone step by step it is the clip one began with.
    while page.now["can_undo"]:
        page.now = page.post("undo", version=page.now["version"]).json()
    assert page.clips("X1") == [slam]
