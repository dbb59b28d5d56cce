"""What a page is made of, as a key: the hash of all that it depends on, and of nothing else.

Equal keys mean equal bytes. A template belongs to the pages that reach it by extends, include or
import; so do the words in it that translators translate.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from handouts import fonts, pdf
from handouts.material import Material
from handouts.page import Page, said, written
from handouts.po import Key
from handouts.translations import UI

OWN = ("appearances", "bilingual", "clear_print", "colours", "fields", "figures", "fonts", "markup", "page", "painting", "pdf", "plurals", "print_layout", "print_objects",
       "printing", "sheets", "tagging", "templating", "translations", "values")  # fmt: skip
"""The modules of the engine whose code decides how a page looks, and whether it may be kept."""

EVERYWHERE = ("settings.css.j2", "tight.css")
"""The templates that every page is set with."""

_REACHES = re.compile(r'{%-?\s*(?:extends|include|import|from)\s+"([^"]+)"')


@dataclass(frozen=True)
class Keys:
    """Makes the keys of one material; what pages share is hashed once."""

    material: Material
    _words: dict[str, frozenset[Key]] = field(default_factory=dict)
    _fonts: dict[str, str] = field(default_factory=dict)
    _styles: dict[str, str] = field(default_factory=dict)
    _closures: dict[str, tuple[str, ...]] = field(default_factory=dict)

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
            "the clinic": _digest(self.material.library.clinic.model_dump_json()),
            "the logo": _digest(self.material.logo),
            "its references": _digest(
                *(
                    f"{key}{reference.model_dump_json(exclude={'note', 'uncited'})}"
                    for key, reference in page.references.items()
                )
            ),
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
        strings = (f"{key}{strings}" for key, strings in sorted(page.wording.strings.items(), key=str))
        return {
            "its text": _digest(
                page.digest, page.english, *(json.dumps(written(part)) for part in said(page.handout, page.shared))
            ),
            "its signatures or review date": _digest(repr(page.approval)),
            "the facts of its language": _digest(language.model_dump_json()),
            "a font": self._fonts[language.code],
            "the words of the templates": _digest(page.wording.plural, *strings),
        }

    def _templates(self, page: Page) -> Iterator[tuple[str, str]]:
        for name in (*self._reached(page.template), *page.styles, *EVERYWHERE):
            if name not in self._styles:
                self._styles[name] = hashlib.sha256((self._folder / name).read_bytes()).hexdigest()
            yield f"templates/{name}", self._styles[name]

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
