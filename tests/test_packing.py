"""Packs, read back: what the contents say, what each part is in, what is filled in."""

import io
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdf
import pytest

from handouts import cache, content, filling, fonts, making, material, pack_plan, packing, translations
from handouts.cache import Cache
from handouts.pack_plan import PackJob
from handouts.packs import PackEdition
from handouts.plan import Selection
from handouts.project import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, _pack_project: Path) -> Path:
    """The minimal project with a consent form and a pack, to make them in."""
    folder = Path(shutil.copytree(_pack_project, tmp_path_factory.mktemp("pack") / "project"))
    project = Project(folder)
    fonts.configure(project.templates, project.cache)
    return folder


def job(folder: Path, language: str, edition: PackEdition) -> PackJob:
    """The pack of a language in an edition, its sheets in the cache."""
    project = Project(folder)
    read = material.read(project)
    selection = Selection(languages=(language,), editions=(edition,), packs=("tea-pack",))
    work = pack_plan.work(read, selection)
    assert not work.blocked
    (pack,) = work.packs
    for sheet in pack.sheets:
        if not Cache(project.cache).holds(sheet.key):
            assert making.make(sheet, folder, project.templates, project.cache)[1] == ()
    return pack


@pytest.fixture(scope="module")
def packs(folder: Path) -> Mapping[tuple[str, PackEdition], pypdf.PdfReader]:
    """The finished packs."""
    wanted = [("en", PackEdition.PAPER), ("es", PackEdition.PAPER), ("es", PackEdition.FILLABLE), ("es", PackEdition.BOOKLET),
              ("es", PackEdition.ARCHIVE)]  # fmt: skip
    project = Project(folder)
    made = {key: packing.packed(job(folder, *key), project.templates, Cache(project.cache), folder) for key in wanted}
    return {key: pypdf.PdfReader(io.BytesIO(pack.pdf)) for key, pack in made.items()}


Packs = Mapping[tuple[str, PackEdition], pypdf.PdfReader]


def links(reader: pypdf.PdfReader) -> Iterator[tuple[int, str]]:
    """Each link of the contents page: the page it leads to, counted from one, and the words of its line."""
    page = next(p for p in reader.pages if "What is in this pack" in p.extract_text())
    numbers = {p.indirect_reference.idnum: n for n, p in enumerate(reader.pages, 1) if p.indirect_reference}
    for reference in page["/Annots"]:  # type: ignore[union-attr]
        annotation: Any = reference.get_object()
        target = annotation.get("/Dest") or annotation["/A"]["/D"]
        if isinstance(target, str | bytes):
            target = reader.named_destinations[str(target)].dest_array
        yield numbers[target[0].idnum], str(annotation.get("/Contents", ""))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_contents_say_where_each_part_begins(packs: Packs, language: str) -> None:
    """Each line of the contents leads to a page, and that page's number is the one printed beside it."""
    reader = packs[language, PackEdition.PAPER]
    page = next(p for p in reader.pages if "What is in this pack" in p.extract_text())
    pages = [number for number, _ in links(reader)]
    printed = [int(number) for number in re.findall(r"(\d+)\s*$", page.extract_text(), re.MULTILINE)]
    assert pages == sorted(pages)
    assert set(pages) <= set(printed)
    assert len(pages) >= 3


def test_the_parts_begin_on_right_hand_pages(packs: Packs) -> None:
    """On paper every part begins on an odd page; filled in on a screen there are no empty pages."""
    assert all(page % 2 for page, _ in links(packs["es", PackEdition.PAPER]))
    assert any(not page % 2 for page, _ in links(packs["es", PackEdition.FILLABLE]))


def test_every_page_has_its_number_in_the_pack(packs: Packs) -> None:
    """Each page says which of how many it is, in the language of the pack."""
    for (language, edition), reader in packs.items():
        if edition is not PackEdition.BOOKLET:
            for number, page in enumerate(reader.pages, 1):
                wanted = f"Pack: page {number} of {len(reader.pages)}"
                assert (f"«{wanted}»" if language == "es" else wanted) in page.extract_text()


def test_every_part_is_in_its_language(packs: Packs) -> None:
    """The document has one part for each of its parts, and the staff's copy alone is in English."""
    reader = packs["es", PackEdition.PAPER]
    root: Any = reader.trailer["/Root"]
    document = root["/StructTreeRoot"]["/K"]
    document = document[0].get_object() if isinstance(document, pypdf.generic.ArrayObject) else document.get_object()
    parts = [kid.get_object() for kid in document["/K"]]
    assert root["/Lang"] == "es"
    assert {part["/S"] for part in parts} == {"/Part"}
    languages = [part.get("/Lang", "es") for part in parts]
    assert languages.count("en") == 1
    assert len(languages) == 7


def test_the_english_pack_has_no_copy_for_the_staff(packs: Packs) -> None:
    """Parts whose condition does not hold are left out."""
    assert len(list(links(packs["en", PackEdition.PAPER]))) < len(list(links(packs["es", PackEdition.PAPER])))


