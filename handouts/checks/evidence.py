"""Rules about evidence: every claim has a source, every source can be found, a number is the same wherever it is told."""

from collections.abc import Iterator
from dataclasses import dataclass

from handouts.content import REFERENCES
from handouts.forms import Fields, Signature, Statements
from handouts.frequencies import Frequency, Told, frequencies, same_outcome, sentences, stems, told
from handouts.material import Material
from handouts.problems import Problem, warning
from handouts.sections import (
    CallNow,
    Effects,
    KeyMessage,
    NotKnown,
    Numbers,
    Options,
    OwnSection,
    Risk,
    Shared,
    Steps,
    TextSection,
)
from handouts.values import Passage, leaves, passages

_STATING = KeyMessage | TextSection | Numbers | NotKnown | CallNow | Steps | Statements
"""The kinds of section that state facts; fields do when words stand before or behind them."""


@dataclass(frozen=True)
class _Claim:
    """What is said under the same sources: a section's own words, an option, or a side effect."""

    path: str
    steps: tuple[str | int, ...]
    what: str
    texts: tuple[Passage, ...]
    keys: frozenset[str]
    basis: str | None
    states: bool
    """Whether it is of a kind that states facts."""


def sourced(material: Material) -> Iterator[Problem]:
    """Every section, option and side effect that states facts names a source (IPDAS certifying: citations).

    Facts are stated by key messages, texts, numbers, options, side effects, steps, what is not known, when to call, and in
    forms by statements and by the words around fields. What is asked, ticked, defined, planned or signed needs no source.
    Where there is none to name, the author says on what the text stands: `basis: practice` is advice from good practice;
    `basis: none-found` is a gap in what is known, for which no study was found. Neither excuses a frequency: a number of
    people without a source is an error, in a section of any kind.
    """
    for claim in _claims(material):
        if claim.keys:
            continue
        numbers = [text for text in claim.texts if any(frequencies(text.text))]
        for text in numbers:
            yield Problem(
                material.library.place(claim.path, *claim.steps, *text.steps),
                "evidence/sourced",
                f'"{next(frequencies(text.text)).words}" has no source',
                f"name where the number comes from, under the sources of {claim.what}",
            )
        if claim.states and not claim.basis and not numbers:
            yield warning(
                material.library.place(claim.path, *claim.steps),
                "evidence/sourced",
                f"{claim.what} states facts and names no source",
                "add sources: [KEY]; without a source: basis: practice (plain advice), basis: none-found (nobody studied it)",
            )


def used(material: Material) -> Iterator[Problem]:
    """Every reference is cited by a document, or says why it is kept without (uncited: the reason).

    A clinician checks every reference against the original; one that nothing stands on costs that work for nothing, or is
    missing where it should be cited. A source that was read and left out, as too weak or not on the subject, is worth
    keeping with the reason, as reviews list the studies they leave out.
    """
    cited = _cited(material)
    for key, reference in material.library.references.items():
        place = material.library.place(REFERENCES, key)
        if key not in cited and not reference.uncited:
            yield warning(place, "evidence/used", f"no document cites {key}",
                          'cite it under sources, delete it, or keep it with the reason: "uncited: too weak"')  # fmt: skip
        if key in cited and reference.uncited:
            yield warning(material.library.place(REFERENCES, key, "uncited"), "evidence/used",
                          f"{key} is cited, in {cited[key][0]}", "delete the line uncited, or the citation")  # fmt: skip


def complete(material: Material) -> Iterator[Problem]:
    """Every reference that is cited can be found, and was read before what cites it was published (IPDAS: citations).

    The schema asks for authors, title, source and the date of reading. With a year these find a printed source; a page
    that bears no date is found only by its address (url or doi).
    """
    cited = _cited(material)
    published = {material.library.path(document): document.published for document in material.library.sheets}
    for key, reference in material.library.references.items():
        if key not in cited:
            continue
        if not (reference.year or reference.url or reference.doi):
            yield warning(material.library.place(REFERENCES, key), "evidence/complete",
                          f"{key} has neither a year nor an address",
                          "add the year, or the url or doi at which it was read")  # fmt: skip
        for path in cited[key]:
            if path in published and reference.accessed > published[path]:
                yield warning(material.library.place(path, "published"), "evidence/complete",
                              f"{key} was read on {reference.accessed}, after this was published",
                              "correct one of the dates, or publish anew after checking the text against it")  # fmt: skip


def agrees(material: Material) -> Iterator[Problem]:
    """A number is the same wherever it is told: in two places of the data, and in a text and the data it repeats.

    In the data it is the same risk when source, outcome, groups and period are the same, words in brackets aside; numbers
    and certainty must then be equal, across handouts and consent forms (error).

    In a text a frequency is held against the risks of the sources cited there that are out of the same number of people and
    whose outcome its sentence names, by a word that no other outcome has, or a sentence before it that leads to it
    ("**Warm hands.** In a trial, 9 of 100 people ..."); a difference may be that of the two counts (warning). Frequencies of
    other outcomes, sources and numbers of people are left alone, as are points of a scale. IPDASi probabilities.
    """
    risks = tuple(told(material.library))
    yield from _retold(material, risks)
    own = {risk: _own_words(risk, risks) for risk in risks}
    for claim in _claims(material):
        for text in claim.texts:
            for found, near in _repeated(text.text, claim, own):
                if not set(found.counts) <= set().union(*(_numbers(risk.risk, found) for risk in near)):
                    known = material.library.place(near[0].path, *near[0].steps)
                    yield warning(
                        material.library.place(claim.path, *claim.steps, *text.steps),
                        "evidence/agrees",
                        f'"{found.words}" is none of the numbers from {near[0].risk.source}'
                        f' for "{near[0].name}" ({known.path}:{known.line})',
                        "correct it; the number of another question becomes a risk of its own in a section of numbers",
                    )


