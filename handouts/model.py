"""Every noun of the project as a frozen value: clinic, language, handout, section, risk, reference.

These types are the gate through which YAML enters: unknown keys, missing keys and wrong types
are refused here. A field of type `Text` is what translators translate; nothing else is.
Reading files is `content`'s work, translating is `translations`'.
"""

import datetime
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)


class Text(str):
    """English text that is translated: plain words, `**strong**` and `{placeholders}`, nothing else."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls._checked, core_schema.str_schema())

    @classmethod
    def _checked(cls, value: str) -> Self:
        fault = text_fault(value)
        if fault:
            raise PydanticCustomError("text", "{fault}", {"fault": fault})
        return cls(value)


def text_fault(value: str) -> str:
    """What is wrong with the inline markup of a text, in words; empty when nothing is."""
    if not value.strip():
        return "the text is empty"
    if value != value.strip():
        return "the text begins or ends with white space"
    if any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in value):
        return "the text holds a control character or a line break"
    if re.search(r"</?[A-Za-z!?]|&(#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);", value):
        return "HTML is not allowed in a text: only **strong** and {placeholders}"
    if "**" in STRONG.sub("", value):
        return "a ** has no partner: **strong** words stand between two pairs of stars"
    bare = PLACEHOLDER.sub("", value)
    if "{" in bare or "}" in bare:
        return "a curly bracket has no partner: {placeholders} stand between one pair of brackets"
    bad = next((name for name in PLACEHOLDER.findall(value) if not re.fullmatch(r"[a-z][a-z_]*", name)), None)
    return f"{{{bad}}} is not the name of a placeholder" if bad is not None else ""


class Value(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _shaped(pattern: str, error: str) -> BeforeValidator:
    """Lets through only strings of a form: pydantic alone also takes 20240115 and 900 for seconds since midnight or 1970."""

    def checked(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise PydanticCustomError(error, "wrong form")
        return value

    return BeforeValidator(checked)


Date = Annotated[datetime.date, _shaped(r"\d{4}-\d{2}-\d{2}", "date_parsing")]
Time = Annotated[datetime.time, _shaped(r"\d{2}:\d{2}", "time_parsing")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+$", max_length=20)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f<>]+$")]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]
Optionals = tuple[Text, ...]
Keys = tuple[Key, ...]


class Certainty(enum.StrEnum):
    """How sure the source is of a number (GRADE's four levels, and not rated)."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"
    UNKNOWN = "unknown"


class Risk(Value):
    """One frequency, from which every wording, table cell and icon array is made.

    `count` of `of` people have it. With `measure: more`, `count` is instead how many *more* of
    `of` people have it than in the group compared with (a risk difference), `low` and `high`
    its range. `compared` is the count, of the same `of`, in the group compared with.
    """

    count: int = Field(ge=0)
    of: int = Field(default=100, ge=1, le=1000)
    measure: Literal["people", "more"] = "people"
    group: Text
    compared: int | None = Field(default=None, ge=0)
    versus: Text | None = None
    low: int | None = Field(default=None, ge=0)
    high: int | None = Field(default=None, ge=0)
    period: Text
    certainty: Certainty
    source: Key

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        counts = [n for n in (self.count, self.compared, self.low, self.high) if n is not None]
        if any(n > self.of for n in counts):
            raise PydanticCustomError("risk", "a count is larger than the number of people it is out of")
        if self.measure == "people" and (self.compared is None) != (self.versus is None):
            raise PydanticCustomError("risk", "compared and versus go together: how many, and in which group")
        if self.measure == "more" and (self.compared is not None or self.versus is None):
            raise PydanticCustomError("risk", "measure: more needs versus (the other group) and takes no compared")
        if (self.low is None) != (self.high is None):
            raise PydanticCustomError("risk", "low and high go together")
        if self.low is not None and self.high is not None and not self.low <= self.count <= self.high:
            raise PydanticCustomError("risk", "count must lie between low and high")
        return self

    @property
    def rest(self) -> int:
        """How many of `of` people do *not* have it: the other framing of the same number."""
        return self.of - self.count


class NamedRisk(Risk):
    """A risk that stands alone, with the words for what is counted."""

    outcome: Text


class Option(Value):
    """One way to go, told in the same five rows as every other."""

    id: Slug
    name: Text
    icon: Slug | None = None
    involves: Texts
    benefits: Texts
    harms: Texts
    duration: Texts
    unknown: Texts
    sources: Keys = ()


class Effect(Value):
    """A side effect: what it is, how often (a risk, or not known), what to do, when to call."""

    id: Slug
    name: Text
    risk: Risk | None = None
    note: Text | None = None
    action: Text
    call: Text
    emergency: bool = False
    sources: Keys = ()


class Step(Value):
    """One step of a sequence, in time or in order."""

    title: Text
    when: Text | None = None
    paragraphs: Optionals = ()
    points: Optionals = ()


class _Section(Value):
    id: Slug
    title: Text | None = None
    icon: Slug | None = None
    regions: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = ()
    sources: Keys = ()


class _Body(_Section):
    intro: Optionals = ()


class KeyMessage(_Section):
    """The panel at the top: at most three points."""

    kind: Literal["key-message"]
    points: Annotated[tuple[Text, ...], Field(min_length=1, max_length=3)]


class TextSection(_Body):
    """Paragraphs, then a list, then paragraphs: each part may be left out."""

    kind: Literal["text"]
    title: Text
    paragraphs: Optionals = ()
    points: Optionals = ()
    closing: Optionals = ()


class Numbers(_Body):
    """Risks as icon arrays, treatment and comparison side by side."""

    kind: Literal["numbers"]
    title: Text
    risks: Annotated[tuple[NamedRisk, ...], Field(min_length=1)]
    closing: Optionals = ()


class Options(_Body):
    """Options compared row by row."""

    kind: Literal["options"]
    title: Text
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=8)]
    closing: Optionals = ()


