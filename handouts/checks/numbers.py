"""Rules about what harms at once when it is wrong: numbers, doses, addresses."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from babel.units import format_unit

from handouts.material import Material
from handouts.pairs import difference, pairs
from handouts.problems import Problem
from handouts.values import PLACEHOLDER

UNITS = ("mass-microgram", "mass-milligram", "mass-gram", "mass-kilogram", "volume-milliliter", "volume-liter")
"""CLDR units of doses; their names in a language come from CLDR."""
SYMBOLS = {
    "mcg": "mass-microgram", "µg": "mass-microgram", "μg": "mass-microgram", "microg": "mass-microgram",
    "mikrog": "mass-microgram", "микрог": "mass-microgram", "mg": "mass-milligram", "milig": "mass-milligram",
    "millig": "mass-milligram", "миллиг": "mass-milligram", "мг": "mass-milligram", "мкг": "mass-microgram",
    "kg": "mass-kilogram", "ml": "volume-milliliter",
}  # fmt: skip
"""Names of units that are in use beside those of CLDR, or their beginnings."""

_NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c\u00a0\u202f]\d+)*")
_MONTH = re.compile(r"\d{1,2}[月월]|tháng \d{1,2}")
"""A month by its number, as Chinese, Japanese, Korean and Vietnamese name months."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\u066c\u00a0\u202f]\d{3})+")
_ADDRESS = re.compile(r"https?://[^\s)\]]+|www\.[^\s)\]]+|[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d ()-]{7,}\d")


def multiset(material: Material) -> Iterator[Problem]:
    """A translation has the same numbers as its English, in any digits and with either decimal separator.

    A lost zero is a dose ten times as large. The order of the numbers is free, and months that a language names by
    number ("tháng 3") do not count; numbers spelled as words are not seen, so they are to be written in digits.
    """
    for pair in pairs(material):
        wanted, found = numbers_in(pair.english), numbers_in(pair.string)
        if wanted != found:
            yield from pair.problem(
                "numbers/multiset",
                f"the numbers differ ({difference(wanted, found)})",
                "a wrong number harms: compare digit by digit, and write every number in digits",
            )


def doses(material: Material) -> Iterator[Problem]:
    """A number of milligrams stays one of milligrams: each amount has the same unit as in the English.

    Microgram, milligram and gram are a thousand times apart. The names of units in a language come from CLDR; units
    other than those of mass and volume are let be.
    """
    for pair in pairs(material):
        wanted, found = doses_in(pair.english, "en"), doses_in(pair.string, pair.language.locale)
        if wanted != found:
            yield from pair.problem(
                "numbers/doses",
                f"the doses differ ({difference(wanted, found)})",
                "a wrong unit harms: compare each with the English; milligram, microgram and gram are a thousand times apart",
            )


def addresses(material: Material) -> Iterator[Problem]:
    """Phone numbers, web and mail addresses are those of the English, to the letter.

    A wrong digit reaches nobody, or somebody else. Numbers in placeholders come from the clinic's file and cannot differ.
    """
    for pair in pairs(material):
        wanted, found = Counter(_ADDRESS.findall(pair.english)), Counter(_ADDRESS.findall(pair.string))
        if wanted != found:
            yield from pair.problem(
                "numbers/addresses",
                f"phone numbers or addresses differ ({difference(wanted, found)})",
                "copy them from the English",
            )


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def numbers_in(text: str) -> Counter[str]:
    """The numbers of a text as a multiset, written with ASCII digits and a decimal point."""
    bare = _MONTH.sub(" ", _ascii_digits(PLACEHOLDER.sub(" ", text)))
    return Counter(_canonical(found) for found in _NUMBER.findall(bare))


def _canonical(number: str) -> str:
    if _THOUSANDS.fullmatch(number):
        return re.sub(r"\D", "", number)
    return re.sub(r"\D", ".", number)


def doses_in(text: str, locale: str) -> Counter[str]:
    """The amounts of a text that have a unit of mass or volume, as "80 milligram"."""
    found: Counter[str] = Counter()
    names, pattern = _unit_names(locale)
    for match in pattern.finditer(_ascii_digits(PLACEHOLDER.sub(" ", text))):
        unit = next(names[name] for name in sorted(names, key=len, reverse=True) if match[2].lower().startswith(name))
        found[f"{_canonical(match[1])} {unit.partition('-')[2]}"] += 1
    return found


@functools.cache
def _unit_names(locale: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """The beginnings of the units' names in a language, longest first, and a pattern of an amount."""
    names = dict(SYMBOLS)
    for unit in UNITS:
        for length in ("long", "short", "narrow"):
            for sample in (1, 2, 3, 11, 100):  # one number of each plural category
                spelled = format_unit(sample, unit, length, locale=locale)
                spaced = re.sub(r"[\d\u200f]", "", _ascii_digits(spelled)).strip().lower()
                for name in (spaced, re.sub(r"\s", "", spaced)):
                    if len(name) > 1 and not name.startswith(("mass", "volume")):
                        names.setdefault(name[: max(4, len(name) - 2)], unit)
    words = sorted(names, key=len, reverse=True)
    alternatives = "|".join(re.escape(word) for word in words)
    return names, re.compile(rf"({_NUMBER.pattern})[\s\u00a0\u202f]*((?:{alternatives})\w*)", re.IGNORECASE)
