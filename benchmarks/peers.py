"""What people would otherwise print pages with: each a command that turns a folder of pages into a folder of PDFs.

A program that is not there is told as such and left out.
"""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Run
from benchmarks.projects import DAY, ROOT

WORKERS = 2
"""Pages at a time, for all."""

CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-extensions",
)

Command = Callable[[Path, Path], list[str | Path]]
"""The folder of pages and the folder of PDFs to a command."""


@dataclass(frozen=True)
class Peer:
    """A way to print a folder of pages."""

    name: str
    version: str
    command: Command
    warm: bool = False
    """Whether the command itself prints the seconds that count, its start left out."""

    def seconds(self, run: Run) -> float:
        """The seconds that count of a run."""
        return float(run.output.split()[-1]) if self.warm else run.seconds


def environment() -> dict[str, str]:
    """What every command is run with: this checkout's package, and the fonts that `pages.write` has set."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def build(project: Path, *arguments: str) -> list[str | Path]:
    """The command `handouts build` on a project."""
    return [sys.executable, "-m", "handouts", "build", "--project", project, "--today", DAY, *arguments]


def found() -> tuple[tuple[Peer, ...], Mapping[str, str]]:
    """The peers that are installed, and why others are left out."""
    peers: list[Peer] = []
    missing: dict[str, str] = {}
    weasyprint = _program("weasyprint")
    if weasyprint:
        line = f'xargs -P{WORKERS} -I@ "{weasyprint}" --quiet --pdf-variant pdf/ua-1 @.html "$0"/@.pdf < names'
        peers.append(
            Peer("`weasyprint` command, two at a time", _package("weasyprint"), lambda _pages, out: ["sh", "-c", line, out])
        )
    else:
        missing["`weasyprint` command"] = "the command is not installed"
    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if chromium:
        version = _said(chromium, "--version")
        flags = " ".join((*CHROMIUM_FLAGS, "--no-pdf-header-footer"))
        cold = (
            f'xargs -P{WORKERS} --process-slot-var=SLOT -I@ sh -c \'"{chromium}" {flags} --user-data-dir="$0"/profile-$SLOT '
            '--print-to-pdf="$0"/@.pdf file://"$1"/@.html\' "$0" "$1" < names'
        )
        peers.append(
            Peer("Chromium, a process for each, two at a time", version, lambda pages, out: ["sh", "-c", cold, out, pages])
        )
        peers.append(Peer("Chromium, two browsers kept open (DevTools)", version,
                          lambda pages, out: [sys.executable, "-m", "benchmarks.devtools", pages, out, str(WORKERS), chromium], warm=True))  # fmt: skip
    else:
        missing["Chromium"] = "no chromium is installed"
    try:
        peers.append(Peer("Typst's binding, two processes, warm", _package("typst"),
                          lambda pages, out: [sys.executable, "-m", "benchmarks.typst_worker", pages, out, str(WORKERS)], warm=True))  # fmt: skip
    except importlib.metadata.PackageNotFoundError:
        missing["Typst"] = "the package typst is not installed (pip install typst)"
    return tuple(peers), missing


def ninja() -> tuple[str | None, str]:
    """The path of ninja, if it is there, and its version."""
    path = _program("ninja")
    return path, _said(path, "--version") if path else ""


def _program(name: str) -> str | None:
    """A program beside this Python or on the path."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def _package(name: str) -> str:
    return f"{name} {importlib.metadata.version(name)}"


def _said(*command: str) -> str:
    """The version that a program tells, by its name."""
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    version = re.search(r"\d+(?:\.\d+)+", told)
    return f"{Path(command[0]).name} {version[0] if version else 'of unknown version'}"
