"""What a finished page should be, and how a finding on it is told: what all rules of clear print share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from handouts.model import Edition, Language
from handouts.problems import Place, Problem, Severity
from handouts.sheets import Run, Sheet

Paper = Literal["A4", "Letter"]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Printed:
    """What a file should be: its name for messages, its edition, language and paper."""

    name: str
    edition: Edition
    language: Language
    paper: Paper

    def problem(self, sheet: Sheet, rule: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> Problem:
        """A finding on a page."""
        return Problem(Place(self.name), f"print/{rule}", f"page {sheet.number}: {message}", hint, severity)


def by(runs: Iterable[Run], key: Callable[[Run], Key]) -> Iterable[tuple[Key, list[Run]]]:
    """The runs of each kind, in the order in which the kinds are met."""
    found: dict[Key, list[Run]] = {}
    for run in runs:
        found.setdefault(key(run), []).append(run)
    return found.items()


def short(text: str) -> str:
    """The beginning of a text, as much as a message has room for."""
    return text if len(text) <= 40 else text[:39].rstrip() + "…"


def quoted(runs: list[Run]) -> str:
    """The first text, and how many more there are."""
    return f'"{short(runs[0].text)}"' + (f" (and {len(runs) - 1} more)" if len(runs) > 1 else "")
