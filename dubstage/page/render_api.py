"""Renders over HTTP: start one, follow it, stop it, hear its stems, read its reports."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from audio.layout import layout_for
from dubstage.page.open_session import OpenSession
from dubstage.page.render_jobs import Job, folder_of
from dubstage.page.session_api import session_of
from dubstage.page.sound_api import body_of
from dubstage.page.state import PageState, RefusedError
from premix.delivery import template_names

_PLAIN = "plain"
_PAGES = ("report.html", "qc.html")
_DATA = ("report.json", "qc.json")
_LOOK_S = 0.1
_JOBS_MOST = 50  # ended ones that are remembered
# The pages stand alone: what they run and how they look is written in them, and they ask for
# nothing but the stems beside them.
_PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; media-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'",
    "cache-control": "no-cache",
}


def routes(state: PageState) -> list[Route]:
    """Renders of a session, and jobs."""

    async def start(request: Request) -> Response:
        opened, asked = session_of(state, request), await body_of(request)
        delivery = _delivery(str(asked.get("delivery") or _PLAIN))
        layout = str(asked.get("layout") or "")
        if layout:
            layout_for(layout)

        def work() -> Response:
            with state.lock:
                for job in state.jobs.values():
                    if job.session_key == opened.key and not job.done:
                        raise RefusedError("this session is being rendered; stop it first", 409)
                for ended in [each for each in state.jobs.values() if each.done][:-_JOBS_MOST]:
                    del state.jobs[ended.id]
                name = opened.read()[0].session.name
                job = Job(
                    opened.key,
                    delivery or _PLAIN,
                    {
                        "session": str(opened.path),
                        "out": str(folder_of(opened.path, name, delivery)),
                        "library": str(state.settings.library.resolve()),
                        "delivery": delivery,
                        "layout": layout,
                    },
                )
                state.jobs[job.id] = job
            return JSONResponse({"job": job.id})

        return await run_in_threadpool(work)

    def job_of(request: Request) -> Job:
        job = state.jobs.get(request.path_params["job"])
        if job is None:
            raise RefusedError("no such render", 404)
        return job

    def events(request: Request) -> Response:
        return StreamingResponse(
            _events(job_of(request)),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )

    def stop(request: Request) -> Response:
        job_of(request).cancel()
        return JSONResponse({"stopping": True})

    def stems(request: Request) -> Response:
        opened = session_of(state, request)
        return JSONResponse(
            {"deliveries": [_PLAIN, *template_names()], "renders": _renders(opened, state)}
        )

    def file(request: Request) -> Response:
        opened = session_of(state, request)
        folder = _folder(opened, _delivery(request.path_params["delivery"]))
        name = request.path_params["name"]
        if name not in _files(folder):
            raise RefusedError("no render of this session has made such a file", 404)
        headers = _PAGE_HEADERS if name in _PAGES else {"cache-control": "no-cache"}
        return FileResponse(folder / name, headers=headers)

    base = "/api/session/{key}"
    return [
        Route(f"{base}/render", start, methods=["POST"]),
        Route(f"{base}/stems", stems),
        Route(f"{base}/files/{{delivery}}/{{name}}", file),
        Route("/api/jobs/{job}/events", events),
        Route("/api/jobs/{job}/cancel", stop, methods=["POST"]),
    ]


def _delivery(name: str) -> str:
    """A delivery's name; "" for the plain one. Only those that come with the product."""
    if name == _PLAIN:
        return ""
    if name not in template_names():
        raise RefusedError(f"{name!r} is no delivery; {_PLAIN}, {', '.join(template_names())}")
    return name


async def _events(job: Job) -> AsyncIterator[str]:
    """All that a render has said and will say, as server-sent events."""
    told = 0
    while True:
        ended = job.done
        new = job.since(told)
        told += len(new)
        for event in _latest(new):
            kind = next(
                (kind for kind in ("finished", "stopped", "error", "phase") if kind in event),
                "progress",
            )
            # An EventSource has an "error" of its own, for a broken connection.
            name = {"finished": "done", "error": "failed"}.get(kind, kind)
            yield f"event: {name}\ndata: {json.dumps(event)}\n\n"
        if ended and not job.since(told):
            return
        await asyncio.sleep(_LOOK_S)


def _latest(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each stem's words only the last; all else as it was said."""
    last = {event["stem"]: number for number, event in enumerate(events) if "stem" in event}
    return [
        event
        for number, event in enumerate(events)
        if "stem" not in event or last[event["stem"]] == number
    ]


def _folder(opened: OpenSession, delivery: str) -> Path:
    return folder_of(opened.path, opened.read()[0].session.name, delivery)


def _files(folder: Path) -> set[str]:
    """Names of what a render listed, and of its reports, each if it is a plain file there."""
    report = _report(folder)
    if report is None:
        return set()
    named = {name for stem in report["stems"] for name in stem["files"]} | {*_PAGES, *_DATA}
    return {
        name
        for name in named
        if isinstance(name, str)
        and Path(name).name == name
        and (folder / name).is_file()
        and not (folder / name).is_symlink()
    }


def _report(folder: Path) -> dict[str, Any] | None:
    try:
        report = json.loads((folder / "report.json").read_bytes())
        return report if isinstance(report.get("stems"), list) else None
    except (OSError, ValueError, AttributeError):
        return None


def _renders(opened: OpenSession, state: PageState) -> list[dict[str, Any]]:
    """What was rendered of a session, the latest first, and what is being rendered."""
    found: list[tuple[float, dict[str, Any]]] = []
    edited = opened.path.stat().st_mtime
    running = {job.delivery: job.id for job in state.jobs.values()
               if job.session_key == opened.key and not job.done}  # fmt: skip
    for name in (_PLAIN, *template_names()):
        folder = _folder(opened, "" if name == _PLAIN else name)
        report = _report(folder)
        if report is None:
            continue
        files = _files(folder)
        at = (folder / "report.json").stat().st_mtime
        found.append((at, {"delivery": name, "at": at, "older_than_session": at < edited,
                           **_told(report, files, folder)}))  # fmt: skip
    found.sort(key=lambda each: -each[0])
    listed = [told for _at, told in found]
    for told in listed:
        told["job"] = running.get(told["delivery"])
    listed += [
        {"delivery": name, "job": job, "stems": [], "report": False, "qc": False}
        for name, job in running.items()
        if name not in {told["delivery"] for told in listed}
    ]
    return listed


def _told(report: dict[str, Any], files: set[str], folder: Path) -> dict[str, Any]:
    checked = _json(folder / "qc.json") if "qc.json" in files else None
    return {
        "folder": folder.name,
        "stems": [
            {
                "name": stem["name"],
                "files": [name for name in stem["files"] if name in files],
                "layout": stem.get("layout"),
                "clips": len(stem.get("cues", [])),
                "integrated_lufs": stem.get("integrated_lufs"),
                "true_peak_dbtp": stem.get("true_peak_dbtp"),
                "duration_s": stem["duration_samples"] / report["sample_rate_hz"],
            }
            for stem in report["stems"]
        ],
        "problems": report.get("problems", []),
        "report": "report.html" in files,
        "qc": "qc.html" in files,
        "qc_passed": checked.get("passed") if isinstance(checked, dict) else None,
    }


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
