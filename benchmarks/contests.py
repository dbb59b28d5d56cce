"""What is measured: full builds beside peers, builds of growing projects, builds of nothing new beside ninja, one edit."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2

from benchmarks import measure, ninja_files, peers, preview
from benchmarks.pages import Pages
from benchmarks.projects import Generated, catalog

EDITED = "ar"
"""The language in which one text is changed."""

PREVIEWED = 7
"""How often it is changed in the preview."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Entry:
    """One contender of a full build: medians of its runs."""

    name: str
    version: str
    documents: int
    pages: int
    seconds: float
    parent: float
    worker: float
    """Peak memory in MB of its largest process other than the first."""

    @property
    def each(self) -> float:
        """Seconds for one document."""
        return self.seconds / self.documents

    def renamed(self, name: str) -> "Entry":
        """The same under another name."""
        return replace(self, name=name)


@dataclass(frozen=True)
class Unchanged:
    """Builds of a project in which nothing has changed: medians of seconds."""

    name: str
    files: int
    inputs: int
    ours: float
    ninja: float | None
    python: float
    """Starting Python alone."""


@dataclass(frozen=True)
class Edit:
    """From a changed text to the finished files: medians of seconds."""

    whole: float
    files: int
    narrow: float
    shown: float
    """Until the page stands in an open preview."""
    printed: float
    """Until its PDF does, with pictures of its pages."""


def full(project: Generated, pages: Pages, scratch: Path, rounds: int, tell: Tell) -> tuple[Entry, ...]:
    """Whole builds and the peers on the same pages, in turn, as many rounds as asked for; ours first."""
    contenders, _ = peers.found()
    folders = [scratch / str(index) for index in range(len(contenders))]
    runs: dict[str, list[measure.Run]] = {}
    _acquaint(project)
    for number in range(rounds):
        forget(project.folder)
        tell(f"round {number + 1} of {rounds}: handouts")
        runs.setdefault("", []).append(_run(peers.build(project.folder, "--jobs", str(peers.WORKERS)), project.folder))
        _expect(project.folder / "output", project.outputs)
        for peer, folder in zip(contenders, folders, strict=True):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            tell(f"round {number + 1} of {rounds}: {peer.name}")
            runs.setdefault(peer.name, []).append(_run(peer.command(pages.folder, folder), pages.folder))
            _expect(folder, len(pages.names))
    entries = [
        _entry("`handouts build`, two workers", "", project.folder / "output", runs[""], [run.seconds for run in runs[""]])
    ]
    for peer, folder in zip(contenders, folders, strict=True):
        seconds = [peer.seconds(run) for run in runs[peer.name]]
        entries.append(_entry(peer.name, peer.version, folder, runs[peer.name], seconds))
    return tuple(entries)


def grown(project: Generated, tell: Tell) -> Entry:
    """One whole build of a project."""
    _acquaint(project)
    forget(project.folder)
    tell(f"{project.outputs} outputs")
    run = _run(peers.build(project.folder, "--jobs", str(peers.WORKERS)), project.folder)
    _expect(project.folder / "output", project.outputs)
    return _entry(f"{project.outputs:,} outputs", "", project.folder / "output", [run], [run.seconds])


def unchanged(name: str, folder: Path, scratch: Path, rounds: int, tell: Tell) -> Unchanged:
    """Builds of a project whose files are all there, and ninja on as many files, in turn."""
    files, inputs = ninja_files.write(folder, scratch)
    program, _ = peers.ninja()
    commands: dict[str, list[str | Path]] = {"ours": peers.build(folder), "python": [sys.executable, "-c", "pass"]}
    if program:
        commands["ninja"] = [program, "-C", scratch]
    seconds: dict[str, list[float]] = {}
    before = _state(folder / "output")
    for number in range(rounds + 1):  # the first is not counted: it makes what is missing
        tell(f"{name}: nothing changed, {number} of {rounds}")
        for each, command in commands.items():
            run = measure.run(command, folder, peers.environment(), memory=False)
            if number:
                seconds.setdefault(each, []).append(run.seconds)
    if _state(folder / "output") != before:
        raise measure.CommandError(f"{name}: a build of nothing new changed the output")
    middle = {each: measure.median(values) for each, values in seconds.items()}
    return Unchanged(name, files, inputs, middle["ours"], middle.get("ninja"), middle["python"])


