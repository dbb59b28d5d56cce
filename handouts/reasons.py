"""Why a file was made or not: what it is made of now, held against what it was made of the last time."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from handouts.cache import replace

Recipes = Mapping[str, Mapping[str, str]]
"""By file, from the output folder: the parts of its key by name, and a hash of each."""


def read(cache: Path, output: Path) -> dict[str, dict[str, str]]:
    """The recipes of the last build into an output folder; none when they are not on record."""
    try:
        found = json.loads(_path(cache, output).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep(cache: Path, output: Path, made: Recipes) -> None:
    """Put the recipes of a build on record, beside those of files it did not look at."""
    short = {name: {part: _short(value) for part, value in recipe.items()} for name, recipe in made.items()}
    before = read(cache, output)
    if before | short != before:
        replace(_path(cache, output), json.dumps(before | short, ensure_ascii=False).encode())


def why(made: bool, recipe: Mapping[str, str], before: Mapping[str, str] | None) -> str:
    """Why a file was made, or why the one in the cache was right, in words."""
    if before is None:
        return "it was not made before" if made else "the cache has it, made from the same sources"
    now = {part: _short(value) for part, value in recipe.items()}
    changed = [part for part in now if now[part] != before.get(part)] + [part for part in before if part not in now]
    if changed:
        said = f"changed: {', '.join(changed)}"
        return said if made else f"{said}; the cache has it, made from the same sources"
    return "the cache did not have it any more" if made else "nothing it depends on has changed"


def _path(cache: Path, output: Path) -> Path:
    return cache / "recipes" / f"{hashlib.sha256(str(output).encode()).hexdigest()[:24]}.json"


def _short(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]
