"""Where the time of a page goes: `python -m benchmarks.stages` makes shipped handouts in one process, a watch at each stage.

It writes its section into docs/benchmarks.md, after the tables of `python -m benchmarks`. Processor time, so that a busy
machine changes little; every stage counts what it does itself, without the stages inside it.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import weasyprint
import weasyprint.document as engine

from benchmarks import pages
from benchmarks.projects import LANGUAGES, ROOT
from benchmarks.table import table
from handouts import build, clear_print, fonts, markup, material, pdf, pictures, plan, printing, tagging
from handouts.model import Edition, Handout
from handouts.plan import Job, Selection
from handouts.project import Project

DOCUMENT = ROOT / "docs" / "benchmarks.md"
TITLE = "## Where the time of a page goes"
SAMPLE = 25
"""Documents, chosen evenly among the handouts in five languages, standard and large print."""

TEMPLATES, READING, STYLES, BOXES, LAYOUT, WRITING, TAGS, CHECKS, PICTURE, REST = (
    "templates to HTML", "reading the HTML", "which style is whose", "making boxes", "layout: lines and pages",
    "drawing, fonts, the PDF", "tags", "clear print, on the finished PDF", "picture for the catalogue", "all else",
)  # fmt: skip
AGAIN = "second layout of a document whose last page is nearly empty"
WATCHED: tuple[tuple[Any, str, str], ...] = (
    (markup, "html", TEMPLATES),
    (markup, "styles", TEMPLATES),
    (weasyprint.HTML, "__init__", READING),
    (engine, "get_all_computed_styles", STYLES),
    (engine, "build_formatting_structure", BOXES),
    (engine, "layout_document", LAYOUT),
    (engine.Document, "write_pdf", WRITING),
    (tagging, "finish", TAGS),
    (clear_print, "check", CHECKS),
    (pictures, "fact", PICTURE),
)


class Watch:
    """Seconds of processor time by stage; whatever a second layout does is one stage of its own."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._stages: list[str] = []
        self._since = 0.0

    def _turn(self, stages: list[str]) -> None:
        now = time.process_time()
        if self._stages:
            self.seconds[AGAIN if AGAIN in self._stages else self._stages[-1]] += now - self._since
        self._stages, self._since = stages, now

    def at(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted."""

        def timed(*arguments: Any, **named: Any) -> Any:
            before = self._stages
            self._turn([*before, stage])
            try:
                result = function(*arguments, **named)
                return list(result) if isinstance(result, Generator) else result  # pages come one by one: here all at once
            finally:
                self._turn(before)

        return timed

    def layouts(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The layout of a document, the denser one told from the first by its styles."""

        def laid_out(html: str, styles: tuple[str, ...]) -> Any:
            again = styles[-1] == markup.tighter(ROOT / "templates")
            return (self.at(AGAIN, function) if again else function)(html, styles)

        return laid_out

    def watching(self) -> AbstractContextManager[Any]:
        """Put a watch at every stage."""
        stack = ExitStack()
        for owner, name, stage in WATCHED:
            stack.enter_context(mock.patch.object(owner, name, self.at(stage, getattr(owner, name))))
        stack.enter_context(mock.patch.object(pdf, "_layout", self.layouts(pdf._layout)))
        return stack


def jobs() -> list[Job]:
    """The documents that are made."""
    project = Project(ROOT)
    fonts.configure(project.templates, project.cache)
    selection = Selection(languages=LANGUAGES, editions=(Edition.STANDARD, Edition.LARGE_PRINT))
    made = plan.plan(material.read(project, LANGUAGES), selection).jobs
    return pages.evenly([job for job in made if isinstance(job.page.handout, Handout)], SAMPLE)


def section(todo: list[Job], tell: Callable[[str], None]) -> str:
    """Make all documents twice, the first time not counted, and tell where the time went."""
    count = 0
    for watch in (Watch(), Watch()):
        count = 0
        with watch.watching():
            for job in todo:
                tell(str(job.output))
                data, _ = watch.at(REST, printing.checked)(job.page, ROOT / "templates", job.key[:32], str(job.output))
                count += int(watch.at(REST, pictures.fact)(data)[pictures.FACT]["pages"])
    total = watch.seconds.total()
    order = (TEMPLATES, READING, STYLES, BOXES, LAYOUT, AGAIN, WRITING, TAGS, CHECKS, PICTURE, REST)
    rows = [(each, f"{1000 * watch.seconds[each] / count:.1f}", f"{100 * watch.seconds[each] / total:.0f} %") for each in order]
    return "\n\n".join(
        (
            TITLE,
            f"{len(todo)} shipped handouts of {count} pages in five languages, standard and large print, in one warm process: "
            f"{1000 * total / count:.0f} ms of processor time for a page. From reading the HTML to drawing it is WeasyPrint that works, "
            "in Python. The second layout, the tags put right, clear print and the picture are what this project adds: none of the "
            "peers does them.",
            table(("stage", "ms for a page", "share"), rows),
        )
    )


def kept(text: str, part: str) -> str:
    """The page with this section as its last one, in place of an earlier one."""
    return re.sub(rf"\n*{re.escape(TITLE)}\n.*", "", text, flags=re.DOTALL).rstrip() + f"\n\n{part}\n"


def main(document: Path = DOCUMENT) -> None:
    """Print the section and write it into the page."""
    part = section(jobs(), lambda name: print(f"  {name}", file=sys.stderr, flush=True))
    print(part)
    document.write_text(kept(document.read_text(encoding="utf-8"), part), encoding="utf-8")


if __name__ == "__main__":
    build._prepare(ROOT / "templates", ROOT / ".cache")
    main()
