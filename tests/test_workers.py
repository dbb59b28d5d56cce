"""Workers: a process that dies costs its call one more try, all others go on, and none outlives its parent.

Most of these run small calls in real processes; what a page costs is in the test of memory.
"""

import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path, PurePosixPath

import pytest

from handouts import build, durations, making, plan
from handouts.build import Status
from handouts.material import Material
from handouts.model import Edition
from handouts.plan import Job, Selection
from handouts.project import Project
from handouts.workers import Died, Pool
from tests.shipped import ROOT

Read = Callable[[], Material]
PATIENCE = 60
"""Seconds after which something that must happen counts as never happening."""


def _nothing() -> None:
    """A process that needs no preparation."""


def _pool(workers: int = 1, **named: int) -> Pool:
    return Pool(workers, _nothing, **named)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_once(mark: Path) -> str:
    """Kills its process, unless the file is there that it leaves."""
    if mark.exists():
        return "done"
    mark.touch()
    return str(_die())


def _note(log: Path, word: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")


def _noted(log: Path, word: str, door: Path | None = None) -> str:
    """Notes when it begins and ends; waits at a door until somebody opens it."""
    _note(log, f"{word} begins")
    if door:
        door.read_bytes()
    _note(log, f"{word} ends")
    return word


def _noted_death(log: Path) -> None:
    _note(log, "death")
    _die()


def _stay(pipe: Path) -> None:
    """Says its process id into a pipe, keeps it open and never ends."""
    file = pipe.open("wb", buffering=0)
    file.write(f"{os.getpid()}\n".encode())
    select.select([], [], [])


def _refuse() -> None:
    raise OSError(28, "No space left on device", "tea.pdf")


class _OddError(Exception):
    """An exception that cannot be pickled."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first} {second}")


def _raise_odd() -> None:
    raise _OddError(1, 2)


def _opened(pipe: Path) -> int:
    """The reading end of a named pipe, once somebody has opened the other."""
    return os.open(pipe, os.O_RDONLY)


def _line(descriptor: int) -> bytes:
    assert select.select([descriptor], [], [], PATIENCE)[0], "nothing came"
    return os.read(descriptor, 100)


def test_calls_are_made_elsewhere() -> None:
    """A call runs in another process, and its result comes back."""
    with _pool(2) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()
        assert list(pool.map(abs, range(-50, 0))) == list(range(50, 0, -1))


def test_a_process_that_dies_costs_one_more_try(tmp_path: Path) -> None:
    """A call that kills its process the first time is made once more, and that is all that is seen of it."""
    with _pool() as pool:
        futures = [pool.submit(_die_once, tmp_path / "mark"), *(pool.submit(abs, -n) for n in range(5))]
        assert [future.result() for future in futures] == ["done", 0, 1, 2, 3, 4]


def test_a_call_that_kills_twice_fails_alone() -> None:
    """A call that kills its process twice fails with how it died; all others are made, before and after."""
    with _pool(2) as pool:
        futures = [pool.submit(abs, -1), pool.submit(_die), pool.submit(abs, -2), pool.submit(_die), pool.submit(abs, -3)]
        assert [futures[n].result() for n in (0, 2, 4)] == [1, 2, 3]
        for n in (1, 3):
            with pytest.raises(Died, match="signal 9, Killed"):
                futures[n].result()
        assert pool.submit(abs, -4).result() == 4


def test_the_second_try_is_alone(tmp_path: Path) -> None:
    """What killed its process is tried again when all others are done, with no other beside it."""
    log = tmp_path / "log"
    with _pool(2) as pool:
        death = pool.submit(_noted_death, log)
        others = [pool.submit(_noted, log, name) for name in "abcdef"]
        assert [future.result() for future in others] == list("abcdef")
        with pytest.raises(Died):
            death.result()
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines.count("death") == 2
    assert lines[-1] == "death"
    assert set(lines[:-1]) == {"death", *(f"{name} {what}" for name in "abcdef" for what in ("begins", "ends"))}


class _Counted:
    """An argument that knows how often it was pickled."""

    pickled = 0

    def __reduce__(self) -> tuple[object, ...]:
        type(self).pickled += 1
        return abs, (-1,)


def test_inputs_do_not_pile_up(tmp_path: Path) -> None:
    """However many calls are waiting, only as many are pickled as there are processes."""
    door = tmp_path / "door"
    os.mkfifo(door)
    _Counted.pickled = 0
    with _pool() as pool:
        busy = pool.submit(_noted, tmp_path / "log", "first", door)
        futures = [pool.submit(abs, _Counted()) for _ in range(1000)]
        descriptor = os.open(door, os.O_WRONLY)  # waits until the first call is at the door
        assert _Counted.pickled == 0
        os.close(descriptor)
        assert busy.result() == "first"
        assert {future.result() for future in futures} == {1}
    assert _Counted.pickled == 1000


def test_processes_are_replaced() -> None:
    """After some calls a process ends and another takes its place."""
    with _pool(calls=2) as pool:
        made = [pool.submit(os.getpid).result() for _ in range(6)]
    assert made[0] == made[1] != made[2] == made[3] != made[4] == made[5]


def test_exceptions_come_back() -> None:
    """What a call raises is raised where its result is asked for, and the next call runs."""
    with _pool() as pool:
        with pytest.raises(OSError, match="No space") as caught:
            pool.submit(_refuse).result()
        assert caught.value.filename == "tea.pdf"
        assert "in _refuse" in caught.value.__notes__[0]
        with pytest.raises(RuntimeError, match="_OddError: 1 2"):
            pool.submit(_raise_odd).result()
        with pytest.raises((AttributeError, TypeError), match="pickle"):
            pool.submit(abs, lambda: None).result()
        assert pool.submit(abs, -1).result() == 1


def test_a_process_that_cannot_begin() -> None:
    """When the preparation of a process fails, its calls fail with that cause."""
    with Pool(1, _refuse) as pool:
        for _ in range(2):
            with pytest.raises(OSError, match="No space"):
                pool.submit(abs, -1).result()


def test_preparation_that_kills() -> None:
    """A preparation that kills its process fails the call, and nobody waits for ever."""
    with Pool(1, _die) as pool, pytest.raises(Died):
        pool.submit(abs, -1).result()


def test_an_interrupted_pool_ends_at_once(tmp_path: Path) -> None:
    """Interrupted, a pool ends its processes in the middle of what they do, and nobody waits for a result for ever."""
    os.mkfifo(tmp_path / "pipe")
    pool = _pool()
    future, waiting = pool.submit(_stay, tmp_path / "pipe"), pool.submit(abs, -1)
    descriptor = _opened(tmp_path / "pipe")
    assert int(_line(descriptor)) > 0
    with pytest.raises(KeyboardInterrupt), pool:
        raise KeyboardInterrupt
    assert _line(descriptor) == b""  # the process has gone
    os.close(descriptor)
    assert isinstance(future.exception(), Died)
    assert waiting.cancelled()
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit(abs, -1)


PARENT = """
from pathlib import Path
from handouts.workers import Pool
from tests.test_workers import _nothing, _stay
if __name__ == "__main__":
    Pool(1, _nothing).submit(_stay, Path({!r})).result()
"""


def test_no_process_outlives_its_parent(tmp_path: Path) -> None:
    """When the parent is killed so that it cannot say goodbye, its processes end, in the middle of whatever they do."""
    os.mkfifo(tmp_path / "pipe")
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(str(tmp_path / "pipe")), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, str(script)], env=environment, stderr=subprocess.PIPE)
    descriptor = _opened(tmp_path / "pipe")
    assert int(_line(descriptor)) > 0
    parent.kill()
    assert _line(descriptor) == b""
    os.close(descriptor)
    assert b"Traceback" not in parent.communicate(timeout=PATIENCE)[1]  # read to its end: all processes have gone


class _Recorded(Executor):
    """Runs nothing by itself: keeps what it is given, and ends one of them whenever it holds too many."""

    def __init__(self, most: int) -> None:
        self.most, self.order, self.open, self.seen = most, [], [], 0

    def submit(self, _fn, /, job, *_):  # type: ignore[no-untyped-def,override]
        future: Future[object] = Future()
        self.order.append(job.output)
        self.open.append(future)
        self.seen = max(self.seen, len(self.open))
        if len(self.open) == self.most:
            for future_ in self.open:
                future_.set_result((0.5, ()))
            self.open = []
        return future


def _jobs(material: Material) -> tuple[Job, ...]:
    return plan.plan(material, Selection()).jobs


def test_what_takes_longest_begins_first(read: Read) -> None:
    """Files begin in the order of the seconds they took the last time."""
    material = read()
    jobs = _jobs(material)
    seconds = {str(job.output): float(n) for n, job in enumerate(jobs)}
    durations.keep(seconds, material.project.cache)
    executor = _Recorded(len(jobs))
    assert len(tuple(build.run(jobs, material.project, executor))) == len(jobs)
    assert executor.order == [job.output for job in reversed(jobs)]
    assert durations.read(material.project.cache) == dict.fromkeys(seconds, 0.5)


def test_what_was_never_made_is_estimated(read: Read) -> None:
    """Large print takes longer than standard, and a web page, which is not laid out, the least."""
    material = read()
    jobs = {job.output: job for job in _jobs(material) if job.page.language.code == "en"}
    expected = {output: durations.expected(job, {}) for output, job in jobs.items()}
    assert expected[PurePosixPath("en/large-print/tea.pdf")] > expected[PurePosixPath("en/tea.pdf")]
    assert expected[PurePosixPath("en/tea.pdf")] > expected[PurePosixPath("en/tea.html")] > 0


@pytest.mark.parametrize("text", ["", "[", "[]", '{"a": null}', '{"a": "b"}', "1"])
def test_damaged_durations_are_none(text: str, tmp_path: Path) -> None:
    """A damaged file of durations counts as none."""
    (tmp_path / durations.FILE).write_text(text, encoding="utf-8")
    assert durations.read(tmp_path) == {}


def test_an_executor_is_given_few_jobs_at_once(read: Read) -> None:
    """No more jobs are in flight than the window is wide, whatever the executor."""
    material = read()
    jobs = _jobs(material)
    assert len(jobs) == 6
    executor = _Recorded(2)
    assert len(tuple(build.run(jobs, material.project, executor, window=2))) == len(jobs)
    assert executor.seen == 2


class _Broken(Executor):
    """An executor that has lost all its workers and takes nothing any more."""

    def submit(self, *_: object, **__: object) -> Future[object]:  # type: ignore[override]
        raise BrokenProcessPool


def test_an_executor_that_takes_nothing(read: Read) -> None:
    """Jobs that an executor refuses because it has lost its workers are failures, each by name."""
    material = read()
    results = tuple(build.run(_jobs(material), material.project, _Broken()))
    assert [r.status for r in results] == [Status.FAILED] * 6
    assert {r.problems[0].rule for r in results} == {"build/worker"}


def _deadly(fn: Callable[..., object], job: Job, *arguments: object) -> object:
    """Makes a job, but English pages in the standard edition kill their process."""
    if str(job.output) == "en/tea.pdf":
        _die()
    return fn(job, *arguments)


class _Deadly(Executor):
    """A real pool in which one page kills every process that makes it."""

    def __init__(self, project: Project) -> None:
        self.pool = build.pool(project, 2)

    def submit(self, fn, /, *arguments):  # type: ignore[no-untyped-def,override]
        return self.pool.submit(_deadly, fn, *arguments)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.pool.shutdown(wait, cancel_futures=cancel_futures)


@pytest.mark.slow
def test_a_page_that_kills_its_process(read: Read) -> None:
    """A page that kills its process twice is told by name with what to do; all other pages are made."""
    material = read()
    with _Deadly(material.project) as executor:
        results = {str(r.job.output): r for r in build.run(_jobs(material), material.project, executor)}
    failed = results.pop("en/tea.pdf")
    assert [str(problem) for problem in failed.problems] == [
        "en/tea.pdf: error: the process that makes this page died twice, the second time with no other beside it: "
        "signal 9, Killed [build/worker]\n"
        "    hint: the machine may have too little memory for it; or look for what is unusual in it, such as a large picture"
    ]
    assert {name: r.status for name, r in results.items()} == dict.fromkeys(
        ("en/large-print/tea.pdf", "en/tea.html", "es/tea.pdf", "es/large-print/tea.pdf", "es/tea.html"), Status.MADE
    )


def _peak() -> float:
    """The most memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.slow
def test_memory_is_flat(read: Read) -> None:
    """A worker that makes a page again and again has the same peak after fifteen times as after five."""
    material = read()
    (job,) = plan.plan(material, Selection(languages=("en",), editions=(Edition.STANDARD,))).jobs
    project = material.project
    peaks = []
    with build.pool(project, 1) as pool:
        for _ in range(3):
            for _ in range(5):
                pool.submit(making.make, job, project.folder, project.templates, project.cache).result()
            peaks.append(pool.submit(_peak).result())
    assert peaks[2] < 350
    assert peaks[2] - peaks[0] < 10, peaks
