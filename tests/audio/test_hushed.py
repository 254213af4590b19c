"""A damaged MP3 says nothing to the terminal behind our back; all else is still said."""

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soundfile

from audio.hushed import hushed

READ = """
import sys
from audio import AudioError
from audio.files import open_sound
for path in sys.argv[1:]:
    try:
        with open_sound(path) as sound:
            for _ in sound.blocks(4096):
                pass
    except AudioError:
        pass
print("said", file=sys.stderr)
"""


@pytest.fixture
def damaged(tmp_path):
    """MP3s of noise, each with 30 bytes changed."""
    whole = tmp_path / "whole.mp3"
    noise = np.random.default_rng(1).standard_normal((44_100, 2)) * 0.1
    soundfile.write(whole, noise, 44_100, format="MP3")
    paths = []
    for seed in range(6):
        chance, contents = random.Random(seed), bytearray(whole.read_bytes())
        for _ in range(30):
            contents[chance.randrange(len(contents))] = chance.randrange(256)
        paths.append(tmp_path / f"damaged {seed}.mp3")
        paths[-1].write_bytes(contents)
    return paths


def test_damage_is_not_told_by_the_decoder(damaged):
    done = subprocess.run(
        [sys.executable, "-c", READ, *damaged], capture_output=True, text=True, check=True
    )
    assert done.stderr == "said\n"


def test_the_decoder_would_tell_it(damaged):
    read = "import soundfile, sys; [soundfile.read(path) for path in sys.argv[1:]]"
    done = subprocess.run([sys.executable, "-c", read, *damaged], capture_output=True, text=True)
    assert "error:" in done.stderr or "Note:" in done.stderr


def test_what_is_said_before_and_after_is_heard(capfd):
    os.write(2, b"before ")
    with hushed():
        os.write(2, b"within ")
        with hushed():
            os.write(2, b"deeper ")
        os.write(2, b"still ")
    os.write(2, b"after")
    assert capfd.readouterr().err == "before after"


def test_an_error_within_opens_the_door_again(capfd):
    with pytest.raises(KeyError), hushed():
        raise KeyError
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_threads_may_be_within_at_once(capfd):
    def work(_):
        with hushed():
            os.write(2, b"within ")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(500)))
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_a_closed_descriptor_stays_closed():
    script = (
        "import os\nfrom audio.hushed import hushed\nos.close(2)\n"
        "with hushed():\n    pass\n"
        "try:\n    os.fstat(2)\nexcept OSError:\n    print('closed')"
    )
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"closed\n"
