"""Rules about consent forms and packs: what a law or a model form asks for is there, and names point somewhere."""

from collections.abc import Iterator

from handouts import elements as asked
from handouts.material import Material
from handouts.packs import ConsentPart, ExternalFile, HandoutPart
from handouts.problems import HandoutsError, Place, Problem


def profiles(material: Material) -> Iterator[Problem]:
    """Every profile that a consent form names is a file of content/profiles/.

    A profile is what a law or a model form asks for. A form with a misspelt one would be held to nothing, and look as if
    it were held to much.
    """
    library = material.library
    for form in library.consents:
        yield from (f.problem(library, form, "consent/profile") for f in asked.unknown_profiles(library, form))


def elements(material: Material) -> Iterator[Problem]:
    """Every element that a form's profiles ask for stands in a section that can hold it (CMS A-0955; UK model forms).

    The form says in which sections under `elements`; this rule looks at the kind of section, at numbers where numbers
    are asked for, and at date and time of signatures. Whether the words are good enough is for the people who sign off
    the form. An element that no profile of the form asks for may stand there too.
    """
    library = material.library
    for form in library.consents:
        yield from (f.problem(library, form, "consent/element") for f in asked.missing(library, form, "form"))


def sections(material: Material) -> Iterator[Problem]:
    """The sections that a form's elements name are sections of the form.

    A name that points nowhere would make the form look complete after its section was renamed or taken out.
    """
    library = material.library
    for form in library.consents:
        yield from (f.problem(library, form, "consent/section") for f in asked.unknown_sections(form, "form"))


def parts(material: Material) -> Iterator[Problem]:
    """The handouts, forms, files and languages that a pack names exist, and files lie inside the project folder.

    A pack with a part missing must not reach a patient. What is inside a PDF from elsewhere is looked at when the pack
    is made.
    """
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
