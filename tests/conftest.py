"""A project folder to try things in, and a way to run a command on it."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from handouts import build, catalogs, content, making, material, translations
from handouts.cli import main
from handouts.material import Material
from handouts.page import Page
from handouts.po import Entry
from handouts.problems import Problem
from handouts.project import Project

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


def _pseudo_translated(entry: Entry) -> Entry:
    """The English between «», as translators' tools make it: complete, with its placeholders, and seen at a glance."""
    forms = (f"«{entry.id if entry.plural is None or not index else entry.plural}»" for index in range(len(entry.strings)))
    return entry if not entry.id else replace(entry, strings=tuple(forms))


@pytest.fixture(scope="session")
def _whole_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minimal") / "project"
    shutil.copytree(TESTS / "projects" / "minimal", folder)
    shutil.copytree(TESTS.parent / "templates", folder / "templates")
    project = Project(folder)
    library = content.load(project)
    entries = translations.domains(library, project)[translations.UI]
    for code in ("es",):
        blank = catalogs.merged(None, entries, library.languages[code], translations.UI)
        filled = replace(blank, entries=tuple(_pseudo_translated(entry) for entry in blank.entries))
        (folder / translations.catalog_path(code, translations.UI)).write_text(filled.text(), encoding="utf-8")
    return folder


@pytest.fixture
def project_folder(_whole_project: Path, tmp_path: Path) -> Path:
    """A copy of the minimal project, complete: the repository's templates, and its own words in every language."""
    return Path(shutil.copytree(_whole_project, tmp_path / "project", copy_function=shutil.copyfile))


@pytest.fixture(scope="session")
def _pack_project(tmp_path_factory: pytest.TempPathFactory, _whole_project: Path) -> Path:
    """The minimal project with a consent form and a pack, in English and in a Spanish that is English between «»."""
    folder = tmp_path_factory.mktemp("pack") / "project"
    shutil.copytree(_whole_project, folder)
    shutil.copytree(TESTS / "projects" / "pack", folder, dirs_exist_ok=True)
    project = Project(folder)
    library = content.load(project)
    entries = translations.domains(library, project)
    for domain in ("tea-form", "tea-pack"):
        blank = catalogs.merged(None, entries[domain], library.languages["es"], domain)
        filled = replace(blank, entries=tuple(_pseudo_translated(entry) for entry in blank.entries))
        (folder / translations.catalog_path("es", domain)).write_text(filled.text(), encoding="utf-8")
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

    monkeypatch.setattr(making, "checked", page_bytes)
