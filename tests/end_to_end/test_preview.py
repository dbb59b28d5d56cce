"""The preview in a real browser: a saved file is seen without a reload, a mistake stops nothing, keys lead on."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from handouts import po_reader
from tests.conftest import TESTS
from tests.end_to_end.conftest import axe
from tests.test_live import EDITS
from tests.translated import translate

pytestmark = pytest.mark.slow

SLOWEST = 60_000
"""Milliseconds that anything may take on a machine that does much else."""

ARABIC = "locales/ar/LC_MESSAGES/tea.po"


@pytest.fixture(scope="module")
def arabic(_whole_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The minimal project with Arabic, whose words are the English between marks."""
    folder = Path(shutil.copytree(_whole_project, tmp_path_factory.mktemp("arabic") / "project"))
    shutil.copytree(
        TESTS.parent / "locales/ar", folder / "locales/ar", ignore=shutil.ignore_patterns("LC_MESSAGES", "glossary.yaml")
    )
    (folder / "locales/ar/LC_MESSAGES").mkdir()
    clinic = folder / "content/clinic.yaml"
    clinic.write_text(clinic.read_text(encoding="utf-8").replace("[en, es]", "[en, es, ar]"), encoding="utf-8")
    translate(folder, "ar")
    assert po_reader.parse((folder / ARABIC).read_bytes(), ARABIC).entries
    return folder


@pytest.fixture
def folder(arabic: Path, tmp_path: Path) -> Path:
    """A copy of it to edit."""
    return Path(shutil.copytree(arabic, tmp_path / "project"))


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """The command as it is run, and where its pages are; it ends as Ctrl-C ends it."""
    command = [sys.executable, "-m", "handouts", "preview", "--project", str(folder), "--no-browser"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(TESTS.parent)}
    ) as running:
        assert running.stdout
        assert running.stderr
        line = running.stdout.readline()
        found = re.search(r"http://\S+/", line)
        assert found, line + running.stderr.read()
        yield found[0]
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
        assert (running.returncode, out.splitlines()[-1], err) == (0, "The preview has ended.", "")


@pytest.fixture
def page(address: str, page: Page) -> Page:  # after the address, so that it is closed before the preview ends
    """A page that is closed while the preview still answers it."""
    del address
    return page


def opened(page: Page, address: str, path: str) -> FrameLocator:
    """A handout's page with its sheet."""
    page.goto(f"{address}page/{path}")
    expect(page.locator("body")).to_have_attribute("data-fresh", re.compile("[1-9]"), timeout=SLOWEST)
    sheet = page.frame_locator("#sheet")
    expect(sheet.locator("h1")).to_be_visible(timeout=SLOWEST)
    return sheet


def edited(folder: Path, path: str, old: str, new: str) -> None:
    """Save a file with one text in the place of another."""
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_start_page(page: Page, address: str) -> None:
    """The start page has every language with its counts, leads to a handout, and is accessible in light and dark."""
    page.goto(address)
    row = page.locator("#language-ar")
    expect(row).to_contain_text("of", timeout=SLOWEST)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    row.get_by_role("link", name="Drinking tea in Arabic").click()
    expect(page.frame_locator("#sheet").locator("h1")).to_contain_text("Drinking", timeout=SLOWEST)
    assert page.frame_locator("#sheet").locator("html").get_attribute("dir") == "rtl"
    expect(page.frame_locator("#english").locator("h1")).to_contain_text("Drinking")


def test_a_saved_translation_is_seen(page: Page, address: str, folder: Path) -> None:
    """An edit of a PO file changes the page without a reload, where the reader is; then the printed pages come."""
    sheet = opened(page, address, "ar/tea/standard")
    page.evaluate("window.sameWindow = true")
    sheet.locator("body").evaluate("body => body.ownerDocument.defaultView.scrollTo(0, 400)")
    edited(folder, ARABIC, 'msgstr "«Drinking tea»"', 'msgstr "شرب الشاي"')
    expect(sheet.locator("h1")).to_have_text(re.compile("شرب"), timeout=SLOWEST)
    assert page.evaluate("window.sameWindow") is True
    assert sheet.locator("body").evaluate("body => body.ownerDocument.defaultView.scrollY") == 400
    expect(page.locator("#printed img").first).to_be_visible(timeout=SLOWEST)
    expect(page.locator("#told")).to_contain_text("printed page", timeout=SLOWEST)
    with page.expect_popup() as tab:
        page.locator("#printed").get_by_role("link", name="Open the PDF").click()
    assert "/printed/" in tab.value.url
    tab.value.close()


