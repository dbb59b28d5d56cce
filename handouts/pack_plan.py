"""Which packs a build makes, and what each is made of: sheets with keys of their own, and leaves of the pack itself.

Pure, as `plan` is, and for content that the checks have passed; a pack of which one part cannot be printed is `Blocked` with that part's reason.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import cast

from handouts import plan, signoffs
from handouts.approval import Approval
from handouts.content import SOURCE_LANGUAGE
from handouts.keys import Keys, code_hash, hashed
from handouts.material import Material
from handouts.model import Consent, Edition, Language
from handouts.packs import ConsentPart, Contents, Cover, ExternalFile, HandoutPart, LanguageNotice, Notes, Pack, PackEdition
from handouts.page import NOTICE, Leaf, Page
from handouts.plan import Blocked, Job, Planner, Selection
from handouts.problems import HandoutsError

EVERYDAY = (PackEdition.PAPER, PackEdition.FILLABLE)
"""The editions that are made unless others are asked for."""

OWN = ("archive", "assembly", "foreign", "foreign_reader", "form_fields", "imposition", "navigation", "pack_pages", "packing", "page_forms",
       "pdf_copying", "pdf_output", "pdf_source", "pdf_syntax", "structure_tree")  # fmt: skip
"""The modules of the engine whose code decides how a pack is put together."""

CHOSEN = "DESK-00"
"""The document id of a pack that was put together for one consultation: it is in no file."""

TITLES = {Contents: "What is in this pack", LanguageNotice: "Help with language", Notes: "Your notes and questions"}
"""What the pack's own sheets are called: words of their templates."""

LEAVES = {Cover: "cover", Contents: "contents", LanguageNotice: "notice", Notes: "notes"}


@dataclass(frozen=True)
class File:
    """A PDF from elsewhere: where it lies in the project folder, its hash, its password."""

    path: str
    digest: str
    password: str | None


@dataclass(frozen=True)
class Piece:
    """One part of a pack: what it is called, in which language, what it is made from."""

    title: str
    language: Language
    made_from: Job | Page | File
    staff: bool = False
    listed: bool = True
    """Whether the contents name it."""


