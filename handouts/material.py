"""Everything that is read from a project folder, in one value: content, catalogs, the logo.

What comes in is a folder; what goes out has passed every gate of reading. All later work is on
this value and reads only templates and fonts besides.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from handouts import content, translations, yaml_file
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
    glossaries: Mapping[str, Mapping[str, tuple[str, ...]]]
    """The translations a language's glossary allows for each English term, by language."""
    logo: bytes
    voices: Mapping[str, Catalog] = field(default_factory=dict)
    """The templates' words in languages the clinic prints that were not asked for: one sheet of a pack is in all of them."""
    logos: Mapping[str, bytes] = field(default_factory=dict)
    """The logo of each clinic of a group, by its path."""

    def at(self, site: str) -> "Material":
        """The same for a site; raises `HandoutsError` when there is none of that name."""
        return self._of(self.library.at(site))

    def each(self) -> "tuple[Material, ...]":
        """The same for each clinic whose pages are made: for every site, or for the one clinic there is."""
        return tuple(self.at(site) for site in self.library.sites) if self.library.grouped else (self,)

    def _of(self, library: Library) -> "Material":
        return replace(self, library=library, logo=self.logos.get(str(library.clinic.logo), self.logo))


def read(project: Project, wanted: Sequence[str] | None = None, sites: Sequence[str] = ()) -> Material:
    """Read the folder; raises `HandoutsError` with the problems of all files.

    `wanted` names the languages whose catalogs are read (an empty sequence: those the clinic
    prints), so that a damaged catalog of another language stops nothing; without it all are read.
    `sites` names the sites that are printed: none for all. What they share is read once.
    """
    library = content.load(project).only(sites)
    codes = library.languages.keys() if wanted is None else wanted or library.printed
    problems: list[Problem] = []
    entries: Mapping[str, tuple[Entry, ...]] = {}
    catalogs: dict[tuple[str, str], Catalog] = {}
    glossaries: dict[str, dict[str, tuple[str, ...]]] = {}
    logos: dict[str, bytes] = {}
    try:
        entries = translations.domains(library, project)
    except HandoutsError as fault:
        problems += fault.problems
    for language in (library.languages[code] for code in codes if code in library.languages):
        for domain in entries if language.code != SOURCE_LANGUAGE else ():
            try:
                catalog = translations.read(project, language, domain)
            except HandoutsError as fault:
                problems += fault.problems
            else:
                if catalog:
                    catalogs[language.code, domain] = catalog
    voices = {}
    for code in library.printed:
        if code in library.languages and code not in codes and code != SOURCE_LANGUAGE:
            with suppress(HandoutsError):  # a damaged catalog of another language stops nothing
                catalog = translations.read(project, library.languages[code], translations.UI)
                if catalog:
                    voices[code] = catalog
    for path in project.files("locales/*/glossary.yaml"):
        try:
            glossaries[path.parent.name] = glossary(project, project.relative(path))
        except HandoutsError as fault:
            problems += fault.problems
    for own in (library, *library.each()):
        logo = own.clinic.logo
        if str(logo) not in logos:
            try:
                logos[str(logo)] = project.read(logo, own.clinic_place("logo"))
            except HandoutsError as fault:
                problems += fault.problems
    if problems:
        raise HandoutsError(*problems)
    return Material(project, library, entries, catalogs, glossaries, logos[str(library.clinic.logo)], voices, logos)


def glossary(project: Project, path: str) -> dict[str, tuple[str, ...]]:
    """A glossary: English terms, each with one translation or a list of those allowed."""
    source = yaml_file.read(project, path)
    result: dict[str, tuple[str, ...]] = {}
    problems = []
    for term, value in source.data.items() if isinstance(source.data, dict) else ():
        allowed = [value] if isinstance(value, str) else value
        if isinstance(allowed, list) and allowed and all(isinstance(word, str) and word for word in allowed):
            result[term] = tuple(str(word) for word in allowed)
        else:
            problems.append(
                Problem(source.place((term,)), "content/glossary", f'"{term}" has no translation that is text',
                        "write it behind the colon, or a list in square brackets")
            )  # fmt: skip
    if problems or not isinstance(source.data, dict):
        raise HandoutsError(
            *problems
            or (
                Problem(source.place(), "content/glossary", "the file is not made of terms with their translations",
                        'write lines such as "English term: its translation"'),
            )
        )  # fmt: skip
    return result
