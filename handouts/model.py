"""Every noun of the project as a frozen value: clinic, language, handout, reference, shared content.

These types are the gate through which YAML enters: unknown keys, missing keys and wrong types
are refused here. Reading files is `content`'s work, translating is `translations`'.
"""

import enum
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, create_model, model_validator
from pydantic_core import PydanticCustomError

from handouts.forms import ConsentSection
from handouts.sections import OwnSection, Section
from handouts.values import Date, Line, Slug, Text, Time, Value


class Imprint(Value):
    """Who wrote a handout, when it is brought up to date, who paid (IPDAS certifying items)."""

    authors: Text
    updates: Text
    funding: Text


class Document(Value):
    """What every printed document has: its names, its version, its dates."""

    id: Slug
    document: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}-[0-9]{2,3}$")]
    title: Text
    purpose: Text
    icon: Slug | None = None
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+$")]
    published: Date
    review: Date
    imprint: Imprint | None = None

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.review <= self.published:
            raise PydanticCustomError("dates", "the review date is not after the published date")
        return self


class Handout(Document):
    """One handout: what a patient holds.

    A decision aid names under `profiles` the standards it is held to, and under `elements` the sections in which each
    element that they ask for stands.
    """

    profiles: tuple[Slug, ...] = ()
    elements: dict[Slug, Annotated[tuple[Slug, ...], Field(min_length=1)]] = Field(default_factory=dict)
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]


class Consent(Document):
    """A consent form: what is said, filled in and signed.

    `profiles` names the standards it is held to; `elements` says in which sections each element
    that they ask for stands.
    """

    profiles: Annotated[tuple[Slug, ...], Field(min_length=1)]
    elements: dict[Slug, Annotated[tuple[Slug, ...], Field(min_length=1)]]
    sections: Annotated[tuple[ConsentSection, ...], Field(min_length=1)]


class Group(Value):
    """Documents that staff look for together, under a title in the staff's English; printed nowhere."""

    title: Line
    documents: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Element(Value):
    """Something a document must hold: in words, the clause that asks for it, where it may stand."""

    id: Slug
    says: Line
    clause: Line
    kinds: Annotated[tuple[Slug, ...], Field(min_length=1)]
    numbers: bool = False
    """Whether it must be said in numbers."""


class Profile(Value):
    """What a law, a model form or a standard asks of a document."""

    id: Slug
    name: Line
    source: Line
    elements: Annotated[tuple[Element, ...], Field(min_length=1)]


class Term(Value):
    """A hard word and what it means."""

    id: Slug
    term: Text
    meaning: Text
    familiar: bool = False
    """Whether readers know the word, or those whom it concerns do: then a text may use it without explaining it."""


class SharedContent(Value):
    """What several handouts have in common: the topic, the imprint, sections, the glossary."""

    topic: Text
    imprint: Imprint
    sections: tuple[Annotated[OwnSection, Field(discriminator="kind")], ...] = ()
    glossary: tuple[Term, ...] = ()


class Reference(Value):
    """A source of a claim. Bibliographic words stay in the language they were published in.

    `year` is left out when the page bears no date; `note` says how the source was read, `uncited`
    why it is kept although no document cites it: both are for clinicians, not printed.
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
    uncited: Line | None = None


Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()\-]{1,24}$")]


Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


WebAddress = Annotated[
    str, StringConstraints(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%-]+)*/?$", max_length=120)
]
"""An address of a folder on the web, without what a code on paper need not carry: queries, anchors, names of users."""


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
    handouts_address: WebAddress | None = None
    """Where the output folder lies on the web: printed handouts lead there."""
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


def _may_be_left_out() -> dict[str, Any]:
    """The clinic's fields, each as strict as there, none required."""
    kinds = {name: (field.annotation, field.metadata) for name, field in Clinic.model_fields.items()}
    return {name: (Annotated[kind, *limits, Field()], None) for name, (kind, limits) in kinds.items()}


Site = create_model("Site", __base__=Value, **_may_be_left_out())
"""One clinic of a group: those of the clinic's fields that differ at it."""


def branded(clinic: Clinic, site: Value) -> Clinic:
    """The clinic as a site changes it: what the site leaves out stays."""
    return clinic.model_copy(update={name: getattr(site, name) for name in site.model_fields_set})


class Language(Value):
    """The facts of one language that Babel's copy of CLDR does not give: fonts, leading, quotation marks."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
    name: Line
    autonym: Line
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")]
    script: Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")]
    direction: Literal["ltr", "rtl"]
    fonts: Annotated[tuple[Line, ...], Field(min_length=1)]
    leading: float = Field(ge=1.2, le=2.5)
    digits: Annotated[str, StringConstraints(pattern=r"^[a-z]{4}$")] = "latn"
    quotes: Annotated[tuple[str, ...], Field(max_length=12)] = ()
    """Its quotation marks, first the opening and the closing one (CLDR 48: delimiters, exemplar characters)."""
    negation: tuple[str, ...] = ()
    """Patterns (regular expressions, any case) of words and endings that negate."""
    doubles_words: bool = False
    """Whether saying a word twice is good grammar, as in Vietnamese or Hindi."""
    zero_width_spaces: bool = False
    """Whether lines break only at spaces that writers must put in (Khmer, Lao, Burmese)."""
    word_spaces: bool = True
    """Whether sentences (and words) are set apart by spaces; not so in Chinese and Japanese."""
    longest_sentence: int = Field(default=35, ge=10, le=120)
    """Words that a sentence may have, or characters where no spaces stand between words."""


class Edition(enum.StrEnum):
    """A layout of the same words."""

    STANDARD = "standard"
    LARGE_PRINT = "large-print"
    BILINGUAL = "bilingual"
    """English and another language side by side, so that staff and patient read the same line."""
    FILLABLE = "fillable"
    """A consent form in the standard layout, with fields that are filled in on a screen."""
    WEB = "web"
    """A handout as one HTML file for a screen, a phone's first of all."""


EVERYDAY = (Edition.STANDARD, Edition.LARGE_PRINT, Edition.FILLABLE, Edition.WEB)
"""The editions that are made unless others are asked for."""
