"""What an output folder says of itself: the files in it, what each is made of, what the last build found on it."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from handouts.content import SOURCE_LANGUAGE

MANIFEST = "manifest.json"

INDEX = "index.html"
"""The page that staff open: a list of all files."""

BEGUN = ".manifest.begun.json"
"""What the manifest will be, written before the first file: a build that was killed between leaves it behind."""

Entries: TypeAlias = Mapping[str, Mapping[str, object]]
"""What the manifest tells of each file, by its path from the output folder."""


def text(entries: Entries) -> bytes:
    """The text of a manifest."""
    document = {"files": [{"file": name, **entries[name]} for name in sorted(entries)]}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def before(output: Path) -> dict[str, dict[str, object]]:
    """What is known of the files that are there: by the manifest and, where a build was killed before it wrote it, by that build."""
    entries = read(output / MANIFEST)
    for name, entry in read(output / BEGUN).items():
        with suppress(OSError):
            if hashlib.sha256((output / name).read_bytes()).hexdigest() == entry.get("sha256"):
                entries[name] = entry
    return entries


def read(path: Path) -> dict[str, dict[str, object]]:
    """The entries of a manifest that is there; a damaged one counts as none.

    Whoever may write into the output folder may write this file: what it names outside of the folder is left out, as files
    that it names are taken away when no page makes them any more.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        entries = {str(e["file"]): {k: v for k, v in e.items() if k != "file"} for e in document["files"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: entry for name, entry in entries.items() if all(map(_inside, paths({name: entry})))}


def _inside(name: str) -> bool:
    """Whether a path stays in the folder from which it is counted."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name


def paths(entries: Entries) -> set[str]:
    """The files that a manifest tells, pictures among them."""
    return {*entries, *(str(entry["picture"]) for entry in entries.values() if entry.get("picture"))}


def findings(output: Path, site: str = "") -> dict[str, dict[str, int]]:
    """How many findings of each rule the last build told about each document's English pages, by document id.

    They are those at a site; where there are sites and none is named, of each rule those of the site that has most.
    """
    found: dict[tuple[str, str], Counter[str]] = {}
    for entry in before(output).values():
        if entry.get("language") == SOURCE_LANGUAGE and "handout" in entry and site in ("", entry.get("site")):
            told = entry.get("findings")
            at = found.setdefault((str(entry["handout"]), str(entry.get("site"))), Counter())
            at.update(told if isinstance(told, dict) else {})
    most: dict[str, Counter[str]] = {}
    for (name, _), counts in found.items():
        most[name] = most.get(name, Counter()) | counts
    return {name: dict(counts) for name, counts in most.items()}
