"""The Universal Declaration of Human Rights set as a handout, in every registered language: what stands on paper.

Texts: tests/udhr/, see locales/SPECIMEN.md for their source. The page is a handout through the real
templates (key message, paragraphs, lists, the call-now box, option and effect tables with narrow
columns, tick boxes), judged by its glyphs (tests/glyphs.py) against the boxes that were laid out.
"""

import re
import subprocess
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from handouts import markup, pdf, specimen
from handouts.checks import script
from handouts.model import Edition, Handout, Language
from handouts.page import Page
from handouts.translations import Wording
from tests import glyphs
from tests.glyphs import Glyph
from tests.shipped import ROOT, shipped

LANGUAGES = sorted(shipped().library.languages)
MARGIN = 20 / 25.4 * 96
"""Of the standard edition, left and right, in CSS pixels."""
PAPER = 210 / 25.4 * 96
SLACK = 1.0
"""CSS pixels (a quarter of a millimetre) that italics, hinting and the overhang of a letter may take."""
PADDING = 2.2 / 25.4 * 96
"""Of a table's cell: so far the strokes of Nastaliq may reach beyond the line without touching a rule."""
DOSE = "0.1-0.5\u00a0mg/kg"
PHONES = 6
REVERSED_BY_POPPLER = frozenset({"Arab"})
"""Scripts whose ligatures poppler takes apart in the wrong order, however the file is tagged."""


@dataclass(frozen=True)
class Line:
    """One line of text as it was laid out: its page, its column, its top, the block it belongs to."""

    page: int
    left: float
    right: float
    top: float
    block: int

    @property
    def key(self) -> tuple[int, int, float]:
        """What sorts the lines of a block from top to bottom."""
        return self.page, self.block, self.top


@dataclass(frozen=True)
class Sheet:
    """A finished PDF: its bytes, its glyphs, and the line each of them stands in."""

    data: bytes
    glyphs: tuple[Glyph, ...]
    lines: dict[tuple[int, float, float], Line]

    def line(self, glyph: Glyph) -> Line:
        """The line that a glyph was laid out in."""
        return self.lines[glyph.page, round(glyph.start[0], 1), round(glyph.start[1], 1)]


def _articles(code: str) -> dict[str, list[str]]:
    """Heading to the paragraphs of an article."""
    found: dict[str, list[str]] = {}
    for block in specimen.blocks((ROOT / "tests" / "udhr" / f"{code}.txt").read_text(encoding="utf-8")):
        if block.kind == "heading":
            found[block.text] = []
        elif block.kind != "title":
            found[next(reversed(found))].append(block.text)
    return found


def _amid(text: str, inserted: str) -> str:
    """A sentence with something after its first word, or before it where there are no words apart."""
    first, space, rest = text.partition(" ")
    return f"{first} {inserted} {rest}" if space else f"{inserted} {text}"


def _handout(code: str) -> Handout:
    """The declaration as a handout with the kinds of section that handouts have."""
    articles = list(_articles(code).items())
    flat = [paragraph for _, paragraphs in articles for paragraph in paragraphs]
    texts: list[dict[str, Any]] = [
        {
            "kind": "text", "id": f"article-{i}", "title": title,
            "paragraphs": [_amid(words[0], DOSE)],
            "points": [_amid(w, "{phone}") if i < PHONES else w for w in (words[1:] or words)],
        }
        for i, (title, words) in enumerate(articles[:8])
    ]  # fmt: skip
    options = [
        {
            "id": f"option-{i}",
            "name": title,
            **dict.fromkeys(("involves", "benefits", "harms", "duration", "unknown"), articles[2][1]),
        }
        for i, (title, words) in enumerate(articles[2:6])
    ]
    effects = [
        {
            "id": f"effect-{i}",
            "name": title,
            "note": words[0],
            "action": words[-1],
            "call": f"{{phone}} {words[-1]}",
        }
        for i, (title, words) in enumerate(articles[4:8])
    ]
    return Handout.model_validate(
        {
            "id": "declaration", "document": "UDHR-01", "title": articles[0][0], "purpose": flat[0], "version": "1.0",
            "published": "2025-01-01", "review": "2026-01-01",
            "sections": [
                {"kind": "key-message", "id": "key", "points": flat[:3]},
                *texts,
                {"kind": "call-now", "id": "call", "title": articles[2][0], "emergency": flat[2:9], "same_day": flat[4:8]},
                {"kind": "options", "id": "options", "title": articles[3][0], "options": options},
                {"kind": "effects", "id": "effects", "title": articles[4][0], "effects": effects},
                {"kind": "checklist", "id": "boxes", "title": articles[5][0], "items": flat[:6], "blanks": 2},
                {"kind": "questions", "id": "lines", "title": articles[6][0], "questions": flat[2:5], "lines": 2},
                {"kind": "steps", "id": "steps", "title": articles[7][0],
                 "steps": [{"title": title, "paragraphs": words} for title, words in articles[:3]]},
            ],
        }
    )  # fmt: skip


