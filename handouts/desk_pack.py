"""A request of the consultation desk to a pack: what it is made of, how far its sheets are signed, what may be asked for.

Pure, as the planner is. What a person typed goes into the page of the cover and into nothing else: keys, digests and the
register's line are made of texts only.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handouts import pack_plan, standing
from handouts.approval import State
from handouts.content import DESK, Library
from handouts.desk_form import Request
from handouts.keys import hashed
from handouts.model import Consent, Document, Edition, Language
from handouts.pack_plan import CHOSEN, PackJob, Piece
from handouts.packs import ConsentPart, Contents, Cover, HandoutPart, LanguageNotice, Notes, Pack, PackEdition, Part
from handouts.page import Page
from handouts.plan import Blocked, Job, Planner
from handouts.problems import HandoutsError, Problem
from handouts.register import Line
from handouts.values import Text

GRAVEST = (State.EXPIRED, State.DRAFT, State.DRAFT_TRANSLATION, State.APPROVED)


class UnconfirmedError(Exception):
    """What was asked for is not approved, and nobody said that it may be handed out all the same."""

    def __init__(self, sheets: tuple[tuple[str, State], ...]) -> None:
        super().__init__("not confirmed")
        self.sheets = sheets


@dataclass(frozen=True)
class Choice:
    """Something that may be ticked: a pack, a handout or a form, and its state in each language."""

    document: Document
    states: Mapping[str, str]

    @property
    def form(self) -> bool:
        """Whether it is signed by the patient."""
        return isinstance(self.document, Consent)


@dataclass(frozen=True)
class Menu:
    """All that may be asked for."""

    languages: tuple[Language, ...]
    packs: tuple[Choice, ...]
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]


def menu(planner: Planner) -> Menu:
    """What the desk offers; raises `HandoutsError` when content/desk.yaml names a document that is not there."""
    library = planner.material.library
    codes = [code for code in library.clinic.languages if code in library.languages]
    states: dict[str, dict[str, str]] = {}
    for each in standing.standings(planner, codes):
        states.setdefault(each.document.id, {})[each.language.code] = each.state
    return Menu(
        tuple(library.languages[code] for code in codes),
        tuple(Choice(pack, states[pack.id]) for pack in library.packs),
        tuple((title, tuple(Choice(sheet, states[sheet.id]) for sheet in sheets)) for title, sheets in _groups(library)),
    )


def _groups(library: Library) -> Iterator[tuple[str, Sequence[Document]]]:
    """The documents in the clinic's groups, each once; then what no group names."""
    left: dict[str, Document] = {sheet.id: sheet for sheet in library.sheets}
    known = set(left)
    unknown = [
        Problem(library.place(DESK, number, "documents", index), "desk/document", f'there is no handout or form "{name}"',
                f"use some of: {', '.join(sorted(known))}")
        for number, group in enumerate(library.groups) for index, name in enumerate(group.documents) if name not in known
    ]  # fmt: skip
    if unknown:
        raise HandoutsError(*unknown)
    for group in library.groups:
        yield group.title, [left.pop(name) for name in group.documents if name in left]
    if left:
        yield ("Other" if library.groups else "Handouts and forms"), list(left.values())


def job(request: Request, planner: Planner) -> PackJob:
    """The pack that was asked for, with what was typed on its cover; raises `HandoutsError` when a sheet is not translated."""
    made = _pack(request, planner, request.language, request.layout)
    pieces, recipe = made.pieces, dict(made.recipe)
    if request.copy:
        copy = _pack(request, planner, request.staff, Edition.STANDARD)
        there = {piece.made_from.key for piece in pieces if piece.staff and isinstance(piece.made_from, Job)}
        pieces += tuple(replace(piece, staff=True) for piece in copy.pieces if _copied(piece, there))
        recipe["the copy for the staff"] = copy.key
    pieces = tuple(_told(piece, request, planner) for piece in pieces)
    return replace(made, pieces=pieces, recipe=recipe, key=hashed(recipe))


def _copied(piece: Piece, there: Iterable[str]) -> bool:
    """Whether a part is in the copy for the staff: the cover, and sheets that the pack has not for them already."""
    if isinstance(piece.made_from, Job):
        return piece.made_from.key not in there
    page = piece.made_from
    return isinstance(page, Page) and page.leaf is not None and page.leaf.kind == "cover"


