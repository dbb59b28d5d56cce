"""A build on a Dask cluster: a real scheduler and worker processes, on this machine's own network only."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

import distributed
import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from handouts import build, bundle, cluster, fonts, material, pack_plan, parcel, problems
from handouts.build import Result, Status
from handouts.bundle import Bundle, Shelf
from handouts.cache import Cache
from handouts.cluster import Cluster
from handouts.commands import building
from handouts.model import Edition
from handouts.pack_plan import Work
from handouts.packs import PackEdition
from handouts.plan import Selection
from handouts.problems import HandoutsError, Problem
from handouts.project import Project
from tests.conftest import Run
from tests.shipped import ROOT
from tests.translated import translate

pytestmark = pytest.mark.slow

Start = Callable[..., distributed.LocalCluster]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts a scheduler and worker processes; all end with the module."""
    running = []

    def started(workers: int, threads: int = 1) -> distributed.LocalCluster:
        scratch = str(tmp_path_factory.mktemp("scratch"))
        running.append(
            distributed.LocalCluster(
                n_workers=workers, threads_per_worker=threads, processes=True, host="127.0.0.1",
                dashboard_address="127.0.0.1:0", memory_limit=0, silence_logs=50, local_directory=scratch,
            )
        )  # fmt: skip
        return running[-1]

    yield started
    for each in running:
        each.close()


@pytest.fixture(scope="module")
def two(start: Start) -> distributed.LocalCluster:
    """A cluster with two workers."""
    return start(2)


@pytest.fixture
def client(two: distributed.LocalCluster) -> Iterator[Any]:
    """A client of it, to play tricks with."""
    with distributed.Client(two, set_as_default=False) as client:
        yield client


@pytest.fixture
def tricked(client: Any) -> Iterator[Callable[[distributed.WorkerPlugin], None]]:
    """Plays a trick on the workers, until the test ends."""
    yield lambda trick: client.register_plugin(trick, name="trick")
    client.unregister_worker_plugin("trick")


@pytest.fixture(scope="module")
def _whole(tmp_path_factory: pytest.TempPathFactory, _pack_project: Path) -> Project:
    """The minimal project with a consent form and a pack that takes in a PDF from elsewhere, in English and in «English»."""
    project_folder = Path(shutil.copytree(_pack_project, tmp_path_factory.mktemp("whole") / "project"))
    with (project_folder / "content/packs/tea-pack.yaml").open("a", encoding="utf-8") as pack:
        pack.write("  - {kind: file, file: files/map.pdf, title: How to find us}\n")
    translate(project_folder, "es", ("tea-pack",))
    (project_folder / "files").mkdir()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('tea')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    writer.write(project_folder / "files/map.pdf")
    return Project(project_folder)


@pytest.fixture
def project(_whole: Project, project_folder: Path) -> Project:
    """A copy of it, with nothing made."""
    shutil.copytree(_whole.folder, project_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".cache"))
    return Project(project_folder)


def address(started: distributed.LocalCluster) -> str:
    """What --executor is given."""
    return str(started.scheduler_address).replace("tcp://", "dask://")


def work(project: Project, *editions: Edition | PackEdition) -> Work:
    """All that a build of some editions makes."""
    todo = pack_plan.work(material.read(project), Selection(editions=editions))
    assert not todo.blocked
    return todo


def joined(started: distributed.LocalCluster, project: Project, todo: Work, patience: float = 60) -> Cluster:
    """The executor on a cluster."""
    return Cluster(address(started), project, (*todo.sheets, *todo.inner, *todo.packs), patience)


def run(todo: Work, project: Project, executor: Executor) -> tuple[Result, ...]:
    """The results of a build that begins with an empty cache."""
    shutil.rmtree(project.cache, ignore_errors=True)
    fonts.configure(project.templates, project.cache)
    with executor:
        results = tuple(build.run((*todo.sheets, *todo.inner), project, executor))
        return (*results, *build.run(todo.packs, project, executor))


