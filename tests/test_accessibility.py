"""Every page we print is accessible: three independent checkers find nothing, and what they cannot see is held here."""

import io
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import pypdf
import pytest

from handouts import archive, markup, pdf, plan, tagging
from handouts.problems import HandoutsError
from tests.accessible import faults
from tests.shipped import shipped

HANDOUTS = ("side-effects", "infusion-day")
"""Tables over pages, pictures, numbered steps, lists of every kind, things to write on."""


@cache
def printed(language: str, handout: str, edition: str = "standard") -> bytes:
    """A shipped handout's PDF."""
    jobs = plan.plan(shipped(), plan.Selection((language,), (handout,))).jobs
    job = next(job for job in jobs if job.page.edition == edition)
    templates = shipped().project.templates
    styles = markup.styles(job.page, templates)
    return pdf.render(markup.html(job.page, templates), styles, markup.tighter(templates), "0" * 32, str(job.output))


def tags(data: bytes) -> Iterator[tuple[Any, tuple[str, ...], str]]:
    """Every structure element, the types of those around it and itself, and its language, in reading order."""
    catalog: Any = pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]

    def walk(node: Any, path: tuple[str, ...], language: str) -> Iterator[tuple[Any, tuple[str, ...], str]]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for kid in node:
                yield from walk(kid, path, language)
        elif isinstance(node, dict) and node.get("/Type") == "/StructElem":
            path, language = (*path, str(node["/S"])), str(node.get("/Lang", language))
            yield node, path, language
            yield from walk(node.get("/K", []), path, language)

    yield from walk(catalog["/StructTreeRoot"]["/K"], (), str(catalog["/Lang"]))


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["standard", "large-print"])
@pytest.mark.parametrize("language", ["en", "ar", "ur", "zh-Hans", "hi", "ko"])
def test_the_checkers_find_nothing(language: str, edition: str) -> None:
    """No error and no warning of three checkers, in six scripts, in both editions."""
    assert [fault for handout in HANDOUTS for fault in faults(printed(language, handout, edition))] == []


def test_the_checkers_would_find_something() -> None:
    """A page whose tags are taken away is found fault with by all three."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(printed("en", "infusion-day")))
    for key in ("/StructTreeRoot", "/Lang", "/MarkInfo"):
        del writer.root_object[key]
    output = io.BytesIO()
    writer.write(output)
    rules = {fault.split(" ")[0].split("-")[0] for fault in faults(output.getvalue())}
    assert {"PDFUA1", "UA", "DOC"} <= rules


@pytest.mark.slow
def test_a_page_for_keeping_is_both() -> None:
    """The archival form of a page is PDF/A-2a and PDF/UA-1, and is the same when made again or twice."""
    page = printed("ar", "infusion-day")
    kept = archive.archival(page, pdf.srgb(), "page.pdf")
    assert list(faults(kept, "2a")) == []
    assert list(faults(page, "2a")) != []
    assert archive.archival(page, pdf.srgb(), "page.pdf") == kept
    assert kept.startswith(b"%PDF-1.7")
    assert archive.archival(kept, pdf.srgb(), "page.pdf").count(b"pdfaid:part=") == 1


def test_only_tagged_pages_are_kept() -> None:
    """A file without tags is refused with a problem, never given a claim that is not so."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    output = io.BytesIO()
    writer.write(output)
    with pytest.raises(HandoutsError) as caught:
        archive.archival(output.getvalue(), pdf.srgb(), "foreign.pdf")
    assert [problem.rule for problem in caught.value.problems] == ["archive/tagged"]


def test_another_language_is_said_in_the_tags() -> None:
    """On an Arabic page the English titles of references and the clinic's English name are tagged as English, and they alone."""
    english = [path for _, path, language in tags(printed("ar", "infusion-day")) if language == "en"]
    assert {path[1] for path in english} == {"/Div", "/Sect"}
    assert any(path[-2:] == ("/LBody", "/Span") for path in english)
    assert not any("/H1" in path or "/H2" in path for path in english)


def test_running_footers_are_outside_the_tags() -> None:
    """The footer is an artifact of pagination on each page: no tag holds it."""
    reader = pypdf.PdfReader(io.BytesIO(printed("en", "infusion-day")))
    for page in reader.pages:
        contents: Any = page.get_contents()
        assert b"/Subtype /Footer" in contents.get_data()
    numbers: Any = reader.trailer["/Root"]
    lists = numbers["/StructTreeRoot"]["/ParentTree"]["/Nums"][1::2]
    assert any(isinstance(entry.get_object(), pypdf.generic.NullObject) for entry in lists[0].get_object())


def test_a_table_that_goes_on_is_one_table() -> None:
    """A table over three pages has one head, every row as many cells, each head cell its scope."""
    found = list(tags(printed("en", "side-effects")))
    tables = [node for node, path, _ in found if path[-1] == "/Table"]
    heads = [node for node, path, _ in found if path[-1] == "/THead"]
    rows = [node for node, path, _ in found if path[-1] == "/TR"]
    assert len(tables) == len(heads) > 0
    assert {len(row["/K"]) for row in rows} == {4}
    assert {str(node["/A"]["/Scope"]) for node, path, _ in found if path[-1] == "/TH"} == {"/Row", "/Column"}


def test_list_items_have_label_and_body() -> None:
    """In a list are items, in an item its label and its body; numbers drawn by a style are labels too."""
    found = [(path, node) for node, path, _ in tags(printed("en", "infusion-day"))]
    assert {path[-1] for path, _ in found if path[-2:-1] == ("/L",)} == {"/LI"}
    assert {path[-1] for path, _ in found if path[-2:-1] == ("/LI",)} == {"/Lbl", "/LBody"}
    assert "/Decimal" in {node["/A"]["/ListNumbering"] for path, node in found if path[-1] == "/L"}


@pytest.mark.parametrize("language", ["ar", "hi"])
def test_joined_letters_are_said(language: str) -> None:
    """Every piece of text in a joined or stacked script carries its own characters."""
    data = printed(language, "infusion-day")
    said = [str(node["/ActualText"]) for node, _, _ in tags(data) if "/ActualText" in node]
    contents: Any = [page.get_contents() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    beside = sum(content.get_data().count(b"/ActualText") for content in contents)
    title = str(pypdf.PdfReader(io.BytesIO(data)).metadata.title)  # type: ignore[union-attr]
    assert len(said) + beside > 100
    assert not [text for text in said if any(unicodedata.bidirectional(letter) in ("LRI", "RLI", "PDI") for letter in text)]
    assert language == "hi" or title.split(" ", maxsplit=1)[0] in " ".join(said[:4])


def test_a_picture_of_the_page_is_the_same() -> None:
    """Putting the drawing in reading order moves stretches whole: nothing is lost and colours go with them."""
    stream: list[Any] = [
        b"q",
        b"1 0 0 rg",
        "a",
        b"q",
        "/Span",
        "m2",
        b"BDC",
        "two",
        b"EMC",
        b"Q",
        "/Span",
        "m3",
        b"BDC",
        b"EMC",
    ]
    late: list[Any] = [b"q", "/Span", "m1", b"BDC", "one", b"EMC", b"Q", b"Q"]
    parts = [*stream, *late]
    tagging.painting.reorder(parts, {"one": 16, "two": 5, "three": 11}, [["one"], ["two"]])
    assert [part for part in parts if isinstance(part, str) and part[0] != "/"] == ["a", "m1", "one", "m2", "two", "m3"]
    assert b"q 1 0 0 rg" in parts
    assert len(parts) == len(stream) + len(late)
