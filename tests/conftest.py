"""What every test may ask for: the sample library and, where it is at hand, the shared data."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def assets_sample() -> Path:
    return PROJECT / "assets_sample"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real recordings, cut lists and tables; tests that need it skip without it."""
    folder = Path(os.environ.get("DUBSTAGE_SHARED", PROJECT.parent / "shared"))
    if not (folder / "conformance" / "MANIFEST.tsv").is_file():
        pytest.skip(f"no shared conformance data at {folder}; set DUBSTAGE_SHARED to its folder")
    return folder
