"""PO catalogs: what is to translate, keeping catalogs up to date, and values in another language.

One domain for each handout, `shared` for what handouts have in common and `ui` for the templates'
own words. A text is found by its context (a path of names) and its English; a fuzzy or empty
translation counts as missing, and a missing one is reported, never replaced by English.
"""

import functools
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from babel import Locale
from babel.messages.extract import extract
from jinja2 import TemplateSyntaxError
from jinja2.ext import babel_extract

from handouts import plurals, po, po_reader
from handouts.content import SOURCE_LANGUAGE, Library
from handouts.model import Language
from handouts.po import Entry, Key
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project
from handouts.values import PLACEHOLDER, Passage, Text, Value, passages

UI = "ui"
SHARED_DOMAIN = "shared"
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "n_": (1, 2),
    "p_": ((1, "c"), 2),
}
"""The functions of the templates: `_(text)`, `n_(one, many, count)`, `p_(context, text)`."""

ROLES: Mapping[str, tuple[str, int]] = {
    "title": ("Heading", 90),
    "topic": ("Heading", 60),
    "purpose": ("Sentence under the title: what the sheet is for", 220),
    "points": ("List item", 300),
    "items": ("Item to tick", 220),
    "questions": ("Question the reader may ask", 220),
    "emergency": ("Reason to call the emergency number", 160),
    "same_day": ("Reason to call on the same day", 160),
    "name": ("Name of an option or a side effect", 70),
    "term": ("Hard word in the glossary", 60),
    "meaning": ("Meaning of the hard word", 240),
    "outcome": ("What is counted, in a few words", 90),
    "group": ("Group of people, under a picture of numbers", 60),
    "versus": ("Group compared with, under a picture of numbers", 60),
    "period": ("When or over what time", 90),
    "when": ("Time of a step", 60),
    "action": ("Table cell: what to do", 120),
    "call": ("Table cell: when to call", 120),
    "label": ("Label of a field to fill in", 60),
    "text": ("Statement with a box to tick", 220),
    "statement": ("What somebody declares by signing", 320),
}
"""What a field is for a translator, and the longest translation that fits, in characters."""

V = TypeVar("V", bound=Value)


@dataclass(frozen=True)
class Catalog:
    """The translations of one domain into one language."""

    path: str
    language: str
    domain: str
    messages: Mapping[Key, Entry]
    plural: str = "n != 1"

    def find(self, context: str | None, text: str, counted: bool = False) -> Entry | None:
        """The complete translation of a text, or nothing; `counted` says that plural forms are needed."""
        entry = self.messages.get((context, str(text)))
        return entry if entry and entry.complete and (entry.plural is not None) == counted else None


class UntranslatedError(LookupError):
    """A word of the templates has no translation; the plan prevents it, so this is a bug if seen."""


@dataclass(frozen=True)
class Wording:
    """The templates' own words in one language; picklable, so that it travels with a job."""

    language: Language
    strings: Mapping[Key, tuple[str, ...]]
    plural: str = "n != 1"
    """Which form goes with a number n: the expression of the catalog's Plural-Forms header."""

    def say(self, text: str, context: str | None = None) -> str:
        """A text of the templates in this language."""
        if self.language.code == SOURCE_LANGUAGE:
            return text
        return self._strings(context, text)[0]

    def count(self, one: str, many: str, number: int) -> str:
        """The form of a text that goes with a number (CLDR plural rules)."""
        if self.language.code == SOURCE_LANGUAGE:
            return one if number == 1 else many
        return self._strings(None, one)[plurals.form(self.plural)(number)]

    def _strings(self, context: str | None, text: str) -> tuple[str, ...]:
        try:
            return self.strings[context, text]
        except KeyError:
            raise UntranslatedError(f'"{text}" has no {self.language.name} translation') from None


def domains(
    library: Library, project: Project, kept: Mapping[str, tuple[Entry, ...]] | None = None
) -> dict[str, tuple[Entry, ...]]:
    """Everything that is to translate: the entries of each domain, in document order; `kept` are domains that have not changed."""
    result = dict(kept or {})
    wanted = [(document.id, library.path(document), document) for document in library.translated()]
    for domain, path, value in (*wanted, (SHARED_DOMAIN, "content/shared.yaml", library.shared)):
        if domain not in result:
            result[domain] = tuple(_entries(library, path, value, domain))
    if UI not in result:
        result[UI] = tuple(_template_entries(project))
    return {domain: result[domain] for domain in (*(domain for domain, _, _ in wanted), SHARED_DOMAIN, UI)}


def _entries(library: Library, path: str, value: Value, context: str) -> Iterator[Entry]:
    seen: set[Key] = set()
    source = library.files[path]
    for passage in passages(value, context):
        key = (passage.context, str(passage.text))
        if key in seen:
            continue
        seen.add(key)
        note = source.notes.get(source.place(passage.steps).line, "")
        yield Entry(
            id=str(passage.text),
            strings=("",),
            context=passage.context,
            flags=("python-brace-format",) if PLACEHOLDER.search(passage.text) else (),
            extracted=tuple(part for part in (_role(passage), note) if part),
            references=(path,),
        )


def _role(passage: Passage) -> str:
    words, room = ROLES.get(passage.role, ("Text", max(2 * len(passage.text), 300)))
    return f"{words}. At most {max(room, len(passage.text) * 3 // 2)} characters."


@functools.lru_cache(maxsize=256)
def _messages(template: bytes) -> tuple[Any, ...]:
    """What is to translate in the source of a template: line, text or texts, notes, context."""
    method = cast("Any", babel_extract)  # jinja2 annotates less than it takes
    return tuple(extract(method, io.BytesIO(template), KEYWORDS, ("Translators:",), {"silent": "false"}))


