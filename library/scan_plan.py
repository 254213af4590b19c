"""What a scan has to do: each file that is there held against what the catalogue knows."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from db import assets, refusals, state, vectors
from db.connect import transaction
from library.catalogue import folders
from library.describe import Place
from library.relink import Lost, Missing
from library.scan_roots import Root
from library.scan_work import File, Refused
from library.walk import SoundFile, Unreadable, find_sounds

_BATCH_FILES = 12  # sounds that one worker describes together
_BATCH_BYTES = 24_000_000
# Refused for what is not the file's: may be otherwise now, though size and time are the same.
_MAY_PASS = ("cannot be opened: ", "cannot be read: ", "Dubstage failed ")
_READS = "2"  # raised when more files can be read than before: those refused are tried again


@dataclass
class Plan:
    """The work of one scan."""

    changed: list[File] = field(default_factory=list)  # were known, and are not as they were
    maybe_moved: list[File] = field(default_factory=list)  # of the size of a missing sound
    fresh: list[File] = field(default_factory=list)
    unreadable: list[Refused] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)  # sounds that each root had
    refused_and_gone: list[tuple[str, str]] = field(default_factory=list)  # (root, path)
    found: int = 0
    unchanged: int = 0
    refused_before: int = 0


def make_plan(connection: sqlite3.Connection, roots: Sequence[Root], model: str) -> Plan:
    """Look at all files of the roots; only names, sizes and times are read.

    Args:
        model: what the vectors are to be made by; sounds that it has not heard are
            described again.
    """
    plan = Plan()
    unheard = _unheard(connection, model)
    root_folders = set(folders(connection).values())
    fresh: list[File] = []
    changed: dict[int, File] = {}
    for root in roots:
        tried = state.get(connection, _tried(root)) == _READS
        known = {
            path: (size_bytes, modified_ns, number)
            for path, size_bytes, modified_ns, number in assets.places(connection, root.name)
            if _in(root, path)
        }
        refused = {
            path: (size_bytes, modified_ns) if tried and not reason.startswith(_MAY_PASS) else None
            for path, size_bytes, modified_ns, reason in refusals.of_root(connection, root.name)
            if _in(root, path)
        }
        plan.known[root.name] = plan.known.get(root.name, 0) + len(known)
        for each in find_sounds(root.folder, root.within, root_folders - {root.folder}):
            if isinstance(each, Unreadable):
                place = Place(root=root.name, path=each.path, size_bytes=0, modified_ns=0)
                plan.unreadable.append(Refused(place=place, reason=each.reason))
                for unseen in (known, refused):  # what lies below is not gone, only not to be seen
                    for path in [path for path in unseen if _below(each.path, path)]:
                        del unseen[path]
                continue
            plan.found += 1
            was = known.pop(each.path, None)
            now = (each.size_bytes, each.modified_ns)
            if was is not None and was[:2] == now and was[2] not in unheard:
                plan.unchanged += 1
                continue
            file = File(folder=str(root.folder), place=_place(root, each))
            if was is not None and was[2] in unheard:
                plan.fresh.append(file)
            elif was is not None:
                changed[was[2]] = file
            elif refused.pop(each.path, None) == now:
                plan.refused_before += 1
            else:
                fresh.append(file)
        plan.refused_and_gone += [(root.name, path) for path in refused]
        rows = assets.by_ids(connection, [number for _size, _time, number in known.values()])
        plan.missing += [_missing(row) for row in rows.values()]
    # Where files were renumbered, each holds what another one held.
    rows = assets.by_ids(connection, list(changed))
    plan.missing += [replace(_missing(row), replaced=True) for row in rows.values()]
    lost = Lost(plan.missing)
    for number, file in changed.items():
        known_here = lost.of_size(file.place.size_bytes) | {rows[number]["sound_hash"]}
        plan.changed.append(replace(file, known=known_here))
    for file in fresh:
        may_be = lost.of_size(file.place.size_bytes)
        if may_be:
            plan.maybe_moved.append(replace(file, known=may_be))
        else:
            plan.fresh.append(file)
    return plan


def all_tried(connection: sqlite3.Connection, roots: Sequence[Root]) -> None:
    """Remember that this Dubstage has tried all files of the roots, but those scanned in part."""
    with transaction(connection):
        for root in roots:
            if not root.within:
                state.put(connection, _tried(root), _READS)


def _tried(root: Root) -> str:
    return f"refused by, {root.name}"


def batches(files: Sequence[File]) -> Iterator[tuple[File, ...]]:
    """Files in groups for one worker each: large ones first and alone, small ones together."""
    large = [file for file in files if file.place.size_bytes >= _BATCH_BYTES]
    large.sort(key=lambda file: -file.place.size_bytes)
    yield from ((file,) for file in large)
    # Of few files each worker gets some.
    most = min(_BATCH_FILES, max(4, len(files) // 8))
    batch: list[File] = []
    size = 0
    for file in files:
        if file.place.size_bytes >= _BATCH_BYTES:
            continue
        if len(batch) == most or (batch and size + file.place.size_bytes > _BATCH_BYTES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(file)
        size += file.place.size_bytes
    if batch:
        yield tuple(batch)


def _unheard(connection: sqlite3.Connection, model: str) -> set[int]:
    chief = vectors.chief(connection)
    if chief is None or chief["name"] == model:
        return set()
    return vectors.assets_without(connection, vectors.model_id_of(connection, model))


def _in(root: Root, path: str) -> bool:
    return not root.within or _below(root.within, path)


def _below(folder: str, path: str) -> bool:
    """Whether a path is that of a folder, or of something in it; "." is the root."""
    return folder in (".", path) or path.startswith(f"{folder}/")


def _place(root: Root, file: SoundFile) -> Place:
    return Place(
        root=root.name, path=file.path, size_bytes=file.size_bytes, modified_ns=file.modified_ns
    )


def _missing(row: sqlite3.Row) -> Missing:
    return Missing(row["id"], row["sound_hash"], row["root"], row["path"], row["size_bytes"])
