"""Rules that compare each translation with its English."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from handouts.content import SOURCE_LANGUAGE
from handouts.material import Material
from handouts.po import Entry
from handouts.problems import Place, Problem, warning
from handouts.translations import Catalog, catalog_path
from handouts.values import PLACEHOLDER, STRONG, text_fault

_NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c\u00a0\u202f]\d+)*")
_MONTH = re.compile(r"\d{1,2}月")
"""A month by its number, as Chinese and Japanese name months."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\u066c\u00a0\u202f]\d{3})+")


def _translated(material: Material) -> Iterator[tuple[Catalog, Entry, str, str]]:
    """Each complete translation with the English form it belongs to; plural forms one by one."""
    for catalog in material.catalogs.values():
        wanted = {entry.key for entry in material.entries[catalog.domain]}
        for key, entry in catalog.messages.items():
            if key in wanted and entry.complete:
                for index, string in enumerate(entry.strings):
                    many = index > 0 or len(entry.strings) == 1  # a single form speaks of any number
                    yield catalog, entry, entry.plural if entry.plural and many else entry.id, string


def _place(catalog: Catalog, entry: Entry) -> Place:
    return Place(catalog.path, entry.string_line)


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
    for catalog, entry, english, string in _translated(material):
        wanted, found = set(PLACEHOLDER.findall(english)), set(PLACEHOLDER.findall(string))
        if entry.plural:
            wanted |= set(PLACEHOLDER.findall(entry.id))
            found |= wanted & {"count", "rest"}  # a form for one person may say "one" in words
        if wanted != found:
            lost = ", ".join(f"{{{name}}}" for name in sorted(wanted - found))
            extra = ", ".join(f"{{{name}}}" for name in sorted(found - wanted))
            said = "; ".join(
                part for part in (lost and f"{lost} is missing", extra and f"{extra} is not in the English") if part
            )
            yield Problem(_place(catalog, entry), "translation/placeholders", said,
                          "copy the placeholders, with their brackets, from the English")  # fmt: skip


def markup(material: Material) -> Iterator[Problem]:
    """A translation is well formed, and has as many **strong** runs as its English."""
    for catalog, entry, english, string in _translated(material):
        fault = text_fault(string)
        if fault:
            yield Problem(_place(catalog, entry), "translation/markup", fault, "copy such signs from the English as they are")
        elif len(STRONG.findall(string)) != len(STRONG.findall(english)):
            yield Problem(_place(catalog, entry), "translation/markup",
                          f"{len(STRONG.findall(english))} **strong** runs in English, {len(STRONG.findall(string))} here",
                          "mark the words that carry the same stress")  # fmt: skip


def numbers(material: Material) -> Iterator[Problem]:
    """A translation has the same numbers as its English, in any digits and with either decimal separator."""
    for catalog, entry, english, string in _translated(material):
        wanted, found = numbers_in(english), numbers_in(string)
        if wanted != found:
            lost = ", ".join(sorted((wanted - found).elements()))
            extra = ", ".join(sorted((found - wanted).elements()))
            said = "; ".join(part for part in (lost and f"not here: {lost}", extra and f"not in the English: {extra}") if part)
            yield Problem(_place(catalog, entry), "translation/numbers", f"the numbers differ ({said})",
                          "a wrong number harms: compare digit by digit, and write every number in digits")  # fmt: skip


def numbers_in(text: str) -> Counter[str]:
    """The numbers of a text as a multiset, written with ASCII digits and a decimal point."""
    bare = _MONTH.sub(" ", PLACEHOLDER.sub(" ", text))
    ascii_digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in bare)
    return Counter(_canonical(found) for found in _NUMBER.findall(ascii_digits))


def _canonical(number: str) -> str:
    if _THOUSANDS.fullmatch(number):
        return re.sub(r"\D", "", number)
    return re.sub(r"\D", ".", number)
