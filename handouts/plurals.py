"""Plural forms: which form of a message goes with a number, held against CLDR.

Babel's own table of gettext expressions disagrees with CLDR for some languages (Persian, Hindi,
Hebrew), so the expression is chosen among those in use by what CLDR says.
"""

import gettext
from collections.abc import Callable
from functools import cache

from babel import Locale
from babel.messages.plurals import get_plural

EXPRESSIONS = (
    "0",
    "(n != 1)",
    "(n > 1)",
    "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)",
    "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)",
    "(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2)",
    "(n==1 ? 0 : n==2 ? 1 : 2)",
    "(n!=1 && n!=2 && n!=3 && (n%10==4 || n%10==6 || n%10==9))",
    "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5",
)
"""Expressions as GNU gettext and the PO editors number the forms, the simplest first."""

HIGHEST = 1000
"""Numbers up to this one are compared; larger ones do not stand on a handout."""


@cache
def form(expression: str) -> Callable[[int], int]:
    """The function from a number to the index of its form; raises `ValueError` for what is no expression."""
    return gettext.c2py(expression)


@cache
def _categories(locale: str) -> tuple[str, ...]:
    """The CLDR plural category of each number."""
    return tuple(map(Locale.parse(locale).plural_form, range(HIGHEST + 1)))


@cache
def _forms(expression: str) -> tuple[int, ...]:
    """The form that an expression gives each number; raises what the expression does."""
    return tuple(map(form(expression), range(HIGHEST + 1)))


@cache
def follows(locale: str, count: int, expression: str) -> bool:
    """Whether each CLDR plural category of whole numbers has a form of its own in the expression."""
    try:
        pairs = set(zip(_categories(locale), _forms(expression), strict=True))
    except (ValueError, RecursionError, ZeroDivisionError, OverflowError):
        return False
    forms = {index for _, index in pairs}
    return len(pairs) == len({name for name, _ in pairs}) == len(forms) == count and forms == set(range(count))


@cache
def rule(locale: str) -> tuple[int, str]:
    """How many forms a language has, and the expression that chooses among them."""
    count = len(set(_categories(locale)))
    candidates = (*EXPRESSIONS, get_plural(locale).plural_expr)
    return count, next(expression for expression in candidates if follows(locale, count, expression))
