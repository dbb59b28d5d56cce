"""Every registered language: its facts agree with CLDR, and its fonts can draw it."""

from functools import cache

import pytest
from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.units import format_unit

from handouts import fonts, plurals
from handouts.checks.script import NAMES
from handouts.model import Language
from tests.shipped import ROOT, shipped

LANGUAGES = sorted(shipped().library.languages)


@cache
def facts(code: str) -> Language:
    """The facts of a language."""
    return shipped().library.languages[code]


def test_many_scripts_are_registered() -> None:
    """At least thirty languages are registered, across all the scripts that the checks know."""
    assert len(LANGUAGES) >= 30
    assert {facts(code).script for code in LANGUAGES} >= NAMES.keys() - {"Jpan"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_fonts_can_draw_the_language(code: str) -> None:
    """The stack draws the language's name for itself, CLDR's names of days and months, and digits, regular and bold."""
    language = facts(code)
    locale = Locale.parse(language.locale)
    names = [*get_day_names("wide", locale=locale).values(), *get_month_names("wide", locale=locale).values()]
    text = "".join(
        [
            language.autonym,
            language.name,
            *language.quotes,
            *map(str, names),
            "0123456789 ()[].,:;?!+-%",
            locale.get_display_name() or "",
        ]
    )
    assert fonts.missing(text, language.fonts, ROOT / "templates") == ()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_direction_is_cldr_s(code: str) -> None:
    """A language is read in the direction CLDR gives."""
    assert facts(code).direction == Locale.parse(facts(code).locale).text_direction


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_plural_rule_follows_cldr(code: str) -> None:
    """Each language has a rule with one form for each CLDR category of whole numbers."""
    locale = facts(code).locale
    count, expression = plurals.rule(locale)
    assert plurals.follows(locale, count, expression)
    assert {plurals.form(expression)(n) for n in range(1001)} == set(range(count))


@pytest.mark.parametrize("code", LANGUAGES)
def test_hours_are_spelled(code: str) -> None:
    """A time of several hours is spelled in the language, in some length that CLDR has."""
    spelled = [format_unit(6, "duration-hour", length, locale=facts(code).locale) for length in ("long", "short")]
    assert any("duration" not in text for text in spelled)


@pytest.mark.parametrize("code", LANGUAGES)
def test_one_digit_policy(code: str) -> None:
    """Every language prints Western digits, as phone numbers and medicine labels do: no page mixes digit sets."""
    assert facts(code).digits == "latn"


@pytest.mark.parametrize("code", LANGUAGES)
def test_quotation_marks(code: str) -> None:
    """Every language names its quotation marks, opening and closing first, and none of them is straight."""
    marks = facts(code).quotes
    assert len(marks) >= 2
    assert set("".join(marks)) <= set("“”„«»‹›「」『』〝〞")
    assert all(len(mark) == 1 for mark in marks)