def stood(name: str, project: Generated, scratch: Path, rounds: int, tell: Tell) -> Unchanged:
    """The same for a project whose pages are empty sheets, which a build of nothing new does not look into."""
    tell(f"{name}: empty sheets are made")
    command = peers.build(project.folder)
    _run(["benchmarks.stand_ins" if word == "handouts" else word for word in command], project.folder)
    _expect(project.folder / "output", project.outputs)
    return unchanged(name, project.folder, scratch, rounds, tell)


def edited(project: Generated, rounds: int, tell: Tell) -> Edit:
    """One text of a catalog changed, then a build of everything; again, then a build of that one page; again, in a preview."""
    handout = sorted((project.folder / "content/handouts").glob("*.yaml"))[-1].stem
    path = catalog(project.folder, EDITED, handout)
    original = path.read_text(encoding="utf-8")
    texts = _rewritten(original)
    whole: list[float] = []
    narrow: list[float] = []
    files: set[int] = set()
    for number in range(rounds):
        tell(f"one text changed, {number + 1} of {rounds}")
        for arguments, seconds in (((), whole), (("-l", EDITED, "--handout", handout, "--edition", "standard"), narrow)):
            before = _state(project.folder / "output")
            path.write_text(next(texts), encoding="utf-8")
            seconds.append(
                measure.run(peers.build(project.folder, *arguments), project.folder, peers.environment(), memory=False).seconds
            )
            after = _state(project.folder / "output")
            changed = sum(after[name] != state for name, state in before.items())
            if not arguments:
                files.add(changed)
            if not changed:
                raise measure.CommandError("a changed text changed no page")
    path.write_text(original, encoding="utf-8")
    measure.run(peers.build(project.folder), project.folder, peers.environment(), memory=False)
    tell("one text changed, in the preview")
    with preview.opened(project.folder, EDITED, handout) as at_work:
        saved = at_work.saved(catalog(at_work.folder, EDITED, handout), texts, PREVIEWED)
    return Edit(measure.median(whole), max(files), measure.median(narrow), *map(measure.median, (saved.shown, saved.printed)))


def _acquaint(project: Generated) -> None:
    """One page, not counted, after which fontconfig knows the fonts: of ours and of the peers, who are shown the same ones."""
    handout = sorted((project.folder / "content/handouts").glob("*.yaml"))[-1].stem
    _run(peers.build(project.folder, "-l", "en", "--handout", handout, "--edition", "standard"), project.folder)


def forget(folder: Path) -> None:
    """Take away the output and every finished page; what fontconfig found out about the fonts stays, as it does for the peers."""
    shutil.rmtree(folder / "output", ignore_errors=True)
    for path in (folder / ".cache").glob("*"):
        if not path.name.startswith("font"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _rewritten(catalog_text: str) -> Iterator[str]:
    """The catalog again and again, each time with two other neighbouring words of one long text exchanged."""
    match = max(re.finditer(r'(?m)^msgstr "(.+)"$', catalog_text), key=lambda m: len(m[1]) * ("{" not in m[1]))
    words = match[1].split(" ")
    for index in range(len(words) - 1):
        if words[index] != words[index + 1]:
            other = " ".join([*words[:index], words[index + 1], words[index], *words[index + 2 :]])
            yield catalog_text[: match.start(1)] + other + catalog_text[match.end(1) :]


def _run(command: list[str | Path], folder: Path) -> measure.Run:
    return measure.run(command, folder, peers.environment())


def _entry(name: str, version: str, folder: Path, runs: list[measure.Run], seconds: list[float]) -> Entry:
    files = sorted(folder.rglob("*.pdf"))
    parent, worker = max(run.parent for run in runs), max(run.largest for run in runs)
    return Entry(name, version, len(files), sum(map(_pages, files)), measure.median(seconds), parent, worker)


def _pages(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def _expect(folder: Path, files: int) -> None:
    found = sum(1 for path in folder.rglob("*.pdf") if path.stat().st_size)
    if found != files:
        raise measure.CommandError(f"{found} PDFs were made, not {files}")


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """The size and time of every PDF of a folder."""
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.rglob("*.pdf"))}
