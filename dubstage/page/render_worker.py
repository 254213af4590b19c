"""A render in a process of its own, so that the page goes on answering. JSON lines in and out.

    in    {"session": PATH, "out": PATH, "library": PATH, "delivery": NAME, "layout": NAME}
          any further line, or the end: stop
    out   {"stem", "done", "total"} · {"phase": "qc"} · {"finished": …} · {"error": …} · {"stopped"}

Also Ctrl-C and a polite kill leave no half-file: the render cleans up behind itself.
"""

import json
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

_EVERY_S = 0.1  # how often a stem says how far it is


class _StoppedError(Exception):
    """The page, or whoever started it, has had enough."""


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())

    def listen() -> None:
        sys.stdin.readline()
        stopped.set()

    threading.Thread(target=listen, daemon=True).start()
    from audio import AudioError
    from db import SchemaError
    from library import LibraryError
    from premix import PremixError
    from premix.stem import StemStoppedError

    try:
        _tell({"finished": _render(asked, stopped)})
    except (_StoppedError, StemStoppedError):
        _tell({"stopped": True})
    except (AudioError, SchemaError, LibraryError, PremixError) as problem:
        _tell({"error": str(problem)})
    except Exception as problem:
        _tell({"error": f"the render went wrong: {type(problem).__name__}: {problem}"})


def _render(asked: Mapping[str, Any], stopped: threading.Event) -> dict[str, Any]:
    from db import assets, roots
    from db.connect import open_catalogue
    from premix.delivery import Delivery, read_delivery
    from premix.media import Roots
    from premix.qc import check, sounds_in
    from premix.qc_page import write
    from premix.render import Progress, render
    from premix.session import read_session

    session = read_session(Path(asked["session"]))
    out = Path(asked["out"])
    delivery = read_delivery(asked["delivery"]) if asked["delivery"] else Delivery()
    if asked["layout"]:
        delivery = replace(delivery, layout=asked["layout"])
    last: dict[str, float] = {}

    def progress(passed: Progress) -> None:
        if stopped.is_set():
            raise _StoppedError
        now = time.monotonic()
        whole = passed.done_samples >= passed.total_samples
        if whole or now - last.get(passed.stem, 0.0) >= _EVERY_S:
            last[passed.stem] = now
            _tell({"stem": passed.stem, "done": passed.done_samples, "total": passed.total_samples})

    with closing(open_catalogue(Path(asked["library"]))) as catalogue:
        find_sound = Roots(roots.folders(catalogue), session.roots)
        report = render(session, out, find_sound=find_sound, delivery=delivery, progress=progress)
        if stopped.is_set():
            raise _StoppedError
        _tell({"phase": "qc"})
        rows = assets.by_ids(catalogue, sounds_in(out))
    checked = check(out, {asset_id: dict(row) for asset_id, row in rows.items()})
    write(checked, out)
    return {"problems": list(report.problems), "qc_passed": checked.passed}


def _tell(message: Mapping[str, Any]) -> None:
    # One write a line: stems tell from threads of their own.
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
