"""Where a file that a timeline names may lie now: as named, or beside the timeline."""

from pathlib import Path, PureWindowsPath
from urllib.parse import unquote, urlsplit


def find_beside(timeline: Path, named: str) -> Path | None:
    """The file on this machine that `named` means; None where there is none.

    Looked for as named, then below the timeline's folder by as much of its path as
    leads there, then by its name in that folder and in those right below it.

    Args:
        named: a path of any system or a file: URL, as the timeline writes it.
    """
    path = _as_path(named)
    if path.is_absolute() and path.is_file():
        return path
    folder = timeline.parent
    parts = [part for part in PureWindowsPath(str(path)).parts if not part.endswith(("\\", "/"))]
    parts = [part for part in parts if part not in ("..", ".")]
    for first in range(len(parts)):
        candidate = folder.joinpath(*parts[first:])
        if candidate.is_file():
            return candidate
    if not parts:
        return None
    below = (child / parts[-1] for child in sorted(folder.iterdir()) if child.is_dir())
    return next((candidate for candidate in below if candidate.is_file()), None)


def _as_path(named: str) -> Path:
    if not named.lower().startswith("file:"):
        return Path(named)
    url = urlsplit(named)
    path = unquote(url.path)
    if len(path) > 2 and path[0] == "/" and path[2] == ":":  # /C:/Users
        path = path[1:]
    return Path(path)
