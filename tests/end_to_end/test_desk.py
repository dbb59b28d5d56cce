"""The desk in a real browser: from a choice to a PDF that is read back, and nothing of a patient left on the disk."""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from handouts import register
from tests.end_to_end.conftest import axe
from tests.shipped import ROOT
from tests.words_of_files import texts

pytestmark = pytest.mark.slow

NAME = "Zebedäus O\u2019Quill"
SECRETS = ("Zebed", "O\u2019Quill", "QX-771-42", "Wimbledorf")
PATIENCE = 120_000
"""Milliseconds after which something that must happen counts as never happening."""


@dataclass(frozen=True)
class Served:
    """A desk that runs, and the folders it may write to."""

    address: str
    project: Path
    home: Path
    temporary: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, _pack_project: Path) -> Iterator[Served]:
    """`handouts desk` on a copy of the project with a pack, with a home and a temporary folder of its own."""
    folder = tmp_path_factory.mktemp("served")
    project = Path(shutil.copytree(_pack_project, folder / "project"))
    for path in project.glob("content/*/*.yaml"):  # out of date on no day on which this may run
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("2024-01-15", "2998-01-15").replace("2027-01-15", "2999-01-15"), encoding="utf-8")
    home, temporary = folder / "home", folder / "tmp"
    home.mkdir()
    temporary.mkdir()
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    environment.pop("FONTCONFIG_FILE", None)
    command = [sys.executable, "-m", "handouts", "desk", "--project", str(project), "--port", "0", "--no-browser"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        told = process.stdout.readline()
        address = told.removeprefix("The desk is open: ").strip()
        assert address.startswith("http://127.0.0.1:"), told + process.stderr.read()
        yield Served(address, project, home, temporary)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "The desk is closed. Nothing about a patient was kept." in out
    assert err == ""


def _fill(page: Page) -> None:
    """Everything that can be typed about a consultation."""
    page.get_by_label("Patient’s name or label").fill(NAME)
    page.get_by_label("Patient number").fill("QX-771-42")
    page.get_by_label("Given by").fill("Dr. Wimbledorf")
    page.get_by_label("Date", exact=True).fill("2025-01-02")
    page.get_by_label("Interpreter").fill("مریم اردکانی")


def _saved(page: Page) -> pypdf.PdfReader:
    """The PDF that the button to save it gives."""
    with page.expect_download(timeout=PATIENCE) as got:
        page.get_by_role("button", name="Save the PDF").click(timeout=PATIENCE)
    assert got.value.suggested_filename == "handouts.pdf"
    return pypdf.PdfReader(io.BytesIO(got.value.path().read_bytes()))


def _tagged(reader: pypdf.PdfReader, language: str) -> None:
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_from_choice_to_pdf(page: Page, served: Served) -> None:
    """A nurse chooses a language and a pack, types what stands on the cover, confirms and saves: the PDF says it."""
    page.goto(served.address)
    page.get_by_label("The patient reads").select_option("es")
    page.get_by_role("radio", name="All about tea").check()
    _fill(page)
    page.get_by_label("If something in it is a draft").check()
    reader = _saved(page)
    cover = reader.pages[0].extract_text()
    for told in (NAME, "QX-771-42", "Dr. Wimbledorf", "2 de enero de 2025"):
        assert told in cover
    _tagged(reader, "es")
    line = (served.project / register.NAME).read_text(encoding="utf-8").splitlines()[-1]
    assert ",tea-pack,TEA-01 1.0 TEA-02 1.0,sha256:" in line
    assert line.endswith(",es,en,standard paper,draft")


def test_unsigned_is_confirmed(page: Page, served: Served) -> None:
    """Without the tick the form comes back with what was typed, the warning first; with it the pack is given."""
    page.goto(served.address)
    page.get_by_label("The patient reads").select_option("es")
    page.get_by_label(re.compile("Drinking tea")).check()
    page.get_by_label("With a copy for the staff").check()
    _fill(page)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="Save the PDF").click()
    assert answer.value.status == 200
    assert answer.value.headers["cache-control"] == "no-store"
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("draft: not signed")
    expect(page.get_by_label("Patient’s name or label")).to_have_value(NAME)
    axe(page)
    page.get_by_label("If something in it is a draft").check()
    reader = _saved(page)
    assert sum(NAME in each.extract_text() for each in reader.pages) == 2
    _tagged(reader, "es")
    assert page.url == served.address