@cache
def sheet(code: str) -> Sheet:
    """The declaration in a language, laid out and printed."""
    return _printed(_handout(code), shipped().library.languages[code])


def _printed(handout: Handout, language: Language) -> Sheet:
    library = shipped().library
    templates = ROOT / "templates"
    page = Page(
        handout=handout, shared=library.shared, language=language, edition=Edition.STANDARD,
        clinic=library.clinic, logo=(ROOT / library.clinic.logo).read_bytes(), references={},
        wording=Wording(library.languages["en"], {}), digest="0" * 8,
    )  # fmt: skip
    layouts: list[Any] = []

    def kept(*arguments: Any) -> Any:
        layouts.append(layout(*arguments))
        return layouts[-1]

    layout = pdf._layout
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "_layout", kept)
        data = pdf.render(markup.html(page, templates), markup.styles(page, templates), "", "0" * 32, f"{language.code}.pdf")
    lines = {
        (number, round(text.position_x, 1), round(text.position_y + text.baseline, 1)): line
        for number, laid in enumerate(layouts[-1].pages)
        for text, line in _lines(laid._page_box, None, None, number)
    }
    return Sheet(data, glyphs.read(data), lines)


def _lines(box: Any, block: Any, line: Any, page: int) -> Iterator[tuple[Any, Line]]:
    """Every text of a page with the line it is in."""
    kind = type(box).__name__
    if kind == "TextBox":
        left = block.content_box_x()
        yield box, Line(page, left, left + block.width, line.position_y, id(block))
        return
    if kind == "LineBox":
        line = box
    elif (
        hasattr(box, "content_box_x") and isinstance(getattr(box, "width", None), float | int) and not kind.startswith("Inline")
    ):
        block = box
    for child in getattr(box, "children", ()):
        yield from _lines(child, block, line, page)


def outside(made: Sheet) -> list[Glyph]:
    """Glyphs beyond the column they were laid out in, or in the margins of the sheet; blanks may hang at a line's end."""
    found = []
    for glyph in made.glyphs:
        line = made.line(glyph)
        left, right = max(line.left, MARGIN), min(line.right, PAPER - MARGIN)
        within = left - SLACK <= glyph.left and glyph.right <= right + SLACK
        if glyph.ink and not (within and left - PADDING < glyph.ink[0] and glyph.ink[2] < right + PADDING):
            found.append(glyph)
    return found


def undeclared(made: Sheet, language: Language) -> set[str]:
    """Fonts in the file that the language does not declare."""
    declared = [family.replace(" ", "-") for family in language.fonts]
    return {glyph.font for glyph in made.glyphs} - {name for family in declared for name in (family, f"{family}-Bold")}


def touching(made: Sheet) -> list[Glyph]:
    """Glyphs whose ink meets that of the next line of the same block."""
    rows: dict[tuple[int, int, float], list[Glyph]] = defaultdict(list)
    for glyph in made.glyphs:
        if glyph.ink:
            rows[made.line(glyph).key].append(glyph)
    found = []
    for (above, upper), (below, lower) in pairwise(sorted(rows.items(), key=lambda row: row[0])):
        if above[:2] == below[:2]:
            found += [g for g in upper if any(_touch(g.ink, h.ink) for h in lower)]
    return found


def _touch(upper: Any, lower: Any) -> bool:
    return bool(upper[3] > lower[1] and upper[0] < lower[2] and lower[0] < upper[2])


