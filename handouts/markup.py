"""A localised handout, its language and edition, and the templates, to HTML text.

Templates never translate content, only their own words.
"""

import datetime
import re
from collections.abc import Mapping
from pathlib import Path

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal
from babel.units import format_unit
from jinja2 import TemplateRuntimeError
from jinja2.exceptions import SecurityError
from markupsafe import Markup, escape

from handouts import bilingual, colours, direction, figures, qr, templating
from handouts.direction import dialled, isolated, unbroken
from handouts.fields import STYLE as FIELDS
from handouts.fields import Field, Kind
from handouts.model import Clinic, Edition, Language
from handouts.page import NOTICE, Leaf, Page
from handouts.values import PLACEHOLDER, PLACEHOLDERS, STRONG

SETTINGS = "settings.css.j2"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIRRORED = frozenset({"list"})
"""Pictograms that have a reading side."""
PHONES = frozenset({"phone", "after_hours_phone", "emergency_number", "crisis_line"})
"""Placeholders that are called at a touch where a phone is in hand."""
FORMATTED = frozenset({"count", "of", "rest", "low", "high"})

# WeasyPrint 70 breaks a line after its first word when only the space before an inline box or a
# <br> does not fit any more. So that space goes into the box, or away.
_STRONG_SPACED = re.compile(r"( ?)" + STRONG.pattern, re.DOTALL)
_COMMENT = re.compile(r"\s*/\*.*?\*/\s*", re.DOTALL)
_LAST_WORD = re.compile(r"(?<=\S) ([^ ]{1,12})$")
_SPACE_BEFORE_BREAK = re.compile(r"\s+<br>")


def html(page: Page, templates: Path) -> str:
    """The whole document as HTML text, a web edition with its styles in it; raises `HandoutsError` for a template's mistake."""
    text = _document(page, templates)
    if page.beside:
        sides = ((_document(page.beside, templates), page.beside.language), (text, page.language))
        return bilingual.beside(*(bilingual.Side(html, language.code, language.direction) for html, language in sides))
    return text


def _document(page: Page, templates: Path) -> str:
    """One language's HTML of a document."""
    with templating.mistakes_told(templates):
        text = templating.environment(templates).get_template(page.template).render(_Context(page, templates).names())
    return _SPACE_BEFORE_BREAK.sub("<br>", text)


def tighter(templates: Path) -> str:
    """The CSS that takes air out of a page whose last sheet would be nearly empty."""
    return (templates / "tight.css").read_text(encoding="utf-8")


def styles(page: Page, templates: Path) -> tuple[str, ...]:
    """The CSS texts of a page, in the order in which they apply."""
    with templating.mistakes_told(templates):
        template = templating.environment(templates).get_template(SETTINGS)
        settings = template.render(
            clinic=page.clinic,
            language=page.language,
            others=page.others(),
            landscape=bool(page.beside),
            layout=page.layout,
            tint=colours.tint,
        )
    own = ((templates / name).read_text(encoding="utf-8") for name in page.styles)
    fields = (FIELDS,) if page.edition is Edition.FILLABLE else ()
    return (*own, settings, *fields)


def sheet(
    name: str, names: Mapping[str, object], clinic: Clinic, language: Language, templates: Path
) -> tuple[str, tuple[str, ...]]:
    """A sheet that is no handout, from the template and style of its name: HTML text, and CSS texts in order."""
    with templating.mistakes_told(templates):
        environment = templating.environment(templates)
        text = environment.get_template(f"{name}.html.j2").render(names)
        settings = environment.get_template(SETTINGS).render(
            clinic=clinic, language=language, others=(), landscape=False, layout="", tint=colours.tint
        )
    own = ((templates / style).read_text(encoding="utf-8") for style in ("page.css", f"{name}.css"))
    return text, (*own, settings)


