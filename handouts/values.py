"""What values are made of: translatable text, constrained strings, and the walks over a value's fields.

A field of type `Text` is what translators translate; nothing else is. The nouns themselves are in
`sections` and `model`.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
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


PLACEHOLDERS = {
    "clinic": "name",
    "phone": "phone",
    "after_hours_phone": "after_hours_phone",
    "emergency_number": "emergency_number",
    "crisis_line": "crisis_line",
    "food_fasting": "food_fasting_hours",
    "drink_fasting": "drink_fasting_hours",
    "observation": "observation_hours",
}
"""The placeholders a text may hold, each with the clinic's field that `markup` fills it from."""


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
