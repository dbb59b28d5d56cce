"""The kinds of section that people fill in: fields to write in, statements to tick, signatures.

A consent form is made of these and of the sections every handout may have.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from handouts.sections import Body, OwnSection, Shared
from handouts.values import Optionals, Slug, Text, Value


class FormField(Value):
    """One thing to fill in: a line, several lines, a date or a time of day."""

    id: Slug
    label: Text
    input: Literal["text", "lines", "date", "time"] = "text"
    lines: int = Field(default=1, ge=1, le=8)
    wide: bool = False
    """Whether it takes the whole width; otherwise two stand side by side where there is room."""

    @model_validator(mode="after")
    def _lines(self) -> Self:
        if (self.lines > 1) != (self.input == "lines"):
            raise PydanticCustomError("field", "input: lines and a number of lines of 2 or more go together")
        return self


class Fields(Body):
    """Things to write in."""

    kind: Literal["fields"]
    title: Text
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    closing: Optionals = ()


class Statement(Value):
    """One sentence with a box to tick."""

    id: Slug
    text: Text


class Statements(Body):
    """Sentences to tick, one by one."""

    kind: Literal["statements"]
    title: Text
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
    closing: Optionals = ()


class Signature(Body):
    """What somebody declares, with name, signature, date and time; with a role where one is asked for."""

    kind: Literal["signature"]
    title: Text
    statement: Text
    role: bool = False
    """Whether the job title is asked for: of clinicians and interpreters."""
    relationship: bool = False
    """Whether it is asked how the person stands to the patient."""
    date: bool = True
    time: bool = True


FormSection = OwnSection | Fields | Statements | Signature


ConsentSection = Annotated[FormSection | Shared, Field(discriminator="kind")]
