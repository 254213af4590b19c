"""The demo's steps are commands of the program, and run as they are printed."""

import subprocess
import sys

import pytest

from dubstage.cli import _COMMANDS
from dubstage.commands import demo


def test_every_step_is_a_command(assets_sample, tmp_path):
    steps = list(demo.steps(assets_sample, tmp_path))
    assert len(steps) == 6
    assert {words[0] for _, words in steps} <= set(_COMMANDS)


def test_steps_run_as_they_are_printed(assets_sample, tmp_path):
    """From the program as it is started, which loads the command that was asked for alone."""
    script = (
        "import sys\n"
        "from dubstage.commands import demo\n"
        "words = lambda samples: ['edl', str(samples / 'reel1.edl'), '--rate', '24']\n"
        "demo.steps = lambda samples, out: [('Read', words(samples))]\n"
        "sys.argv = ['dubstage', 'demo', sys.argv[1]]\n"
        "from dubstage.cli import main\n"
        "main()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert "$ dubstage edl " in ran.stdout
    assert "01:00:00:00" in ran.stdout
    assert "Open " in ran.stdout


def test_a_step_that_fails_ends_the_demo(tmp_path):
    with pytest.raises(Exception, match="no-such-file"):
        demo.run(["edl", str(tmp_path / "no-such-file.edl"), "--rate", "24"])
