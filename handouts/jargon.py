"""Hard words in English, and whether the text around one explains it.

The hard words are the glossary's and those of a list that gives each its plain word.
"""

import functools
import re
from collections.abc import Mapping, Sequence

from handouts.model import Term

_AFTER = re.compile(
    r"""^(?:\ \w+)?[\s*"'”]*\(                              # placebo group (dummy treatment)
    |^(?:\ \w+)?\*{0,2}(?:\ or\ |,\ (?:or|which|that|a|an|the|such\ as|so)\b|:|\ means?\b|\ such\ as\b)
    |^\ (?:is|are)\ (?:a|an|any|the|when|what)\b
    |^[^.?!]*[.?!]\ +(?:This|It|They|These)\ (?:is|are|means?)\ """,
    re.IGNORECASE | re.VERBOSE,
)
_BEFORE = re.compile(
    r"""(?:\(|\bor\ )["'“‘]?(?:an?\ )?$                     # a thin tube (cannula)
    |\b(?:calls?|called|named|known\ as)\b[^.?!]*$   # some call this a "loading phase"
    |\b(?:such\ as|for\ example)\b[^.?!]*$""",
    re.IGNORECASE | re.VERBOSE,
)


def forms(term: Term) -> tuple[str, ...]:
    """The words that a glossary entry explains: its own, and those in brackets behind it."""
    found = re.fullmatch(r"(.+?) \((.+)\)", term.term)
    return (found[1], found[2]) if found else (str(term.term),)


@functools.lru_cache(maxsize=64)
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of the words, with the common endings; a word that is all capitals only as it is."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(_stem(word) for word in sorted(words, key=len, reverse=True))})(?![\w-])")


def _stem(word: str) -> str:
    if word.isupper():
        return f"{re.escape(word)}s?"
    if word.endswith("y"):
        return f"(?i:{re.escape(word[:-1])}(?:y|ies|ied|ying))"
    ending = "(?:e|es|ed|ing)" if word.endswith("e") else "(?:s|es|ed|ing)?"
    return f"(?i:{re.escape(word.removesuffix('e'))}{ending})"


def explained(found: re.Match[str]) -> bool:
    """Whether a hard word is explained where it stands.

    In brackets, by "or", "which means", "such as" or "so", by the next sentence ("This is"), as what others call it,
    or as an example of something plain.
    """
    text = found.string
    return bool(_AFTER.match(text[found.end() :]) or _BEFORE.search(text[: found.start()]))


def plain_word(word: str, plain: Mapping[str, str]) -> tuple[str, str]:
    """The entry of the list that a word found in a text is a form of."""
    return next((hard, easy) for hard, easy in plain.items() if pattern((hard,)).fullmatch(word))


def unexplained(texts: Sequence[tuple[object, str]], words: tuple[str, ...]) -> re.Match[str] | None:
    """The first of the words in texts that are each in a section, unless it is explained in that section or before."""
    uses = [(section, found) for section, text in texts for found in pattern(words).finditer(text)]
    if not uses or any(section == uses[0][0] and explained(found) for section, found in uses):
        return None
    return uses[0][1]
