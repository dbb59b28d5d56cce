"""A request to a pack: which parts it has, what its key and the register know, and that neither knows what was typed."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import desk_pack, fonts, material
from handouts.approval import State
from handouts.desk_form import Request
from handouts.keys import Keys
from handouts.model import Edition
from handouts.pack_plan import PackJob
from handouts.packs import PackEdition
from handouts.page import Details, Page
from handouts.plan import Job, Planner
from handouts.problems import HandoutsError
from handouts.project import Project

TODAY = datetime.date(2025, 1, 1)
DETAILS = Details("Ada Lovelace", "4711", "Dr Nobody", TODAY, "Grace Hopper")
SINGLE = Request("es", "en", documents=("tea-form", "tea"))
PACK = Request("es", "en", "tea-pack")

Jobs = Callable[[Request], PackJob]


@pytest.fixture
def planner(_pack_project: Path) -> Planner:
    """Makes the pages of the project with a pack."""
    project = Project(_pack_project)
    fonts.configure(project.templates, project.cache)
    read = material.read(project)
    return Planner(read, Keys(read), TODAY)


@pytest.fixture
def job(planner: Planner) -> Jobs:
    """The pack of a request."""
    return lambda request: desk_pack.job(request, planner)


def _parts(made: PackJob) -> list[str]:
    """Each part in a word: a leaf's kind, or a sheet with its language and edition; + for what is the staff's."""
    told = []
    for piece in made.pieces:
        page = piece.made_from.page if isinstance(piece.made_from, Job) else piece.made_from
        assert isinstance(page, Page)
        what = page.leaf.kind if page.leaf else f"{page.handout.id} {page.language.code} {page.edition}"
        told.append(f"{what} {page.language.code if page.leaf else ''}".strip() + ("+" if piece.staff else ""))
    return told


def test_single_sheets(job: Jobs) -> None:
    """What is ticked stands in the library's order; a form comes in the staff's language too, as in the clinic's packs."""
    assert _parts(job(SINGLE)) == [
        "cover es", "contents es", "notice es", "tea es standard", "tea-form es standard", "tea-form en standard+", "notes es",
    ]  # fmt: skip


def test_a_copy_for_the_staff(job: Jobs) -> None:
    """The same sheets follow in the staff's language behind a cover of their own, none twice."""
    assert _parts(job(replace(SINGLE, copy=True)))[7:] == ["cover en+", "tea en standard+"]
    assert "tea en standard+" in _parts(job(replace(PACK, copy=True)))


def test_staff_of_another_language(job: Jobs) -> None:
    """For staff who read Spanish the English pack has its staff copies in Spanish."""
    assert "tea-form es standard+" in _parts(job(Request("en", "es", "tea-pack", copy=True)))


def test_editions(job: Jobs) -> None:
    """Sheets come in the chosen layout where they have it; what is filled in on a screen has fields and the standard layout."""
    assert "tea es large-print" in _parts(job(replace(SINGLE, layout=Edition.LARGE_PRINT)))
    assert "tea es bilingual" in _parts(job(replace(PACK, layout=Edition.BILINGUAL)))
    assert "tea-form en standard+" in _parts(job(replace(PACK, layout=Edition.BILINGUAL)))
    fillable = job(replace(SINGLE, fillable=True, layout=Edition.LARGE_PRINT))
    assert fillable.edition is PackEdition.FILLABLE
    assert {"tea es large-print", "tea-form es fillable", "tea-form en fillable+"} <= set(_parts(fillable))


def test_a_pack_is_called_after_what_is_in_it(job: Jobs) -> None:
    """A pack of one sheet has its title, one of several the topic of all: words that are translated already."""
    assert job(Request("en", "en", documents=("tea",))).page.handout.title == "Drinking tea"
    assert job(replace(SINGLE, language="en")).page.handout.title == "Tea for dull afternoons"


@pytest.mark.parametrize("request_", [SINGLE, PACK, replace(SINGLE, copy=True, fillable=True)])
def test_no_key_knows_what_was_typed(job: Jobs, planner: Planner, request_: Request) -> None:
    """Keys, identifiers, digests, keywords and the register's line are the same whoever the pack is for."""
    bare, told = job(request_), job(replace(request_, details=DETAILS))
    assert (bare.key, bare.recipe, bare.page.identity) == (told.key, told.recipe, told.page.identity)
    lines = {desk_pack.line(replace(request_, details=details), made, "2025-01-01T09:30+00:00")
             for details, made in ((Details(), bare), (DETAILS, told))}  # fmt: skip
    assert len(lines) == 1
    covers = [
        p.made_from for p in told.pieces if isinstance(p.made_from, Page) and p.made_from.leaf and p.made_from.leaf.details.name
    ]
    assert len(covers) == 1 + request_.copy
    assert {planner.keys.key(cover) for cover in covers} == {planner.keys.key(replace(c, leaf=replace(c.leaf, details=Details())))
                                                             for c in covers if c.leaf}  # fmt: skip
    assert "Lovelace" not in repr(told)


