"""A spotted reel in a folder of its own, and a client of the page that serves it."""

import shutil

import httpx2 as httpx
import pytest

from dubstage.page.app import make_app
from dubstage.page.state import Settings
from tests.dubstage.page.reel import make_reel, run
from tests.dubstage.page.server import served
from tests.dubstage.page.session_client import Page


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_reel(tmp_path_factory.mktemp("reel"))


@pytest.fixture
def reel(made, tmp_path):
    """A copy of the reel, spotted: its folder."""
    folder = tmp_path / "job"
    shutil.copytree(made, folder)
    run("spot", folder / "reel.csv", "--picture", folder / "reel1.edl", "--rate", "24",
        "--library", folder / "lib.db", "-o", folder / "reel.otio")  # fmt: skip
    return folder


@pytest.fixture
def page(reel):
    app = make_app(Settings(library=reel / "lib.db", sessions=(reel,)))
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield Page(client, app)