class Effects(_Body):
    """A table of side effects."""

    kind: Literal["effects"]
    title: Text
    effects: Annotated[tuple[Effect, ...], Field(min_length=1)]
    closing: Optionals = ()


class Steps(_Body):
    """Numbered steps or a timeline."""

    kind: Literal["steps"]
    title: Text
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    closing: Optionals = ()


class Checklist(_Body):
    """Boxes to tick, and empty ones for the reader's own."""

    kind: Literal["checklist"]
    title: Text
    items: Texts
    blanks: int = Field(default=0, ge=0, le=6)
    closing: Optionals = ()


class Questions(_Body):
    """Questions to ask or to think about, each with lines to write on."""

    kind: Literal["questions"]
    title: Text
    questions: Texts
    lines: int = Field(default=1, ge=0, le=6)
    closing: Optionals = ()


class CallNow(_Section):
    """The red box: when to call the emergency number, when to call the clinic."""

    kind: Literal["call-now"]
    title: Text
    emergency: Texts
    same_day: Optionals = ()


class Glossary(_Body):
    """Hard words of this handout, by their ids in content/shared.yaml."""

    kind: Literal["glossary"]
    terms: Annotated[tuple[Slug, ...], Field(min_length=1)]
    closing: Optionals = ()


class NotKnown(_Body):
    """What nobody knows yet."""

    kind: Literal["not-known"]
    points: Texts
    closing: Optionals = ()


class NextSteps(_Body):
    """What to do next: the last section of every handout."""

    kind: Literal["next-steps"]
    points: Texts
    closing: Optionals = ()


class Shared(Value):
    """A section that several handouts print: its words are in content/shared.yaml."""

    kind: Literal["shared"]
    id: Slug


OwnSection = (
    KeyMessage
    | TextSection
    | Numbers
    | Options
    | Effects
    | Steps
    | Checklist
    | Questions
    | CallNow
    | Glossary
    | NotKnown
    | NextSteps
)
Section = Annotated[OwnSection | Shared, Field(discriminator="kind")]


class Imprint(Value):
    """Who wrote a handout, when it is brought up to date, who paid (IPDAS certifying items)."""

    authors: Text
    updates: Text
    funding: Text


class Handout(Value):
    """One handout: what a patient holds."""

    id: Slug
    document: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}-[0-9]{2,3}$")]
    title: Text
    purpose: Text
    icon: Slug | None = None
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+$")]
    published: Date
    review: Date
    imprint: Imprint | None = None
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.review <= self.published:
            raise PydanticCustomError("dates", "the review date is not after the published date")
        return self


class Term(Value):
    """A hard word and what it means."""

    id: Slug
    term: Text
    meaning: Text


