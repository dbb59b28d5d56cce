"""A language's specimen: one sheet of real text in it, set as handouts are, to judge a language before it is added.

Nothing is taken from catalogs: the text is the language's `specimen.txt`, names and numbers come from
CLDR, the phone and opening hours from the clinic. English is only the language's name.
"""

import calendar
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from handouts import figures, fonts, markup
from handouts.direction import ISOLATED
from handouts.model import Clinic, Language
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project
from handouts.values import STRONG

DAY = datetime.date(2027, 2, 16)
"""The date that is printed; its month has four weeks where weeks begin on Monday."""
PICTOGRAMS = ("phone", "clock", "pill", "chart")
LONGEST_NAME = 8
"""Characters of a day's name that a column of the calendar holds."""


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or an item of a list."""

    kind: str
    text: str


def path(language: Language) -> PurePosixPath:
    """Where the text of a language's specimen is, in the project folder."""
    return PurePosixPath("locales", language.code, "specimen.txt")


def chosen(code: str, languages: Mapping[str, Language]) -> Language:
    """The language of a code; raises `HandoutsError` when no facts of it are registered."""
    if code in languages:
        return languages[code]
    raise HandoutsError(
        Problem(Place("--language"), "specimen/language", f'"{code}" is not a known language',
                f"use one of: {', '.join(sorted(languages))}; or write locales/{code}/language.yaml first")
    )  # fmt: skip


def text(language: Language, project: Project) -> tuple[Block, ...]:
    """The language's text; raises `HandoutsError` when there is none or a font lacks a character."""
    place = Place(str(path(language)))
    if not (project.folder / path(language)).is_file():
        raise HandoutsError(
            Problem(place, "specimen/text", f"there is no text in {language.name} to set",
                    f'write a short text into {path(language)}: "# " before its title, "## " before headings, '
                    '"- " before list items, blank lines between; see locales/SPECIMEN.md')
        )  # fmt: skip
    try:
        found = blocks(project.read(path(language)).decode())
    except UnicodeDecodeError:
        raise HandoutsError(Problem(place, "specimen/text", "the text is not UTF-8", "save the file as UTF-8")) from None
    if not found:
        raise HandoutsError(Problem(place, "specimen/text", "the file holds no text", "see locales/SPECIMEN.md"))
    lacking = fonts.missing("".join(block.text for block in found), language.fonts, project.templates)
    if lacking:
        raise HandoutsError(
            Problem(place, "specimen/fonts", f"no font of {', '.join(language.fonts)} draws {' '.join(lacking)}",
                    f"name a font that does in locales/{language.code}/language.yaml")
        )  # fmt: skip
    return found


def blocks(written: str) -> tuple[Block, ...]:
    """A plain text as blocks: "# " title, "## " heading, "- " item, else a paragraph; blank lines between."""
    kinds = {"# ": "title", "## ": "heading", "- ": "item"}
    found = []
    for part in re.split(r"\n\s*\n", written.strip()):
        words = " ".join(part.split("\n")).strip()
        mark = next((m for m in kinds if words.startswith(m)), "")
        if words:
            found.append(Block(kinds.get(mark, "paragraph"), words.removeprefix(mark)))
    return tuple(found)


def sheet(language: Language, clinic: Clinic, project: Project) -> tuple[str, tuple[str, ...]]:
    """The specimen as HTML text and the CSS texts that style it."""
    found = text(language, project)
    names = {
        "language": language,
        "title": next((block.text for block in found if block.kind == "title"), language.autonym),
        "blocks": [(block.kind, _strong(block.text)) for block in found if block.kind != "title"],
        "left_to_right": lambda value: _left_to_right(value, language),
        "pictograms": {name: _pictogram(name, clinic.brand_colour, project) for name in PICTOGRAMS},
        **_calendar(language, clinic),
        **_numbers(language, clinic),
    }
    return markup.sheet("specimen", names, clinic, language, project.templates)


def _strong(words: str) -> Markup:
    return Markup(STRONG.sub(r"<strong>\1</strong>", str(escape(words))))  # noqa: S704  # the words were escaped


def _left_to_right(value: str, language: Language) -> str:
    """Digits and Latin letters that keep their order on a right-to-left page."""
    return ISOLATED.format(value) if language.direction == "rtl" else value


def _pictogram(name: str, colour: str, project: Project) -> str:
    svg = project.read(PurePosixPath("templates", "icons", f"{name}.svg")).decode()
    return figures.data_uri(svg.replace("currentColor", colour))


def _calendar(language: Language, clinic: Clinic) -> dict[str, object]:
    """A month by weeks, the days' names, a date in full and the opening hours; empty where CLDR has none of its own."""
    locale = Locale.parse(language.locale)
    if borrowed(language):
        return {"weekdays": [], "weeks": [], "marked": DAY.day, "days": [], "date": "", "hours": []}
    first = Locale("en", clinic.region).first_week_day
    order = [(first + i) % 7 for i in range(7)]
    short, wide = (get_day_names(width, locale=locale) for width in ("abbreviated", "wide"))
    if max(map(len, short.values())) > LONGEST_NAME:
        short = get_day_names("short", locale=locale)
    number = {day: i for i, day in enumerate(markup.DAYS)}
    return {
        "weekdays": [short[i] for i in order],
        "weeks": calendar.Calendar(first).monthdayscalendar(DAY.year, DAY.month),
        "marked": DAY.day,
        "days": [wide[i] for i in order],
        "date": format_date(DAY, format="full", locale=locale),
        "hours": [
            (wide[number[row.first]], wide[number[row.last]], f"{row.opens:%H:%M}\u2013{row.closes:%H:%M}")
            for row in clinic.hours
        ],
    }


def borrowed(language: Language) -> bool:
    """Whether CLDR takes what it lacks in the language from another one, as French for Haitian Creole."""
    parent = get_global("parent_exceptions").get(language.locale, language.locale)
    return bool(parent.split("_")[0] not in ("root", language.locale.split("_")[0]))


def _numbers(language: Language, clinic: Clinic) -> dict[str, object]:
    """A phone, a range of doses and numbers in the language's format and digits."""

    def written(value: float) -> str:
        return str(format_decimal(value, locale=language.locale, numbering_system=language.digits))

    share = str(format_percent(0.25, locale=language.locale, numbering_system=language.digits))
    return {
        "phone": clinic.phone.replace(" ", "\u00a0").replace("-", "\u2011"),
        "dose": f"{written(0.1)}\u2013{written(0.5)}\u00a0mg/kg",
        "number": written(12345.6),
        "share": share,
    }
