"""A tab of a real browser on a page that is served for it: what the page's benchmarks share."""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


def options_of(about: str) -> argparse.Namespace:
    """What such a benchmark is told: the library, and which Chromium."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("library", type=Path)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    return parser.parse_args()


@contextmanager
def tab_on(library: Path, chromium: str) -> Iterator[Any]:
    """A Playwright page of 1440 × 900 with the library's first rows on it."""
    from playwright.sync_api import sync_playwright

    serve = "from dubstage.cli import main; main()"
    asked = ["serve", "--library", str(library), "--port", "0", "--no-browser"]
    server = subprocess.Popen(
        [sys.executable, "-u", "-c", serve, *asked], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None  # it is a pipe
        address = server.stdout.readline().strip()
        with sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            page.wait_for_selector(".row")
            yield page
            browser.close()
    finally:
        server.terminate()
