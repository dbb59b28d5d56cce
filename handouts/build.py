"""Runs a plan on an executor and yields a `Result` for each job; then publishes, all or nothing.

Workers put finished pages into the cache and return small results. Only when every job has
succeeded are files moved into the output folder, each atomically, the manifest last: a problem
leaves the previous output as it was.
"""

import gc
import hashlib
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from handouts import durations, fonts, pdf, pictures, problems, staging
from handouts.approval import State
from handouts.cache import Cache, MissingError, replace, sweep
from handouts.content import SOURCE_LANGUAGE
from handouts.model import Consent
from handouts.pack_plan import PackJob
from handouts.packing import packed
from handouts.plan import Job
from handouts.printing import checked
from handouts.problems import HandoutsError, Place, Problem, errors, warning
from handouts.project import Project
from handouts.workers import Died, Pool

MANIFEST = "manifest.json"

INDEX = "index.html"
"""The page that staff open: a list of all files."""

PICTURES = "pictures"
"""The folder of the pictures of first pages."""

BEGUN = ".manifest.begun.json"
"""What the manifest will be, written before the first file: a build that was killed between leaves it behind."""

Entries: TypeAlias = Mapping[str, Mapping[str, object]]
"""What the manifest tells of each file, by its path from the output folder."""

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
            yield Result(job, Status.REUSED, "nothing it depends on has changed", 0.0, told(job, cache))
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


def make(job: Job | PackJob, folder: Path, templates: Path, store: Path) -> tuple[float, tuple[Problem, ...]]:
    """Make one job's file into the cache; returns the seconds it took and its problems."""
    start = time.perf_counter()
    cache = Cache(store)
    try:
        data, facts = _made(job, folder, templates, cache)
        cache.put(job.key, data, facts)
    except HandoutsError as fault:
        return time.perf_counter() - start, fault.problems
    return time.perf_counter() - start, _told(job, facts)


def _made(job: Job | PackJob, folder: Path, templates: Path, cache: Cache) -> tuple[bytes, dict[str, Any]]:
    """One job's file and what is known of it; raises `HandoutsError`."""
    if isinstance(job, PackJob):
        pack = packed(job, templates, cache, folder)
        facts = {field: getattr(pack, field) for field in ("pages", "accessible", "unfit", "removed")}
        return pack.pdf, facts | {"found": [problems.as_data(p) for p in pack.found]} | pictures.fact(pack.pdf)
    data, found = checked(job.page, templates, job.key[:32], str(job.output))
    return data, {"found": [problems.as_data(p) for p in found]} | pictures.fact(data)


def _finished(job: Job | PackJob, project: Project, cache: Cache) -> tuple[bytes, dict[str, Any]]:
    """A file that was made, and what is known of it; made anew when it has been taken away or damaged since."""
    try:
        data, facts = cache.entry(job.key)
        if pictures.current(facts):
            return data, facts
        facts |= pictures.fact(data)  # it was kept by an engine that made no pictures, or others
    except MissingError:
        data, facts = _made(job, project.folder, project.templates, cache)
    cache.put(job.key, data, facts)
    return data, facts


def lost(results: Iterable[Result], project: Project) -> bool:
    """Whether files that were made are in the cache no more: somebody has emptied it meanwhile."""
    cache = Cache(project.cache)
    return not all(cache.holds(result.job.key) for result in results if result.status is not Status.FAILED)


def told(job: Job | PackJob, cache: Cache) -> tuple[Problem, ...]:
    """What must be told of a finished file: print that is not clear, parts that are not accessible, what was taken out of foreign PDFs."""
    return _told(job, cache.facts(job.key))


def _told(job: Job | PackJob, facts: Mapping[str, Any]) -> tuple[Problem, ...]:
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
    results: Iterable[Result],
    project: Project,
    output: Path,
    whole: bool,
    withheld: Iterable[PurePosixPath] = (),
    index: Callable[[Entries], bytes] | None = None,
) -> tuple[PurePosixPath, ...]:
    """Move finished pages and their pictures into the output folder; returns those pages whose bytes changed.

    `whole` says that the plan covered everything: files of an earlier build that no job makes any
    more are then taken away. So are files of an earlier build that are `withheld` now and look as if
    they were approved. `index` makes the page that lists them all, which changes together with them.
    Raises `HandoutsError` when the folder cannot be written.
    """
    results = sorted(results, key=lambda r: str(r.job.output))
    if not (results or output.exists()):
        return ()
    cache = Cache(project.cache)
    try:
        with staging.alone(output):
            before = _before(output)
            void = {str(path) for path in withheld if before.get(str(path), {}).get("state") == State.APPROVED}
            kept = {name: entry for name, entry in before.items() if (output / name).exists() and name not in void}
            entries = {} if whole else kept
            changed: list[tuple[PurePosixPath, Job | PackJob]] = []
            for result in results:
                data, facts = _finished(result.job, project, cache)
                picture = pictures.of_facts(facts)
                if _differs(output / result.job.output, data):
                    changed.append((result.job.output, result.job))
                if picture and _differs(output / picture_path(result.job), picture.png):
                    changed.append((picture_path(result.job), result.job))
                entries[str(result.job.output)] = _entry(result, data, facts)
            was, now = (_paths(told) for told in (before, entries))
            for folder in {output, *((output / name).parent for name in (*was, *now, *_paths(_manifest(output / BEGUN))))}:
                sweep(folder)
            text, gone = _told_of(entries), was - now
            page = index(entries) if index and (entries or before) else None
            listed = page is None or not _differs(output / INDEX, page)
            if changed or gone or not listed:
                replace(output / BEGUN, text)
                staging.exchange(_contents(changed, None if listed else page, project, output))
                for name in sorted(gone):
                    (output / name).unlink(missing_ok=True)
            if (entries or before) and _differs(output / MANIFEST, text):
                replace(output / MANIFEST, text)
            (output / BEGUN).unlink(missing_ok=True)
    except OSError as fault:
        raise HandoutsError(
            Problem(Place(str(fault.filename or output)), "build/output", f"cannot write: {fault.strerror}",
                    "check free space and the permissions of the output folder; finished pages are kept in .cache")
        ) from None  # fmt: skip
    return tuple(path for path, job in changed if path == job.output)


