"""What can be wrong with a cluster, in the words that its users read. Pure."""

from handouts.parcel import Report
from handouts.problems import HandoutsError, Place, Problem, warning


def stopped(address: str, fault: str, rule: str, hint: str) -> HandoutsError:
    """Why a build on a cluster does not begin."""
    return HandoutsError(Problem(Place(address), rule, fault, hint))


def workerless(address: str) -> Problem:
    """There is nobody to make pages."""
    return Problem(Place(address), "cluster/workers", "the cluster has no worker that can make pages",
                   "start some: dask worker HOST:PORT --nworkers auto --nthreads 1; see docs/cluster.md")  # fmt: skip


def refused(worker: str, report: object) -> Problem:
    """Why a worker makes no pages: from its report, or from what kept it from making one."""
    if isinstance(report, Report):
        fault = f"the worker on {report.host} makes no pages, its versions are others: {', '.join(report.differences)}"
    else:
        fault = f"the worker makes no pages, it cannot run this version of the package: {said(report)}"
    return Problem(Place(worker), "cluster/versions", fault,
                   "install there the package, the libraries (requirements.lock) and the fonts that are here, then start it again")  # fmt: skip


def died(output: str, last: str = "") -> Problem:
    """A page that no worker has survived."""
    return Problem(Place(output), "cluster/worker",
                   "every worker that was given this page died" + (f", the last was {last}" if last else ""),
                   "a worker may be out of memory: give each more, or start fewer on a machine; their logs say more")  # fmt: skip


def gone(output: str) -> Problem:
    """A page that a pack needs was taken out of the cache in mid-build."""
    return Problem(Place(output), "build/cache", "a page that it needs has gone from the cache meanwhile", "build again")


def lost(address: str) -> Problem:
    """The scheduler is not what it was."""
    return Problem(Place(address), "cluster/connection", "the scheduler went away, or has forgotten the jobs of this build",
                   "look whether it runs; then build again: finished pages are kept in .cache")  # fmt: skip


def threaded(worker: str, threads: int) -> Problem:
    """A worker that could be several."""
    return warning(Place(worker), "cluster/threads", f"the worker has {threads} threads, but makes one page at a time",
                   f"start a process for each instead: dask worker HOST:PORT --nworkers {threads} --nthreads 1")  # fmt: skip


def said(fault: object) -> str:
    """The first line of what an exception says."""
    return (str(fault).strip() or type(fault).__name__).splitlines()[0]
