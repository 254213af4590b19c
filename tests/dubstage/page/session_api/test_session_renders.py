"""Renders over HTTP: progress, reports, and what of them may be fetched."""

import json
import time

import pytest

from tests.dubstage.page.reel import SHEET, run
from tests.dubstage.page.session_client import HEADERS


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
