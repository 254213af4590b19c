"""Sounds dropped on the page as examples, and the map of an answer."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from audio.files import read_header
from db import vectors
from dubstage.page.map_worker import laid_out_apart
from dubstage.page.search_api import names_of, question_of, window
from dubstage.page.state import PageState, RefusedError
from dubstage.page.withdrawn import Asker, unless_withdrawn
from library.asset import Asset
from library.catalogue import likeliest_cat_ids
from library.likeness import middle
from library.sound_map import by_components

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

    async def sound_map(request: Request) -> Response:
        return await unless_withdrawn(request, lambda asker: lay_out(request, asker))

    def lay_out(request: Request, asker: Asker) -> Response:
        with asker.may_leave(state.catalogue().interrupt):
            shown, directions, more = on_map(request)
        if not shown:
            return JSONResponse({"points": [], "of": None})
        vectors = np.array(directions, np.float32)
        if request.query_params.get("by") == "components":
            places = by_components(vectors)
        else:
            places = _by_neighbours(state, vectors, asker)
        for point, (x, y) in zip(shown, places, strict=True):
            point |= {"x": round(float(x), 4), "y": round(float(y), 4)}
        return JSONResponse({"points": shown, "of": more})

    def on_map(
        request: Request,
    ) -> tuple[list[dict[str, Any]], list[NDArray[np.float32]], int | None]:
        """Sounds that have a vector, those vectors, and of how many they are the first."""
        found, hits = window(state, question_of(state, request), 0, _MOST_ON_MAP)
        catalogue = state.catalogue()
        model = vectors.chief(catalogue)
        shown, directions = [], []
        likely = likeliest_cat_ids(catalogue, [hit.asset for hit in hits])
        for rank, hit in enumerate(hits):
            rows = [] if model is None else vectors.of_asset(catalogue, hit.asset.id, model["id"])
            if rows:
                numbers = np.array([np.frombuffer(row["numbers"], np.float16) for row in rows])
                lengths = [row["end_samples"] - row["start_samples"] for row in rows]
                directions.append(middle(numbers.astype(np.float32), lengths))
                shown.append(_point(rank, hit.asset, likely.get(hit.asset.id)))
        return shown, directions, found.total if found.total > len(hits) else None

    return [
        Route("/api/upload", upload, methods=["POST"]),
        Route("/api/map", sound_map),
    ]


def _point(rank: int, asset: Asset, likely: str | None) -> dict[str, Any]:
    return {
        "asset_id": asset.id,
        "rank": rank,  # among the hits
        "category": asset.category or (names_of(likely) or [None])[0],
        "guessed": asset.category is None,
        "name": asset.fx_name,
        "duration_s": round(asset.duration_s, 4),
        "channels": asset.channels,
    }


def _by_neighbours(
    state: PageState, directions: NDArray[np.float32], asker: Asker
) -> NDArray[np.float32]:
    """Seconds of work, ended where nobody waits for it; remembered for the latest few."""
    key = hashlib.sha256(directions.tobytes()).digest()
    with state.lock:
        known = state.maps.pop(key, None)
    places = laid_out_apart(directions, asker) if known is None else known
    with state.lock:
        state.maps[key] = places
        while len(state.maps) > _MOST_MAPS:
            state.maps.pop(next(iter(state.maps)))
    return places


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