Files = dict[str, tuple[bytes, dict[str, Any], tuple[Problem, ...]]]


def files(results: tuple[Result, ...], project: Project) -> Files:
    """The bytes of all files, what is known of them, what is told of them."""
    assert {r.status for r in results} == {Status.MADE}
    kept = Cache(project.cache)
    return {str(r.job.output): (kept.get(r.job.key), kept.facts(r.job.key), r.problems) for r in results}


EVERYTHING = (Edition.STANDARD, PackEdition.PAPER, PackEdition.FILLABLE)


@pytest.fixture(scope="module")
def here(_whole: Project) -> Files:
    """What this machine makes."""
    return files(run(work(_whole, *EVERYTHING), _whole, build.pool(_whole, 2)), _whole)


def test_the_same_bytes_as_here(project: Project, two: distributed.LocalCluster, here: Files) -> None:
    """Handouts, forms and packs from a cluster are what this machine makes, byte for byte, with the same facts and findings."""
    todo = work(project, *EVERYTHING)
    executor = joined(two, project, todo)
    there = files(run(todo, project, executor), project)
    assert executor.told == []
    assert [p.rule for p in there["es/packs/tea-pack.pdf"][2] if p.place.path == "files/map.pdf"] == ["pack/active"]
    assert there == here


class Killer(distributed.WorkerPlugin):
    """Kills a worker when it begins a page: the first one that does, or every one."""

    def __init__(self, flag: Path, once: bool = True) -> None:
        self.flag, self.once = flag, once

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:  # noqa: ARG002
        """Called before a task runs."""
        if finish == "executing" and str(key).startswith("handouts-") and not (self.once and self.flag.exists()):
            self.flag.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_worker_costs_nothing(
    project: Project, two: distributed.LocalCluster, tricked: Callable[[Any], None], here: Files, tmp_path: Path
) -> None:
    """When a worker is killed in the middle of a page, that page is made elsewhere, and all bytes are the same."""
    todo = work(project, Edition.STANDARD)
    tricked(Killer(tmp_path / "killed"))
    there = files(run(todo, project, joined(two, project, todo)), project)
    assert (tmp_path / "killed").exists()
    assert there
    assert there == {name: here[name] for name in there}


def _aged() -> None:
    """Let this process say that it has an older WeasyPrint."""
    old = bundle._engine() | {"weasyprint": "1.0"}
    bundle._engine = lambda: old  # type: ignore[assignment]


def test_a_worker_with_other_versions_is_refused_by_name(project: Project, start: Start) -> None:
    """A worker whose WeasyPrint is another makes no page and is told with both versions; without any other, the build ends."""
    started = start(2)
    todo = work(project, Edition.STANDARD)
    wanted = bundle._engine()["weasyprint"]
    with distributed.Client(started, set_as_default=False) as client:
        first, second = sorted(client.nthreads())
        client.run(_aged, workers=[first])
        executor = joined(started, project, todo)
        results = run(todo, project, executor)
        assert {r.status for r in results} == {Status.MADE}
        message = (
            "{}: {}: the worker on " + socket.gethostname() + " makes no pages, its versions are others: "
            f"weasyprint 1.0 instead of {wanted} [cluster/versions]\n"
            "    hint: install there the package, the libraries (requirements.lock) and the fonts that are here, then start it again"
        )
        assert [str(p) for p in executor.told] == [message.format(first, "warning")]
        client.run(_aged, workers=[second])
    with pytest.raises(HandoutsError) as caught:
        run(todo, project, joined(started, project, todo))
    assert problems.as_text(caught.value.problems) == "\n".join(message.format(each, "error") for each in (first, second))


class Aging(distributed.WorkerPlugin):
    """Lets the first worker that begins a page have another version from then on."""

    def __init__(self, flag: Path) -> None:
        self.flag = flag

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:  # noqa: ARG002
        """Called before a task runs."""
        if finish == "executing" and str(key).startswith("handouts-") and not self.flag.exists():
            self.flag.touch()
            _aged()


