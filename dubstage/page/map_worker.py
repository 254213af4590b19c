"""A map's neighbourhoods, in a process of their own that can be ended at any time.

Run: python -m dubstage.page.map_worker < vectors > places, both as NumPy's .npy
"""

import io
import subprocess
import sys

import numpy as np
from numpy.typing import NDArray

from dubstage.page.state import RefusedError
from dubstage.page.withdrawn import Asker

PROGRAM = (sys.executable, "-m", "dubstage.page.map_worker")


def laid_out_apart(vectors: NDArray[np.float32], asker: Asker) -> NDArray[np.float32]:
    """What `library.sound_map.laid_out` gives; another process does the work.

    Raises:
        RefusedError: it was ended, for whoever asked has left; or it failed.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(PROGRAM, stdin=pipe, stdout=pipe, start_new_session=True) as worker:
        with asker.may_leave(worker.kill):
            told = io.BytesIO()
            np.save(told, vectors)
            places, _ = worker.communicate(told.getvalue())
        if worker.returncode:
            raise RefusedError(f"the map's process ended with {worker.returncode}", 503)
    return np.asarray(np.load(io.BytesIO(places)), np.float32)


def main() -> None:
    from library.sound_map import laid_out

    np.save(sys.stdout.buffer, laid_out(np.load(io.BytesIO(sys.stdin.buffer.read()))))


if __name__ == "__main__":
    main()
