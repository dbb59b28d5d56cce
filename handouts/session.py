"""The preview at work: the project kept read, what the checks found, the pages that were made; told to whoever listens.

One thread does everything in turn: it looks at the files, reads what changed, and has checks and pages made elsewhere,
first for what is looked at. Web pages only ask; what they are given is as it stands at that moment.
"""

import datetime
import queue
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from dataclasses import replace
from functools import partial

from handouts import live, watching
from handouts.content import SOURCE_LANGUAGE
from handouts.inspection import Found, found, of_language
from handouts.keys import Keys
from handouts.live import Reading
from handouts.material import Material
from handouts.model import Edition
from handouts.plan import Blocked, Job, Planner
from handouts.printed_pages import Pages, Printed, printed
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project
from handouts.recent import Recent
from handouts.showing import Showing, Wish

PAGES_KEPT = 12
"""How many finished PDFs, with their pictures, are kept in memory."""
SHOWN_KEPT = 24


class Session:
    """One project being watched; `printer` and `inspector` run what takes long."""

    def __init__(
        self, project: Project, codes: Iterable[str], today: datetime.date, printer: Executor, inspector: Executor
    ) -> None:
        self.project, self.today = project, today
        self._printer, self._inspector = printer, inspector
        self._watch = watching.Watch(project.folder)
        self._state: tuple[int, Reading, Mapping[str, int]] = 0, Reading(project, tuple(codes)), {"": 0}
        """How often files were read, what they say, and since when pages are as they are: of a language, else of all."""
        self.begun = threading.Event()
        """Set when the files have been read for the first time."""
        self.number = 0
        """Which state this is: it grows with every change."""
        self._found: dict[str, Found] = {}
        self._pages: dict[Wish, Pages] = {}
        self._made: Recent[str, Printed] = Recent(PAGES_KEPT)
        self._shown: Recent[Wish, tuple[int, Showing]] = Recent(SHOWN_KEPT)
        self._planner: tuple[int, Planner] | None = None
        self._wish: Wish | None = None
        self._printing = self._checking = self._closed = False
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._listeners: set[Callable[[int], None]] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="preview", daemon=True)

    # -- asked by web pages

    @property
    def reading(self) -> Reading:
        """What the files say."""
        return self._state[1]

    @property
    def _read(self) -> int:
        """How often they were read."""
        return self._state[0]

    @property
    def material(self) -> Material | None:
        """What was read, as far as it is free of mistakes."""
        return self.reading.material

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages that can be looked at: English, and those that are begun or that the clinic prints."""
        material = self.material
        if not material:
            return ()
        known, begun = material.library.languages, {code for code, _ in material.catalogs}
        wanted = self.reading.codes or {*begun, *material.library.clinic.languages}
        return tuple(sorted({*wanted, SOURCE_LANGUAGE} & known.keys(), key=lambda code: (code != SOURCE_LANGUAGE, code)))

    def showing(self, wish: Wish) -> tuple[Showing | None, tuple[Problem, ...]]:
        """What is shown of a wish, and why it is not newer: the last that could be put together, where this one cannot."""
        _, reading, since = self._state
        material, version = reading.material, since.get(wish.language, since[""])
        if not material:
            return None, reading.problems
        with self._lock:
            kept = self._shown.get(wish)
        if kept and kept[0] == version:
            return kept[1], ()
        made = Showing(material, material.library.sheet(wish.sheet), material.library.languages[wish.language], wish.edition)
        try:
            _ = made.style, made.numbered
        except HandoutsError as fault:
            return (kept[1] if kept else None), fault.problems
        with self._lock:
            self._shown[wish] = version, made
        return made, ()

    def found(self, code: str) -> Found:
        """What the checks found in a language, and whether that is of now."""
        return self._found.get(code, Found())

    def pages(self, wish: Wish) -> Pages:
        """How far the PDF of a wish is."""
        return self._pages.get(wish, Pages(making=True))

    def made(self, key: str) -> Printed | None:
        """A finished PDF, as long as it is kept."""
        return self._made.get(key)

    def wished(self, wish: Wish) -> None:
        """Somebody looks at this: it comes first."""
        self._events.put(partial(self._wished, wish))

    def listen(self, hear: Callable[[int], None]) -> Callable[[], None]:
        """Have every new state told; returns what ends that. -1 says that there will be no more."""
        with self._lock:
            self._listeners.add(hear)
        return lambda: self._listeners.discard(hear)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def farewell(self) -> None:
        """Tell all who listen that there will be no more."""
        self._tell(-1)

    def close(self) -> None:
        """Tell that it ends, and end."""
        if not self._closed:
            self._closed = True
            self.farewell()
            self._events.put(lambda: None)
            if self._thread.is_alive():
                self._thread.join()

    # -- done by the one thread

    def begin(self) -> None:
        """Read everything."""
        if not self.begun.is_set():
            self._state = 1, live.read(self.project, self.reading.codes), {"": 1}
            self._follow()
            self.begun.set()
            self._changed()

    def _run(self) -> None:
        self.begin()
        while not self._closed:
            if not self.turn(watching.PAUSE):
                self.look()

    def turn(self, pause: float = 0) -> bool:
        """Take in what has come, and have made what is missing; returns whether anything had come within `pause` seconds."""
        came = False
        with suppress(queue.Empty):
            self._events.get(timeout=pause)() if pause else self._events.get_nowait()()
            came = True
            while True:
                self._events.get_nowait()()
        self._go_on()
        return came

    def look(self) -> bool:
        """Look at the files and read what changed; returns whether anything did."""
        changed = self._watch.changed()
        if not changed:
            return False
        number, own = self._read + 1, _catalogs(changed)
        since = {**self._state[2], **dict.fromkeys(own, number)} if own else {"": number}
        self._state = number, live.reread(self.reading, changed), since
        if not all(path.endswith(".css") for path in changed):  # no check reads them
            stale = (own or self._found.keys()) & self._found.keys()
            self._found |= {code: replace(self._found[code], current=False) for code in stale}
        self._pages = {wish: replace(pages, making=True) for wish, pages in self._pages.items()}
        self._follow()
        self._changed()
        return True

    def _follow(self) -> None:
        """Watch also what the project names outside its three folders."""
        if self.material:
            self._watch.also(self.material.logos)

    def _wished(self, wish: Wish) -> None:
        self._wish = wish

    def _go_on(self) -> None:
        """Have made what is missing: the page that is looked at, its checks, then the checks of all others."""
        if self._closed or not self.material:
            return
        self._print()
        self._check()

    def _print(self) -> None:
        wish = self._wish
        if self._printing or not wish:
            return
        known = self._pages.get(wish)
        if known and not known.making:
            return
        if wish.edition is Edition.WEB:  # it is its own page: nothing of it is printed
            self._pages[wish] = Pages()
            self._changed()
            return
        job = self._job(wish)
        if isinstance(job, Problem):
            self._pages[wish] = Pages(refused=job)
            self._changed()
        elif job.key in self._made:
            self._pages[wish] = Pages(job.key, self._made[job.key])
            self._changed()
        else:
            self._printing, number = True, self._read
            self._pages[wish] = replace(known or Pages(), making=True, refused=None)
            future = self._printer.submit(printed, job, self.project.folder, self.project.templates, self.project.cache)
            future.add_done_callback(lambda done: self._events.put(partial(self._printed, wish, job, number, done)))

    def _job(self, wish: Wish) -> Job | Problem:
        """What is to be printed, or why it is not."""
        material, problems = self.material, self.reading.concerning(wish.language)
        if not material or problems:
            return problems[0]
        try:
            if not self._planner or self._planner[0] != self._read:
                self._planner = self._read, Planner(material, Keys(material), self.today)
            sheet = material.library.sheet(wish.sheet)
            job = self._planner[1].sheet(sheet, material.library.languages[wish.language], wish.edition)
        except (LookupError, ValueError, OSError) as fault:  # what the checks refuse before a build gets so far
            return Problem(Place(f"content/{wish.sheet}"), "preview/page", f"the page cannot be put together: {fault}",
                           "look for a name in the file that nothing else has: a shared section, a term, a reference")  # fmt: skip
        return job.problem if isinstance(job, Blocked) else job

    def _printed(self, wish: Wish, job: Job, number: int, done: "Future[Printed]") -> None:
        self._printing = False
        try:
            result = done.result()
        except (CancelledError, Exception) as fault:  # a process that died, or a mistake that is told rather than lost
            result = Printed(problems=(_undone(str(job.output), fault),))
        if result.rasters:
            self._made[job.key] = result
        if number == self._read:
            before = self._pages.get(wish, Pages())
            self._pages[wish] = (
                Pages(job.key, result) if result.rasters else replace(before, printed=result, key="", making=False)
            )
            self._changed()

    def _check(self) -> None:
        if self._checking or not self.material:
            return
        first = [self._wish.language] if self._wish else []
        waiting = [code for code in dict.fromkeys((*first, SOURCE_LANGUAGE, *self.codes)) if not self.found(code).current]
        if waiting:
            self._checking = True
            code, number = waiting[0], self._read
            future = self._inspector.submit(found, of_language(self.material, code), code, self.today)
            future.add_done_callback(lambda done: self._events.put(partial(self._checked, code, number, done)))

    def _checked(self, code: str, number: int, done: "Future[tuple[Problem, ...]]") -> None:
        self._checking = False
        try:
            problems = done.result()
        except (CancelledError, Exception) as fault:
            problems = (_undone(f"locales/{code}", fault),)
        if number == self._read:  # otherwise it is asked again, if that language is concerned
            self._found[code] = Found(problems, current=True)
            self._changed()

    def _changed(self) -> None:
        self.number += 1
        self._tell(self.number)

    def _tell(self, number: int) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for hear in listeners:
            with suppress(RuntimeError):  # its loop has ended
                hear(number)


def _catalogs(changed: Collection[str]) -> set[str]:
    """The languages whose catalogs are all that has changed; none when something else has."""
    return {path.split("/")[1] for path in changed} if all(path.endswith(".po") for path in changed) else set()


def _undone(path: str, fault: BaseException) -> Problem:
    return Problem(Place(path), "preview/worker", f"this could not be made: {str(fault) or type(fault).__name__}",
                   "save a file of it to try again; if that does not help, end the preview and start it anew")  # fmt: skip
