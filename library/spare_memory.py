"""Memory that is free within this process, given back to the machine."""

import ctypes
import sys
from collections.abc import Callable
from functools import lru_cache


def give_back() -> None:
    """Where the C library can (glibc); freed blocks between used ones stay with it else."""
    _trim()(0)


@lru_cache(maxsize=1)
def _trim() -> Callable[[int], object]:
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim.argtypes = (ctypes.c_size_t,)
            return trim  # type: ignore[no-any-return]
    return lambda _kept: None
