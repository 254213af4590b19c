"""Every command has an example in its help, and every example runs as it is written."""

import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dubstage.cli import app

EXAMPLE = re.compile(r"^\s*Example: (dubstage .+(?:\n +--.+)*)$", re.MULTILINE)
# In the order of the work: later examples stand on what earlier ones made.
FIRST = ["scan", "spot", "render", "build"]


def commands() -> dict[str, str]:
    found = {}
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__.replace("_", "-")
        found[name] = inspect.getdoc(command.callback) or ""
    return found


COMMANDS = commands()
ENDLESS = {"watch", "serve", "demo"}  # run until stopped, or tested on its own


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_an_example(name):
    assert EXAMPLE.search(COMMANDS[name]), (
        f"{name}: no line 'Example: dubstage {name} …' in its help"
    )


@pytest.fixture(scope="module")
def room(tmp_path_factory, assets_sample) -> Path:
    """A folder in which the examples run in turn: the sample library beside them, nothing else."""
    room = tmp_path_factory.mktemp("examples")
    shutil.copytree(assets_sample, room / "assets_sample")
    return room


def test_every_example_runs(room):
    order = sorted(COMMANDS, key=lambda name: (FIRST.index(name) if name in FIRST else 99, name))
    environment = {**os.environ, "DUBSTAGE_LIBRARY": str(room / "dubstage.db")}
    failed = []
    for name in order:
        if name in ENDLESS:
            continue
        for example in EXAMPLE.findall(COMMANDS[name]):
            words = shlex.split(example.replace("\n", " "))
            run = subprocess.run(
                [sys.executable, "-c", "from dubstage.cli import main; main()", *words[1:]],
                cwd=room,
                env=environment,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                timeout=120,
            )
            if run.returncode != 0:
                failed.append(f"{example}\n→ {run.returncode}: {run.stderr[-500:]}")
    assert not failed, "\n".join(failed)
