"""Interrupted anywhere: every file of the previous output is whole, and the next build carries on from what was finished."""

import base64
import errno
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handouts import catalogue, fonts, making, manifest, pictures, plan, publishing, staging
from handouts.build import Result, Status
from handouts.cache import Cache
from handouts.material import Material
from handouts.plan import Selection
from handouts.problems import HandoutsError
from tests.conftest import TODAY, Run
from tests.shipped import ROOT

Read = Callable[[], Material]
Change = Callable[[], None]
PATIENCE = 120
NEW = "020 7946 1"
"""Part of a phone number that changes every page."""


@pytest.fixture
def change(project_folder: Path) -> Change:
    """Changes what stands on every page."""

    def changed() -> None:
        path = project_folder / "content/clinic.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("020 7946 0", NEW), encoding="utf-8")

    return changed


class _Killed(BaseException):
    """The process was killed here: nothing after it happens."""


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _pages(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in _files(folder).items() if name.endswith((".pdf", ".html")) and name != manifest.INDEX}


def _results(material: Material) -> tuple[Result, ...]:
    """Results of the whole project whose pages are in the cache, without a layout: what publishing does is the same."""
    jobs = plan.plan(material, Selection()).jobs
    cache = Cache(material.project.cache)
    for job in jobs:
        picture = {"made": pictures.MADE, "png": base64.b64encode(job.key.encode()).decode(), "pages": 1}
        cache.put(job.key, b"%PDF " + job.key.encode() * 50, {"found": [], pictures.FACT: picture})
    return tuple(Result(job, Status.MADE, "") for job in jobs)


def _publish(material: Material) -> tuple[object, ...]:
    return publishing.publish(_results(material), material.project, material.project.output, whole=True, index=_index(material))


def _index(material: Material) -> Callable[[manifest.Entries], bytes]:
    """What makes the catalogue."""
    return catalogue.index(material.library, material.project.templates)


def _true(output: Path) -> None:
    """The manifest tells every page, each with its SHA-256 and its picture, the catalogue lists them, and nothing else lies there."""
    entries = json.loads((output / "manifest.json").read_bytes())["files"]
    told = {entry["file"]: entry["sha256"] for entry in entries}
    assert told == {name: hashlib.sha256(data).hexdigest() for name, data in _pages(output).items()}
    assert set(_files(output)) == {"manifest.json", "index.html", *told, *(e["picture"] for e in entries if e["picture"])}
    listed = re.search('<script type="application/json" id="data">(.*?)</script>', (output / "index.html").read_text("utf-8"))
    assert listed
    cards = json.loads(listed[1])["cards"]
    assert {file[1] for card in cards for file in card[9]} == set(told)
    assert {card[8] for card in cards} <= {entry["picture"] for entry in entries}


def _drawn(material: Material) -> None:
    """Every picture is that of the page it stands for."""
    for result in _results(material):
        assert (material.project.output / publishing.picture_path(result.job)).read_bytes() == result.job.key.encode()


def _killing(patch: pytest.MonkeyPatch, after: int) -> None:
    """Kill the process after so many changes to the disk: from then on nothing is changed, nor tidied up."""
    steps = iter(range(after))

    def stepping(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **named: object) -> object:
            if next(steps, None) is None:
                raise _Killed
            return real(*arguments, **named)

        return step

    for name in ("replace", "unlink"):
        patch.setattr(Path, name, stepping(getattr(Path, name)))
    patch.setattr(os, "fsync", stepping(os.fsync))


def _killed_everywhere(material: Material) -> Iterator[int]:
    """Kill the publishing of a material after each of its steps in turn, until one is not killed."""
    results = _results(material)
    for after in range(100):
        try:
            with pytest.MonkeyPatch.context() as patch:
                _killing(patch, after)
                publishing.publish(results, material.project, material.project.output, whole=True, index=_index(material))
        except _Killed:
            yield after
        else:
            return


