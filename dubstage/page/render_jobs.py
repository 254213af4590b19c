"""Renders that the page has started: each a process, with all that it has said so far."""

import json
import secrets
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

_PATIENCE_S = 10  # for a render to clean up behind itself before it is killed


class Job:
    """One render; it ends with "finished", "stopped" or "error" as its last event."""

    def __init__(self, session_key: str, delivery: str, asked: dict[str, Any]) -> None:
        self.id = secrets.token_hex(8)
        self.session_key = session_key
        self.delivery = delivery
        self.events: list[dict[str, Any]] = []
        self.done = False
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dubstage.page.render_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            # Ctrl-C on the server's terminal is for the server, which then tells the render.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        self._reader = threading.Thread(target=self._listen, name="render", daemon=True)
        self._reader.start()

    def cancel(self) -> None:
        """Ask it to stop; what was written only in part is removed."""
        with self._lock:
            if self.done or self._process.stdin is None:
                return
            try:
                self._process.stdin.write("stop\n")
                self._process.stdin.flush()
            except (OSError, ValueError):
                return
        patience = threading.Timer(_PATIENCE_S, self._kill)
        patience.daemon = True  # the server ends without waiting for it
        patience.start()

    def wait(self, timeout_s: float | None = None) -> None:
        """Until it has ended."""
        self._reader.join(timeout_s)

    def since(self, number: int) -> list[dict[str, Any]]:
        """Events from `number` on."""
        with self._lock:
            return self.events[number:]

    def _kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()

    def _listen(self) -> None:
        assert self._process.stdout is not None and self._process.stdin is not None
        ended = False
        for line in self._process.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if ended:
                continue
            ended = bool({"finished", "stopped", "error"} & set(event))
            with self._lock:
                self.events.append(event)
        self._process.wait()
        with self._lock:
            if not ended:
                self.events.append({"error": "the render ended without a word"})
            self.done = True
        self._process.stdout.close()
        with suppress(OSError):
            self._process.stdin.close()


def folder_of(session: Path, session_name: str, delivery: str) -> Path:
    """Where the stems of a session go: beside it, by its name and the delivery's.

    Plain stems that lie in "stems" already, of this very session, are gone on with there.
    """
    if not delivery:
        report = session.parent / "stems" / "report.json"
        try:
            if json.loads(report.read_bytes())["session"] == session_name:
                return report.parent
        except (OSError, ValueError, KeyError, TypeError):
            pass
    return session.parent / f"{session.stem}-stems{'-' + delivery if delivery else ''}"
