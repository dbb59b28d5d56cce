"""The checks: a rule is a function that yields problems, and its docstring is its manual page.

`run` applies every rule of every family to what was read from a project folder.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator

from handouts.checks import (
    clinic,
    consent,
    currency,
    evidence,
    ipdas,
    layout,
    numbers,
    plain,
    readability,
    risk,
    script,
    signoff,
    standards,
    structure,
    translation,
    wording,
)
from handouts.material import Material
from handouts.problems import Problem

Rule = Callable[[Material], Iterable[Problem]]

CHECKS: tuple[Rule, ...] = (
    clinic.sample,
    clinic.site,
    clinic.contrast,
    clinic.logo,
    clinic.languages,
    structure.references,
    structure.names,
    structure.pictograms,
    structure.placeholders,
    structure.duplicates,
    structure.order,
    currency.period,
    signoff.known,
    signoff.void,
    consent.profiles,
    consent.elements,
    consent.sections,
    consent.parts,
    evidence.sourced,
    evidence.used,
    evidence.complete,
    evidence.agrees,
    risk.denominator,
    risk.one_in_x,
    risk.percent,
    risk.verbal,
    risk.relative,
    risk.framing,
    translation.missing,
    translation.placeholders,
    translation.markup,
    translation.language,
    numbers.multiset,
    numbers.doses,
    numbers.addresses,
    script.letters,
    script.spaces,
    script.punctuation,
    wording.negation,
    wording.same,
    wording.length,
    wording.consistency,
    wording.glossary,
    wording.repeated,
    wording.quotation,
    readability.grade,
    readability.smog,
    readability.sentence,
    readability.paragraph,
    readability.passive,
    readability.jargon,
    plain.lists,
    plain.headings,
    plain.chunks,
    plain.arithmetic,
    plain.addressed,
    plain.actions,
    plain.rows,
    plain.capitals,
    ipdas.profiles,
    ipdas.elements,
    ipdas.sections,
    ipdas.balance,
    ipdas.uncertainty,
    standards.rules,
    standards.ratings,
    layout.fonts_installed,
    layout.glyphs,
)


def run(material: Material, today: datetime.date) -> Iterator[Problem]:
    """The problems of all rules, in the order of `CHECKS`."""
    for rule in CHECKS:
        yield from rule(material)
    yield from currency.due(material, today)
