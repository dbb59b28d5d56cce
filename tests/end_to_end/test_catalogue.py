"""The catalogue as staff use it: opened from a folder, in a real browser."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Page, expect

from handouts import catalogue
from tests import listed
from tests.end_to_end.conftest import axe
from tests.shipped import ROOT

DAY = "2026-02-01T12:00:00"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
                    "0000000a49444154789c63680000008200815a3b1f0b0000000049454e44ae426082")  # fmt: skip
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
"""
SIDE_EFFECTS = listed.TITLES["side-effects", "KET-05"]

Open = Callable[..., Page]


def written(folder: Path, entries: listed.Entries) -> Path:
    """An output folder with these files in it; returns its catalogue."""
    for name, entry in entries.items():
        for path, data in ((name, PDF), (entry["picture"], PNG)):
            if path:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(data)
    index = folder / "index.html"
    index.write_bytes(catalogue.index(listed.library(), ROOT / "templates")(entries))
    return index


@pytest.fixture
def opened(page: Page, tmp_path: Path) -> Open:
    """Opens the catalogue of some files from the disk, on a day of the year 2026."""

    def opening(entries: listed.Entries | None = None, hash: str = "") -> Page:
        index = written(tmp_path, listed.entries() if entries is None else entries)
        page.clock.set_fixed_time(DAY)
        page.goto(f"{index.as_uri()}{hash}")
        expect(page.get_by_role("search")).to_be_visible()
        return page

    return opening


def found(page: Page) -> list[str]:
    """The documents that are shown: their titles, in order."""
    return page.locator("#found h3").all_text_contents()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("side eff", [SIDE_EFFECTS["en"], "Your first visit", *[*SIDE_EFFECTS.values()][1:]]),
        ("ket-05 risks", [*SIDE_EFFECTS.values()]),
        ("arabic side", [SIDE_EFFECTS["ar"]]),
        ("العربية الآثار", [SIDE_EFFECTS["ar"]]),
        ("اثار", [SIDE_EFFECTS["ar"]]),
        ("cuales son", [SIDE_EFFECTS["es"]]),
        ("dau la tac dung", [SIDE_EFFECTS["vi"]]),
        ("副作用", [SIDE_EFFECTS["zh-Hans"]]),
        ("zh-hans", [SIDE_EFFECTS["zh-Hans"]]),
        ("es ket-05", [SIDE_EFFECTS["es"]]),
        ("ket05 vietnamese", [SIDE_EFFECTS["vi"]]),
        ("PCK", ["Your first visit"]),
        ("large print english risk", [SIDE_EFFECTS["en"]]),
        ("ketamine zebra", []),
    ],
)
def test_search(opened: Open, words: str, expected: list[str]) -> None:
    """Documents are found by words of their title in English or in their own language, by language, code and number; each word counts."""
    page = opened()
    page.get_by_label("Search").press_sequentially(words)
    if expected:
        expect(page.locator("#count")).to_have_text(f"{len(expected)} document{'s' if len(expected) > 1 else ''}")
    else:
        expect(page.locator("#count")).to_contain_text("Nothing is found.")
    assert found(page) == expected


def test_filters(opened: Open) -> None:
    """Language, edition, kind and state narrow the list, the edition also what a card offers; one press clears all."""
    page = opened()
    page.get_by_label("Language", exact=True).first.select_option("es")
    expect(page.locator("#count")).to_have_text("2 documents")
    page.get_by_text("More filters").click()
    page.get_by_label("Edition").select_option("web")
    assert found(page) == [SIDE_EFFECTS["es"]]
    assert page.locator(".editions b").all_inner_texts() == ["On a phone"]
    page.get_by_role("button", name="Clear search and filters").click()
    page.get_by_label("Kind").select_option("form")
    assert found(page) == ["Consent to a ketamine drip"]
    page.get_by_label("Kind").select_option("")
    page.get_by_label("State").select_option("approved")
    assert found(page) == [listed.TITLES["what-is-ketamine", "KET-01"]["en"]]
    expect(page.locator("#found .state")).to_have_text("Approved")
    expect(page.locator("#found .state svg")).to_be_visible()


