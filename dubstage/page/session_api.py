"""Sessions over HTTP: cues and clips, edits by hand, shortlists, and hearing them in place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from dubstage.page.audition import as_16_bits, wav_head
from dubstage.page.open_session import OpenSession, StaleError, State
from dubstage.page.search_api import number
from dubstage.page.session_edit import change_of, new_clips
from dubstage.page.session_json import session_json
from dubstage.page.sound_api import body_of
from dubstage.page.state import PageState, RefusedError
from library import LibraryError
from library.catalogue import folders
from premix import PremixError
from premix.cue import Cue
from premix.hand_edit import clip_at, clip_ids
from premix.in_place import heard, span_of_sound
from premix.media import Roots
from premix.shelf import LibraryShelf
from premix.shortlist import shortlist
from premix.timeline import STEMS, Session

_LIST_MOST = 60
_FEW = 12


def session_of(state: PageState, request: Request) -> OpenSession:
    """The session that a request names.

    Raises:
        RefusedError: the server was not given it.
    """
    opened = state.sessions.get(request.path_params["key"])
    if opened is None:
        raise RefusedError("no such session; it was not named when the page was started", 404)
    return opened


def routes(state: PageState) -> list[Route]:
    """Which sessions there are, and all under /api/session/KEY."""

    def told(opened: OpenSession, now: State, version: str, **more: Any) -> JSONResponse:
        undo, redo = opened.history
        return JSONResponse(
            {
                "key": opened.key,
                **session_json(now.session, opened.sheet(now), version),
                "can_undo": undo,
                "can_redo": redo,
                **more,
            }
        )

    def sessions(_: Request) -> Response:
        return JSONResponse(
            {
                "sessions": [
                    {"key": opened.key, "name": opened.name} for opened in state.sessions.values()
                ],
                "has_video": state.settings.video is not None,
            }
        )

    def video(_: Request) -> Response:
        if state.settings.video is None:
            raise RefusedError("the page was started without a picture (--video FILE)", 404)
        return FileResponse(state.settings.video)

    def show(request: Request) -> Response:
        opened = session_of(state, request)
        return told(opened, *opened.read())

    async def edit(request: Request) -> Response:
        opened, asked = session_of(state, request), await body_of(request)

        def work() -> Response:
            change = change_of(asked, opened, state.catalogue())
            before = opened.read()[0].session
            now, version = _unless_stale(lambda: opened.edit(str(asked.get("version", "")), change))
            return told(opened, now, version, new_clips=new_clips(before, now.session))

        return await run_in_threadpool(work)

    async def undo(request: Request) -> Response:
        opened, asked = session_of(state, request), await body_of(request)
        step = opened.undo if request.url.path.endswith("/undo") else opened.redo

        def work() -> Response:
            return told(opened, *_unless_stale(lambda: step(str(asked.get("version", "")))))

        return await run_in_threadpool(work)

    def suggest(request: Request) -> Response:
        opened = session_of(state, request)
        limit = number(request, "limit", 12, most=_LIST_MOST)
        now, _version = opened.read()
        return JSONResponse(_shortlist(opened, now, request.path_params["number"], limit, state))

    def audition(request: Request) -> Response:
        opened = session_of(state, request)
        now, _version = opened.read()
        session = _as_tried(opened, now, request, state)
        start, end = span_of_sound(
            session, number(request, "from", 0), number(request, "to", 1 << 40)
        )
        stems = request.query_params.get("stems")
        chosen = [stem for stem in STEMS if stems is None or stem in stems.split(",")]
        only = request.query_params.get("only")
        if only is not None:
            session = _only(session, only)
        find_sound = Roots(
            {name: str(folder) for name, folder in folders(state.catalogue()).items()},
            session.roots,
        )
        blocks = heard(session, find_sound, start, end, stems=chosen)
        return _wav(blocks, end - start, session.sample_rate_hz, request.method == "HEAD")

    base = "/api/session/{key}"
    return [
        Route("/api/sessions", sessions),
        Route("/api/video", video),
        Route(base, show),
        Route(f"{base}/edit", edit, methods=["POST"]),
        Route(f"{base}/undo", undo, methods=["POST"]),
        Route(f"{base}/redo", undo, methods=["POST"]),
        Route(f"{base}/cue/{{number:path}}/shortlist", suggest),
        Route(f"{base}/audition", audition),
    ]


def _unless_stale(work: Any) -> Any:
    try:
        return work()
    except StaleError as problem:
        raise RefusedError(str(problem), 409) from None


def _as_tried(opened: OpenSession, now: State, request: Request, state: PageState) -> Session:
    """The session, with a take tried in it that nobody has chosen yet."""
    asset_id = request.query_params.get("asset_id")
    if asset_id is None:
        return now.session
    asked: dict[str, Any] = {"op": "swap", "asset_id": number(request, "asset_id", 0)}
    if "take" in request.query_params:
        asked["take"] = number(request, "take", 0)
    for name in ("clip", "cue"):
        if name in request.query_params:
            asked[name] = request.query_params[name]
    return change_of(asked, opened, state.catalogue())(now).session


def _only(session: Session, names: str) -> Session:
    """The session with nothing but some of its clips, by their ids."""
    wanted = set(names.split("|"))
    places = {place for name, place in clip_ids(session).items() if name in wanted}
    kept = {id(clip_at(session, place)) for place in places}
    return replace(
        session,
        tracks=tuple(
            replace(track, clips=tuple(clip for clip in track.clips if id(clip) in kept))
            for track in session.tracks
        ),
    )


def _shortlist(
    opened: OpenSession, now: State, number: str, limit: int, state: PageState
) -> dict[str, Any]:
    """What a cue might be played with, the sounds that play it now marked."""
    sheet = opened.sheet(now)
    cue = next((one for one in sheet.cues if one.number == number), None) if sheet else None
    plays = {
        clip.sound.asset_id: clip.take_index
        for track in now.session.tracks
        for clip in track.clips
        if clip.cue == number
    }
    if cue is None and not plays:
        raise RefusedError(f"neither the session nor its sheet has a cue {number}", 404)
    shelf = LibraryShelf(state.catalogue())
    asked = _open_question(cue, plays, number, shelf)
    found: dict[str, Any] = {"query": "", "like": "", "candidates": []}
    remark = ""
    if asked is not None:
        try:
            found = shortlist(asked, shelf, limit=limit)
            found["candidates"] += _alike(found["candidates"], shelf, limit)
        except (LibraryError, PremixError) as problem:
            remark = str(problem)
    candidates = []
    for one in found["candidates"]:
        asset = shelf.asset(one["asset_id"])
        if asset is None:
            continue
        take = next((take for take in asset.takes if take.index == one["take"]), asset.takes[0])
        candidates.append(
            {
                **one,
                "name": asset.fx_name or asset.path,
                "category": asset.category,
                "cat_id": asset.cat_id,
                "channels": asset.channels,
                "loudness_lufs": asset.loudness_lufs,
                "take_start_s": take.start_samples / asset.sample_rate_hz,
                "take_end_s": take.end_samples / asset.sample_rate_hz,
                "plays": asset.id in plays,
            }
        )
    return {
        "cue": number,
        "query": found["query"],
        "like": found["like"],
        "candidates": candidates,
        "remark": remark,
    }


def _alike(
    found: Sequence[Mapping[str, Any]], shelf: LibraryShelf, limit: int
) -> list[dict[str, Any]]:
    """Where the words find few, what sounds like the best of them: a person wants a choice."""
    if not found or len(found) >= min(limit, _FEW):
        return []
    known = {one["asset_id"] for one in found}
    like = Cue(number="", line=0, stem="fx", track="", like=str(found[0]["asset_id"]))
    return [
        one
        for one in shortlist(like, shelf, limit=_FEW)["candidates"]
        if one["asset_id"] not in known
    ][: limit - len(found)]


def _open_question(
    cue: Cue | None, plays: dict[int, int], number: str, shelf: LibraryShelf
) -> Cue | None:
    """What a cue asks, even where its sound is locked: a person wants to see what else there is."""
    like = f"{next(iter(plays))}" if plays else ""
    if cue is None:
        asset = shelf.asset(next(iter(plays)))
        return None if asset is None else Cue(number=number, line=0, stem="fx", track="", like=like)
    if cue.query or cue.like:
        return replace(cue, sound="")
    return replace(cue, sound="", like=like) if like else cue


def _wav(blocks: Iterator[Any], n_samples: int, sample_rate_hz: int, head_only: bool) -> Response:
    """16-bit stereo, as it is summed; its length is known before its first sample."""
    header = wav_head(n_samples, 2, sample_rate_hz)
    headers = {
        "content-length": str(len(header) + n_samples * 4),
        "accept-ranges": "none",
        "cache-control": "no-store",
    }
    if head_only:
        return Response(b"", media_type="audio/wav", headers=headers)

    def stream() -> Iterator[bytes]:
        yield header
        for block in blocks:
            yield as_16_bits(block)

    return StreamingResponse(stream(), media_type="audio/wav", headers=headers)
