"""The desk's register: what was given, when, in which languages. Never to whom, and never what a person typed.

One line of `desk-register.csv` for each pack. Each cell is held to a form in which no spreadsheet sees a formula and no
cell can break out of its place: a `Line` of anything else cannot be made.
"""

import datetime
import fcntl
import os
import re
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from handouts.problems import HandoutsError, Place, Problem

NAME = "desk-register.csv"

_CELL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .:+-]*")
"""Letters, digits and a few signs, of which none comes first: a spreadsheet takes = + - @ at the beginning for a formula."""


@dataclass(frozen=True)
class Line:
    """One pack that was given."""

    time: str
    """To the minute, with the difference from UTC (ISO 8601)."""
    given: str
    """The id of the pack, or those of the handouts and forms, with a space between."""
    versions: str
    """Document id and version of each sheet, with a space between."""
    digest: str
    """SHA-256 of the digests of the sheets' texts; what was typed has no part in it."""
    patient_language: str
    staff_language: str
    edition: str
    state: str
    """The gravest of the sheets' states: expired, draft, draft-translation, approved."""

    def __post_init__(self) -> None:
        for column, value in zip(COLUMNS, astuple(self), strict=True):
            if not _CELL.fullmatch(value):
                raise ValueError(f"{column} cannot stand in the register")

    @property
    def text(self) -> str:
        """The line as it is written."""
        return ",".join(astuple(self)) + "\n"


COLUMNS = tuple(field.name for field in fields(Line))
HEADER = ",".join(COLUMNS) + "\n"


def minute(now: datetime.datetime) -> str:
    """A moment as the register tells it."""
    return now.isoformat(timespec="minutes")


def append(folder: Path, line: Line) -> None:
    """Add a line to the register of a project folder, which is begun with the first; raises `HandoutsError`."""
    try:
        handle = os.open(folder / NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # several desks may share a folder
            size = os.fstat(file.fileno()).st_size
            torn = size and os.pread(file.fileno(), 1, size - 1) != b"\n"  # a line that a power cut broke off
            file.write(("" if size else HEADER).encode() + (b"\n" if torn else b"") + line.text.encode())
            os.fsync(file.fileno())
    except OSError as fault:
        raise HandoutsError(
            Problem(Place(NAME), "desk/register", f"cannot write: {fault.strerror}",
                    "no pack is given that is not in the register: check free space and the permissions of the file")
        ) from None  # fmt: skip
