"""Builds: what is made, what is reused, what is published, and what is left alone when something fails."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

from handouts import build, fonts, plan, publishing
from handouts.build import Status
from handouts.cache import Cache, replace
from handouts.material import Material
from handouts.model import Edition
from handouts.plan import Selection
from handouts.problems import HandoutsError
from handouts.project import Project
from tests.conftest import Run

Read = Callable[[], Material]


class _Here(Executor):
    """Runs each job at once in this process."""

    def submit(self, fn, /, *arguments, **named):  # type: ignore[no-untyped-def,override]  # only what run() calls
        future: Future[object] = Future()
        try:
            future.set_result(fn(*arguments, **named))
        except Exception as fault:
            future.set_exception(fault)
        return future


@pytest.fixture
def built(read: Read) -> tuple[Material, tuple[build.Result, ...]]:
    """The English standard page of the minimal project, made and published."""
    material = read()
    fonts.configure(material.project.templates, material.project.cache)
    todo = plan.plan(material, Selection(languages=("en",), editions=(Edition.STANDARD,)))
    results = tuple(build.run(todo.jobs, material.project, _Here()))
    publishing.publish(results, material.project, material.project.output, whole=False)
    return material, results


Built = tuple[Material, tuple[build.Result, ...]]


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_page_is_made_once(built: Built) -> None:
    """A second run with nothing changed makes nothing."""
    material, first = built
    again = tuple(build.run([r.job for r in first], material.project, _Here()))
    assert [r.status for r in first] == [Status.MADE]
    assert [r.status for r in again] == [Status.REUSED]
    assert publishing.publish(again, material.project, material.project.output, whole=False) == ()


def test_the_manifest_tells_each_file(built: Built) -> None:
    """The manifest holds each file with its SHA-256, language, edition, version and sources."""
    material, results = built
    output = material.project.output
    entries = json.loads((output / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert [e["file"] for e in entries] == [str(r.job.output) for r in results]
    entry = entries[0]
    assert entry["sha256"] == hashlib.sha256((output / entry["file"]).read_bytes()).hexdigest()
    assert (entry["language"], entry["edition"], entry["version"]) == ("en", "standard", "1.0")
    assert "content/handouts/tea.yaml" in entry["sources"]


def test_a_build_elsewhere_gives_the_same_bytes(built: Built, tmp_path: Path) -> None:
    """Another folder, an empty cache: the same files."""
    material, results = built
    elsewhere = Project(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").symlink_to(material.project.folder)
    fresh = Project(tmp_path / "fresh")
    fresh.folder.mkdir()
    (fresh.folder / "templates").symlink_to(elsewhere.templates)
    again = tuple(build.run([r.job for r in results], fresh, _Here()))
    publishing.publish(again, fresh, fresh.output, whole=False)
    assert _digests(fresh.output) == _digests(material.project.output)


@pytest.mark.parametrize(
    ("path", "old", "new", "changes"),
    [
        ("content/handouts/tea.yaml", "version: ", "# a comment\nversion: ", False),
        ("content/clinic.yaml", "020 7946 0", "020 7946 1", True),
        ("templates/page.css", "font-size: 26pt", "font-size: 25pt", True),
        ("templates/footer.html.j2", "footer-id", "footer-no", True),
        ("locales/es/LC_MESSAGES/tea.po", "msgstr", "msgstr", False),
    ],
)
def test_the_key_follows_what_the_page_shows(
    read: Read, project_folder: Path, path: str, old: str, new: str, changes: bool
) -> None:
    """A job's key changes with what its page depends on, and with nothing else."""
    only = Selection(languages=("en",), editions=(Edition.STANDARD,))
    before = plan.plan(read(), only).jobs[0].key
    file = project_folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert (plan.plan(read(), only).jobs[0].key != before) is changes


def test_a_failing_page_leaves_the_output_alone(run: Run, project_folder: Path) -> None:
    """When one page fails, nothing is written, not even the pages that succeeded."""
    assert run("build", "-l", "en", "--jobs", "2")[0] == 0
    before = _digests(project_folder / "output")
    with (project_folder / "templates" / "large-print.css").open("a", encoding="utf-8") as style:
        style.write("p { no-such-property: 1 }\n")
    code, _, told = run("build", "-l", "en", "--jobs", "2")
    assert code == 1
    assert "no-such-property" in told
    assert "the previous output is untouched" in told
    assert _digests(project_folder / "output") == before


