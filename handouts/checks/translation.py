"""Rules that compare each translation with its English: completeness, placeholders, markup, language."""

from collections import Counter
from collections.abc import Iterator

import pycld2

from handouts.content import SOURCE_LANGUAGE
from handouts.material import Material
from handouts.pairs import difference, pairs
from handouts.problems import Place, Problem, warning
from handouts.translations import UI, catalog_path
from handouts.values import PLACEHOLDER, STRONG, text_fault

ENOUGH = 300
"""Characters from which on a text's language is told reliably."""


def missing(material: Material) -> Iterator[Problem]:
    """Every text of every language that the clinic prints is translated; a fuzzy entry counts as missing.

    A page with a gap is not printed in that language: English never fills it, and a guess never counts (45 CFR
    92.201(c)(3) asks for review by a qualified translator). Languages that the clinic does not print are let be.
    """
    for code in material.library.printed:
        if code == SOURCE_LANGUAGE or code not in material.library.languages:
            continue
        for domain, entries in material.entries.items():
            catalog = material.catalogs.get((code, domain))
            gaps = [e for e in entries if not catalog or not catalog.find(e.context, e.id, e.plural is not None)]
            if gaps:
                name = material.library.languages[code].name
                known = catalog.messages.get(gaps[0].key) if catalog else None
                yield warning(
                    Place(catalog_path(code, domain), known.line if known else 0),
                    "translation/missing",
                    f"{len(gaps)} of {len(entries)} texts are not translated into {name}",
                    "translate them; until then nothing that needs them is printed in this language",
                )


def placeholders(material: Material) -> Iterator[Problem]:
    """A translation holds the same {placeholders} as its English: no more, no fewer.

    A lost one is a phone number or a time that is not on the page. Their order is free, and a plural form for one person
    may say the count in words.
    """
    for pair in pairs(material):
        wanted, found = _names(pair.english), _names(pair.string)
        if pair.entry.plural:
            wanted |= _names(pair.entry.id)
            found |= wanted & _names("{count}{rest}")  # a form for one person may say "one" in words
        if wanted != found:
            said = difference(wanted, found, "{} is missing", "{} is not in the English")
            yield from pair.problem(
                "translation/placeholders", said, "copy the placeholders, with their brackets, from the English"
            )


def _names(text: str) -> Counter[str]:
    """The placeholders of a text, in their brackets, each once."""
    return Counter({found[0] for found in PLACEHOLDER.finditer(text)})


def markup(material: Material) -> Iterator[Problem]:
    """A translation is well formed, and has as many **strong** runs as its English.

    Without a partner the stars would be printed, and a warning that is strong in English is to be so in every language.
    Which words are strong, and where they stand, is the translator's choice.
    """
    for pair in pairs(material):
        fault = text_fault(pair.string)
        english, here = len(STRONG.findall(pair.english)), len(STRONG.findall(pair.string))
        if fault:
            yield from pair.problem("translation/markup", fault, "copy such signs from the English as they are")
        elif english != here:
            yield from pair.problem(
                "translation/markup",
                f"{english} **strong** runs in English, {here} here",
                "mark the words that carry the same stress",
            )


def language(material: Material) -> Iterator[Problem]:
    """A catalog is in its own language (Compact Language Detector 2 over all its texts together).

    A file in the wrong folder would print one language under the name of another. Only a whole catalog of 300 characters
    or more is judged, since short texts are guesswork, and the templates' labels are let be.
    """
    for (code, domain), catalog in material.catalogs.items():
        complete = [e for e in catalog.messages.values() if e.complete]
        text = " ".join(STRONG.sub(r"\1", PLACEHOLDER.sub(" ", s)) for e in complete for s in e.strings)
        if len(text) < ENOUGH or domain == UI:  # labels are no language to judge by
            continue
        reliable, _, found = pycld2.detect(text)
        detected = found[0][1].split("-")[0].lower()
        if reliable and detected not in (code.split("-")[0], "un"):
            yield Problem(
                Place(catalog.path),
                "translation/language",
                f"the texts of {domain} look like {found[0][0].title()}, not {material.library.languages[code].name}",
                "check that the right file is in the right folder",
            )
