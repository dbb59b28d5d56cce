"""What the schema refuses, in a clinic's words: each error of pydantic as a problem at the line it concerns."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from handouts.problems import Problem
from handouts.values import Value
from handouts.yaml_file import Steps, YamlFile

FAULTS: Mapping[str, tuple[str, str]] = {
    "tuple_type": ("this must be a list", 'write each item on its own line, with "- " before it'),
    "model_type": ("this must be fields, each with a name", 'write lines such as "name: value"'),
    "model_attributes_type": ("this must be fields, each with a name", 'write lines such as "name: value"'),
    "string_type": ("this must be one text", "write it behind the colon, in quotes if it holds brackets or a colon"),
    "string_too_short": ("the value is empty", "write it behind the colon, or delete the line"),
    "string_too_long": ("the value has more than {max_length} characters", "shorten it"),
    "too_short": ("the list has {actual_length} items, at least {min_length} are needed", ""),
    "too_long": ("the list has {actual_length} items, at most {max_length} are allowed", ""),
    "int_parsing": ('"{value}" is not a whole number', "write it in digits"),
    "float_parsing": ('"{value}" is not a number', "write it in digits, with a point before the decimals"),
    "bool_parsing": ('"{value}" is neither yes nor no', ""),
    "date_parsing": ('"{value}" is not a date', "write year, month and day, such as 2026-03-31"),
    "date_from_datetime_parsing": ('"{value}" is not a date', "write year, month and day, such as 2026-03-31"),
    "time_parsing": ('"{value}" is not a time', 'write hours and minutes of the 24-hour clock, such as "09:00"'),
    "greater_than_equal": ('"{value}" is too small, it must be {ge} or more', ""),
    "less_than_equal": ('"{value}" is too large, it must be {le} or less', ""),
}
"""Error types of pydantic: what is wrong and what to do, in a clinic's words."""

FORMS: Mapping[str, str] = {
    "accent_colour": 'write # and six of 0-9 and a-f in quotes, such as "#0b4f6c"',
    "brand_colour": 'write # and six of 0-9 and a-f in quotes, such as "#0b4f6c"',
    "code": "write a BCP 47 tag, such as es or zh-Hans",
    "digest": "copy it from where it was printed: the digits 0 to 9 and the letters a to f",
    "document": "write capital letters, a hyphen and two or three digits, such as ABC-01",
    "doi": "write it without https://doi.org/, such as 10.1000/182",
    "handouts_address": "write the address of the folder on the web, such as https://handouts.example.org",
    "id": "write small letters, digits and single hyphens, such as side-effects",
    "region": "write the two capital letters of a country, such as GB",
    "regions": "write the two capital letters of a country, such as GB",
    "source": "write one line without < and >; a source of a risk is a key of content/references.yaml, such as ABC25",
    "sources": "write keys of content/references.yaml, such as ABC25",
    "url": "write an address that begins with https://",
    "version": 'write two numbers and a point in quotes, such as "1.0"',
} | dict.fromkeys(
    ("phone", "after_hours_phone", "emergency_number", "crisis_line"),
    "write digits, which may be grouped by spaces, hyphens and brackets, with + before a country code",
)
"""What values of a field look like, by the field's name."""


def problems(source: YamlFile, data: object, at: Steps, fault: ValidationError, kind: type[Value]) -> Iterator[Problem]:
    """The problems of some data, which stands at `at` in a file and is no value of a kind."""
    details = fault.errors(include_url=False)
    return (_problem(source, data, at, detail, kind) for detail in details if not _follows(detail, details))


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether an error only follows from another: pydantic calls a list too short when its items are wrong."""
    steps = detail["loc"]
    return detail["type"] == "too_short" and any(d["loc"][: len(steps)] == steps and d is not detail for d in details)


def _problem(source: YamlFile, data: object, at: Steps, detail: ErrorDetails, kind: type[Value]) -> Problem:
    """A schema error of pydantic in a clinic's words, at the line it concerns."""
    steps = _known_steps(data, detail["loc"])
    name = ".".join(str(step) for step in (*at, *steps))
    value, context = detail["input"], detail.get("ctx", {})
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    hint = ""
    match detail["type"]:
        case "extra_forbidden":
            name = name.rpartition(".")[0]
            fields = _fields(kind, data, steps[:-1])
            message = f'there is no field "{last}" here'
            hint = _closest(last, fields)
        case "missing":
            message = f'the field "{last}" is missing'
            hint = f'add a line "{last}: ..."'
        case "union_tag_invalid":
            name = f"{name}.kind"
            steps = (*steps, "kind")
            what = "part of a pack" if steps[:1] == ("parts",) else "section kind"
            message = f'"{context["tag"]}" is not a {what}'
            hint = _closest(context["tag"], context["expected_tags"].replace("'", "").split(", "))
        case "union_tag_not_found":
            message = 'the section has no "kind"'
            hint = 'add a line such as "kind: text"'
        case "literal_error" | "enum":
            expected = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            message = f'"{value}" is not allowed here'
            hint = _closest(str(value), expected)
        case "string_pattern_mismatch":
            message = f'"{value}" does not have the right form'
            field = next((str(step) for step in reversed(detail["loc"]) if isinstance(step, str)), "")
            hint = FORMS.get(field, f"it must match {context['pattern']}")
        case "text" | "risk" | "item":
            message = context.get("fault") or detail["msg"]
        case "field":
            message, hint = detail["msg"], "for one line write neither; for three write: input: lines, lines: 3"
        case "dates":
            name, steps, message = "review", ("review",), detail["msg"]
        case _ if value is None:
            message, hint = FAULTS["string_too_short"]
        case fault if fault in FAULTS:
            message, hint = (words.format(value=value, **context) for words in FAULTS[fault])
        case _:
            shown = f'"{value}": ' if isinstance(value, str) else ""
            message = f"{shown}{detail['msg'][0].lower()}{detail['msg'][1:]}"
    return Problem(source.place((*at, *steps)), "content/schema", f"{name}: {message}" if name else message, hint)


def _known_steps(data: object, loc: tuple[int | str, ...]) -> Steps:
    """The steps of an error's location that exist in the data (pydantic adds the union's tag)."""
    steps: list[str | int] = []
    for step in loc:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            continue
        steps.append(step)
    return tuple(steps)


def _fields(kind: type[Value], data: object, steps: Steps) -> list[str]:
    """The names of the fields a value at `steps` may have, as far as the schema tells."""
    schema = kind.model_json_schema()
    node: dict[str, Any] = schema
    for step in steps:
        data = data[step] if isinstance(data, dict | list) else None  # type: ignore[index]  # steps exist in the data
        node = node.get("items", {}) if isinstance(step, int) else node.get("properties", {}).get(step, {})
        node = next((n for n in node.get("anyOf", ()) if n.get("type") != "null"), node)
        tag = data.get("kind") if isinstance(data, dict) else None
        reference = node.get("discriminator", {}).get("mapping", {}).get(tag) or node.get("$ref")
        node = schema["$defs"][reference.rsplit("/", 1)[1]] if reference else node
    return sorted(node.get("properties", ()))


def _closest(word: str, allowed: list[str]) -> str:
    """A hint that names what is allowed, the likeliest first."""
    if not allowed:
        return ""
    near = difflib.get_close_matches(word, allowed, n=1, cutoff=0.6)
    meant = f'did you mean "{near[0]}"? ' if near else ""
    return f"{meant}use one of: {', '.join(allowed)}"
