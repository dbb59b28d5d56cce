"""Rules about decision aids: handouts that compare options (IPDAS version 4, Joseph-Williams et al. 2014).

Qualifying criteria are a profile (content/profiles/) that a decision aid names; of the certifying ones the schema holds
dates, update policy and funding, `evidence` the citations, and this module the two that the data itself shows.
"""

import re
from collections.abc import Iterator

from handouts import elements as asked
from handouts.material import Material
from handouts.model import Handout
from handouts.problems import Problem, warning
from handouts.sections import Options

MOST_OF_ONE_SIDE = 3.0
"""How many times as many words one side of an option may have as the other."""
MOST_OF_ALL = 1.5
"""The same for all options of a section together."""
SHORT = 20
"""Words under which a side is too short for its length to sway anybody."""

_SURE = re.compile(r"\b(?:un)?(?:sure|certain|certainty|confident|clear)\b|\bnot known\b|\bunknown\b", re.IGNORECASE)


def profiles(material: Material) -> Iterator[Problem]:
    """Every profile that a handout names is a file of content/profiles/.

    A handout needs none. One that calls itself a decision aid names the profile of what makes it one, and is then held
    to it; a misspelt name would hold it to nothing.
    """
    library = material.library
    for handout in library.handouts:
        yield from (f.problem(library, handout, "ipdas/profile") for f in asked.unknown_profiles(library, handout))


def elements(material: Material) -> Iterator[Problem]:
    """A decision aid holds what its profile asks for, each in a section that can hold it (IPDAS qualifying criteria 1 to 6).

    The handout says in which under `elements`; `purpose` names the sentence under the title. The aid is judged as a
    whole: condition and decision may stand in any section, good and bad sides only where options are compared row by
    row. Whether the words are enough is for the people who rate it (content/ratings.yaml).
    """
    library = material.library
    for handout in library.handouts:
        yield from (f.problem(library, handout, "ipdas/element") for f in asked.missing(library, handout, "handout"))


def sections(material: Material) -> Iterator[Problem]:
    """The sections that a decision aid's elements name are sections of the handout.

    A name that points nowhere would make the aid look complete after its section was renamed or taken out.
    """
    library = material.library
    for handout in library.handouts:
        yield from (f.problem(library, handout, "ipdas/section") for f in asked.unknown_sections(handout, "handout"))


def balance(material: Material) -> Iterator[Problem]:
    """Where options are compared, benefits and harms are told in equal detail (IPDAS certifying criterion 1).

    IPDAS gives no number. Told is an option one side of which has more than three times the words of the other, and a
    comparison with more than one and a half times overall: the whole is what sways, and one option may well have a
    single harm. Sides of fewer than 20 words are let be.
    """
    for handout, index, section in _compared(material):
        place = material.library.place(material.library.path(handout), "sections", index)
        good = {option.id: _words(option.benefits) for option in section.options}
        bad = {option.id: _words(option.harms) for option in section.options}
        for number, option in enumerate(section.options):
            at = material.library.place(material.library.path(handout), "sections", index, "options", number)
            if _uneven(good[option.id], bad[option.id], MOST_OF_ONE_SIDE):
                yield warning(at, "ipdas/balance",
                              f'"{option.id}" has {good[option.id]} words on benefits and {bad[option.id]} on harms: not in equal detail',
                              "tell the shorter side in more detail, or the longer one in less")  # fmt: skip
        if _uneven(sum(good.values()), sum(bad.values()), MOST_OF_ALL):
            yield warning(place, "ipdas/balance",
                          f"all options together have {sum(good.values())} words on benefits and {sum(bad.values())} on harms: not in equal detail",
                          "tell the shorter side in more detail, or the longer one in less")  # fmt: skip


def uncertainty(material: Material) -> Iterator[Problem]:
    """An option that gives a number says how sure it is (IPDAS certifying criterion 5).

    A risk says so by its `certainty` and an option by its row `unknown`: the schema asks for both. This rule is for
    numbers told in words: somewhere among the benefits and harms of the option must stand how sure we are, such as
    "We are not sure about this". Numbers of days or sessions under `involves` and `duration` are no outcomes.
    """
    for handout, index, section in _compared(material):
        for number, option in enumerate(section.options):
            told = " ".join((*option.benefits, *option.harms))
            if re.search(r"\d", told) and not _SURE.search(told):
                yield warning(
                    material.library.place(material.library.path(handout), "sections", index, "options", number),
                    "ipdas/uncertainty",
                    f'"{option.id}" gives numbers and does not say how sure they are',
                    'add a sentence such as "We are fairly sure about this."',
                )


def _compared(material: Material) -> Iterator[tuple[Handout, int, Options]]:
    for handout in material.library.handouts:
        for index, section in enumerate(handout.sections):
            if isinstance(section, Options):
                yield handout, index, section


def _words(texts: tuple[str, ...]) -> int:
    return sum(len(text.split()) for text in texts)


def _uneven(one: int, other: int, most: float) -> bool:
    return max(one, other) > SHORT and max(one, other) > most * min(one, other)
