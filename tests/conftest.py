"""A project folder to try things in, and a way to run a command on it."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings

from handouts import build, material, printing, translations
from handouts.cli import main
from handouts.material import Material
from handouts.page import Page
from handouts.problems import Problem
from handouts.project import Project
from tests.translated import translate

settings.register_profile("house", deadline=None, derandomize=True)  # no test depends on the clock or on chance
settings.load_profile("house")

TESTS = Path(__file__).parent
TODAY = "2025-01-01"
DATED = ("build", "check", "report", "sign", "status", "verify")
"""Commands that judge by a day."""

Run = Callable[..., tuple[int, str, str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite-golden`: take what the pages are now as what they should be."""
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite tests/golden/")


@pytest.fixture(scope="session")
def _whole_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minimal") / "project"
    shutil.copytree(TESTS / "projects" / "minimal", folder)
    shutil.copytree(TESTS.parent / "templates", folder / "templates")
    translate(folder, "es", (translations.UI,))
    return folder


@pytest.fixture
def project_folder(_whole_project: Path, tmp_path: Path) -> Path:
    """A copy of the minimal project, complete: the repository's templates, and its own words in every language."""
    return Path(shutil.copytree(_whole_project, tmp_path / "project", copy_function=shutil.copyfile))


@pytest.fixture(scope="session")
def _pack_project(tmp_path_factory: pytest.TempPathFactory, _whole_project: Path) -> Path:
    """The minimal project with a consent form and a pack, in English and in a Spanish that is English between «»."""
    folder = tmp_path_factory.mktemp("pack") / "project"
    return with_pack(Path(shutil.copytree(_whole_project, folder)))


def with_pack(folder: Path) -> Path:
    """Add a consent form and a pack to a minimal project, in English and in a Spanish that is English between «»; returns the folder."""
    shutil.copytree(TESTS / "projects" / "pack", folder, dirs_exist_ok=True)
    translate(folder, "es", ("tea-form", "tea-pack"))
    return folder


@pytest.fixture
def read(project_folder: Path) -> Callable[[], Material]:
    """Reads the project folder as it is when called."""
    return lambda: material.read(Project(project_folder))


@pytest.fixture
def run(project_folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the project folder; returns the exit code, stdout and stderr."""

    def command(name: str, *arguments: str) -> tuple[int, str, str]:
        today = ("--today", TODAY) if name in DATED and "--today" not in arguments else ()
        try:
            code = main([name, "--project", str(project_folder), *today, *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes pages in a thread: forking is slow, and nothing of these pages is drawn, or only little."""
    monkeypatch.setattr(build, "pool", lambda _project, _workers: ThreadPoolExecutor(1))
    monkeypatch.setenv("FONTCONFIG_FILE", "")  # so that what the build sets is undone


@pytest.fixture
def plain_pages(in_this_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are what tells them apart, not drawn: for tests of which of them come out."""
    del in_this_process

    def page_bytes(page: Page, *_: object) -> tuple[bytes, tuple[Problem, ...]]:
        told = (page.language.code, page.edition, page.approval.state, page.clinic.name, page.digest)
        return f"%PDF {' '.join(told)}".encode(), ()

    monkeypatch.setattr(printing, "checked", page_bytes)
