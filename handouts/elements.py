"""What a profile asks of a document, held against the sections the document names for it.

A profile is what a law, a model form or a standard asks for; a document's `elements` says in which of its sections
each thing stands. The faults come out in words, with the steps to the field; the rules make problems of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handouts.content import Library
from handouts.forms import Signature
from handouts.model import Consent, Element, Handout
from handouts.problems import Problem
from handouts.sections import Shared
from handouts.values import Text, Value, leaves

PURPOSE = "purpose"
"""The sentence under the title; an element may stand there as in a section."""


@dataclass(frozen=True)
class Fault:
    """Something that is not as a profile asks."""

    steps: tuple[str | int, ...]
    message: str
    hint: str

    def problem(self, library: Library, document: Handout | Consent, rule: str) -> Problem:
        """The fault at its line."""
        return Problem(library.place(library.path(document), *self.steps), rule, self.message, self.hint)


def unknown_profiles(library: Library, document: Handout | Consent) -> Iterator[Fault]:
    """The profiles a document names that are no files."""
    for index, name in enumerate(document.profiles):
        if name not in library.profiles:
            yield Fault(("profiles", index), f'"{name}" is not a profile',
                        f"use one of: {', '.join(sorted(library.profiles))}; or write content/profiles/{name}.yaml")  # fmt: skip


def unknown_sections(document: Handout | Consent, what: str) -> Iterator[Fault]:
    """The sections a document's elements name that it does not have."""
    known = [section.id for section in document.sections]
    for element, names in document.elements.items():
        for index, name in enumerate(names):
            if name not in (*known, PURPOSE):
                yield Fault(("elements", element, index), f'the {what} has no section "{name}"',
                            f"its sections are: {', '.join(known)}")  # fmt: skip


def missing(library: Library, document: Handout | Consent, what: str) -> Iterator[Fault]:
    """The elements of a document's profiles that stand nowhere, or in a section that cannot hold them; each told once."""
    told: set[str] = set()
    profiles = [library.profiles[name] for name in document.profiles if name in library.profiles]
    shared = {section.id: section for section in library.shared.sections}
    own = {section.id: section for section in document.sections if not isinstance(section, Shared)}
    for profile in profiles:
        for element in profile.elements:
            if element.id not in told:
                told.add(element.id)
                yield from _held(document, element, f"{profile.name}, {element.clause}", what, {**shared, **own})


def _held(
    document: Handout | Consent, element: Element, asked: str, what: str, sections: Mapping[str, Value]
) -> Iterator[Fault]:
    if element.id not in document.elements:
        yield Fault(("elements",), f"the {what} does not hold {element.says} ({asked})",
                    f'write a section for it and name it under elements: "{element.id}: [id of the section]"')  # fmt: skip
        return
    steps = ("elements", element.id)
    names = document.elements[element.id]
    found = [sections[name] for name in names if name in sections]
    kinds = [(name, getattr(sections[name], "kind", "")) for name in names if name in sections]
    kinds += [(PURPOSE, PURPOSE)] if PURPOSE in names else []
    for name, kind in kinds:
        if kind not in element.kinds:
            yield Fault(steps, f'"{name}" is a section of the kind {kind}, which cannot hold {element.says}',
                        f"the kinds that can: {', '.join(element.kinds)}")  # fmt: skip
        elif name in sections:
            section = sections[name]
            if isinstance(section, Signature) and not (section.date and section.time):
                yield Fault(steps, f'the signature "{name}" has no {"time" if section.date else "date"} ({asked})',
                            "delete the lines date: no and time: no")  # fmt: skip
    if element.numbers and not any_number(found):
        yield Fault(steps, f"{element.says}: no number stands there ({asked})", "say how much or how many, from the evidence")


def any_number(sections: Sequence[Value]) -> bool:
    """Whether a number stands in any of some sections: a risk's, or one in a text; keys, ids and lines to write on are none."""
    fields = (field for section in sections for field in leaves(section))
    return any(steps[-1] == "count" or (isinstance(value, Text) and bool(re.search(r"\d", value))) for steps, value in fields)