@pytest.mark.parametrize(
    ("scheme", "width"),
    [("light", 1280), ("dark", 1280), ("light", 820), ("dark", 820), ("light", 390), ("dark", 390), ("light", 320)],
)
def test_accessible(browser: Browser, served: Served, scheme: Any, width: int) -> None:
    """Axe finds nothing, in the light, in the dark and on a phone; nothing stands out of the window."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(served.address)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="Save the PDF").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('form').noValidate = true")
    page.get_by_role("button", name="Save the PDF").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the patient’s language")
    axe(page)
    context.close()


def test_search_and_states(page: Page, served: Served) -> None:
    """Typing leaves what fits; a tick takes the pack away, and the states are those of the language that is chosen."""
    page.goto(served.address)
    tea, form = page.get_by_label(re.compile("Drinking tea")), page.get_by_label(re.compile("Agreeing to tea"))
    page.get_by_label("Find a handout").fill("agree")
    expect(tea).to_be_hidden()
    expect(form).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("1 sheet")
    page.get_by_label("Find a handout").fill("tea-01")
    expect(tea).to_be_visible()
    page.get_by_role("radio", name="All about tea").check()
    tea.check()
    expect(page.get_by_role("radio", name="Only what I tick below")).to_be_checked()
    page.get_by_role("radio", name="All about tea").check()
    expect(tea).not_to_be_checked()


def test_keyboard_only(page: Page, served: Served) -> None:
    """A pack is made without a mouse: Tab, arrows, space and Enter reach everything."""
    page.goto(served.address)

    def tab_to(wanted: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches({wanted!r})"):
                return
        raise AssertionError(f"the Tab key does not reach {wanted}")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the form")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to("#language")
    page.keyboard.type("Spanish")
    tab_to('[name="handout"][value="tea"]')
    page.keyboard.press("Space")
    tab_to("#name")
    page.keyboard.type(NAME)
    tab_to("#confirmed")
    page.keyboard.press("Space")
    tab_to('button[value="save"]')
    with page.expect_download(timeout=PATIENCE) as got:
        page.keyboard.press("Enter")
    reader = pypdf.PdfReader(io.BytesIO(got.value.path().read_bytes()))
    assert NAME in reader.pages[0].extract_text()
    _tagged(reader, "es")


def test_without_javascript(browser: Browser, served: Served) -> None:
    """Without JavaScript all works but the search, which is not shown: the states of a language come with a button."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.address)
    expect(page.get_by_label("Find a handout")).to_be_hidden()
    page.get_by_label("The patient reads").select_option("es")
    page.get_by_label(re.compile("Drinking tea")).check()
    _fill(page)
    page.get_by_role("button", name="Show what is ready in this language").click()
    expect(page.get_by_label("The patient reads")).to_have_value("es")
    expect(page.get_by_label("Patient’s name or label")).to_have_value(NAME)
    expect(page.get_by_label(re.compile("Drinking tea"))).to_be_checked()
    page.get_by_label("If something in it is a draft").check()
    assert NAME in _saved(page).pages[0].extract_text()
    context.close()


def test_the_pdf_is_shown_in_a_new_tab(browser: Browser, served: Served) -> None:
    """The first button opens the PDF in a tab of its own, where the browser shows it; the form stays as it was."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.address)
    page.get_by_label("The patient reads").select_option("en")
    page.get_by_role("radio", name="All about tea").check()
    page.get_by_label("Patient’s name or label").fill(NAME)
    page.get_by_label("If something in it is a draft").check()
    posted = context.expect_event("response", lambda answer: answer.request.method == "POST", timeout=PATIENCE)
    with context.expect_page(timeout=PATIENCE), posted as answer:
        page.get_by_role("button", name="Show the PDF").click()
    assert answer.value.headers["content-type"] == "application/pdf"
    assert answer.value.headers["cache-control"] == "no-store"
    expect(page.get_by_label("Patient’s name or label")).to_have_value(NAME)
    context.close()


def test_nothing_of_a_patient_is_left(page: Page, served: Served) -> None:
    """After a session no file of the project, the cache, the home or the temporary folder holds a detail."""
    page.goto(served.address)
    page.get_by_label("The patient reads").select_option("es")
    page.get_by_role("radio", name="All about tea").check()
    page.get_by_role("radio", name="On a screen").check()
    _fill(page)
    page.get_by_label("If something in it is a draft").check()
    assert NAME in _saved(page).pages[0].extract_text()
    wanted = [word.encode(code) for word in (*SECRETS, "اردکانی") for code in ("utf-8", "utf-16-be", "utf-16-le")]
    wanted += [b"Zebed%C3%A4us", b"O%E2%80%99Quill"]
    folders = (served.project, served.home, served.temporary)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".page" for path in files)
    assert [path for path in files for text in texts(path) for word in wanted if word in text] == []
