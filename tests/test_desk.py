"""The desk: from a form to a PDF that is read back, what is refused, and that nothing of a patient stays anywhere."""

import datetime
import gc
import importlib.util
import io
import re
import resource
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pypdf
import pytest
from starlette.testclient import TestClient

from handouts import desk_pages, fonts, packing, register
from handouts.commands import consulting
from handouts.desk import Desk
from handouts.desk_pages import PDF_POLICY, Pages
from handouts.page import Page
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project
from handouts.serving import HEADERS, LARGEST, Door, Guard
from tests.conftest import Run
from tests.words_of_files import texts

OWN = "http://127.0.0.1:8421"
NAME = "Zebedäus O\u2019Quill"
TYPED = {
    "name": NAME,
    "number": "QX-771-42",
    "clinician": "Dr. Wimbledorf",
    "interpreter": "مریم اردکانی",
    "date": "2025-01-01",
}
NOW = datetime.datetime(2025, 1, 1, 9, 30, tzinfo=datetime.UTC)

Post = Callable[..., httpx2.Response]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, _pack_project: Path) -> Iterator[Desk]:
    """A desk of the project with a pack, whose sheets are made in a thread."""
    folder = Path(shutil.copytree(_pack_project, tmp_path_factory.mktemp("desk") / "project"))
    project = Project(folder)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as executor:
        patch.setenv("FONTCONFIG_FILE", "")
        fonts.configure(project.templates, project.cache)
        yield Desk(project, executor, now=lambda: NOW)


@pytest.fixture
def pages(desk: Desk) -> Pages:
    """The pages of the desk."""
    return Pages(desk.project.templates, lambda: consulting._offer(desk), desk.made)


@pytest.fixture
def client(pages: Pages) -> Iterator[TestClient]:
    """A browser of this machine."""
    with TestClient(Guard(pages.application(), Door(8421)), base_url=OWN) as made:
        yield made


@pytest.fixture
def post(client: TestClient, pages: Pages) -> Post:
    """Sends the form of the page; `change` replaces fields, None leaves one out."""

    def sent(**change: Any) -> httpx2.Response:
        fields = {"token": pages.token, "do": "show", "language": "es", "staff": "en", "pack": "tea-pack", "confirmed": "yes"}
        data = {name: value for name, value in (fields | change).items() if value is not None}
        return client.post("/", data=data, headers={"Origin": OWN})

    return sent


def _read(answer: httpx2.Response) -> pypdf.PdfReader:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.content))


def test_the_page(client: TestClient) -> None:
    """The page has every language and document with its state, loads its own style and script only, and is not stored."""
    answer = client.get("/")
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    for word in ("Fictional Tea Clinic", "Español", "All about tea", "Drinking tea", "form to sign", "draft: not signed"):
        assert word in answer.text
    assert not re.search(r"<style|style=|<script>|onclick|https?://", answer.text)
    assert client.get("/desk.css").headers["content-type"].startswith("text/css")
    assert client.get("/desk.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/etc/passwd").status_code == 404


@pytest.mark.slow
def test_a_pack(post: Post, desk: Desk) -> None:
    """The answer is one tagged PDF in the patient's language with what was typed on its cover; the register has one line more."""
    before = _lines(desk)
    answer = post(**TYPED)
    reader = _read(answer)
    cover = reader.pages[0].extract_text()
    for told in (NAME, "QX-771-42", "Dr. Wimbledorf", "1 de enero de 2025"):
        assert told in cover
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "es"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert answer.headers["content-disposition"] == 'inline; filename="handouts.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == PDF_POLICY
    assert _lines(desk)[len(before) :] == [
        f"2025-01-01T09:30+00:00,tea-pack,TEA-01 1.0 TEA-02 1.0,{_digest(desk)},es,en,standard paper,draft"
    ]
    assert not any(NAME in str(value) for value in (reader.metadata or {}).values())
    assert NAME.encode() not in root["/Metadata"].get_data()


def _lines(desk: Desk) -> list[str]:
    path = desk.project.folder / register.NAME
    return path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []


def _digest(desk: Desk) -> str:
    return _lines(desk)[-1].split(",")[3]


@pytest.mark.slow
def test_a_fillable_pack(post: Post) -> None:
    """What was typed is printed, what was not is a field; the copy for the staff is in their language."""
    reader = _read(post(pack="", handout=["tea", "tea-form"], form="fillable", copy="yes", do="save", name=NAME))
    names = set(reader.get_fields() or {})
    assert not any(name.endswith("patient-name") for name in names)
    assert sum(name.endswith("patient-number") for name in names) == 2
    covers = [page.extract_text() for page in reader.pages if NAME in page.extract_text()]
    assert len(covers) == 2
    assert "Who this pack is for" in covers[1].replace("«", "")


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["large-print", "bilingual"])
def test_layouts(post: Post, layout: str) -> None:
    """A pack in large print or with bilingual sheets is made, and says that it is accessible."""
    reader = _read(post(layout=layout, **TYPED))
    root: Any = reader.trailer["/Root"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert any(page.mediabox.width > page.mediabox.height for page in reader.pages) == (layout == "bilingual")


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["standard", "large-print"])
@pytest.mark.parametrize(
    "typed",
    [
        "W" * 80,
        "Wolfeschlegelsteinhausenbergerdorff " * 2,
        "阮氏明 " * 20,
        "مریم\u200cسادات اردکانی " * 3,
        "<b>&amp;</b> {clinic} **x**",
    ],
)
def test_long_and_strange_names(post: Post, typed: str, layout: str) -> None:
    """As much as the form takes stays inside its box, in every script; signs of HTML are printed as signs."""
    reader = _read(post(layout=layout, name=typed, number=typed, clinician=typed, interpreter=typed))
    if typed.startswith("<"):
        assert "<b>&amp;</b> {clinic} **x**" in " ".join(reader.pages[0].extract_text().split())


def test_unsigned_needs_a_confirmation(post: Post, desk: Desk) -> None:
    """Without the tick the form comes back with all that was typed, says what is not signed, and nothing is given."""
    before = _lines(desk)
    answer = post(confirmed=None, copy="yes", layout="large-print", **TYPED)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "Nothing was made yet. This is not approved" in answer.text
    for value in (NAME, "QX-771-42", "Dr. Wimbledorf", "مریم اردکانی", "2025-01-01"):
        assert f'value="{value}"' in answer.text
    assert 'value="tea-pack" checked' in answer.text
    assert 'value="large-print" checked' in answer.text
    assert _lines(desk) == before


def test_mistakes_come_back(post: Post) -> None:
    """What is wrong is told at the top and at its field, and linked; HTML that was typed stays text."""
    answer = post(language="", name="x\x01", number="<script>alert(1)</script>")
    assert answer.status_code == 200
    assert 'href="#language"' in answer.text
    assert 'aria-describedby=" name-fault"' in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


def test_another_language_without_a_script(post: Post) -> None:
    """The button for what is ready in a language gives the form again, with everything that was typed and no complaint."""
    answer = post(do="look", pack="", confirmed=None, **TYPED)
    assert answer.status_code == 200
    assert f'value="{NAME}"' in answer.text
    assert '<option value="es" selected>' in answer.text
    assert "Nothing was made" not in answer.text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": None}, 403), ({"token": "guessed"}, 403), ({"token": "é"}, 403), ({"do": None}, 400), ({"do": "delete"}, 400),
        ({"language": "xx"}, 400), ({"pack": "../../etc/passwd"}, 400), ({"pack": "", "handout": "..%2f..%2ftea"}, 400),
        ({"name": ["a", "b"]}, 400), ({"debug": "1"}, 400), ({"name": "x" * 10_000}, 200), ({"name": "x" * LARGEST}, 413),
    ],
)  # fmt: skip
def test_hostile_forms(post: Post, desk: Desk, change: dict[str, Any], status: int) -> None:
    """A form that this page did not make is refused, whatever it holds; nothing is given."""
    before = _lines(desk)
    answer = post(**change)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert _lines(desk) == before