def test_a_card_says_what_staff_need(opened: Open) -> None:
    """A card shows picture, both titles, number, version, days, state, editions with pages and size, and the packs it is in."""
    page = opened(hash="#search=ket-05&language=en")
    card = page.locator(".card")
    expect(card.locator("img.cover")).to_have_js_property("naturalWidth", 1)
    expect(card.locator(".facts")).to_have_text("KET-05version 1.0of 15 Jan 2026review 15 Jan 2028")
    expect(card.locator(".what").first).to_have_text("Standard 4 pages, 132 KB")
    expect(card.get_by_role("link", name="Your first talk")).to_have_attribute("href", "en/packs/first-visit.pdf")
    page.goto(page.url.split("#")[0] + "#search=ket-05&language=es")
    expect(card.locator(".english")).to_have_text(SIDE_EFFECTS["en"])
    expect(card.locator(".what").last).to_have_text("On a phone 88 KB")


def test_a_passed_review_date_is_seen_today(opened: Open) -> None:
    """A page that was approved when it was built is expired on a screen once its review date has passed."""
    entries = listed.entries()
    for entry in entries.values():
        entry["review"] = "2026-01-31"
    page = opened(entries, "#state=approved")
    expect(page.locator("#count")).to_contain_text("no such document")
    page.goto(page.url.split("#")[0] + "#state=expired")
    expect(page.locator("#count")).to_have_text("10 documents")


def test_open(opened: Open, browser: Browser) -> None:
    """Every link of the list leads to a file that is there."""
    del browser
    page = opened()
    addresses = page.locator("#found a").evaluate_all("links => links.map(link => link.href)")
    assert len(addresses) > 20
    assert all(Path(re.sub("^file://", "", address)).is_file() for address in addresses)


def test_print_from_a_folder(opened: Open) -> None:
    """From a file share a browser lets no page print another: it is opened, and which keys to press is said."""
    page = opened(hash="#search=ket-05&language=es")
    page.evaluate("() => { window.open = (address) => { window.asked = address; return {}; }; }")
    page.get_by_role("button", name=f"Print {SIDE_EFFECTS['en']}, Spanish, large print").click()
    expect(page.locator("#told")).to_have_text("It is open in a new tab. Press Ctrl and P there to print.")
    assert page.evaluate("window.asked") == "es/large-print/side-effects.pdf"
    assert page.get_by_role("button", name=re.compile("^Print")).count() == 2  # not of the web page


def test_print_where_no_tab_may_open(opened: Open) -> None:
    """Where the browser opens no tab either, that is said, with what to do."""
    page = opened(hash="#search=ket-05&language=es")
    page.evaluate("() => { window.open = () => null; }")
    page.get_by_role("button", name=re.compile("^Print")).first.click()
    expect(page.locator("#told")).to_contain_text("Press Open, and then Ctrl and P to print.")


class Quiet(SimpleHTTPRequestHandler):
    """Hands out a folder as any web server does, and keeps what it was asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """One file."""
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The catalogue on a web server of this machine."""
    written(tmp_path, listed.entries())
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        Quiet.asked.clear()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


FRAME = """(printing) => {
  Object.defineProperty(navigator, "pdfViewerEnabled", { value: true });
  Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", { get() {
    return { focus() {}, print: () => { if (!printing) throw new DOMException("no", "SecurityError"); document.body.dataset.printed = this.src; } };
  } });
  window.open = (address) => { window.asked = address; return {}; };
}"""
"""A browser that shows PDFs itself; its dialogue of printing, which a test cannot press, is a note of what it is asked for."""


def test_print_from_a_server(served: str, page: Page) -> None:
    """From a web server the document is loaded out of sight and given to the browser's own dialogue, without a tab."""
    page.goto(f"{served}#search=ket-05&language=es")
    page.evaluate(FRAME, True)
    page.get_by_role("button", name=f"Print {SIDE_EFFECTS['en']}, Spanish, large print").click()
    expect(page.locator("#told")).to_have_text("It is being made ready to print.")
    expect(page.locator("body")).to_have_attribute(
        "data-printed", served.replace("index.html", "es/large-print/side-effects.pdf")
    )
    assert "/es/large-print/side-effects.pdf" in Quiet.asked
    assert not page.evaluate("window.asked")
    expect(page.locator("iframe")).not_to_be_in_viewport()


