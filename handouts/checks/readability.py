"""Rules about how easy the English is to read."""

import functools
import re
from collections.abc import Iterator

import pyphen

from handouts.material import Material
from handouts.model import Consent, Handout
from handouts.problems import Problem
from handouts.values import passages

HARDEST_GRADE = 8.0
"""AMA: grade 6; NIH: 6 to 8."""

_FRAGMENTS = frozenset({"title", "name", "when", "group", "versus", "period", "outcome", "term", "label"})


def grade(material: Material) -> Iterator[Problem]:
    """The English of a handout has a Flesch-Kincaid grade of 8 at most (Kincaid et al. 1975).

    Headings, names and labels do not count: they are not sentences.
    """
    for handout in material.library.sheets:
        level = flesch_kincaid(prose(handout))
        if level > HARDEST_GRADE:
            yield Problem(
                material.library.place(material.library.path(handout), "sections"),
                "readability/grade",
                f"the text has reading grade {level:.1f}; at most {HARDEST_GRADE:.0f} is allowed, 6 is the aim",
                "shorten sentences and replace long words",
            )


def prose(handout: Handout | Consent) -> list[str]:
    """The sentences of a handout, without headings and labels."""
    texts = (p.text for p in passages(handout, handout.id) if p.role not in _FRAGMENTS)
    return [s for text in texts for s in re.split(r"(?<=[.?!])\s+", re.sub(r"[*{}]", "", text)) if re.search(r"[a-z]", s)]


def flesch_kincaid(sentences: list[str]) -> float:
    """0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al. 1975)."""
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z][A-Za-z'’-]*", sentence)]
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 if words else 0.0


@functools.cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB", left=1, right=1)


@functools.cache
def _syllables(word: str) -> int:
    """Syllables of a word: groups of vowels without a silent final e, or more where pyphen can break more often."""
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(groups, len(_dictionary().positions(word)) + 1, 1)
