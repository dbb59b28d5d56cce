"""Pseudo-languages: what they make of a text, and what they show of the templates."""

import datetime
import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from babel.dates import format_date, get_day_names
from hypothesis import given
from hypothesis import strategies as st

from handouts import checks, fonts, markup, pdf, plan, plurals, pseudo
from handouts.checks.numbers import doses_in, numbers_in
from handouts.material import Material
from handouts.model import Edition
from handouts.page import Page
from handouts.po import Entry
from handouts.values import PLACEHOLDER, STRONG, leaves, text_fault
from tests.shipped import ROOT, shipped

CODES = sorted(pseudo.PSEUDO)
Run = Callable[..., tuple[int, str, str]]

PARTS = st.sampled_from(
    ["{phone}", "{observation}", "**not now**", "80 mg", "0.5 mg/kg", "24-hour", "(or 3)", "Call", "Ask the team.", "ketamine",
     "www.example.org", "https://example.org/a", "team@example.org", "020 7946 0018", "don’t", "1,000 people", "–", "?"]
)  # fmt: skip
TEXTS = st.lists(PARTS | st.from_regex(r"[A-Za-z,.]{1,12}", fullmatch=True), min_size=1, max_size=12).map(" ".join)


@given(TEXTS)
def test_longer_and_mirrored_keep_what_must_stay(text: str) -> None:
    """Placeholders, strong runs, numbers, doses and addresses of a text are in its pseudo-texts, in their order."""
    for made in (pseudo.longer(text), pseudo.mirrored(text)):
        assert PLACEHOLDER.findall(made) == PLACEHOLDER.findall(text)
        assert len(STRONG.findall(made)) == len(STRONG.findall(text))
        assert numbers_in(made) == numbers_in(text)
        assert doses_in(made, "en_GB") == doses_in(text, "en_GB")
        assert re.findall(r"\S*(?:www\.|://|@)\S+", re.sub("[\u2045\u2046\u202c\u202e]", "", made)) == re.findall(
            r"\S*(?:www\.|://|@)\S+", text
        )
        assert text_fault(made) == ""


@given(TEXTS)
def test_longer_is_longer_and_bracketed(text: str) -> None:
    """A longer text is in brackets, and longer by 40 % at least, a text of ten letters or fewer by its whole length."""
    made = pseudo.longer(text)
    assert (made[0], made[-1]) == (pseudo.OPENING, pseudo.CLOSING)
    assert len(made) - 2 >= len(text) * (2.0 if len(text) <= 10 else 1.4)


@given(st.from_regex(r"[A-Za-z ,.?]{1,80}", fullmatch=True))
def test_every_letter_is_accented(text: str) -> None:
    """No letter of the English is left without an accent."""
    assert not re.search("[A-Za-z]", pseudo.longer(text))


@given(TEXTS)
def test_mirrored_loses_nothing(text: str) -> None:
    """Without the marks of direction a mirrored text is the English; each mark is closed before the next space."""
    made = pseudo.mirrored(text)
    assert re.sub("[\u202c\u202e]", "", made) == text
    assert re.sub("\u202e[^\u202c\u202e\\s]+\u202c", "", made).count("\u202e") == 0


def test_short_texts_grow_most() -> None:
    """The shorter a text, the larger the share by which it grows."""
    shares = [len(pseudo.longer("x" * n)) / n for n in (10, 20, 30, 100)]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("code", CODES)
def test_every_plural_form_is_made(code: str) -> None:
    """A message that counts has as many forms as the pseudo-language's rule, the one for 1 made from the English for one."""
    entry = Entry("{count} person", ("", ""), plural="{count} people")
    catalog = pseudo.catalog(code, "ui", [entry])
    strings = catalog.messages[entry.key].strings
    count, expression = plurals.rule(pseudo.PSEUDO[code].facts.locale)
    text = pseudo.PSEUDO[code].text
    assert (len(strings), catalog.plural) == (count, expression)
    assert [s == text("{count} person") for s in strings] == [plurals.form(expression)(1) == i for i in range(count)]