class _Context:
    """The names a template may use."""

    def __init__(self, page: Page, templates: Path) -> None:
        self.page = page
        self.templates = templates
        self.locale = page.language.locale
        self.reference_numbers = page.numbers()
        self.values = self._placeholders()

    def names(self) -> dict[str, object]:
        """Every name, for `render`."""
        page = self.page
        return {
            "page": page,
            "handout": page.handout,
            "sections": page.sections(),
            "clinic": page.clinic,
            "language": page.language,
            "layout": page.layout,
            "leaf": page.leaf,
            "details": (page.leaf or Leaf("")).details,
            "notices": [(other.language, self.notice(other)) for other in page.leaf.others] if page.leaf else [],
            "field": self.field,
            "imprint": page.imprint,
            "topic": page.shared.topic,
            "references": [(n, page.references[key]) for key, n in self.reference_numbers.items()],
            "logo": figures.data_uri(page.logo, "image/svg+xml" if page.clinic.logo.suffix == ".svg" else "image/png"),
            "terms": page.terms,
            "text": self.text,
            "headline": self.headline,
            "plain": self.plain,
            "foreign": self.foreign,
            "native": lambda value: direction.native(value, page.right_to_left),
            "typed": direction.typed,
            "other": lambda value, language: direction.other(value, language.direction == "rtl", page.right_to_left),
            "phone": self.phone,
            "web_address": page.web_address,
            "qr_code": lambda address: figures.data_uri(qr.svg(address)),
            "middle": colours.middle,
            "style": self.style,
            "numbers": self.numbers,
            "number": self.number,
            "date": self.date,
            "hours": self.hours,
            "space": " " if page.language.word_spaces else "",
            "icon": self.icon,
            "icon_array": lambda filled, total, colour: figures.data_uri(
                figures.icon_array(filled, total, colour, page.right_to_left)
            ),
            "bar": lambda risk, colour: figures.data_uri(figures.bar(risk, colour, page.right_to_left)),
            "_": self.say,
            "n_": self.count,
            "p_": lambda context, text, **values: self.say(text, context, **values),
        }

    def field(self, name: str, kind: str, label: Markup) -> Markup:
        """A box to fill in, and what is read aloud at it."""
        return Field(name, Kind(kind), label.striptags(), right_to_left=self.page.right_to_left).html()

    def phone(self, value: str) -> Markup:
        """A phone number that no line break cuts in two; on the web one that is called at a touch."""
        shown = self.foreign(unbroken(value))
        if self.page.edition is not Edition.WEB:
            return shown
        return Markup('<a class="tel" href="tel:{}">{}</a>').format(dialled(value), shown)

    def style(self) -> Markup:
        """All styles of the page, for a file that stands alone; comments are for whoever edits templates."""
        text = _COMMENT.sub("\n", "\n".join(styles(self.page, self.templates)))
        return Markup(text.strip())  # noqa: S704  # the project's own style sheets

    def notice(self, other: Page) -> Markup:
        """The notice of language assistance in another language."""
        text = templating.environment(self.templates).get_template(NOTICE).render(_Context(other, self.templates).names())
        return Markup(text.strip())  # noqa: S704  # a rendered template

    def say(self, text: str, context: str | None = None, /, **values: object) -> Markup:
        """The templates' own words in the page's language, placeholders filled."""
        return self._filled(self.page.wording.say(text, context), values)

    def count(self, one: str, many: str, number: int, /, **values: object) -> Markup:
        """The same for words that go with a number."""
        return self._filled(self.page.wording.count(one, many, number), values)

    def text(self, value: str) -> Markup:
        """Content as HTML: escaped, **strong** marked, placeholders filled, foreign runs isolated."""
        return self._filled(value, {})

    def headline(self, value: str) -> Markup:
        """Content as the words of a heading: a short last word does not stand alone on a line."""
        return self.text(_LAST_WORD.sub("\u00a0\\1", value))

    def plain(self, value: str) -> str:
        """Content as plain text, for attributes and the document's title."""
        return PLACEHOLDER.sub(lambda m: str(self.values[m[1]]), STRONG.sub(r"\1", value))

    def _filled(self, value: str, extra: Mapping[str, object]) -> Markup:
        parts = []
        end = 0
        for match in PLACEHOLDER.finditer(value):
            parts.append(isolated(value[end : match.start()], self.page.right_to_left))
            parts.append(self._value(match[1], extra))
            end = match.end()
        parts.append(isolated(value[end:], self.page.right_to_left))
        return Markup(_STRONG_SPACED.sub(r"<strong>\1\2</strong>", "".join(parts)))  # noqa: S704  # every part was escaped

    def _value(self, name: str, extra: Mapping[str, object]) -> str:
        if name not in extra and name not in self.values:
            raise TemplateRuntimeError(f"{{{name}}} has no value")
        if name in PHONES and name not in extra and self.page.edition is Edition.WEB:
            return str(self.phone(getattr(self.page.clinic, PLACEHOLDERS[name])))
        value = extra[name] if name in extra else self.values[name]
        if isinstance(value, Markup):
            return str(value)
        if name in FORMATTED and isinstance(value, int):
            return self.number(value)
        return str(self.foreign(str(value))) if name in self.values else str(escape(value))

    def foreign(self, value: str) -> Markup:
        """A phone, a name or a date that keeps its own direction on a right-to-left page."""
        return direction.foreign(value, self.page.right_to_left)

    def number(self, value: int) -> str:
        """A whole number in the digits of the language's policy."""
        return str(format_decimal(value, locale=self.locale, numbering_system=self.page.language.digits))

    def date(self, value: datetime.date) -> Markup:
        """A date as the language writes it in full."""
        return self.foreign(format_date(value, format="long", locale=self.locale))

    def hours(self) -> list[dict[str, Markup]]:
        """Opening hours: first and last day by name, and times of the 24-hour clock."""
        names = get_day_names("wide", locale=self.locale)
        return [
            {
                "first": escape(names[DAYS.index(row.first)]),
                "last": escape(names[DAYS.index(row.last)]),
                "opens": self.foreign(f"{row.opens:%H:%M}"),
                "closes": self.foreign(f"{row.closes:%H:%M}"),
            }
            for row in self.page.clinic.hours
        ]

    def numbers(self, keys: tuple[str, ...]) -> str:
        """The reference numbers of some keys, in order: "2, 5"."""
        return ", ".join(str(n) for n in sorted({self.reference_numbers[key] for key in keys}))

    def icon(self, name: str, colour: str) -> str:
        """A pictogram of templates/icons/ in a colour, as a data URI."""
        if not re.fullmatch(r"[a-z][a-z-]*", name):
            raise SecurityError(f'"{name}" is not the name of a pictogram')
        path = self.templates / "icons" / f"{name}.svg"
        if not path.is_file():
            raise TemplateRuntimeError(f'there is no pictogram "{name}" in templates/icons/')
        svg = path.read_text(encoding="utf-8")
        if name in MIRRORED and self.page.right_to_left:
            svg = re.sub(
                r"(<svg[^>]*>)(.*)</svg>", r'\1<g transform="translate(24 0) scale(-1 1)">\2</g></svg>', svg, flags=re.DOTALL
            )
        return figures.data_uri(svg.replace("currentColor", colour))

    def _placeholders(self) -> dict[str, str]:
        clinic = self.page.clinic

        def hours(count: int) -> str:
            spelled = format_unit(count, "duration-hour", "long", locale=self.locale)
            # Where CLDR has no long form (Chinese), Babel gives the unit's name back.
            short = format_unit(count, "duration-hour", "short", locale=self.locale)
            return (spelled if "duration" not in spelled else short).replace(" ", "\u00a0")  # a number stays with its unit

        return {
            "clinic": clinic.name,
            "phone": unbroken(clinic.phone),
            "after_hours_phone": unbroken(clinic.after_hours_phone),
            "emergency_number": unbroken(clinic.emergency_number),
            "crisis_line": unbroken(clinic.crisis_line),
            "food_fasting": hours(clinic.food_fasting_hours),
            "drink_fasting": hours(clinic.drink_fasting_hours),
            "observation": hours(clinic.observation_hours),
        }
