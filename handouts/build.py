"""Runs a plan on an executor and yields a `Result` for each job; then publishes, all or nothing.

Workers put finished pages into the cache and return small results. Only when every job has
succeeded are files moved into the output folder, each atomically, the manifest last: a problem
leaves the previous output as it was.
"""

import hashlib
import json
import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path, PurePosixPath

from handouts import fonts, markup, pdf
from handouts.cache import Cache, replace
from handouts.plan import Job
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

MANIFEST = "manifest.json"


class Status(StrEnum):
    """How a job ended."""

    MADE = "made"
    REUSED = "reused"
    FAILED = "failed"


@dataclass(frozen=True)
class Result:
    """The end of a job: its status, a reason a person understands, seconds, problems."""

    job: Job
    status: Status
    reason: str
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()


def pool(project: Project, workers: int) -> ProcessPoolExecutor:
    """A pool whose workers know the fonts and leave Ctrl-C to the parent."""
    return ProcessPoolExecutor(
        workers, mp_context=get_context("forkserver"), initializer=_prepare, initargs=(project.templates, project.cache)
    )


def _prepare(templates: Path, cache: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fonts.configure(templates, cache)


def run(jobs: Iterable[Job], project: Project, executor: Executor) -> Iterator[Result]:
    """Make what is missing; results come as they are ready, reused ones first."""
    cache = Cache(project.cache)
    waiting = []
    for job in jobs:
        if cache.holds(job.key):
            yield Result(job, Status.REUSED, "nothing it depends on has changed")
        else:
            waiting.append(job)
    futures = {executor.submit(make, job, project.templates, project.cache): job for job in waiting}
    for future in as_completed(futures):
        job = futures[future]
        try:
            seconds, problems = future.result()
        except BrokenProcessPool:
            seconds, problems = 0.0, (
                Problem(Place(str(job.output)), "build/worker", "the process that made this page died",
                        "the machine may be out of memory: try --jobs 1"),
            )  # fmt: skip
        if problems:
            yield Result(job, Status.FAILED, problems[0].message, seconds, problems)
        else:
            yield Result(job, Status.MADE, "it was not made before from these sources", seconds)


def make(job: Job, templates: Path, cache: Path) -> tuple[float, tuple[Problem, ...]]:
    """Render one job into the cache; returns the seconds it took and its problems."""
    start = time.perf_counter()
    try:
        html = markup.html(job.page, templates)
        data = pdf.render(html, markup.styles(job.page, templates), markup.tighter(templates), job.key[:32], str(job.output))
        Cache(cache).put(job.key, data)
    except HandoutsError as fault:
        return time.perf_counter() - start, fault.problems
    return time.perf_counter() - start, ()


def publish(results: Iterable[Result], project: Project, output: Path, whole: bool) -> tuple[PurePosixPath, ...]:
    """Move finished pages into the output folder; returns those whose bytes changed.

    `whole` says that the plan covered everything: files of an earlier build that no job makes any
    more are then taken away. Raises `HandoutsError` when the folder cannot be written.
    """
    cache = Cache(project.cache)
    before = _manifest(output)
    entries = {} if whole else {name: entry for name, entry in before.items() if (output / name).exists()}
    changed = []
    try:
        for result in sorted(results, key=lambda r: str(r.job.output)):
            job, data = result.job, cache.get(result.job.key)
            path = output / job.output
            if not path.exists() or path.read_bytes() != data:
                replace(path, data)
                changed.append(job.output)
            entries[str(job.output)] = _entry(job, data)
        for name in before.keys() - entries.keys():
            (output / name).unlink(missing_ok=True)
        document = {"files": [{"file": name, **entries[name]} for name in sorted(entries)]}
        text = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
        if not (output / MANIFEST).exists() or (output / MANIFEST).read_bytes() != text:
            replace(output / MANIFEST, text)
    except OSError as fault:
        raise HandoutsError(
            Problem(Place(str(fault.filename or output)), "build/output", f"cannot write: {fault.strerror}",
                    "check free space and the permissions of the output folder; finished pages are kept in .cache")
        ) from None  # fmt: skip
    return tuple(changed)


def _entry(job: Job, data: bytes) -> dict[str, object]:
    page = job.page
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "document": page.handout.document,
        "handout": page.handout.id,
        "title": page.handout.title,
        "language": page.language.code,
        "edition": str(page.edition),
        "version": page.handout.version,
        "published": page.handout.published.isoformat(),
        "review": page.handout.review.isoformat(),
        "digest": page.digest,
        "state": "draft",
        "sources": list(job.sources),
    }


def _manifest(output: Path) -> dict[str, dict[str, object]]:
    """The entries of the manifest that is there; a damaged one counts as none."""
    try:
        document = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
        return {str(e["file"]): {k: v for k, v in e.items() if k != "file"} for e in document["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
