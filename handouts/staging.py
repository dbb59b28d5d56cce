"""Files of one folder that change together: all are written beside the old ones first, and only then put in their places.

So a full disk is found while every old file is still there. One process at a time changes a folder; what a killed one
left half done is taken away by the next.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from handouts.cache import beside, stored


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make the folder and wait until no other process changes it; the lock goes when the process does."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def exchange(files: Iterable[tuple[Path, bytes]]) -> None:
    """Give files new contents; raises `OSError` that names the file, before any is changed when there is no room for all."""
    ready: list[tuple[Path, Path]] = []
    try:
        for path, data in files:
            temporary = beside(path)
            ready.append((temporary, path))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                stored(temporary, data)
            except OSError as fault:
                fault.filename = str(path)
                raise
        for temporary, path in ready:
            temporary.replace(path)
    finally:
        for temporary, _ in ready:
            with contextlib.suppress(OSError):
                temporary.unlink()