def missing(made: Sheet) -> list[Glyph]:
    """Empty boxes (glyph 0), drawn where no font has a character."""
    return [glyph for glyph in made.glyphs if glyph.number == 0]


def turned(made: Sheet, handout: Handout) -> list[str]:
    """The phone or the dose, where it is not on paper as often as in the text, or stands there with its parts in reverse."""
    rows = _as_read(made)
    found = []
    for written, placed in ((shipped().library.clinic.phone, "{phone}"), (DOSE, DOSE)):
        if sum(row.count(re.sub(r"\s", "", written)) for row in rows) < handout.model_dump_json().count(placed):
            found.append(written)
        reverse = "".join(reversed(re.findall(r"[\d.]+|[a-z]+|\S", written)))
        found += [row for row in rows if reverse in row]
    return found


def _as_read(made: Sheet) -> list[str]:
    """The digits and Latin letters of every line as they stand on paper from left to right, without spaces."""
    rows: dict[tuple[int, int, float], list[Glyph]] = defaultdict(list)
    for glyph in made.glyphs:
        rows[made.line(glyph).key].append(glyph)
    return ["".join(g.text for g in sorted(row, key=lambda g: g.left) if g.text.strip()) for row in rows.values()]


def read_out(made: Sheet) -> str:
    """The text layer of the first page, as a screen reader gets it."""
    told = subprocess.run(["pdftotext", "-l", "1", "-", "-"], input=made.data, check=True, capture_output=True).stdout
    return _bare(told.decode())


def _bare(text: str) -> str:
    """Letters, marks and digits alone, one form of each."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LMN")


def _told(found: list[Glyph], code: str) -> str:
    return f"{code}: {len(found)} glyphs, first " + ", ".join(
        f"page {g.page + 1} x {g.left:.1f}-{g.right:.1f} y {g.start[1]:.1f} {g.text!r}" for g in found[:5]
    )


def test_every_language_has_a_text() -> None:
    """Each registered language has the declaration, and its specimen."""
    assert {path.stem for path in (ROOT / "tests" / "udhr").glob("*.txt")} == set(LANGUAGES)
    assert {path.parent.name for path in (ROOT / "locales").glob("*/specimen.txt")} == set(LANGUAGES)


@pytest.mark.slow
@pytest.mark.parametrize("code", LANGUAGES)
def test_pages_are_right(code: str) -> None:
    """In each language glyphs keep to columns, fonts and lines, numbers run as dialled, and the text can be read out."""
    language, made = shipped().library.languages[code], sheet(code)
    for rule in (outside, touching, missing):
        found = rule(made)
        assert not found, f"{rule.__name__}: {_told(found, code)}"
    assert not undeclared(made, language)
    own = next((family.replace(" ", "-") for family in language.fonts if family != "Noto Sans"), "Noto-Sans")
    assert {own, f"{own}-Bold"} <= {glyph.font for glyph in made.glyphs}, "the script is set in regular and in bold"
    handout = _handout(code)
    if language.direction == "rtl":
        assert not turned(made, handout)
    if language.script not in REVERSED_BY_POPPLER:
        told = read_out(made)
        assert _bare(handout.title) in told
        assert _bare(handout.purpose) in told


@pytest.mark.slow
def test_faults_are_found() -> None:
    """The measures fail where they should: Urdu set tight, Khmer without places to break, a font that is not declared."""
    languages = shipped().library.languages
    assert touching(_printed(_handout("ur"), languages["ur"].model_copy(update={"leading": 1.3})))
    khmer = Handout.model_validate_json(re.sub("[ \u200b]", "", _handout("km").model_dump_json()))
    assert outside(_printed(khmer, languages["km"]))
    assert undeclared(sheet("de"), languages["de"].model_copy(update={"fonts": ("Noto Sans Thai",)})) == {
        "Noto-Sans",
        "Noto-Sans-Bold",
    }


@pytest.mark.parametrize("code", [code for code in LANGUAGES if shipped().library.languages[code].zero_width_spaces])
def test_places_to_break_are_asked_for(code: str) -> None:
    """The check of places to break tells a text without them from one with them, in each language that needs them."""
    text = " ".join(words for paragraphs in _articles(code).values() for words in paragraphs)
    assert script.unbroken(text) <= script.LONGEST_RUN < script.unbroken(text.replace("\u200b", ""))
