"""`handouts sign`: a person answers for the exact text of a document."""

import argparse
from typing import TYPE_CHECKING

from handouts.commands import terminal
from handouts.problems import HandoutsError, Place, Problem

if TYPE_CHECKING:  # imported late where they are used, to keep --help fast
    from handouts.approval import SignOff
    from handouts.material import Material
    from handouts.plan import Planner


def run_sign(options: argparse.Namespace) -> int:
    """`handouts sign`: write a signature into content/signoffs.yaml, bound to the text as it is now."""
    from handouts import cache, checks, content, material, problems, signoffs

    project = terminal.project(options)
    read = material.read(project, [options.language])
    planner = terminal.planner(options, read, options.site)
    read = planner.material
    _usage(options, read)
    sources, digest, version = _text(options, planner)
    faults = [p for p in problems.errors(checks.run(read, options.today)) if p.place.path in sources]
    if faults:
        raise HandoutsError(*faults)
    signature = _signature(options, digest, version)
    if signature in read.library.signoffs:
        print("this signature is there already; nothing was changed")
        return 0
    path = project.folder / content.SIGNOFFS
    before = path.read_text(encoding="utf-8") if path.exists() else signoffs.HEADER
    try:
        cache.replace(path, signoffs.added(before, signature).encode())
    except OSError as fault:
        raise HandoutsError(
            Problem(
                Place(content.SIGNOFFS), "sign/unwritable", f"cannot write: {fault.strerror}", "check the file's permissions"
            )
        ) from None
    print(f"{content.SIGNOFFS}: {signature.name}, {signature.credential}, has signed {options.handout} in "
          f"{read.library.languages[options.language].name} as {signature.role}: text {digest[:8]}")  # fmt: skip
    return 0


def _usage(options: argparse.Namespace, read: "Material") -> None:
    """Refuse what cannot be signed; raises `HandoutsError` with all of it."""
    from handouts.approval import Role
    from handouts.content import SOURCE_LANGUAGE
    from handouts.translations import UI

    names = [document.id for document in read.library.translated()]
    translator = options.role == Role.TRANSLATOR
    wrong = []
    if options.handout not in (*names, *([UI] if translator else [])):
        wrong.append(Problem(Place("HANDOUT"), "usage/handout", f'there is no document "{options.handout}"',
                             f"use one of: {', '.join(names)}; a translator also signs the words of the templates: {UI}"))  # fmt: skip
    languages = sorted(read.library.languages)
    wrong += terminal.unknown("--language", "usage/language", [options.language], languages, "{} is not a known language")
    if options.language in languages and (options.language == SOURCE_LANGUAGE) is translator:
        wrong.append(Problem(Place("--role"), "usage/role", f"a {options.role} does not sign {options.language}",
                             f"a clinician signs the English (-l {SOURCE_LANGUAGE}), a translator a translation of it"))  # fmt: skip
    if options.date and options.date > options.today:
        wrong.append(Problem(Place("--date"), "usage/date", f"{options.date} has not come yet", "give the day of signing"))
    if wrong:
        raise HandoutsError(*wrong)


def _text(options: argparse.Namespace, planner: "Planner") -> tuple[set[str], str, str | None]:
    """The files of what is signed, its digest and its version; raises `HandoutsError` where it is not all translated."""
    from handouts.translations import UI, catalog_path, wording

    library = planner.material.library
    language = library.languages[options.language]
    if options.handout == UI:
        catalog, entries = planner.material.catalogs.get((language.code, UI)), planner.material.entries[UI]
        untold = wording(language, catalog, entries)[1]
        if untold:
            raise HandoutsError(planner.gap(language, UI, len(untold)))
        return {catalog_path(language.code, UI)}, planner.words(language), None
    document = next(d for d in library.translated() if d.id == options.handout)
    return set(planner.sources(document, language)), planner.digests(document, language).page, document.version


def _signature(options: argparse.Namespace, digest: str, version: str | None) -> "SignOff":
    from pydantic import ValidationError

    from handouts.approval import SignOff

    try:
        return SignOff(handout=options.handout, language=options.language, role=options.role, name=options.name,
                       credential=options.credential, date=options.date or options.today, version=version, digest=digest)  # fmt: skip
    except ValidationError as fault:
        raise HandoutsError(
            *(Problem(Place(f"--{error['loc'][0]}"), "usage/sign", f'"{error["input"]}" cannot be written as one line',
                      "write one line of at most 200 characters without < and >") for error in fault.errors())
        ) from None  # fmt: skip
