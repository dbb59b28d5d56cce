"""Processes that make pages: as many as asked for, each ready before its first page, started anew when they die.

A `Pool` is an executor as any other: `submit` gives a future. Each process has one call at a time and a pipe of its own,
so that it is known which call a process died of. That call is made once more, when all others are done and with no other
process beside it; when it kills that one too, its future raises `Died`.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from multiprocessing import connection, context, forkserver, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from types import TracebackType
from typing import Any

PRELOADED = ["weasyprint", "handouts.cli", "handouts.build", "handouts.packing", "handouts.rasters"]
"""What is imported once, in the process that all others are forked from."""

CALLS = 500
"""After how many calls a process is replaced. One has 270 MB after fifty pages of all languages and grows by some 3 MB in a hundred more."""


class Died(BrokenExecutor):
    """A call killed its process twice; the text says how."""


def prepare() -> None:
    """Begin to import what processes need, beside whatever is done meanwhile. Raises `OSError`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    resource_tracker.ensure_running()  # started by the other, it would end the mask that it is to inherit
    with _deaf():  # Ctrl-C reaches every process of a terminal; here only the one that was started answers it
        forkserver.ensure_running()


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Hear Ctrl-C only afterwards; processes started here never do."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass
class _Task:
    future: "Future[Any]"
    call: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
    deaths: int = 0


@dataclass
class _Worker:
    process: context.ForkServerProcess
    pipe: Connection
    task: _Task | None = None
    calls: int = 0


