"""The kinds of section a handout is made of, and what they hold: risks, options, effects, steps."""

import enum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from handouts.values import Key, Keys, Optionals, Slug, Text, Texts, Value


class Certainty(enum.StrEnum):
    """How sure the source is of a number (GRADE's four levels, and not rated)."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"
    UNKNOWN = "unknown"


Basis = Literal["practice", "none-found"]
"""What words stand on that name no source: advice from good practice, or a gap in which no study was found.

It is said in the content for those who check it, and is not printed.
"""


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
    basis: Basis | None = None


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
    basis: Basis | None = None


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
    basis: Basis | None = None


class Body(_Section):
    """A section that may open with paragraphs."""

    intro: Optionals = ()


class KeyMessage(_Section):
    """The panel at the top: at most three points."""

    kind: Literal["key-message"]
    points: Annotated[tuple[Text, ...], Field(min_length=1, max_length=3)]


class TextSection(Body):
    """Paragraphs, then a list, then paragraphs: each part may be left out."""

    kind: Literal["text"]
    title: Text
    paragraphs: Optionals = ()
    points: Optionals = ()
    closing: Optionals = ()


class Numbers(Body):
    """Risks as icon arrays, treatment and comparison side by side."""

    kind: Literal["numbers"]
    title: Text
    risks: Annotated[tuple[NamedRisk, ...], Field(min_length=1)]
    closing: Optionals = ()


class Options(Body):
    """Options compared row by row."""

    kind: Literal["options"]
    title: Text
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=8)]
    closing: Optionals = ()


class Effects(Body):
    """A table of side effects."""

    kind: Literal["effects"]
    title: Text
    effects: Annotated[tuple[Effect, ...], Field(min_length=1)]
    closing: Optionals = ()


class Steps(Body):
    """Numbered steps or a timeline."""

    kind: Literal["steps"]
    title: Text
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    closing: Optionals = ()


class Checklist(Body):
    """Boxes to tick, and empty ones for the reader's own."""

    kind: Literal["checklist"]
    title: Text
    items: Texts
    blanks: int = Field(default=0, ge=0, le=6)
    closing: Optionals = ()


class Questions(Body):
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


class Glossary(Body):
    """Hard words of this handout, by their ids in content/shared.yaml."""

    kind: Literal["glossary"]
    terms: Annotated[tuple[Slug, ...], Field(min_length=1)]
    closing: Optionals = ()


class NotKnown(Body):
    """What nobody knows yet."""

    kind: Literal["not-known"]
    points: Texts
    closing: Optionals = ()


class NextSteps(Body):
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
