"""PDFs from elsewhere: read in a process of their own, under limits, and cleaned of all that acts by itself.

What comes back is the bytes of a clean copy and what was taken out. A file that is locked, damaged,
empty, endless or too large is a problem with its name and the cause.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from handouts.problems import HandoutsError, Place, Problem

SECONDS = 60
"""How long a file may take to be read."""

MEMORY = 1 << 30
"""How many bytes of memory a file may take to be read."""

PAGES = 2000
"""How many pages a file may have."""

HINTS = {
    "locked": 'write the line "password:" beside it in the pack file, or print it to a new PDF without a password',
    "password": "correct the password in the pack file",
    "other": "open it in a viewer and print it to a new PDF, or ask for another copy",
}


@dataclass(frozen=True)
class Foreign:
    """A clean copy of a PDF from elsewhere."""

    pdf: bytes
    pages: int
    removed: tuple[tuple[str, int], ...]
    """What was taken out, and how often."""


def cleaned(
    path: Path, name: str, password: str | None = None, *, seconds: int = SECONDS, memory: int = MEMORY, pages: int = PAGES
) -> Foreign:
    """A clean copy of a PDF; `name` is what problems call it. Raises `HandoutsError`."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "clean.pdf"
        command = [sys.executable, "-I", "-m", "handouts.foreign_reader", str(path), str(target), str(memory), str(pages)]
        try:
            done = subprocess.run(  # noqa: S603  # our own module
                command, input=(password or "") + "\n", capture_output=True, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise _refused(name, f"it could not be read within {seconds} seconds") from None
        try:
            facts = json.loads(done.stdout.splitlines()[-1])
        except (ValueError, IndexError):
            raise _refused(name, "reading it ended the process that read it") from None
        if "fault" in facts:
            raise _refused(name, facts["fault"])
        return Foreign(target.read_bytes(), facts["pages"], tuple(sorted(facts["removed"].items())))


def _refused(name: str, fault: str) -> HandoutsError:
    kind = "locked" if "locked" in fault else "password" if "password" in fault else "other"
    return HandoutsError(Problem(Place(name), "pack/file", f"the PDF cannot be taken into a pack: {fault}", HINTS[kind]))
