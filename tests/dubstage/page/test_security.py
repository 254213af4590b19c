"""Nobody but this machine's own page is answered, and nothing but the library is told."""

import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

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
    policy = client.get("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")


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


def test_a_thousand_lines_held_open_end_nothing(address):
    host, port = urlsplit(address).hostname, urlsplit(address).port
    lines = []
    try:
        for _ in range(1_000):
            line = socket.create_connection((host, port), timeout=20)
            line.sendall(b"GET /api/about HTTP/1.1\r\n")  # and never the rest
            lines.append(line)
    finally:
        for line in lines:
            line.close()
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
