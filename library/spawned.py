"""Processes that start from nothing, each with an interpreter of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.popen_spawn_posix import Popen


@contextmanager
def script_hidden() -> Iterator[None]:
    """Keep a new process from importing the caller's script.

    It would look there for what was sent over. All that is sent lives in modules, so that `scan`
    also works from a script without an `if __name__ == "__main__"`.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


class _Process(SpawnProcess):
    @staticmethod
    def _Popen(process_obj: BaseProcess) -> "Popen":  # noqa: N802 - multiprocessing's own name
        with script_hidden():
            return SpawnProcess._Popen(process_obj)


class Spawned(SpawnContext):
    """How `concurrent.futures` is told to start them."""

    Process = _Process
