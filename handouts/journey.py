"""A job that is made elsewhere: what it takes along, how often it was sent, what became of it."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from handouts import packing
from handouts.cache import Cache
from handouts.pack_plan import File, PackJob
from handouts.page import Page
from handouts.parcel import Made, Make
from handouts.plan import Job
from handouts.problems import HandoutsError, Problem


@dataclass(eq=False)
class Journey:
    """A job, and the future that its submitter holds."""

    make: Make
    job: Job | PackJob
    folder: Path
    store: Path
    future: Future[tuple[float, tuple[Problem, ...]]] = field(default_factory=Future)
    sent: int = 0
    """How often."""
    workers: frozenset[str] = frozenset()
    """Those that it was given to the last time."""

    @property
    def name(self) -> str:
        """What problems call it."""
        return str(self.job.output)

    @property
    def cache(self) -> Cache:
        """Where finished pages are, here."""
        return Cache(self.store)

    @property
    def wanted(self) -> bool:
        """Whether its submitter still waits for it; it cannot be called off any more then."""
        return self.future.running() or self.future.set_running_or_notify_cancel()

    def luggage(self) -> tuple[str, ...]:
        """The keys of what it needs of the cache; PDFs from elsewhere are read and cleaned here. Raises `HandoutsError`."""
        if not isinstance(self.job, PackJob):
            return ()
        files = [piece.made_from for piece in self.job.pieces if isinstance(piece.made_from, File)]
        for file in files:
            packing.copied(file, self.cache, self.folder)
        return tuple(dict.fromkeys((*(job.key for job in self.job.sheets), *(packing.copy_key(file) for file in files))))

    def arrived(self, made: Made) -> None:
        """Keep what was made, and tell the submitter."""
        try:
            if made.pdf is not None:
                self.cache.put(self.job.key, made.pdf, made.facts)
        except HandoutsError as fault:
            self.future.set_result((made.seconds, fault.problems))
        else:
            self.future.set_result((made.seconds, made.problems))

    def failed(self, fault: BaseException | tuple[Problem, ...]) -> None:
        """Tell the submitter why it was not made."""
        if not self.wanted:
            return
        if isinstance(fault, BaseException):
            self.future.set_exception(fault)
        else:
            self.future.set_result((0.0, fault))


def families(jobs: Iterable[Job | PackJob]) -> tuple[str, ...]:
    """The font families that jobs are set in."""
    languages = (language for job in jobs for page in _pages(job) for language in (page.language, *page.others()))
    return tuple(dict.fromkeys(family for language in languages for family in language.fonts))


def _pages(job: Job | PackJob) -> Iterator[Page]:
    yield job.page
    for piece in job.pieces if isinstance(job, PackJob) else ():
        if isinstance(piece.made_from, Page):
            yield piece.made_from
