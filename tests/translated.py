"""Translations for test projects: the English between «», as translators' tools make it, complete and seen at a glance."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from handouts import catalogs, content, translations
from handouts.po import Entry
from handouts.project import Project


def translated(entry: Entry) -> Entry:
    """A message between «» in every form, with its placeholders."""
    forms = (f"«{entry.id if entry.plural is None or not index else entry.plural}»" for index in range(len(entry.strings)))
    return entry if not entry.id else replace(entry, strings=tuple(forms))


def translate(folder: Path, code: str, domains: Collection[str] = ()) -> None:
    """Write the catalogs of some domains of a project folder in a language; of all when none are named."""
    project = Project(folder)
    library = content.load(project)
    for domain, entries in translations.domains(library, project).items():
        if not domains or domain in domains:
            blank = catalogs.merged(None, entries, library.languages[code], domain)
            filled = replace(blank, entries=tuple(translated(entry) for entry in blank.entries))
            (folder / translations.catalog_path(code, domain)).write_text(filled.text(), encoding="utf-8")
