"""How soon the page answers, in a real browser: from the last key to the first rows, and scrolling.

Run: python -m benchmarks.page LIBRARY.db [--chromium PROGRAM]

Words are typed key by key; the clock runs from the last key down to the frame after the one
in which the first row of the new answer stands. Scrolling: 400 frames, each moved on by half
a screen of rows, their intervals as the browser's own animation clock gives them.
"""

from statistics import median

from benchmarks.page_tab import options_of, tab_on

WORDS = ("door", "footstep", "rain", "metal hit", "wind", "car pass", "gun", "glass break", "crowd")
LAST_KEY = """word => new Promise(done => {
  const box = document.getElementById("words"), told = document.getElementById("told");
  const begun = performance.now();
  new MutationObserver((_, watch) => {  // the number of hits is told once the rows stand
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  }).observe(told, {childList: true});
  box.value = word;
  box.dispatchEvent(new Event("input"));
})"""
SCROLL = """() => new Promise(done => {
  const rows = document.getElementById("rows"), gaps = [];
  let before = performance.now(), left = 400;
  (function next(now) {
    if (left < 400) gaps.push(now - before);
    before = now;
    rows.scrollTop += rows.clientHeight / 2;
    if (--left) requestAnimationFrame(next); else done(gaps);
  })(before);
})"""


def main() -> None:
    options = options_of(__doc__)
    with tab_on(options.library, options.chromium) as page:
        typed = [word[:n] for word in WORDS for n in range(2, len(word) + 1)]
        for word in typed[:5]:
            page.evaluate(LAST_KEY, word)
        taken = sorted(page.evaluate(LAST_KEY, word) for word in typed)
        print(f"{len(typed)} beginnings of words, last key to rows on screen, ms:")
        print(f"  p50 {median(taken):.0f}, p95 {taken[int(0.95 * len(taken))]:.0f}, ", end="")
        print(f"worst {taken[-1]:.0f}")
        page.evaluate(LAST_KEY, "")
        gaps = sorted(page.evaluate(SCROLL))
        late = sum(gap > 25 for gap in gaps)
        print(f"scrolling: frames every {median(gaps):.1f} ms, {late} of {len(gaps)} late")


if __name__ == "__main__":
    main()
