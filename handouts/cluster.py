"""A build on an existing Dask cluster: an executor that sends each job with all it needs and keeps what comes back.

One thread talks to the cluster. It sends a few jobs ahead for each worker it has examined, so that
neither the scheduler nor this process ever holds many pages. Workers that are lost, and workers
that have other versions, cost their jobs a second journey. The only importer of Dask.
"""

import logging
import operator
import pickle
import queue
import re
import socket
import threading
import time
import uuid
import warnings
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Executor, Future
from typing import Any

from handouts import bundle, journey, parcel
from handouts.cluster_problems import died, gone, lost, refused, said, stopped, threaded, workerless
from handouts.journey import Journey
from handouts.pack_plan import PackJob
from handouts.parcel import Made, Report
from handouts.plan import Job
from handouts.problems import HandoutsError, Problem, warning
from handouts.project import Project

ADDRESS = re.compile(r"dask(\+tls)?://(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})")
"""How a cluster is named: dask://HOST:PORT, or dask+tls://HOST:PORT."""

SECONDS = 10
"""How long the scheduler may take to answer."""

PATIENCE = 60.0
"""Seconds that a build waits when it has no worker any more: whoever restarts them may be about to."""

TICK = 2.0
"""Seconds between two looks at which workers there are."""

AHEAD = 2
"""How many jobs are sent for each worker: one that it makes, one that lies ready."""

JOURNEYS = 4
"""How often a job is sent at most."""


