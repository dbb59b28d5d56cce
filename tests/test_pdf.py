"""Finished PDFs: tagged, titled, in the right language, with our fonts only, and nothing fetched."""

import io
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest

from handouts import fonts, markup, pdf
from handouts.model import Edition
from handouts.plan import Job
from handouts.problems import HandoutsError
from tests.shipped import ROOT, jobs, shipped

PAGE = '<html lang="en"><title>t</title><body>{}</body></html>'


@cache
def finished(language: str, handout: str = "patient-stories") -> bytes:
    """The PDF of a shipped handout."""
    job = _job(language, handout)
    templates = shipped().project.templates
    styles = markup.styles(job.page, templates)
    return pdf.render(markup.html(job.page, templates), styles, markup.tighter(templates), job.key[:32], str(job.output))


def _job(language: str, handout: str) -> Job:
    return next(
        j for j in jobs() if (j.page.language.code, j.page.handout.id, j.page.edition) == (language, handout, Edition.STANDARD)
    )


def _render(body: str, css: str = "") -> bytes:
    fonts.configure(ROOT / "templates", ROOT / ".cache")
    return pdf.render(PAGE.format(body), ('html { font-family: "Noto Sans" }', css), "", "0" * 32, "page.pdf")


@pytest.mark.parametrize("language", ["en", "ar", "zh-Hans"])
def test_a_page_is_tagged_and_titled(language: str) -> None:
    """The catalog names the language, the tag tree and the title, and the file claims PDF/UA-1."""
    reader = pypdf.PdfReader(io.BytesIO(finished(language)))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/Lang"] == language
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712  # a pypdf boolean object
    assert "/StructTreeRoot" in catalog
    assert reader.metadata
    assert reader.metadata.title == _job(language, "patient-stories").page.handout.title
    assert b"pdfuaid" in catalog["/Metadata"].get_data()


def _font_names(reader: pypdf.PdfReader) -> Iterator[str]:
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources.get_object()["/Font"].get_object().values():
            yield str(font.get_object()["/BaseFont"]).split("+", 1)[-1]


@pytest.mark.parametrize("language", ["en", "es", "ar", "zh-Hans"])
def test_a_page_uses_only_its_fonts(language: str) -> None:
    """No font but those of the language's stack is in the file."""
    stack = {family.replace(" ", "-") for family in shipped().library.languages[language].fonts}
    found = {re.sub(r"-(Regular|Bold)$", "", name) for name in _font_names(pypdf.PdfReader(io.BytesIO(finished(language))))}
    assert found <= {*stack, *(family.replace("-", "") for family in stack)}


def test_the_same_input_gives_the_same_bytes() -> None:
    """Rendering twice gives equal files."""
    again = finished.__wrapped__("en")
    assert again == finished("en")


def test_a_phone_keeps_its_order_in_arabic(tmp_path: Path) -> None:
    """On an Arabic page the parts of a phone number stand from left to right as they are dialled."""
    path = tmp_path / "page.pdf"
    path.write_bytes(finished("ar"))
    text = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout  # fmt: skip
    words = [
        (float(x), float(y), re.sub(r"\D", "", word))
        for x, y, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)".*?>([^<]*)</word>', text)
    ]
    parts = shipped().library.clinic.phone.split(" ")
    rows = {y for _, y, word in words if word == parts[-1]}
    assert rows
    for row in rows:
        assert [word for x, y, word in sorted(words) if y == row and word in parts] == parts


@pytest.mark.parametrize(
    "body",
    [
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="templates/logo.svg" alt="x">',
        '<p style="background: url(https://example.org/x.png)">x</p>',
        '<link rel="stylesheet" href="https://example.org/x.css"><p>x</p>',
    ],
)
def test_nothing_is_fetched(body: str) -> None:
    """A page that names a file or an address outside itself fails with a problem."""
    with pytest.raises(HandoutsError) as caught:
        _render(body)
    assert {problem.rule for problem in caught.value.problems} == {"layout/render"}


def test_urdu_has_a_bold() -> None:
    """Strong words in Urdu are set in the bold Nastaliq, though Debian's file says that it is of regular weight."""
    data = _render('<p lang="ur">حق <strong>حق</strong></p>', 'html { font-family: "Noto Sans", "Noto Nastaliq Urdu" }')
    assert {"Noto-Nastaliq-Urdu", "Noto-Nastaliq-Urdu-Bold"} <= set(_font_names(pypdf.PdfReader(io.BytesIO(data))))


def test_a_missing_glyph_fails_the_page() -> None:
    """A character no font can draw is a problem, never an empty box on paper."""
    with pytest.raises(HandoutsError) as caught:
        _render("<p>\U0001f9ff</p>")
    assert "page.pdf" in str(caught.value)


def test_an_unknown_style_fails_the_page() -> None:
    """A style that WeasyPrint does not know is a problem, not a line in a log."""
    with pytest.raises(HandoutsError):
        _render("<p>x</p>", "p { colour: red }")


def test_a_nearly_empty_last_page_is_saved() -> None:
    """When the last page would hold a few lines, the tighter style is used if it saves the page."""
    body = "<p>x</p>" * 12
    loose, tight = "@page { size: 100mm 100mm; margin: 5mm } p { margin: 0; height: 8mm }", "p { height: 7mm }"
    fonts.configure(ROOT / "templates", ROOT / ".cache")
    pages = [
        len(
            pypdf.PdfReader(
                io.BytesIO(pdf.render(PAGE.format(body), (loose, 'html { font-family: "Noto Sans" }'), extra, "0" * 32, "p"))
            ).pages
        )
        for extra in ("", tight)
    ]
    assert pages == [2, 1]


def test_a_bad_style_is_told_at_every_page() -> None:
    """A style that was parsed for an earlier page is refused again at the next one."""
    style = "p { no-such-property: 1 }"
    pdf.prepare((style,))
    for _ in range(2):
        with pytest.raises(HandoutsError, match="no-such-property"):
            _render("<p>a</p>", style)