def test_print_that_the_browser_refuses(served: str, page: Page) -> None:
    """Where a browser refuses to print what it loaded, the document is opened and said which keys to press."""
    page.goto(f"{served}#search=ket-05&language=es")
    page.evaluate(FRAME, False)
    page.get_by_role("button", name=re.compile("^Print")).first.click()
    expect(page.locator("#told")).to_have_text("It is open in a new tab. Press Ctrl and P there to print.")
    assert page.evaluate("window.asked") == "es/side-effects.pdf"


def test_copy(opened: Open) -> None:
    """Copy link puts the whole address into the clipboard."""
    page = opened(hash="#search=ket-05&language=ar")
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.get_by_role("button", name="Copy link").first.click()
    expect(page.locator("#told")).to_have_text("The link is copied.")
    assert page.evaluate("window.copied") == page.url.split("#")[0].replace("index.html", "ar/side-effects.pdf")


def test_copy_by_hand(opened: Open) -> None:
    """Where there is no clipboard, the link is shown selected, ready to be copied; closing leads back."""
    page = opened(hash="#search=ket-05&language=ar")
    page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('no'); }; }")
    button = page.get_by_role("button", name="Copy link").first
    button.click()
    field = page.get_by_label("It is selected")
    expect(field).to_be_focused()
    selected = field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert selected.endswith("/ar/side-effects.pdf")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_group_by_topic(opened: Open) -> None:
    """By topic, the languages of a document stand together under its English title."""
    page = opened()
    assert page.locator("#found h2").all_inner_texts()[0].startswith("English")
    page.get_by_label("Topic").check()
    assert [text.split("\n")[0] for text in page.locator("#found h2").all_inner_texts()][1].startswith(SIDE_EFFECTS["en"])
    assert found(page)[3:8] == [*SIDE_EFFECTS.values()]
    expect(page.locator(".card .facts").nth(4)).to_contain_text("Spanish Español")


def test_the_last_language_is_remembered(opened: Open) -> None:
    """Whoever comes back finds the language and the grouping that were chosen last, but not the last search."""
    page = opened()
    page.get_by_label("Language", exact=True).first.select_option("ar")
    page.get_by_label("Topic").check()
    page.get_by_label("Search").fill("risk")
    page.goto("about:blank")
    page = opened()
    expect(page.get_by_label("Language", exact=True).first).to_have_value("ar")
    expect(page.get_by_label("Topic")).to_be_checked()
    expect(page.get_by_label("Search")).to_have_value("")
    expect(page.locator("#count")).to_have_text("2 documents")


def test_a_browser_that_keeps_nothing(opened: Open, page: Page) -> None:
    """Where nothing may be stored, everything else works."""
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
    opened()
    page.get_by_label("Search").fill("ket-05")
    expect(page.locator("#count")).to_have_text("5 documents")


def test_an_address_leads_to_what_was_found(opened: Open) -> None:
    """The address tells search, filters and grouping, and leads back to them."""
    page = opened()
    page.get_by_label("Search").fill("副作用")
    page.get_by_label("Topic").check()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_label("Search")).to_have_value("副作用")
    expect(page.get_by_label("Topic")).to_be_checked()
    assert found(page) == [SIDE_EFFECTS["zh-Hans"]]


def test_by_keyboard_alone(opened: Open) -> None:
    """Slash leads to the search, Enter and arrows through the documents, Tab to every control, Escape empties the search."""
    page = opened()
    page.keyboard.press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_be_focused()
    page.keyboard.press("/")
    search = page.get_by_label("Search")
    expect(search).to_be_focused()
    page.keyboard.type("ket-05")
    page.keyboard.press("Enter")
    titles = page.locator("#found h3 a")
    expect(titles.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".card").nth(1).get_by_role("link", name="Open").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(titles.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(search).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).to_have_value("")
    expect(page.locator("#count")).to_have_text("10 documents")


