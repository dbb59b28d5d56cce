"""Writing templates and catalogs: an entry that does not change keeps its own lines, byte for byte.

A changed English text keeps its old translation as a fuzzy suggestion beside `#| msgid` (never
printed); a text that is gone becomes obsolete. No guessing across contexts.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from pathlib import Path

from handouts import plurals, po, po_reader, versions
from handouts.model import Language
from handouts.po import Entry, Key, PoFile
from handouts.project import Project
from handouts.translations import catalog_path, plural_forms

DRAFT_NOTE = "Draft translation: not yet reviewed by a qualified translator."


def extract(project: Project, domains: Mapping[str, tuple[Entry, ...]]) -> tuple[str, ...]:
    """Write locales/pot/*.pot where their entries changed; returns the paths written or deleted."""
    wanted = _templates(domains)
    changed = stale(project, domains)
    for path in changed:
        if path in wanted:
            _write(project.folder / path, wanted[path])
        else:
            (project.folder / path).unlink()
    return changed


def stale(project: Project, domains: Mapping[str, tuple[Entry, ...]]) -> tuple[str, ...]:
    """The templates that `extract` would write or delete."""
    wanted = _templates(domains)
    there = {project.relative(path): path.read_text(encoding="utf-8") for path in project.files("locales/pot/*.pot")}
    return tuple(path for path in sorted(wanted.keys() | there.keys()) if wanted.get(path) != there.get(path))


def _templates(domains: Mapping[str, tuple[Entry, ...]]) -> dict[str, str]:
    result = {}
    for domain, entries in domains.items():
        header = Entry("", (_header(domain, None),), comments=(f"What is to translate: {domain}.",))
        result[f"locales/pot/{domain}.pot"] = PoFile((header, *entries)).text()
    return result


def update(project: Project, language: Language, domains: Mapping[str, tuple[Entry, ...]]) -> tuple[str, ...]:
    """Bring the catalogs of a language up to date; returns the paths that changed."""
    changed = []
    for domain, entries in domains.items():
        relative = catalog_path(language.code, domain)
        path = project.folder / relative
        old = po_reader.parse(project.read(relative), relative) if path.exists() else None
        if _write(path, merged(old, entries, language, domain).text()):
            changed.append(relative)
    return tuple(changed)


def merged(old: PoFile | None, wanted: Iterable[Entry], language: Language, domain: str) -> PoFile:
    """The catalog that holds every wanted entry, with what `old` says of it."""
    if old is None:
        header = Entry("", (_header(domain, language),), comments=(DRAFT_NOTE,))
        return PoFile((header, *(_blank(e, language) for e in wanted)))
    template = {entry.key: entry for entry in wanted}
    kept = {e.key: e for e in old.entries if not e.obsolete}
    gone = {e.key for e in old.entries if e.obsolete}
    new_of = {former: new for new, former in _renamed(template, kept, gone).items()}
    result: list[Entry] = []
    for entry in old.entries:
        if not entry.id or (entry.obsolete and entry.key not in template):
            result.append(entry)
        elif entry.obsolete:
            result.append(_revived(template[entry.key], entry, language))
        elif entry.key in template:
            result.append(_refreshed(entry, template[entry.key], language))
        elif entry.key in new_of:
            result.append(_suggested(template[new_of[entry.key]], entry, language))
        elif any(entry.strings):
            result.append(replace(entry, obsolete=True, raw=()))
    return replace(old, entries=tuple(_spaced(list(_completed(result, template, language)))))


def _completed(entries: list[Entry], template: Mapping[Key, Entry], language: Language) -> Iterator[Entry]:
    """The entries with each new one behind that which precedes it in the document."""
    present = {e.key for e in entries if not e.obsolete}
    followers: defaultdict[Key | None, list[Entry]] = defaultdict(list)
    before: Key | None = None
    for key, entry in template.items():
        if key in present:
            before = key
        else:
            followers[before].append(_blank(entry, language))
    if not entries:
        yield from followers[None]
    for index, entry in enumerate(entries):
        yield entry
        if not entry.obsolete:
            yield from followers[entry.key]
        if index == 0:
            yield from followers[None]


def _renamed(template: Mapping[Key, Entry], kept: Mapping[Key, Entry], gone: Set[Key]) -> dict[Key, Key]:
    """For each new text, the vanished text of the same context it was made from, if any."""
    new: defaultdict[str | None, list[str]] = defaultdict(list)
    for context, text in template:
        if (context, text) not in kept and (context, text) not in gone:
            new[context].append(text)
    vanished: defaultdict[str | None, list[str]] = defaultdict(list)
    for context, text in kept:
        if text and (context, text) not in template:
            vanished[context].append(text)
    return {(context, text): (context, old)
            for context, texts in new.items() for text, old in versions.former(texts, vanished[context]).items()}  # fmt: skip


def _blank(entry: Entry, language: Language) -> Entry:
    forms = plurals.rule(language.locale)[0] if entry.plural is not None else 1
    return replace(entry, strings=("",) * forms, raw=())


def _suggested(new: Entry, old: Entry, language: Language) -> Entry:
    if not any(old.strings) or (new.plural is None) != (old.plural is None):
        return replace(_blank(new, language), comments=old.comments)
    flags = ("fuzzy", *(f for f in new.flags if f != "fuzzy"))
    previous = old.previous if old.fuzzy and old.previous else _previous(old)
    return replace(new, strings=old.strings, flags=flags, comments=old.comments, previous=previous, raw=())


def _revived(new: Entry, old: Entry, language: Language) -> Entry:
    """A text that came back, with the translation that was made for these very words."""
    if new.plural != old.plural:
        return _suggested(new, old, language)
    flags = (*(f for f in old.flags if f == "fuzzy"), *new.flags)
    return replace(new, strings=old.strings, flags=flags, comments=old.comments, previous=old.previous, raw=())


def _previous(old: Entry) -> tuple[str, ...]:
    fields = (("msgctxt", old.context), ("msgid", old.id), ("msgid_plural", old.plural))
    return tuple(f'{keyword} "{po.escaped(text)}"' for keyword, text in fields if text is not None)


def _refreshed(entry: Entry, wanted: Entry, language: Language) -> Entry:
    """The entry as it is, or with new notes for the translator when those changed."""
    if entry.plural != wanted.plural:
        return _suggested(wanted, entry, language)
    flags = tuple(f for f in entry.flags if f != "python-brace-format")
    brace = tuple(f for f in wanted.flags if f == "python-brace-format")
    same = (
        _flowed(entry.extracted) == _flowed(wanted.extracted)
        and entry.references == wanted.references
        and ("python-brace-format" in entry.flags) == bool(brace)
    )
    if same:
        return entry
    notes = (*(f"#. {line}" for line in wanted.extracted), *(f"#: {line}" for line in wanted.references))
    flag_line = (f"#, {', '.join((*flags, *brace))}",) if flags or brace else ()
    head = tuple(line for line in entry.raw if line.startswith("#") and not line.startswith(("#.", "#:", "#,", "#|")))
    rest = tuple(line for line in entry.raw if line.startswith("#|") or not line.startswith("#"))
    lead = next((i for i, line in enumerate(entry.raw) if line.strip()), 0)
    raw = (*entry.raw[:lead], *head, *notes, *flag_line, *rest[lead:])
    return replace(entry, extracted=wanted.extracted, references=wanted.references, flags=(*flags, *brace), raw=raw)


def _flowed(notes: tuple[str, ...]) -> str:
    """Notes as one line: some editors break them anew, which is no change."""
    return " ".join(" ".join(notes).split())


def _spaced(entries: list[Entry]) -> Iterable[Entry]:
    """Entries whose raw lines end without an empty line get one when a new entry follows."""
    for entry, following in itertools.zip_longest(entries, entries[1:]):
        if entry.raw and entry.raw[-1].strip() and following and not following.raw:
            yield replace(entry, raw=(*entry.raw, ""))
        else:
            yield entry


def _header(domain: str, language: Language | None) -> str:
    fields = {
        "Project-Id-Version": domain,
        "Report-Msgid-Bugs-To": "",
        "Language": language.code.replace("-", "_") if language else "",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms(language) if language else "nplurals=INTEGER; plural=EXPRESSION;",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _write(path: Path, text: str) -> bool:
    data = text.encode()
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    temporary.write_bytes(data)
    temporary.replace(path)
    return True
