"""What is wrong, where, and what to do about it.

Every finding of the whole program is a `Problem`. They are collected, sorted by place and
printed once; `HandoutsError` carries them from the place where they were seen to the command
line, the only module that prints.
"""

import enum
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


class Severity(enum.StrEnum):
    """How much a problem matters: an error stops the print, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file: path relative to the project folder, line counted from one (0: whole file)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, order=True)
class Problem:
    """One finding: the place, the rule that found it, what is wrong and what to do."""

    place: Place
    rule: str
    message: str
    hint: str = ""
    severity: Severity = field(default=Severity.ERROR, compare=False)

    def __str__(self) -> str:
        text = f"{self.place}: {self.severity}: {self.message} [{self.rule}]"
        return f"{text}\n    hint: {self.hint}" if self.hint else text


class HandoutsError(Exception):
    """One or more problems that stop the work; `problems` holds all of them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type["HandoutsError"], tuple[Problem, ...]]:
        return HandoutsError, self.problems


def warning(place: Place, rule: str, message: str, hint: str = "") -> Problem:
    """A problem that is told but stops nothing (unless the build is strict)."""
    return Problem(place, rule, message, hint, Severity.WARNING)


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Only the problems that stop the work."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def counted(number: int, noun: str) -> str:
    """A number with its noun in the right form."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def as_text(problems: Iterable[Problem]) -> str:
    """The problems as a person reads them: sorted by place, each said once."""
    return "\n".join(str(problem) for problem in sorted(set(problems)))


def as_github(problems: Iterable[Problem]) -> str:
    """The problems as GitHub Actions annotations (workflow commands)."""

    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    return "\n".join(
        f"::{p.severity} file={p.place.path},line={max(p.place.line, 1)},title={p.rule}::"
        + escaped(f"{p.message}\n{p.hint}" if p.hint else p.message)
        for p in sorted(set(problems))
    )


def as_data(problem: Problem) -> dict[str, object]:
    """A problem as JSON knows it: path, line, severity, rule, message, hint."""
    p = problem
    return asdict(p.place) | {"severity": p.severity, "rule": p.rule, "message": p.message, "hint": p.hint}


def of_data(data: Mapping[str, Any]) -> Problem:
    """A problem that was kept as data."""
    place = Place(data["path"], data["line"])
    return Problem(place, data["rule"], data["message"], data["hint"], Severity(data["severity"]))


def as_json(problems: Iterable[Problem]) -> str:
    """The problems as a JSON array."""
    return json.dumps([as_data(p) for p in sorted(set(problems))], ensure_ascii=False, indent=2)