@cache
def material() -> Material:
    """The shipped project with both pseudo-languages."""
    return pseudo.added(shipped(), CODES)


@cache
def pages() -> tuple[Page, ...]:
    """Every shipped handout in both pseudo-languages, standard and large print."""
    todo = plan.plan(material(), plan.Selection(languages=tuple(CODES), editions=(Edition.STANDARD, Edition.LARGE_PRINT)))
    assert todo.blocked == ()
    assert all("LC_MESSAGES" not in source for job in todo.jobs for source in job.sources)
    return tuple(job.page for job in todo.jobs)


class _Words(HTMLParser):
    """The words of a page as people meet them, picture descriptions included; without what is marked as English."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.english = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "br":
            self.parts.append(" ")
        if given.get("alt"):
            self.parts.append(f" {given['alt']} ")
        if tag == "meta" and given.get("name") == "description":
            self.parts.append(f" {given['content']} ")
        if tag not in ("br", "img", "input", "meta", "col") and (self.english or given.get("lang") == "en" or tag == "style"):
            self.english += 1  # a tag that is never closed opens nothing

    def handle_endtag(self, _tag: str) -> None:
        self.english -= bool(self.english)

    def handle_data(self, data: str) -> None:
        if not self.english:
            self.parts.append(data)


def _facts(page: Page) -> Iterator[str]:
    """What stands on a page and is no translation: the clinic's facts, codes, and CLDR's dates and days."""
    for _, value in leaves(page.clinic):
        yield str(value)
    yield ", ".join(page.clinic.address)
    yield from (page.handout.document, page.digest[:8], page.language.name)
    locale = page.language.locale
    yield from (format_date(date, "long", locale=locale) for date in (page.handout.published, page.handout.review))
    yield from get_day_names("wide", locale=locale).values()


def untranslated(page: Page, templates: Path) -> list[str]:
    """The runs of letters on a page that no catalog has made: outside brackets, or not mirrored."""
    parser = _Words()
    parser.feed(markup.html(page, templates))
    text = re.sub("[\u2066\u2067\u2069]", "", "".join(parser.parts))
    for fact in sorted(filter(None, _facts(page)), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(fact)}(?!\w)", " ", text)
    made = (
        "\u202e[^\u202c]*\u202c"
        if page.right_to_left
        else f"{pseudo.OPENING}[^{pseudo.OPENING}{pseudo.CLOSING}]*{pseudo.CLOSING}"
    )
    while (rest := re.sub(made, " ", text)) != text:
        text = rest
    return re.findall(r"[^\W\d_]+", re.sub("[\u0600-\u06ff]+|\\d+ (?:mg|micrograms)", " ", text))


def test_no_word_of_a_page_is_untranslated() -> None:
    """On every shipped page all words come from a catalog, but for the clinic's facts, references and codes."""
    templates = shipped().project.templates
    assert {page.handout.id: found for page in pages() if (found := untranslated(page, templates))} == {}


def test_no_plain_english_is_put_into_a_translated_text() -> None:
    """Inside the brackets too every letter is accented, but for the clinic's facts and CLDR's names and units."""
    allowed = r"\b(?:hours?|micrograms|mg|Monday|Friday|November|Sample Pain Clinic)\b"
    for page in pages():
        if page.language.code == "en-XA":
            parser = _Words()
            parser.feed(markup.html(page, shipped().project.templates))
            texts = re.findall(f"{pseudo.OPENING}[^{pseudo.CLOSING}]*", "".join(parser.parts))
            assert [t for t in texts if re.search("[A-Za-z]", re.sub(allowed, "", t))] == []


def test_a_word_written_into_a_template_shows(read: Callable[[], Material]) -> None:
    """A word of a template that is not marked for translation is found on the pages of both pseudo-languages."""
    made = pseudo.added(read(), CODES)
    path = made.project.templates / "closing.html.j2"
    path.write_text(path.read_text(encoding="utf-8") + "<p>Hello</p>", encoding="utf-8")
    for job in plan.plan(made, plan.Selection(languages=tuple(CODES))).jobs:
        assert untranslated(job.page, made.project.templates) == ["Hello"]


