"""The benchmarks measure what they say: projects of the size asked for, and the same words for every peer. No speed is tested."""

import datetime
import re
import sys
from pathlib import Path

import pytest

from benchmarks import measure, ninja_files, pages, projects
from handouts import checks, material, plan, problems
from handouts.plan import Selection
from handouts.project import Project

DAY = datetime.date.fromisoformat(projects.DAY)


@pytest.mark.slow
@pytest.mark.parametrize(("outputs", "small"), [(120, False), (60, True)])
def test_a_generated_project_is_whole(tmp_path: Path, outputs: int, small: bool) -> None:
    """It has as many outputs as asked for, all of them printable, each under its own key, and no check refuses it."""
    project = projects.generate(tmp_path / "project", outputs, small=small)
    read = material.read(Project(project.folder))
    todo = plan.plan(read, Selection(today=DAY))
    pdfs = [job for job in todo.jobs if job.output.suffix == ".pdf"]
    assert (len(pdfs), project.outputs, todo.blocked) == (outputs, outputs, ())
    assert len({job.key for job in todo.jobs}) == len(todo.jobs) == outputs * 3 // 2  # and a web edition for each two
    assert not problems.errors(set(checks.run(read, DAY)))


@pytest.mark.slow
def test_peers_print_the_same_words(tmp_path: Path) -> None:
    """The Typst source of a page says what its HTML says, in the same order, and every kind of section can be said in it."""
    project = projects.generate(tmp_path / "project", 100)
    (tmp_path / "pages").mkdir()
    written = pages.write(project.folder, tmp_path / "pages", 50)
    assert len(written.names) == 50
    assert {name.partition(".")[0] for name in written.names} == set(projects.LANGUAGES)
    for name in written.names:
        html = (written.folder / f"{name}.html").read_text(encoding="utf-8")
        assert "<style>" in html
        source = (written.folder / f"{name}.typ").read_text(encoding="utf-8")
        body, place = html.partition('<div class="masthead">')[2], 0
        for sentence in re.findall(r"<(?:p|li|td|h\d)[^>]*>([^<>&]+)</", body):
            words = re.sub(r"[ \n\t]+", " ", sentence).strip(" ").replace('"', '\\"')
            assert words in source[place:], (name, words)
            place = source.index(words, place) + len(words)


def test_ninja_knows_as_many_files(tmp_path: Path) -> None:
    """build.ninja has an edge for every output of the manifest, with its sources and all templates."""
    project = tmp_path / "a project"
    for path in ("templates/page.css", "content/tea.yaml", "output/en/tea.pdf"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).touch()
    entry = '{"file": "en/tea.pdf", "sources": ["content/tea.yaml"]}'
    (project / "output/manifest.json").write_text(f'{{"files": [{entry}]}}', encoding="utf-8")
    assert ninja_files.write(project, tmp_path / "ninja") == (1, 2)
    text = (tmp_path / "ninja/build.ninja").read_text(encoding="utf-8")
    assert "a$ project/content/tea.yaml | templates" in text


def test_a_failing_command_is_told(tmp_path: Path) -> None:
    """A peer that ends with an error is not measured: its last words are told."""
    with pytest.raises(measure.CommandError, match=r"ended with 3: .*no such page"):
        measure.run([sys.executable, "-c", "import sys; print('no such page'); sys.exit(3)"], tmp_path, {})