def test_different_packs_have_different_keys(job: Jobs) -> None:
    """What is in a pack, in which layout, with or without a copy: each has its own key."""
    wanted = [SINGLE, PACK, replace(PACK, copy=True), replace(PACK, fillable=True), replace(PACK, layout=Edition.LARGE_PRINT),
              replace(SINGLE, documents=("tea",)), replace(SINGLE, language="en")]  # fmt: skip
    assert len({job(each).key for each in wanted}) == len(wanted)


def test_the_line_of_the_register(job: Jobs) -> None:
    """The register says what was given: ids, versions, a digest of texts, languages, edition, state."""
    line = desk_pack.line(SINGLE, job(SINGLE), "2025-01-01T09:30+00:00")
    assert line.given == "tea tea-form"
    assert line.versions == "TEA-01 1.0 TEA-02 1.0"
    assert line.digest.startswith("sha256:")
    assert (line.patient_language, line.staff_language, line.edition, line.state) == ("es", "en", "standard paper", "draft")
    alone = Request("en", "en", documents=("tea",), fillable=True, copy=True)
    line = desk_pack.line(alone, job(alone), "2025-01-01T09:30+00:00")
    assert (line.given, line.staff_language, line.edition) == ("tea", "en", "standard fillable with staff copy")


def test_states(job: Jobs, planner: Planner) -> None:
    """A pack is what its gravest sheet is, and says which sheets are not approved."""
    made = job(SINGLE)
    assert desk_pack.state(made) is State.DRAFT
    assert desk_pack.unsettled(made, planner.material.library) == (
        ("Drinking tea (Spanish)", State.DRAFT), ("Agreeing to tea (Spanish)", State.DRAFT), ("Agreeing to tea (English)", State.DRAFT),
    )  # fmt: skip
    late = Planner(planner.material, planner.keys, datetime.date(2999, 1, 1))
    assert desk_pack.state(desk_pack.job(SINGLE, late)) is State.EXPIRED


def test_the_menu(planner: Planner) -> None:
    """The menu has every language, pack, handout and form, each with its state in each language; groups come as the clinic wrote them."""
    menu = desk_pack.menu(planner)
    assert [language.code for language in menu.languages] == ["en", "es"]
    assert [choice.document.id for choice in menu.packs] == ["tea-pack"]
    assert [(title, [choice.document.id for choice in choices]) for title, choices in menu.groups] == [
        ("Handouts and forms", ["tea", "tea-form"])
    ]
    assert menu.packs[0].states == {"en": "draft", "es": "draft"}


def test_groups(project_folder: Path) -> None:
    """Documents stand in the first group that names them; the rest stands last."""
    (project_folder / "content/desk.yaml").write_text("- title: Hot\n  documents: [tea]\n", encoding="utf-8")
    read = material.read(Project(project_folder))
    groups = desk_pack.menu(Planner(read, Keys(read), TODAY)).groups
    assert [(title, [choice.document.id for choice in choices]) for title, choices in groups] == [("Hot", ["tea"])]


def test_message_of_a_group(project_folder: Path) -> None:
    """A group that names a document that is not there is told at its line."""
    (project_folder / "content/desk.yaml").write_text("- title: Hot\n  documents:\n    - tea\n    - coffee\n", encoding="utf-8")
    read = material.read(Project(project_folder))
    with pytest.raises(HandoutsError) as told:
        desk_pack.menu(Planner(read, Keys(read), TODAY))
    assert str(told.value) == (
        'content/desk.yaml:4: error: there is no handout or form "coffee" [desk/document]\n    hint: use some of: tea'
    )


def test_a_sheet_that_is_not_translated(planner: Planner) -> None:
    """What is not all translated is not put into a pack; the reason is the planner's."""
    read = planner.material
    without = {key: catalog for key, catalog in read.catalogs.items() if key != ("es", "tea")}
    lacking = replace(read, catalogs=without)
    with pytest.raises(HandoutsError, match="not translated into Spanish"):
        desk_pack.job(SINGLE, Planner(lacking, Keys(lacking), TODAY))
    assert desk_pack.menu(Planner(lacking, Keys(lacking), TODAY)).groups[0][1][0].states["es"] == "untranslated"
