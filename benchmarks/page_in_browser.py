"""What Chromium itself traces of the page: frames while it scrolls, and from a key to sound.

Run: python -m benchmarks.page_in_browser LIBRARY.db [--chromium PROGRAM]

`benchmarks.page` asks the page's own clock; this asks the browser. Frames are those that the
compositor drew while the list is scrolled by a gesture, as its trace tells them; tasks those of
every thread. From a key to sound: the arrow key down to the audio element's "playing",
which it says when samples are there and the clock runs.
"""

from itertools import pairwise
from statistics import median
from typing import Any

from benchmarks.page_tab import options_of, tab_on

CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline,toplevel"
CATEGORIES += ",disabled-by-default-devtools.timeline.frame"
WAY, SPEED = 40_000, 6_000  # pixels, and pixels a second: a hundred rows a second
KEY_TO_SOUND = """() => import("/static/player.js").then(({audio}) => new Promise(done => {
  const begun = performance.now();
  audio.addEventListener("playing", () => done(performance.now() - begun), {once: true});
  audio.addEventListener("error", () => done(null), {once: true});
  document.getElementById("rows").focus();
  document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key: "ArrowDown", bubbles: true, cancelable: true}));
}))"""


def traced(page: Any, work: Any) -> list[dict[str, Any]]:
    """What the browser tells of the while that `work` takes."""
    session = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    ended: list[Any] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda told: ended.append(told))
    session.send("Tracing.start", {"categories": CATEGORIES, "transferMode": "ReportEvents"})
    work()
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(50)
    return events


def scroll(page: Any) -> None:
    gesture = {"x": 700, "y": 500, "yDistance": -WAY, "speed": SPEED, "preventFling": True}
    page.context.new_cdp_session(page).send("Input.synthesizeScrollGesture", gesture)


def main() -> None:
    options = options_of(__doc__)
    with tab_on(options.library, options.chromium) as page:
        events = traced(page, lambda: scroll(page))
        drawn = sorted(each["ts"] for each in events if each["name"] == "DrawFrame")
        gaps = sorted((b - a) / 1000 for a, b in pairwise(drawn))
        gaps = [gap for gap in gaps if gap < 400]  # before and after there was nothing to draw
        tasks = [each.get("dur", 0) / 1000 for each in events if each["name"] == "RunTask"]
        dropped = sum(each["name"] == "DroppedFrame" for each in events)
        late = sum(gap > 25 for gap in gaps)
        print(f"{len(gaps)} frames drawn, every {median(gaps):.1f} ms; {late} late, ", end="")
        print(f"{dropped} dropped; longest task of any thread {max(tasks, default=0):.0f} ms")
        page.evaluate("document.getElementById('rows').scrollTop = 0")
        page.keyboard.press("Shift")  # whoever listens has touched a key before
        page.wait_for_timeout(500)
        taken = [page.evaluate(KEY_TO_SOUND) for _ in range(30)]
        heard = sorted(each for each in taken if each is not None)
        if heard:
            over = sum(each > 100 for each in heard)
            print(f"key to sound, ms: p50 {median(heard):.0f}, worst {heard[-1]:.0f}; ", end="")
            print(f"{over} of {len(heard)} over 100, the first {taken[0] or 0:.0f}")
        else:
            print("key to sound: the files of this library are not here")


if __name__ == "__main__":
    main()