class Pool(Executor):
    """Processes that run calls; `ready` is called once in each of them."""

    def __init__(self, workers: int, ready: Callable[..., object], *arguments: Any, calls: int = CALLS) -> None:
        self._most = workers
        self._ready = ready, arguments
        self._calls = calls
        self._lock = threading.Lock()
        self._waiting: deque[_Task] = deque()
        self._again: deque[_Task] = deque()
        self._workers: list[_Worker] = []
        self._closing = self._killed = False
        self._bell, self._ringer = multiprocessing.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._serve, name="handouts-pool", daemon=True)
        self._thread.start()

    def warm(self, workers: int = 2) -> None:
        """Start some processes and make them ready, before there is a call for them."""
        for _ in range(min(workers, self._most)):
            self.submit(_nothing)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run a call in one of the processes; its arguments are pickled only when its turn comes."""
        task = _Task(Future(), (fn, args, kwargs))
        with self._lock:
            if self._closing:
                raise RuntimeError("the pool is closed")
            self._waiting.append(task)
        self._ring()
        return task.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; let those that were taken end, or only those that were begun."""
        with self._lock:
            self._closing = True
            if cancel_futures:
                for task in self._waiting:
                    task.future.cancel()
                self._waiting.clear()
        self._ring()
        if wait:
            self._thread.join()

    def kill(self) -> None:
        """End every process at once, whatever it does."""
        self._killed = True
        with _deaf():  # pressed a second time, it would leave processes behind
            self.shutdown(cancel_futures=True)

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.shutdown()
        else:  # interrupted: what is finished is in the cache, the rest is not waited for
            self.kill()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # closed already
            self._ringer.send_bytes(b"!")

    def _serve(self) -> None:
        """What the pool's thread does: hand out calls, take in results, until the pool is closed and all is done."""
        try:
            while not self._killed:
                self._hand_out()
                busy = [worker for worker in self._workers if worker.task]
                with self._lock:
                    if self._closing and not (busy or self._waiting or self._again):
                        break
                for ready in connection.wait([self._bell, *(worker.pipe for worker in self._workers)]):
                    if ready is self._bell:
                        self._bell.recv_bytes()
                    else:
                        self._take_in(next(worker for worker in self._workers if worker.pipe is ready))
        finally:
            self._stop()

    def _stop(self) -> None:
        """End the processes, and every call that is left, so that nobody waits for it."""
        with self._lock:
            self._closing = True
            left = [*self._waiting, *self._again]
        for worker in tuple(self._workers):
            if worker.task:
                worker.process.kill()
                left.append(worker.task)
            self._end(worker)
        for task in left:
            if not task.future.cancel():
                task.future.set_exception(Died("it was stopped"))
        self._bell.close()
        self._ringer.close()

    def _hand_out(self) -> None:
        """Give each free process a call; one that killed its process waits until nothing else is left."""
        while (task := self._next()) is not None:
            if not (task.deaths or task.future.set_running_or_notify_cancel()):
                continue
            try:
                call = ForkingPickler.dumps(task.call)
            except Exception as fault:  # whatever a value's own pickling raises belongs to its caller
                task.future.set_exception(fault)
                continue
            try:
                worker = next((w for w in self._workers if not w.task), None) or self._started()
            except (OSError, EOFError) as fault:
                if any(w.task for w in self._workers):  # later, by those there are
                    (self._again if task.deaths else self._waiting).appendleft(task)
                    self._most = len(self._workers)
                else:
                    task.future.set_exception(Died(f"it could not be started ({fault})"))
                continue
            worker.task = task
            with contextlib.suppress(OSError):  # it died meanwhile: its pipe says so again
                worker.pipe.send_bytes(call)

    def _next(self) -> _Task | None:
        """The next call to hand out, if a process may take one."""
        busy = sum(worker.task is not None for worker in self._workers)
        with self._lock:
            if self._waiting:
                alone = any(worker.task and worker.task.deaths for worker in self._workers)
                return self._waiting.popleft() if busy < self._most and not alone else None
            if busy or not self._again:
                return None
            task = self._again.popleft()
        for worker in tuple(self._workers):  # all memory to the one that may need it
            self._end(worker)
        return task

    def _take_in(self, worker: _Worker) -> None:
        """A result, or the end of a process."""
        try:
            well, value = pickle.loads(worker.pipe.recv_bytes())  # noqa: S301  # from our own process
        except (EOFError, OSError):
            self._mourn(worker)
            return
        task, worker.task = worker.task, None
        worker.calls += 1
        if worker.calls >= self._calls:
            self._end(worker)
        if task and well:
            task.future.set_result(value)
        elif task:
            task.future.set_exception(value)

    def _mourn(self, worker: _Worker) -> None:
        task, worker.task = worker.task, None
        how = self._end(worker)
        if task is None:
            return
        task.deaths += 1
        if task.deaths == 1:
            self._again.append(task)
        else:
            task.future.set_exception(Died(how))

    def _started(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        try:
            prepare()
            process = multiprocessing.get_context("forkserver").Process(target=_work, args=(theirs, *self._ready), daemon=True)
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _end(self, worker: _Worker) -> str:
        """Let a process end, which it does when its pipe is closed; returns how it ended."""
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join()
        code = worker.process.exitcode or 0
        worker.process.close()
        return f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"exit code {code}"


def _nothing() -> None:
    """The call of a process that is only to be ready."""


def _work(pipe: Connection, ready: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    """What a process of the pool does: calls that come, results that go, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, daemon=True).start()
    prepared = False
    for call in _calls(pipe):
        try:
            if not prepared:
                ready(*arguments)
                prepared = True
            function, positional, named = pickle.loads(call)  # noqa: S301  # from the process that started this one
            answer = pickle.dumps((True, function(*positional, **named)))
        except Exception as fault:
            answer = _failure(fault)
        try:
            pipe.send_bytes(answer)
        except OSError:
            return


def _failure(fault: Exception) -> bytes:
    """A fault to be raised again where the result is asked for, with its traceback."""
    fault.add_note("".join(traceback.format_exception(fault)))
    try:
        return pickle.dumps((False, pickle.loads(pickle.dumps(fault))))  # noqa: S301  # just pickled
    except Exception:
        return pickle.dumps((False, RuntimeError(*fault.__notes__)))


def _calls(pipe: Connection) -> Iterator[bytes]:
    with contextlib.suppress(EOFError, OSError):
        while True:
            yield pipe.recv_bytes()


def _watch() -> None:
    """End this process when the one that started it is gone, also when it was killed."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
