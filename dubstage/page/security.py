"""Who may ask: this machine's own page, and with a token whoever was given it.

A page of another site can make a browser send requests here; it cannot choose the Host
header, cannot hide its Origin when it changes something, and cannot set a header of ours
without being asked for leave first, which is never given. So all three are looked at.
"""

import hmac
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dubstage.page.state import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
LONGEST_TARGET = 16_384  # bytes of path and query
SHORTEST_TOKEN = 8  # letters
COOKIE = "dubstage"
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
        b" object-src 'none'; frame-src 'self'; frame-ancestors 'self';"
        b" base-uri 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`."""
    return host in LOOPBACK


class Guard:
    """ASGI middleware: refuses foreign hosts and origins, asks for the token, sets headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        if not is_loopback(settings.host) and not settings.token:
            raise ValueError(f"on {settings.host} others can ask, so a token has to be asked for")
        self._app = app
        self._settings = settings
        self._hosts = set(LOOPBACK)
        self._any_host = not is_loopback(settings.host)  # then the token stands guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await self._with_headers(refusal, scope, receive, send, None)
            return
        given = self._token_in_query(scope)
        await self._with_headers(self._app, scope, receive, send, given)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> JSONResponse | None:
        if len(scope["raw_path"] or b"") + len(scope["query_string"]) > LONGEST_TARGET:
            return _refused("the address is too long", 414)
        if not self._any_host and not self._is_ours(headers.get(b"host", "")):
            return _refused("this page is served to its own machine only", 421)
        origin = headers.get(b"origin")
        if origin is not None and not self._same_origin(origin, headers.get(b"host", "")):
            return _refused("requests from other sites are not answered", 403)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and b"x-dubstage" not in headers:
            return _refused("a request that changes something needs the header X-Dubstage", 403)
        if self._settings.token is not None and not self._knows_token(scope, headers):
            return _refused("a token is needed: open the address that dubstage serve printed", 401)
        return None

    def _is_ours(self, host: str) -> bool:
        name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        if not name or not port.isdigit():
            name, port = host, ""
        expected = str(self._settings.port)
        return name in self._hosts and (not port or expected == "0" or port == expected)

    def _same_origin(self, origin: str, host: str) -> bool:
        scheme, _, rest = origin.partition("://")
        return scheme in ("http", "https") and rest == host

    def _knows_token(self, scope: Scope, headers: dict[bytes, str]) -> bool:
        cookie = SimpleCookie(headers.get(b"cookie", "")).get(COOKIE)
        given = (
            self._token_in_query(scope),
            headers.get(b"authorization", "").removeprefix("Bearer "),
            cookie.value if cookie is not None else "",
        )
        token = (self._settings.token or "").encode()
        return any(hmac.compare_digest((each or "").encode(), token) for each in given)

    def _token_in_query(self, scope: Scope) -> str | None:
        if b"token=" not in scope["query_string"]:
            return None
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
        return given[0] if given else None

    async def _with_headers(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, token: str | None
    ) -> None:
        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in _HEADERS if header[0] not in own),
                ]
                if token is not None and self._settings.token is not None:
                    kept = f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"
                    message["headers"].append((b"set-cookie", kept.encode("latin-1")))
            await send(message)

        await app(scope, receive, send_more)


def _refused(text: str, status: int) -> JSONResponse:
    return JSONResponse({"error": text}, status)
