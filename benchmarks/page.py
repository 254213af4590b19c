"""How soon the page answers, in a real browser: from the last key to the first rows, and scrolling.

Run: python benchmarks/page.py LIBRARY.db [--chromium PROGRAM]

Words are typed key by key; the clock runs from the last key down to the frame after the one
in which the first row of the new answer stands. Scrolling: 400 frames, each moved on by half
a screen of rows, their intervals as the browser's own animation clock gives them.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

WORDS = ("door", "footstep", "rain", "metal hit", "wind", "car pass", "gun", "glass break", "crowd")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", type=Path)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    serve = "from dubstage.cli import main; main()"
    asked = ["serve", "--library", str(options.library), "--port", "0", "--no-browser"]
    server = subprocess.Popen(
        [sys.executable, "-u", "-c", serve, *asked], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None  # it is a pipe
        address = server.stdout.readline().strip()
        with sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path=options.chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            page.wait_for_selector(".row")
            typed = [word[:n] for word in WORDS for n in range(2, len(word) + 1)]
            for word in typed[:5]:
                page.evaluate(LAST_KEY, word)
            taken = sorted(page.evaluate(LAST_KEY, word) for word in typed)
            print(f"{len(typed)} beginnings of words, last key to rows on screen, ms:")
            print(f"  p50 {median(taken):.0f}, p95 {taken[int(0.95 * len(taken))]:.0f}, ", end="")
            print(f"worst {taken[-1]:.0f}; of it 10 are waited for the next key")
            page.evaluate(LAST_KEY, "")
            gaps = sorted(page.evaluate(SCROLL))
            late = sum(gap > 25 for gap in gaps)
            print(f"scrolling: frames every {median(gaps):.1f} ms, {late} of {len(gaps)} late")
            browser.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
