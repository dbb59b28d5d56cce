"""One document before it is set: all that it is made of, in one picklable value."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from handouts.approval import Approval, Identity
from handouts.forms import FormSection
from handouts.model import Clinic, Consent, Document, Edition, Handout, Imprint, Language, Reference, SharedContent, Term
from handouts.packs import Pack
from handouts.sections import Glossary, Shared
from handouts.translations import Wording
from handouts.values import Value

NOTICE = "notice.html.j2"
"""The template of one line of the notice of language assistance."""


def web_path(language: str, handout: str) -> str:
    """Where the web edition of a handout lies in the output folder, and so on the web: what codes on paper lead to."""
    return f"{language}/{handout}.html"


@dataclass(frozen=True)
class Entry:
    """A line of a pack's contents: a part, where a link to it leads, and the page it begins on."""

    title: str
    language: Language
    staff: bool
    address: str
    page: int


@dataclass(frozen=True)
class Details:
    """What a cover says of one consultation. It is on that cover and nowhere else: in no key, and in no text of this value."""

    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    clinician: str = field(default="", repr=False)
    date: datetime.date | None = field(default=None, repr=False)
    interpreter: str = field(default="", repr=False)


@dataclass(frozen=True)
class Leaf:
    """What a sheet shows that belongs to a pack and not to one of its parts."""

    kind: str
    """cover, contents, notice, notes, filler or numbers: the template's name."""
    entries: tuple[Entry, ...] = ()
    pages: int = 0
    others: tuple["Page", ...] = ()
    """The same sheet in the clinic's other languages, for the notice of language assistance."""
    details: Details = Details()
    """For the cover: what is printed in place of lines to write on."""


@dataclass(frozen=True)
class Page:
    """All that one document is made of; picklable, so that it travels to a worker."""

    handout: Handout | Consent | Pack
    shared: SharedContent
    language: Language
    edition: Edition
    clinic: Clinic
    logo: bytes
    references: Mapping[str, Reference]
    wording: Wording
    digest: str
    """The digest of the text, to which signatures are bound: 64 hexadecimal digits."""
    english: str = ""
    """The digest of the English."""
    approval: Approval = field(default_factory=Approval)
    beside: "Page | None" = None
    """The same document in English, beside which a bilingual edition sets this one."""
    leaf: Leaf | None = None

    @property
    def template(self) -> str:
        """The template it is made with."""
        if self.leaf:
            return f"pack-{self.leaf.kind}.html.j2"
        if isinstance(self.handout, Pack):
            return "pack-cover.html.j2"
        if self.edition is Edition.WEB:
            return "web.html.j2"
        return "consent.html.j2" if isinstance(self.handout, Consent) else "handout.html.j2"

    @property
    def styles(self) -> tuple[str, ...]:
        """The style sheets it is set with, in the order in which they apply."""
        if self.edition is Edition.WEB:
            return ("web.css",)
        edition = () if self.layout is Edition.STANDARD else (f"{self.layout}.css",)
        forms = () if isinstance(self.handout, Handout) else ("forms.css",)
        pack = ("pack.css",) if self.leaf else ()
        numbers = ("pack-numbers.css",) if self.leaf and self.leaf.kind == "numbers" else ()
        return ("page.css", *edition, *forms, *pack, *numbers)

    @property
    def identity(self) -> Identity:
        """What its PDF says it is."""
        own = self.handout
        return Identity(own.document, self.language.code, str(self.edition), own.version, self.digest, self.english,
                        self.approval.state)  # fmt: skip

    @property
    def layout(self) -> Edition:
        """The edition whose layout it has: a fillable form looks like a standard one."""
        return Edition.STANDARD if self.edition is Edition.FILLABLE else self.edition

    @property
    def web_address(self) -> str:
        """Where this handout lies on the web; empty: it does not, or it is the staff's side of a bilingual page."""
        folder = self.clinic.handouts_address
        staff = self.edition is Edition.BILINGUAL and not self.beside
        if not folder or not isinstance(self.handout, Handout) or staff:
            return ""
        return f"{folder.rstrip('/')}/{web_path(self.language.code, self.handout.id)}"

    def others(self) -> tuple[Language, ...]:
        """The other languages that stand on the page, each to be set in its own fonts."""
        leaf = self.leaf or Leaf("")
        found = [*([self.beside.language] if self.beside else []), *(other.language for other in leaf.others),
                 *(entry.language for entry in leaf.entries)]  # fmt: skip
        return tuple({language.code: language for language in found if language.code != self.language.code}.values())

    @property
    def right_to_left(self) -> bool:
        """Whether the page is read from right to left."""
        return self.language.direction == "rtl"

    @property
    def imprint(self) -> Imprint:
        """The handout's own imprint, or the common one."""
        return self.handout.imprint or self.shared.imprint

    def sections(self) -> tuple[FormSection, ...]:
        """The sections this clinic prints, shared ones put in place."""
        if isinstance(self.handout, Pack):
            return ()
        shared = {section.id: section for section in self.shared.sections}
        own = (shared[s.id] if isinstance(s, Shared) else s for s in self.handout.sections)
        return tuple(s for s in own if not s.regions or self.clinic.region in s.regions)

    def terms(self, section: Glossary) -> tuple[Term, ...]:
        """The glossary entries a section prints, in its order."""
        glossary = {term.id: term for term in self.shared.glossary}
        return tuple(glossary[name] for name in section.terms)

    def numbers(self) -> dict[str, int]:
        """The number of each reference, in the order in which the page first names them."""
        keys = dict.fromkeys(key for section in self.sections() for key in cited(section))
        return {key: number for number, key in enumerate(keys, start=1)}


def cited(node: object) -> Iterator[str]:
    """The reference keys a value names, in reading order."""
    if isinstance(node, tuple):
        for element in node:
            yield from cited(element)
    elif isinstance(node, Value):
        for name in type(node).model_fields:
            child = getattr(node, name)
            if name == "sources":
                continue
            if name == "source":
                yield child
            else:
                yield from cited(child)
        yield from getattr(node, "sources", ())


def said(document: Document, shared: SharedContent) -> Iterator[Value]:
    """The document and what it prints of the shared content."""
    own = document.sections if isinstance(document, Handout | Consent) else ()
    common = tuple(section for section in shared.sections if section.id in {s.id for s in own if isinstance(s, Shared)})
    terms = {term for section in (*own, *common) if isinstance(section, Glossary) for term in section.terms}
    imprint = None if document.imprint else shared.imprint
    glossary = tuple(term for term in shared.glossary if term.id in terms)
    yield document
    yield shared.model_copy(update={"imprint": imprint, "sections": common, "glossary": glossary})


def written(value: Value) -> object:
    """What a value says, as JSON knows it, without what is on no page."""
    return value.model_dump(mode="json", exclude={"profiles", "elements"})
