"""Runs a plan on an executor and yields a `Result` for each job; then publishes, all or nothing.

Workers put finished pages into the cache and return small results. Only when every job has
succeeded are files moved into the output folder, each atomically, the manifest last: a problem
leaves the previous output as it was.
"""

import hashlib
import json
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path, PurePosixPath
from typing import Any

from handouts import fonts, problems
from handouts.approval import State
from handouts.cache import Cache, replace
from handouts.content import SOURCE_LANGUAGE
from handouts.pack_plan import PackJob
from handouts.packing import packed
from handouts.plan import Job
from handouts.printing import checked
from handouts.problems import HandoutsError, Place, Problem, errors, warning
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

    job: Job | PackJob
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


def run(jobs: Iterable[Job | PackJob], project: Project, executor: Executor) -> Iterator[Result]:
    """Make what is missing; results come as they are ready, reused ones first.

    The sheets of a pack must be in the cache before the pack is run.
    """
    cache = Cache(project.cache)
    waiting = []
    for job in jobs:
        if cache.holds(job.key):
            yield Result(job, Status.REUSED, "nothing it depends on has changed", 0.0, told(job, cache))
        else:
            waiting.append(job)
    futures = {executor.submit(make, job, project.folder, project.templates, project.cache): job for job in waiting}
    for future in as_completed(futures):
        job = futures[future]
        try:
            seconds, problems = future.result()
        except BrokenProcessPool:
            seconds, problems = 0.0, (
                Problem(Place(str(job.output)), "build/worker", "the process that made this page died",
                        "the machine may be out of memory: try --jobs 1"),
            )  # fmt: skip
        if errors(problems):
            yield Result(job, Status.FAILED, problems[0].message, seconds, problems)
        else:
            yield Result(job, Status.MADE, "it was not made before from these sources", seconds, problems)


def make(job: Job | PackJob, folder: Path, templates: Path, store: Path) -> tuple[float, tuple[Problem, ...]]:
    """Make one job's file into the cache; returns the seconds it took and its problems."""
    start = time.perf_counter()
    cache = Cache(store)
    try:
        if isinstance(job, PackJob):
            pack = packed(job, templates, cache, folder)
            facts = {field: getattr(pack, field) for field in ("pages", "accessible", "unfit", "removed")}
            cache.put_facts(job.key, facts | {"found": [problems.as_data(p) for p in pack.found]})
            cache.put(job.key, pack.pdf)
        else:
            data, found = checked(job.page, templates, job.key[:32], str(job.output))
            cache.put_facts(job.key, {"found": [problems.as_data(p) for p in found]})
            cache.put(job.key, data)
    except HandoutsError as fault:
        return time.perf_counter() - start, fault.problems
    return time.perf_counter() - start, told(job, cache)


def told(job: Job | PackJob, cache: Cache) -> tuple[Problem, ...]:
    """What must be told of a finished file: print that is not clear, parts that are not accessible, what was taken out of foreign PDFs."""
    facts = cache.facts(job.key)
    place = Place(str(job.output))
    unfit = (
        warning(place, "pack/accessible", f"the pack does not say that it is accessible (PDF/UA), because {part} is not",
                "ask whoever made that PDF for a tagged one; people who use a screen reader cannot read it")
        for part in facts.get("unfit", ())
    )  # fmt: skip
    removed = (
        warning(Place(path), "pack/active", f"taken out of the copy in the pack: {what} ({count} times)",
                "look whether the page still says what it should; nothing in a pack acts by itself")
        for path, what, count in facts.get("removed", ())
    )  # fmt: skip
    # the page may have been made for another site that prints the same
    found = (problems.of_data(p | {"path": str(job.output)}) for p in facts.get("found", ()))
    return (*found, *unfit, *removed)


def publish(
    results: Iterable[Result], project: Project, output: Path, whole: bool, withheld: Iterable[PurePosixPath] = ()
) -> tuple[PurePosixPath, ...]:
    """Move finished pages into the output folder; returns those whose bytes changed.

    `whole` says that the plan covered everything: files of an earlier build that no job makes any
    more are then taken away. So are files of an earlier build that are `withheld` now and look as if
    they were approved. Raises `HandoutsError` when the folder cannot be written.
    """
    cache = Cache(project.cache)
    before = _manifest(output)
    void = {str(path) for path in withheld if before.get(str(path), {}).get("state") == State.APPROVED}
    kept = {name: entry for name, entry in before.items() if (output / name).exists() and name not in void}
    entries = {} if whole else kept
    changed = []
    try:
        for result in sorted(results, key=lambda r: str(r.job.output)):
            job, data = result.job, cache.get(result.job.key)
            path = output / job.output
            if not path.exists() or path.read_bytes() != data:
                replace(path, data)
                changed.append(job.output)
            entries[str(job.output)] = _entry(result, data, cache.facts(job.key))
        for name in before.keys() - entries.keys():
            (output / name).unlink(missing_ok=True)
        document = {"files": [{"file": name, **entries[name]} for name in sorted(entries)]}
        text = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
        if (entries or before) and (not (output / MANIFEST).exists() or (output / MANIFEST).read_bytes() != text):
            replace(output / MANIFEST, text)
    except OSError as fault:
        raise HandoutsError(
            Problem(Place(str(fault.filename or output)), "build/output", f"cannot write: {fault.strerror}",
                    "check free space and the permissions of the output folder; finished pages are kept in .cache")
        ) from None  # fmt: skip
    return tuple(changed)


def _entry(result: Result, data: bytes, facts: Mapping[str, Any]) -> dict[str, object]:
    job, page = result.job, result.job.page
    pack = isinstance(job, PackJob)
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "document": page.handout.document,
        "pack" if pack else "handout": page.handout.id,
        "title": page.handout.title,
        **({"site": job.site} if job.site else {}),
        "language": page.language.code,
        "edition": str(job.edition if isinstance(job, PackJob) else page.edition),
        "version": page.handout.version,
        "published": page.handout.published.isoformat(),
        "review": page.handout.review.isoformat(),
        "digest": page.digest,
        "state": page.approval.state,
        "needs": list(page.approval.why),
        "signed": [signature.model_dump(mode="json", exclude_none=True) for signature in page.approval.signed],
        "findings": len(result.problems),
        "sources": list(job.sources),
        **({"pages": facts.get("pages"), "accessible": facts.get("accessible"), "parts": [p.title for p in job.pieces]}
           if isinstance(job, PackJob) else {}),
    }  # fmt: skip


def findings(project: Project, site: str = "") -> dict[str, int]:
    """How many findings the last build told about each document's English pages, by document id.

    They are those at a site; where there are sites and none is named, those of the site that has most.
    """
    found: dict[tuple[str, str], int] = {}
    for entry in _manifest(project.output).values():
        if entry.get("language") == SOURCE_LANGUAGE and "handout" in entry and site in ("", entry.get("site")):
            at, told = (str(entry["handout"]), str(entry.get("site"))), entry.get("findings")
            found[at] = found.get(at, 0) + (told if isinstance(told, int) else 0)
    return {name: max(count for (other, _), count in found.items() if other == name) for name, _ in found}


def _manifest(output: Path) -> dict[str, dict[str, object]]:
    """The entries of the manifest that is there; a damaged one counts as none."""
    try:
        document = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
        return {str(e["file"]): {k: v for k, v in e.items() if k != "file"} for e in document["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
