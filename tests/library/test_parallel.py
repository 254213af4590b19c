"""Work in other processes: none is lost when a process dies, and only the guilty is given up."""

import os
import subprocess
import sys
import textwrap
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import pytest

from library.parallel import WorkerDiedError, each_done, local_executor


def double(number: int) -> int:
    return 2 * number


def double_but_die_of_seven(number: int) -> int:
    if number == 7:
        os._exit(1)
    return 2 * number


def fail(number: int) -> int:
    raise ValueError(number)


def threads() -> Executor:
    return ThreadPoolExecutor(2)


def test_every_batch_is_answered_by_any_executor():
    done = dict(each_done(range(50), double, threads, in_flight=4))
    assert done == {number: 2 * number for number in range(50)}


def test_what_the_work_raises_is_raised():
    with pytest.raises(ValueError, match="0"):
        list(each_done([0], fail, threads, in_flight=1))


def test_of_a_batch_that_kills_its_process_only_that_one_is_given_up():
    new_executor = partial(local_executor, 2)
    done = dict(each_done(range(12), double_but_die_of_seven, new_executor, in_flight=4))
    assert isinstance(done.pop(7), WorkerDiedError)
    assert done == {number: 2 * number for number in range(12) if number != 7}


def test_a_script_without_a_main_guard_may_use_processes(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            """
            import operator
            from functools import partial
            from library.parallel import each_done, local_executor
            print(sorted(each_done([1, 2], operator.neg, partial(local_executor, 2), in_flight=2)))
            """
        )
    )
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout == "[(1, -1), (2, -2)]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only there are processes forked")
def test_what_a_scan_forks_from_has_no_threads_that_a_fork_would_lack():
    count = "import os, library.scan_ready; print(len(os.listdir('/proc/self/task')))"
    ran = subprocess.run(
        [sys.executable, "-c", count], capture_output=True, text=True, timeout=120, check=True
    )
    assert ran.stdout == "1\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only there are processes forked")
def test_a_pool_begins_with_what_is_asked_for_and_ends_its_processes():
    with local_executor(2, "colorsys") as pool:
        assert pool.submit(has_loaded, "colorsys").result()
        ours = pool.submit(os.getppid).result()
    with pytest.raises(ProcessLookupError):
        os.kill(ours, 0)


def has_loaded(module: str) -> bool:
    return module in sys.modules


def test_where_processes_cannot_be_forked_off_one_they_begin_anew(monkeypatch):
    monkeypatch.setitem(sys.modules, "library.forked", None)
    with local_executor(1) as pool:
        assert pool.submit(abs, -3).result() == 3
