"""What is like a sound, in a real browser: regions, dials, examples from outside, the map."""

import re

import pytest

from tests.dubstage.page.browser import PLAYING, REGION, advances, dragged, search


def test_a_dragged_region_is_what_is_played_and_compared(page):
    search(page, "rain", "Rain")
    dragged(page, 0.25, 0.5)
    assert advances(page)
    begun, ended = (
        float(re.search(rf"{name}=([\d.]+)", page.evaluate(PLAYING)[2])[1])
        for name in ("from", "to")
    )
    assert begun == pytest.approx(ended / 2, rel=0.05)
    # What was asked is seen as it is asked: the page's own list of it is filled in later.
    with page.expect_request(re.compile(r"/api/search\?.*like=\d+%40[\d.]+-[\d.]+")) as asked:
        page.get_by_role("button", name="More like this").click()
    part = re.search(r"%40([\d.]+)-([\d.]+)", asked.value.url)
    assert (float(part[1]), float(part[2])) == pytest.approx((begun, ended), abs=1e-3)
    page.wait_for_function(
        "() => document.querySelector('aside dd')?.textContent.includes('sounds alike')"
    )


def test_a_row_says_in_short_what_names_say_and_the_panel_in_full(page):
    search(page, "boots gravel", "Boots Gravel")
    page.get_by_role("button", name="More like this").click()
    page.wait_for_function(
        "() => document.querySelector('aside dd')?.textContent.includes('as others near it: ')"
    )
    in_full = page.text_content("aside dd")
    alike, words = re.fullmatch(
        r"sounds alike: ([\d.]+); named as others near it: (.+)", in_full
    ).groups()
    assert page.text_content(".row.chosen .why") == f"alike {alike}; named {words}"


def test_a_region_stays_while_its_sound_is_shown_anew(page):
    """Rated, kept, and found again by other words, also in the middle of a drag."""
    search(page, "rain", "Rain")
    dragged(page, 0.25, 0.5)
    region = page.evaluate(REGION)
    assert region
    page.locator("#rows").focus()
    page.keyboard.press("3")
    page.wait_for_function("() => document.querySelector('.row .said').textContent === '★★★'")
    assert page.evaluate(REGION) == region
    page.locator("#one-sound .stars button").nth(0).click()
    page.wait_for_function("() => document.querySelector('.row .said').textContent === '★'")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "1 star"
    name = page.locator("aside h2").inner_text()
    dragged(page, 0.1, 0.3, up=False)
    answers = "performance.getEntriesByName('answer').length"
    before = page.evaluate(answers)
    page.fill("#words", f"rain {name.split()[-1].lower()}")
    page.wait_for_function(f"before => {answers} > before", arg=before)
    assert page.locator("aside h2").inner_text() == name
    page.mouse.up()
    assert page.evaluate(REGION)[1] < region[1]
    page.locator("#rows").focus()
    page.keyboard.press("0")
    page.wait_for_function("() => document.querySelector('.row .said').textContent === ''")