@pytest.mark.slow
def test_killed_while_publishing(read: Read, change: Change, project_folder: Path) -> None:
    """Killed after any step, every file is the old or the new one, whole; the next build puts all right."""
    output = project_folder / "output"
    old_material = read()
    _publish(old_material)
    old = _pages(output)
    change()
    material = read()
    new = {str(r.job.output): Cache(material.project.cache).get(r.job.key) for r in _results(material)}
    kills, mixed = 0, 0
    for _ in _killed_everywhere(material):
        kills += 1
        now = _pages(output)
        assert now.keys() == old.keys()
        assert all(data in (old[name], new[name]) for name, data in now.items())
        mixed += old != now != new
        known = manifest.before(output)
        assert {name: entry["sha256"] for name, entry in known.items()} == {
            name: hashlib.sha256(data).hexdigest() for name, data in now.items()
        }
        _publish(material)
        assert _pages(output) == new
        _true(output)
        _drawn(material)
        _publish(old_material)
        _true(output)
    assert kills > 12
    assert mixed >= 3


def test_killed_before_a_language_goes(read: Read, project_folder: Path) -> None:
    """What a killed build wrote that no manifest tells is taken away by a later build that does not make it."""
    output = project_folder / "output"
    material = read()
    clinic = project_folder / "content/clinic.yaml"
    clinic.write_text(clinic.read_text(encoding="utf-8").replace("[en, es]", "[en]"), encoding="utf-8")
    fewer = read()
    stray = set()
    for _ in _killed_everywhere(material):
        stray |= set(_pages(output))
        _publish(fewer)
        assert set(_pages(output)) == {"en/tea.pdf", "en/large-print/tea.pdf", "en/tea.html"}
        _true(output)
    assert "es/tea.pdf" in stray


def test_a_file_of_somebody_else_is_not_taken_for_ours(read: Read, project_folder: Path) -> None:
    """A build that was killed before it wrote a file does not make the next one take away what lay there."""
    output = project_folder / "output"
    _publish(read())
    (output / "mine.pdf").write_bytes(b"mine")
    (output / manifest.BEGUN).write_text('{"files": [{"file": "mine.pdf", "sha256": "00"}]}', encoding="utf-8")
    _publish(read())
    assert (output / "mine.pdf").read_bytes() == b"mine"
    assert not (output / manifest.BEGUN).exists()


@pytest.mark.parametrize("after", range(14))
def test_a_full_disk_changes_nothing(
    read: Read, change: Change, project_folder: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When there is no room for all new files, all old ones are still there, the message says so, and nothing else is left."""
    output = project_folder / "output"
    _publish(read())
    before = _files(output)
    change()
    results = _results(material := read())
    room = iter(range(after))

    def full(_descriptor: int) -> None:
        if next(room, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HandoutsError, match="cannot write: No space left on device"):
        publishing.publish(results, material.project, output, whole=True, index=_index(material))
    now = _files(output)
    now.pop(manifest.BEGUN, None)
    if after < 13:
        assert now == before
    else:  # only the manifest had no room any more
        assert now["manifest.json"] == before["manifest.json"]
    monkeypatch.undo()
    _publish(material)
    _true(output)


def test_an_output_that_is_only_read(read: Read, project_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be written is told with the file, and nothing is changed."""
    output = project_folder / "output"

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), ".tea.pdf.0123.new")

    monkeypatch.setattr(staging, "stored", refused)
    with pytest.raises(HandoutsError) as caught:
        _publish(read())
    assert str(caught.value) == (
        f"{output}/en/large-print/tea.pdf: error: cannot write: Read-only file system [build/output]\n"
        "    hint: check free space and the permissions of the output folder; finished pages are kept in .cache"
    )
    assert not _pages(output)


def test_a_file_that_is_open_elsewhere(read: Read, change: Change, project_folder: Path) -> None:
    """Whoever reads a page while it is replaced reads the old one to its end."""
    _publish(read())
    path = project_folder / "output/en/tea.pdf"
    old = path.read_bytes()
    with path.open("rb") as reader:
        half = reader.read(100)
        change()
        _publish(read())
        assert half + reader.read() == old
    assert path.read_bytes() != old


