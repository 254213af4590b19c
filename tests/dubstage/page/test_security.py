"""Nobody but this machine's own page is answered, and nothing but the library is told."""

import contextlib
import http.client
import re
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

import dubstage.page
from dubstage.page import app as app_module
from dubstage.page import connections, likeness_api
from dubstage.page.app import make_app
from dubstage.page.state import Settings


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/cli.py",
        "/static//etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/api/audio/..%2f..%2fetc%2fpasswd",
        "/api/audio/%00",
    ],
)
def test_no_path_leads_out(address, path):
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", path)  # as it is written: nothing is tidied on the way
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status in (400, 404)
    assert b"root:" not in body and b"import" not in body
    connection.close()


@pytest.mark.parametrize("like", ["/etc/passwd", "../x.wav", "upload:" + "0" * 32, "1;2", "file:1"])
def test_an_example_is_an_id_or_what_was_dropped_here(client, like):
    answer = client.get("/api/search", params={"like": like})
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "localhost.evil:1"]
)
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/api/about", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "localhost:1", "[::1]:8765"])
def test_our_own_names_are_answered(client, host):
    assert client.get("/api/about", headers={"host": host}).status_code == 200


def test_a_name_with_another_port_is_another_server(page_library):
    settings = Settings(library=page_library, port=8765)
    client = TestClient(make_app(settings), base_url="http://127.0.0.1:8765")
    assert client.get("/api/about").status_code == 200
    assert client.get("/api/about", headers={"host": "127.0.0.1:99"}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://"])
def test_a_foreign_origin_is_refused(client, origin):
    assert client.get("/api/about", headers={"origin": origin}).status_code == 403


def test_what_changes_something_needs_our_header(client, id_of):
    number = id_of("gravel")
    assert client.put(f"/api/marks/{number}", json={"rating": 3}).status_code == 403
    said = client.put(f"/api/marks/{number}", json={"rating": 3}, headers={"x-dubstage": "1"})
    assert said.status_code == 200


def mutating(app):
    """Every route that takes anything but GET: (method, address)."""
    fill = {"{number:int}": "1", "{key}": "0", "{job}": "0"}
    found = []
    for route in app.routes:
        for method in (getattr(route, "methods", None) or set()) - {"GET", "HEAD"}:
            path = route.path
            for name, value in fill.items():
                path = path.replace(name, value)
            found.append((method, path))
    return found


def test_no_other_site_can_change_anything(client):
    """A form or a script elsewhere sends no header of ours, or the Origin of its own page."""
    routes = mutating(client.app)
    assert {path for _, path in routes} >= {"/api/upload", "/api/marks/1", "/api/session/0/edit"}
    for method, path in routes:
        for headers in (
            {},
            {"content-type": "text/plain"},
            {"content-type": "application/x-www-form-urlencoded"},
            {"x-dubstage": "1", "origin": "http://evil.example"},
            {"x-dubstage": "1", "origin": "null"},
            {"x-dubstage": "1", "host": "evil.example"},
        ):
            answer = client.request(method, path, content=b"{}", headers=headers)
            assert answer.status_code in (403, 421), (method, path, headers)
        asked_first = client.options(
            path,
            headers={
                "origin": "http://evil.example",
                "access-control-request-method": method,
                "access-control-request-headers": "x-dubstage",
            },
        )
        assert asked_first.status_code == 403
        assert not any(name.startswith("access-control") for name in asked_first.headers)


@pytest.mark.parametrize("token", [None, ""])
def test_elsewhere_nothing_is_served_without_a_token(page_library, token):
    app = make_app(Settings(library=page_library, host="0.0.0.0", token=token))
    with pytest.raises(ValueError, match="token"), TestClient(app):
        pass


@pytest.mark.parametrize("token", ["", "short"])
def test_a_token_that_can_be_guessed_is_no_token(page_library, token):
    from dubstage.cli import app

    asked = ["serve", "--library", str(page_library), "--token", token, "--no-browser"]
    result = CliRunner().invoke(app, [*asked, "--port", "0"])
    assert result.exit_code == 2
    assert "can be guessed" in result.output


def test_a_name_that_is_pointed_here_later_brings_no_token(page_library):
    """DNS rebinding: the page of evil.example asks its own host, which now is this machine."""
    settings = Settings(library=page_library, host="0.0.0.0", token="s3cret-s3cret")
    with TestClient(make_app(settings), base_url="http://studio.local") as client:
        client.get("/?token=s3cret-s3cret")
        theirs = {"host": "evil.example", "origin": "http://evil.example", "cookie": ""}
        assert client.get("/api/about", headers=theirs).status_code == 401


def test_elsewhere_a_token_is_asked_for_and_then_kept(page_library):
    settings = Settings(library=page_library, host="0.0.0.0", token="s3cret")
    with TestClient(make_app(settings), base_url="http://studio.local") as client:
        assert client.get("/api/about").status_code == 401
        assert client.get("/api/about?token=guess").status_code == 401
        first = client.get("/?token=s3cret")
        assert first.status_code == 200
        assert "HttpOnly" in first.headers["set-cookie"]
        assert client.get("/api/about").status_code == 200


def test_a_page_may_ask_only_its_own_server(client):
    for path in ("/", "/static/main.js", "/api/about", "/nowhere"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy
        assert "http" not in policy
    folder = Path(dubstage.page.__file__).parent / "static"
    for file in folder.iterdir():
        assert not re.search(r"(https?:)?//\w+\.\w", file.read_text()), file.name


def test_a_link_among_the_pages_files_is_not_followed(page_library, tmp_path, monkeypatch):
    static = tmp_path / "static"
    shutil.copytree(app_module.STATIC, static)
    (tmp_path / "secret.txt").write_text("secret")
    (static / "link.txt").symlink_to(tmp_path / "secret.txt")
    (static / "here.txt").write_text("here")
    monkeypatch.setattr(app_module, "STATIC", static)
    with TestClient(
        make_app(Settings(library=page_library)), base_url="http://127.0.0.1"
    ) as client:
        assert client.get("/static/here.txt").text == "here"
        assert client.get("/static/link.txt").status_code == 404


def test_a_sound_too_large_to_be_dropped_leaves_nothing_behind(client):
    parts = (b"x" * 1_000_000 for _ in range(51))
    answer = client.post("/api/upload", content=parts, headers={"x-dubstage": "1"})
    assert answer.status_code == 413
    assert list(client.app.state.page.folder().iterdir()) == []


def test_what_was_dropped_is_not_held_without_end(client, assets_sample, monkeypatch):
    sound = next(assets_sample.glob("DOORWood_*")).read_bytes()
    monkeypatch.setattr(likeness_api, "_MOST_HELD", 3 * len(sound))
    for _ in range(6):
        client.post("/api/upload", content=sound, headers={"x-dubstage": "1"})
    assert len(list(client.app.state.page.folder().iterdir())) == 3


def test_a_query_of_ten_megabytes_ends_in_a_refusal(address):
    host, port = urlsplit(address).hostname, urlsplit(address).port
    with socket.create_connection((host, port), timeout=20) as line:
        begun = f"GET /api/search?q={'x' * 10_000_000} HTTP/1.1\r\nHost: {host}\r\n\r\n"
        try:
            line.sendall(begun.encode())
            answer = line.recv(100)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""  # it hung up before all was said
    assert answer == b"" or answer.split()[1] in (b"400", b"414", b"431")
    assert _answers(address)


def test_a_thousand_lines_held_open_keep_nobody_out(address):
    """Half a request on each, and never the rest: others are served the while."""
    host, port = urlsplit(address).hostname, urlsplit(address).port
    lines = []
    try:
        for number in range(1_000):
            line = socket.create_connection((host, port), timeout=20)
            line.sendall(b"GET /api/about HTTP/1.1\r\n")
            lines.append(line)
            if number % 250 == 249:
                assert _answers(address)
        assert _answers(address)
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /api/about HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"GET /static/style.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /",  # after an answer
        b"POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n",  # refused
    ],
)
def test_who_does_not_go_on_is_hung_up_on(address, begun, monkeypatch):
    """Also who says a letter now and then: the clock runs from the request's first."""
    for name in ("REQUEST_S", "REST_S"):
        monkeypatch.setattr(connections, name, 0.4)
    host, port = urlsplit(address).hostname, urlsplit(address).port
    with socket.create_connection((host, port), timeout=30) as line:
        line.sendall(begun)
        ended = False
        for _ in range(200):
            try:
                line.sendall(b"x")
                line.settimeout(0.1)
                ended = line.recv(65_536) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
            if ended:
                break
        assert ended
    assert _answers(address)


def test_who_sends_a_body_and_then_is_silent_is_hung_up_on(address, monkeypatch):
    monkeypatch.setattr(connections, "BODY_S", 0.4)
    host, port = urlsplit(address).hostname, urlsplit(address).port
    with socket.create_connection((host, port), timeout=30) as line:
        line.sendall(
            b"POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Dubstage: 1\r\n"
            b"Content-Length: 99\r\n\r\nRIFF"
        )
        with contextlib.suppress(ConnectionResetError):
            assert line.recv(100) == b""
    assert _answers(address)


def test_a_thousand_requests_at_once_are_answered_or_put_off(address):
    def ask(_):
        host = urlsplit(address).netloc
        connection = http.client.HTTPConnection(host, timeout=60)
        try:
            connection.request("GET", "/api/search?q=gravel")
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (ConnectionError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(ask, range(1_000)))
    assert set(statuses) <= {200, 503, None}
    assert statuses.count(200) > 500
    assert _answers(address)


def _answers(address):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", "/api/about")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status == 200 and b"assets" in body
