"""Rules about content/signoffs.yaml: signatures that are for something, and still hold."""

from collections.abc import Iterator

from handouts.approval import Role, SignOff
from handouts.content import SIGNOFFS, SOURCE_LANGUAGE
from handouts.keys import Keys
from handouts.material import Material
from handouts.plan import Planner
from handouts.problems import HandoutsError, Place, Problem, warning
from handouts.translations import UI


def known(material: Material) -> Iterator[Problem]:
    """A signature is for a document and a language that there are: a clinician signs the English, a translator a translation.

    Without this a misspelled name would look like a signature and hold nothing.
    """
    for index, signature in enumerate(material.library.signoffs):
        yield from _unknown(material, index, signature)


def _unknown(material: Material, index: int, signature: SignOff) -> Iterator[Problem]:
    names = [document.id for document in material.library.translated()]
    languages = sorted(material.library.languages)
    translator = signature.role is Role.TRANSLATOR
    if signature.handout not in names and not (signature.handout == UI and translator):
        yield Problem(_place(material, index, "handout"), "signoff/known", f'there is no document "{signature.handout}"',
                      f"use one of: {', '.join(names)}; a translator may also sign: {UI}")  # fmt: skip
    if signature.language not in languages:
        yield Problem(_place(material, index, "language"), "signoff/known", f'"{signature.language}" is not a known language',
                      f"use one of: {', '.join(languages)}")  # fmt: skip
    elif (signature.language == SOURCE_LANGUAGE) is translator:
        yield Problem(_place(material, index, "role"), "signoff/known",
                      f"a {signature.role} does not sign {material.library.languages[signature.language].name}",
                      "a clinician signs the English, a translator a translation of it")  # fmt: skip


def void(material: Material) -> Iterator[Problem]:
    """The latest signature of a text is bound to the text as it is now; when the text changes, it no longer holds.

    A void signature is a draft again (45 CFR 92.201(c)(3) asks for a review of the very text). One that is followed by a
    later one for the same document, language and role is history and is not told. Where the sites of a group state other
    hours, it is enough that the signature holds at one of them; the others say on their pages that they need their own.
    """
    planner = Planner(material, Keys(material))
    latest = {(s.handout, s.language, s.role): (index, s) for index, s in enumerate(material.library.signoffs)}
    for index, signature in latest.values():
        if not any(_unknown(material, index, signature)) and signature.digest not in _current(planner, signature):
            yield warning(_place(material, index, "digest"), "signoff/void",
                          f"the text of {signature.handout} ({signature.language}) has changed since {signature.name} "
                          f"signed it on {signature.date}",
                          f"restore the text, or have it read and signed again: handouts sign {signature.handout} "
                          f"-l {signature.language} --role {signature.role}")  # fmt: skip


def _current(planner: Planner, signature: SignOff) -> tuple[str, ...]:
    """The digests of what was signed, as it is now at each site; none where it is not all translated any more."""
    library = planner.material.library
    language = library.languages[signature.language]
    if signature.handout == UI:
        return (planner.words(language),)
    document = next(d for d in library.translated() if d.id == signature.handout)
    try:
        return tuple(each.page for each in (planner.digests(document, language), *planner.everywhere(document, language)))
    except HandoutsError:
        return ()


def _place(material: Material, index: int, field: str) -> Place:
    return material.library.place(SIGNOFFS, index, field)
