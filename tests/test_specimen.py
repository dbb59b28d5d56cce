"""`handouts specimen`: a sheet in any registered language, without catalogs and without English."""

import io
import re
from pathlib import Path

import pypdf
import pytest

from handouts import pdf, specimen
from handouts.problems import HandoutsError
from handouts.project import Project
from tests.conftest import Run
from tests.shipped import ROOT, shipped

LANGUAGES = sorted(shipped().library.languages)


def _sheet(code: str) -> tuple[str, tuple[str, ...]]:
    library = shipped().library
    return specimen.sheet(library.languages[code], library.clinic, Project(ROOT))


def test_blocks() -> None:
    """A plain text is a title, headings, items and paragraphs; a line break within one is a space."""
    written = "# T\n\n**a**\nb\n\n\n## H\n\n- i\n\n- j\n"
    assert [(b.kind, b.text) for b in specimen.blocks(written)] == [
        ("title", "T"), ("paragraph", "**a** b"), ("heading", "H"), ("item", "i"), ("item", "j"),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_specimen_is_one_sheet(code: str) -> None:
    """Every registered language's specimen is one tagged page in that language."""
    reader = pypdf.PdfReader(io.BytesIO(pdf.render(*_sheet(code), "", "0" * 32, f"{code}.pdf")))
    assert len(reader.pages) == 1
    assert reader.root_object["/Lang"] == code
    assert "/StructTreeRoot" in reader.root_object


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_specimen_is_in_its_language(code: str) -> None:
    """Only the name of the language and of its fonts, marked as English, is in Latin letters on a page of another script."""
    language = shipped().library.languages[code]
    html, _ = _sheet(code)
    own = re.sub(r"(?s)<head>.*?</head>|<(div|p)[^>]*lang=\"en\".*?</\1>|<[^>]*>", "", html)
    allowed = {"mg", "kg", "T", "CN", "Th"}
    if language.script not in ("Latn",):
        assert set(re.findall(r"[A-Za-z]+", own)) <= allowed
    assert language.autonym in own


@pytest.mark.parametrize("code", ["ar", "fa", "he", "ps", "ur"])
def test_numbers_are_isolated(code: str) -> None:
    """On a right-to-left sheet the phone, the dose and the hours keep their order."""
    html, _ = _sheet(code)
    assert re.search("\u2066020\u00a07946\u00a00018\u2069", html)
    assert re.search("\u20660[.,]1\u20130[.,]5\u00a0mg/kg\u2069", html)
    assert "\u206609:00\u201317:00\u2069" in html


def test_a_language_does_not_borrow_names() -> None:
    """CLDR answers French for Haitian Creole's days: they are left out rather than printed."""
    languages = shipped().library.languages
    assert [code for code in LANGUAGES if specimen.borrowed(languages[code])] == ["ht"]
    assert "lundi" not in _sheet("ht")[0]


def test_the_command_writes_a_sheet(run: Run, project_folder: Path) -> None:
    """`handouts specimen` writes output/specimen/LANG.pdf, also of a language without catalogs."""
    (project_folder / "locales" / "es" / "specimen.txt").write_text("# Uno\n\ndos **tres**\n", encoding="utf-8")
    code, out, _ = run("specimen", "-l", "es")
    assert code == 0
    assert "es.pdf" in out
    assert (project_folder / "output" / "specimen" / "es.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "there is no text in Spanish"), ("", "holds no text"), ("漢", "no font of Noto Sans draws 漢")],
)
def test_a_text_that_cannot_be_set(run: Run, project_folder: Path, text: str | None, told: str) -> None:
    """No text, an empty one, or one that the fonts cannot draw: a problem with a hint."""
    if text is not None:
        (project_folder / "locales" / "es" / "specimen.txt").write_text(text, encoding="utf-8")
    code, _, err = run("specimen", "-l", "es")
    assert code == 1
    assert told in err
    assert "hint:" in err


def test_an_unknown_language(run: Run) -> None:
    """A code without facts is a problem that names the languages there are."""
    code, _, err = run("specimen", "-l", "xx")
    assert code == 1
    assert '"xx" is not a known language' in err
    assert "es" in err.split("hint:")[1]


def test_a_text_that_is_not_utf_8(project_folder: Path) -> None:
    """Bytes that are no UTF-8 are a problem, not a traceback."""
    (project_folder / "locales" / "es" / "specimen.txt").write_bytes(b"\xff\xfe")
    library = shipped().library
    with pytest.raises(HandoutsError, match="UTF-8"):
        specimen.sheet(library.languages["es"], library.clinic, Project(project_folder))
