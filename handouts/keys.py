"""What a page is made of, as a key: the hash of all that it depends on, and of nothing else.

Equal keys mean equal bytes. A template belongs to the pages that reach it by extends, include or
import; so do the words in it that translators translate.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from handouts import fonts, pdf
from handouts.material import Material
from handouts.model import Clinic
from handouts.page import NOTICE, Page, said, written
from handouts.po import Key
from handouts.translations import UI
from handouts.values import PLACEHOLDERS

OWN = ("appearances", "bilingual", "clear_print", "colours", "direction", "fields", "figures", "fonts", "markup", "page", "painting", "pdf", "plurals", "print_finding", "print_layout", "print_objects", "print_type",
       "printing", "qr", "sheets", "tagging", "templating", "translations", "values", "web")  # fmt: skip
"""The modules of the engine whose code decides how a page looks, and whether it may be kept."""

EVERYWHERE = ("settings.css.j2", "tight.css")
"""The templates that every page is set with."""

PICTURE = "picture"
"""The bytes of the logo and their kind, apart from the name of its file."""
EVERY_FIELD = frozenset({*Clinic.model_fields, PICTURE})
PAPER = frozenset({"paper"})
"""The fields of the clinic that every page depends on, whatever its templates say: the rules of clear print ask for them."""

_EXPRESSION = re.compile(r"""\{#.*?#\}|\{[{%](?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^"'])*?[%}]\}""", re.DOTALL)
"""A comment, or what stands between two pairs of brackets; brackets inside its strings do not end it."""
_STRING = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
_CLINIC = re.compile(r"\bclinic\b(?!\s*=[^=])(?:\s*\.\s*(\w+))?|(?<![.\w])(hours|logo)\b")
"""The clinic in an expression, with the field that is read; or what `markup` makes of a field. An argument's name is neither."""
_NAMED = re.compile(r"""["'](?:\w+\.)*clinic(?:\.\w+)*["']""")
"""The clinic by its name in a string, as in page["clinic"]."""

_REACHES = re.compile(r'{%-?\s*(?:extends|include|import|from)\s+"([^"]+)"')


@dataclass(frozen=True)
class _Told:
    """What is told on pages: its hash, and the clinic's fields it states."""

    of: object
    """What it was found from; kept, so that nothing else comes to have its id."""
    digest: str
    fields: frozenset[str]


@dataclass(frozen=True)
class Keys:
    """Makes the keys of one material; what pages share is hashed once."""

    material: Material
    _words: dict[str, frozenset[Key]] = field(default_factory=dict)
    _fonts: dict[str, str] = field(default_factory=dict)
    _styles: dict[str, str] = field(default_factory=dict)
    _closures: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _fields: dict[str, frozenset[str]] = field(default_factory=dict)
    _told: dict[tuple[int, ...], _Told] = field(default_factory=dict)

    def key(self, page: Page) -> str:
        """The key of a page."""
        return hashed(self.recipe(page))

    def recipe(self, page: Page) -> dict[str, str]:
        """All that a page depends on: what it is, in a person's words, and a hash or the value itself."""
        return {
            "the engine or a library": self._engine,
            **dict(self._templates(page)),
            "its edition": page.edition,
            **self._texts(page),
            **({f"English: {name}": value for name, value in self._texts(page.beside).items()} if page.beside else {}),
            **dict(self._clinic(page)),
            "its references": self._references(page).digest,
        }

    def words(self, template: str) -> frozenset[Key]:
        """The words of the templates that a page made with a template may say."""
        if template not in self._words:
            reached = {f"templates/{name}" for name in self._reached(template)}
            found = (entry.key for entry in self.material.entries[UI] if reached & set(entry.references))
            self._words[template] = frozenset(found)
        return self._words[template]

    def _texts(self, page: Page) -> dict[str, str]:
        """What a page says, in its language."""
        language = page.language
        if language.code not in self._fonts:
            self._fonts[language.code] = fonts.digest(language.fonts, self._folder)
        return {
            "its text": _digest(page.digest, page.english, self._text(page).digest),
            "its signatures or review date": _digest(repr(replace(page.approval, why=()))),
            "the facts of its language": _digest(language.model_dump_json()),
            "a font": self._fonts[language.code],
            "the words of the templates": self._wording(page).digest,
        }

    def _text(self, page: Page) -> _Told:
        at = id(page.handout), id(page.shared)
        if at not in self._told:
            told = "".join(json.dumps(written(part)) for part in said(page.handout, page.shared))
            self._told[at] = _Told((page.handout, page.shared), _digest(told), frozenset(_filled(told)))
        return self._told[at]

    def _wording(self, page: Page) -> _Told:
        at = (id(page.wording),)
        if at not in self._told:
            told = f"{page.wording.plural}{sorted(page.wording.strings.items(), key=str)}"
            self._told[at] = _Told(page.wording, _digest(told), frozenset(_filled(told)))
        return self._told[at]

    def _references(self, page: Page) -> _Told:
        at = (id(page.references),)
        if at not in self._told:
            told = (f"{key}{each.model_dump_json(exclude={'note', 'uncited'})}" for key, each in page.references.items())
            self._told[at] = _Told(page.references, _digest(*told), frozenset())
        return self._told[at]

    def _clinic(self, page: Page) -> Iterator[tuple[str, str]]:
        """What a page prints of its clinic, and which of its sections are for the clinic's country."""
        sides = (page, page.beside) if page.beside else (page,)
        read = (self._read(name) for name in self._set_with(page) if name.endswith(".j2"))
        fields = PAPER.union(*read, *(told.fields for side in sides for told in (self._text(side), self._wording(side))))
        yield "the clinic", _digest(page.clinic.model_dump_json(include=set(fields - {PICTURE})))
        if PICTURE in fields:
            yield "the logo", _digest(page.clinic.logo.suffix, page.logo)
        yield "which sections it has", _digest(*(section.id for section in page.sections()))

    def _read(self, template: str) -> frozenset[str]:
        """The fields of the clinic that a template reads: all, where that cannot be told."""
        if template not in self._fields:
            self._fields[template] = _fields((self._folder / template).read_text(encoding="utf-8"))
        return self._fields[template]

    def _templates(self, page: Page) -> Iterator[tuple[str, str]]:
        for name in self._set_with(page):
            if name not in self._styles:
                self._styles[name] = hashlib.sha256((self._folder / name).read_bytes()).hexdigest()
            yield f"templates/{name}", self._styles[name]

    def _set_with(self, page: Page) -> tuple[str, ...]:
        """All templates and style sheets of a page."""
        lines = self._reached(NOTICE) if page.leaf and page.leaf.kind == "notice" else ()
        return (*self._reached(page.template), *lines, *page.styles, *EVERYWHERE)

    def _reached(self, template: str) -> tuple[str, ...]:
        """A template and all it reaches."""
        if template in self._closures:
            return self._closures[template]
        found: dict[str, None] = {}
        waiting = [template]
        while waiting:
            name = waiting.pop()
            if name not in found and (self._folder / name).is_file():
                found[name] = None
                waiting += _REACHES.findall((self._folder / name).read_text(encoding="utf-8"))
        self._closures[template] = tuple(sorted(found))
        return self._closures[template]

    @property
    def _folder(self) -> Path:
        return self.material.project.templates

    @cached_property
    def _engine(self) -> str:
        """A hash of what all pages share: library versions, the code that makes pages, pictograms."""
        return f"{pdf.version()} {code_hash(OWN)} {_hashed(sorted((self._folder / 'icons').glob('*.svg')))}"


def hashed(recipe: Mapping[str, str]) -> str:
    """The key that a recipe makes."""
    return _digest(*(f"{name}={value}" for name, value in recipe.items()))


def _digest(*parts: str | bytes) -> str:
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8))
        total.update(data)
    return total.hexdigest()


def _fields(source: str) -> frozenset[str]:
    """The fields of the clinic that the source of a template reads: all, where it does more than name them."""
    found = set(_filled(source))
    for expression in (match[0] for match in _EXPRESSION.finditer(source) if not match[0].startswith("{#")):
        for match in _CLINIC.finditer(_STRING.sub("''", expression)):
            found.add(PICTURE if match[2] == "logo" else match[1] or match[2] or "")
        if _NAMED.search(expression) or not found <= EVERY_FIELD:
            return EVERY_FIELD
    return frozenset(found)


def _filled(told: str) -> Iterator[str]:
    """The fields of the clinic that fill the placeholders of a text."""
    return (name for placeholder, name in PLACEHOLDERS.items() if f"{{{placeholder}}}" in told)


@cache
def code_hash(modules: tuple[str, ...]) -> str:
    """A hash of the text of some modules of the engine."""
    return _hashed(Path(__file__).with_name(f"{name}.py") for name in modules)


def _hashed(paths: Iterable[Path]) -> str:
    """A hash of the names and bytes of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
