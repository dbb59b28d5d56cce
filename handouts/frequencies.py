"""How often something happens: the natural frequencies in English text, and the risks that documents tell as data.

"27 more of 100 people" becomes a `Frequency`, and each `Risk` of the content a `Told` with its place and name. What is
right about them is judged in `checks`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handouts.content import Library
from handouts.sections import Effects, Numbers, Risk, Shared
from handouts.values import STRONG

PEOPLE = r"(?:people|persons?|patients?|adults?|child(?:ren)?|wom[ae]n|m[ae]n|babies|users?|participants?)"
"""Words for those who are counted."""

_NUMBER = r"(?<![\w.,])\d+(?:,\d{3})*(?![.,]?\d)"
_FREQUENCY = re.compile(
    rf"({_NUMBER})(?:\s*(?:to|or|–|-)\s*({_NUMBER}))?"
    rf"(\s+(?:more|extra|fewer|less))?(?:\s+{PEOPLE})?\s+(?:in|of|out of)\s+(?:every\s+|each\s+|the\s+)?({_NUMBER})"
    r"(?!\s*(?:minute|hour|day|night|week|month|year)s?\b)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_STEM = 5
_IDLE = re.compile(
    r"a|an|and|any|are|at|be|by|each|for|from|had|has|have|in|into|is|it|less|more|no|not|of|on|one|or|out|per|some|than|that"
    r"|the|their|them|there|they|this|those|to|up|was|were|when|with|without"
)


@dataclass(frozen=True)
class Frequency:
    """So many of so many: one count, or both ends of a range."""

    counts: tuple[int, ...]
    of: int
    more: bool
    """Whether it is a difference between two groups ("27 more of 100")."""
    words: str


@dataclass(frozen=True)
class Told:
    """A risk where a document tells it: its file and steps, what is counted, the numbers."""

    path: str
    steps: tuple[str | int, ...]
    name: str
    risk: Risk


def frequencies(text: str) -> Iterator[Frequency]:
    """The natural frequencies of a text; "4 in 24 hours" and "2.7 out of 10" are none."""
    for found in _FREQUENCY.finditer(plain(text)):
        counts = tuple(_whole(number) for number in found.group(1, 2) if number)
        yield Frequency(counts, _whole(found[4]), bool(found[3]), found[0])


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the stars of strong words."""
    return _SENTENCE.split(plain(text))


def plain(text: str) -> str:
    """A text without the stars of strong words."""
    return STRONG.sub(r"\1", text)


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words of a text that carry meaning; what stands in brackets only explains."""
    words = re.findall(r"[^\W_]+", _BRACKETS.sub(" ", plain(text)).lower())
    return frozenset(word[:_STEM] for word in words if not _IDLE.fullmatch(word))


def told(library: Library) -> Iterator[Told]:
    """Every risk of the library, in the order of its documents."""
    for path, document in library.documents():
        for index, section in enumerate(document.sections):
            at = ("sections", index)
            if isinstance(section, Shared):
                continue
            if isinstance(section, Numbers):
                for number, risk in enumerate(section.risks):
                    yield Told(path, (*at, "risks", number), risk.outcome, risk)
            if isinstance(section, Effects):
                for number, effect in enumerate(section.effects):
                    if effect.risk:
                        yield Told(path, (*at, "effects", number, "risk"), effect.name, effect.risk)


def same_outcome(first: Told, second: Told) -> bool:
    """Whether two risks count the same: the words of one are among those of the other."""
    one, other = stems(first.name), stems(second.name)
    return one <= other or other <= one


def _whole(number: str) -> int:
    return int(number.replace(",", ""))