def _template_entries(project: Project) -> Iterator[Entry]:
    found: dict[Key, Entry] = {}
    for path in project.files("templates/**/*.j2"):
        relative = project.relative(path)
        raw = project.read(relative)
        try:
            messages = _messages(raw)
        except TemplateSyntaxError as fault:
            raise HandoutsError(
                Problem(Place(relative, fault.lineno), "templates/jinja", f"the template has a mistake: {fault.message}",
                        "see https://jinja.palletsprojects.com for the template language")
            ) from None  # fmt: skip
        except UnicodeDecodeError as fault:
            line = raw[: fault.start].count(b"\n") + 1
            raise HandoutsError(
                Problem(Place(relative, line), "templates/jinja", "this line is not UTF-8 text", "save the file as UTF-8")
            ) from None
        for _line, text, notes, context in messages:
            one, many = text if isinstance(text, tuple) else (text, None)
            old = found.get((context, one))
            plural = many or (old.plural if old else None)
            found[context, one] = Entry(
                id=one,
                plural=plural,
                strings=("", "") if plural else ("",),
                context=context,
                flags=("python-brace-format",) if PLACEHOLDER.search(one + (plural or "")) else (),
                extracted=tuple(dict.fromkeys([*(old.extracted if old else ()), *notes])),
                references=tuple(dict.fromkeys([*(old.references if old else ()), relative])),
            )
    yield from found.values()


def read(project: Project, language: Language, domain: str) -> Catalog | None:
    """One catalog, strictly; nothing when there is no file. Raises `HandoutsError`."""
    path = catalog_path(language.code, domain)
    if not (project.folder / path).exists():
        return None
    file = po_reader.parse(project.read(path), path)
    problems = list(_plural_problems(file, language, path))
    if problems:
        raise HandoutsError(*problems)
    messages = {entry.key: entry for entry in file.entries if not entry.obsolete and entry.id}
    return Catalog(path, language.code, domain, messages, _plural_header(file)[1])


def catalog_path(language: str, domain: str) -> str:
    """Where a catalog lies, from the project folder."""
    return f"locales/{language}/LC_MESSAGES/{domain}.po"


def plural_forms(language: Language) -> str:
    """The Plural-Forms header of a language."""
    count, expression = plurals.rule(language.locale)
    return f"nplurals={count}; plural={expression};"


def _plural_header(file: po.PoFile) -> tuple[int, str]:
    """The number of forms and the expression that a catalog's header names; (0, "") for none."""
    match = re.fullmatch(r"nplurals\s*=\s*(\d{1,2})\s*;\s*plural\s*=\s*([^;]+?)\s*;?", file.header.get("Plural-Forms", ""))
    return (int(match[1]), match[2]) if match else (0, "")


def _plural_problems(file: po.PoFile, language: Language, path: str) -> Iterator[Problem]:
    expected = plurals.rule(language.locale)[0]
    count, expression = _plural_header(file)
    header = file.header.get("Plural-Forms", "")
    if file.entries and (count != expected or not plurals.follows(language.locale, count, expression)):
        fault = (
            f"but {language.name} has {expected} forms" if count != expected else f"which is not the rule of {language.name}"
        )
        yield Problem(Place(path, file.header_line("Plural-Forms")), "translation/plural-header",
                      f'the header\'s Plural-Forms is "{header}", {fault}',
                      f"write: Plural-Forms: {plural_forms(language)}")  # fmt: skip
    for entry in file.entries:
        if entry.plural is not None and not entry.obsolete and len(entry.strings) != expected:
            yield Problem(Place(path, entry.string_line), "translation/plural-count",
                          f"the number of plural forms is {len(entry.strings)}, but {language.name} has {expected}",
                          f"write {', '.join(f'msgstr[{i}]' for i in range(expected))}")  # fmt: skip


def localise(value: V, context: str, catalog: Catalog) -> tuple[V, tuple[Passage, ...]]:
    """The same value in the catalog's language, and the passages that have no translation."""
    missing = tuple(p for p in passages(value, context) if not catalog.find(p.context, p.text))
    if missing:
        return value, missing
    found = {p.steps: Text(cast("Entry", catalog.find(p.context, p.text)).strings[0]) for p in passages(value, context)}
    return cast("V", _replaced(value, (), found)), ()


def _replaced(node: object, steps: tuple[str | int, ...], texts: Mapping[tuple[str | int, ...], Text]) -> object:
    if steps in texts:
        return texts[steps]
    if isinstance(node, tuple):
        return tuple(_replaced(element, (*steps, i), texts) for i, element in enumerate(node))
    if isinstance(node, Value):
        fields = type(node).model_fields
        return node.model_copy(update={f: _replaced(getattr(node, f), (*steps, f), texts) for f in fields})
    return node


def wording(language: Language, ui: Catalog | None, entries: tuple[Entry, ...]) -> tuple[Wording, tuple[Entry, ...]]:
    """The templates' words in a language, and the entries that have no translation."""
    if language.code == SOURCE_LANGUAGE:
        return Wording(language, {}), ()
    found = {e.key: ui.find(e.context, e.id, e.plural is not None) if ui else None for e in entries}
    return (
        Wording(language, {key: e.strings for key, e in found.items() if e}, ui.plural if ui else "n != 1"),
        tuple(e for e in entries if not found[e.key]),
    )


def display_name(language: Language) -> str:
    """The language's name in English and in itself, for the footer and messages."""
    return language.name if language.name == language.autonym else f"{language.name} · {language.autonym}"


def locale(language: Language) -> Locale:
    """The CLDR locale of a language."""
    return Locale.parse(language.locale)
