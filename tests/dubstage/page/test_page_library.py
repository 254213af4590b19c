"""The page in a real browser: found, heard and marked, by keyboard alone."""

import re
from pathlib import Path

import pytest

from tests.dubstage.page.browser import PLAYING, advances, hard_to_read, search, until

STYLE = Path(__file__).parents[3] / "dubstage" / "page" / "static" / "style.css"


def test_found_and_heard_by_keyboard_alone(page):
    page.keyboard.press("/")
    page.keyboard.type("gravel")
    page.wait_for_function("() => document.querySelector('.row b')?.textContent.includes('Gravel')")
    assert page.locator("#told").inner_text().endswith(("sounds", "sound"))
    page.keyboard.press("ArrowDown")
    assert advances(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "rows"
    page.keyboard.press(" ")
    page.keyboard.press("l")
    page.wait_for_selector("#chips button")
    page.wait_for_function(
        "() => document.querySelector('aside dd')?.textContent.includes('sounds alike')"
    )
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")


def test_a_click_on_a_waveform_plays_from_there(page):
    search(page, "rain", "Rain")
    box = page.locator(".row canvas").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    assert advances(page)
    _, _, source = page.evaluate(PLAYING)
    begun, ended = (float(re.search(rf"{name}=([\d.]+)", source)[1]) for name in ("from", "to"))
    assert begun == pytest.approx(ended / 2, rel=0.05)


def test_the_address_keeps_words_and_filters(page):
    page.locator("#filters [title='gravel']").click()
    page.locator("#filters [title='FX']").click()
    page.fill("#words", "boots")
    page.wait_for_function("() => location.hash.includes('q=boots')")
    chips = page.locator("#chips button").all_inner_texts()
    assert len(chips) == 2
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('#chips button').length === 2")
    assert page.locator("#chips button").all_inner_texts() == chips
    assert page.locator("#words").input_value() == "boots"


def test_a_file_that_is_gone_is_told_and_the_next_one_plays(page, page_library):
    search(page, "switch", "Switch")
    name = page.locator(".row").first.get_attribute("title").partition("/")[2]
    file = page_library.parent / "sounds" / name
    away = file.with_suffix(".away")
    page.may_go_wrong = ("410",)
    file.rename(away)
    try:
        page.locator("#rows").focus()
        page.keyboard.press(" ")
        page.wait_for_function(
            "() => document.getElementById('told').textContent.includes('is not there now')"
        )
        assert page.locator("footer .play").inner_text() == "Play"
    finally:
        away.rename(file)
    page.keyboard.press(" ")
    assert advances(page)


def test_the_transport_loops_turns_round_and_lets_one_channel_be_heard(page):
    search(page, "six tones", "six")
    page.locator("footer select").select_option(label="LFE")
    page.get_by_role("button", name="Reverse").click()
    page.get_by_role("button", name="Loop").click()
    page.locator("footer").get_by_label("Gain").fill("-6")
    page.locator("#rows").focus()
    page.keyboard.press(" ")
    assert advances(page)
    source = page.evaluate(PLAYING)[2]
    assert "solo=3" in source and "reverse=1" in source
    # A second long, it is heard for longer.
    until(
        page,
        """import('/static/player.js').then(({audio}) => new Promise(done => audio.addEventListener(
        'seeked', () => done(audio.loop && !audio.paused), {once: true})))""",
    )
    # Of a sound with one channel there is no fourth to be heard.
    search(page, "switch", "Switch")
    page.locator("#rows").focus()
    page.keyboard.press(" ")
    page.keyboard.press(" ")
    assert advances(page)
    assert "solo" not in page.evaluate(PLAYING)[2]


def test_a_filter_narrows_and_is_taken_away_again(page):
    every = page.locator("#told").inner_text()
    page.locator("#filters button", has_text="gravel").click()
    page.wait_for_selector("#chips button")
    page.wait_for_function(
        "text => document.getElementById('told').textContent !== text", arg=every
    )
    page.locator("#chips button").click()
    page.wait_for_function(
        "text => document.getElementById('told').textContent === text", arg=every
    )


def test_speed_is_pitch_and_a_wrong_field_is_told(page):
    page.get_by_label("Speed and pitch").fill("12")
    page.locator("#rows").focus()
    page.keyboard.press("ArrowDown")
    assert advances(page)
    rate = page.evaluate("import('/static/player.js').then(m => m.audio.playbackRate)")
    assert rate == pytest.approx(2.0)
    page.fill("#words", "chanels:2")
    page.wait_for_selector("#told.trouble")
    assert "channels" in page.locator("#told").inner_text()


def test_filters_of_one_field_widen_and_of_two_narrow(page):
    def press(text):
        before = page.locator("#told").inner_text()
        page.locator(f"#filters [title='{text}']").click()
        page.wait_for_function(
            "text => document.getElementById('told').textContent !== text", arg=before
        )
        return int(page.locator("#told").inner_text().split()[0])

    gravel = press("gravel")
    both = press("concrete")
    assert both > gravel
    assert press("Length: over a minute") == 0 < both
    assert page.locator("#empty").is_visible()
    assert page.locator("#chips button").count() == 3
    page.locator("#rows").focus()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('#chips button')")


def test_takes_are_walked_through_and_clicked(page):
    search(page, "boots gravel", "Gravel")
    page.locator("#rows").focus()
    page.keyboard.press("ArrowRight")
    assert advances(page)
    page.wait_for_function(
        "() => document.querySelector('#one .take').textContent.includes('2 of')"
    )
    second = page.evaluate(PLAYING)[2]
    # The last strip under the waveform is the last take.
    told = page.locator("#one .take").inner_text()
    box = page.locator(".row canvas").first.bounding_box()
    takes = page.evaluate(
        """async () => {
        const {hits: [hit]} = await (await fetch('/api/search?q=boots+gravel')).json();
        const drawn = await (await fetch(`/api/peaks?ids=${hit.asset_id}&pairs=400`)).json();
        return [drawn[hit.asset_id].takes, hit.duration_s]; }"""
    )
    (start, end, *_), whole = takes[0][-1], takes[1]
    page.mouse.click(
        box["x"] + box["width"] * (start + end) / 2 / whole, box["y"] + box["height"] - 2
    )
    page.wait_for_function(
        "text => document.querySelector('#one .take').textContent !== text", arg=told
    )
    assert advances(page)
    last = page.evaluate(PLAYING)[2]
    assert last != second
    assert float(re.search(r"from=([\d.]+)", last)[1]) == pytest.approx(start, abs=1e-3)


def test_stars_and_collections_are_kept(page):
    search(page, "switch", "Switch")
    page.locator("#rows").focus()
    page.keyboard.press("4")
    page.wait_for_function("() => document.querySelector('.row .said').textContent === '★★★★'")
    page.keyboard.press("m")
    page.wait_for_selector("#filters button:has-text('kept')", state="attached")
    answers = "performance.getEntriesByName('answer').length"
    before = page.evaluate(answers)
    page.fill("#words", "rated:4 collection:kept")
    page.wait_for_function(f"before => {answers} > before", arg=before)
    assert page.locator("#told").inner_text() == "1 sound"
    page.locator("#rows").focus()
    page.keyboard.press("m")
    page.keyboard.press("0")
    page.wait_for_function("() => document.querySelector('.row .said').textContent === ''")


def test_a_note_is_kept_as_it_is_written(page):
    """Nobody has to leave the field first; another sound chosen meanwhile does not get it."""
    search(page, "switch", "Switch")
    chosen = "import('/static/main.js').then(m => m.one.hit.asset_id)"
    note_of = "fetch('/api/sound/{}').then(answer => answer.json()).then(sound => sound.note)"
    note = page.locator("#one textarea")
    note.focus()
    page.keyboard.type("reel 2, kitchen")
    told = note_of.format(page.evaluate(chosen))
    until(page, f"{told}.then(note => note === 'reel 2, kitchen')")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("!")
    search(page, "gravel", "Gravel")
    own = page.evaluate(note_of.format(page.evaluate(chosen))) or ""  # another test may write one
    assert note.input_value() == own
    assert "kitchen" not in own
    until(page, f"{told}.then(note => note === 'reel 2, kitchen!')")
    search(page, "switch", "Switch")
    assert note.input_value() == "reel 2, kitchen!"
    note.fill("")
    until(page, f"{told}.then(note => !note)")


def test_without_a_session_enter_says_so(page):
    page.locator("#rows").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('told').textContent.includes('session')")


def test_every_control_has_a_name(page):
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, textarea')].filter(
        e => !e.textContent.trim() && !e.labels?.length && !e.getAttribute('aria-label')).length"""
    )
    assert nameless == 0


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("text", ["text", "faint", "accent", "warn"])
@pytest.mark.parametrize("ground", ["ground", "panel", "raised", "chosen"])
def test_words_stand_out_from_their_ground(text, ground):
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", STYLE.read_text()))
    light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # AA for text of any size


def test_all_words_on_the_page_stand_out(page):
    """As the browser has computed them, chosen and not, with chips, dials, map and help."""
    search(page, "gravel", "Gravel")
    page.locator("#rows").focus()
    page.keyboard.press("l")
    page.wait_for_selector("#dials:visible")
    page.keyboard.press("u")
    page.wait_for_selector("#chips .unlike")
    page.locator("#filters [title='gravel']").click()
    assert hard_to_read(page) == []
    page.locator("#filters [title='gravel']").click()
    page.locator("#show-map").click()
    page.wait_for_selector("#legend button")
    page.locator("#show-help").click()
    assert hard_to_read(page) == []


def test_by_tab_alone_everything_is_reached_and_seen(page):
    """The focus goes round the page in the order of sight, and always shows where it is."""
    search(page, "gravel", "Gravel")
    page.locator("#words").focus()
    seen = []
    for _ in range(90):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1;
            const place = e.closest('header, #filters, #rows, #one, footer');
            return [e.tagName, place?.id || place?.tagName || '', ring || e.id === 'rows']; }"""
        )
        if told[0] == "BODY":
            break
        assert told[2], told
        seen.append(told[1])
    order = list(dict.fromkeys(seen))
    assert order == ["HEADER", "filters", "rows", "one", "transport"]
