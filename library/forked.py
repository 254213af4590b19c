"""Processes forked off one that has loaded all they need: they start at once and share memory.

Python's own fork server, one for each pool, so that it ends with the pool and other users of
`multiprocessing` in this program are left alone. What is loaded in it must not start threads,
for a fork would lack them.
"""

import io
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import reduction, util
from multiprocessing.context import ForkServerContext, ForkServerProcess, set_spawning_popen
from multiprocessing.forkserver import ForkServer, read_signed
from multiprocessing.popen_forkserver import Popen
from multiprocessing.process import BaseProcess
from multiprocessing.spawn import get_preparation_data
from typing import Any

from library.spawned import script_hidden


class ForkedPool(ProcessPoolExecutor):
    """A pool whose processes begin with `preload` imported."""

    def __init__(self, workers: int, preload: str | None, initializer: Callable[[], None]) -> None:
        self._server = ForkServer()
        self._server.set_forkserver_preload([preload] if preload else [])
        super().__init__(workers, mp_context=_Forked(self._server), initializer=initializer)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            self._server._stop()  # type: ignore[attr-defined]


class _Forked(ForkServerContext):
    def __init__(self, server: ForkServer) -> None:
        super().__init__()
        self._server = server

    def Process(self, *args: Any, **more: Any) -> "_Process":  # type: ignore[override] # noqa: N802
        process = _Process(*args, **more)
        process.server = self._server
        return process


class _Process(ForkServerProcess):
    server: ForkServer

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "server"}

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Popen:  # noqa: N802 - multiprocessing's own name
        return _Launched(process_obj)


class _Launched(Popen):
    """As its base class, by the server of its pool in place of the one of the whole program."""

    def _launch(self, process_obj: "_Process") -> None:
        sent = io.BytesIO()
        set_spawning_popen(self)
        try:
            with script_hidden():
                reduction.dump(get_preparation_data(process_obj.name), sent)
            reduction.dump(process_obj, sent)
        finally:
            set_spawning_popen(None)
        self.sentinel, end = process_obj.server.connect_to_new_process(self._fds)  # type: ignore[attr-defined]
        # The child sees by this pipe whether its parent is still there.
        kept = os.dup(end)
        close = util.close_fds  # type: ignore[attr-defined]
        self.finalizer = util.Finalize(self, close, (kept, self.sentinel))
        with open(end, "wb", closefd=True) as out:  # noqa: PTH123 - a descriptor
            out.write(sent.getbuffer())
        self.pid = read_signed(self.sentinel)
