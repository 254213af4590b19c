"""A session in a real browser: a sound found, put to a cue, nudged, locked, rendered, reported."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import NTSC_2997_DROP, Timecode, parse_rate
from tests.dubstage.page.browser import advances, hard_to_read, until
from tests.dubstage.page.session_tab import (
    SHEET,
    choose_cue,
    clip_of,
    open_session,
    saved,
    served_tab,
    spotted,
    tracks,
)


def test_from_a_search_to_the_report(tab, reel):
    before = clip_of(reel, "2")
    open_session(tab)
    choose_cue(tab, "door slam")
    # Out of the library: words, and Enter.
    tab.keyboard.press("s")
    tab.fill("#words", "switch")
    tab.wait_for_function("() => document.querySelector('.row')?.textContent.includes('Switch')")
    tab.keyboard.press("ArrowDown")
    advances(tab)
    tab.locator("#rows").focus()
    tab.keyboard.press("l")  # more like this
    tab.wait_for_selector("#chips button")
    tab.wait_for_function("() => document.getElementById('told').textContent.includes('compared')")
    tab.locator("#rows").focus()
    tab.keyboard.press("Enter")
    saved(tab)
    swapped = clip_of(reel, "2")
    assert swapped.sound.asset_id != before.sound.asset_id
    assert swapped.sync_samples == before.sync_samples  # the attack stays on its sample
    # The sheet says it too, in the one cell; all else of it is as it was.
    lines = reel.with_suffix(".csv").read_text().splitlines()
    assert swapped.sound.path in lines[2]
    assert "kept as it is" in lines[1]
    # Three frames on and one back, a hundredth of a frame back; all of it undone but one.
    for key, frames, samples in ((".", 1, 0), (".", 2, 0), (".", 3, 0), (",", 2, 0)):
        tab.keyboard.press(key)
        saved(tab)
        moved = clip_of(reel, "2").sync_samples - before.sync_samples
        assert moved == frames * 2_000 + samples
    tab.keyboard.press("Alt+Comma")
    saved(tab)
    assert clip_of(reel, "2").sync_samples == before.sync_samples + 4_000 - 20
    assert "+2 frames -20 samples" in tab.inner_text("#clip")
    tab.keyboard.press("Control+z")
    saved(tab)
    assert clip_of(reel, "2").sync_samples == before.sync_samples + 4_000
    # Locked is what was moved; it is unlocked, and locked again, by its key.
    for locked in (False, True):
        tab.keyboard.press("k")
        saved(tab)
        assert clip_of(reel, "2").locked is locked
    # Heard in its place, by the engine itself.
    tab.keyboard.press("Enter")
    advances(tab)
    tab.keyboard.press(" ")
    # Rendered, with bars, and the report opened in the page.
    tab.keyboard.press("r")
    tab.locator("#start-render").click()
    tab.wait_for_selector("#stop-render:visible")
    tab.wait_for_selector("#stems .stem audio")
    assert tab.locator("#stems .stem").count() >= 2
    assert "QC: passed" in tab.inner_text("#stems")
    heard_in_its_stem(reel, "2")
    tab.locator("#stems button", has_text="Report").click()
    paper = tab.frame_locator("#paper iframe")
    assert swapped.sound.path in paper.locator("body").text_content()
    tab.locator("#paper form button").click()
    tab.locator("#stems button", has_text="QC").click()
    assert "Sync" in paper.locator("body").inner_text()
    tab.keyboard.press("Escape")
    # A stem plays where it lies.
    tab.evaluate("document.querySelector('#stems audio').play()")
    tab.wait_for_function("() => document.querySelector('#stems audio').currentTime > 0.05")


def heard_in_its_stem(session, cue):
    """The WAV holds the recording's samples on the samples where the session says."""
    clip, read = clip_of(session, cue), json.loads(session.read_text())
    folder = session.with_name("reel-stems")
    report = json.loads((folder / "report.json").read_text())
    file = next(name for stem in report["stems"] if "fx" in stem["name"] for name in stem["files"])
    stem, rate_hz = soundfile.read(folder / file, dtype="float64", always_2d=True)
    assert rate_hz == report["sample_rate_hz"] == clip.sound.sample_rate_hz
    assert read["OTIO_SCHEMA"].startswith("Timeline")
    start = session_start(session)
    at = clip.record_start_samples - start
    laid = stem[at : at + clip.duration_samples]
    source, _ = soundfile.read(
        session_root(session, clip) / clip.sound.path, dtype="float64", always_2d=True
    )
    source = source[clip.source_start_samples :][: clip.duration_samples]
    fades = slice(clip.fade_in_samples, clip.duration_samples - clip.fade_out_samples)
    mono, original = laid.mean(axis=1)[fades], source.mean(axis=1)[fades]
    level = (mono @ original) / (original @ original)
    assert level > 0
    assert np.abs(mono - level * original).max() < 1e-4  # the same wave, sample for sample


def session_start(session):
    from premix.session import read_session

    read = read_session(session)
    return round(read.start_frame / read.rate.fps * read.sample_rate_hz)


def session_root(session, clip):
    from premix.session import read_session

    return Path(read_session(session).roots[clip.sound.root])


