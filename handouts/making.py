"""One job's file, made into the cache: what a worker does, and what must be told of what it made.

What sets and assembles pages is imported when a page is made: the process that only hands out jobs does without.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handouts import pictures, problems
from handouts.cache import Cache, MissingError
from handouts.pack_plan import PackJob
from handouts.plan import Job
from handouts.problems import HandoutsError, Place, Problem, warning


def make(job: Job | PackJob, folder: Path, templates: Path, store: Path) -> tuple[float, tuple[Problem, ...]]:
    """Make one job's file into the cache; returns the seconds it took and its problems."""
    start = time.perf_counter()
    cache = Cache(store)
    try:
        data, facts = _made(job, folder, templates, cache)
        cache.put(job.key, data, facts)
    except HandoutsError as fault:
        return time.perf_counter() - start, fault.problems
    return time.perf_counter() - start, told(job, facts)


def _made(job: Job | PackJob, folder: Path, templates: Path, cache: Cache) -> tuple[bytes, dict[str, Any]]:
    """One job's file and what is known of it; raises `HandoutsError`."""
    if isinstance(job, PackJob):
        from handouts.packing import packed

        pack = packed(job, templates, cache, folder)
        facts = {field: getattr(pack, field) for field in ("pages", "accessible", "unfit", "removed")}
        return pack.pdf, facts | {"found": [problems.as_data(p) for p in pack.found]} | pictures.fact(pack.pdf)
    from handouts.printing import checked

    data, found = checked(job.page, templates, job.key[:32], str(job.output))
    return data, {"found": [problems.as_data(p) for p in found]} | pictures.fact(data)


def finished(job: Job | PackJob, folder: Path, templates: Path, cache: Cache) -> tuple[bytes, dict[str, Any]]:
    """A file that was made, and what is known of it; made anew when it has been taken away or damaged since."""
    try:
        data, facts = cache.entry(job.key)
        if pictures.current(facts):
            return data, facts
        facts |= pictures.fact(data)  # it was kept by an engine that made no pictures, or others
    except MissingError:
        data, facts = _made(job, folder, templates, cache)
    cache.put(job.key, data, facts)
    return data, facts


def told(job: Job | PackJob, facts: Mapping[str, Any]) -> tuple[Problem, ...]:
    """What must be told of a finished file: print that is not clear, parts that are not accessible, what was taken out of foreign PDFs."""
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
