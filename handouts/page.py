"""One document before it is set: all that it is made of, in one picklable value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handouts.model import Clinic, Edition, Handout, Imprint, Language, Reference, SharedContent, Term
from handouts.sections import Glossary, OwnSection, Shared
from handouts.translations import Wording
from handouts.values import Value


@dataclass(frozen=True)
class Page:
    """All that one document is made of; picklable, so that it travels to a worker."""

    handout: Handout
    shared: SharedContent
    language: Language
    edition: Edition
    clinic: Clinic
    logo: bytes
    references: Mapping[str, Reference]
    wording: Wording
    digest: str
    beside: "Page | None" = None
    """The same document in English, beside which a bilingual edition sets this one."""

    @property
    def right_to_left(self) -> bool:
        """Whether the page is read from right to left."""
        return self.language.direction == "rtl"

    @property
    def imprint(self) -> Imprint:
        """The handout's own imprint, or the common one."""
        return self.handout.imprint or self.shared.imprint

    def sections(self) -> tuple[OwnSection, ...]:
        """The sections this clinic prints, shared ones put in place."""
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
