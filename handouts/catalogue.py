"""What the manifest tells of an output folder to the page that staff open: every document, found by topic or language.

The page is one file that works from a file share: style, script and data stand in it. Nothing is read here but the
templates; which files there are, and what is known of each, comes from `build`.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handouts import colours, templating
from handouts.content import SOURCE_LANGUAGE, Library
from handouts.model import Clinic, Language
from handouts.packs import ConsentPart, HandoutPart, Pack

TEMPLATE = "catalogue.html.j2"
STYLES = ("screen.css", "catalogue.css")
SCRIPT = "catalogue.js"

EDITIONS: Mapping[str, str] = {
    "standard": "Standard",
    "paper": "To print",
    "large-print": "Large print",
    "bilingual": "Beside English",
    "fillable": "To fill in on a screen",
    "web": "On a phone",
    "booklet": "Booklet to fold",
    "archive": "To file",
}
"""What staff call the editions, in the order in which they are offered; the first one there is opens with the title."""

KINDS: Mapping[str, str] = {"handout": "Handout", "form": "Consent form", "pack": "Pack"}

STATES: Mapping[str, str] = {
    "approved": "Approved",
    "draft": "Draft",
    "draft-translation": "Draft translation",
    "expired": "Expired",
}

_HARMLESS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}
"""Marks that could end a script or a line of it, as JSON may write them too."""


@dataclass(frozen=True)
class File:
    """One edition of a document in a language."""

    edition: str
    path: str
    size: int | None
    pages: int | None

    @property
    def label(self) -> str:
        """The edition in staff's words."""
        return EDITIONS.get(self.edition, self.edition.replace("-", " ").capitalize())


@dataclass(frozen=True)
class Card:
    """A document in a language, with its editions: what the list shows as one."""

    id: str
    kind: str
    number: str
    language: Language
    site: str
    title: str
    version: str
    published: str
    review: str
    state: str
    picture: str
    files: tuple[File, ...]
    parts: tuple[str, ...] = ()
    """What a pack holds, in its own language."""


