"""A session in a real browser: a sound found, put to a cue, nudged, locked, rendered, reported."""

import json
import shutil
import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from audio.timecode import NTSC_2997_DROP, Timecode, parse_rate

SHEET = """cue,stem,in,out,query,hits,note
1,foley:feet,,,boots gravel,01:00:02:00 01:00:03:00,kept as it is
2,fx,01:00:05:00,,door slam,,
"""


@pytest.fixture
def reel(page_library, tmp_path):
    from dubstage.cli import app

    sheet, session = tmp_path / "reel.csv", tmp_path / "reel.otio"
    sheet.write_text(SHEET)
    asked = ["spot", sheet, "--rate", "24", "--library", page_library, "-o", session]
    result = CliRunner().invoke(app, list(map(str, asked)))
    assert result.exit_code == 0, result.output
    return session


@pytest.fixture
def tab(browser, page_library, reel):
    import uvicorn

    from dubstage.page.app import make_app
    from dubstage.page.state import Settings

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = make_app(Settings(library=page_library, sessions=(reel,), port=port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", http="h11", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    wrong = []
    tab.on("pageerror", lambda problem: wrong.append(str(problem)))
    tab.set_default_timeout(30_000)
    tab.goto(f"http://127.0.0.1:{port}")
    tab.wait_for_selector("#show-session:visible")
    yield tab
    context.close()
    server.should_exit = True
    thread.join(10)
    assert wrong == []


def clips(session):
    from premix.session import read_session

    return [clip for track in read_session(session).tracks for clip in track.clips]


def test_from_a_search_to_the_report(tab, reel):
    before = {clip.cue: clip for clip in clips(reel)}
    tab.keyboard.press("Escape")
    tab.locator("#show-session").click()
    tab.locator(".cue", has_text="door slam").click()
    tab.wait_for_selector(".choice")
    # The library's own list, a switch instead of the door, by Enter.
    tab.locator("#show-session").click()
    tab.fill("#words", "switch")
    tab.wait_for_function("() => document.querySelector('.row b')?.textContent.includes('Switch')")
    tab.locator("#rows").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function(
        "() => document.querySelector('.choices h2')?.textContent.includes('Switch')"
    )
    swapped = next(clip for clip in clips(reel) if clip.cue == "2")
    assert "Switch" in swapped.sound.path
    assert swapped.sync_samples == before["2"].sync_samples  # the attack stays on its sample
    # A frame later, and back by half of a hundredth; then locked.
    tab.locator("#session canvas").focus()
    tab.keyboard.press(".")
    tab.wait_for_function(
        "() => document.querySelector('.choices')?.textContent.includes('nudged 1')"
    )
    nudged = next(clip for clip in clips(reel) if clip.cue == "2")
    assert nudged.sync_samples - swapped.sync_samples == 2_000  # a frame at 24 fps, 48 kHz
    assert nudged.locked
    tab.keyboard.press("z")
    tab.wait_for_function(
        "() => !document.querySelector('.choices')?.textContent.includes('nudged')"
    )
    # Heard in its place, by the engine itself.
    tab.keyboard.press(" ")
    tab.wait_for_function("() => import('/static/player.js').then(m => m.audio.currentTime > 0.02)")
    tab.locator(".render summary").click()
    tab.locator(".render button", has_text="Start").click()
    tab.wait_for_function("() => document.getElementById('told').textContent === 'rendered'")
    with tab.context.expect_page() as opened:
        tab.locator(".render a", has_text="report").first.click()
    report = opened.value
    report.wait_for_load_state()
    assert "reel" in report.title()
    assert "Switch" in report.content()
    # The sheet says it too, in the one cell; all else of it is as it was.
    lines = reel.with_suffix(".csv").read_text().splitlines()
    assert "Switch" in lines[2] and "kept as it is" in lines[1]


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js here")
@pytest.mark.parametrize("name", ["24", "25", "29.97df", "59.94df", "23.976"])
def test_the_rulers_labels_are_those_of_the_standard(name, tmp_path):
    """Against audio.timecode, which is held to ST 12-1's own examples."""
    import subprocess
    from pathlib import Path

    import dubstage.page

    module = Path(dubstage.page.__file__).parent / "static" / "timecode.js"
    rate = parse_rate(name)
    frames = [0, 1, 1_799, 1_800, 1_801, 17_981, 17_982, 35_963, 107_892, 215_784, 2_000_000]
    told = {"fps": [rate.fps.numerator, rate.fps.denominator], "drop": rate.drop}
    copy = tmp_path / "timecode.mjs"
    copy.write_text(module.read_text())
    program = (
        f"import {{label}} from {json.dumps(str(copy))};"
        f"console.log(JSON.stringify({json.dumps(frames)}.map(f => label(f, {json.dumps(told)}))))"
    )
    run = subprocess.run(
        ["node", "--input-type=module", "-e", program], capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == [str(Timecode(frame, rate)) for frame in frames]


@given(st.integers(0, 2_589_407))
def test_drop_frame_labels_come_in_the_order_of_their_frames(frame):
    """What the port above is held against: two labels are left out, never a frame."""
    one = str(Timecode(frame, NTSC_2997_DROP))
    assert Timecode.parse(one, NTSC_2997_DROP).frame == frame