def test_likeness_is_turned_by_its_dials_by_keyboard_alone(page):
    search(page, "gravel", "Gravel")
    page.locator("#rows").focus()
    assert page.locator("#dials").is_hidden()
    page.keyboard.press("l")
    page.wait_for_selector("#dials:visible")
    whole = page.get_by_role("button", name="all that is heard")
    assert whole.get_attribute("aria-pressed") == "true"
    page.locator("#dials").get_by_label("Pitch").focus()
    with page.expect_request(re.compile(r"/api/search\?.*aspect=pitch%3D1(&|$)")):
        page.keyboard.press("End")
    assert page.evaluate("document.activeElement.id") == "dial-pitch"
    page.wait_for_function(
        "() => /pitch [01]\\.\\d+/.test(document.querySelector('aside dd')?.textContent)"
    )
    assert "timbre" in page.locator("aside dd").first.inner_text()
    page.locator("#dial-timbre").focus()
    with page.expect_request(re.compile(r"/api/search\?.*aspect=timbre%3D0&aspect=pitch%3D1")):
        page.keyboard.press("Home")
    page.wait_for_function(
        "() => !document.querySelector('aside dd').textContent.includes('timbre')"
    )
    # Nothing at all cannot be asked for.
    page.locator("#dial-pitch").focus()
    with page.expect_request(re.compile(r"aspect=pitch%3D0\.05")):
        page.keyboard.press("Home")
    page.keyboard.press("End")
    page.wait_for_function("() => location.hash.includes('aspect=pitch%3D1')")
    # The address keeps it all.
    page.wait_for_function("() => document.querySelector('aside dd').textContent.includes('pitch')")
    first = page.locator(".row b").first.inner_text()
    page.reload()
    page.wait_for_selector(".row")
    assert page.locator("#dial-pitch").input_value() == "100"
    assert page.locator("#dial-timbre").input_value() == "0"
    assert page.locator("#chips .like").count() == 1
    page.wait_for_function(
        "() => document.querySelector('aside dd')?.textContent.includes('pitch')"
    )
    assert page.locator(".row b").first.inner_text() == first
    with page.expect_request(lambda asked: "like=" in asked.url and "aspect" not in asked.url):
        page.get_by_role("button", name="all that is heard").click()


def test_a_file_and_the_microphone_are_examples(page, assets_sample):
    file = next(assets_sample.glob("RAINConc_*"))
    page.locator("#drop input[type=file]").set_input_files(file)
    page.wait_for_selector("#chips .like")
    page.wait_for_function("() => document.querySelector('.row b')?.textContent.includes('Rain')")
    page.get_by_role("button", name="Listen").click()
    page.wait_for_function("() => document.querySelector('#drop meter').value > 0")
    page.get_by_role("button", name="Search by this").click()
    page.wait_for_selector("#chips .like:has-text('the microphone')")


def test_an_example_that_is_gone_is_told_and_escape_goes_back(page):
    page.may_go_wrong = ("404",)
    page.evaluate("location.hash = `like=upload:${'0'.repeat(32)}~a bell`")
    page.wait_for_selector("#empty:visible")
    assert "drop it again" in page.inner_text("#empty")
    assert page.locator(".row").count() == 0  # what answered another question is gone
    assert page.locator("#words").bounding_box()["width"] > 400  # however long the reason
    page.locator("#rows").focus()
    page.keyboard.press("Escape")
    page.wait_for_selector(".row")
    assert page.locator("#empty").is_hidden()


def test_the_map_is_drawn_and_plays(page):
    page.keyboard.press("Escape")
    page.locator("#show-map").click()
    page.wait_for_selector("#legend button")
    # Where a dot is, the pointer makes it heard; the words on the map have other colours.
    place = page.wait_for_function(
        """() => { const map = document.getElementById('map'), box = map.getBoundingClientRect();
        const dots = map.getContext('2d').getImageData(0, 0, map.width, map.height).data;
        for (let i = map.width * 160; i < dots.length; i += 4) {
          if (dots[i + 3] > 200 && Math.abs(dots[i] - dots[i + 2]) > 40) {
            const at = i / 4, ratio = map.width / box.width;
            return [box.x + at % map.width / ratio, box.y + Math.floor(at / map.width) / ratio];
          } }
        return null; }"""
    ).json_value()
    page.mouse.move(place[0] - 40, place[1])
    page.mouse.move(*place, steps=3)
    assert advances(page)


def test_the_map_is_walked_through_by_arrows(page):
    page.locator("#show-map").click()
    page.wait_for_selector("#legend button")
    first = page.locator("#one h2").inner_text()
    heard = []
    page.keyboard.press("ArrowDown")  # begins at the first sound; from it all may lie one way
    for key in ("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
        heard.append(page.locator("#one h2").inner_text())
    assert set(heard) - {first}
    assert advances(page)
