"""Pseudo-languages: catalogs made from the English itself, so that faults of a layout show without a translator.

`en-XA` is longer, accented and bracketed: what is clipped lacks its bracket, what no catalog
reaches has neither accent nor bracket. `ar-XB` is mirrored word by word and read from the right:
what does not follow the page's direction stands out. Both are CLDR's codes for this. What CLDR
itself gives (dates, days, hours) has no pseudo form; nothing of this is ever printed for patients.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from handouts import plurals
from handouts.content import SOURCE_LANGUAGE
from handouts.material import Material
from handouts.model import Language
from handouts.po import Entry
from handouts.problems import Place, Problem
from handouts.translations import Catalog
from handouts.values import PLACEHOLDER

OPENING, CLOSING = "\u2045", "\u2046"
"""Square brackets with a quill: Noto Sans holds them, and references have the plain ones."""

OVERRIDDEN = "\u202e{}\u202c"
"""Right-to-left override (UAX 9). Word by word: Pango forgets an override where it breaks a line."""

ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "åƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ",
)
FILLING = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""The words that make a text longer."""
GROWTH = ((10, 1.0), (20, 0.8), (30, 0.6))
"""Texts of so many characters at most grow by this share: the shorter, the more."""
USUAL_GROWTH = 0.4

_KEPT = re.compile(
    PLACEHOLDER.pattern.replace("(", "(?:")
    + r"|\*\*|https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+"
    + r"|\d+(?:[.,:]\d+)*(?:[ \u00a0]?(?:micrograms?|milligrams?|kg|mg|mcg|[µμ]g|g|ml|mL|l|L)\b(?:/\w+\b)*)?"
)
"""What stands in a pseudo-text as it stands in the English: placeholders, marks, addresses, numbers with their units."""


@dataclass(frozen=True)
class _Pseudo:
    """A pseudo-language: what it says of itself, and what it makes of a text."""

    facts: Language
    text: Callable[[str], str]


def longer(text: str) -> str:
    """The text with an accent on each letter, 40 % longer (a short one more), between brackets."""
    accented = _except_kept(text, lambda words: words.translate(ACCENTS))
    share = next((share for most, share in GROWTH if len(text) <= most), USUAL_GROWTH)
    words: list[str] = []
    filling = itertools.cycle(FILLING)
    while sum(len(word) + 1 for word in words) < len(text) * share:
        words.append(next(filling).translate(ACCENTS))
    return f"{OPENING}{' '.join((accented, *words))}{CLOSING}"


def mirrored(text: str) -> str:
    """The text with each word's letters in the order from right to left."""
    return _except_kept(text, lambda words: re.sub(r"\S*[^\W\d_]\S*", lambda m: OVERRIDDEN.format(m[0]), words))


def _except_kept(text: str, change: Callable[[str], str]) -> str:
    ends = [0, *itertools.chain.from_iterable(match.span() for match in _KEPT.finditer(text)), len(text)]
    pieces = (text[start:end] for start, end in itertools.pairwise(ends))
    return "".join(piece if index % 2 else change(piece) for index, piece in enumerate(pieces))


PSEUDO: Mapping[str, _Pseudo] = {
    "en-XA": _Pseudo(
        Language(code="en-XA", name="Pseudo-English", autonym=longer("longer"), locale="en_GB", script="Latn",
                 direction="ltr", fonts=("Noto Sans",), leading=1.46),
        longer,
    ),
    "ar-XB": _Pseudo(
        Language(code="ar-XB", name="Pseudo-Arabic", autonym=mirrored("mirrored"), locale="ar", script="Latn",
                 direction="rtl", fonts=("Noto Sans Arabic", "Noto Sans"), leading=1.6),
        mirrored,
    ),
}  # fmt: skip
"""The pseudo-languages by their codes. Those of plural forms, dates and hours are their locale's."""


def catalog(code: str, domain: str, entries: Iterable[Entry]) -> Catalog:
    """The whole translation of a domain into a pseudo-language; it lies in no file, so its path is empty."""
    pseudo = PSEUDO[code]
    count, expression = plurals.rule(pseudo.facts.locale)
    single = plurals.form(expression)(1)
    messages = {}
    for entry in entries:
        english = [entry.plural if entry.plural and form != single else entry.id for form in range(count)]
        strings = tuple(pseudo.text(text) for text in (english if entry.plural else english[:1]))
        messages[entry.key] = replace(entry, strings=strings, flags=())
    return Catalog("", code, domain, messages, expression)


def added(material: Material, codes: Iterable[str]) -> Material:
    """The material with those of the codes that are pseudo-languages, set in the project's own English fonts."""
    library = material.library
    wanted = [code for code in dict.fromkeys(codes) if code in PSEUDO]
    english = library.languages[SOURCE_LANGUAGE].fonts if SOURCE_LANGUAGE in library.languages else ()
    facts = {code: PSEUDO[code].facts for code in wanted}
    facts = {code: f.model_copy(update={"fonts": tuple(dict.fromkeys((*f.fonts[:-1], *english, f.fonts[-1])))})
             for code, f in facts.items()}  # fmt: skip
    made = {(code, domain): catalog(code, domain, entries) for code in wanted for domain, entries in material.entries.items()}
    return replace(
        material,
        library=replace(library, languages={**library.languages, **facts}),
        catalogs={**material.catalogs, **made},
    )


def refused(place: Place, code: str) -> Problem:
    """Why a pseudo-language is not taken where a real one is asked for."""
    return Problem(place, "usage/pseudo", f'"{code}" is a pseudo-language, made from the English to test layouts',
                   f"nobody translates or hands it out; to look at it, run: handouts build -l {code}")  # fmt: skip