def test_an_incomplete_translation_is_not_printed(run: Run, project_folder: Path) -> None:
    """A handout with one text untranslated is not printed in that language; the build says why and prints the rest."""
    catalog = project_folder / "locales/es/LC_MESSAGES/tea.po"
    text = catalog.read_text(encoding="utf-8")
    head, _, rest = text.rpartition('msgstr "')
    catalog.write_text(head + 'msgstr ""' + rest[rest.index("\n") :], encoding="utf-8")
    code, said, told = run("build", "--jobs", "2")
    assert code == 0
    assert "texts are not translated into Spanish" in told
    assert "3 not printed" in said
    assert sorted(p.parts[-2] for p in (project_folder / "output").rglob("*.pdf")) == ["en", "large-print"]


def test_files_nobody_makes_any_more_are_taken_away(run: Run, project_folder: Path) -> None:
    """A whole build removes the pages of a language that is no longer printed, and only files that a build made."""
    run("build", "--edition", "standard", "--jobs", "2")
    (project_folder / "output" / "note.txt").write_text("mine", encoding="utf-8")
    clinic = project_folder / "content/clinic.yaml"
    clinic.write_text(clinic.read_text(encoding="utf-8").replace("[en, es]", "[en]"), encoding="utf-8")
    assert run("build", "--jobs", "2")[0] == 0
    assert not (project_folder / "output/es/tea.pdf").exists()
    assert (project_folder / "output/note.txt").exists()
    names = [e["file"] for e in json.loads((project_folder / "output/manifest.json").read_bytes())["files"]]
    assert names == ["en/large-print/tea.pdf", "en/tea.html", "en/tea.pdf"]


def test_a_part_of_a_build_keeps_the_rest_of_the_manifest(run: Run, project_folder: Path) -> None:
    """Building one language leaves the other's entries in the manifest."""
    run("build", "-l", "en", "--edition", "standard", "--jobs", "1")
    run("build", "-l", "es", "--edition", "standard", "--jobs", "1")
    names = [e["file"] for e in json.loads((project_folder / "output/manifest.json").read_bytes())["files"]]
    assert names == ["en/tea.pdf", "es/tea.pdf"]


def test_an_output_folder_that_cannot_be_written_is_a_problem(built: Built, tmp_path: Path) -> None:
    """When the output cannot be written, the message says so and no half file is left."""
    material, results = built
    (tmp_path / "out").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(HandoutsError) as caught:
        publishing.publish(results, material.project, tmp_path / "out", whole=False)
    assert caught.value.problems[0].rule == "build/output"


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure while writing leaves the old file and no temporary one."""
    path = tmp_path / "page.pdf"
    replace(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_cache_gives_back_what_it_was_given(tmp_path: Path) -> None:
    """Bytes put under a key come back, and a key never put is not held."""
    cache = Cache(tmp_path)
    cache.put("ab12", b"page", {})
    assert (cache.holds("ab12"), cache.get("ab12"), cache.holds("ab13")) == (True, b"page", False)


def test_a_damaged_catalog_of_another_language_stops_nothing(run: Run, project_folder: Path) -> None:
    """A build reads only the catalogs of the languages it prints; a check reads all."""
    (project_folder / "locales/es/LC_MESSAGES/tea.po").write_text('msgid "x\n', encoding="utf-8")
    assert run("build", "-l", "en", "--edition", "standard", "--jobs", "1")[0] == 0
    assert run("build", "-l", "es", "--edition", "standard", "--jobs", "1")[0] == 1
    assert run("check")[0] == 1


def test_an_unknown_language_is_told(run: Run, project_folder: Path) -> None:
    """A language of the clinic's file that has no facts is a problem of the build too, never a traceback."""
    path = project_folder / "content/clinic.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[en, es]", "[en, qq]"), encoding="utf-8")
    code, _, err = run("build", "--jobs", "1")
    assert (code, '"qq" is not a known language [clinic/language]' in err) == (1, True)
