"""A small library with its page: asked directly, or served for a browser."""

import shutil

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from benchmarks.page_tab import FLAGS
from tests.dubstage.page.server import served
from tests.dubstage.page.session_tab import SHEET, served_tab, spotted

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # it beeps
SOME = ("FOLYFeet_*", "DOORWood_*", "RAIN*", "MECHSwtch_*")


@pytest.fixture(scope="session")
def page_library(tmp_path_factory, assets_sample):
    """Some of the sample library, and a tone of six channels at 96 kHz in an AIFF."""
    from dubstage.cli import app

    room = tmp_path_factory.mktemp("page")
    sounds = room / "sounds"
    sounds.mkdir()
    for pattern in SOME:
        for file in assets_sample.glob(pattern):
            shutil.copy(file, sounds)
    tones = [0.2 * np.sin(2 * np.pi * 100 * (n + 1) * np.arange(96_000) / 96_000) for n in range(6)]
    soundfile.write(sounds / "six tones.aiff", np.stack(tones, axis=1), 96_000, subtype="PCM_24")
    library = room / "library.db"
    result = CliRunner().invoke(app, ["scan", str(sounds), "--library", str(library)])
    assert result.exit_code == 0, result.output
    return library


@pytest.fixture
def settings(page_library):
    from dubstage.page.state import Settings

    return Settings(library=page_library)


@pytest.fixture
def client(settings):
    from starlette.testclient import TestClient

    from dubstage.page.app import make_app

    with TestClient(make_app(settings), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def id_of(client):
    def find(words):
        return client.get("/api/search", params={"q": words}).json()["hits"][0]["asset_id"]

    return find


@pytest.fixture(scope="session")
def address(page_library):
    """The page, served by the real server."""
    from dubstage.page.app import make_app
    from dubstage.page.state import Settings

    with served(make_app(Settings(library=page_library))) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium here: the page is not tried in a browser")
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright here")
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=program, args=[*FLAGS, *MICROPHONE])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address):
    """A tab; whatever it asks of another host, and whatever goes wrong in it, fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    elsewhere, wrong = [], []
    tab.on(
        "request",
        lambda asked: (
            elsewhere.append(asked.url)
            if not asked.url.startswith((address, "data:", "blob:"))
            else None
        ),
    )
    tab.on("pageerror", lambda problem: wrong.append(str(problem)))
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    tab.may_go_wrong = ()  # words of what a test provokes
    tab.set_default_timeout(60_000)
    tab.goto(address)
    tab.wait_for_selector(".row")
    yield tab
    context.close()
    assert elsewhere == []
    assert [each for each in wrong if not any(may in each for may in tab.may_go_wrong)] == []


@pytest.fixture
def reel(page_library, tmp_path):
    return spotted(page_library, tmp_path, SHEET)


@pytest.fixture
def tab(browser, page_library, reel):
    with served_tab(browser, page_library, reel) as tab:
        yield tab
