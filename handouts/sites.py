"""One build for every clinic of a group: the work of all sites in one, each page that several of them print made once.

A page's key covers only what it prints of its clinic; pages with equal keys are equal, whatever site they are for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from handouts import making, pack_plan
from handouts.build import Result, Status
from handouts.cache import Cache
from handouts.keys import Keys
from handouts.material import Material
from handouts.pack_plan import PackJob, Work
from handouts.plan import Job, Planner, Selection
from handouts.project import Project

J = TypeVar("J", bound=Job | PackJob)


def work(material: Material, selection: Selection) -> Work:
    """The work for a selection at every site of the material, site after site; of one clinic where there are no sites."""
    group = Planner(material, Keys(material), selection.today)
    works = [pack_plan.work(own.material, wanted, own) for own in group.each() for wanted in _at(own, selection)]
    sheets = tuple(chain.from_iterable(work.sheets for work in works))
    keys = {job.key for job in sheets}
    return Work(
        sheets,
        once(job for work in works for job in work.inner if job.key not in keys),
        tuple(chain.from_iterable(work.packs for work in works)),
        tuple(chain.from_iterable(work.blocked for work in works)),
    )


def _at(planner: Planner, selection: Selection) -> Iterator[Selection]:
    """The selection at a site: a language that only others of the group print is not made there."""
    library = planner.material.library
    group = planner.whole.library.printed if planner.whole else ()
    codes = tuple(code for code in selection.languages if code in library.clinic.languages or code not in group)
    if codes or not selection.languages:
        yield replace(selection, languages=codes)


def once(jobs: Iterable[J]) -> tuple[J, ...]:
    """The first job of each key."""
    found: dict[str, J] = {}
    for job in jobs:
        found.setdefault(job.key, job)
    return tuple(found.values())


def shared(results: Sequence[Result], jobs: Iterable[Job | PackJob], project: Project) -> tuple[Result, ...]:
    """The results of jobs of which the first of each key was run: the others end as it did, and reuse what it made."""
    cache = Cache(project.cache)
    ends = {result.job.key: result for result in results}
    return (*results, *(_reused(ends[job.key], job, cache) for job in jobs if job is not ends[job.key].job))


def _reused(first: Result, job: Job | PackJob, cache: Cache) -> Result:
    if first.status is Status.FAILED:
        return replace(first, job=job)
    return Result(job, Status.REUSED, f"it is the same as {first.job.output}", 0.0, making.told(job, cache.facts(job.key)))
