"""Rules that compare each translation with its English: completeness, placeholders, markup, language."""

from collections.abc import Iterator

import pycld2

from handouts.content import SOURCE_LANGUAGE
from handouts.material import Material
from handouts.pairs import pairs
from handouts.problems import Place, Problem, warning
from handouts.translations import UI, catalog_path
from handouts.values import PLACEHOLDER, STRONG, text_fault

ENOUGH = 300
"""Characters from which on a text's language is told reliably."""


def missing(material: Material) -> Iterator[Problem]:
    """Every text of every language that the clinic prints is translated; a fuzzy entry counts as missing."""
    for code in material.library.clinic.languages:
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
    """A translation holds the same {placeholders} as its English: no more, no fewer."""
    for pair in pairs(material):
        wanted, found = set(PLACEHOLDER.findall(pair.english)), set(PLACEHOLDER.findall(pair.string))
        if pair.entry.plural:
            wanted |= set(PLACEHOLDER.findall(pair.entry.id))
            found |= wanted & {"count", "rest"}  # a form for one person may say "one" in words
        if wanted != found:
            lost = ", ".join(f"{{{name}}}" for name in sorted(wanted - found))
            extra = ", ".join(f"{{{name}}}" for name in sorted(found - wanted))
            said = "; ".join(
                part for part in (lost and f"{lost} is missing", extra and f"{extra} is not in the English") if part
            )
            yield from pair.problem(
                "translation/placeholders", said, "copy the placeholders, with their brackets, from the English"
            )


def markup(material: Material) -> Iterator[Problem]:
    """A translation is well formed, and has as many **strong** runs as its English."""
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

    Only a whole catalog is judged: single short texts are guesswork.
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
