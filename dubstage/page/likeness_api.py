"""Sounds dropped on the page as examples, and the map of an answer."""

import hashlib
import secrets
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from audio.files import read_header
from db import tags, vectors
from dubstage.page.search_api import names_of, question_of, window
from dubstage.page.state import PageState, RefusedError
from library.likeness import middle
from library.sound_map import by_components, laid_out

MOST_UPLOAD = 50_000_000  # bytes
_MOST_HELD = 500_000_000  # bytes of all that was dropped; the oldest go first
_MOST_ON_MAP = 2_000  # t-SNE of these takes some 5 s of CPU
_MOST_MAPS = 16


def routes(state: PageState) -> list[Route]:
    """Examples from outside, and neighbourhoods."""

    async def upload(request: Request) -> JSONResponse:
        key = secrets.token_hex(16)
        path = state.folder() / f"{key}.sound"
        try:
            await _received(request, path)
            header = await run_in_threadpool(read_header, path)
        except BaseException:  # also where whoever sent it has hung up
            path.unlink(missing_ok=True)
            raise
        with state.lock:
            state.uploads[key] = path
            while len(state.uploads) > 1 and _held(state) > _MOST_HELD:
                state.uploads.pop(next(iter(state.uploads))).unlink(missing_ok=True)
        return JSONResponse({"key": key, "duration_s": header.duration_s})

    def sound_map(request: Request) -> JSONResponse:
        found, hits = window(state, question_of(state, request), 0, _MOST_ON_MAP)
        quick = request.query_params.get("by") == "components"
        catalogue = state.catalogue()
        model = vectors.chief(catalogue)
        shown, directions = [], []
        bare = [hit.asset.id for hit in hits if hit.asset.cat_id is None]
        likely = tags.likeliest(catalogue, bare, "cat_id")
        for rank, hit in enumerate(hits):
            rows = [] if model is None else vectors.of_asset(catalogue, hit.asset.id, model["id"])
            if rows:
                numbers = np.array([np.frombuffer(row["numbers"], np.float16) for row in rows])
                lengths = [row["end_samples"] - row["start_samples"] for row in rows]
                directions.append(middle(numbers.astype(np.float32), lengths))
                shown.append((rank, hit.asset))
        if not shown:
            return JSONResponse({"points": [], "of": None})
        layout = by_components if quick else partial(_by_neighbours, state)
        places = layout(np.array(directions, np.float32))
        points = [
            {
                "asset_id": asset.id,
                "rank": rank,  # among the hits
                "x": round(float(x), 4),
                "y": round(float(y), 4),
                "category": asset.category or (names_of(likely.get(asset.id)) or [None])[0],
                "guessed": asset.category is None,
                "name": asset.fx_name,
                "duration_s": round(asset.duration_s, 4),
                "channels": asset.channels,
            }
            for (rank, asset), (x, y) in zip(shown, places, strict=True)
        ]
        more = found.total if found.total > len(hits) else None
        return JSONResponse({"points": points, "of": more})

    return [
        Route("/api/upload", upload, methods=["POST"]),
        Route("/api/map", sound_map),
    ]


def _by_neighbours(state: PageState, directions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Seconds of work: done for one map at a time, and remembered for the latest few."""
    key = hashlib.sha256(directions.tobytes()).digest()
    with state.map_lock:
        known = state.maps.pop(key, None)
        state.maps[key] = laid_out(directions) if known is None else known
        while len(state.maps) > _MOST_MAPS:
            state.maps.pop(next(iter(state.maps)))
        return state.maps[key]


async def _received(request: Request, path: Path) -> None:
    """What is sent, in a file; raises RefusedError where that is too much."""
    size = 0
    with path.open("wb") as file:
        async for part in request.stream():
            size += len(part)
            if size > MOST_UPLOAD:
                raise RefusedError(f"at most {MOST_UPLOAD // 1_000_000} MB can be dropped", 413)
            file.write(part)


def _held(state: PageState) -> int:
    return sum(path.stat().st_size for path in state.uploads.values())
