"""The page's server, and its patience: who asks for nothing does not keep others out.

uvicorn waits without end for a request that was begun, and counts who begins one among the
connections that it serves. So a few hundred lines with half a request on each would keep
everyone out. Here such lines are few and short-lived; the oldest makes room for the next.
"""

import asyncio
import socket
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_AT_ONCE = 256  # connections that are served; more are put off with status 503
MOST_WAITING = 64  # of them such as have not asked for anything yet
REQUEST_S = 10.0  # for a request's head, from the line or the last answer on
BODY_S = 30.0  # of silence within a request's body
REST_S = 5.0  # for what is still sent of a body after its answer
_LONGEST_HEAD = 65_536  # bytes


class PatientProtocol(H11Protocol):
    """A connection that is ended where what it owes does not come."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._owes = ""  # "request", "body", "rest" of a body that nobody reads, or nothing
        self._since = 0.0  # as the loop counts
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio does so for sockets that say they are TCP's, which those of a listener made
        # without a protocol do not: an answer's body then waits 40 ms for its head's receipt.
        connected = transport.get_extra_info("socket")
        if connected is not None and connected.family in (socket.AF_INET, socket.AF_INET6):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._expect("request")
        ours = [each for each in self.connections if isinstance(each, PatientProtocol)]
        waiting = sorted((each for each in ours if each.is_waiting), key=lambda each: each._since)
        for oldest in waiting[:-MOST_WAITING]:
            oldest._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect("")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look(heard=True)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look(heard=False)

    @property
    def is_waiting(self) -> bool:
        """Whether it takes up a place, and nothing is done for it."""
        return self._owes in ("request", "rest")

    def _look(self, *, heard: bool) -> None:
        theirs, done = self.conn.their_state, self.cycle is None or self.cycle.response_complete
        owes = "request" if theirs is h11.IDLE else "" if theirs is not h11.SEND_BODY else "body"
        if owes == "body" and done:
            owes = "rest"
        if owes != self._owes or (owes == "body" and heard):
            self._expect(owes)

    def _expect(self, owes: str) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._owes, self._since = owes, self.loop.time()
        if owes:
            patience = {"request": REQUEST_S, "body": BODY_S, "rest": REST_S}[owes]
            self._timer = self.loop.call_later(patience, self._end)

    def _end(self) -> None:
        self._expect("")
        if not self.transport.is_closing():
            self.connections.discard(self)
            self.transport.abort()


def page_server(app: ASGIApp) -> uvicorn.Server:
    """A server of the page, as `dubstage serve` runs it: `run(sockets=[…])` serves."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="error",
            limit_concurrency=MOST_AT_ONCE,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=_LONGEST_HEAD,
            http=PatientProtocol,
            ws="none",
        )
    )
