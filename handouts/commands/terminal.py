"""What all commands share: the project they work on, and how they print what they found."""

import argparse
import sys
from collections.abc import Iterable

from handouts import problems
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project


def report(found: Iterable[Problem], style: str) -> int:
    """Print problems; the exit code is 1 when one of them is an error."""
    found = tuple(set(found))
    printers = {"text": problems.as_text, "github": problems.as_github, "json": problems.as_json}
    text = printers.get(style, problems.as_text)(found)
    if text:
        print(text, file=sys.stdout if style in ("github", "json") else sys.stderr)
    return 1 if problems.errors(found) else 0


def counted(number: int, noun: str) -> str:
    """A number with its noun in the right form."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def project(options: argparse.Namespace) -> Project:
    """The project folder that the command line names; raises `HandoutsError` when there is none."""
    folder = options.project.resolve()
    if not folder.is_dir():
        raise HandoutsError(
            Problem(Place(str(options.project)), "project/missing", "there is no such folder",
                    "name a project folder, or make one with: handouts init DIR")
        )  # fmt: skip
    return Project(folder)