def _differs(path: Path, data: bytes) -> bool:
    return not path.exists() or path.read_bytes() != data


def _paths(entries: Entries) -> set[str]:
    """The files that a manifest tells, pictures among them."""
    return {*entries, *(str(entry["picture"]) for entry in entries.values() if entry.get("picture"))}


def _contents(
    changed: Iterable[tuple[PurePosixPath, Job | PackJob]], index: bytes | None, project: Project, output: Path
) -> Iterator[tuple[Path, bytes]]:
    """The files that change and what they become, each file before its picture, the page that lists them last."""
    cache = Cache(project.cache)
    for path, job in changed:
        data, facts = _finished(job, project, cache)
        picture = pictures.of_facts(facts)
        yield output / path, data if path == job.output or not picture else picture.png
    if index is not None:
        yield output / INDEX, index


def picture_path(job: Job | PackJob) -> PurePosixPath:
    """Where the picture of a file goes, from the output folder: into the site's own folder where sites have one."""
    code = job.page.language.code
    apart = job.site and job.output.is_relative_to(PurePosixPath(job.site, code))
    edition = job.edition if isinstance(job, PackJob) else job.page.edition
    return PurePosixPath(job.site if apart else "", PICTURES, code, edition, f"{job.page.handout.id}.png")


def _kind(job: Job | PackJob) -> str:
    """What staff call a document."""
    return "pack" if isinstance(job, PackJob) else "form" if isinstance(job.page.handout, Consent) else "handout"


def _entry(result: Result, data: bytes, facts: Mapping[str, Any]) -> dict[str, object]:
    job, page = result.job, result.job.page
    pack, picture = isinstance(job, PackJob), pictures.of_facts(facts)
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "pages": facts.get("pages", picture.pages if picture else None),
        "picture": str(picture_path(job)) if picture else None,
        "kind": _kind(job),
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
        "findings": dict(sorted(Counter(problem.rule for problem in result.problems).items())),
        "sources": list(job.sources),
        **({"accessible": facts.get("accessible"), "parts": [p.title for p in job.pieces]} if isinstance(job, PackJob) else {}),
    }  # fmt: skip


def findings(project: Project, site: str = "") -> dict[str, dict[str, int]]:
    """How many findings of each rule the last build told about each document's English pages, by document id.

    They are those at a site; where there are sites and none is named, of each rule those of the site that has most.
    """
    found: dict[tuple[str, str], Counter[str]] = {}
    for entry in _before(project.output).values():
        if entry.get("language") == SOURCE_LANGUAGE and "handout" in entry and site in ("", entry.get("site")):
            told = entry.get("findings")
            at = found.setdefault((str(entry["handout"]), str(entry.get("site"))), Counter())
            at.update(told if isinstance(told, dict) else {})
    most: dict[str, Counter[str]] = {}
    for (name, _), counts in found.items():
        most[name] = most.get(name, Counter()) | counts
    return {name: dict(counts) for name, counts in most.items()}


def _told_of(entries: Mapping[str, Mapping[str, object]]) -> bytes:
    """The text of a manifest."""
    document = {"files": [{"file": name, **entries[name]} for name in sorted(entries)]}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _before(output: Path) -> dict[str, dict[str, object]]:
    """What is known of the files that are there: by the manifest and, where a build was killed before it wrote it, by that build."""
    entries = _manifest(output / MANIFEST)
    for name, entry in _manifest(output / BEGUN).items():
        with suppress(OSError):
            if hashlib.sha256((output / name).read_bytes()).hexdigest() == entry.get("sha256"):
                entries[name] = entry
    return entries


def _manifest(path: Path) -> dict[str, dict[str, object]]:
    """The entries of a manifest that is there; a damaged one counts as none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {str(e["file"]): {k: v for k, v in e.items() if k != "file"} for e in document["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