def test_a_worker_that_changes_during_a_build_is_refused(project: Project, start: Start, tmp_path: Path) -> None:
    """Every job carries the versions it wants: a worker that no longer has them hands it back, and another makes it."""
    started = start(2)
    todo = work(project, Edition.STANDARD)
    with distributed.Client(started, set_as_default=False) as client:
        client.register_plugin(Aging(tmp_path / "aged"), name="trick")
    executor = joined(started, project, todo)
    assert {r.status for r in run(todo, project, executor)} == {Status.MADE}
    assert [(p.rule, "weasyprint 1.0 instead of" in p.message) for p in executor.told] == [("cluster/versions", True)]


def test_a_page_that_kills_workers_fails(
    project: Project, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that no worker survives is a failure that says so, not an endless build; so is a cluster without workers."""
    monkeypatch.setattr(cluster, "TICK", 1000)  # nobody looks before the scheduler says what became of the page
    started = start(1, threads=2)
    todo = work(project, Edition.STANDARD)
    with distributed.Client(started, set_as_default=False) as client:
        (worker,) = client.nthreads()
        client.register_plugin(Killer(tmp_path / "killed", once=False), name="trick")
        started.scheduler.allowed_failures = 0
        executor = joined(started, project, replace(todo, packs=()))
        results = run(replace(todo, sheets=todo.sheets[:1], inner=(), packs=()), project, executor)
        assert [str(p) for r in results for p in r.problems] == [
            f"en/tea.pdf: error: every worker that was given this page died, the last was {worker} [cluster/worker]\n"
            "    hint: a worker may be out of memory: give each more, or start fewer on a machine; their logs say more"
        ]
        assert [str(p) for p in executor.told][:1] == [
            f"{worker}: warning: the worker has 2 threads, but makes one page at a time [cluster/threads]\n"
            "    hint: start a process for each instead: dask worker HOST:PORT --nworkers 2 --nthreads 1"
        ]


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Callable[..., Iterator[str]]]:
    """Runs a dask command, with or without the package; gives the lines it logs. All end with the test."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "handouts.py").write_text("raise ImportError('it is not installed')", encoding="utf-8")
    running: list[subprocess.Popen[str]] = []

    def dask(*arguments: str, package: bool) -> Iterator[str]:
        path = ROOT if package else tmp_path / "without"
        environment = os.environ | {"PYTHONPATH": str(path), "PYTHONWARNINGS": "ignore"}
        words = [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1", "--no-dashboard"]
        process = subprocess.Popen(words, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stderr
        return process.stderr

    yield dask
    for process in reversed(running):
        process.terminate()
        process.communicate()


def test_the_scheduler_needs_only_dask(project: Project, command: Callable[..., Iterator[str]], run_command: Run) -> None:
    """With the commands of docs/cluster.md: the scheduler has no such package; a worker without it is refused by name."""
    log = command("scheduler", "--port", "0", package=False)
    found = next(match[1] for line in log if (match := re.search(r"Scheduler at: +(tcp://\S+)", line)))
    for package in (True, False):
        command("worker", found, "--nworkers", "1", "--nthreads", "1", package=package)
    with distributed.Client(found, set_as_default=False) as client:
        client.wait_for_workers(2)
    where = found.replace("tcp", "dask")
    code, _, err = run_command("build", "-l", "en", "--handout", "tea", "--edition", "standard", "--executor", where)
    assert code == 0
    assert "the worker makes no pages, it cannot run this version of the package: " in err
    assert (project.output / "en" / "tea.pdf").exists()


def test_a_build_without_workers_ends(project: Project, start: Start) -> None:
    """A cluster without a worker makes nothing, and says so at once."""
    started = start(0)
    todo = work(project, Edition.STANDARD)
    with pytest.raises(HandoutsError) as caught:
        run(todo, project, joined(started, project, todo))
    assert str(caught.value) == NO_WORKER.format(address(started))


NO_WORKER = (
    "{}: error: the cluster has no worker that can make pages [cluster/workers]\n"
    "    hint: start some: dask worker HOST:PORT --nworkers auto --nthreads 1; see docs/cluster.md"
)


def test_a_build_whose_workers_are_all_lost_ends(
    project: Project, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last worker is gone and none comes in time, every page that is not made says so."""
    monkeypatch.setattr(cluster, "TICK", 0.05)
    started = start(1)
    todo = replace(work(project, Edition.STANDARD), inner=(), packs=())
    with distributed.Client(started, set_as_default=False) as client:
        client.register_plugin(Killer(tmp_path / "killed", once=False), name="trick")
    results = run(todo, project, joined(started, project, todo, patience=0))
    assert {str(p) for r in results for p in r.problems} == {NO_WORKER.format(address(started))}
    assert {r.status for r in results} == {Status.FAILED}


def test_a_lost_scheduler_is_told(project: Project, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the scheduler goes away in the middle of a build, the pages that are not made say so; the others are kept."""
    monkeypatch.setattr(cluster, "SECONDS", 1)
    started = start(1)
    todo = replace(work(project, Edition.STANDARD, Edition.LARGE_PRINT), inner=(), packs=())
    fonts.configure(project.templates, project.cache)
    with joined(started, project, todo) as executor:
        results = build.run(todo.sheets, project, executor)
        first = next(results)
        started.close()
        others = tuple(results)
    assert Cache(project.cache).holds(first.job.key)
    assert [str(p) for p in others[-1].problems] == [
        f"{address(started)}: error: the scheduler went away, or has forgotten the jobs of this build [cluster/connection]\n"
        "    hint: look whether it runs; then build again: finished pages are kept in .cache"
    ]


def test_an_interrupted_build_leaves_nothing_behind(
    project: Project, two: distributed.LocalCluster, client: Any, run_command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle of a build leaves the output as it was, and calls off what is queued on the cluster."""

    def interrupted(results: Iterator[Result], _total: int) -> Iterator[Result]:
        yield next(results)
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "_progress", interrupted)
    fonts.configure(project.templates, project.cache)
    code, _, err = run_command("build", "--executor", address(two))
    assert (code, err) == (130, "\ninterrupted: every file in the output folder is whole; the next build carries on\n")
    assert not project.output.exists()
    assert len([*(project.cache / "pages").rglob("*.page")]) >= 1
    assert (
        client.run_on_scheduler(lambda dask_scheduler: [k for k in dask_scheduler.tasks if str(k).startswith("handouts-")])
        == []
    )


@pytest.fixture
def run_command(run: Run) -> Run:
    """Runs a command on the project folder."""
    return run


def test_sites_on_a_cluster(project: Project, two: distributed.LocalCluster, run_command: Run) -> None:
    """A build of two sites on a cluster writes what this machine writes, byte for byte, and makes once what they print alike."""
    (project.folder / "content" / "sites").mkdir()
    for name, languages in (("north", "en"), ("south", "en, es")):
        (project.folder / f"content/sites/{name}.yaml").write_text(f"languages: [{languages}]\n", encoding="utf-8")
    fonts.configure(project.templates, project.cache)
    made = []
    for executor in (("--executor", address(two)), ("--jobs", "2")):
        shutil.rmtree(project.output, ignore_errors=True)
        shutil.rmtree(project.cache)
        code, out, _ = run_command("build", *executor)
        assert code == 0
        made.append(({str(path.relative_to(project.output)): path.read_bytes() for path in project.output.rglob("*.*")}, out))
    (there, told), (here, _) = made
    assert there == here
    assert {"north/en/tea.pdf", "south/es/packs/tea-pack.pdf", "manifest.json", "index.html"} <= there.keys()
    files, fresh = re.findall(r"(\d+) files?: (\d+) made", told)[0]
    assert int(fresh) < int(files)


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def test_messages_of_an_address(project: Project, run_command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no address, where nothing listens, where something else listens and what is not installed is told, never as a traceback."""
    monkeypatch.setattr(cluster, "SECONDS", 1)
    assert run_command("build", "--executor", "tcp://10.0.0.1") == (1, "", (
        "tcp://10.0.0.1: error: this is not the address of a cluster [cluster/address]\n"
        "    hint: name its scheduler: dask://HOST:PORT, or dask+tls://HOST:PORT\n"
    ))  # fmt: skip
    closed = f"dask://127.0.0.1:{free_port()}"
    assert run_command("build", "--executor", closed) == (1, "", (
        f"{closed}: error: nothing answers there: Connection refused [cluster/connection]\n"
        "    hint: start a scheduler there (dask scheduler), or correct the address; see docs/cluster.md\n"
    ))  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as door:
        other = f"dask://127.0.0.1:{door.getsockname()[1]}"
        code, out, err = run_command("build", "--executor", other)
    assert (code, out) == (1, "")
    assert err == (
        f"{other}: error: what answers there does not answer as a Dask scheduler: it does not greet [cluster/connection]\n"
        "    hint: is it the scheduler's port, and do both sides use TLS or neither? see docs/cluster.md\n"
    )
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run_command("build", "--executor", closed) == (1, "", (
        f"{closed}: error: building on a cluster needs Dask, which is not installed [cluster/extra]\n"
        "    hint: pip install 'handouts[cluster]'\n"
    ))  # fmt: skip
    assert not project.output.exists()


def full(_job: object, _folder: Path, _templates: Path, _store: Path) -> tuple[float, tuple[Problem, ...]]:
    """Makes a job on a machine whose disk is full."""
    raise OSError(28, "No space left on device")


def test_message_of_a_full_disk(project: Project, client: Any) -> None:
    """A worker that cannot keep a page is told by its machine's name."""
    job = work(project, Edition.STANDARD).sheets[0]
    templates = bundle.bundled(project.templates).data
    made = client.submit(parcel.made, parcel.packed({}, full, job, {}), templates).result()
    assert [str(p) for p in made.problems] == [
        f"en/tea.pdf: error: {socket.gethostname()} could not keep the page: No space left on device [cluster/disk]\n"
        "    hint: free space there, or start the worker with another --local-directory"
    ]


def test_a_bundle_is_the_folder(project: Project, tmp_path: Path) -> None:
    """Equal templates give equal bundles wherever they lie; unpacked they are the folder, without what a link leads out to."""
    copy = Path(shutil.copytree(project.templates, tmp_path / "copy"))
    sent = bundle.bundled(copy)
    assert sent == bundle.bundled(project.templates)
    (copy / "secret.css").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_text("p {}", encoding="utf-8")
    assert bundle.bundled(copy) == sent
    opened = Shelf(tmp_path / "shelf").templates(Bundle(sent.data))
    assert {path.relative_to(opened): path.read_bytes() for path in opened.rglob("*") if path.is_file()} == {
        path.relative_to(project.templates): path.read_bytes() for path in project.templates.rglob("*") if path.is_file()
    }


def test_other_fonts_are_other_versions(project: Project) -> None:
    """A font that is not there, and one that the project brings along, show among the versions."""
    before = bundle.versions(("Noto Sans", "No Such Sans"), project.templates)
    assert before["font No Such Sans"] == bundle.ABSENT
    assert len(before["font Noto Sans"]) == 12
    (project.templates / "fonts").mkdir()
    (project.templates / "fonts" / "NoSuchSans-Regular.ttf").write_bytes(b"x")
    after = bundle.versions(("Noto Sans",), project.templates)
    assert [*bundle.differences(after, before)] == [f"templates/fonts nothing instead of {after['templates/fonts']}"]
