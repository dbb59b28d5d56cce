"""Rules about a language's writing: its script, its punctuation, where its lines can break."""

import re
import unicodedata
from collections.abc import Iterator

from handouts.material import Material
from handouts.pairs import Pair, pairs
from handouts.problems import Problem
from handouts.values import PLACEHOLDER

NAMES = {
    "Latn": ("LATIN",), "Cyrl": ("CYRILLIC",), "Grek": ("GREEK",), "Arab": ("ARABIC",), "Hebr": ("HEBREW",),
    "Deva": ("DEVANAGARI",), "Beng": ("BENGALI",), "Guru": ("GURMUKHI",), "Taml": ("TAMIL",), "Thai": ("THAI",),
    "Laoo": ("LAO",), "Khmr": ("KHMER",), "Mymr": ("MYANMAR",), "Ethi": ("ETHIOPIC",), "Hans": ("CJK",),
    "Hant": ("CJK",), "Jpan": ("CJK", "HIRAGANA", "KATAKANA"), "Kore": ("HANGUL", "CJK"),
}  # fmt: skip
"""How the Unicode names of a script's letters begin."""
LONGEST_RUN = 22
"""Letters and marks in a row, in scripts without spaces, that the narrowest column (33 mm) holds without a place to break."""


def letters(material: Material) -> Iterator[Problem]:
    """Most letters of a translation are of its language's script: a text in another one is untranslated or in the wrong file.

    Texts of fewer than 12 letters are let be, and so are names and foreign words within a text.
    """
    for pair in pairs(material):
        found = [c for c in PLACEHOLDER.sub("", pair.string) if c.isalpha()]
        own = [c for c in found if unicodedata.name(c, "").startswith(NAMES[pair.language.script])]
        if len(found) >= 12 and len(own) * 2 < len(found):
            yield from pair.problem(
                "script/letters",
                f"{len(found) - len(own)} of {len(found)} letters are not {pair.language.script}, the script of "
                f"{pair.language.name}",
                "translate it, or move it to the catalog of its own language",
            )


def spaces(material: Material) -> Iterator[Problem]:
    """A script without spaces has places where a line can break (U+200B), where the layout finds none itself.

    Khmer, Lao and Burmese lines otherwise run off the page. Only languages with `zero_width_spaces: yes` are looked at,
    and only runs that the narrowest column cannot hold are told.
    """
    for pair in pairs(material):
        if pair.language.zero_width_spaces:
            run = unbroken(pair.string)
            if run > LONGEST_RUN:
                yield from pair.warning(
                    "script/spaces",
                    f"{run} letters and marks stand in a row without a place to break the line",
                    "put zero-width spaces (U+200B) between words",
                )


def unbroken(text: str) -> int:
    """The most letters and marks that stand in a row: vowel signs and tones are marks, which a regular expression does not take for letters."""
    runs = "".join(c if unicodedata.category(c)[0] in "LM" else " " for c in text).split()
    return max(map(len, runs), default=0)


def punctuation(material: Material) -> Iterator[Problem]:
    """Marks are those of the language: its question mark, its comma, its spaces before high marks, its full stop.

    Foreign marks look careless, and a reader who finds a page careless does not trust it. French, Spanish, Chinese,
    Japanese, Urdu and the Arabic, Devanagari, Bengali and Gurmukhi scripts are looked at, other languages are let be.
    """
    for pair in pairs(material):
        for fault in _faults(pair):
            yield from pair.warning("script/punctuation", fault, "see how the other texts of the language are written")


def _faults(pair: Pair) -> Iterator[str]:
    text, code, script = PLACEHOLDER.sub("x", pair.string), pair.language.code.split("-")[0], pair.language.script
    if code == "fr" and re.search(r"[^\s\u00a0\u202f?!:;][:;?!]|[ ][:;?!»]|« |«[^\u00a0\u202f]", re.sub(r"\d:\d", "", text)):
        yield "a no-break space (U+00A0) is missing before : ; ? ! » or after «"
    if code == "es":
        for opening, closing in ("¿?", "¡!"):
            if text.count(opening) != text.count(closing):
                yield f'"{closing}" stands here {text.count(closing)} times, "{opening}" {text.count(opening)} times'
    if script in ("Hans", "Hant", "Jpan") and re.search(r"[\u3400-\u9fff][,;:?!.]|[,;:?!][\u3400-\u9fff]", text):
        yield "a mark beside a Chinese character is not full-width"
    if script == "Arab" and re.search(r"[\u0620-\u06ff][?,;]|[?,;]\s*[\u0620-\u06ff]", text):
        yield "a question mark, comma or semicolon is not the Arabic one"
    if code == "ur" and re.search(r"[\u0620-\u06ff]\.(?:\s|$)", text):
        yield "a sentence ends with a Latin full stop, not with \u06d4"
    if script in ("Deva", "Beng", "Guru") and re.search(r"[\u0900-\u0a7f]\.(?:\s|$)", text):
        yield "a sentence ends with a Latin full stop, not with \u0964"