class Cluster(Executor):
    """Runs `make(job, folder, templates, store)` on the workers of a cluster; connects when the first job comes.

    Raises `HandoutsError` then, if there is no such cluster or none of its workers may make pages.
    """

    def __init__(self, address: str, project: Project, jobs: Iterable[Job | PackJob], patience: float = PATIENCE) -> None:
        self.address, self.project, self.patience = address, project, patience
        self.told: list[Problem] = []
        """What there is to say of the workers."""
        self._jobs = tuple(jobs)
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._open = True
        self._waiting: deque[Journey] = deque()
        self._sent: dict[Future[Any], Journey] = {}
        self._workers: frozenset[str] = frozenset()
        self._refused: dict[str, Problem] = {}
        self._gifts: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        """Have a job made elsewhere; the future's result is what `fn` returns, once bytes and facts are in the cache here."""
        job, folder, _templates, store = arguments
        if self._thread is None:
            self._connect()
            self._thread = threading.Thread(target=self._run, name="cluster", daemon=True)
            self._thread.start()
        begun = Journey(fn, job, folder, store)
        self._events.put(lambda: self._waiting.append(begun))
        return begun.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster when all is made, or at once: what is queued or under way is called off then."""
        if self._thread is not None:
            self._events.put(lambda: self._close(cancel_futures))
            if wait:
                self._thread.join()

    def _connect(self) -> None:
        """Find the cluster and its workers, in the thread of whoever builds."""
        self._client = _client(self.address)
        try:
            self._templates = bundle.bundled(self.project.templates).data
            self._versions = bundle.versions(journey.families(self._jobs), self.project.templates)
            self._dask = self._client.get_executor(pure=False)
            self._seen = time.monotonic()
            self._look()
            if not self._workers:
                raise HandoutsError(*(self._refused.values() or (workerless(self.address),)))
        except BaseException:
            self._client.close()
            raise

    # From here on: in the thread that talks to the cluster.

    def _run(self) -> None:
        try:
            while self._open or self._waiting or self._sent:
                self._hear()
                if (self._waiting or self._sent) and time.monotonic() - self._looked > TICK:
                    self._look()
                self._feed()
        except BaseException as fault:
            gone = isinstance(fault, CancelledError) or self._client.status != "running"
            self._fail((lost(self.address),) if gone else fault)
            while self._open:  # whoever still submits is told the same
                self._events.get()()
                self._fail((lost(self.address),) if gone else fault)
        finally:
            self._client.close(timeout=SECONDS)

    def _hear(self) -> None:
        """Do what has been asked for meanwhile; wait a little for something to do."""
        try:
            self._events.get(timeout=TICK)()
            while True:
                self._events.get_nowait()()
        except queue.Empty:
            pass

    def _close(self, at_once: bool) -> None:
        self._open = False
        if at_once:
            for sent in self._sent:
                sent.cancel()
            for begun in self._waiting:
                begun.future.cancel()
            self._waiting.clear()
            self._fail(CancelledError())

    def _fail(self, fault: BaseException | tuple[Problem, ...]) -> None:
        """End every job that is not made."""
        for begun in (*self._waiting, *self._sent.values()):
            begun.failed(fault)
        self._waiting.clear()
        self._sent.clear()

    def _look(self) -> None:
        """See which workers there are, examine those that are new, and send the jobs of those that are gone to others."""
        self._looked = time.monotonic()
        threads: dict[str, int] = self._client.nthreads()
        self._refused = {worker: problem for worker, problem in self._refused.items() if worker in threads}
        self._workers &= threads.keys()
        fresh = sorted(threads.keys() - self._workers - self._refused.keys())
        if fresh:
            asked = self._client.run(parcel.examined, self._versions, self._templates, workers=fresh, on_error="return")
            for worker, report in sorted(asked.items()):
                if isinstance(report, Report) and not report.differences:
                    self._workers |= {worker}
                    if threads[worker] > 1:
                        self.told.append(threaded(worker, threads[worker]))
                elif not isinstance(report, OSError):  # that one is just going, or just coming
                    problem = self._refused[worker] = refused(worker, report)
                    self.told.append(warning(problem.place, problem.rule, problem.message, problem.hint))
        for sent, begun in list(self._sent.items()):
            if not begun.workers & self._workers:
                del self._sent[sent]
                sent.cancel()
                self._again(begun, died(begun.name))
        if self._workers:
            self._seen = self._looked
        elif self._looked - self._seen > self.patience:
            self._fail((workerless(self.address),))

    def _feed(self) -> None:
        """Send what may be sent ahead."""
        while self._waiting and len(self._sent) < AHEAD * len(self._workers):
            begun = self._waiting.popleft()
            if not begun.wanted:
                continue
            try:
                keys = begun.luggage()
                facts = {key: begun.cache.facts(key) for key in keys}
                gifts = [self._gift(key, begun.cache.get) for key in keys]
            except HandoutsError as fault:
                begun.failed(fault.problems)
                continue
            except LookupError:
                begun.failed((gone(begun.name),))
                continue
            begun.sent, begun.workers = begun.sent + 1, self._workers
            sent = self._dask.submit(
                operator.call,
                self._function(),
                parcel.packed(self._versions, begun.make, begun.job, facts),
                self._gift("templates", lambda _: self._templates),
                *gifts,
                workers=sorted(self._workers),
                key=f"handouts-{uuid.uuid4().hex}",
            )
            self._sent[sent] = begun
            sent.add_done_callback(lambda done: self._events.put(lambda: self._back(done)))

    def _gift(self, key: str, data: Callable[[str], bytes]) -> Any:
        """Bytes that several jobs need: sent once, made anew where they are lost, kept while one of those jobs is under way."""
        gift = self._gifts.get(key)
        if gift is None:
            gift = self._gifts[key] = self._client.submit(bytes, data(key), pure=False)
        return gift

    def _function(self) -> Any:
        """What makes a job, as a value that only workers open: the scheduler reads jobs, and may not have this package."""
        key = " ".join(sorted(self._workers))
        made = self._gifts.get(key)
        if made is None:
            workers = sorted(self._workers)
            made = self._gifts[key] = self._client.submit(pickle.loads, pickle.dumps(parcel.made), pure=False, workers=workers)
        return made

    def _back(self, sent: Future[Any]) -> None:
        """Keep what came back."""
        import distributed

        begun = self._sent.get(sent)
        if begun is None:  # it was sent to others meanwhile
            return
        fault = None if sent.cancelled() else sent.exception()
        answer = None if fault else sent.result()  # one that the scheduler has forgotten stays sent, and fails with all others
        del self._sent[sent]
        if isinstance(answer, Made):
            begun.arrived(answer)
        elif isinstance(answer, Report):
            self._workers = frozenset()  # one of them is not what it was: all are examined again
            self._look()
            self._again(begun, refused(answer.host, answer))
        elif isinstance(fault, distributed.KilledWorker):
            begun.failed((died(begun.name, fault.last_worker.address),))
        elif fault:
            begun.failed(fault)

    def _again(self, begun: Journey, problem: Problem) -> None:
        """Send a job once more, or end it with a problem."""
        if begun.sent < JOURNEYS:
            self._waiting.appendleft(begun)
        else:
            begun.failed((problem,))


def _client(address: str) -> Any:
    """A connection to the scheduler; raises `HandoutsError`."""
    try:
        import distributed
    except ImportError:
        raise stopped(address, "building on a cluster needs Dask, which is not installed", "cluster/extra",
                      "pip install 'handouts[cluster]'") from None  # fmt: skip
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise stopped(address, "this is not the address of a cluster", "cluster/address",
                      "name its scheduler: dask://HOST:PORT, or dask+tls://HOST:PORT")  # fmt: skip
    secure, host, port = match.groups()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is told as a problem
    warnings.filterwarnings("ignore", "Sending large graph", UserWarning)  # fonts in templates/fonts are large, and sent once
    try:
        with socket.create_connection((host.strip("[]"), int(port)), SECONDS) as probe:
            greeted = secure or _greeted(probe)
    except (OSError, OverflowError) as fault:
        raise stopped(address, f"nothing answers there: {getattr(fault, 'strerror', None) or fault}", "cluster/connection",
                      "start a scheduler there (dask scheduler), or correct the address; see docs/cluster.md") from None  # fmt: skip
    connect: Any = distributed.Client
    try:
        if not greeted:  # Dask would wait for it without end
            raise TimeoutError("it does not greet")
        return connect(f"{'tls' if secure else 'tcp'}://{host}:{port}", timeout=SECONDS, set_as_default=False)
    except (OSError, RuntimeError, TypeError, ValueError) as fault:
        raise stopped(address, f"what answers there does not answer as a Dask scheduler: {said(fault)}", "cluster/connection",
                      "is it the scheduler's port, and do both sides use TLS or neither? see docs/cluster.md") from None  # fmt: skip


def _greeted(probe: socket.socket) -> bool:
    """Whether a Dask scheduler greets whoever connects: eight bytes that say how many come next, and those are few."""
    try:
        length = probe.recv(8, socket.MSG_WAITALL)
    except OSError:
        return False
    return len(length) == 8 and int.from_bytes(length, "little") < 1 << 20
