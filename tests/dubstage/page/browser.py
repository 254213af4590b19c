"""What the browser tests ask of a page, and how they wait for it."""

import time
from typing import Any

PATIENCE_S = 60
PLAYED_S = """import('/static/player.js').then(({audio: {played}}) =>
    played.length ? played.end(played.length - 1) - played.start(0) : 0)"""


def until(page: Any, script: str, arg: Any = None) -> Any:
    """What `script` gives, once that is something; it may be a promise.

    Playwright's own `wait_for_function` takes any promise for an answer, also one of false.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not (found := page.evaluate(script, arg)):
        assert time.monotonic() < deadline, f"in vain: {script}"
        page.wait_for_timeout(20)
    return found


def advances(page: Any) -> bool:
    """Whether the audio element has really played some of what it was given last."""
    return bool(until(page, f"{PLAYED_S}.then(s => s > 0.02)"))


def idle(page: Any) -> None:
    """Until all that was asked of the session is saved."""
    until(page, "import('/static/session.js').then(m => !m.isBusy())")
