"""`handouts cache`: where finished pages are kept, how many there are and how large they are."""

import argparse

from handouts import cache, problems
from handouts.cache import Cache
from handouts.commands import terminal


def run_cache(options: argparse.Namespace) -> int:
    """`handouts cache`: tell of it, or empty it."""
    project = terminal.project(options)
    kept = Cache(project.cache)
    most = cache.limit()
    sizes = [size for _, size, path in kept.entries() if path.suffix == ".page"]
    held = f"{problems.counted(len(sizes), 'page')}, {_shown(sum(sizes))}"
    if options.clear:
        kept.clear()
        print(f"emptied {kept.folder}: {held}")
    else:
        print(f"{kept.folder}: {held} (at most {_shown(most)} after a build, or what that build needs)")
    return 0


def _shown(size: int) -> str:
    unit = next((unit for unit in ("G", "M", "K") if size >= cache.UNITS[unit]), "")
    return f"{size / cache.UNITS[unit]:.1f} {unit}iB" if unit else f"{size} bytes"
