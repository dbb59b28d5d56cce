"""What all commands share: the project they work on, and how they print what they found."""

import argparse
import importlib.util
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from handouts import problems
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

if TYPE_CHECKING:  # imported late where they are used, to keep --help fast
    from handouts.material import Material
    from handouts.plan import Planner


def report(found: Iterable[Problem], style: str) -> int:
    """Print problems; the exit code is 1 when one of them is an error."""
    found = tuple(set(found))
    printers = {"text": problems.as_text, "github": problems.as_github, "json": problems.as_json}
    text = printers.get(style, problems.as_text)(found)
    if text:
        print(text, file=sys.stdout if style in ("github", "json") else sys.stderr)
    return 1 if problems.errors(found) else 0


def project(options: argparse.Namespace) -> Project:
    """The project folder that the command line names; raises `HandoutsError` when there is none."""
    folder = options.project.resolve()
    if not folder.is_dir():
        raise HandoutsError(
            Problem(Place(str(options.project)), "project/missing", "there is no such folder",
                    "name a project folder, or make one with: handouts init DIR")
        )  # fmt: skip
    return Project(folder)


def web_packages(command: str) -> None:
    """Raises `HandoutsError` when what the local web applications need is not installed."""
    absent = [name for name in ("starlette", "uvicorn", "python_multipart") if importlib.util.find_spec(name) is None]
    if absent:
        raise HandoutsError(
            Problem(Place(command), "serving/extra", f"this needs packages that are not installed: {', '.join(absent)}",
                    "pip install 'handouts[desk]'")
        )  # fmt: skip


def browse(address: str) -> None:
    """Open a page in the browser; it may take its time."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), name="browser", daemon=True).start()


def planner(options: argparse.Namespace, read: "Material", site: str = "") -> "Planner":
    """What makes the pages of what was read, on the day that the command line names; of one site if that is named."""
    from handouts.keys import Keys
    from handouts.plan import Planner

    group = Planner(read, Keys(read), options.today)
    return group.at(site) if site else group


def unknown(option: str, rule: str, names: Iterable[str], known: Iterable[str], said: str) -> Iterator[Problem]:
    """A problem for each name on the command line that there is not; `said` says so, with {} for the name."""
    there = list(known)
    for name in names:
        if name not in there:
            yield Problem(Place(option), rule, said.format(f'"{name}"'), f"use one of: {', '.join(there)}")


def write(path: Path, data: bytes, project: Project) -> None:
    """Write a file whole and say so; raises `HandoutsError` when that cannot be done."""
    from handouts import cache

    try:
        cache.replace(path, data)
    except OSError as fault:
        raise HandoutsError(
            Problem(Place(str(fault.filename or path)), "build/output", f"cannot write: {fault.strerror}",
                    "check free space and the permissions of the folder")
        ) from None  # fmt: skip
    print(f"written: {project.relative(path) if path.is_relative_to(project.folder) else path}")
