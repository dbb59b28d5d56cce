"""Everything that is read from a project folder, in one value: content, catalogs, the logo.

What comes in is a folder; what goes out has passed every gate of reading. All later work is on
this value and reads only templates and fonts besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from handouts import content, translations
from handouts.content import SOURCE_LANGUAGE, Library
from handouts.po import Entry
from handouts.problems import HandoutsError, Problem
from handouts.project import Project
from handouts.translations import Catalog


@dataclass(frozen=True)
class Material:
    """A project folder, read."""

    project: Project
    library: Library
    entries: Mapping[str, tuple[Entry, ...]]
    """What is to translate, by domain."""
    catalogs: Mapping[tuple[str, str], Catalog]
    """What is translated, by language and domain."""
    logo: bytes


def read(project: Project) -> Material:
    """Read the folder; raises `HandoutsError` with the problems of all files."""
    library = content.load(project)
    problems: list[Problem] = []
    entries: Mapping[str, tuple[Entry, ...]] = {}
    catalogs: dict[tuple[str, str], Catalog] = {}
    logo = b""
    try:
        entries = translations.domains(library, project)
    except HandoutsError as fault:
        problems += fault.problems
    for language in library.languages.values():
        for domain in entries if language.code != SOURCE_LANGUAGE else ():
            try:
                catalog = translations.read(project, language, domain)
            except HandoutsError as fault:
                problems += fault.problems
            else:
                if catalog:
                    catalogs[language.code, domain] = catalog
    try:
        logo = project.read(library.clinic.logo, library.place(content.CLINIC, "logo"))
    except HandoutsError as fault:
        problems += fault.problems
    if problems:
        raise HandoutsError(*problems)
    return Material(project, library, entries, catalogs, logo)
