"""The shipped consent packs, read back in four scripts: tags, languages, contents, links and fields of a finished pack."""

import io
from functools import cache
from typing import Any

import pypdf
import pytest

from handouts import filling, making, pack_plan
from handouts.cache import Cache
from handouts.pack_plan import PackJob
from handouts.packs import PackEdition
from handouts.plan import Selection
from tests import accessible
from tests.shipped import shipped
from tests.tagged import catalog, content, elements, goal, kids, marks, parents

PACKS = (("en", "first-visit"), ("en", "infusion-consent"), ("en", "mouth-or-nose-consent"), ("ar", "infusion-consent"),
         ("ur", "mouth-or-nose-consent"), ("zh-Hans", "mouth-or-nose-consent"))  # fmt: skip
"""Each shipped pack, and each script."""

pytestmark = [pytest.mark.slow, pytest.mark.parametrize(("language", "name"), PACKS)]


@cache
def made(language: str, name: str) -> tuple[PackJob, bytes]:
    """A fillable pack in a language."""
    project = shipped().project
    wanted = Selection(languages=(language,), editions=(PackEdition.FILLABLE,), packs=(name,))
    (pack,) = pack_plan.work(shipped(), wanted).packs
    cached = Cache(project.cache)
    for job in (*pack.sheets, pack):
        if not cached.holds(job.key):
            assert making.make(job, project.folder, project.templates, project.cache)[1] == ()
    return pack, cached.get(pack.key)


def read(language: str, name: str) -> pypdf.PdfReader:
    """The pack as another library reads it."""
    return pypdf.PdfReader(io.BytesIO(made(language, name)[1]), strict=True)


def test_all_references_of_the_tags_resolve(language: str, name: str) -> None:
    """Each element names the one above it; content and annotations are in the tree once, and lead back to their elements."""
    reader = read(language, name)
    back, pages = parents(reader), {page.indirect_reference for page in reader.pages}
    owners: dict[Any, Any] = {}
    for ref, element, above in elements(reader):
        assert element.raw_get("/P") == above
        assert element.raw_get("/Pg") in pages if "/Pg" in element else True
        for at in content(element):
            assert at not in owners
            owners[at] = ref
    for page in reader.pages:
        for mark in marks(page):
            assert back[page["/StructParents"]].get_object()[mark] == owners[page.indirect_reference, mark]
        for annotation in page.get("/Annots", []):
            element = back[annotation.get_object()["/StructParent"]].get_object()
            assert annotation in [kid.get_object().raw_get("/Obj") for kid in kids(element) if "/Obj" in str(kid.get_object())]
    assert set(owners) == {(page.indirect_reference, mark) for page in reader.pages for mark in marks(page)}


def test_the_tags_are_in_reading_order(language: str, name: str) -> None:
    """What the tree says one after the other is drawn one after the other, page by page."""
    reader = read(language, name)
    told: dict[Any, list[int]] = {}
    order: list[Any] = []
    for _, element, _ in elements(reader):
        for page, mark in content(element):
            told.setdefault(page, []).append(mark)
            order.append(page)
    place = {page.indirect_reference: index for index, page in enumerate(reader.pages)}
    assert [place[page] for page in order] == sorted(place[page] for page in order)
    for page in reader.pages:
        assert told.get(page.indirect_reference, []) == marks(page)


def test_every_part_is_in_its_language(language: str, name: str) -> None:
    """Each part of the pack is one Part with its title and its language; only the copy for the staff is in English."""
    pack, reader = made(language, name)[0], read(language, name)
    (document,) = kids(catalog(reader)["/StructTreeRoot"])
    found = [(p.get_object()["/S"], p.get_object().get("/Lang", language), p.get_object()["/T"])
             for p in kids(document.get_object())]  # fmt: skip
    assert found == [("/Part", piece.language.code, piece.title) for piece in pack.pieces]
    assert catalog(reader)["/Lang"] == language
    foreign = [piece for piece in pack.pieces if piece.language.code != language]
    assert [piece.staff for piece in foreign] == ([] if language == "en" else [True])


def test_the_contents_lead_to_the_pages_they_name(language: str, name: str) -> None:
    """Each line of the contents leads to the first page of its part, and the number printed is that page's."""
    pack, reader = made(language, name)[0], read(language, name)
    starts = [reader.get_destination_page_number(item) for item in reader.outline if not isinstance(item, list)]
    page: Any = reader.pages[starts[1] or 0]
    links = [a.get_object() for a in page["/Annots"] if a.get_object()["/Subtype"] == "/Link"]
    listed = [start for start, piece in zip(starts, pack.pieces, strict=True) if piece.listed]
    assert [goal(reader, link) for link in links] == listed
    printed = page.extract_text()
    assert all(str((start or 0) + 1) in printed for start in listed)


def test_every_field_is_filled_and_read_back(language: str, name: str) -> None:
    """Each field has a name of its own and what is read aloud at it, takes a value and gives it back."""
    data = made(language, name)[1]
    fields = read(language, name).get_fields() or {}
    names = filling.values(data)
    assert len(names) > (4 if name == "first-visit" else 60)
    assert all(field.get("/TU") for key, field in fields.items() if key in names)
    boxes = {key for key in names if fields[key].get("/FT") == "/Btn"}
    wanted = {key: filling.CHECKED if key in boxes else "1" for key in names}
    assert filling.values(filling.filled(data, wanted, shipped().library.languages[language], "pack.pdf")) == wanted


def test_the_checkers_find_nothing(language: str, name: str) -> None:
    """Three independent checkers of accessibility have no error and no warning about the pack, but for their mistakes."""
    assert [fault for fault in accessible.faults(made(language, name)[1]) if not fault.startswith("PAG-001")] == []
    # PAG-001 takes what stands at the head of each handout of a pack, the clinic's name, for a running head
