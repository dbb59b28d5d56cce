"""A handout on a screen for those who write and translate it: as far as it goes, each text numbered, problems beside them.

Made as the translator's proof is: a missing text stands in English and says so, a fuzzy one says so. It is never printed.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from handouts import markup, numbering, translations
from handouts.approval import Approval
from handouts.content import SHARED, SOURCE_LANGUAGE
from handouts.material import Material
from handouts.model import Consent, Edition, Handout, Language, Reference
from handouts.numbering import State
from handouts.page import Page, cited
from handouts.problems import HandoutsError, Place, Problem
from handouts.proof import Note, Proof
from handouts.translations import SHARED_DOMAIN, UI, Catalog, Wording
from handouts.values import Value, passages

_COUNTED = re.compile(r'<ol\b[^>]*style="counter-reset: list-item (\d+) step \d+"')
"""A list that goes on counting: browsers take its first number from an attribute, not from the style."""
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)


@dataclass(frozen=True)
class Wish:
    """What somebody looks at."""

    language: str
    sheet: str
    edition: Edition


@dataclass(frozen=True)
class Finding:
    """A problem, and the text it concerns: its number on the page, where it is on the page."""

    problem: Problem
    number: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Showing:
    """One handout or form, in one language and edition, on a screen."""

    material: Material
    sheet: Handout | Consent
    language: Language
    edition: Edition

    @property
    def english(self) -> bool:
        """Whether it is in the language that is translated from."""
        return self.language.code == SOURCE_LANGUAGE

    @cached_property
    def proof(self) -> Proof:
        """What gives every text its number; English counts as translated from itself, with lines of the content files."""
        library = self.material.library
        named = (key for value in (self.sheet, library.shared) for key in cited(value))
        unknown = {key: _unknown(key) for key in named if key not in library.references}
        material = replace(self.material, library=replace(library, references={**library.references, **unknown}))
        if self.english:
            own = {(SOURCE_LANGUAGE, self.sheet.id): self._itself(library.path(self.sheet), self.sheet, self.sheet.id),
                   (SOURCE_LANGUAGE, SHARED_DOMAIN): self._itself(SHARED, library.shared, SHARED_DOMAIN)}  # fmt: skip
            material = replace(material, catalogs={**material.catalogs, **own})
        return Proof(material, self.sheet, self.language, ())

    def _itself(self, path: str, value: Value, domain: str) -> Catalog:
        lines: dict[tuple[str | None, str], int] = {}
        for passage in passages(value, domain):
            lines.setdefault((passage.context, str(passage.text)), self.material.library.place(path, *passage.steps).line)
        return Catalog(path, SOURCE_LANGUAGE, domain, {
            entry.key: replace(entry, strings=(entry.id,), flags=(), string_line=lines.get(entry.key, 0))
            for entry in self.material.entries[domain]
        })  # fmt: skip

    @cached_property
    def page(self) -> Page:
        """The page with a number in each of its texts; raises `HandoutsError`."""
        library = self.material.library
        try:
            approval = Approval(translated=not self.english)
            page = replace(self.proof.page, edition=self.edition, digest="preview", approval=approval)
        except (LookupError, ValueError, TypeError) as fault:  # what the checks refuse before a build gets so far
            raise HandoutsError(
                Problem(Place(library.path(self.sheet)), "preview/page", f"the page cannot be put together: {fault}",
                        "look for a name in the file that nothing else has: a shared section, a term, a reference")
            ) from fault  # fmt: skip
        if self.edition is not Edition.BILINGUAL:
            return page
        english = library.languages[SOURCE_LANGUAGE]
        words = Wording(english, {})
        beside = replace(page, handout=self.sheet, shared=library.shared, language=english, wording=words, approval=Approval())
        return replace(page, beside=beside)

    @cached_property
    def numbered(self) -> str:
        """What stands in the body of the page, its texts still between the signs that number them; raises `HandoutsError`."""
        match = _BODY.search(markup.html(self.page, self.material.project.templates))
        return _COUNTED.sub(lambda m: f'{m[0]} start="{int(m[1]) + 1}"', match[1]) if match else ""

    @cached_property
    def shown(self) -> frozenset[int]:
        """The numbers of the texts that are on the page."""
        return frozenset(numbering.marks(self.numbered))

    def body(self, found: tuple[Finding, ...]) -> str:
        """The same with an element around each text; those with problems stand out."""
        troubled = {finding.number for finding in found if finding.number is not None}
        notes = {number: self.proof.notes[number] for number in self.shown}
        titles = {number: _title(self._place(note), note.state) for number, note in notes.items()}
        return numbering.spanned(self.numbered, titles, troubled)

    @cached_property
    def style(self) -> str:
        """The style sheets of the page, in one."""
        return "\n".join(markup.styles(self.page, self.material.project.templates))

    def waiting(self) -> Iterator[tuple[int, Note, Place]]:
        """The texts of the page that are fuzzy or not translated, with where they stand."""
        for number in sorted(self.shown):
            note = self.proof.notes[number]
            if note.state is not State.TRANSLATED:
                yield number, note, self._place(note)

    def counts(self) -> dict[str, int]:
        """How many texts of the page are in each state."""
        states = [str(self.proof.notes[number].state) for number in self.shown]
        return {str(state): states.count(state) for state in State}

    def findings(self, problems: tuple[Problem, ...]) -> tuple[Finding, ...]:
        """Those of the problems that concern this page, in the order of the page, then what concerns no text of it."""
        paths = self.paths
        places: dict[Place, int] = {}
        for number in sorted(self.shown):
            place = self._place(self.proof.notes[number])
            if place.line:  # otherwise it is the whole file's
                places.setdefault(place, number)
        own = [p for p in sorted(set(problems)) if p.place.path in paths]
        placed = [Finding(p, places[p.place], self._words(places[p.place])) for p in own if p.place in places]
        rest = [Finding(p) for p in own if p.place not in places and not self._of_another(p)]
        return (*sorted(placed, key=lambda finding: finding.number or 0), *rest)

    def _of_another(self, problem: Problem) -> bool:
        """Whether a problem is of a text that others print: of the shared texts and the templates' words, only what is on the page."""
        shared = {SHARED, *(translations.catalog_path(self.language.code, domain) for domain in (SHARED_DOMAIN, UI))}
        return bool(problem.place.line) and problem.place.path in shared

    @property
    def paths(self) -> frozenset[str]:
        """The files that say what is on the page."""
        own = {self.material.library.path(self.sheet), SHARED}
        catalogs = (translations.catalog_path(self.language.code, domain) for domain in (self.sheet.id, SHARED_DOMAIN, UI))
        return frozenset(own) if self.english else frozenset((*own, *catalogs))

    def _place(self, note: Note) -> Place:
        """Where the words of a text stand."""
        catalog = self.proof.material.catalogs.get((self.language.code, note.domain))
        path = catalog.path if catalog else translations.catalog_path(self.language.code, note.domain)
        return Place(path, note.found.string_line if note.found else 0)

    def _words(self, number: int) -> str:
        return self.proof.notes[number].english[0]


def _title(place: Place, state: State) -> str:
    return f"{place}" if state is State.TRANSLATED else f"{place}: {'fuzzy' if state is State.STALE else 'not translated'}"


def _unknown(key: str) -> Reference:
    """What stands for a reference that there is not; the checks tell it."""
    return Reference(authors="?", title=f"There is no reference {key}", source="content/references.yaml", kind="report",
                     accessed=datetime.date.min)  # fmt: skip
