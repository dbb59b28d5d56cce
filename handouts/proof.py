"""A page for the translator: the handout as it is printed, each text numbered, its catalog entry beside it.

Nothing is refused here: a missing text stands in English and says so, a stale one as the old
suggestion. So a proof is made apart from the plan, and looks like no handout.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from handouts import fonts, markup, numbering, plurals, po, translations
from handouts.approval import Approval
from handouts.material import Material
from handouts.model import Consent, Edition, Handout, Language
from handouts.numbering import State
from handouts.page import Page, cited
from handouts.po import Entry
from handouts.problems import Problem
from handouts.translations import SHARED_DOMAIN, UI, Catalog
from handouts.values import PLACEHOLDER, PLACEHOLDERS

TEMPLATE = "proof"
_QUOTED = re.compile(r'(msgctxt|msgid_plural|msgid)?\s*"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Note:
    """What stands in the margin about one text: its entry in English and in the catalog, and its problems."""

    domain: str
    entry: Entry
    found: Entry | None
    problems: tuple[Problem, ...] = ()

    @property
    def state(self) -> State:
        """Translated, stale or missing."""
        if self.found and self.found.complete and (self.found.plural is None) == (self.entry.plural is None):
            return State.TRANSLATED
        return State.STALE if self.found and self.found.fuzzy and any(self.found.strings) else State.MISSING

    @property
    def english(self) -> tuple[str, ...]:
        """The English, with the plural where there is one."""
        return (self.entry.id,) if self.entry.plural is None else (self.entry.id, self.entry.plural)

    @property
    def old_english(self) -> tuple[str, ...]:
        """The English that a stale translation was made from, as the catalog remembers it."""
        texts: dict[str, str] = {}
        keyword = ""
        for line in self.found.previous if self.found else ():
            for named, quoted in _QUOTED.findall(line):
                keyword = named or keyword
                text = re.sub(r"\\(.)", lambda m: po.ESCAPES.get(m[1], m[1]), quoted)
                texts[keyword] = texts.get(keyword, "") + text
        return tuple(texts[name] for name in ("msgid", "msgid_plural") if name in texts)

    @property
    def forms(self) -> tuple[str, ...]:
        """The translated forms of a text that goes with a number: the page shows only one of them."""
        return self.found.strings if self.entry.plural is not None and self.found else ()

    def printed(self, count: int) -> Iterator[tuple[str, State]]:
        """Each of `count` forms as the proof shows it: where it is empty, the English."""
        strings = self.found.strings if self.found and (self.found.plural is None) == (self.entry.plural is None) else ()
        for index in range(count):
            string = strings[index] if index < len(strings) else ""
            english = self.english[-1] if index or count == 1 else self.english[0]
            yield (string, self.state) if string.strip() and self.state is not State.MISSING else (english, State.MISSING)


@dataclass(frozen=True)
class Row:
    """A piece of the page and the notes that stand beside it, each with the number it has on the page."""

    html: Markup
    notes: tuple[tuple[int, Note], ...]


@dataclass(frozen=True)
class Proof:
    """The proof of one handout (or consent form) in one language."""

    material: Material
    handout: Handout | Consent
    language: Language
    problems: tuple[Problem, ...]
    """What the checks found in the whole project."""

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """A note for each entry of the handout, of what handouts share and of the templates' words."""
        return tuple(note for domain in (self.handout.id, SHARED_DOMAIN, UI) for note in self._notes(domain))

    def _notes(self, domain: str) -> Iterator[Note]:
        catalog = self.material.catalogs.get((self.language.code, domain))
        told: dict[int, list[Problem]] = {}
        for problem in sorted(set(self.problems)):
            if catalog and problem.place.path == catalog.path:
                told.setdefault(problem.place.line, []).append(problem)
        for entry in self.material.entries[domain]:
            found = catalog.messages.get(entry.key) if catalog else None
            yield Note(domain, entry, found, tuple(told.get(found.string_line, ())) if found else ())

    @property
    def page(self) -> Page:
        """The page as it is printed, with a number in each of its texts."""
        library, language = self.material.library, self.language
        words = {domain: self._catalog(domain) for domain in (self.handout.id, SHARED_DOMAIN, UI)}
        handout, _ = translations.localise(self.handout, self.handout.id, words[self.handout.id])
        shared, _ = translations.localise(library.shared, SHARED_DOMAIN, words[SHARED_DOMAIN])
        wording, _ = translations.wording(language, words[UI], self.material.entries[UI])
        page = Page(handout, shared, language, Edition.STANDARD, library.clinic, self.material.logo, {}, wording, "proof")
        keys = dict.fromkeys(key for section in page.sections() for key in cited(section))
        references = {key: library.references[key] for key in keys}
        return replace(page, references=references, approval=Approval(translated=True))

    def _catalog(self, domain: str) -> Catalog:
        """A complete catalog of numbered texts, whatever state the translator's is in."""
        real = self.material.catalogs.get((self.language.code, domain))
        count, expression = plurals.rule(self.language.locale)
        messages = {}
        for number, note in enumerate(self.notes):
            if note.domain == domain:
                known = {*PLACEHOLDERS, *PLACEHOLDER.findall(" ".join(note.english))}
                forms = note.printed(1 if note.entry.plural is None else count)
                strings = tuple(numbering.marked(self.drawable(text), number, state, known) for text, state in forms)
                messages[note.entry.key] = replace(note.entry, strings=strings, flags=())
        plural = real.plural if real and real.plural else expression
        return Catalog(translations.catalog_path(self.language.code, domain), self.language.code, domain, messages, plural)

    def drawable(self, text: str) -> str:
        """The text with the code point in place of each character that no font of the language can draw."""
        templates = self.material.project.templates
        if all(fonts.files(family, templates) for family in self.language.fonts):
            for sign in fonts.missing(text, self.language.fonts, templates):
                text = text.replace(sign, f"U+{ord(sign):04X}")
        return text

    def rows(self) -> tuple[Row, ...]:
        """The pieces of the page; a note stands beside the first piece that shows its text."""
        pieces = tuple(numbering.pieces(markup.html(self.page, self.material.project.templates)))
        numbers: dict[int, int] = {}
        first = []
        for piece in pieces:
            fresh = [mark for mark in dict.fromkeys(numbering.marks(piece)) if mark not in numbers]
            numbers.update((mark, number) for number, mark in enumerate(fresh, start=len(numbers) + 1))
            first.append(fresh)
        troubled = {mark for mark in numbers if self.notes[mark].problems}
        return tuple(
            Row(
                Markup(numbering.badged(piece, numbers, troubled)),  # noqa: S704  # the page's own HTML, escaped there
                tuple((numbers[mark], self.notes[mark]) for mark in fresh),
            )
            for piece, fresh in zip(pieces, first, strict=True)
        )

    def elsewhere(self) -> tuple[Problem, ...]:
        """What is wrong with the catalogs of this page, and with none of their entries that are wanted."""
        paths = [translations.catalog_path(self.language.code, domain) for domain in (self.handout.id, SHARED_DOMAIN, UI)]
        told = {problem for note in self.notes for problem in note.problems}
        return tuple(p for p in sorted(set(self.problems) - told) if p.place.path in paths)

    def html(self) -> str:
        """The whole proof as HTML text."""
        rows = self.rows()
        shown = [note for row in rows for _, note in row.notes]
        unseen = tuple(note for note in self.notes if note.domain == self.handout.id and note not in shown)
        names = {
            "handout": self.handout,
            "language": self.language,
            "rows": rows,
            "unseen": unseen,
            "elsewhere": self.elsewhere(),
            "counts": _counts((*shown, *unseen)),
            "errors": sum(p.severity == "error" for note in (*shown, *unseen) for p in note.problems),
            "warnings": sum(p.severity == "warning" for note in (*shown, *unseen) for p in note.problems),
            "drawable": self.drawable,
        }
        text, _ = markup.sheet(TEMPLATE, names, self.material.library.clinic, self.language, self.material.project.templates)
        return text

    def styles(self) -> tuple[str, ...]:
        """The style sheets of the page, and what makes a proof of it."""
        templates = self.material.project.templates
        families = ", ".join(f'"{family}"' for family in self.language.fonts)
        paper = f"@page {{ size: {self.material.library.clinic.paper} landscape; }} :root {{ --own-fonts: {families}; }}"
        return (*markup.styles(self.page, templates), paper, (templates / "proof.css").read_text(encoding="utf-8"))


def _counts(notes: Iterable[Note]) -> Mapping[str, int]:
    """How many texts are in each state."""
    states = [note.state for note in notes]
    return {str(state): states.count(state) for state in State}
