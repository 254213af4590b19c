"""A Dask cluster describes in place of local processes; a worker that dies costs nothing."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import closing

import pytest

from db import check
from db.connect import open_catalogue
from library import LibraryError
from library.cluster import Cluster
from library.scan import scan

pytest.importorskip("distributed")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def cluster(shelf, tmp_path):
    """A scheduler and two workers that see the sounds in a folder of another name."""
    mounted = tmp_path / "mnt" / "elsewhere"
    address = f"tcp://127.0.0.1:{free_port()}"
    processes = [run("distributed.cli.dask_scheduler", "--port", address.rpartition(":")[2],
                     "--host", "127.0.0.1", "--no-dashboard")]  # fmt: skip
    processes += [
        run("distributed.cli.dask_worker", address, "--nthreads", 1, "--no-nanny",
            "--no-dashboard", "--local-directory", tmp_path, DUBSTAGE_ROOTS=f"Foley={mounted}")
        for _ in range(2)
    ]  # fmt: skip
    yield address, mounted, processes[1:]
    for process in processes:
        process.kill()
        process.wait()


def test_workers_elsewhere_describe_and_one_may_die(shelf, cluster):
    address, mounted, workers = cluster
    for seed in range(150):
        shelf.add(f"{seed}.wav", seed, seconds=0.05)
    shutil.copytree(shelf.folder, mounted)
    killed = []

    def kill_one(progress):
        if progress.done_files and not killed:
            workers[0].send_signal(signal.SIGKILL)
            killed.append(progress.done_files)

    # Silenced here, so that only who maps the root by its name hears anything.
    for path in shelf.folder.glob("*.wav"):
        contents, status = path.read_bytes(), path.stat()
        path.write_bytes(contents[:44].ljust(len(contents), b"\0"))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    work_there = Cluster(address)
    result = scan(
        [shelf.folder],
        shelf.catalogue,
        executor=work_there.new_executor,
        workers=work_there.workers,
        progress=kill_one,
    )
    work_there.close()
    assert killed
    assert killed[0] < 150
    assert (result.new, result.refused, result.assets) == (150, 0, 150)
    with closing(open_catalogue(shelf.catalogue)) as connection:
        assert check.problems(connection) == []
        silent = "select count(*) from asset where true_peak_dbtp is null"
        assert connection.execute(silent).fetchone()[0] == 0


def test_a_scheduler_that_does_not_answer_is_named():
    with pytest.raises(LibraryError, match=r"no Dask scheduler answers at tcp://127.0.0.1:1"):
        Cluster("tcp://127.0.0.1:1")
