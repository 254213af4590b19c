"""What the page's requests share: the catalogue, answers given, and what was dropped on it."""

import sqlite3
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from db.connect import open_catalogue

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dubstage.page.open_session import OpenSession
    from dubstage.page.render_jobs import Job
    from dubstage.page.search_api import Question
    from library.search import SearchResult


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What `dubstage serve` was asked for."""

    library: Path
    sessions: tuple[Path, ...] = ()  # files, or folders of them
    video: Path | None = None  # runs in sync with a session
    host: str = "127.0.0.1"
    port: int = 0
    token: str | None = None  # asked of every request where the host is not this machine alone


class RefusedError(Exception):
    """A request that cannot be met: one line for whoever asked, and an HTTP status."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


@dataclass
class PageState:
    """One server's state. Catalogue connections are one a thread and only read."""

    settings: Settings
    sessions: dict[str, "OpenSession"] = field(default_factory=dict)  # by key
    jobs: dict[str, "Job"] = field(default_factory=dict)  # renders, by id
    uploads: dict[str, Path] = field(default_factory=dict)
    answers: "dict[Question, tuple[int, SearchResult]]" = field(default_factory=dict)  # latest last
    maps: "dict[bytes, NDArray[np.float32]]" = field(default_factory=dict)  # by what is laid out
    lock: threading.Lock = field(default_factory=threading.Lock)
    _local: threading.local = field(default_factory=threading.local)
    _folder: "tempfile.TemporaryDirectory[str] | None" = None

    def catalogue(self) -> sqlite3.Connection:
        """This thread's connection; it sees what is committed, also while a scan writes."""
        known: sqlite3.Connection | None = getattr(self._local, "catalogue", None)
        if known is None:
            known = self._local.catalogue = open_catalogue(self.settings.library)
        return known

    def folder(self) -> Path:
        """A folder of the server's own, gone when it ends."""
        with self.lock:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="dubstage-page-")
            return Path(self._folder.name)

    def close(self) -> None:
        """Stop what runs, and drop what was uploaded."""
        for job in self.jobs.values():
            job.cancel()
        for job in self.jobs.values():
            job.wait(5)
        if self._folder is not None:
            self._folder.cleanup()
