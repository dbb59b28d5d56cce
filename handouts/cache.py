"""Key to bytes on disk: one file for each key, whole or absent, which proves by checksums that it is what was put there.

Several builds may use one folder at once, and any of it may be deleted at any moment: what is gone or damaged counts as
never made. What was used longest ago is taken away first, after a build, and never what that build needs.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from handouts.problems import HandoutsError, Place, Problem

LIMIT = "2G"
"""How large the pages may be together, unless `HANDOUTS_CACHE_LIMIT` says otherwise."""

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}

_HEAD = re.compile(rb"handouts 1 ([0-9a-f]{64}) ([0-9a-f]{64}) (\d{10}) (\d{12})\n")
"""The first line of an entry: SHA-256 of the facts and of the page, and how many bytes each has."""
_HEAD_LENGTH = len("handouts 1 ") + 64 + 1 + 64 + 1 + 10 + 1 + 12 + 1

_TRIES = 4
"""How often a file is written whose folder, or whose beginning, is taken away meanwhile."""


class MissingError(LookupError):
    """The cache does not hold a key, or not whole."""


@dataclass(frozen=True)
class Cache:
    """Finished pages, and what is known of each, by their key."""

    folder: Path

    @property
    def pages(self) -> Path:
        """Where the entries lie."""
        return self.folder / "pages"

    def path(self, key: str) -> Path:
        """Where the entry of a key lies."""
        return self.pages / key[:2] / f"{key}.page"

    def holds(self, key: str) -> bool:
        """Whether the entry is there and complete; it counts as used now."""
        path = self.path(key)
        try:
            with path.open("rb") as file:
                _, length, _ = _opened(file)
                complete = os.fstat(file.fileno()).st_size == file.tell() + length
        except (OSError, MissingError):
            return False
        if complete:
            _used(path)
        return complete

    def get(self, key: str) -> bytes:
        """The page of a key; raises `MissingError`, also when it is not as it was put there."""
        return self.entry(key)[0]

    def entry(self, key: str) -> tuple[bytes, dict[str, Any]]:
        """The page of a key and what is known of it; raises `MissingError`, also when it is not as it was put there."""
        try:
            with self.path(key).open("rb") as file:
                facts, _, digest = _opened(file)
                data = file.read()
        except OSError:
            raise MissingError(key) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise MissingError(key)
        _used(self.path(key))
        return data, facts

    def facts(self, key: str) -> dict[str, Any]:
        """What is known of the page of a key; nothing when it is not there."""
        try:
            with self.path(key).open("rb") as file:
                return _opened(file)[0]
        except (OSError, MissingError):
            return {}

    def put(self, key: str, data: bytes, facts: Mapping[str, object]) -> None:
        """Keep a page and what is known of it; raises `HandoutsError` when it cannot be written."""
        known = json.dumps(facts, ensure_ascii=False).encode()
        sums = [hashlib.sha256(part).hexdigest() for part in (known, data)]
        head = f"handouts 1 {sums[0]} {sums[1]} {len(known):010} {len(data):012}\n".encode()
        try:
            replace(self.path(key), head + known + data, durable=False)
        except OSError as fault:
            raise unwritable(self.folder, fault) from None

    def entries(self) -> Iterator[tuple[float, int, Path]]:
        """When each file of the pages was last used, how large it is, and where it lies."""
        for path in self.pages.glob("??/[!.]*"):
            with contextlib.suppress(OSError):  # another build may be taking it away
                facts = path.stat()
                yield facts.st_mtime, facts.st_size, path

    def trim(self, limit: int, needed: Container[str]) -> None:
        """Take away what was used longest ago until `limit` bytes are left; never the keys `needed`."""
        for folder in (self.folder, *self.pages.glob("??")):
            sweep(folder)
        found = sorted(self.entries())
        excess = sum(size for _, size, _ in found) - limit
        for _, size, path in found:
            if excess <= 0:
                return
            if path.suffix != ".page" or path.stem not in needed:
                with contextlib.suppress(OSError):
                    path.unlink()
                    excess -= size

    def clear(self) -> None:
        """Take away everything that builds put into the folder."""
        for path in (
            self.pages,
            *self.folder.glob("fontconfig*"),
            *self.folder.glob("fonts-*"),
            *self.folder.glob("*.json"),
        ):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        sweep(self.folder)


def _used(path: Path) -> None:
    with contextlib.suppress(OSError):  # a cache that is only read, or emptied meanwhile
        os.utime(path)


def _opened(file: BinaryIO) -> tuple[dict[str, Any], int, str]:
    """The facts of an entry that is read up to its page, and the length and SHA-256 of the page; raises `MissingError`."""
    head = _HEAD.fullmatch(file.read(_HEAD_LENGTH))
    if head is None:
        raise MissingError
    facts = file.read(int(head[3]))
    if hashlib.sha256(facts).hexdigest().encode() != head[1]:
        raise MissingError
    return dict(json.loads(facts)), int(head[4]), head[2].decode()


def limit() -> int:
    """How many bytes the pages may have together after a build; raises `HandoutsError` for what is not a size."""
    text = os.environ.get("HANDOUTS_CACHE_LIMIT") or LIMIT
    match = re.fullmatch(r"(\d{1,9})\s*([KMGT]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if match is None:
        raise HandoutsError(
            Problem(Place("HANDOUTS_CACHE_LIMIT"), "usage/cache", f'"{text}" is not a size', "write a size such as 500M or 2G")
        )
    return int(match[1]) * UNITS[match[2].upper()]


def unwritable(folder: Path, fault: OSError) -> HandoutsError:
    """That the cache cannot be written; one problem, however many pages it concerns."""
    return HandoutsError(
        Problem(Place(folder.name), "build/cache", f"cannot write: {fault.strerror}",
                "check free space and the permissions of the folder; handouts cache --clear makes room")
    )  # fmt: skip


def replace(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file so that it is whole or absent, even when interrupted or out of space.

    `durable` waits until the disk has it, so that it is whole after a power cut too.
    """
    for left in reversed(range(_TRIES)):
        try:
            _written(path, data, durable)
        except FileNotFoundError:  # the folder was emptied in this moment
            if not left:
                raise
        else:
            return


def _written(path: Path, data: bytes, durable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = beside(path)
    try:
        stored(temporary, data, durable=durable, then=path)
    finally:
        temporary.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """A name for a temporary file that takes the place of another when it is whole."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")


def stored(temporary: Path, data: bytes, *, durable: bool = True, then: Path | None = None) -> None:
    """Write a temporary file, locked as long as it is written; `then` is the path that it gets while the lock is still held."""
    with temporary.open("xb") as file:
        with contextlib.suppress(OSError):  # a file system without locks: then nobody sweeps there
            fcntl.flock(file, fcntl.LOCK_EX)
        file.write(data)
        file.flush()
        if durable:
            os.fsync(file.fileno())
        if then:
            temporary.replace(then)


def sweep(folder: Path) -> None:
    """Take away the temporary files of processes that were killed; those still being written are locked."""
    for path in folder.glob(".*.new"):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
