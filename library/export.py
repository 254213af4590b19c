"""What a search found, for other programs: as CSV, JSON or M3U, and a folder of the files."""

import csv
import filecmp
import io
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from library import LibraryError
from library.search import Hit

_COLUMNS = (
    "asset_id", "file", "start_s", "sync_s", "end_s", "cat_id", "fx_name", "description",
    "duration_s", "sample_rate_hz", "channels", "score", "why",
)  # fmt: skip


def write_list(path: Path, hits: Sequence[Hit], folders: Mapping[str, Path]) -> None:
    """Write hits to a .csv, .json, .m3u or .m3u8 file, in their order, in place of what is there.

    Args:
        folders: of each root, by name; files are written with their full path.

    Raises:
        LibraryError: another suffix, or the file cannot be written.
    """
    writers = {".csv": _csv, ".json": _json, ".m3u": _m3u, ".m3u8": _m3u}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise LibraryError(f"{path}: a list is written as {', '.join(writers)}")
    text = write([_row(hit, folders) for hit in hits])
    temporary = path.with_name(f"{path.name}.part")
    try:
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as problem:
        raise LibraryError(f"{path} cannot be written: {problem.strerror}") from problem


def place_files(
    folder: Path, hits: Sequence[Hit], folders: Mapping[str, Path], *, link: bool
) -> list[Path]:
    """Copies of the files, or links to them, in one folder, which is made; nothing is replaced.

    Of two files with one name the second has " (2)" behind its name; a file that is there
    already and holds the same is left as it is.

    Raises:
        LibraryError: a file is not where the library knows it, or the folder takes none.
    """
    placed: list[Path] = []
    for source in dict.fromkeys(_place(hit, folders) for hit in hits):
        if not source.is_file():
            raise LibraryError(f"{source} is not there; is its volume mounted?")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target = _free_name(folder, source, link=link)
            if not target.exists() and not target.is_symlink():
                if link:
                    target.symlink_to(source.resolve())
                else:
                    shutil.copy2(source, target)
        except OSError as problem:
            raise LibraryError(
                f"{folder} takes no file {source.name}: {problem.strerror}"
            ) from problem
        placed.append(target)
    return placed


def _free_name(folder: Path, source: Path, *, link: bool) -> Path:
    number = 1
    while True:
        suffix = f" ({number})" if number > 1 else ""
        target = folder / f"{source.stem}{suffix}{source.suffix}"
        if link and target.is_symlink() and target.resolve() == source.resolve():
            return target
        if not target.exists() and not target.is_symlink():
            return target
        if not link and not target.is_symlink() and filecmp.cmp(target, source, shallow=False):
            return target
        number += 1


def _place(hit: Hit, folders: Mapping[str, Path]) -> Path:
    return Path(os.path.abspath(folders[hit.asset.root] / hit.asset.path))  # noqa: PTH100


def _row(hit: Hit, folders: Mapping[str, Path]) -> dict[str, object]:
    asset, take = hit.asset, hit.take
    rate_hz = asset.sample_rate_hz
    values = (
        asset.id,
        str(_place(hit, folders)),
        round(take.start_samples / rate_hz, 6),
        round(take.sync_samples / rate_hz, 6),
        round(take.end_samples / rate_hz, 6),
        asset.cat_id or "",
        asset.fx_name,
        asset.description or asset.fx_name,
        round(asset.duration_s, 6),
        rate_hz,
        asset.channels,
        hit.score,
        hit.why,
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _csv(rows: Sequence[Mapping[str, object]]) -> str:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, _COLUMNS)
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _json(rows: Sequence[Mapping[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _m3u(rows: Sequence[Mapping[str, object]]) -> str:
    lines = ["#EXTM3U"]
    named: set[str] = set()
    for row in rows:
        file = str(row["file"])
        if file not in named:
            named.add(file)
            # A line each: a name with a line break would be two entries.
            title = " ".join(str(row["fx_name"]).split())
            if not file.isprintable() and ("\n" in file or "\r" in file):
                file = Path(file).as_uri()
            lines += [f"#EXTINF:{round(float(str(row['duration_s'])))},{title}", file]
    return "\n".join(lines) + "\n"
