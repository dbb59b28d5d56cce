"""A command, run and measured from outside: wall seconds, and the peak memory of each of its processes.

Memory is the kernel's own high-water mark (VmHWM of /proc), looked at four times a second and therefore exact but for
what a process grows in its last quarter of a second. Where there is no /proc, no memory is told.
"""

import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.25
"""Seconds between two looks at the memory."""

PROC = Path("/proc")


@dataclass(frozen=True)
class Run:
    """What one run of a command took."""

    seconds: float
    parent: float
    """Peak memory in MB of the process that was started; 0 when it is not known."""
    largest: float
    """Peak memory in MB of the largest process that it started; 0 when there was none."""
    output: str


class CommandError(Exception):
    """A command that did not end with 0, and the last lines it wrote."""


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], *, memory: bool = True) -> Run:
    """Run a command in a folder to its end; raises `CommandError`."""
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=said,
                                   stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip
        peaks: dict[int, float] = {}
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
        if memory and PROC.is_dir():
            watcher.start()
        code = process.wait()
        seconds = time.perf_counter() - start
        ended.set()
        if watcher.ident:
            watcher.join()
        said.seek(0)
        output = said.read()
    if code:
        raise CommandError(f"{Path(command[0]).name} ended with {code}: {' | '.join(output.splitlines()[-3:])}")
    parent = peaks.pop(process.pid, 0.0)
    return Run(seconds, parent, max(peaks.values(), default=0.0), output)


def _watch(leader: int, peaks: dict[int, float], ended: threading.Event) -> None:
    """Keep the high-water mark of each process of a session and of each that descends from it."""
    while not ended.wait(INTERVAL):
        for process in _family(leader):
            peaks[process] = max(peaks.get(process, 0.0), _peak(process))


def _family(leader: int) -> set[int]:
    """The processes of the leader's session, and their children, also those that left it."""
    parents: dict[int, int] = {}
    found = {leader}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                # after the name in brackets: state, parent, group, session
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            if int(fields[3]) == leader:
                found.add(int(entry.name))
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _peak(process: int) -> float:
    """The most memory in MB that a process has held so far."""
    try:
        lines = (PROC / str(process) / "status").read_text(errors="replace").splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), default=0.0)


def median(values: Iterable[float]) -> float:
    """The median of some values."""
    return statistics.median(values)
