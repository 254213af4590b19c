"""What nobody waits for any more is ended: a search that is typed over, a map that is left."""

import queue
import socket
import sqlite3
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dubstage.page import map_worker
from dubstage.page.app import make_app
from dubstage.page.withdrawn import unless_withdrawn
from tests.dubstage.page.server import served

PATIENCE_S = 60
WITHOUT_END = """with recursive n(i) as (select 1 union all select i + 1 from n)
select count(*) from n"""


def asked(address, target):
    """A connection on which `target` was asked for; nothing is read from it."""
    parts = urlsplit(address)
    line = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_S)
    line.sendall(f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
    return line


def test_a_question_of_the_catalogue_ends_when_whoever_asked_hangs_up():
    begun, ended = threading.Event(), []

    def work(asker):
        catalogue = sqlite3.connect(":memory:")
        with asker.may_leave(catalogue.interrupt):
            begun.set()
            try:
                catalogue.execute(WITHOUT_END).fetchone()
            except sqlite3.OperationalError as problem:
                ended.append(str(problem))
                stopped.set()
        return PlainTextResponse("")

    stopped = threading.Event()
    with served(Starlette(routes=[Route("/", endpoint_of(work))])) as address:
        line = asked(address, "/")
        assert begun.wait(PATIENCE_S)
        assert not stopped.wait(0.1)  # while they wait it goes on
        line.close()
        assert stopped.wait(PATIENCE_S)
    assert ended == ["interrupted"]


def endpoint_of(work):
    async def endpoint(request):
        return await unless_withdrawn(request, work)

    return endpoint


@pytest.fixture
def worker(monkeypatch):
    """The process of the next map, which would sleep for ten minutes, once it has begun."""
    workers = queue.Queue()

    class Seen(subprocess.Popen):
        def __init__(self, *args, **named):
            super().__init__(*args, **named)
            workers.put(self)

    sleeper = (sys.executable, "-c", "import time; time.sleep(600)")
    monkeypatch.setattr(map_worker, "PROGRAM", sleeper)
    monkeypatch.setattr(map_worker.subprocess, "Popen", Seen)
    return lambda: workers.get(timeout=PATIENCE_S)


def test_a_map_that_is_left_takes_its_process_along(settings, worker, monkeypatch):
    with served(make_app(settings)) as address:
        line = asked(address, "/api/map?q=")
        process = worker()
        assert process.poll() is None
        line.close()
        assert process.wait(PATIENCE_S) != 0
        # Who asks anew is answered by a process of their own.
        monkeypatch.undo()
        with asked(address, "/api/map?q=") as line, line.makefile("rb") as answer:
            assert answer.readline().split()[1] == b"200"


def test_a_map_ends_with_the_server(settings, worker):
    with served(make_app(settings)) as address, asked(address, "/api/map?q="):
        process = worker()
    assert process.wait(PATIENCE_S) != 0