def test_every_field_is_filled_and_read_back(packs: Packs, folder: Path) -> None:
    """All fields of a fillable pack take a value, and an ordinary reader gives it back."""
    data = io.BytesIO()
    writer = pypdf.PdfWriter(clone_from=packs["es", PackEdition.FILLABLE])
    writer.write(data)
    names = filling.values(data.getvalue())
    assert len(names) == len(set(names)) > 8
    boxes = {name for name in names if name.endswith("-hot")}
    assert len(boxes) == 2  # the form and the staff's copy
    wanted = {name: filling.CHECKED if name in boxes else "12" for name in names}
    language = content.load(Project(folder)).languages["es"]
    after = filling.filled(data.getvalue(), wanted, language, "pack.pdf")
    assert filling.values(after) == wanted
    told = pypdf.PdfReader(io.BytesIO(after)).get_fields() or {}
    assert {name: field.value for name, field in told.items() if name in wanted and name not in boxes} == {
        name: "12" for name in wanted if name not in boxes
    }


def test_a_booklet_has_two_pages_on_each_side(packs: Packs, folder: Path) -> None:
    """A booklet has half as many sides, a multiple of two, and does not say that it is accessible."""
    sides, pages = len(packs["es", PackEdition.BOOKLET].pages), len(packs["es", PackEdition.PAPER].pages)
    assert sides == 2 * -(-pages // 4)
    project = Project(folder)
    claims = {edition: packing.packed(job(folder, "es", edition), project.templates, Cache(project.cache), folder).accessible
              for edition in (PackEdition.PAPER, PackEdition.BOOKLET)}  # fmt: skip
    assert claims == {PackEdition.PAPER: True, PackEdition.BOOKLET: False}
    assert "/StructTreeRoot" not in packs["es", PackEdition.BOOKLET].trailer["/Root"]  # type: ignore[operator]


def test_an_archive_claims_both_standards(packs: Packs) -> None:
    """A pack to be filed says that it is PDF/A-2a and PDF/UA-1."""
    root: Any = packs["es", PackEdition.ARCHIVE].trailer["/Root"]
    packet = root["/Metadata"].get_data()
    assert b"pdfaid:part" in packet
    assert b"pdfuaid:part" in packet


def test_a_foreign_page_is_told(folder: Path) -> None:
    """A pack with an untagged PDF from elsewhere does not claim to be accessible, and the build says for whose sake."""
    copy = folder.with_name("foreign")
    shutil.copytree(folder, copy)
    (copy / "files").mkdir()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(copy / "files" / "map.pdf")
    path = copy / "content" / "packs" / "tea-pack.yaml"
    part = "  - {kind: file, file: files/map.pdf, title: The way, languages: [en]}\n"
    path.write_text(path.read_text(encoding="utf-8") + part, encoding="utf-8")
    project = Project(copy)
    pack = job(copy, "en", PackEdition.PAPER)
    _, problems = making.make(pack, copy, project.templates, project.cache)
    assert [(p.rule, p.severity) for p in problems] == [("pack/accessible", "warning")]
    assert "files/map.pdf" in problems[0].message
    data = cache.Cache(project.cache).get(pack.key)
    root: Any = pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert b"pdfuaid:part" not in root["/Metadata"].get_data()


def test_a_pack_needs_every_part(folder: Path) -> None:
    """When the form is not translated, the pack is not made in that language, and the reason names the catalog."""
    copy = folder.with_name("untranslated")
    shutil.copytree(folder, copy)
    (copy / translations.catalog_path("es", "tea-form")).unlink()
    work = pack_plan.work(material.read(Project(copy)), Selection(packs=("tea-pack",)))
    assert {str(blocked.output) for blocked in work.blocked} == {"es/packs/tea-pack.pdf", "es/packs/tea-pack-fillable.pdf"}
    assert {blocked.problem.place.path for blocked in work.blocked} == {"locales/es/LC_MESSAGES/tea-form.po"}


def changed(folder: Path, copy: Path, path: str, old: str, new: str) -> bool:
    """Whether a change of one file changes the key of the English pack."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".cache"))
    selection = Selection(languages=("en",), editions=(PackEdition.PAPER,), packs=("tea-pack",))

    def key() -> str:
        (pack,) = pack_plan.work(material.read(Project(copy)), selection).packs
        return pack.key

    before = key()
    text = (copy / path).read_text(encoding="utf-8")
    assert old in text
    (copy / path).write_text(text.replace(old, new), encoding="utf-8")
    return key() != before


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("content/packs/tea-pack.yaml", "All about tea", "All of tea"),
        ("content/consent/tea-form.yaml", "I want the tea", "I take the tea"),
        ("content/handouts/tea.yaml", "Black tea", "White tea"),
        ("content/clinic.yaml", "Fictional Tea", "Fictional Coffee"),
        ("templates/pack.css", "28pt", "27pt"),
    ],
)
def test_what_a_pack_depends_on_is_in_its_key(folder: Path, tmp_path: Path, path: str, old: str, new: str) -> None:
    """A change of any part, of the pack's own words or of its templates makes the pack anew."""
    assert changed(folder, tmp_path / "project", path, old, new)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [("templates/proof.css", "8pt", "7pt"), ("locales/es/LC_MESSAGES/tea-form.po", "I want the tea", "I take the tea")],
)
def test_what_a_pack_does_not_print_leaves_it_alone(folder: Path, tmp_path: Path, path: str, old: str, new: str) -> None:
    """Another language's words, and styles of other sheets, do not make the pack anew."""
    assert not changed(folder, tmp_path / "project", path, old, new)