def _told(piece: Piece, request: Request, planner: Planner) -> Piece:
    """A cover with what was typed; a sheet that is alike in all packs of single sheets as such a one; all else as it is."""
    page = piece.made_from
    if not (isinstance(page, Page) and page.leaf) or page.leaf.kind == "contents":
        return piece
    if page.leaf.kind == "cover":
        return replace(piece, made_from=replace(page, leaf=replace(page.leaf, details=request.details)))
    if request.pack:
        return piece
    newest = max(sheet.published for sheet in planner.material.library.sheets)
    common = page.handout.model_copy(update={"title": page.shared.topic, "published": newest})
    digest = _digest((CHOSEN, page.language.code, page.shared.topic))
    return replace(piece, made_from=replace(page, handout=common, digest=digest, english=digest))


def _pack(request: Request, planner: Planner, code: str, layout: Edition) -> PackJob:
    library = planner.material.library
    language = library.languages[code]
    edition = PackEdition.FILLABLE if request.fillable else PackEdition.PAPER
    if request.pack:
        pack, base = next(pack for pack in library.packs if pack.id == request.pack), None
    else:
        pack, base = _chosen(request.documents, planner, language)
    return pack_plan.job(planner, pack, language, edition, layout, request.staff, base)


def _chosen(documents: Sequence[str], planner: Planner, language: Language) -> tuple[Pack, Page]:
    """A pack of single sheets, in a language: it is called after the one sheet in it, or after the topic of all."""
    sheets = [sheet for sheet in planner.material.library.sheets if sheet.id in documents]
    pages = [_made(planner.sheet(sheet, language, Edition.STANDARD)).page for sheet in sheets]
    parts: list[Part] = [Cover(kind="cover"), Contents(kind="contents"), LanguageNotice(kind="language-notice")]
    for sheet in sheets:
        if isinstance(sheet, Consent):
            parts.append(ConsentPart(kind="consent", form=sheet.id))
            parts.append(ConsentPart(kind="consent", form=sheet.id, language="staff", when="translated"))
        else:
            parts.append(HandoutPart(kind="handout", handout=sheet.id))
    parts.append(Notes(kind="notes"))
    first = pages[0]
    pack = Pack.model_construct(
        id="desk", document=CHOSEN, icon=None, version="1.0", imprint=None, parts=tuple(parts),
        title=first.handout.title if len(pages) == 1 else first.shared.topic, purpose=Text(""),
        published=max(sheet.published for sheet in sheets), review=min(sheet.review for sheet in sheets),
    )  # fmt: skip
    base = replace(first, handout=pack, references={}, digest=digest(pages), english=_digest(page.english for page in pages),
                   approval=replace(first.approval, why=()))  # fmt: skip
    return pack, base


def _made(made: Job | Blocked) -> Job:
    if isinstance(made, Blocked):
        raise HandoutsError(made.problem)
    return made


def digest(pages: Iterable[Page]) -> str:
    """What the texts of some sheets are, in one digest."""
    return _digest(f"{page.handout.document} {page.language.code} {page.digest}" for page in pages)


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def state(made: PackJob) -> State:
    """The gravest state of a pack and of the sheets in it."""
    return min((made.page.approval.state, *(sheet.page.approval.state for sheet in made.sheets)), key=GRAVEST.index)


def unsettled(made: PackJob, library: Library) -> tuple[tuple[str, State], ...]:
    """What in a pack is not approved: its English title with the language it is printed in, and its state."""
    titles = {document.id: document.title for document in library.translated()}
    pages = (made.page, *(sheet.page for sheet in made.sheets))
    return tuple(
        (f"{titles[page.handout.id]} ({page.language.name})", page.approval.state)
        for page in pages
        if page.approval.state != State.APPROVED and page.handout.id in titles
    )


def line(request: Request, made: PackJob, time: str) -> Line:
    """What the register keeps of a pack that is given."""
    pages = [sheet.page for sheet in made.sheets]
    documents = dict.fromkeys(f"{page.handout.document} {page.handout.version}" for page in pages)
    return Line(
        time=time,
        given=request.pack or " ".join(sheet.id for sheet in _ordered(request, pages)),
        versions=" ".join(documents),
        digest=f"sha256:{digest(pages)}",
        patient_language=request.language,
        staff_language=request.staff if request.copy or len({page.language.code for page in pages}) > 1 else "none",
        edition=f"{request.layout} {'fillable' if request.fillable else 'paper'}{' with staff copy' if request.copy else ''}",
        state=state(made),
    )


def _ordered(request: Request, pages: Iterable[Page]) -> Iterable[Document]:
    return {page.handout.id: page.handout for page in pages if page.handout.id in request.documents}.values()
