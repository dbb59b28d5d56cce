"""A project folder that is kept read: after a change only what changed is read again.

What goes in is what was read before and the paths that changed; what comes out is what `material.read` would give, in
the parts that are free of mistakes. A part with a mistake stays as it last was good, and its problems are told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from handouts import content, translations
from handouts.content import SOURCE_LANGUAGE, Library
from handouts.material import Material, glossary
from handouts.po import Entry
from handouts.problems import HandoutsError, Problem
from handouts.project import Project
from handouts.translations import UI, Catalog
from handouts.yaml_file import YamlFile

CONTENT = "content"
TEMPLATES = "templates"

Faults = dict[str, tuple[Problem, ...]]


@dataclass(frozen=True)
class Reading:
    """What a project folder says, as far as it can be read."""

    project: Project
    codes: tuple[str, ...] = ()
    """The languages whose catalogs are read; empty: all."""
    material: Material | None = None
    """Nothing as long as the content was never free of mistakes."""
    files: Mapping[str, YamlFile] = field(default_factory=dict)
    """The content files that stand as they were read."""
    faults: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    """What is wrong, by the part that could not be read: content, templates, or the path of a file."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that could not be read, sorted by place."""
        return tuple(sorted({problem for found in self.faults.values() for problem in found}))

    def concerning(self, code: str) -> tuple[Problem, ...]:
        """The same without what is wrong in the folders of other languages."""
        own = f"locales/{code}/"
        return tuple(
            p for p in self.problems if p.place.path.startswith(own) or not p.place.path.endswith((".po", "/glossary.yaml"))
        )


def read(project: Project, codes: tuple[str, ...] = ()) -> Reading:
    """Read everything."""
    return reread(Reading(project, codes), ())


def reread(before: Reading, changed: Collection[str]) -> Reading:
    """The same after some files, named from the project folder, have changed."""
    faults: Faults = {}
    old, project = before.material, before.project
    files = {path: file for path, file in before.files.items() if path not in changed}
    library = old.library if old else None
    if not old or CONTENT in before.faults or any(_content(path) for path in changed):
        try:
            library = content.load(project, files)
            files = dict(library.files)
        except HandoutsError as fault:
            faults[CONTENT] = fault.problems
    if not library:
        return replace(before, files=files, faults=faults)
    entries = _entries(before, library, changed, faults)
    catalogs = _catalogs(before, library, entries, changed, faults)
    glossaries = _glossaries(before, changed, faults)
    logos = _logos(before, library, changed, faults)
    logo = logos[str(library.clinic.logo)]
    made = Material(project, library, entries, catalogs, glossaries, logo, {}, logos)
    return replace(before, material=made, files=files, faults=faults)


def _content(path: str) -> bool:
    """Whether a file is one of those that `content.load` reads."""
    return path.endswith(".yaml") and not path.endswith("/glossary.yaml")


def _entries(before: Reading, library: Library, changed: Collection[str], faults: Faults) -> Mapping[str, tuple[Entry, ...]]:
    """What is to translate; a domain whose file is the one that was read before stays."""
    old = before.material
    kept: dict[str, tuple[Entry, ...]] = {}
    if old:
        sources = {document.id: library.path(document) for document in library.translated()}
        sources |= {translations.SHARED_DOMAIN: content.SHARED}
        kept = {
            domain: old.entries[domain]
            for domain, path in sources.items()
            if domain in old.entries and library.files[path] is old.library.files.get(path)
        }
        if TEMPLATES not in before.faults and not any(path.endswith(".j2") for path in changed):
            kept[UI] = old.entries[UI]
    try:
        return translations.domains(library, before.project, kept)
    except HandoutsError as fault:
        faults[TEMPLATES] = fault.problems
        return translations.domains(library, before.project, {**kept, UI: old.entries[UI] if old else ()})


def _catalogs(
    before: Reading, library: Library, entries: Collection[str], changed: Collection[str], faults: Faults
) -> dict[tuple[str, str], Catalog]:
    """What is translated; a catalog is read again when it, or what is known of its language, has changed."""
    old, found = before.material, {}
    for code in before.codes or library.languages:
        language = library.languages.get(code)
        if not language or code == SOURCE_LANGUAGE:
            continue
        same = old and old.library.languages.get(code) == language
        for domain in entries:
            path, known = translations.catalog_path(code, domain), old.catalogs.get((code, domain)) if old else None
            catalog = known
            if not (same and old and domain in old.entries and path not in changed):
                try:
                    catalog = translations.read(before.project, language, domain)
                except HandoutsError as fault:
                    faults[path] = fault.problems
            elif path in before.faults:
                faults[path] = before.faults[path]
            if catalog:
                found[code, domain] = catalog
    return found


def _glossaries(before: Reading, changed: Collection[str], faults: Faults) -> dict[str, Mapping[str, tuple[str, ...]]]:
    old, found = before.material, {}
    for file in before.project.files("locales/*/glossary.yaml"):
        path, code = before.project.relative(file), file.parent.name
        known = old.glossaries.get(code) if old else None
        if known is None or path in changed or path in before.faults:
            try:
                known = glossary(before.project, path)
            except HandoutsError as fault:
                faults[path] = fault.problems
        if known is not None:
            found[code] = known
    return found


def _logos(before: Reading, library: Library, changed: Collection[str], faults: Faults) -> dict[str, bytes]:
    old, found = before.material, {}
    for own in (library, *library.each()):
        path = str(own.clinic.logo)
        known = old.logos.get(path) if old else None
        if known is None or path in changed or path in before.faults:
            try:
                known = before.project.read(path, own.clinic_place("logo"))
            except HandoutsError as fault:
                faults[path] = fault.problems
        found[path] = known or b""
    return found
