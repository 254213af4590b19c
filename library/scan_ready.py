"""What every process of a scan needs, loaded and tried out: they are forked off one that has it.

Importing this module describes one short sound, which loads networks, tables and compiled loops.
"""

import gc
import wave
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from library.one_thread import hold_to_one_thread
from library.spare_memory import give_back

hold_to_one_thread()


def _try_out() -> None:
    from library.describe import Place
    from library.scan_work import File, work

    with TemporaryDirectory() as folder, wave.open(f"{folder}/click.wav", "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(Random(1).randbytes(20_000))
        sound.close()
        size = Path(folder, "click.wav").stat().st_size
        place = Place(root="", path="click.wav", size_bytes=size, modified_ns=0)
        work((File(folder=folder, place=place),))


with suppress(OSError):  # without a place for the file, each process loads what it needs
    _try_out()
gc.collect()
give_back()
gc.freeze()  # so that looking for garbage does not write to pages that are shared
