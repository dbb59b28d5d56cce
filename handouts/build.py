"""Runs a plan on an executor and yields a `Result` for each job.

Workers put finished pages into the cache and return small results. `publishing` moves them into the output folder,
and only when every job has succeeded: a problem leaves the previous output as it was.
"""

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from handouts import durations, fonts, pdf
from handouts.cache import Cache
from handouts.making import make, told
from handouts.pack_plan import PackJob
from handouts.plan import Job
from handouts.problems import HandoutsError, Place, Problem, errors
from handouts.project import Project
from handouts.workers import Died, Pool

WINDOW = 256
"""How many jobs an executor is given at once: as many as a cluster has processors, and few enough to lie in memory."""

WARMED = ("page.css", "large-print.css", "tight.css")
"""The styles that are parsed before the first page."""


class Status(StrEnum):
    """How a job ended."""

    MADE = "made"
    REUSED = "reused"
    FAILED = "failed"


@dataclass(frozen=True)
class Result:
    """The end of a job: its status, a reason a person understands, seconds, problems."""

    job: Job | PackJob
    status: Status
    reason: str
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()


def pool(project: Project, workers: int) -> Pool:
    """A pool whose workers know the fonts and have set a page; the first of them begin at once, beside whatever is read meanwhile."""
    made = Pool(workers, _prepare, project.templates, project.cache)
    made.warm()
    return made


def _prepare(templates: Path, cache: Path) -> None:
    fonts.configure(templates, cache)
    with suppress(OSError):  # told where the style is needed
        pdf.prepare(tuple((templates / name).read_text(encoding="utf-8") for name in WARMED))
    gc.collect()
    gc.freeze()  # what was imported stays; it need not be looked through again at every page


def run(jobs: Iterable[Job | PackJob], project: Project, executor: Executor, window: int = WINDOW) -> Iterator[Result]:
    """Make what is missing, what takes longest first; results come as they are ready, reused ones first.

    The sheets of a pack must be in the cache before the pack is run.
    """
    cache = Cache(project.cache)
    missing = []
    for job in jobs:
        if cache.holds(job.key):
            yield Result(job, Status.REUSED, "nothing it depends on has changed", 0.0, told(job, cache.facts(job.key)))
        else:
            missing.append(job)
    known = durations.read(cache.folder)
    waiting = deque(sorted(missing, key=lambda job: durations.expected(job, known), reverse=True))
    futures: dict[Future[tuple[float, tuple[Problem, ...]]], Job | PackJob] = {}
    try:
        while waiting or futures:
            while waiting and len(futures) < window:
                job = waiting.popleft()
                futures[_submitted(executor, job, project)] = job
            for future in wait(futures, return_when=FIRST_COMPLETED).done:
                job = futures.pop(future)
                result = _result(job, future)
                if result.status is Status.MADE:
                    known[str(job.output)] = round(result.seconds, 2)
                yield result
    finally:  # also when interrupted
        if missing:
            durations.keep(known, cache.folder)


def _submitted(executor: Executor, job: Job | PackJob, project: Project) -> Future[tuple[float, tuple[Problem, ...]]]:
    try:
        return executor.submit(make, job, project.folder, project.templates, project.cache)
    except BrokenExecutor as fault:  # an executor of another kind that has lost its workers
        broken: Future[tuple[float, tuple[Problem, ...]]] = Future()
        broken.set_exception(fault)
        return broken


def _result(job: Job | PackJob, future: Future[tuple[float, tuple[Problem, ...]]]) -> Result:
    try:
        seconds, problems = future.result()
    except HandoutsError as fault:  # the worker could not begin
        seconds, problems = 0.0, fault.problems
    except Died as fault:
        seconds, problems = 0.0, (
            Problem(Place(str(job.output)), "build/worker",
                    f"the process that makes this page died twice, the second time with no other beside it: {fault}",
                    "the machine may have too little memory for it; or look for what is unusual in it, such as a large picture"),
        )  # fmt: skip
    except BrokenExecutor:
        seconds, problems = 0.0, (
            Problem(Place(str(job.output)), "build/worker", "the process that made this page died",
                    "the machine may be out of memory: try --jobs 1"),
        )  # fmt: skip
    if errors(problems):
        return Result(job, Status.FAILED, problems[0].message, seconds, problems)
    return Result(job, Status.MADE, "it was not made before from these sources", seconds, problems)
