"""The PDF of a page as it is printed, made in a process of its own or taken from the cache, and pictures of its pages."""

from dataclasses import dataclass, field
from pathlib import Path

from handouts import making
from handouts.cache import Cache
from handouts.plan import Job
from handouts.problems import HandoutsError, Problem
from handouts.rasters import Raster, rasters


@dataclass(frozen=True)
class Printed:
    """A finished page and what is told of its print; only problems where it could not be made."""

    pdf: bytes = b""
    rasters: tuple[Raster, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Pages:
    """How far the PDF of what somebody looks at is."""

    key: str = ""
    """Of the PDF that is there; empty as long as there is none."""
    printed: Printed = field(default_factory=Printed)
    making: bool = False
    refused: Problem | None = None
    """Why there is none."""


def printed(job: Job, folder: Path, templates: Path, store: Path) -> Printed:
    """The pages of a job; what is made is kept in the cache, as a build keeps it."""
    try:
        data, facts = making.finished(job, folder, templates, Cache(store))
    except HandoutsError as fault:
        return Printed(problems=fault.problems)
    return Printed(data, tuple(rasters(data)), making.told(job, facts))
