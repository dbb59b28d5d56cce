"""A job with all that it needs, and how it is made on another machine: by the very function that makes it here.

That function is given a folder and a cache of its own; what it has put there goes back as a value.
Nothing is unpacked or made where other versions would make other bytes.
"""

import asyncio
import atexit
import pickle
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from handouts import bundle
from handouts.bundle import Bundle, Shelf
from handouts.cache import Cache
from handouts.problems import Place, Problem

Make: TypeAlias = Callable[[Any, Path, Path, Path], tuple[float, tuple[Problem, ...]]]
"""Makes a job with the files of a folder and its templates into a cache; returns the seconds it took and its problems."""


@dataclass(frozen=True)
class Made:
    """What comes back: how long it took, what is told of it and, when it went well, the bytes and facts to keep."""

    seconds: float
    problems: tuple[Problem, ...]
    pdf: bytes | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What a worker says of itself: its machine, and what is not as wanted."""

    host: str
    differences: tuple[str, ...]


_bench = threading.Lock()
"""WeasyPrint makes one page at a time in a process, however many threads a worker was given."""


_shelves: list[Shelf] = []
"""The one shelf of this process, once it has one."""


def _shelf(place: Path | None = None) -> Shelf:
    """What this process has unpacked: in its worker's own folder, which Dask clears even after a worker that was killed."""
    if not _shelves:
        if place is None:
            place = Path(tempfile.mkdtemp(prefix="handouts-"))
            atexit.register(shutil.rmtree, place, ignore_errors=True)
        _shelves.append(Shelf(place / "handouts"))
    return _shelves[0]


def packed(wanted: Mapping[str, str], make: Make, job: object, kept: Mapping[str, Mapping[str, object]]) -> bytes:
    """A job as a parcel; `kept` is the facts of what it needs of the cache, by key. Its label is read before it is opened."""
    return pickle.dumps((dict(wanted), pickle.dumps((make, job, dict(kept)))))


async def examined(wanted: Mapping[str, str], templates: bytes, dask_worker: Any = None) -> Report:
    """How this process differs from what is wanted; the worker, which Dask gives, goes on listening meanwhile."""
    return await asyncio.to_thread(_examined, wanted, templates, Path(dask_worker.local_directory) if dask_worker else None)


def _examined(wanted: Mapping[str, str], templates: bytes, place: Path | None) -> Report:
    with _bench:
        _shelf(place)
        return _report(wanted, Bundle(templates))


def _report(wanted: Mapping[str, str], templates: Bundle) -> Report:
    shelf = _shelf()
    shelf.templates(templates)
    found = bundle.versions(bundle.families(wanted), shelf.fonts)
    return Report(socket.gethostname(), tuple(bundle.differences(wanted, found)))


def made(parcel: bytes, templates: bytes, *kept: bytes) -> Made | Report:
    """The job of a parcel, made here with what travelled beside it; a report when the versions here are others."""
    wanted, contents = pickle.loads(parcel)  # noqa: S301  # it comes as the call itself comes, pickled
    with _bench:
        report = _report(wanted, Bundle(templates))
        if report.differences:
            return report
        make, job, facts = pickle.loads(contents)  # noqa: S301
        try:
            with tempfile.TemporaryDirectory(dir=_shelf().place) as folder:
                store = Cache(Path(folder))
                for key, data in zip(facts, kept, strict=True):
                    store.put(key, data, facts[key])
                seconds, problems = make(job, Path(folder), _shelf().templates(Bundle(templates)), store.folder)
                if not store.holds(job.key):
                    return Made(seconds, problems)
                return Made(seconds, problems, store.get(job.key), store.facts(job.key))
        except OSError as fault:
            return Made(0.0, (
                Problem(Place(str(job.output)), "cluster/disk", f"{report.host} could not keep the page: {fault.strerror}",
                        "free space there, or start the worker with another --local-directory"),
            ))  # fmt: skip
