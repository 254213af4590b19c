"""A scan that is killed leaves a whole catalogue, and the next one goes on from there."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from db import SchemaError, check
from db.connect import open_catalogue

SCAN = (
    "import sys; from pathlib import Path; from library.scan import scan;"
    "scan([Path(sys.argv[1])], Path(sys.argv[2]), workers=2,"
    " progress=lambda p: print(p.done_files, flush=True))"
)


def start(shelf):
    return subprocess.Popen(
        [sys.executable, "-c", SCAN, shelf.folder, shelf.catalogue],
        stdout=subprocess.PIPE,
        text=True,
    )


def state_of(shelf):
    """(sounds, what is wrong) of the catalogue; before it was made, nothing is wrong."""
    try:
        with closing(open_catalogue(shelf.catalogue)) as connection:
            count = connection.execute("select count(*) from asset").fetchone()[0]
            return count, check.problems(connection)
    except SchemaError:
        return 0, []


def test_kills_at_any_moment_cost_at_most_what_was_in_flight(shelf):
    for seed in range(120):
        shelf.add(f"{seed}.wav", seed, seconds=0.05)
    chance = random.Random(3)
    before = 0
    for _ in range(4):
        scan = start(shelf)
        for _line in scan.stdout:  # killed at a random moment after its first batch
            if int(_line) > 0:
                time.sleep(chance.uniform(0, 0.5))
                break
        os.kill(scan.pid, signal.SIGKILL)
        scan.communicate()
        count, wrong = state_of(shelf)
        assert wrong == []
        assert count >= before
        before = count
    assert before > 0
    scan = start(shelf)
    scan.communicate(timeout=120)
    assert scan.returncode == 0
    assert state_of(shelf) == (120, [])


def test_processes_of_a_killed_scan_end_with_it(shelf):
    for seed in range(200):
        shelf.add(f"{seed}.wav", seed, seconds=0.05)
    scan = start(shelf)
    for line in scan.stdout:  # till the first batch is done, by processes that are there
        if int(line) > 0:
            break
    children = below(scan.pid)
    assert len(children) >= 3  # two workers, and what they were forked off
    os.kill(scan.pid, signal.SIGKILL)
    scan.communicate()
    deadline = time.monotonic() + 20
    while any(map(is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_alive, children))


def below(pid):
    """All processes that a process started, and those that they did."""
    parents = {
        int(folder.name): int(stat[1])
        for folder in Path("/proc").glob("[0-9]*")
        if (stat := stat_of(folder.name))
    }
    found = [pid]
    for one in found:  # grows on the way
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def is_alive(pid):
    stat = stat_of(pid)
    return stat is not None and stat[0] != "Z"


def stat_of(pid):
    """State, parent and so on, as Linux tells them; None where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