def _retold(material: Material, risks: tuple[Told, ...]) -> Iterator[Problem]:
    for index, risk in enumerate(risks):
        first = next((other for other in risks[:index] if _same(other, risk)), None)
        if first is None:
            continue
        fields: tuple[str, ...] = ("count", "compared", "low", "high", "certainty")
        if first.risk.of != risk.risk.of:  # the counts differ then as they must; within a document risk/denominator tells
            fields = ("of",) if first.path != risk.path else ()
        for field in fields:
            wanted, found = getattr(first.risk, field), getattr(risk.risk, field)
            if wanted != found:
                known = material.library.place(first.path, *first.steps, field)
                yield Problem(
                    material.library.place(risk.path, *risk.steps, field),
                    "evidence/agrees",
                    f"{field} is {_said(found)} here and {_said(wanted)} in {known.path}:{known.line},"
                    f" for the same risk from {risk.risk.source}",
                    "look it up in the source, and correct the wrong one",
                )


def _same(first: Told, second: Told) -> bool:
    one, other = first.risk, second.risk
    alike = (one.source, one.measure) == (other.source, other.measure) and same_outcome(first, second)
    return alike and all(stems(getattr(one, f) or "") == stems(getattr(other, f) or "") for f in ("group", "versus", "period"))


def _said(value: object) -> str:
    return "left out" if value is None else str(value)


def _own_words(risk: Told, risks: tuple[Told, ...]) -> frozenset[str]:
    """The words of a risk's name that no other outcome has."""
    return stems(risk.name).difference(*(stems(other.name) for other in risks if not same_outcome(risk, other)))


def _repeated(text: str, claim: _Claim, own: dict[Told, frozenset[str]]) -> Iterator[tuple[Frequency, list[Told]]]:
    """The frequencies of a text that repeat risks, each with the risks one of which it should be."""
    leading: list[Told] = []
    for sentence in sentences(text):
        named = [risk for risk in own if risk.risk.source in claim.keys and own[risk] & stems(sentence)]
        counted = tuple(frequencies(sentence))
        for found in counted:
            near = named or [risk for risk in leading if (risk.risk.measure == "more") == found.more]
            near = [risk for risk in near if risk.risk.of == found.of]
            if near:
                yield found, near
        if named:
            leading = [] if counted else named


def _numbers(risk: Risk, found: Frequency) -> set[int | None]:
    """The numbers that a text may give of a risk, as counts or as differences."""
    if risk.measure == "more":
        return {risk.count, risk.low, risk.high} if found.more else set()
    others = {risk.compared, *((risk.of - risk.compared,) if risk.compared is not None else ())}
    difference = {abs(risk.count - risk.compared)} if risk.compared is not None else set()
    return set(difference) if found.more else {risk.count, risk.rest, risk.low, risk.high, *others}


def _cited(material: Material) -> dict[str, list[str]]:
    """The files that cite each source; a shared section is cited by its own file."""
    found: dict[str, list[str]] = {}
    for path, document in material.library.documents():
        for steps, value in leaves(document):
            if "source" in steps[-1:] or "sources" in steps[-2:-1]:
                paths = found.setdefault(str(value), [])
                if path not in paths:
                    paths.append(path)
    return found


def _claims(material: Material) -> Iterator[_Claim]:
    for path, document in material.library.documents():
        for index, section in enumerate(document.sections):
            if not isinstance(section, Shared):
                yield from _claims_of(path, ("sections", index), section)


def _claims_of(path: str, at: tuple[str | int, ...], section: OwnSection | Fields | Statements | Signature) -> Iterator[_Claim]:
    own = tuple(text for text in passages(section, "") if text.steps[0] not in ("options", "effects"))
    keys = frozenset(section.sources)
    states = isinstance(section, _STATING) or (isinstance(section, Fields) and bool(section.intro or section.closing))
    if isinstance(section, Numbers):
        keys |= {risk.source for risk in section.risks}
    yield _Claim(path, at, "the section", own, keys, section.basis, states)
    if isinstance(section, Options):
        for number, option in enumerate(section.options):
            yield _Claim(path, (*at, "options", number), f'the option "{option.id}"', tuple(passages(option, "")),
                         frozenset(option.sources), option.basis, states=True)  # fmt: skip
    if isinstance(section, Effects):
        for number, effect in enumerate(section.effects):
            sources = {*effect.sources, *([effect.risk.source] if effect.risk else [])}
            yield _Claim(path, (*at, "effects", number), f'the side effect "{effect.id}"', tuple(passages(effect, "")),
                         frozenset(sources), effect.basis, states=True)  # fmt: skip
