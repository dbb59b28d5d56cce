"""Rules about handouts as a whole: names that point somewhere, the order of sections."""

import difflib
from collections.abc import Iterable, Iterator

from handouts.material import Material
from handouts.problems import Place, Problem
from handouts.sections import Glossary, Shared
from handouts.values import PLACEHOLDER, PLACEHOLDERS, leaves, passages

Steps = tuple[str | int, ...]


def _unknown(place: Place, rule: str, what: str, name: str, known: Iterable[str], where: str) -> Problem:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    hint = f'did you mean "{near[0]}"? ' if near else ""
    return Problem(place, rule, f'"{name}" is not {what}', f"{hint}{where}")


def references(material: Material) -> Iterator[Problem]:
    """Every source that content names is a key of content/references.yaml.

    Each number in a leaflet is to be traced to its study (IPDAS certifying: citations). Whether the study says so is
    left to whoever signs the text off.
    """
    library = material.library
    for path, document in library.documents():
        for steps, value in leaves(document):
            named = "source" in steps[-1:] or (len(steps) > 1 and steps[-2] == "sources")
            if named and value not in library.references:
                yield _unknown(library.place(path, *steps), "content/reference", "a known reference", str(value),
                               library.references, "add it to content/references.yaml or correct the key")  # fmt: skip


def names(material: Material) -> Iterator[Problem]:
    """Shared sections and glossary terms that a document names exist in content/shared.yaml.

    A misspelled name would print a page without its box of whom to call, or without the meaning of a hard word.
    """
    library = material.library
    sections = [s.id for s in library.shared.sections]
    terms = [t.id for t in library.shared.glossary]
    for path, document in library.documents():
        for index, section in enumerate(document.sections):
            if isinstance(section, Shared) and section.id not in sections:
                yield _unknown(library.place(path, "sections", index, "id"), "content/shared", "a shared section",
                               section.id, sections, f"content/shared.yaml has: {', '.join(sections)}")  # fmt: skip
            if isinstance(section, Glossary):
                for number, term in enumerate(section.terms):
                    if term not in terms:
                        yield _unknown(library.place(path, "sections", index, "terms", number), "content/term",
                                       "a term of the glossary", term, terms,
                                       "add it to the glossary in content/shared.yaml")  # fmt: skip


def pictograms(material: Material) -> Iterator[Problem]:
    """Every icon that content names is a picture in templates/icons/.

    A page must not have a gap where a picture helps people who read little. Content without an icon is let be.
    """
    known = [path.stem for path in material.project.files("templates/icons/*.svg")]
    for path, document in material.library.documents():
        for steps, value in leaves(document):
            if steps[-1] == "icon" and value is not None and value not in known:
                yield _unknown(material.library.place(path, *steps), "content/icon", "a pictogram", str(value), known,
                               f"templates/icons/ has: {', '.join(known)}")  # fmt: skip


def placeholders(material: Material) -> Iterator[Problem]:
    """A {placeholder} in a text is one of those the clinic's file gives a value to.

    Any other could only be printed as it stands, brackets and all. The translations are held against the English by
    `translation/placeholders`.
    """
    for path, document in material.library.documents():
        for passage in passages(document, ""):
            for name in PLACEHOLDER.findall(passage.text):
                if name not in PLACEHOLDERS:
                    yield _unknown(material.library.place(path, *passage.steps), "content/placeholder",
                                   "a placeholder", name, PLACEHOLDERS,
                                   f"use one of: {', '.join(PLACEHOLDERS)}")  # fmt: skip


def duplicates(material: Material) -> Iterator[Problem]:
    """Ids are unique: of sections in a handout, of options and effects in a section, of documents in the project.

    Translations and files are found by them, so two equal ones would share a translation or overwrite a page. Equal ids
    in different documents or sections are let be.
    """
    library = material.library
    seen: dict[str, str] = {}
    for printed in library.translated():
        path = library.path(printed)
        for field, name in (("document", printed.document), ("id", printed.id)):
            if name in seen:
                what = "document id" if field == "document" else "id"
                yield Problem(library.place(path, field), "content/duplicate-id",
                              f'{seen[name]} also has the {what} "{name}"', "give each handout, form and pack its own")  # fmt: skip
            seen[name] = path
    for path, document in library.documents():
        found: set[tuple[Steps, str]] = set()
        for steps, value in leaves(document):
            if steps[-1] == "id" and len(steps) > 2:
                where = (steps[:-2], str(value))
                if where in found:
                    yield Problem(library.place(path, *steps), "content/duplicate-id",
                                  f'the id "{value}" stands here a second time',
                                  "give each section, option, effect and term its own id")  # fmt: skip
                found.add(where)


def order(material: Material) -> Iterator[Problem]:
    """A handout opens with its key message, says what is not known, and ends with when to call and what to do next.

    That is where readers look (CDC Clear Communication Index: main message at the top, what is known and unknown, a call
    to action). The order of everything between is free; consent forms and packs are let be.
    """
    library = material.library
    shared = {section.id: section.kind for section in library.shared.sections}
    for handout in library.handouts:
        path = library.path(handout)
        kinds = [shared.get(s.id, "") if isinstance(s, Shared) else s.kind for s in handout.sections]
        if "" in kinds:  # a shared section that does not exist: `names` tells it
            continue
        last = len(kinds) - 1
        wanted = (
            (0, kinds[0] == "key-message", "the first section must be the key message", "kind: key-message"),
            (last, kinds[-1] == "next-steps", "the last section must say what to do next", "kind: next-steps"),
            (last, kinds[-2:-1] == ["call-now"], "the last section but one must be the call-now box",
             "kind: shared, id: call-now"),
            (0, "not-known" in kinds, "no section says what is not known", "kind: not-known"),
        )  # fmt: skip
        for index, right, message, hint in wanted:
            if not right:
                yield Problem(library.place(path, "sections", index), "content/order", message, f"add or move: {hint}")
