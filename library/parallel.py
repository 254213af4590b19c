"""Work handed to other processes: a few batches ahead, and no loss when one of them dies.

The executor is the only seam: processes of this machine by default, or whatever else has
the interface of concurrent.futures, such as a Dask cluster's `client.get_executor()`.
"""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import wait as wait_for
from multiprocessing.process import parent_process
from typing import TypeVar

from library.one_thread import hold_to_one_thread

B = TypeVar("B")
R = TypeVar("R")


class WorkerDiedError(Exception):
    """The process that had a batch ended without an answer."""


def local_executor(workers: int, preload: str | None = None) -> Executor:
    """Processes of this machine, with numerical libraries held to one thread each.

    Args:
        preload: a module that all of them need. Where processes can be forked off one that
            has it loaded, it is loaded once and its memory is shared.
    """
    if sys.platform == "linux":
        # It stands on inner parts of multiprocessing; a Python that lacks them starts anew.
        with suppress(ImportError):
            from library.forked import ForkedPool

            return ForkedPool(workers, preload, initializer=_begin)
    from library.spawned import Spawned

    return ProcessPoolExecutor(workers, mp_context=Spawned(), initializer=_begin)


def default_workers() -> int:
    """As many as the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each_done(
    batches: Iterable[B],
    work: Callable[[B], R],
    new_executor: Callable[[], Executor],
    *,
    in_flight: int,
) -> Iterator[tuple[B, R | WorkerDiedError]]:
    """Every batch with what `work` made of it, in any order.

    Where a process dies, its pool goes with it, and nobody can tell which batch it was: so
    those that were on the way are tried again one at a time, in a new pool, and only the
    batch that fails alone is given up. What `work` raises is raised here.
    """
    source = iter(batches)
    suspects: deque[B] = deque()
    on_the_way: dict[Future[R], B] = {}
    executor = new_executor()
    try:
        while True:
            alone = bool(suspects)
            while len(on_the_way) < (1 if alone else in_flight):
                if alone and not suspects:
                    break
                batch = suspects.popleft() if alone else next(source, None)
                if batch is None:
                    break
                on_the_way[executor.submit(work, batch)] = batch
            if not on_the_way:
                return
            done, _ = wait(on_the_way, return_when=FIRST_COMPLETED)
            died: list[B] = []
            for future in done:
                batch = on_the_way.pop(future)
                problem = future.exception()
                if problem is not None and _is_death(problem):
                    died.append(batch)
                else:
                    yield batch, future.result()
            if died:
                executor.shutdown(wait=True, cancel_futures=True)
                died += on_the_way.values()
                on_the_way.clear()
                executor = new_executor()
                if alone:
                    yield died[0], WorkerDiedError("the process that read it died")
                else:
                    suspects.extend(died)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _is_death(problem: BaseException) -> bool:
    # Dask says KilledWorker when every worker that had a task died of it.
    return isinstance(problem, BrokenProcessPool) or type(problem).__name__ == "KilledWorker"


def _begin() -> None:
    """In a new process, before numpy is imported there."""
    hold_to_one_thread()
    # Control-C is for the scan, which then lets its processes go in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A scan that was killed cannot tell its processes to stop; they see that it is gone."""
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