def test_every_control_is_reached_by_tab(opened: Open) -> None:
    """Tab goes through all that can be used, in the order of the page, and every stop shows where it is."""
    page = opened(hash="#search=ket-05&language=es&edition=web")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "(at => [at.id || at.name || at.textContent, getComputedStyle(at).outlineStyle])(document.activeElement)"
        )
        if name in reached or not name or page.evaluate("document.activeElement === document.body"):
            break
        assert outline != "none", name
        reached.append(name)
    wanted = ["skip", "search", "language", "More filters", "kind", "edition", "state", "language", "clear"]
    assert [name for name in reached if name in wanted][:4] == wanted[:4]
    assert reached[-1].startswith("Copy link")


def test_right_to_left(opened: Open) -> None:
    """An Arabic title is marked as Arabic and set from the right, while the page around it stays English."""
    page = opened(hash="#language=ar")
    title = page.locator("#found h3 a").first
    expect(title).to_have_attribute("lang", "ar")
    expect(title).to_have_css("direction", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    heading = page.locator("#found h2")
    assert heading.inner_text().startswith("Arabic العربية")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 820, 1280])
def test_axe_finds_nothing(opened: Open, scheme: str, width: int) -> None:
    """No violation of axe's rules in light and in dark, on a phone, a tablet and a desk, by language and by topic; nothing to scroll across."""
    page = opened()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of two words
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_text("More filters").click()
    axe(page)
    page.get_by_label("Topic").check()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_large_enough(opened: Open) -> None:
    """What is pressed is at least 24 by 24 pixels (WCAG 2.2, 2.5.8)."""
    page = opened()
    page.get_by_text("More filters").click()
    sizes = page.locator("button:visible, #found a, select, input, summary:visible").evaluate_all(
        "all => all.map(one => [one.textContent || one.id || one.type, one.offsetWidth, one.offsetHeight])"
        ".filter(([, w, h]) => w && h && (w < 24 || h < 24))"
    )
    assert [each for each in sizes if each[0] != "radio"] == []  # their labels are pressed with them


def test_a_hostile_title_is_a_title(opened: Open) -> None:
    """A title that tries to end the script is shown as it is written, and nothing of it runs."""
    title = "</script><img src=x onerror=\"document.title='mine'\"><script>document.title='mine'</script>\u2028\u2029"
    entries = listed.entries()
    entries["es/side-effects.pdf"]["title"] = title
    page = opened(entries, "#search=ket-05&language=es")
    expect(page.locator("#found h3")).to_contain_text("</script><img src=x")
    expect(page).to_have_title("Handouts of Sample Pain Clinic")


def test_many_documents_come_in_slices(opened: Open) -> None:
    """Of many documents the first fifty are shown and the rest on request; all of them are searched."""
    page = opened(listed.many(400))
    cards = page.locator(".card")
    expect(cards).to_have_count(50)
    expect(page.locator("#count")).to_have_text("400 documents, the first 50 are shown")
    page.get_by_role("button", name="Show 50 more").click()
    expect(cards).to_have_count(100)
    expect(page.locator("#found h3 a").nth(50)).to_be_focused()
    page.get_by_label("Search").fill("GEN-00199 ar")
    expect(cards).to_have_count(1)
    expect(page.get_by_role("button", name="Show")).to_have_count(0)


def test_paper_gets_all_that_was_found(opened: Open) -> None:
    """Printed, the list holds every document that was found, without search and buttons."""
    page = opened(listed.many(120))
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".card")).to_have_count(120)
    expect(page.get_by_role("search")).to_have_count(0)
    expect(page.locator(".acts").first).to_be_hidden()


def test_without_javascript(browser: Browser, tmp_path: Path) -> None:
    """Without JavaScript every document is there, by language, and no search that does nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(written(tmp_path, listed.entries()).as_uri())
    expect(page.get_by_role("link", name="On a phone")).to_be_visible()
    expect(page.locator("main h2").first).to_contain_text("English")
    expect(page.get_by_role("search")).to_have_count(0)
    context.close()
