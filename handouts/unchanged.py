"""Whether a build has anything to do: a walk over the sizes and times of files, before anything is read or imported.

A build that went well leaves a record of every file it read and wrote. Files that all stand as they did need no build;
when only catalogs of some languages changed, only those languages are looked at again. What is not on record, or stands
otherwise, is built the usual way, by content: a record can only save work, never decide what a page is made of.
Only the standard library is imported here.
"""

import datetime
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = 1
FOLDERS = ("content", "templates", "locales")
PICTURE = ".png"
"""How the names of the catalogue's pictures end."""
COMMON = ""
"""The group of what all languages depend on; other groups are the languages' own catalogs."""
_IDLE = ("pot", "SPECIMEN.md", "weblate.json")
"""What lies in locales/ and is on no page."""

Stats = dict[str, list[int]]


@dataclass(frozen=True)
class Record:
    """What a build left behind: where it wrote, what it told, and the files it read and wrote, by group."""

    output: str
    read: Mapping[str, Stats]
    """From the project folder, or absolute: size, time of the last change of content and of the entry, in nanoseconds."""
    written: Mapping[str, Stats]
    """From the output folder; the manifest and the catalogue are in the common group."""
    problems: Sequence[Mapping[str, Any]]
    blocked: Sequence[str]
    """The files that could not be made."""
    style: str
    """How problems are printed."""
    first: str
    last: str
    """The days, ISO 8601, between which the same build says the same."""

    @property
    def files(self) -> int:
        """How many files it wrote, the manifest, the catalogue and its pictures aside."""
        return sum(not name.endswith(PICTURE) for code, stats in self.written.items() if code != COMMON for name in stats)


@dataclass(frozen=True)
class Finding:
    """What has changed since a record."""

    record: Record
    languages: tuple[str, ...]
    """The languages that must be looked at again; none when nothing has changed."""


def look(arguments: Sequence[str], today: datetime.date) -> Finding | None:
    """What has changed since the last build with this command line; nothing when that cannot be told from files alone."""
    project = Path(_option(arguments, "--project") or "")
    if "--explain" in arguments:  # asks what the pages are made of
        return None
    try:
        data = json.loads(path(project, arguments).read_bytes())
        if data.pop("format") != FORMAT or data.pop("engine") != engine():
            return None
        record = Record(**data)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not record.first <= (_option(arguments, "--today") or today.isoformat()) <= record.last:
        return None
    now = walked(project)
    outside = [name for name in record.read[COMMON] if name not in now[COMMON]]
    if now[COMMON] | stood(outside, "") != record.read[COMMON]:
        return None
    written = record.written
    if stood(written[COMMON], record.output) != written[COMMON]:
        return None
    codes = (code for code in sorted(written) if code != COMMON)
    changed = (
        code
        for code in codes
        if now.get(code, {}) != record.read.get(code, {}) or stood(written[code], record.output) != written[code]
    )
    return Finding(record, tuple(changed))


def _option(arguments: Sequence[str], name: str) -> str:
    """The value of an option on a command line; empty when it is not given."""
    for index, argument in enumerate(arguments):
        if argument == name and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
    return ""


def path(project: Path, arguments: Sequence[str]) -> Path:
    """Where the record of a command line is kept."""
    name = hashlib.sha256(json.dumps([os.getcwd(), *arguments]).encode()).hexdigest()[:24]  # noqa: PTH109  # quicker
    return project / ".cache" / "unchanged" / f"{name}.json"


def engine() -> list[Any]:
    """What stands for the code and the libraries, without importing them: their files, and the folder packages are put into."""
    here = Path(__file__).parent
    own = [_stat(file.path) for file in sorted(_files(str(here)), key=lambda file: file.path) if file.name.endswith(".py")]
    return [sys.version, own, [_stat(folder) for folder in sys.path if folder.endswith("-packages")]]


def walked(project: Path) -> dict[str, Stats]:
    """The files that pages are made of, by group; a catalog of the templates' words belongs to all, as packs print it everywhere."""
    found: dict[str, Stats] = {COMMON: {}}
    root = len(str(project)) + 1 if str(project) != "." else 0
    for folder in FOLDERS:
        for file in _files(str(project / folder)):
            name = file.path[root:]
            parts = name.split("/")
            if folder == "locales" and parts[1] in _IDLE:
                continue
            own = folder == "locales" and len(parts) > 3 and file.name.endswith(".po") and file.name != "ui.po"
            found.setdefault(parts[1] if own else COMMON, {})[name] = _numbers(file.stat())
    return found


def stood(names: Iterable[str], folder: str) -> Stats:
    """How some files of a folder stand now; one that is not there has no numbers."""
    return {name: _stat(os.path.join(folder, name)) for name in names}  # noqa: PTH118  # quicker


def of_language(name: str, code: str) -> bool:
    """Whether a file, of the project or of the output, is one of a language's own."""
    return f"/{code}/" in f"/{name}"


def keep(project: Path, arguments: Sequence[str], record: Record) -> None:
    """Write the record of a build; a folder that cannot be written costs only time."""
    where = path(project, arguments)
    data = {"format": FORMAT, "engine": engine(), **vars(record)}
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        temporary = where.with_suffix(f".{os.getpid()}.new")
        temporary.write_text(json.dumps(data), encoding="utf-8")
        temporary.replace(where)
    except OSError:
        return


def libraries() -> list[str]:
    """The shared libraries of this process that set text and find fonts (Linux)."""
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    wanted = ("pango", "harfbuzz", "fontconfig", "freetype")
    found = {line.split(maxsplit=5)[-1] for line in lines if ".so" in line and any(name in line for name in wanted)}
    return sorted(name for name in found if name.startswith("/"))


def _files(folder: str) -> Iterator["os.DirEntry[str]"]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        elif not entry.name.startswith("."):
            yield entry


def _stat(name: str) -> list[int]:
    try:
        return _numbers(os.stat(name))  # noqa: PTH116  # pathlib's is slower, and this is done for every file
    except OSError:
        return []


def _numbers(stat: os.stat_result) -> list[int]:
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
