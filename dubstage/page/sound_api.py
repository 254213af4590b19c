"""One sound for the page: its facts, its waveform, and what people say of it."""

import base64
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from db import marks, peaks
from dubstage.commands.show import as_json
from dubstage.page.state import PageState, RefusedError
from library.asset import Asset
from library.catalogue import asset_by_id
from library.marked import keep_in, note_sound, rate_sound
from library.peaks import unpack

_MOST_AT_ONCE = 100
_MOST_TAKES = 400  # drawn on one waveform
_MOST_BODY = 65_536  # bytes


def routes(state: PageState) -> list[Route]:
    """What is asked about, and said of, one sound."""

    def show(request: Request) -> JSONResponse:
        asset = asset_of(state, request.path_params["number"])
        rating, note = marks.of_asset(state.catalogue(), asset.id)
        return JSONResponse(as_json(asset) | {"rating": rating, "note": note})

    def pictures(request: Request) -> JSONResponse:
        texts = request.query_params.get("ids", "").split(",")
        if not all(text.isdigit() and len(text) < 19 for text in texts):
            raise RefusedError("ids wants whole numbers, with commas between")
        pairs = request.query_params.get("pairs", "256")
        if len(texts) > _MOST_AT_ONCE or not pairs.isdigit() or not 1 <= int(pairs) <= 2_000:
            raise RefusedError(f"at most {_MOST_AT_ONCE} ids, and 1 to 2000 pairs")
        return JSONResponse(
            {text: drawn for text in texts if (drawn := _drawn(state, int(text), int(pairs)))}
        )

    async def mark(request: Request) -> JSONResponse:
        asset = await run_in_threadpool(asset_of, state, request.path_params["number"])
        said = await body_of(request)
        rating, note = said.get("rating"), said.get("note")
        if rating is not None and (type(rating) is not int or rating not in range(6)):
            raise RefusedError("rating wants 0 to 5")
        if note is not None and not isinstance(note, str):
            raise RefusedError("note wants text")
        await run_in_threadpool(_mark, state, asset, rating, note)
        return JSONResponse({"ok": True})

    async def keep(request: Request) -> JSONResponse:
        asset = await run_in_threadpool(asset_of, state, request.path_params["number"])
        said = await body_of(request)
        name = said.get("collection")
        if not isinstance(name, str) or not name.strip():
            raise RefusedError("collection wants a name")
        drop = said.get("drop") is True
        held = await run_in_threadpool(
            keep_in, state.settings.library, name, [str(asset.id)], drop=drop
        )
        return JSONResponse({"collection": name, "sounds": held})

    return [
        Route("/api/sound/{number:int}", show),
        Route("/api/peaks", pictures),
        Route("/api/marks/{number:int}", mark, methods=["PUT"]),
        Route("/api/keep/{number:int}", keep, methods=["POST"]),
    ]


def asset_of(state: PageState, number: int) -> Asset:
    """A sound that the catalogue knows.

    Raises:
        RefusedError: it does not.
    """
    asset = asset_by_id(state.catalogue(), number) if number < 1 << 63 else None
    if asset is None:
        raise RefusedError("the library has no such sound", 404)
    return asset


async def body_of(request: Request) -> dict[str, Any]:
    """A small JSON object."""
    import json

    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BODY:
            raise RefusedError("that is too much", 413)
    try:
        said = json.loads(body)
    except ValueError:
        raise RefusedError("the request is no JSON") from None
    if not isinstance(said, dict):
        raise RefusedError("the request is no JSON object")
    return said


def _mark(state: PageState, asset: Asset, rating: int | None, note: str | None) -> None:
    if rating is not None:
        rate_sound(state.settings.library, str(asset.id), rating or None)
    if note is not None:
        note_sound(state.settings.library, str(asset.id), note or None)


def _drawn(state: PageState, number: int, pairs: int) -> dict[str, Any] | None:
    """The coarsest zoom that still has so many pairs, and the takes on it."""
    kept = peaks.of_asset(state.catalogue(), number)
    asset = asset_by_id(state.catalogue(), number)
    if kept is None or asset is None:
        return None
    levels = unpack(*kept)
    if not levels:
        return None
    chosen = next((level for level in reversed(levels) if len(level.pairs) >= pairs), levels[0])
    rate_hz = asset.sample_rate_hz
    return {
        "samples_per_pair": chosen.samples_per_pair,
        "duration_samples": asset.duration_samples,
        "pairs": base64.b64encode(chosen.pairs.tobytes()).decode(),
        "takes": [
            [
                round(take.start_samples / rate_hz, 4),
                round(take.end_samples / rate_hz, 4),
                round(take.sync_samples / rate_hz, 4),
                take.features.get("centroid_hz"),
            ]
            for take in asset.takes[:_MOST_TAKES]
        ],
    }
