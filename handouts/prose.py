"""Text as a reader takes it in: its sentences and words, and how hard the English is by two formulas.

English words are counted; in other languages words, or characters where no spaces stand between them.
"""

import functools
import re

from handouts.model import Consent, Handout, Language
from handouts.syllables import syllables
from handouts.values import passages

FRAGMENTS = frozenset({"title", "name", "when", "group", "versus", "period", "outcome", "term", "label"})
"""The fields that hold headings, names and labels, which are no sentences."""

UNENDED_SCRIPTS = frozenset({"Thai", "Laoo"})
"""Scripts that have no sign for the end of a sentence."""

_MARKS = re.compile(r"\*\*|[{}]")
_ENGLISH_END = re.compile(r"(?<=[.?!])\s+")
_END = re.compile(r"(?<=[.?!؟۔।॥։።។။])[\"”»’)\]」』]*\s+|(?<=[。！？])[”」』]?")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_SPACES = re.compile(r"[\s\u200b፡]+")
_SIGN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,-]*|\w")


def prose(document: Handout | Consent) -> list[str]:
    """The sentences of a document in English, without headings and labels."""
    texts = (p.text for p in passages(document, document.id) if p.role not in FRAGMENTS)
    return [s for text in texts for s in english_sentences(text) if re.search(r"[a-z]", s)]


@functools.lru_cache(maxsize=8192)
def english_sentences(text: str) -> tuple[str, ...]:
    """The sentences of an English text, without its markup."""
    return tuple(_ENGLISH_END.split(_MARKS.sub("", text)))


def sentences(text: str) -> list[str]:
    """The sentences of a text in any language that marks where one ends."""
    return [s for s in _END.split(_MARKS.sub("", text)) if s.strip()]


def length(text: str, language: Language) -> int:
    """The words of a text; where the language sets no spaces between them its characters, a number or a Latin word as one."""
    if language.word_spaces:
        return len([word for word in _SPACES.split(text) if re.search(r"\w", word)])
    return len(_SIGN.findall(text))


def english_words(sentences: list[str]) -> list[str]:
    """The words of English sentences; numbers are none."""
    return [word for sentence in sentences for word in _WORD.findall(sentence)]


def flesch_kincaid(sentences: list[str]) -> float:
    """0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al. 1975)."""
    words = english_words(sentences)
    count = sum(syllables(word.lower()) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * count / len(words) - 15.59 if words else 0.0


def smog(sentences: list[str]) -> float:
    """1.0430 √(words of three syllables and more in 30 sentences) + 3.1291 (McLaughlin 1969).

    Of a longer text all sentences are taken, and the count is brought to 30. For fewer than 30
    the formula was not fitted: the number still tells two texts apart, and is no grade.
    """
    long = sum(syllables(word.lower()) >= 3 for word in english_words(sentences))
    return float(1.0430 * (long * 30 / len(sentences)) ** 0.5 + 3.1291) if sentences else 0.0
