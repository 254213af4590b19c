"""Edits of a session by hand, in a real browser: each is on the disk, none is lost."""

import pytest

from tests.dubstage.page.browser import advances, idle
from tests.dubstage.page.session_tab import (
    choose_cue,
    clip_of,
    clips,
    open_session,
    saved,
    served_tab,
)


def test_a_choice_from_the_list_is_tried_in_place_and_then_used(tab, reel):
    before = clip_of(reel, "2")
    open_session(tab)
    choose_cue(tab, "door slam")
    assert tab.locator(".choice.plays").count() == 1
    other = tab.locator(".choice:not(.plays)").first
    number, name = other.locator(".n").inner_text(), other.locator("b").inner_text()
    tab.keyboard.press(number)
    advances(tab)
    source = tab.evaluate("import('/static/player.js').then(m => m.audio.src)")
    assert "/audition?" in source
    assert "asset_id=" in source
    assert clip_of(reel, "2") == before  # trying changes nothing
    tab.keyboard.press("u")
    saved(tab)
    assert clip_of(reel, "2").sound.asset_id != before.sound.asset_id
    assert clip_of(reel, "2").sync_samples == before.sync_samples
    assert tab.locator(".choice.plays b").inner_text() == name
    tab.locator("#undo").click()
    saved(tab)
    assert clip_of(reel, "2") == before


def test_a_sound_is_added_levelled_and_removed(tab, reel):
    n_clips = len(clips(reel))
    open_session(tab)
    choose_cue(tab, "boots gravel")
    tab.keyboard.press("/")
    tab.keyboard.type("rain")
    tab.wait_for_function("() => document.querySelector('.choice b')?.textContent.includes('Rain')")
    tab.keyboard.press("Escape")
    tab.keyboard.press("Shift+ArrowRight")  # the playhead, a frame on
    tab.keyboard.press("a")
    saved(tab)
    added = clip_of(reel, "H1")
    assert added.sync_samples == (3_602 * 24 + 1) * 2_000
    assert len(clips(reel)) == n_clips + 1
    assert tab.locator("#clip h2").inner_text().startswith("H1")
    tab.locator("#scroller").focus()
    tab.keyboard.press("[")
    saved(tab)
    assert clip_of(reel, "H1").gain_db == added.gain_db - 0.5
    tab.keyboard.press("Delete")
    saved(tab)
    assert len(clips(reel)) == n_clips


def test_what_another_program_saved_is_shown_and_not_overwritten(tab, reel):
    open_session(tab)
    choose_cue(tab, "door slam")
    theirs = reel.read_text().replace('"gain_db": 0.0', '"gain_db": -3.0')
    reel.write_text(theirs)
    tab.keyboard.press(".")
    tab.wait_for_function("() => document.getElementById('told').className === 'trouble'")
    assert "nothing was overwritten" in tab.inner_text("#told")
    assert reel.read_text() == theirs
    tab.keyboard.press(".")
    saved(tab)
    assert clip_of(reel, "2").gain_db == -3.0


def test_many_quick_nudges_are_all_kept(tab, reel):
    before = clip_of(reel, "2")
    open_session(tab)
    choose_cue(tab, "door slam")
    for _ in range(12):
        tab.keyboard.press(".")
    tab.wait_for_function(
        "() => document.getElementById('clip').textContent.includes('+12 frames')"
    )
    idle(tab)
    assert clip_of(reel, "2").sync_samples == before.sync_samples + 24_000


def test_many_quick_gains_and_locks_are_all_kept(tab, reel):
    """Each key counts from what is seen, not from what was saved before it."""
    before = clip_of(reel, "2")
    open_session(tab)
    choose_cue(tab, "door slam")
    for _ in range(6):
        tab.keyboard.press("]")
    for _ in range(3):
        tab.keyboard.press("k")
    idle(tab)
    assert clip_of(reel, "2").gain_db == before.gain_db + 3.0
    assert clip_of(reel, "2").locked is False  # a gain locks; then off, on, off


def slow_to_save(tab, key):
    """Edits as they are asked; the first, by `key`, waits until its `continue_()` is called."""
    asked = []
    tab.route("**/edit", lambda route: (asked.append(route), len(asked) > 1 and route.continue_()))
    tab.keyboard.press(key)
    while not asked:
        tab.wait_for_timeout(20)
    return asked


@pytest.mark.parametrize("there_and_back", ["..,,", "tT", "ttTTtT"])
def test_waiting_edits_that_undo_each_other_take_none_after_them_along(tab, reel, there_and_back):
    before = clip_of(reel, "2")
    open_session(tab)
    choose_cue(tab, "door slam")
    asked = slow_to_save(tab, "]")
    for key in there_and_back:
        tab.keyboard.press(key)
    tab.keyboard.press("]")
    tab.keyboard.press(".")
    asked[0].continue_()
    idle(tab)
    assert tab.locator("#told").inner_text() == "saved"
    assert len(asked) == 3
    after = clip_of(reel, "2")
    assert after.gain_db == before.gain_db + 1.0
    assert after.sync_samples == before.sync_samples + 2_000
    assert after.duration_samples == before.duration_samples


