"""Taking folders in: what is new or changed is described, what moved is found again.

A scan may be killed at any moment: each batch is one transaction, and the next scan goes
on from there. Sizes and times are looked at first, then the hash of the sound; only a
sound that is new is described whole.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from db import assets, refusals, words
from db.connect import create_catalogue
from library.catalogue import index_anew
from library.models_changed import project_anew, settle_model
from library.parallel import WorkerDiedError, default_workers, each_done, local_executor
from library.relink import Verdict, judge
from library.scan_plan import all_tried, batches, make_plan
from library.scan_roots import drop_root, settle_roots
from library.scan_work import File, Refused, work
from library.scan_writer import Writer

_AHEAD = 3  # batches for each worker, so that none waits for the writer


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A file that could not be taken in."""

    root: str
    path: str
    reason: str
    refused_at: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a scan is."""

    done_files: int
    total_files: int
    audio_s: float  # described so far
    refused: int


@dataclass(frozen=True, kw_only=True)
class ScanResult:
    """What a scan found and did."""

    found: int  # sound files that are there
    new: int
    changed: int  # described again, or their words read again
    moved: int  # found again by their sound
    unchanged: int
    missing: int  # gone, but kept in the library
    forgotten: int  # gone, and dropped from the library
    refused: int  # in this scan
    refused_before: int  # refused earlier, and unchanged since
    audio_s: float  # described in this scan
    seconds: float
    assets: int  # in the whole library
    refusals: tuple[Refusal, ...]  # all that stand, of the scanned roots
    problems: tuple[str, ...]  # folders that are not there, sounds that are gone


def scan(
    folders: Sequence[Path],
    catalogue: Path,
    *,
    workers: int | None = None,
    executor: Callable[[], Executor] | None = None,
    forget: bool = False,
    drop: Sequence[str] = (),
    names: Sequence[str] = (),
    progress: Callable[[Progress], None] = lambda _: None,
) -> ScanResult:
    """Bring the catalogue up to what the folders hold.

    Args:
        folders: roots, or folders below a known root, of which then only that part is scanned.
        catalogue: made if it is not there.
        workers: processes; None is one for each processor.
        executor: makes the executor to use instead of processes of this machine.
        forget: drop sounds that are gone even where they are more than 5 % of a root.
        drop: names of roots to take out of the library whole.
        names: of the roots, in the order of `folders`; those not given are named as the folder.

    Raises:
        SchemaError: the catalogue cannot be used.
        LibraryError: a name that is not a root's, or another name for a known root.
    """
    from library.embedding import default_embedder

    started = time.monotonic()
    n_workers = workers or default_workers()
    model = default_embedder().name
    with closing(create_catalogue(catalogue)) as connection:
        dropped = sum(drop_root(connection, name) for name in drop)
        project_anew(connection)
        index_anew(connection)
        roots, problems = settle_roots(connection, folders, names)
        plan = make_plan(connection, roots, model)
        writer = Writer(connection, plan.missing)
        writer.refuse(plan.unreadable)
        total = len(plan.changed) + len(plan.maybe_moved) + len(plan.fresh)
        run = partial(
            _work_through,
            new_executor=executor or partial(local_executor, n_workers, "library.scan_ready"),
            in_flight=_AHEAD * n_workers,
            writer=writer,
            report=lambda: progress(
                Progress(
                    done_files=writer.done_files,
                    total_files=total,
                    audio_s=writer.audio_s,
                    refused=writer.refused,
                )
            ),
        )
        # Before anything is judged missing, files that may have moved are looked at.
        run(plan.maybe_moved)
        verdicts, notes = judge(writer.still_missing(), plan.known, forget=forget)
        stopped = {name for name, verdict in verdicts.items() if verdict is Verdict.STOP}
        writer.forget_refusals([each for each in plan.refused_and_gone if each[0] not in stopped])
        to_do = [*plan.changed, *(replace(f, known=frozenset()) for f in writer.not_settled)]
        to_do += plan.fresh
        run([file for file in to_do if file.place.root not in stopped])
        # Now also those that moved and changed their container on the way are found.
        missing = writer.still_missing()
        gone = [each for each in missing if verdicts[each.root] is Verdict.LET_GO]
        writer.forget(gone)
        all_tried(connection, [root for root in roots if root.name not in stopped])
        _finish(connection)
        names_scanned = {root.name for root in roots}
        return ScanResult(
            found=plan.found,
            new=writer.new,
            changed=writer.changed,
            moved=writer.moved,
            unchanged=plan.unchanged,
            missing=len(missing) - len(gone),
            forgotten=len(gone) + dropped,
            refused=writer.refused,
            refused_before=plan.refused_before,
            audio_s=round(writer.audio_s, 3),
            seconds=round(time.monotonic() - started, 3),
            assets=assets.count(connection),
            refusals=tuple(
                Refusal(
                    root=row["root"],
                    path=row["path"],
                    reason=row["reason"],
                    refused_at=row["refused_at"],
                )
                for row in refusals.every(connection)
                if row["root"] in names_scanned
            ),
            problems=(*problems, *notes),
        )


def _work_through(
    files: Iterable[File],
    *,
    new_executor: Callable[[], Executor],
    in_flight: int,
    writer: Writer,
    report: Callable[[], None],
) -> None:
    queue = _Queue(batches(list(files)))
    report()
    if not queue:
        return
    for batch, outcome in each_done(queue, work, new_executor, in_flight=in_flight):
        if not isinstance(outcome, WorkerDiedError):
            writer.write(batch, outcome)
        elif len(batch) > 1:
            queue.extend((file,) for file in batch)  # one of them did it
        else:
            reason = "reading it ended the process that read it; it is damaged or too large"
            writer.write(batch, [Refused(place=batch[0].place, reason=reason)])
        report()


class _Queue(deque[tuple[File, ...]]):
    """Batches that wait; more may come while some are on their way."""

    def __iter__(self) -> "_Queue":
        return self

    def __next__(self) -> tuple[File, ...]:
        if not self:
            raise StopIteration
        return self.popleft()


def _finish(connection: sqlite3.Connection) -> None:
    """Leave the catalogue quick to read."""
    from library.vector_index import open_index
    from library.word_index import open_words

    settle_model(connection)
    words.optimise(connection)
    connection.execute("pragma optimize")
    connection.execute("pragma wal_checkpoint(truncate)")
    open_index(connection, settled=True)
    open_words(connection, settled=True)