@pytest.mark.slow
def test_pages_that_vanish_or_are_damaged_are_made_again(read: Read) -> None:
    """A page that was finished and is gone from the cache, or not what it was, is made again before it is published."""
    material = read()
    fonts.configure(material.project.templates, material.project.cache)
    jobs = plan.plan(material, Selection(languages=("en",))).jobs
    cache = Cache(material.project.cache)
    results = []
    for job in jobs:
        making.make(job, material.project.folder, material.project.templates, material.project.cache)
        results.append(Result(job, Status.MADE, ""))
    good = {str(job.output): cache.get(job.key) for job in jobs}
    gone, damaged, _ = (cache.path(job.key) for job in jobs)
    assert not publishing.lost(results, material.project)
    gone.unlink()
    assert publishing.lost(results, material.project)
    data = damaged.read_bytes()
    damaged.write_bytes(data[:-5000] + bytes(5000))
    publishing.publish(results, material.project, material.project.output, whole=True, index=_index(material))
    assert _pages(material.project.output) == good
    assert {str(job.output): cache.get(job.key) for job in jobs} == good
    _true(material.project.output)


HEARING = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""A shell that runs the tests in the background has its children ignore Ctrl-C; on a terminal they hear it."""


def _command(folder: Path, *arguments: str, before: str = "") -> subprocess.Popen[str]:
    code = f"{before}{HEARING}import sys\nfrom handouts.cli import main\nif __name__ == '__main__': sys.exit(main())"
    script = folder.parent / "command.py"
    script.write_text(code, encoding="utf-8")
    command = [sys.executable, str(script), "build", "--project", str(folder), "--today", TODAY, *arguments]
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def _made_before(folder: Path) -> int:
    """How many finished pages the cache holds."""
    return sum(path.suffix == ".page" for _, _, path in Cache(folder / ".cache").entries())


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_killed_while_pages_are_made(how: signal.Signals, run: Run, change: Change, project_folder: Path) -> None:
    """Interrupted after its first page, a build leaves the output as it was and no process; the next one makes only the rest."""
    assert run("build", "-l", "en", "--jobs", "2")[0] == 0
    output = project_folder / "output"
    before, held = _files(output), _made_before(project_folder)
    change()
    process = _command(project_folder, "--jobs", "1")
    assert process.stderr is not None
    while not (line := process.stderr.readline()).startswith("made:"):
        assert line, "it ended without a page"
    if how is signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does: to all processes
    else:
        process.send_signal(how)
    _, told = process.communicate(timeout=PATIENCE)  # read to the end: no process is left that could write to it
    assert process.returncode == (130 if how is signal.SIGINT else -how)
    assert "Traceback" not in told
    assert _files(output) == before
    finished = _made_before(project_folder) - held
    assert 1 <= finished < 6
    code, said, _ = run("build", "--jobs", "1")
    assert code == 0
    assert f"6 files: {6 - finished} made, {finished} up to date" in said
    _true(output)
    assert not list((project_folder / ".cache").rglob(".*.new"))


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_in_the_middle_of_a_page(times: int, project_folder: Path) -> None:
    """Ctrl-C while pages are laid out, also pressed twice, is answered with one sentence and nothing else."""
    process = _command(project_folder, "--jobs", "2")
    assert process.stderr is not None
    while not (line := process.stderr.readline()).startswith("made:"):
        assert line, "it ended without a page"
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert [line for line in told.splitlines() if line and not line.startswith("made:")] == [
        "interrupted: every file in the output folder is whole; the next build carries on"
    ]


LIMITED = """
import resource
if __name__ == "__main__": resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
"""


@pytest.mark.slow
def test_a_disk_with_no_room_for_a_page(run: Run, change: Change, project_folder: Path) -> None:
    """When pages cannot be kept, that is said once, the output is as it was, and with room the next build goes well."""
    assert run("build", "-l", "en", "--jobs", "2")[0] == 0
    before = _files(project_folder / "output")
    change()
    process = _command(project_folder, "-l", "en", "--jobs", "2", before=LIMITED)
    said, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (1, "")
    assert told.count(".cache: error: cannot write: File too large [build/cache]\n") == 1
    assert "nothing was written: 3 of 3 pages failed; the previous output is untouched" in told
    assert "Traceback" not in told
    assert _files(project_folder / "output") == before
    assert run("build", "-l", "en", "--jobs", "2")[0] == 0
    _true(project_folder / "output")


@pytest.mark.slow
def test_two_builds_at_once(run: Run, project_folder: Path) -> None:
    """Two builds of one project at the same time, with one cache and one output, both go well."""
    both = [_command(project_folder, "--jobs", "1") for _ in range(2)]
    ends = [process.communicate(timeout=PATIENCE) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    _true(project_folder / "output")
    assert "0 made, 6 up to date, 0 written" in run("build")[1]
