"""The preview's pages, asked as a browser asks: without a script first, then the parts that the script swaps."""

import asyncio
import datetime
import importlib.util
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from handouts import checks, fonts, material
from handouts.inspection import found, of_language
from handouts.model import Edition
from handouts.preview import Preview
from handouts.printed_pages import Printed
from handouts.project import Project
from handouts.rasters import Raster, rasters
from handouts.serving import Door, Guard
from handouts.session import Session
from handouts.showing import Wish
from tests.conftest import Run
from tests.test_live import EDITS, HANDOUT
from tests.test_proof import damaged, translated

DOOR = Door(8420)
OWN = "http://127.0.0.1:8420"
TODAY = datetime.date(2025, 1, 1)
PAGE = "es/tea/standard"


class Given(Executor):
    """Runs calls when it is told to; without their cost, pages and checks are not looked at."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[object], Callable[[], object]]] = []

    def submit(self, fn, /, *arguments, **named):  # type: ignore[no-untyped-def]
        """Keeps the call."""
        future: Future[object] = Future()
        self.waiting.append((future, lambda: fn(*arguments, **named)))
        return future

    def go(self) -> None:
        """Runs what was given so far."""
        waiting, self.waiting = self.waiting, []
        for future, call in waiting:
            try:
                future.set_result(call())
            except Exception as fault:
                future.set_exception(fault)


@pytest.fixture
def printer() -> Given:
    """Makes pages when told to."""
    return Given()


@pytest.fixture
def inspector() -> Given:
    """Checks when told to."""
    return Given()


@pytest.fixture
def session(project_folder: Path, printer: Given, inspector: Given) -> Session:
    """A session whose thread does not run: the test says when it looks."""
    made = Session(Project(project_folder), (), TODAY, printer, inspector)
    made.begin()
    return made


@pytest.fixture
def client(session: Session) -> TestClient:
    """A browser."""
    return TestClient(Guard(Preview(session).application(DOOR), DOOR), base_url=OWN)


def checked(session: Session, inspector: Given) -> None:
    """Lets all checks come."""
    for _ in range(4):
        session.turn()
        inspector.go()
    session.turn()


def test_start(client: TestClient, session: Session, inspector: Given) -> None:
    """The start page tells how far each handout is in each language, and leads to each."""
    checked(session, inspector)
    page = client.get("/").text
    assert 'href="/page/es/tea/standard"' in page
    assert 'href="/page/en/tea/standard"' in page
    total = len(session.material.entries["tea"]) if session.material else 0
    assert f"{total} of {total}" in page
    assert "still to check" not in client.get("/now").json()["said"]


def test_start_counts(project_folder: Path, client: TestClient, session: Session) -> None:
    """One missing text is counted at its handout."""
    damaged(project_folder, "Drinking tea", translated(""))
    assert session.look()
    page = client.get("/").text
    assert "not all translated" in page
    assert 'data-name="missing">1<' in page


def test_page(client: TestClient) -> None:
    """A handout's page holds the sheet and its English in frames, choices that work without a script, and places of keys."""
    page = client.get(f"/page/{PAGE}")
    assert page.status_code == 200
    assert 'src="/sheet/es/tea/standard"' in page.text
    assert 'src="/sheet/en/tea/standard"' in page.text
    assert 'id="language-after" href="/page/en/tea/standard"' in page.text
    assert "<kbd>]</kbd>" in page.text
    answer = client.get("/show", params={"language": "es", "sheet": "tea", "edition": "large-print"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/page/es/tea/large-print")


@pytest.mark.parametrize("edition", ["standard", "large-print", "bilingual"])
def test_sheets(client: TestClient, edition: str) -> None:
    """A sheet is a document of its own, which may run nothing, with the styles of its edition."""
    sheet = client.get(f"/sheet/es/tea/{edition}")
    policy = sheet.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "script" not in policy
    assert "Tomar" in sheet.text
    assert "@page" in client.get(f"/style/es/tea/{edition}").text
    assert client.get(f"/style/es/tea/{edition}").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    "path",
    ["/page/xx/tea/standard", "/page/es/nope/standard", "/page/es/tea/nope", "/page/en/tea/bilingual", "/page/es/tea/fillable",
     "/now/es/nope/standard", "/sheet/es/tea", "/printed/abc.pdf", "/printed/abc/1.png", "/../content/clinic.yaml",
     "/page.css", "/clinic.yaml", "/%2e%2e/content/clinic.yaml", "/show?language=es&sheet=nope"],
)  # fmt: skip
def test_what_there_is_not(client: TestClient, path: str) -> None:
    """Only languages, handouts and editions that there are have addresses; no file is reached by its path."""
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (404, "There is no such page. The start page is at /")


def test_what_pages_load(client: TestClient) -> None:
    """The script, the styles and the clinic's colours come from here."""
    for name in ("preview.js", "preview.css", "preview-sheet.css", "preview-marks.css", "screen.css"):
        assert client.get(f"/{name}").status_code == 200
    assert client.get("/brand.css").text == ":root { --brand: #0b4f6c; --accent: #824606; --tint: #ebf1f3; }\n"


def test_an_edit_is_seen(project_folder: Path, client: TestClient, session: Session) -> None:
    """A saved translation is in the next answer; the English beside it stays the very one that was made."""
    before = client.get(f"/now/{PAGE}").json()
    english = session.showing(Wish("en", "tea", Edition.STANDARD))[0]
    EDITS["a translation"](project_folder)
    assert session.look()
    now = client.get(f"/now/{PAGE}").json()
    assert "Beber" in now["sheets"]["sheet"]["body"]
    assert now["sheets"]["english"] == before["sheets"]["english"]
    assert session.showing(Wish("en", "tea", Edition.STANDARD))[0] is english
    assert not now["stale"]


def test_a_style_has_another_address(project_folder: Path, client: TestClient, session: Session) -> None:
    """A saved style sheet is fetched anew; what the page says is the same."""
    before = client.get(f"/now/{PAGE}").json()["sheets"]["sheet"]
    EDITS["a style"](project_folder)
    session.look()
    now = client.get(f"/now/{PAGE}").json()["sheets"]["sheet"]
    assert now["style"] != before["style"]
    assert now["body"] == before["body"]
    assert "27pt" in client.get(now["style"]).text


@pytest.mark.parametrize("name", ["a broken handout", "a broken template", "a broken catalog"])
def test_a_mistake_keeps_the_page(project_folder: Path, client: TestClient, session: Session, name: str) -> None:
    """The last good page stays, said to be old, with the place and the hint of the mistake; mended, all is well."""
    before = client.get(f"/now/{PAGE}").json()
    EDITS[name](project_folder)
    session.look()
    now = client.get(f"/now/{PAGE}").json()
    assert now["stale"]
    assert now["sheets"]["sheet"]["body"] == before["sheets"]["sheet"]["body"]
    place = session.reading.problems[0].place
    assert place.line
    assert f"{place}" in now["parts"]["problems"]
    assert f"There is a mistake in {place}" in now["said"]
    assert client.get(f"/page/{PAGE}").status_code == 200
    assert f"{place}" in client.get("/").text
    EDITS[name.replace("broken", "mended")](project_folder)
    session.look()
    assert client.get(f"/now/{PAGE}").json() == before


def test_another_languages_mistake(project_folder: Path, client: TestClient, session: Session) -> None:
    """A catalog of another language that cannot be read dims nothing here."""
    EDITS["a broken catalog"](project_folder)
    session.look()
    now = client.get("/now/en/tea/standard").json()
    assert not now["stale"]
    assert "1 other mistake" in now["parts"]["problems"]


def test_a_mistake_of_the_preview_itself(project_folder: Path, client: TestClient) -> None:
    """A template of these pages that is broken is told as text, with its line."""
    (project_folder / "templates/preview-start.html.j2").write_text(
        "{% extends 'preview.html.j2' %}\n{% block main %}{{ nope }}{% endblock %}"
    )
    answer = client.get("/")
    assert answer.status_code == 500
    assert "templates/preview-start.html.j2:2: error:" in answer.text


def test_a_broken_project_is_begun(project_folder: Path, printer: Given, inspector: Given) -> None:
    """Content that cannot be read at first is told on the start page, which then shows what was mended."""
    EDITS["a broken handout"](project_folder)
    session = Session(Project(project_folder), (), TODAY, printer, inspector)
    session.begin()
    client = TestClient(Guard(Preview(session).application(DOOR), DOOR), base_url=OWN)
    page = client.get("/").text
    assert f"{session.reading.problems[0].place}" in page
    assert HANDOUT in page
    EDITS["a mended handout"](project_folder)
    session.look()
    assert 'href="/page/es/tea/standard"' in client.get("/").text


def test_hostile_texts(project_folder: Path, client: TestClient, session: Session, inspector: Given) -> None:
    """No word of a catalog becomes an element or an attribute of a page, wherever it is shown."""
    damaged(project_folder, "Drinking tea", translated("<script>alert(1)</script>' onload='x"))
    damaged(project_folder, "Black tea", lambda block: f"# <b onclick=x>\n#, fuzzy\n{block}")
    session.look()
    checked(session, inspector)
    for path in ("/", f"/page/{PAGE}", f"/sheet/{PAGE}"):
        text = client.get(path).text
        assert "<script>" not in text
        assert "alert(1)&lt;/script&gt;" in text or "alert(1)" not in text
    now = client.get(f"/now/{PAGE}").json()
    assert "<script>" not in "".join((*now["parts"].values(), now["sheets"]["sheet"]["body"]))


def test_checks_come_later(project_folder: Path, client: TestClient, session: Session, inspector: Given) -> None:
    """The page is there before its checks; those of the language that is looked at come first."""
    damaged(project_folder, "It takes 4.5 minutes in this tale.", translated("Tarda 45 minutos en este cuento."))
    session.look()
    assert "being checked" in client.get(f"/now/{PAGE}").json()["parts"]["problems"]
    session.turn()
    inspector.go()
    session.turn()
    part = client.get(f"/now/{PAGE}").json()["parts"]["problems"]
    assert "numbers/multiset" in part
    assert "data-goto" in part
    EDITS["the clinic"](project_folder)
    session.look()
    part = client.get(f"/now/{PAGE}").json()["parts"]["problems"]
    assert "numbers/multiset" in part  # until the next come, without a link to a text that may be another
    assert "data-goto" not in part


def test_checks_by_language_are_all_checks(project_folder: Path) -> None:
    """The problems of each language and of the English together are those of the whole project."""
    damaged(project_folder, "It takes 4.5 minutes in this tale.", translated("Tarda 45 minutos en este cuento."))
    damaged(project_folder, "Black tea", translated(""))
    read = material.read(Project(project_folder))
    apart = {p for code in ("en", "es") for p in found(of_language(read, code), code, TODAY)}
    assert apart == set(checks.run(read, TODAY))


def test_pages_are_made(client: TestClient, session: Session, printer: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is made after the page was asked for, shown as pictures, and told to be being made until then."""
    monkeypatch.setenv("FONTCONFIG_FILE", "")  # so that what is set next is undone
    fonts.configure(session.project.templates, session.project.cache)
    assert "being made" in client.get(f"/page/{PAGE}").text
    session.turn()
    assert "being made" in client.get(f"/now/{PAGE}").json()["said"]
    printer.go()
    session.turn()
    now = client.get(f"/now/{PAGE}").json()
    assert "printed page" in now["said"]
    key = session.pages(Wish("es", "tea", Edition.STANDARD)).key
    assert client.get(f"/printed/{key}.pdf").content.startswith(b"%PDF")
    assert client.get(f"/printed/{key}/1.png").content.startswith(b"\x89PNG")
    assert client.get(f"/printed/{key}/99.png").status_code == 404
    assert f"/printed/{key}/1.png" in now["parts"]["printed"]


def test_pages_follow_an_edit(
    project_folder: Path, client: TestClient, session: Session, printer: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an edit the old pictures stay, said to be old, until the new ones are there; an old result never takes their place."""
    monkeypatch.setattr("handouts.session.printed", lambda job, *_: Printed(job.page.handout.title.encode(), _PICTURES))
    client.get(f"/page/{PAGE}")
    session.turn()
    EDITS["a translation"](project_folder)
    session.look()
    printer.go()  # what was begun before the edit
    session.turn()
    assert session.pages(Wish("es", "tea", Edition.STANDARD)).making
    printer.go()
    session.turn()
    pages = session.pages(Wish("es", "tea", Edition.STANDARD))
    assert not pages.making
    assert "Beber té".encode() in client.get(f"/printed/{pages.key}.pdf").content
    EDITS["a translation back"](project_folder)
    session.look()
    assert "these are the last ones" in client.get(f"/now/{PAGE}").json()["parts"]["printed"]
    session.turn()  # it was made before: nothing is made again
    assert not printer.waiting
    assert not session.pages(Wish("es", "tea", Edition.STANDARD)).making


def unprinted(client: TestClient, session: Session, printer: Given, address: str) -> dict[str, Any]:
    """The parts of a page of which nothing is sent to the printer."""
    client.get(f"/page/{address}")
    session.turn()
    assert not printer.waiting
    return dict(client.get(f"/now/{address}").json())


def test_no_page_is_printed_with_english_in_it(
    project_folder: Path, client: TestClient, session: Session, printer: Given
) -> None:
    """A page that is not all translated is shown, and not printed."""
    damaged(project_folder, "Drinking tea", translated(""))
    session.look()
    now = unprinted(client, session, printer, PAGE)
    assert "No page is printed: 1 of" in now["parts"]["printed"]
    assert "not translated" in now["sheets"]["sheet"]["body"]


def test_a_web_edition_is_its_own_page(client: TestClient, session: Session, printer: Given) -> None:
    """What phones are given is shown on no sheet of paper and not printed; the place of the printed pages says so."""
    address = PAGE.replace("standard", "web")
    now = unprinted(client, session, printer, address)
    assert "A web edition is not printed" in now["parts"]["printed"]
    assert "«" in now["sheets"]["sheet"]["body"]
    papers = ["/preview-sheet.css" in client.get(f"/sheet/{each}").text for each in (address, PAGE)]
    assert papers == [False, True]


def test_message_of_work_that_was_lost(
    client: TestClient, session: Session, printer: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that died is told beside the page, with what to do."""

    def dies(*_: object) -> Printed:
        raise RuntimeError("signal 9, Killed")

    monkeypatch.setattr("handouts.session.printed", dies)
    client.get(f"/page/{PAGE}")
    session.turn()
    printer.go()
    session.turn()
    (problem,) = session.pages(Wish("es", "tea", Edition.STANDARD)).printed.problems
    assert str(problem) == (
        "es/tea.pdf: error: this could not be made: signal 9, Killed [preview/worker]\n"
        "    hint: save a file of it to try again; if that does not help, end the preview and start it anew"
    )
    assert "signal 9, Killed" in client.get(f"/now/{PAGE}").json()["parts"]["printed"]


def test_the_thread_does_all_of_it(project_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its thread running, a saved file is told to whoever listens, and the end too."""
    monkeypatch.setattr("handouts.session.printed", lambda *_: Printed(b"%PDF", _PICTURES))
    monkeypatch.setattr("handouts.session.found", lambda *_: ())
    with ThreadPoolExecutor(1) as pool:
        session = Session(Project(project_folder), (), TODAY, pool, pool)
        heard: list[int] = []
        news = threading.Condition()

        def hear(number: int) -> None:
            with news:
                heard.append(number)
                news.notify_all()

        session.listen(hear)
        session.start()
        assert session.begun.wait(60)
        EDITS["a translation"](project_folder)
        with news:
            assert news.wait_for(lambda: "Beber té" in _words(session), 60)
        session.close()
        assert heard[-1] == -1
        session.close()


def test_events(session: Session) -> None:
    """The stream says the number of each state, and ends with the preview."""

    async def heard() -> list[str]:
        answer = await Preview(session).events(None)  # type: ignore[arg-type]
        session.farewell()
        return [str(part) async for part in answer.body_iterator]  # type: ignore[attr-defined]

    with ThreadPoolExecutor(1) as apart:  # a browser's test may have a loop running in this thread
        told = apart.submit(lambda: asyncio.run(heard())).result()
    assert told == ["retry: 1000\ndata: 1\n\n"]


def test_nothing_is_written(project_folder: Path, client: TestClient, session: Session, inspector: Given) -> None:
    """Looking at pages changes no file of the project."""
    before = {path: path.read_bytes() for path in project_folder.rglob("*") if path.is_file()}
    for path in ("/", f"/page/{PAGE}", f"/now/{PAGE}", f"/sheet/{PAGE}"):
        client.get(path)
    checked(session, inspector)
    assert {path: path.read_bytes() for path in project_folder.rglob("*") if path.is_file()} == before


def test_pictures_of_a_form(tmp_path: Path) -> None:
    """A page of a PDF is a picture of its size."""
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 100)
    writer.write(tmp_path / "blank.pdf")
    (raster,) = rasters((tmp_path / "blank.pdf").read_bytes())
    assert (raster.width, raster.height, raster.png[:4]) == (300, 150, b"\x89PNG")


_PICTURES = (Raster(300, 150, b"\x89PNG"),)


def _words(session: Session) -> str:
    shown, _ = session.showing(Wish("es", "tea", Edition.STANDARD))
    return shown.body(()).replace("\u00a0", " ") if shown else ""


def test_message_of_missing_packages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the packages of local web applications the command says which, and how to get them."""
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else real(name))
    code, _, err = run("preview")
    assert (code, err) == (
        1,
        "handouts preview: error: this needs packages that are not installed: uvicorn [serving/extra]\n"
        "    hint: pip install 'handouts[desk]'\n",
    )


def test_message_of_missing_templates(project_folder: Path, run: Run) -> None:
    """A project folder that is older than the preview is told what to copy."""
    (project_folder / "templates/preview.html.j2").unlink()
    code, _, err = run("preview")
    assert (code, err) == (
        1,
        "templates/preview.html.j2: error: there is no such file: it is what the preview's pages are made with [preview/templates]\n"
        "    hint: copy templates/preview* and templates/screen.css from a new project: handouts init DIR\n",
    )


def test_an_unknown_language(run: Run) -> None:
    """A language that there is not is told before anything is opened."""
    code, _, err = run("preview", "-l", "xx")
    assert code == 1
    assert '"xx" is not a known language' in err
