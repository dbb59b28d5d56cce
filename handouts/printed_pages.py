"""The PDF of a page as it is printed, made in a process of its own or taken from the cache, and pictures of its pages."""

from dataclasses import dataclass
from pathlib import Path

from handouts import problems
from handouts.cache import Cache, MissingError
from handouts.plan import Job
from handouts.printing import checked
from handouts.problems import HandoutsError, Problem
from handouts.rasters import Raster, rasters


@dataclass(frozen=True)
class Printed:
    """A finished page and what is told of its print; only problems where it could not be made."""

    pdf: bytes = b""
    rasters: tuple[Raster, ...] = ()
    problems: tuple[Problem, ...] = ()


def printed(job: Job, templates: Path, store: Path) -> Printed:
    """The pages of a job; what is made is kept in the cache, as a build keeps it."""
    cache = Cache(store)
    try:
        try:
            data, facts = cache.entry(job.key)
            found = tuple(problems.of_data(p | {"path": str(job.output)}) for p in facts.get("found", ()))
        except MissingError:
            data, found = checked(job.page, templates, job.key[:32], str(job.output))
            cache.put(job.key, data, {"found": [problems.as_data(p) for p in found]})
    except HandoutsError as fault:
        return Printed(problems=fault.problems)
    return Printed(data, tuple(rasters(data)), found)