def test_a_refused_edit_takes_none_of_those_along_that_wait(tab, reel):
    before = clip_of(reel, "2")
    open_session(tab)
    choose_cue(tab, "door slam")
    asked = slow_to_save(tab, "]")
    tab.locator("#clip input").fill("1000")
    tab.locator("#clip input").press("Tab")
    tab.keyboard.press(".")
    asked[0].continue_()
    idle(tab)
    after = clip_of(reel, "2")
    assert after.gain_db == before.gain_db + 0.5
    assert after.sync_samples == before.sync_samples + 2_000


def test_a_trim_goes_no_further_than_is_seen_however_slow_the_server(tab, reel):
    """Cut off by more than there is, and opened by a frame: a frame before the attack."""
    before, frame = clip_of(reel, "2"), 2_000
    room = -(-(before.sync_samples - before.record_start_samples) // frame)
    open_session(tab)
    choose_cue(tab, "door slam")
    asked = slow_to_save(tab, ".")
    for key in "h" * (room + 4) + "H":
        tab.keyboard.press(key)
    asked[0].continue_()
    idle(tab)
    after = clip_of(reel, "2")
    assert after.sync_samples - after.record_start_samples == frame


def test_a_clip_is_trimmed_by_keys_by_buttons_and_by_its_edge(tab, reel):
    frame = 2_000
    before = clip_of(reel, "2")
    open_session(tab)
    choose_cue(tab, "door slam")
    room = (before.sync_samples - before.record_start_samples) // frame
    assert before.duration_samples > 12 * frame
    for key in ("t", "t", "T", "t"):
        tab.keyboard.press(key)
    idle(tab)
    now = clip_of(reel, "2")
    assert now.record_end_samples == before.record_end_samples - 2 * frame
    assert (now.record_start_samples, now.sync_samples) == (
        before.record_start_samples, before.sync_samples,
    )  # fmt: skip
    # The head goes as far as the attack.
    for _ in range(room + 3):
        tab.keyboard.press("h")
    idle(tab)
    now = clip_of(reel, "2")
    assert now.record_start_samples == now.sync_samples == before.sync_samples
    moved = before.sync_samples - before.record_start_samples
    rate = before.sound.sample_rate_hz / 48_000
    assert now.source_start_samples == before.source_start_samples + round(moved * rate)
    tab.get_by_role("button", name="Cut a frame off the tail").click()
    idle(tab)
    tab.wait_for_function("() => document.activeElement.dataset.act === 'tail+'")
    assert clip_of(reel, "2").record_end_samples == before.record_end_samples - 3 * frame
    # By its tail's edge, three frames to the left.
    tab.keyboard.press("Escape")
    tab.locator("#scroller").focus()
    tab.keyboard.press("f")
    x, y, pixels = tab.evaluate(
        """async () => {
             const p = await import('/static/timeline_paint.js');
             const {timeline, session} = (await import('/static/session.js')).shown();
             const number = session.tracks.findIndex(t => t.clips.some(c => c.cue === '2'));
             const clip = session.tracks[number].clips.find(c => c.cue === '2');
             const box = document.querySelector('#scroller canvas').getBoundingClientRect();
             const end = clip.record_start_samples + clip.duration_samples;
             const top = number * p.LANE - document.getElementById('scroller').scrollTop;
             return [box.x + p.HEAD + (end - timeline.left) / timeline.perPixel,
                     box.y + p.RULER + p.CUTS + top + 30, 6000 / timeline.perPixel]; }"""
    )
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x - pixels, y, steps=5)
    with tab.expect_response(lambda answer: answer.url.endswith("/edit")):
        tab.mouse.up()
    idle(tab)
    cut = before.record_end_samples - clip_of(reel, "2").record_end_samples
    assert cut == pytest.approx(6 * frame, abs=frame / 4)
    assert "Trimmed" in tab.inner_text("#clip")
    # All of it undone is the clip as it was.
    while tab.locator("#undo").is_enabled():
        tab.locator("#undo").click()
        idle(tab)
    assert clip_of(reel, "2") == before


def test_the_head_goes_to_the_playhead(tab, reel):
    before = clip_of(reel, "2")
    open_session(tab)
    choose_cue(tab, "door slam")
    tab.keyboard.press("Shift+ArrowRight")
    tab.keyboard.press("Shift+ArrowRight")
    tab.keyboard.press("w")
    idle(tab)
    assert clip_of(reel, "2").record_end_samples == (3_605 * 24 + 2) * 2_000
    assert clip_of(reel, "2").sync_samples == before.sync_samples


def test_another_session_is_shown_once_all_edits_of_this_one_are_saved(browser, page_library, reel):
    other = reel.with_name("other.otio")
    other.write_bytes(reel.read_bytes())
    with served_tab(browser, page_library, reel, more=(other,)) as tab:
        before = clip_of(reel, "2")
        open_session(tab)
        choose_cue(tab, "door slam")
        for _ in range(3):
            tab.keyboard.press(".")
            tab.keyboard.press("]")
        tab.locator("#sessions").select_option("other")
        idle(tab)
        assert clip_of(reel, "2").sync_samples == before.sync_samples + 6_000
        assert clip_of(reel, "2").gain_db == before.gain_db + 1.5
        assert clip_of(other, "2") == before
