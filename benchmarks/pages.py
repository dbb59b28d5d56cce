"""The pages of a project as files that other programs can print: the same HTML and the same CSS that handouts lays out.

Each output becomes one HTML file that holds its styles; pictures are in it as `data:` addresses, as they are in ours.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks import typst_pages
from benchmarks.projects import DAY
from handouts import fonts, markup, material, plan
from handouts.plan import Selection
from handouts.project import Project

T = TypeVar("T")


@dataclass(frozen=True)
class Pages:
    """A folder of pages for the other programs: NAME.html and NAME.typ, in the order of `names`."""

    folder: Path
    names: tuple[str, ...]


def evenly(items: Sequence[T], wanted: int) -> list[T]:
    """At most so many of some items, as far from each other as they can be."""
    count = min(wanted, len(items))
    return [items[index * len(items) // count] for index in range(count)]


def write(project_folder: Path, folder: Path, wanted: int) -> Pages:
    """Write at most so many pages of a project, chosen evenly, and leave fontconfig set to the fonts and the font cache of handouts."""
    project = Project(project_folder)
    fonts.configure(project.templates, project.cache)
    todo = plan.plan(material.read(project), Selection(today=datetime.date.fromisoformat(DAY)))
    if todo.blocked:
        raise ValueError(f"{todo.blocked[0].output} cannot be made: {todo.blocked[0].problem.message}")
    jobs = [job for job in todo.jobs if job.output.suffix == ".pdf"]  # web editions are printed by nobody
    names = []
    for job in evenly(jobs, wanted):
        html = markup.html(job.page, project.templates)
        styles = "\n".join(markup.styles(job.page, project.templates))
        name = str(job.output.with_suffix("")).replace("/", ".")
        (folder / f"{name}.html").write_text(
            html.replace("</head>", f"<style>\n{styles}\n</style>\n</head>", 1), encoding="utf-8"
        )
        (folder / f"{name}.typ").write_text(
            typst_pages.source(html, job.page.language, job.page.clinic, folder), encoding="utf-8"
        )
        names.append(name)
    (folder / "names").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    typst_pages.prepare(folder)
    return Pages(folder, tuple(names))