def test_a_saved_style_is_seen(page: Page, address: str, folder: Path) -> None:
    """An edit of a style sheet changes how the page looks, and nothing else."""
    sheet = opened(page, address, "ar/tea/standard")
    edited(folder, "templates/page.css", ".purpose { font-size: 14pt", ".purpose { font-size: 30pt")
    expect(sheet.locator(".purpose")).to_have_css("font-size", "40px", timeout=SLOWEST)
    expect(sheet.locator("h1")).to_contain_text("Drinking")


def test_a_mistake_stops_nothing(page: Page, address: str, folder: Path) -> None:
    """A broken YAML file is told with its line while the last page stays; mended, the page is new again."""
    sheet = opened(page, address, "ar/tea/standard")
    EDITS["a broken handout"](folder)
    expect(page.locator("#problems")).to_contain_text("content/handouts/tea.yaml:", timeout=SLOWEST)
    expect(page.locator("#frames")).to_have_class(re.compile("stale"))
    expect(sheet.locator("h1")).to_contain_text("Drinking")
    expect(page.locator("#told")).to_contain_text("There is a mistake in content/handouts/tea.yaml:")
    EDITS["a mended handout"](folder)
    expect(page.locator("#frames")).not_to_have_class(re.compile("stale"), timeout=SLOWEST)
    expect(page.locator("#problems")).not_to_contain_text("The last good page stays")


def test_problems_lead_to_their_text(page: Page, address: str, folder: Path) -> None:
    """A missing text stands in English, marked; the list beside leads to it; the page is accessible in light and dark."""
    edited(folder, ARABIC, 'msgstr "«Green tea»"', 'msgstr ""')
    sheet = opened(page, address, "ar/tea/standard")
    missing = sheet.locator(".preview-text.missing")
    expect(missing).to_have_text(re.compile("not translated .*Green tea"))
    page.locator("#problems").get_by_role("link", name="Green tea").click()
    expect(missing).to_have_class(re.compile("aimed"))
    expect(missing).to_be_in_viewport()
    expect(page.locator("#printed")).to_contain_text("No page is printed", timeout=SLOWEST)
    expect(page.locator("#problems")).not_to_contain_text("being checked", timeout=SLOWEST)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)


def test_both_columns_scroll_together(page: Page, address: str) -> None:
    """Where one column is scrolled to, the other is."""
    sheet = opened(page, address, "ar/tea/standard")
    number = page.frame_locator("#english").locator("[data-text]").nth(30).get_attribute("data-text")
    sheet.locator(f"#text-{number}").evaluate("text => text.scrollIntoView({block: 'center'})")
    expect(page.frame_locator("#english").locator(f"#text-{number}")).to_be_in_viewport(timeout=SLOWEST)


def test_keys(page: Page, address: str) -> None:
    """Brackets lead through the languages, also from within the sheet; letters do nothing once keys are turned off."""
    opened(page, address, "en/tea/standard")
    page.keyboard.press("]")
    page.wait_for_url("**/page/ar/tea/standard")
    expect(page.locator("body")).to_have_attribute("data-fresh", re.compile("[1-9]"), timeout=SLOWEST)
    page.frame_locator("#sheet").locator("h1").click()
    page.keyboard.press("]")
    page.wait_for_url("**/page/es/tea/standard")
    page.keyboard.press("[")
    page.wait_for_url("**/page/ar/tea/standard")
    page.keyboard.press("e")
    page.wait_for_url("**/page/ar/tea/large-print")
    page.keyboard.press("b")
    expect(page.locator("#english-box")).to_be_hidden()
    page.get_by_label("Keys work").uncheck()
    page.keyboard.press("]")
    page.keyboard.press("Tab")
    assert page.url.endswith("/page/ar/tea/large-print")


@pytest.mark.parametrize("width", [320, 390, 820])
def test_narrow_windows(page: Page, address: str, width: int) -> None:
    """No page is wider than its window."""
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("", "page/ar/tea/standard"):
        page.goto(address + path)
        expect(page.locator("body")).to_have_attribute("data-fresh", re.compile("[1-9]"), timeout=SLOWEST)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script(browser: object, address: str) -> None:
    """Without JavaScript every page is there, and the choice is sent by a button."""
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{address}page/es/tea/standard")
    expect(page.frame_locator("#sheet").locator("h1")).to_contain_text("Tomar", timeout=SLOWEST)
    page.get_by_label("Language", exact=True).select_option("ar")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("/page/ar/tea/standard$"))
    context.close()


def test_what_phones_are_given(page: Page, address: str) -> None:
    """A web edition is in its own colours, light and dark, without a sheet of paper behind it: every word of it can be read."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}sheet/ar/tea/web")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SLOWEST)
        axe(page)
