"""Numerical libraries held to one thread, where processes already fill the machine."""

import os

_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def hold_to_one_thread() -> None:
    """For this process and those it starts; of use only before numpy is imported."""
    os.environ.update(dict.fromkeys(_VARIABLES, "1"))