class SharedContent(Value):
    """What several handouts have in common: the topic, the imprint, sections, the glossary."""

    topic: Text
    imprint: Imprint
    sections: tuple[Annotated[OwnSection, Field(discriminator="kind")], ...] = ()
    glossary: tuple[Term, ...] = ()


class Reference(Value):
    """A source of a claim. Bibliographic words stay in the language they were published in.

    `year` is left out when the page bears no date; `note` says how the source was read and is
    for clinicians, not printed.
    """

    authors: Line
    title: Line
    source: Line
    year: int | None = Field(default=None, ge=1900, le=2100)
    kind: Literal["review", "guideline", "trial", "cohort", "survey", "label", "regulator", "law", "leaflet", "report"]
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\S+$")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=500)] | None = None
    accessed: Date
    note: Line | None = None


Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()\-]{1,24}$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class OpeningHours(Value):
    """Days and times (24-hour clock) at which the phone is answered."""

    first: Day
    last: Day
    opens: Time
    closes: Time


class Clinic(Value):
    """The clinic whose name, colours and numbers are on every page."""

    sample: bool = False
    name: Line
    department: Line | None = None
    address: Annotated[tuple[Line, ...], Field(min_length=1, max_length=5)]
    website: Line | None = None
    logo: PurePosixPath
    brand_colour: Colour
    accent_colour: Colour
    phone: Phone
    after_hours_phone: Phone
    emergency_number: Phone
    crisis_line: Phone
    hours: Annotated[tuple[OpeningHours, ...], Field(min_length=1)]
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    paper: Literal["A4", "Letter"]
    food_fasting_hours: int = Field(ge=0, le=48)
    drink_fasting_hours: int = Field(ge=0, le=48)
    observation_hours: int = Field(ge=0, le=48)
    languages: Annotated[tuple[str, ...], Field(min_length=1)]


class Language(Value):
    """The facts of one language that CLDR does not give: fonts, leading, digit policy."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
    name: Line
    autonym: Line
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")]
    script: Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")]
    direction: Literal["ltr", "rtl"]
    fonts: Annotated[tuple[Line, ...], Field(min_length=1)]
    leading: float = Field(ge=1.2, le=2.5)
    digits: Annotated[str, StringConstraints(pattern=r"^[a-z]{4}$")] = "latn"
    word_spaces: bool = True
    """Whether sentences (and words) are set apart by spaces; not so in Chinese and Japanese."""


class Edition(enum.StrEnum):
    """A layout of the same words."""

    STANDARD = "standard"
    LARGE_PRINT = "large-print"


PLACEHOLDERS = (
    "clinic",
    "phone",
    "after_hours_phone",
    "emergency_number",
    "crisis_line",
    "food_fasting",
    "drink_fasting",
    "observation",
)
"""The placeholders a text may hold; `markup` gives each its value from the clinic."""


@dataclass(frozen=True)
class Passage:
    """A translatable text of a value: its path by names (never positions), its field, the text."""

    context: str
    role: str
    text: Text
    steps: tuple[str | int, ...]


def passages(value: Value, context: str) -> Iterator[Passage]:
    """Every `Text` inside a value, in document order: the one walk over what is translated.

    A list element that has an `id` gives the path its name; one that has none gives nothing, so
    that moving, inserting or reordering elements changes no path.
    """
    yield from _walk(value, context, "", ())


def _walk(node: object, context: str, role: str, steps: tuple[str | int, ...]) -> Iterator[Passage]:
    if isinstance(node, Text):
        yield Passage(f"{context}.{role}", role, node, steps)
    elif isinstance(node, tuple):
        for index, element in enumerate(node):
            yield from _walk(element, context, role, (*steps, index))
    elif isinstance(node, Value):
        name = getattr(node, "id", None) if steps else None
        inner = ".".join(part for part in (context, role if steps else "", name) if part)
        for field in type(node).model_fields:
            yield from _walk(getattr(node, field), inner, field, (*steps, field))


def leaves(node: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every field of a value that is not itself a value or a list, with the steps that lead to it."""
    if isinstance(node, tuple):
        for index, element in enumerate(node):
            yield from leaves(element, (*steps, index))
    elif isinstance(node, Value):
        for field in type(node).model_fields:
            yield from leaves(getattr(node, field), (*steps, field))
    else:
        yield steps, node
