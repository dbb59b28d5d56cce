"""Key to bytes on disk. A file appears whole (temporary file, then rename) or not at all."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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

    def put_facts(self, key: str, facts: Mapping[str, object]) -> None:
        """Keep what is known of the bytes of a key beside them."""
        replace(self.path(key).with_suffix(".json"), json.dumps(facts, ensure_ascii=False).encode())

    def facts(self, key: str) -> dict[str, Any]:
        """What is known of the bytes of a key; nothing when nothing was kept."""
        try:
            return dict(json.loads(self.path(key).with_suffix(".json").read_bytes()))
        except (OSError, ValueError):
            return {}


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