@dataclass(frozen=True)
class PackJob:
    """One pack to put together."""

    output: PurePosixPath
    page: Page
    edition: PackEdition
    pieces: tuple[Piece, ...]
    key: str
    sources: tuple[str, ...]
    recipe: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the key is the hash of."""
    site: str = ""

    @property
    def sheets(self) -> tuple[Job, ...]:
        """The jobs whose pages it is put together from."""
        return tuple(piece.made_from for piece in self.pieces if isinstance(piece.made_from, Job))


@dataclass(frozen=True)
class Work:
    """All that a build does: the sheets it publishes, those that only packs need, the packs, and what cannot be made."""

    sheets: tuple[Job, ...]
    inner: tuple[Job, ...]
    packs: tuple[PackJob, ...]
    blocked: tuple[Blocked, ...]


def work(material: Material, selection: Selection, planner: Planner | None = None) -> Work:
    """The work for a selection, in order of language, document and edition."""
    planner = planner or Planner(material, Keys(material), selection.today)
    sheets = plan.plan(material, selection, planner)
    packs, blocked = _packs(material, selection, planner)
    keys = {job.key for job in sheets.jobs}
    inner = {job.key: job for pack in packs for job in pack.sheets if job.key not in keys}
    return Work(sheets.jobs, tuple(inner.values()), packs, (*sheets.blocked, *blocked))


def _packs(material: Material, selection: Selection, planner: Planner) -> tuple[tuple[PackJob, ...], tuple[Blocked, ...]]:
    library = material.library
    jobs: list[PackJob] = []
    blocked: list[Blocked] = []
    editions = tuple(e for e in selection.editions if isinstance(e, PackEdition)) if selection.editions else EVERYDAY
    for code in selection.languages or library.clinic.languages:
        for pack in library.packs if code in library.languages else ():
            if (selection.handouts or selection.packs) and pack.id not in selection.packs:
                continue
            for edition in editions:
                try:
                    jobs.append(_Packer(planner, pack, library.languages[code], edition).job())
                except HandoutsError as fault:
                    output = planner.placed(output_path(code, edition, pack.id))
                    blocked.append(Blocked(output, fault.problems[0], code, library.site))
    return tuple(jobs), tuple(blocked)


def job(
    planner: Planner, pack: Pack, language: Language, edition: PackEdition, layout: Edition = Edition.STANDARD,
    staff: str = SOURCE_LANGUAGE, base: Page | None = None,
) -> PackJob:  # fmt: skip
    """One pack, its sheets in a layout where they have it, for staff of a language; raises `HandoutsError`.

    `base` is the pack as a page in its language, where it was put together for one consultation and has no catalog.
    """
    return _Packer(planner, pack, language, edition, layout, staff, base).job()


def page(planner: Planner, pack: Pack, language: Language, edition: PackEdition) -> Page:
    """A pack itself as a page, with the approval that its parts leave it; raises `HandoutsError`."""
    return _Packer(planner, pack, language, edition).page


def output_path(language: str, edition: PackEdition, pack: str) -> PurePosixPath:
    """Where a pack goes, from the output folder."""
    suffix = "" if edition is PackEdition.PAPER else f"-{edition}"
    return PurePosixPath(language, "packs", f"{pack}{suffix}.pdf")


@dataclass(frozen=True)
class _Packer:
    planner: Planner
    pack: Pack
    language: Language
    edition: PackEdition
    layout: Edition = Edition.STANDARD
    staff: str = SOURCE_LANGUAGE
    base: Page | None = None

    def job(self) -> PackJob:
        """The job; raises `HandoutsError` with what cannot be printed."""
        pieces = tuple(self.pieces())
        sources = dict.fromkeys(self.planner.sources(self.pack, self.language))
        for piece in pieces:
            if isinstance(piece.made_from, Job):
                sources |= dict.fromkeys(piece.made_from.sources)
            elif isinstance(piece.made_from, File):
                sources[piece.made_from.path] = None
        output = self.planner.placed(output_path(self.language.code, self.edition, self.pack.id))
        recipe, site = self.recipe(pieces), self.planner.material.library.site
        return PackJob(output, self.page, self.edition, pieces, hashed(recipe), tuple(sources), recipe, site)

    @cached_property
    def page(self) -> Page:
        """The pack itself as a page, with the words of all its leaves."""
        page = self.base or self.planner.page(self.pack, self.language, self.leaf_edition)
        page = replace(page, edition=self.leaf_edition, approval=signoffs.joined(page.approval, tuple(self.approvals())))
        strings = dict(page.wording.strings)
        for kind in (*LEAVES.values(), "filler", "numbers"):
            strings |= self.planner.worded(replace(page, leaf=Leaf(kind))).wording.strings
        return replace(page, wording=replace(page.wording, strings=strings))

    def approvals(self) -> Iterator[tuple[str, Approval]]:
        """The ids and approvals of the sheets in it."""
        for _, part in self.pack.wanted(self.language.code, self.staff):
            if isinstance(part, HandoutPart | ConsentPart):
                made = self.sheet(part)
                yield made.page.handout.id, made.page.approval

    @property
    def leaf_edition(self) -> Edition:
        """The edition of the pack's own sheets."""
        if self.edition is PackEdition.FILLABLE:
            return Edition.FILLABLE
        return Edition.LARGE_PRINT if self.layout is Edition.LARGE_PRINT else Edition.STANDARD

    def leaf(self, leaf: Leaf) -> Page:
        """A sheet of the pack itself."""
        return replace(self.page, leaf=leaf)

    def pieces(self) -> Iterator[Piece]:
        """The parts in order."""
        library = self.planner.material.library
        local = cast("Pack", self.page.handout)
        for index, part in local.wanted(self.language.code, self.staff):
            if isinstance(part, HandoutPart | ConsentPart):
                made, code = self.sheet(part), self.language.code
                yield Piece(made.page.handout.title, made.page.language, made, made.page.language.code != code)
            elif isinstance(part, ExternalFile):
                data = self.planner.material.project.read(
                    part.file, library.place(library.path(self.pack), "parts", index, "file")
                )
                file = File(str(part.file), hashlib.sha256(data).hexdigest(), part.password)
                yield Piece(part.title, library.languages[part.language] if part.language else self.language, file)
            else:
                others = tuple(self.others()) if isinstance(part, LanguageNotice) else ()
                page = self.leaf(Leaf(LEAVES[type(part)], pages=getattr(part, "pages", 0), others=others))
                title = page.wording.say(TITLES[type(part)]) if type(part) in TITLES else page.handout.title
                yield Piece(title, self.language, page, listed=not isinstance(part, Cover | Contents))

    def sheet(self, part: HandoutPart | ConsentPart) -> Job:
        """The job of the handout or form a part names; a check has made sure that there is one. Raises `HandoutsError`."""
        library = self.planner.material.library
        name = part.handout if isinstance(part, HandoutPart) else part.form
        sheet = library.sheet(name)
        language = library.languages[self.staff] if part.language == "staff" else self.language
        edition = self.layout if plan.printed(sheet, language.code, self.layout) else Edition.STANDARD
        if self.edition is PackEdition.FILLABLE and isinstance(sheet, Consent):
            edition = Edition.FILLABLE
        made = self.planner.sheet(sheet, language, edition)
        if isinstance(made, Blocked):
            raise HandoutsError(made.problem)
        return made

    def others(self) -> Iterator[Page]:
        """The notice of language assistance in every language the clinic prints, this one first."""
        library = self.planner.material.library
        for code in dict.fromkeys((self.language.code, *library.clinic.languages)):
            wording, untold = self.planner.wording(library.languages[code], NOTICE)
            if not untold:
                yield replace(self.page, language=library.languages[code], wording=wording)

    def recipe(self, pieces: tuple[Piece, ...]) -> dict[str, str]:
        """All that the pack depends on: what it is, in a person's words, and a hash or the value itself."""
        leaves = ("cover", "contents", "filler", "numbers")
        return {
            "the engine": code_hash(OWN),
            "its edition": self.edition,
            "its author": self.page.clinic.name,
            **{f"its {kind}": self.planner.keys.key(self.leaf(Leaf(kind))) for kind in leaves},
            **{f'part {number}, "{piece.title}"': self.piece(piece) for number, piece in enumerate(pieces, 1)},
        }

    def piece(self, piece: Piece) -> str:
        """What a part adds to the key."""
        match piece.made_from:
            case Job(key=key):
                made = key
            case File(path=path, digest=digest, password=password):
                made = f"{path} {digest} {password}"
            case page:
                others = page.leaf.others if page.leaf else ()
                pages = page.leaf.pages if page.leaf else 0
                made = f"{pages} {self.planner.keys.key(page)} {[self.planner.keys.key(other) for other in others]}"
        return f"{piece.title} {piece.language.code} {piece.staff} {piece.listed} {made}"
