"""What looking again at an unchanged library takes.

    python benchmarks/recheck.py CATALOGUE FOLDER

Who waits: whoever scans again after a small change. Budget: 10 s for 100,000 files. CATALOGUE is
one that benchmarks/catalogue.py made; the empty files that it tells of are made below FOLDER, which
becomes its root. Three scans in turn: with what the system keeps of the disk dropped (where we
may, as root on Linux), and twice more; of each the seconds by the clock and of CPU.
"""

import os
import sys
import time
from contextlib import closing
from pathlib import Path

from db import roots
from db.connect import change_catalogue, transaction
from library.scan import scan

_DROP = Path("/proc/sys/vm/drop_caches")


def make_files(catalogue: Path, folder: Path) -> None:
    """The files that the catalogue tells of: empty, and as old as it says."""
    with closing(change_catalogue(catalogue)) as connection:
        with transaction(connection):
            for name in roots.folders(connection):
                roots.add(connection, name, str(folder))
        made: set[Path] = set()
        for path, modified_ns in connection.execute("select path, modified_ns from asset"):
            file = folder / path
            if file.parent not in made:
                file.parent.mkdir(parents=True, exist_ok=True)
                made.add(file.parent)
            if not file.exists():
                file.touch()
                os.utime(file, ns=(modified_ns, modified_ns))


def again(catalogue: Path, folder: Path, title: str) -> None:
    cpu_s, started = time.process_time(), time.monotonic()
    found = scan([folder], catalogue)
    print(
        f"{title}: {found.unchanged} of {found.assets} unchanged,"
        f" {time.monotonic() - started:.1f} s, {time.process_time() - cpu_s:.1f} of CPU",
        flush=True,
    )


def main() -> None:
    catalogue, folder = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    make_files(catalogue, folder.resolve())
    again(catalogue, folder, "the first time, vectors put in order if they were not")
    if os.access(_DROP, os.W_OK):
        os.sync()
        _DROP.write_text("3")
        again(catalogue, folder, "disk cold")
    for _ in range(2):
        again(catalogue, folder, "disk warm")


if __name__ == "__main__":
    main()
