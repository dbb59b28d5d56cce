"""Key to bytes on disk. A file appears whole (temporary file, then rename) or not at all."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cache:
    """Finished pages by their key; safe to delete at any time."""

    folder: Path

    def path(self, key: str) -> Path:
        """Where the bytes of a key lie."""
        return self.folder / "pages" / key[:2] / f"{key}.pdf"

    def holds(self, key: str) -> bool:
        """Whether the bytes are there."""
        return self.path(key).exists()

    def get(self, key: str) -> bytes:
        """The bytes of a key; raises `FileNotFoundError`."""
        return self.path(key).read_bytes()

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under their key."""
        replace(self.path(key), data)


def replace(path: Path, data: bytes) -> None:
    """Write a file so that it is whole or absent, even when interrupted or out of space."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
