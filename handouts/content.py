"""`content/*.yaml` and the language facts to a `Library`, with a line number for every field.

What comes in is text a clinic wrote; what goes out has passed the schema. Whether the content is
good (references known, contrast enough, words plain) is judged in `checks`.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from handouts import yaml_file
from handouts.approval import SignOff
from handouts.model import Clinic, Consent, Document, Handout, Language, Profile, Reference, SharedContent
from handouts.packs import Pack
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project
from handouts.standards import Rating, Standard, resolved
from handouts.values import Value
from handouts.yaml_file import Steps, YamlFile

CLINIC = "content/clinic.yaml"
REFERENCES = "content/references.yaml"
SHARED = "content/shared.yaml"
SOURCE_LANGUAGE = "en"
FOLDERS: Mapping[str, type[Document]] = {"content/handouts": Handout, "content/consent": Consent, "content/packs": Pack}
PROFILES = "content/profiles"
JARGON = "content/jargon.yaml"
SIGNOFFS = "content/signoffs.yaml"
STANDARDS = "content/standards"
RATINGS = "content/ratings.yaml"

V = TypeVar("V", bound=Value)
D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class Library:
    """Everything the content says, in English, and the files it came from."""

    clinic: Clinic
    languages: Mapping[str, Language]
    references: Mapping[str, Reference]
    shared: SharedContent
    handouts: tuple[Handout, ...]
    consents: tuple[Consent, ...]
    packs: tuple[Pack, ...]
    profiles: Mapping[str, Profile]
    signoffs: tuple[SignOff, ...]
    jargon: Mapping[str, str]
    """Hard words, each with a plain word for it."""
    standards: Mapping[str, Standard]
    ratings: tuple[Rating, ...]
    files: Mapping[str, YamlFile]

    def path(self, document: Document) -> str:
        """The file a document came from."""
        folder = next(name for name, kind in FOLDERS.items() if isinstance(document, kind))
        return f"{folder}/{document.id}.yaml"

    @property
    def sheets(self) -> tuple[Handout | Consent, ...]:
        """The documents that are printed by themselves: handouts, then consent forms."""
        return self.handouts + self.consents

    def documents(self) -> Iterator[tuple[str, Handout | Consent | SharedContent]]:
        """What is made of sections, each with its file: the shared content, then handouts and consent forms."""
        yield SHARED, self.shared
        for sheet in self.sheets:
            yield self.path(sheet), sheet

    def translated(self) -> Iterator[Handout | Consent | Pack]:
        """What has a catalog of its own."""
        yield from self.sheets
        yield from self.packs

    def place(self, path: str, *steps: str | int) -> Place:
        """Where a field of a content file stands."""
        return self.files[path].place(steps)


def load(project: Project) -> Library:
    """Read all content; raises `HandoutsError` with the problems of all files."""
    loader = _Loader(project)
    clinic = loader.one(CLINIC, Clinic)
    shared = loader.one(SHARED, SharedContent)
    references = loader.many(REFERENCES, Reference)
    languages = {
        path.parent.name: loader.one(project.relative(path), Language) for path in project.files("locales/*/language.yaml")
    }
    handouts = loader.folder("content/handouts", Handout)
    consents = loader.folder("content/consent", Consent)
    packs = loader.folder("content/packs", Pack)
    profiles = loader.folder(PROFILES, Profile)
    signoffs = loader.listed(SIGNOFFS, SignOff)
    jargon = loader.words(JARGON)
    standards = loader.folder(STANDARDS, Standard)
    ratings = loader.listed(RATINGS, Rating)
    if loader.problems or not clinic or not shared:
        raise HandoutsError(*loader.problems)
    if not handouts:
        raise HandoutsError(Problem(Place("content/handouts"), "content/empty", "there is no handout", "put a YAML file there"))
    held = {profile.id: profile for profile in profiles}
    return Library(
        clinic=clinic,
        languages={code: language for code, language in languages.items() if language},
        references=references,
        shared=shared,
        handouts=_sorted(handouts),
        consents=_sorted(consents),
        packs=_sorted(packs),
        profiles=held,
        signoffs=tuple(signoffs),
        jargon=jargon,
        standards={standard.id: resolved(standard, held, "consent/element") for standard in standards},
        ratings=tuple(ratings),
        files=loader.files,
    )


def _sorted(documents: list[D]) -> tuple[D, ...]:
    return tuple(sorted(documents, key=lambda document: (document.document, document.id)))


class _Loader:
    """Reads file after file and keeps every problem, so that one run tells them all."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.problems: list[Problem] = []
        self.files: dict[str, YamlFile] = {}

    def one(self, path: str, kind: type[V]) -> V | None:
        """The value of a whole file, or nothing when it has problems."""
        source = self._read(path)
        value = self._validated(source, source.data, (), kind) if source else None
        if isinstance(value, Language):
            self._same_name(path, "code", value.code, "folder", PurePosixPath(path).parent.name)
        if isinstance(value, Document | Profile | Standard):
            self._same_name(path, "id", value.id, "file", PurePosixPath(path).stem)
        return value

    def folder(self, folder: str, kind: type[V]) -> list[V]:
        """The values of all files of a folder that have no problems."""
        found = (self.one(self.project.relative(path), kind) for path in self.project.files(f"{folder}/*.yaml"))
        return [value for value in found if value]

    def many(self, path: str, kind: type[V]) -> dict[str, V]:
        """The values of a file that is a mapping from names to values."""
        source = self._read(path)
        if not source:
            return {}
        if not isinstance(source.data, dict):
            self.problems.append(Problem(Place(path, 1), "content/schema", "the file must be a mapping"))
            return {}
        values = {key: self._validated(source, data, (key,), kind) for key, data in source.data.items()}
        return {key: value for key, value in values.items() if value}

    def listed(self, path: str, kind: type[V]) -> list[V]:
        """The values of a file that is a list; none when there is no such file."""
        source = self._read(path) if (self.project.folder / path).exists() else None
        if not source:
            return []
        if not isinstance(source.data, list):
            self.problems.append(Problem(Place(path, 1), "content/schema", "the file must be a list",
                                         'write "- " before the first field of each entry'))  # fmt: skip
            return []
        values = [self._validated(source, data, (index,), kind) for index, data in enumerate(source.data)]
        return [value for value in values if value]

    def words(self, path: str) -> dict[str, str]:
        """A file that gives each word another; none when there is no such file."""
        source = self._read(path) if (self.project.folder / path).exists() else None
        if not source:
            return {}
        data = source.data if isinstance(source.data, dict) else {}
        bad = [word for word, other in data.items() if not isinstance(other, str)]
        self.problems += [Problem(source.place((word,)), "content/schema", f'"{word}" has no plain word beside it',
                                  "write it behind the colon") for word in bad]  # fmt: skip
        if not data:
            self.problems.append(Problem(Place(path, 1), "content/schema", "the file must be a mapping",
                                         'write a hard word, a colon and a plain word on each line'))  # fmt: skip
        return {word: other for word, other in data.items() if isinstance(other, str)}

    def _same_name(self, path: str, field: str, value: str, holder: str, name: str) -> None:
        """A name inside a file is that of the file or folder: that is how people find the file of a page."""
        if value != name:
            self.problems.append(
                Problem(self.files[path].place((field,)), "content/name", f'{field} is "{value}" but the {holder} is "{name}"',
                        f'write "{field}: {name}" or rename the {holder}')
            )  # fmt: skip

    def _read(self, path: str) -> YamlFile | None:
        try:
            self.files[path] = yaml_file.read(self.project, path)
        except HandoutsError as fault:
            self.problems.extend(fault.problems)
            return None
        return self.files[path]

    def _validated(self, source: YamlFile, data: object, at: Steps, kind: type[V]) -> V | None:
        try:
            return kind.model_validate(data)
        except ValidationError as fault:
            details = fault.errors(include_url=False)
            self.problems.extend(_problem(source, data, at, d, kind) for d in details if not _follows(d, details))
            return None


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
