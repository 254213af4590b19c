"""The server: every route in one place, none of its work."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from audio import AudioError
from db import SchemaError
from dubstage.page import (
    audition,
    likeness_api,
    render_api,
    search_api,
    session_api,
    sound_api,
)
from dubstage.page.open_session import open_sessions
from dubstage.page.security import Guard
from dubstage.page.state import PageState, RefusedError, Settings
from library import LibraryError
from premix import PremixError

STATIC = Path(__file__).parent / "static"


def make_app(settings: Settings) -> Starlette:
    """The page's application.

    Raises:
        SchemaError: no library there.
        PremixError: a session that cannot be read.
    """
    state = PageState(settings)
    state.catalogue()
    state.sessions = open_sessions(settings.sessions)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            state.close()

    parts = (search_api, sound_api, audition, likeness_api, session_api, render_api)
    routes = [
        Route("/", _index),
        Mount("/static", _Static(directory=STATIC)),
        *(route for part in parts for route in part.routes(state)),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, settings=settings)],
        exception_handlers=_HANDLERS,
        lifespan=lifespan,
    )
    app.state.page = state
    return app


class _Static(StaticFiles):
    """The page's own files, asked for anew each time: a newer version is never half an old one."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        response = super().file_response(*args, **named)
        response.headers["cache-control"] = "no-cache"
        return response


def _index(_: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})


def _refused(_: Request, problem: Exception) -> Response:
    return _told(str(problem), problem.status if isinstance(problem, RefusedError) else 400)


def _wrong(_: Request, problem: Exception) -> Response:
    return _told(f"this went wrong: {type(problem).__name__}", 500)


def _told(text: str, status: int) -> Response:
    # A browser would keep a 410 for good, and the sound of a drive that is back stay unheard.
    return JSONResponse({"error": text}, status, headers={"cache-control": "no-store"})


_HANDLERS: dict[Any, Callable[[Request, Exception], Response]] = {
    RefusedError: _refused,
    AudioError: _refused,
    LibraryError: _refused,
    PremixError: _refused,
    SchemaError: _refused,
    sqlite3.OperationalError: lambda _, problem: _told(str(problem), 503),
    500: _wrong,
}
