"""One session while it is open on the page: read, edited, undone, saved. Touches the disk.

Its file is the truth. Every change is written at once, whole or not at all, and only
where the file is still the one that was read; so is the cue sheet, where a choice is
written to it. What another program wrote in between is never overwritten.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audio import AudioError
from audio.timecode import Timecode
from audio.whole_file import whole_file
from premix import PremixError
from premix.cue_sources import is_timeline
from premix.cues import CueSheet, parse_cues
from premix.session import read_session, session_as_text
from premix.timeline import Session

_UNDO_MOST = 200


class StaleError(PremixError):
    """What was to be edited is not what lies on the disk (any more)."""


@dataclass(frozen=True)
class State:
    """A session, and its cue sheet's bytes with it where it has one."""

    session: Session
    sheet: bytes | None = None


Change = Callable[[State], State]


def key_of(path: Path) -> str:
    """What requests call a session: short, the same every time, and no path."""
    return hashlib.sha256(str(path.resolve()).encode(errors="surrogateescape")).hexdigest()[:10]


class OpenSession:
    """A session's file and its cue sheet's, one change at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()  # a link is written through, not replaced
        self.key = key_of(path)
        self._lock = threading.RLock()
        self._signature: tuple[int, int] | None = None
        self._state: State | None = None
        self._version = ""
        self._undo: list[tuple[State, State]] = []  # (before, after) of each change
        self._redo: list[tuple[State, State]] = []
        self._sheet_path: Path | None = None

    @property
    def name(self) -> str:
        return self.path.stem

    def read(self) -> tuple[State, str]:
        """The session as it lies on the disk, and its version.

        Raises:
            PremixError: it is gone, or no session any more.
        """
        with self._lock:
            if self._state is None or self._signature != _signature(self.path):
                self._load()
            assert self._state is not None
            sheet = self._sheet_on_disk()
            if sheet != self._state.sheet:  # its own program saved it: the newer one counts
                self._state = replace(self._state, sheet=sheet)
            return self._state, self._version

    @property
    def history(self) -> tuple[bool, bool]:
        """Whether something can be undone, and done again."""
        return bool(self._undo), bool(self._redo)

    @property
    def sheet_path(self) -> Path | None:
        return self._sheet_path

    def sheet(self, state: State) -> CueSheet | None:
        """The cue sheet as it is read; None where it is not at hand or is none."""
        if state.sheet is None or self._sheet_path is None:
            return None
        session = state.session
        try:
            return parse_cues(
                state.sheet,
                self._sheet_path.name,
                session.rate,
                feet_from=Timecode.wrapped(session.start_frame, session.rate),
            )
        except PremixError:
            return None

    def edit(self, version: str, change: Change) -> tuple[State, str]:
        """Change the session, and save it.

        Raises:
            StaleError: it is not the version that the change was meant for.
            PremixError: the change cannot be, or not be saved; all is as it was.
        """
        with self._lock:
            before = self._checked(version)
            after = change(before)
            if after == before:
                return before, self._version
            self._save(before, after)
            self._undo = [*self._undo[-_UNDO_MOST:], (before, after)]
            self._redo = []
            return after, self._version

    def undo(self, version: str) -> tuple[State, str]:
        """Back to what was before the last change; raises as `edit`."""
        return self._step(version, back=True)

    def redo(self, version: str) -> tuple[State, str]:
        """Do again what was undone; raises as `edit`."""
        return self._step(version, back=False)

    def _step(self, version: str, *, back: bool) -> tuple[State, str]:
        with self._lock:
            now = self._checked(version)
            come_from, go_to = (self._undo, self._redo) if back else (self._redo, self._undo)
            if not come_from:
                raise PremixError(f"there is nothing to {'undo' if back else 'do again'}")
            before, after = come_from[-1]
            leaves, reaches = (after, before) if back else (before, after)
            if leaves.sheet == reaches.sheet:
                reaches = replace(reaches, sheet=now.sheet)
            elif now.sheet != leaves.sheet:
                raise StaleError(
                    "the cue sheet was changed by another program since; "
                    "its own choice stands, and nothing was overwritten"
                )
            self._save(now, reaches)
            go_to.append(come_from.pop())
            return reaches, self._version

    def _checked(self, version: str) -> State:
        state, current = self.read()
        if current != version:
            raise StaleError(
                f"{self.path.name} has changed since it was shown here, in another window or by "
                "another program; it is shown anew, and nothing was overwritten"
            )
        return state

    def _load(self) -> None:
        signature = _signature(self.path)
        session = read_session(self.path)
        self._version = _version(self.path.read_bytes())
        self._sheet_path = _sheet_of(session, self.path)
        self._state = State(session, self._sheet_on_disk())
        self._signature = signature
        self._undo, self._redo = [], []  # of another file: undoing would overwrite it

    def _sheet_on_disk(self) -> bytes | None:
        if self._sheet_path is None:
            return None
        try:
            return self._sheet_path.read_bytes()
        except OSError:
            return None

    def _save(self, before: State, after: State) -> None:
        if _version(self._bytes()) != self._version:
            raise StaleError(f"{self.path.name} was changed by another program meanwhile")
        writes_sheet = after.sheet is not None and after.sheet != before.sheet
        sheet_path = self._sheet_path
        if writes_sheet:
            assert sheet_path is not None and after.sheet is not None
            if self._sheet_on_disk() != before.sheet:
                raise StaleError(
                    f"{sheet_path.name} was changed by another program meanwhile; "
                    "nothing was written to it"
                )
            _write(sheet_path, after.sheet)
        text = session_as_text(after.session).encode()
        try:
            _write(self.path, text)
        except PremixError:
            if writes_sheet and sheet_path is not None and before.sheet is not None:
                _write(sheet_path, before.sheet)
            raise
        self._state = after
        self._version = _version(text)
        self._signature = _signature(self.path)

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as problem:
            raise PremixError(f"{self.path}: cannot be read: {problem.strerror}") from None


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, with the permissions that the file has."""
    try:
        with whole_file(path) as neighbour:
            neighbour.write_bytes(data)
            if path.exists():
                neighbour.chmod(path.stat().st_mode & 0o7777)
    except AudioError as problem:
        raise PremixError(str(problem)) from None


def _signature(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError as problem:
        raise PremixError(f"{path}: cannot be read: {problem.strerror}") from None
    return state.st_mtime_ns, state.st_size


def _version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _sheet_of(session: Session, path: Path) -> Path | None:
    """Its cue sheet: where it was spotted from, else of that name beside the session."""
    places = []
    if named := session.metadata.get("cue_sheet_path"):
        places.append(Path(str(named)))
    if named := session.metadata.get("cue_sheet"):
        places.append(path.parent / Path(str(named)).name)
    for place in places:
        try:
            if place.is_file() and not is_timeline(place):
                parse_cues(place.read_bytes(), place.name, session.rate)
                return place.resolve()
        except (OSError, PremixError):
            continue
    return None


def open_sessions(places: Sequence[Path]) -> dict[str, OpenSession]:
    """The sessions named, or lying in a folder named, by their keys, in that order.

    Raises:
        PremixError: a file is no session, or a place is not there.
    """
    opened: dict[str, OpenSession] = {}
    for place in places:
        if place.is_dir():
            paths = sorted(place.glob("*.otio"))
            several = True
        else:
            paths, several = [place], False
        for path in paths:
            session = OpenSession(path)
            try:
                session.read()
            except PremixError:
                if not several:  # a folder may hold other programs' timelines as well
                    raise
                continue
            opened.setdefault(session.key, session)
    return opened
