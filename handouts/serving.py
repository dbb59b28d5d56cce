"""What the local web applications share: who may ask, what every answer carries, how much may be sent, and how they run.

An application answers this machine only, unless its door names other addresses. Nothing is logged: a line of a log
could hold what a person typed.
"""

import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handouts.problems import HandoutsError, Place, Problem

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
LARGEST = 64 * 1024
"""The largest body of a request, in bytes: a form with every field filled is a tenth of it."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
"""Content Security Policy Level 3: what a page may load, which is nothing from elsewhere and no script in the page."""

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send a form without its origin
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
"""What every answer carries; an answer that sets one of these itself keeps its own."""


@dataclass(frozen=True)
class Door:
    """Where an application is reached."""

    port: int
    host: str = "127.0.0.1"
    """The address it listens at."""
    names: tuple[str, ...] = ()
    """Other names under which browsers may ask for it, where it listens to more than this machine."""

    @cached_property
    def authorities(self) -> frozenset[str]:
        """What a request may name as its host (RFC 9110, 7.2)."""
        hosts = {*LOOPBACK, *self.names, *((self.host,) if self.host not in ("0.0.0.0", "::") else ())}  # noqa: S104
        return frozenset(f"{host}:{self.port}" for host in hosts)

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        return f"http://{self.names[0] if self.names else '127.0.0.1'}:{self.port}/"


@dataclass(frozen=True)
class Guard:
    """Lets only requests through that are meant for this application and come from its own pages."""

    application: ASGIApp
    door: Door
    largest: int = LARGEST

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3; other protocols than HTTP and its lifespan are refused."""
        if scope["type"] == "lifespan":
            await self.application(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refusal = self.refusal(scope["method"], Headers(scope=scope))
        sender = _carrying(send)
        if refusal:
            await PlainTextResponse(refusal[1], refusal[0])(scope, receive, sender)
            return
        if scope["path"] == "/favicon.ico":  # browsers ask for one, also for a PDF
            await Response(status_code=204)(scope, receive, sender)
            return
        await self.application(scope, _limited(receive, self.largest), sender)

    def refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        """The status and the reason for which a request is not answered; nothing when it is."""
        if headers.getlist("host") != [headers.get("host", "")] or headers["host"] not in self.door.authorities:
            return 421, "This address is not one of this application's."
        if method not in ("GET", "HEAD", "POST"):
            return 405, "This application answers GET, HEAD and POST only."
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") and not (
            method == "GET" and headers.get("sec-fetch-mode") == "navigate"
        ):
            return 403, "This request comes from another site."
        if method == "POST" and headers.get("origin", "") not in {f"http://{name}" for name in self.door.authorities}:
            return 403, "This request does not come from a page of this application."
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > self.largest:
            return 413, "The request is too large."
        return None


def _limited(receive: Receive, largest: int) -> Receive:
    """The body of a request, until it is longer than a body may be, whatever its header says."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise HTTPException(413, "The request is too large.")
        return message

    return receiving


def _carrying(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def listening(host: str, ports: Iterable[int]) -> socket.socket:
    """A socket at the first of some ports that is free; raises `HandoutsError` when none is."""
    fault: OSError | None = None
    for port in ports:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            listener.close()
            fault = error
        else:
            return listener
    raise HandoutsError(
        Problem(Place("--port"), "serving/port", f"cannot listen at {host}: {fault.strerror if fault else 'no port was named'}",
                "another program may use that port: name another with --port")
    )  # fmt: skip


class _Server(uvicorn.Server):
    """Says that it ends before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        self._ending()
        await super().shutdown(sockets)


def serve(
    listener: socket.socket,
    application: Callable[[Door], ASGIApp],
    names: tuple[str, ...] = (),
    ending: Callable[[], None] = lambda: None,
) -> None:
    """Run an application behind its guard until Ctrl-C, which is raised again when all is closed.

    `ending` is called before open connections are waited for: it ends streams, which would keep theirs.
    """
    host, port = listener.getsockname()[:2]
    door = Door(port, host, names)
    config = uvicorn.Config(
        Guard(application(door), door),
        log_config=None, access_log=False, server_header=False, date_header=False, lifespan="on", ws="none",
        limit_concurrency=64, timeout_keep_alive=5, timeout_graceful_shutdown=1,
    )  # fmt: skip
    _Server(config, ending).run(sockets=[listener])
