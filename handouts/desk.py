"""The consultation desk behind its pages: what is on offer now, which sheets are ready, and a pack for the person in front of you.

Patient details come in with a request and leave with the PDF that answers it; nothing here keeps either. What is kept in
memory are leaves without details, on disk the sheets that a build would make too, and the register's line.
"""

import datetime
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field

from handouts import build, checks, desk_pack, material, packing, register, unchanged
from handouts.approval import State
from handouts.build import Status
from handouts.cache import Cache
from handouts.content import SOURCE_LANGUAGE
from handouts.desk_form import Request
from handouts.desk_pack import Menu, UnconfirmedError
from handouts.keys import Keys
from handouts.model import EVERYDAY, Edition
from handouts.page import Page
from handouts.plan import Job, Planner, printed
from handouts.printing import checked
from handouts.problems import HandoutsError, Problem, errors
from handouts.project import Project
from handouts.recent import Recent

LEAVES = 300
"""How many leaves without details stay in memory: some 45 MB."""

Leaf = tuple[bytes, tuple[Problem, ...]]


@dataclass(frozen=True)
class Reading:
    """The project folder as it was read: what makes pages of it, and what the desk offers."""

    planner: Planner
    menu: Menu
    files: object
    """The sizes and times of the files it was read from."""
    fault: str = ""
    """What is wrong with the folder since."""


@dataclass
class Desk:
    """One clinic's desk; `executor` makes sheets, `now` tells the time."""

    project: Project
    executor: Executor
    site: str = ""
    workers: int = 1
    now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now().astimezone()
    closed: bool = False
    _reading: Reading | None = None
    _progress: dict[str, tuple[int, int]] = field(default_factory=dict)
    _leaves: Recent[str, Leaf] = field(default_factory=lambda: Recent(LEAVES))
    """By what they say."""
    _planning: threading.RLock = field(default_factory=threading.RLock)
    _setting: threading.Lock = field(default_factory=threading.Lock)
    """Pages of details are set one at a time: the layout engine tells its faults to all who listen."""

    def reading(self) -> Reading:
        """The project folder as it is now; as it was, with what is wrong since, when it cannot be read any more.

        Raises `HandoutsError` when it could never be read.
        """
        with self._planning:
            today, files = self.now().date(), unchanged.walked(self.project.folder)
            before = self._reading
            if before and before.files == files and before.planner.today == today:
                return before
            try:
                planner = self._read(today)
                self._reading = Reading(planner, desk_pack.menu(planner), files)
            except HandoutsError as fault:
                if not before:
                    raise
                self._reading = Reading(before.planner, before.menu, files, str(fault.problems[0]))
            return self._reading

    def _read(self, today: datetime.date) -> Planner:
        read = material.read(self.project)
        grave = errors(checks.run(read, today))
        if grave:
            raise HandoutsError(*grave)
        planner = Planner(read, Keys(read), today)
        return planner.at(self.site) if self.site else planner

    def warm(self) -> None:
        """Make the sheets that are missing, language after language, until all are there or the desk is closed."""
        with self._planning:
            planner = self.reading().planner
            library = planner.material.library
        todo: dict[str, list[Job]] = {}
        for code in library.clinic.languages:
            with self._planning:  # language after language, so that a pack need not wait for all
                todo[code] = list(_everyday(planner, code))
            self._progress[code] = 0, len(todo[code])
        for code, jobs in todo.items():
            for count, _ in enumerate(build.run(jobs, self.project, self.executor, self.workers), 1):
                self._progress[code] = count, len(jobs)
                if self.closed:
                    return
            self._leafed(code, planner)

    def _leafed(self, code: str, planner: Planner) -> None:
        """Set the leaves of a language that are alike whatever is typed and ticked.

        Notices of language assistance take longest, as they are in every language, and are set by the executor; the others
        here, so that the process that sets what is typed has its engine and the language's letters at hand.
        """
        library, templates = planner.material.library, self.project.templates
        requests = [Request(code, SOURCE_LANGUAGE, pack.id) for pack in library.packs]
        for request in (*requests, Request(code, SOURCE_LANGUAGE, documents=(library.sheets[0].id,))):
            with suppress(HandoutsError):  # told to whoever asks for it
                with self._planning:
                    pieces = desk_pack.job(request, planner).pieces
                for page in (piece.made_from for piece in pieces if isinstance(piece.made_from, Page)):
                    key = packing.leaf_key(page, templates, packing.CHECKED)
                    if self.closed or not page.leaf or page.leaf.kind == "contents" or key in self._leaves:
                        continue
                    given = page, templates, "0" * 32, page.handout.id
                    if page.leaf.kind == "notice":
                        self._leaves[key] = self.executor.submit(checked, *given, fixed=True).result()
                    else:
                        with self._setting:
                            self._leaves[key] = checked(*given, fixed=True)

    def waiting(self) -> dict[str, tuple[int, int]]:
        """The languages of which not all sheets are ready: how many are, and of how many."""
        return {code: (count, total) for code, (count, total) in self._progress.items() if count < total}

    def made(self, request: Request) -> bytes:
        """The pack that was asked for, entered in the register.

        Raises `UnconfirmedError` where a confirmation is missing, and `HandoutsError`.
        """
        with self._planning:
            planner = self.reading().planner
            job = desk_pack.job(request, planner)
        if desk_pack.state(job) != State.APPROVED and not request.confirmed:
            raise UnconfirmedError(desk_pack.unsettled(job, planner.material.library))
        cache = Cache(self.project.cache)
        missing = {sheet.key: sheet for sheet in job.sheets if not cache.holds(sheet.key)}
        for result in build.run(missing.values(), self.project, self.executor):
            if result.status is Status.FAILED:
                raise HandoutsError(*result.problems)
        with self._setting:
            pack = packing.packed(job, self.project.templates, cache, self.project.folder, self._leaves)
        register.append(self.project.folder, desk_pack.line(request, job, register.minute(self.now())))
        return pack.pdf


def _everyday(planner: Planner, code: str) -> Iterator[Job]:
    """The sheets of a language in the editions that are asked for every day."""
    library = planner.material.library
    for sheet in library.sheets if code in library.languages else ():
        for edition in EVERYDAY:
            if edition is not Edition.WEB and printed(sheet, code, edition):
                made = planner.sheet(sheet, library.languages[code], edition)
                if isinstance(made, Job):
                    yield made
