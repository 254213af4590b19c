"""Every command has an example in its help, and every example runs as it is written."""

import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from audio.bext import Bext
from audio.wave_writer import WaveWriter
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
# Run until stopped, need a microphone, or tested on their own.
ENDLESS = {"watch", "serve", "demo", "record"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_an_example(name):
    assert EXAMPLE.search(COMMANDS[name]), (
        f"{name}: no line 'Example: dubstage {name} …' in its help"
    )


@pytest.fixture(scope="module")
def room(tmp_path_factory, assets_sample) -> Path:
    """A home like a user's: sounds in ~/Sounds, a reel, its next cut, a guide track, a step."""
    room = tmp_path_factory.mktemp("examples")
    shutil.copytree(assets_sample, room / "assets_sample")
    for folder, starts in (("Foley", ("FOLY", "CLOTH")), ("Backgrounds", ("AMB", "RAIN", "WIND"))):
        (room / "Sounds" / folder).mkdir(parents=True)
        for sound in assets_sample.glob("*.flac"):
            if sound.name.startswith(starts):
                shutil.copy(sound, room / "Sounds" / folder)
    for name in ("reel1.edl", "reel1.cues.csv"):
        shutil.copy(assets_sample / name, room)
    cut = (assets_sample / "reel1.edl").read_text()
    (room / "reel1_v7.edl").write_text(cut)
    (room / "reel1_v8.edl").write_text(cut.replace("V07", "V08"))
    steps, rate_hz = soundfile.read(
        next(assets_sample.glob("FOLYFeet_Boots Gravel*.flac")), dtype="float32", always_2d=True
    )
    hour_one = Bext(time_reference_samples=3600 * rate_hz)
    with WaveWriter(
        room / "scene12.wav", sample_rate_hz=rate_hz, layout="mono", encoding="pcm24", bext=hour_one
    ) as guide:
        guide.write(steps)
    soundfile.write(room / "step.wav", steps[:rate_hz], rate_hz)
    program = room / "bin" / "dubstage"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -c 'from dubstage.cli import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)
    return room


def test_every_example_runs(room):
    order = sorted(COMMANDS, key=lambda name: (FIRST.index(name) if name in FIRST else 99, name))
    environment = {
        **os.environ,
        "DUBSTAGE_LIBRARY": str(room / "dubstage.db"),
        "HOME": str(room),
        "PATH": f"{room / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    subprocess.run(["dubstage", "scan", "assets_sample"], cwd=room, env=environment, check=True)
    failed = []
    for name in order:
        if name in ENDLESS:
            continue
        for example in EXAMPLE.findall(COMMANDS[name]):
            run = subprocess.run(
                ["sh", "-c", example.replace("\n", " ")],
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