@dataclass(frozen=True)
class Shelf:
    """Everything the page lists, and what it says of it."""

    clinic: Clinic
    cards: tuple[Card, ...]
    titles: Mapping[str, str]
    """The English titles, by document."""
    sites: Mapping[str, str] = field(default_factory=dict)
    """The names of the clinics, where there are several."""
    packs: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """The packs that hold a document in a language, by both."""

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the list, in its order."""
        return tuple({card.language.code: card.language for card in self.cards}.values())

    def of(self, language: Language) -> Iterator[Card]:
        """The cards of a language."""
        return (card for card in self.cards if card.language.code == language.code)


def index(library: Library, templates: Path) -> Callable[[Mapping[str, Mapping[str, object]]], bytes]:
    """What makes the page of what a manifest tells of each file; that raises `HandoutsError` for mistakes in a template."""
    return lambda entries: as_html(shelf(entries, library), templates).encode()


def shelf(entries: Mapping[str, Mapping[str, object]], library: Library) -> Shelf:
    """The list of some files, in order of language, kind and number."""
    known = {document.id: document.title for document in library.translated()}
    cards = tuple(_cards(entries, library))
    own = {card.id: card.title for card in cards} | {c.id: c.title for c in cards if c.language.code == SOURCE_LANGUAGE}
    sites = {site: clinic.name for site, clinic in library.sites.items() if any(card.site == site for card in cards)}
    held: dict[tuple[str, str], list[str]] = {}
    for language in {card.language.code for card in cards}:
        for pack in library.packs:
            for name in _held(pack, language):
                held.setdefault((name, language), []).append(pack.id)
    return Shelf(library.clinic, cards, own | known, sites, {at: tuple(packs) for at, packs in held.items()})


def _held(pack: Pack, language: str) -> Iterator[str]:
    """The documents that a pack in a language holds in that language."""
    for _, part in pack.wanted(language, SOURCE_LANGUAGE):
        if isinstance(part, HandoutPart | ConsentPart) and (part.language == "patient" or language == SOURCE_LANGUAGE):
            yield part.handout if isinstance(part, HandoutPart) else part.form


def _cards(entries: Mapping[str, Mapping[str, object]], library: Library) -> Iterator[Card]:
    groups: dict[tuple[str, str, str], list[tuple[str, Mapping[str, object]]]] = {}
    for path, entry in entries.items():
        at = _text(entry, "site"), _text(entry, "pack") or _text(entry, "handout"), _text(entry, "language")
        if at[2] in library.languages:
            groups.setdefault(at, []).append((path, entry))
    languages = list(dict.fromkeys((SOURCE_LANGUAGE, *library.printed, *sorted(library.languages))))
    editions, states = list(EDITIONS), list(STATES)
    cards = []
    for (site, name, code), group in groups.items():
        group.sort(key=lambda each: (_place(editions, _text(each[1], "edition")), each[0]))
        first = group[0][1]
        files = tuple(File(_text(e, "edition"), path, _number(e, "size"), _number(e, "pages")) for path, e in group)
        picture = next((_text(entry, "picture") for _, entry in group if entry.get("picture")), "")
        gravest = max((_text(entry, "state") for _, entry in group), key=lambda state: _place(states, state))
        kind = _text(first, "kind") or ("pack" if first.get("pack") else "handout")
        parts = first.get("parts")
        cards.append(
            Card(
                name, kind, _text(first, "document"), library.languages[code], site, _text(first, "title"), _text(first, "version"),
                _text(first, "published"), _text(first, "review"), gravest, picture, files,
                tuple(map(str, parts)) if isinstance(parts, list) else (),
            )
        )  # fmt: skip
    yield from sorted(cards, key=lambda card: (languages.index(card.language.code), *_order(card), card.site))


def _order(card: Card) -> tuple[int, str, int, str]:
    """Where a document comes in a list: by kind, then by number, 9 before 10."""
    letters, _, digits = card.number.partition("-")
    return _place(list(KINDS), card.kind), letters, int(digits) if digits.isdecimal() else 0, card.id


def _place(order: list[str], name: str) -> int:
    """The place of a name in an order; after all others when it is not in it."""
    return order.index(name) if name in order else len(order)


def _text(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _number(entry: Mapping[str, object], name: str) -> int | None:
    value = entry.get(name)
    return value if isinstance(value, int) else None


def as_json(found: Shelf) -> str:
    """The list as the page's script reads it: compact, and harmless inside a script element (HTML, 4.12.1.3)."""
    documents = sorted({card.id: card for card in found.cards}.values(), key=_order)
    names = {card.id: place for place, card in enumerate(documents)}
    languages = {language.code: place for place, language in enumerate(found.languages)}
    sites = {site: place for place, site in enumerate(found.sites)}
    places = {(card.id, card.language.code, card.site): place for place, card in enumerate(found.cards)}
    data = {
        "editions": {file.edition: file.label for card in found.cards for file in card.files},
        "kinds": KINDS,
        "states": STATES,
        "languages": [[each.code, each.name, each.autonym, each.direction] for each in found.languages],
        "sites": [[site, name] for site, name in found.sites.items()],
        "documents": [[card.id, card.number, card.kind, found.titles.get(card.id, "")] for card in documents],
        "cards": [
            [
                names[card.id], languages[card.language.code], sites.get(card.site),
                card.title, card.version, card.published, card.review, card.state, card.picture,
                [[file.edition, file.path, file.size, file.pages] for file in card.files],
                [places[at] for pack in found.packs.get((card.id, card.language.code), ())
                 if (at := (pack, card.language.code, card.site)) in places],
                card.parts,
            ]
            for card in found.cards
        ],
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_HARMLESS)


def policy(script: str) -> str:
    """What the page may load (Content Security Policy Level 3): its own pictures and pages, and no script but its own."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src 'self' file: data:; "
        "frame-src 'self' file:; base-uri 'none'; form-action 'none'"
    )


def as_html(found: Shelf, templates: Path) -> str:
    """The list as one page of HTML that stands by itself."""
    with templating.mistakes_told(templates):
        template = templating.environment(templates).get_template(TEMPLATE)
        style = "\n".join(_read(templates / name) for name in STYLES)
        script = _read(templates / SCRIPT)
        return template.render(
            shelf=found, clinic=found.clinic, style=style, script=script, data=as_json(found), policy=policy(script),
            properties=colours.properties(found.clinic.brand_colour, found.clinic.accent_colour), kinds=KINDS, states=STATES, editions=_editions(found.cards),
        )  # fmt: skip


def _editions(cards: Iterable[Card]) -> dict[str, str]:
    """The editions that there are, in the order in which they are offered."""
    there = {file.edition: file.label for card in cards for file in card.files}
    return {name: there[name] for name in sorted(there, key=lambda name: (_place(list(EDITIONS), name), name))}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()
