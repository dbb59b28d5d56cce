"""The door of the local web applications: who may ask, and what every answer carries."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from handouts.problems import HandoutsError
from handouts.serving import HEADERS, LARGEST, Door, Guard, listening

DOOR = Door(8421)
OWN = "http://127.0.0.1:8421"


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _framed(_: Request) -> Response:
    return HTMLResponse("", headers={"Content-Security-Policy": "default-src 'none'"})


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A browser of this machine."""
    application = Starlette(routes=[Route("/", _echo, methods=["GET", "POST"]), Route("/own", _framed)])
    with TestClient(Guard(application, DOOR), base_url=OWN) as made:
        yield made


def test_own_pages_are_answered(client: TestClient) -> None:
    """A page of the application may ask and send; every answer carries every header, also a refusal."""
    for answer in (client.get("/"), client.post("/", content=b"abc", headers={"Origin": OWN}), client.delete("/")):
        assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    assert client.post("/", content=b"abc", headers={"Origin": OWN}).text == "3"


def test_no_picture_is_missing(client: TestClient) -> None:
    """A browser that asks for the picture of a tab is told that there is none, without an error."""
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.content) == (204, b"")


def test_an_answer_may_be_stricter(client: TestClient) -> None:
    """A policy that an answer sets itself is not replaced."""
    assert client.get("/own").headers["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:9999", "127.0.0.1", "localhost.evil.example:8421", "", "127.0.0.1:8421.evil.example"]
)
def test_other_hosts(client: TestClient, host: str) -> None:
    """A request for another host is refused: a name that was made to point here (DNS rebinding) gets nothing."""
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1:8421"},
        {"Origin": f"{OWN}.evil.example"},
        {"Origin": OWN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": OWN, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_origins(client: TestClient, headers: dict[str, str]) -> None:
    """What does not come from a page of the application itself is not taken."""
    assert client.post("/", content=b"abc", headers=headers).status_code == 403


def test_other_sites_may_only_link(client: TestClient) -> None:
    """A link from elsewhere leads here; a picture or a script of another site does not."""
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", headers=link).status_code == 200
    assert client.get("/", headers={**link, "Sec-Fetch-Mode": "no-cors"}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods(client: TestClient, method: str) -> None:
    """Only what a browser's pages use is answered."""
    assert client.request(method, "/", headers={"Origin": OWN}).status_code == 405


def test_large_bodies(client: TestClient) -> None:
    """A body that is too long is refused, also when its header does not tell."""
    headers = {"Origin": OWN}
    assert client.post("/", content=b"x" * LARGEST, headers=headers).text == str(LARGEST)
    assert client.post("/", content=b"x" * (LARGEST + 1), headers=headers).status_code == 413
    assert client.post("/", content=iter([b"x" * LARGEST, b"x"]), headers=headers).status_code == 413
    assert client.post("/", content=b"", headers={**headers, "Content-Length": "-1"}).status_code == 413


def test_a_port_that_is_taken() -> None:
    """When no port is free, that is said and what to do."""
    first = listening("127.0.0.1", [0])
    first.listen()
    taken = first.getsockname()[1]
    with first, pytest.raises(HandoutsError, match="cannot listen") as told:
        listening("127.0.0.1", [taken])
    assert str(told.value) == (
        "--port: error: cannot listen at 127.0.0.1: Address already in use [serving/port]\n"
        "    hint: another program may use that port: name another with --port"
    )