def test_hostile_requests(client: TestClient, pages: Pages) -> None:
    """Another host, another site, another kind of body, a token in the address: all are refused."""
    body = {"token": pages.token, "do": "show", "language": "es", "pack": "tea-pack", "confirmed": "yes"}
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert client.post("/", data=body, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/", data=body).status_code == 403
    assert client.post("/", json=body, headers={"Origin": OWN}).status_code == 400
    assert client.post("/", files={"name": b"x"}, data=body, headers={"Origin": OWN}).status_code == 400
    assert client.post("/?name=Ada", content=b"", headers={"Origin": OWN}).status_code == 400
    for path in ("/../content/clinic.yaml", "/%2e%2e/content/clinic.yaml", "/desk.js/../../x", "//etc/passwd", "/desk.html.j2"):
        assert client.get(path).status_code in (400, 404)


def test_an_unforeseen_fault_tells_nothing(pages: Pages, capfd: pytest.CaptureFixture[str]) -> None:
    """When something breaks, the answer names the kind of fault only, and no log has a word of what was typed."""

    def broken(request: object) -> bytes:
        raise RuntimeError(f"{NAME} {request}")

    broken_pages = Pages(pages.templates, pages.offer, broken, pages.token)
    with TestClient(Guard(broken_pages.application(), Door(8421)), base_url=OWN) as client:
        data = {"token": pages.token, "do": "show", "language": "es", "staff": "en", "pack": "tea-pack", "name": NAME}
        answer = client.post("/", data=data, headers={"Origin": OWN})
    assert answer.status_code == 500
    assert answer.text == "Something went wrong that nobody foresaw (RuntimeError). Nothing was kept."
    told = capfd.readouterr()
    assert "Zebed" not in told.out + told.err


def test_a_page_that_cannot_be_made(pages: Pages) -> None:
    """What stops a pack is told in the form, with what to do."""

    def failing(_: object) -> bytes:
        raise HandoutsError(Problem(Place("es/tea.pdf"), "layout/render", "the page cannot be laid out", "look at templates/"))

    with TestClient(
        Guard(Pages(pages.templates, pages.offer, failing, pages.token).application(), Door(8421)), base_url=OWN
    ) as client:
        data = {"token": pages.token, "do": "show", "language": "es", "staff": "en", "pack": "tea-pack", "name": NAME}
        answer = client.post("/", data=data, headers={"Origin": OWN})
    assert answer.status_code == 200
    assert "the page cannot be laid out. look at templates/" in answer.text
    assert f'value="{NAME}"' in answer.text


@pytest.mark.slow
def test_ten_thousand_requests(client: TestClient, pages: Pages) -> None:
    """After ten thousand requests, good and hostile, answers are sound and memory has not grown with them."""

    def some(count: int) -> None:
        for number in range(count):
            good = number % 4 == 0
            data = {
                "token": pages.token if good else "x",
                "do": "look",
                "language": "es",
                "staff": "en",
                "name": f"{number} {'x' * 5000}",
            }
            answer = client.post("/", data=data, headers={"Origin": OWN})
            assert answer.status_code == (200 if good else 403)

    some(1000)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    some(9000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB
    assert client.get("/").status_code == 200


@pytest.mark.slow
def test_leaves_without_details_are_set_once(post: Post, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second pack of a kind sets its cover only: that is what makes it fast; the cover is never kept."""
    _read(post(**TYPED))
    kept = dict(desk._leaves)
    set_: list[str] = []
    printed, checked = packing.printed, packing.checked

    def seen(make: Callable[..., Any]) -> Callable[..., Any]:
        def call(page: Any, *given: Any, **named: Any) -> Any:
            set_.append(page.leaf.kind)
            return make(page, *given, **named)

        return call

    monkeypatch.setattr(packing, "printed", seen(printed))
    monkeypatch.setattr(packing, "checked", seen(checked))
    _read(post(**TYPED | {"name": "Somebody Else"}))
    assert set_ == ["cover"]
    assert dict(desk._leaves) == kept


@pytest.mark.slow
def test_nothing_of_a_patient_is_on_the_disk(post: Post, desk: Desk, client: TestClient) -> None:
    """After a session no file of the project or its cache holds a detail, in any encoding; nor do the leaves in memory."""
    for change in (
        {},
        {"form": "fillable", "copy": "yes"},
        {"pack": "", "handout": "tea"},
        {"confirmed": None},
        {"name": "\x01"},
    ):
        post(**TYPED | change)
    secrets = ("Zebed", "O\u2019Quill", "QX-771-42", "Wimbledorf", "اردکانی", "ﯽﻧﺎﮐدرا")
    wanted = [word.encode(code) for word in secrets for code in ("utf-8", "utf-16-be", "utf-16-le")]
    found = [
        path
        for path in desk.project.folder.rglob("*")
        if path.is_file()
        for text in texts(path)
        for word in wanted
        if word in text
    ]
    assert found == []
    assert not any(word in leaf for leaf, _ in desk._leaves.values() for word in wanted)
    assert "Zebed" not in client.get("/").text


def test_a_mistake_in_a_file_does_not_close_the_desk(desk: Desk, client: TestClient) -> None:
    """While a file is broken the desk works with what it read before and says so; mended, it is read again."""
    path = desk.project.folder / "content/clinic.yaml"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("name: Fictional Tea Clinic", "nome: x"), encoding="utf-8")
        assert "The clinic’s files have a mistake" in client.get("/").text
        path.write_text(text.replace("Fictional Tea Clinic", "Fictional Coffee Clinic"), encoding="utf-8")
        assert "Fictional Coffee Clinic" in client.get("/").text
    finally:
        path.write_text(text, encoding="utf-8")
    mended = client.get("/").text
    assert "Fictional Tea Clinic" in mended
    assert "have a mistake" not in mended


def test_another_day(desk: Desk, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that stays open past a review date says so the next morning."""
    assert ">out of date</span>" not in client.get("/").text
    monkeypatch.setattr(desk, "now", lambda: NOW.replace(year=2100))
    assert ">out of date</span>" in client.get("/").text


def test_what_is_being_prepared_is_told(client: TestClient, desk: Desk) -> None:
    """A language whose sheets are not all ready is marked, with how many are."""
    desk._progress["es"] = 3, 7
    try:
        assert "Spanish (3 of 7 sheets)" in client.get("/").text
    finally:
        del desk._progress["es"]
    assert "Being prepared" not in client.get("/").text


@pytest.mark.slow
def test_sheets_are_made_beforehand(desk: Desk) -> None:
    """The desk makes the sheets of every language at its start, and then nothing is waiting."""
    desk.warm()
    assert desk.waiting() == {}
    assert {total for _, total in desk._progress.values()} == {5}  # tea twice, its form three times


@pytest.mark.slow
def test_leaves_are_made_beforehand(desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the desk is ready, a pack without anything typed needs only its contents and page numbers to be set."""
    desk._leaves.clear()
    desk.warm()
    kinds: list[str] = []

    def setting(how: Callable[..., Any]) -> Callable[..., Any]:
        def set_page(page: Page, *given: Any, **options: Any) -> Any:
            kinds.append(page.leaf.kind if page.leaf else page.handout.id)
            return how(page, *given, **options)

        return set_page

    monkeypatch.setattr(packing, "checked", setting(packing.checked))
    monkeypatch.setattr(packing, "printed", setting(packing.printed))
    assert post().headers["content-type"] == "application/pdf"
    assert set(kinds) <= {"contents", "numbers", "filler"}
    assert "contents" in kinds


def test_message_of_a_missing_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the desk's packages are not installed, that is said, and how to get them."""
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "starlette" else real(name))
    assert run("desk") == (
        1, "",
        "handouts desk: error: this needs packages that are not installed: starlette [serving/extra]\n"
        "    hint: pip install 'handouts[desk]'\n",
    )  # fmt: skip


def test_a_pdf_may_not_run_anything() -> None:
    """The policy of a PDF lets nothing be loaded or run; only the viewer's own style."""
    assert "script" not in desk_pages.PDF_POLICY
