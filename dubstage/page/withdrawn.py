"""Answers that nobody waits for any more: the work on them is ended.

Who types asks anew with every key, and lets go of what was asked before; so does who leaves
the page. Their browser closes the connection, and that is how it is known.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

_AGAIN_S = 0.01  # between two attempts to end the work


class Asker:
    """Whoever waits for an answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._end: Callable[[], None] | None = None

    @contextmanager
    def may_leave(self, end: Callable[[], None]) -> Iterator[None]:
        """While this lasts, `end` is called if they leave, and again until it has ended."""
        with self._lock:
            self._end = end
        try:
            yield
        finally:
            with self._lock:
                self._end = None

    def leaves(self) -> None:
        """End what is done for them just now."""
        with self._lock:
            if self._end is not None:
                self._end()


async def unless_withdrawn(request: Request, work: Callable[[Asker], Response]) -> Response:
    """The answer that `work` gives in a thread; what it raises, also where it was ended."""
    asker = Asker()
    answer = asyncio.ensure_future(run_in_threadpool(work, asker))
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        while not answer.done():
            asker.leaves()
            await asyncio.wait((answer,), timeout=_AGAIN_S)
        return answer.result()
    finally:
        asker.leaves()  # where the server itself ends
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