def test_styles_hold_no_words() -> None:
    """No style sheet puts words on a page: only numbers and marks."""
    for path in (ROOT / "templates").glob("*.css*"):
        quoted = re.findall(r"content:[^;}]*?[\"']([^\"';}]*)[\"']", path.read_text(encoding="utf-8"))
        assert not [words for words in quoted if re.search("[A-Za-z]", words)]


@pytest.mark.parametrize("code", CODES)
def test_the_direction_is_on_the_page(code: str) -> None:
    """A mirrored page is read from the right, a longer one from the left, and both name their language."""
    page = next(p for p in pages() if p.language.code == code)
    wanted = "rtl" if code == "ar-XB" else "ltr"
    assert f'<html lang="{code}" dir="{wanted}"' in markup.html(page, shipped().project.templates)


def test_mirrored_words_are_not_isolated() -> None:
    """No isolate, which would turn it back, stands inside a mirrored word."""
    for page in pages():
        if page.right_to_left:
            text = markup.html(page, shipped().project.templates)
            assert not re.search("\u202e[^\u202c]*[\u2066\u2067\u2069]", text)


@pytest.mark.parametrize("code", CODES)
def test_the_fonts_hold_every_character(code: str) -> None:
    """Each character of a pseudo-language has a glyph in its fonts, regular and bold."""
    held = material()
    text = "".join(s for (c, _), cat in held.catalogs.items() if c == code for e in cat.messages.values() for s in e.strings)
    stack = held.library.languages[code].fonts
    assert fonts.missing(re.sub("[\u202c\u202e]", "", text), stack, held.project.templates) == ()


def test_checks_do_not_judge_pseudo_languages() -> None:
    """The checks of a project say nothing of pseudo-languages: they are no languages of the project."""
    assert not pseudo.PSEUDO.keys() & shipped().library.languages.keys()
    assert [p for p in checks.run(shipped(), datetime.date(2026, 11, 22)) if set(CODES) & set(re.split(r"\W", p.message))] == []


@pytest.mark.slow
@pytest.mark.parametrize("edition", [Edition.STANDARD, Edition.LARGE_PRINT])
@pytest.mark.parametrize("code", CODES)
def test_nothing_lies_outside_the_sheet(code: str, edition: Edition) -> None:
    """Text 40 % longer, or mirrored, ends above the foot of the sheet, also in the footer."""
    page = next(p for p in pages() if (p.language.code, p.edition, p.handout.id) == (code, edition, "patient-stories"))
    templates = shipped().project.templates
    data = pdf.render(
        markup.html(page, templates), markup.styles(page, templates), markup.tighter(templates), "0" * 32, "page.pdf"
    )
    for sheet in pypdf.PdfReader(io.BytesIO(data)).pages:
        heights: list[float] = []

        def seen(text: str, cm: list[float], tm: list[float], *_: object, heights: list[float] = heights) -> None:
            if text.strip():
                heights.append(cm[1] * tm[4] + cm[3] * tm[5] + cm[5])

        sheet.extract_text(visitor_text=seen)
        assert min(heights) > 8  # points above the edge of the paper


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_the_command_line_builds_them(code: str, run: Run, project_folder: Path) -> None:
    """`build -l` makes a pseudo-language of a project that has no file of it, and no other command knows of it."""
    assert run("build", "-l", code, "--edition", "standard", "--jobs", "1")[0] == 0
    assert (project_folder / "output" / code / "tea.pdf").read_bytes().startswith(b"%PDF")
    assert not (project_folder / "locales" / code).exists()
    assert code not in run("status")[1]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("command", [("update", "-l"), ("add-language",)])
def test_nobody_translates_them(code: str, command: tuple[str, ...], run: Run, project_folder: Path) -> None:
    """No catalog of a pseudo-language is begun: the command says what it is and how to see it."""
    exit_code, _, err = run(*command, code)
    assert exit_code == 1
    assert f'"{code}" is a pseudo-language' in err
    assert f"handouts build -l {code}" in err
    assert not (project_folder / "locales" / code).exists()
