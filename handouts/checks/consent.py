"""Rules about consent forms and packs: what a law or a model form asks for is there, and names point somewhere."""

import re
from collections.abc import Iterator

from handouts.forms import Signature
from handouts.material import Material
from handouts.model import Consent, Element
from handouts.packs import ConsentPart, ExternalFile, HandoutPart
from handouts.problems import HandoutsError, Place, Problem
from handouts.sections import Shared
from handouts.values import Value, leaves


def profiles(material: Material) -> Iterator[Problem]:
    """Every profile that a consent form names is a file of content/profiles/."""
    library = material.library
    for form in library.consents:
        for index, name in enumerate(form.profiles):
            if name not in library.profiles:
                yield Problem(library.place(library.path(form), "profiles", index), "consent/profile",
                              f'"{name}" is not a profile',
                              f"use one of: {', '.join(sorted(library.profiles))}; or write content/profiles/{name}.yaml")  # fmt: skip


def elements(material: Material) -> Iterator[Problem]:
    """Every element that a form's profiles ask for stands in a section that can hold it (CMS A-0955; UK model forms)."""
    library = material.library
    for form in library.consents:
        told: set[str] = set()
        for name in form.profiles:
            profile = library.profiles.get(name)
            for element in profile.elements if profile else ():
                if element.id not in told:
                    told.add(element.id)
                    yield from _held(material, form, element, profile.name if profile else "")


def _held(material: Material, form: Consent, element: Element, profile: str) -> Iterator[Problem]:
    place = material.library.place(material.library.path(form), "elements")
    asked = f"{profile}, {element.clause}"
    if element.id not in form.elements:
        yield Problem(place, "consent/element", f"the form does not hold {element.says} ({asked})",
                      f'write a section for it and name it under elements: "{element.id}: [id of the section]"')  # fmt: skip
        return
    place = material.library.place(material.library.path(form), "elements", element.id)
    sections = {section.id: section for section in form.sections if not isinstance(section, Shared)}
    shared = {section.id: section for section in material.library.shared.sections}
    found = [sections.get(name) or shared.get(name) for name in form.elements[element.id]]
    for section in (section for section in found if section):
        if section.kind not in element.kinds:
            yield Problem(place, "consent/element",
                          f'"{section.id}" is a section of the kind {section.kind}, which cannot hold {element.says}',
                          f"the kinds that can: {', '.join(element.kinds)}")  # fmt: skip
        elif isinstance(section, Signature) and not (section.date and section.time):
            yield Problem(place, "consent/element",
                          f'the signature "{section.id}" has no {"time" if section.date else "date"} ({asked})',
                          "delete the lines date: no and time: no")  # fmt: skip
    if element.numbers and not any(_numbers(section) for section in found if section):
        yield Problem(place, "consent/element", f"{element.says}: no number stands there ({asked})",
                      "say how much or how many, from the evidence")  # fmt: skip


def _numbers(section: Value) -> bool:
    return any(isinstance(value, int) or (isinstance(value, str) and re.search(r"\d", value)) for _, value in leaves(section))


def sections(material: Material) -> Iterator[Problem]:
    """The sections that a form's elements name are sections of the form."""
    library = material.library
    for form in library.consents:
        known = [section.id for section in form.sections]
        for element, names in form.elements.items():
            for index, name in enumerate(names):
                if name not in known:
                    yield Problem(library.place(library.path(form), "elements", element, index), "consent/section",
                                  f'the form has no section "{name}"', f"its sections are: {', '.join(known)}")  # fmt: skip


def parts(material: Material) -> Iterator[Problem]:
    """The handouts, forms, files and languages that a pack names exist."""
    library = material.library
    for pack in library.packs:
        for index, part in enumerate(pack.parts):
            path = library.path(pack)
            if isinstance(part, HandoutPart):
                yield from _named(library.place(path, "parts", index, "handout"), "handout", part.handout,
                                  [handout.id for handout in library.handouts])  # fmt: skip
            elif isinstance(part, ConsentPart):
                yield from _named(library.place(path, "parts", index, "form"), "consent form", part.form,
                                  [form.id for form in library.consents])  # fmt: skip
            elif isinstance(part, ExternalFile):
                yield from _file(material, part, library.place(path, "parts", index, "file"))
            codes = (*part.languages, *([part.language] if isinstance(part, ExternalFile) and part.language else []))
            for code in codes:
                yield from _named(library.place(path, "parts", index), "language", code, sorted(library.languages))


def _named(place: Place, what: str, name: str, known: list[str]) -> Iterator[Problem]:
    if name not in known:
        yield Problem(place, "pack/part", f'there is no {what} "{name}"', f"use one of: {', '.join(known)}")


def _file(material: Material, part: ExternalFile, place: Place) -> Iterator[Problem]:
    try:
        material.project.read(part.file, place)
    except HandoutsError as fault:
        yield from fault.problems
