"""Text that keeps its own direction, or that no line break cuts: names, phones, doses, dates, what a person typed.

Isolates are characters (Unicode bidirectional algorithm, UAX 9): WeasyPrint does not know `unicode-bidi`.
"""

import re

from markupsafe import Markup, escape

ISOLATED = "\u2066{}\u2069"
"""Left-to-right isolate."""

EMBEDDED = "\u2067{}\u2069"
"""Right-to-left isolate: the page's own language among foreign words."""

TYPED = "\u2068{}\u2069"
"""First strong isolate: what a person typed runs as its own first letter does, and turns nothing around it."""

_OVERRIDDEN_OR_ESCAPED = r"\u202e[^\u202c]*\u202c|&\w+;"
"""Words whose direction is already said (pseudo-languages), and escaped signs: no isolate may stand inside them."""
_FOREIGN = re.compile(
    _OVERRIDDEN_OR_ESCAPED
    + r"|[A-Za-z0-9+]+(?:[.,:/@+–-]+[A-Za-z0-9]+)*(?:[ \u00a0\u202f][A-Za-z0-9]+(?:[.,:/@+–-]+[A-Za-z0-9]+)*)*"
)


def foreign(value: str, right_to_left: bool) -> Markup:
    """A phone, a name or a date that keeps its own direction on a right-to-left page."""
    if right_to_left and re.search(r"[^\W_]", value) and not re.search(r"[\u0590-\u08ff]", value):
        return Markup(ISOLATED).format(value)  # noqa: S704  # a constant; format escapes the value
    return escape(value)


def other(value: str, right_to_left: bool, around: bool) -> Markup:
    """A title in another language, its last sign at its own end; `around` is whether the page runs from right to left."""
    shape = "{}" if right_to_left == around else EMBEDDED if right_to_left else ISOLATED
    return Markup(shape).format(value)  # noqa: S704  # a constant; format escapes the value


def native(value: Markup, right_to_left: bool) -> Markup:
    """Words of the page's language that stand in text that runs from left to right."""
    return Markup(EMBEDDED).format(value) if right_to_left else value  # noqa: S704  # a constant


def typed(value: str) -> Markup:
    """What a person typed."""
    return Markup(TYPED).format(value)  # noqa: S704  # a constant; format escapes the value


def isolated(value: str, right_to_left: bool) -> str:
    """Text, escaped, with Latin words, doses and phones isolated where the page runs from right to left."""
    safe = str(escape(value))
    if not right_to_left:
        return safe
    return _FOREIGN.sub(lambda m: m[0] if m[0].isdigit() or m[0][0] in "\u202e&" else ISOLATED.format(m[0]), safe)


def unbroken(phone: str) -> str:
    """A phone number that no line break cuts in two."""
    return phone.replace(" ", "\u00a0").replace("-", "\u2011")


def dialled(phone: str) -> str:
    """What a phone dials: digits, and the + of a country code, behind which no (0) is dialled."""
    return re.sub(r"[^0-9+]", "", re.sub(r"^(\+[0-9 ]+)\(0\)", r"\1", phone))
