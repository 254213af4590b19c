"""Start-up is part of the interface: what `dubstage --help` must not load."""

import subprocess
import sys

import pytest

HEAVY = {
    "aaf2", "distributed", "faiss", "jinja2", "librosa", "lxml", "numba", "numpy",
    "onnxruntime", "opentimelineio", "scipy", "sklearn", "soundfile", "soxr", "sqlite_utils",
}  # fmt: skip


def modules_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after running `code`."""
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys; print(*{{m.split('.')[0] for m in sys.modules}})",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.splitlines()[-1].split())


def test_help_loads_nothing_heavy():
    code = """
import sys
sys.argv = ["dubstage", "--help"]
from dubstage.cli import main
try:
    main()
except SystemExit:
    pass
"""
    loaded = modules_after(code)
    assert "typer" in loaded
    assert sorted(HEAVY & loaded) == []


@pytest.mark.parametrize("heavy", ["librosa", "sklearn", "scipy", "onnxruntime", "sqlite_utils"])
def test_a_search_by_words_does_not_load(heavy):
    assert heavy not in modules_after("import library.search, library.catalogue, db.connect")