def test_a_click_on_the_timeline_chooses_a_clip_and_its_cue(tab, reel):
    open_session(tab)
    choose_cue(tab, "door slam")
    tab.keyboard.press("f")
    tab.wait_for_timeout(300)
    x, y = tab.evaluate(
        """() => import('/static/timeline_paint.js').then(p => {
             const box = document.querySelector('#scroller canvas').getBoundingClientRect();
             return [box.x + p.HEAD + (box.width - p.HEAD) / 2, box.y + p.RULER + p.CUTS + 20];
           })"""
    )
    choose_cue(tab, "boots gravel")
    choose_cue(tab, "door slam")
    tab.keyboard.press("f")
    tab.wait_for_timeout(300)
    rows = len({(t.stem, t.name, t.lane) for t in tracks(reel)})
    for row in range(rows):
        tab.mouse.click(x, y + 46 * row)
    assert tab.locator(".cue[aria-selected=true] b").inner_text() == "2"
    assert tab.locator("#clip h2").inner_text().startswith("2 ·")


def test_a_cue_that_found_nothing_says_so_and_takes_a_sound_from_the_search(
    browser, page_library, tmp_path
):
    sheet = SHEET + "3,fx,01:00:07:00,,category:Nowhere,,\n"
    session = spotted(page_library, tmp_path, sheet, exit_code=1)
    with served_tab(browser, page_library, session) as tab:
        open_session(tab)
        tab.locator(".cue", has_text="category:Nowhere").click()
        tab.wait_for_selector("#choose p:visible")
        assert "no sound found" in tab.inner_text("#choose p")
        assert "no sound found" in tab.inner_text("#clip")
        assert hard_to_read(tab) == []
        tab.keyboard.press("/")
        tab.keyboard.type("switch")
        tab.wait_for_function(
            "() => /switch/i.test(document.querySelector('.choice b')?.textContent)"
        )
        tab.keyboard.press("Escape")
        tab.keyboard.press("u")
        saved(tab)
        assert clip_of(session, "3").sync_samples == (3_607 * 24) * 2_000


def test_waveforms_of_a_list_that_was_filled_unseen_are_drawn(tab):
    tab.wait_for_selector(".choice", state="attached")
    open_session(tab)
    until(
        tab,
        """() => { const one = document.querySelector('.choice canvas');
             return one?.width && one.getContext('2d').getImageData(0, 0, one.width, one.height)
               .data.some(value => value > 0); }""",
    )


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_nothing_is_cut_off_and_all_is_named(tab, size):
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    open_session(tab)
    choose_cue(tab, "door slam")
    assert tab.evaluate(
        "document.documentElement.scrollWidth <= innerWidth"
        " && document.documentElement.scrollHeight <= innerHeight"
    )
    for place in ("#cues", "#choose", "#side", "#timeline", "#clock", "#show-render"):
        box = tab.locator(place).bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]
    nameless = tab.evaluate(
        """() => [...document.querySelectorAll('#session button, #session input, #session select')]
             .filter(one => !(one.getAttribute('aria-label') || one.textContent.trim()
               || one.labels?.length || one.title)).map(one => one.outerHTML)"""
    )
    assert nameless == []


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg here to make a picture")
def test_the_picture_runs_with_the_sound(browser, page_library, reel, tmp_path):
    """Each frame of the picture is one grey, a step lighter than the one before."""
    import subprocess

    film = tmp_path / "film.webm"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i",
         "color=black:size=64x36:rate=24:duration=8,geq=lum='N':cb=128:cr=128",
         "-c:v", "libvpx", "-g", "12", "-b:v", "1M", str(film)],
        check=True,
    )  # fmt: skip
    with served_tab(browser, page_library, reel, video=film) as tab:
        open_session(tab)
        tab.wait_for_function("() => document.querySelector('#picture video').readyState >= 2")
        choose_cue(tab, "door slam")
        tab.wait_for_function(
            """() => Math.abs(document.querySelector('#picture video').currentTime - 5 - .5 / 24)
                 < .001"""
        )
        tab.keyboard.press("Enter")
        advances(tab)
        until(
            tab,
            """() => import('/static/player.js').then(({audio}) => {
                 const from = new URL(audio.src).searchParams.get('from') / 48000 - 3600;
                 const shown = document.querySelector('#picture video').currentTime;
                 const off = shown - from - audio.currentTime;
                 return !audio.paused && audio.currentTime > .3 && Math.abs(off) < 2 / 24;
               })""",
        )


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js here")
@pytest.mark.parametrize("name", ["24", "25", "29.97df", "59.94df", "23.976"])
def test_the_rulers_labels_are_those_of_the_standard(name, tmp_path):
    """Against audio.timecode, which is held to ST 12-1's own examples."""
    import subprocess

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


def test_waveforms_that_cannot_be_had_are_not_asked_for_without_end(tab):
    asked = []
    tab.route("**/api/peaks?*", lambda route: (asked.append(1), route.fulfill(status=500)))
    open_session(tab)
    for words in ("door slam", "boots gravel", "door slam"):
        choose_cue(tab, words)
    tab.keyboard.press("Enter")
    advances(tab)
    tab.wait_for_timeout(500)
    assert len(asked) < 12


def test_all_words_of_a_session_stand_out(tab):
    open_session(tab)
    choose_cue(tab, "door slam")
    assert hard_to_read(tab) == []
    tab.keyboard.press("r")
    tab.wait_for_selector("#start-render:visible")
    assert hard_to_read(tab) == []
