"""A project folder that is kept read says what a fresh reading says, after every kind of change."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handouts import live, material, watching
from handouts.live import Reading
from handouts.problems import HandoutsError
from handouts.project import Project

CATALOG = "locales/es/LC_MESSAGES/tea.po"
HANDOUT = "content/handouts/tea.yaml"


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Puts one text of a file in the place of another, wherever it stands."""

    def edit(folder: Path) -> None:
        file = folder / path
        if file.exists():
            file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return edit


def removed(path: str) -> Callable[[Path], None]:
    """Takes a file away."""
    return lambda folder: (folder / path).unlink(missing_ok=True)


def added(path: str, text: str) -> Callable[[Path], None]:
    """Puts a file there, or another in its place."""

    def edit(folder: Path) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")

    return edit


FRENCH = """\
code: fr
name: French
autonym: Français
locale: fr
script: Latn
direction: ltr
fonts: [Noto Sans]
leading: "1.5"
"""

EDITS: dict[str, Callable[[Path], None]] = {
    "a translation": changed(CATALOG, "Tomar té", "Beber té"),
    "a translation back": changed(CATALOG, "Beber té", "Tomar té"),
    "a fuzzy mark": changed(CATALOG, 'msgctxt "tea.title"', '#, fuzzy\nmsgctxt "tea.title"'),
    "a broken catalog": changed(CATALOG, 'msgid "Drinking tea"', 'msgid "Drinking tea'),
    "a mended catalog": changed(CATALOG, 'msgid "Drinking tea\n', 'msgid "Drinking tea"\n'),
    "a catalog gone": removed("locales/es/LC_MESSAGES/shared.po"),
    "an English text": changed(HANDOUT, "Drinking tea", "Having tea"),
    "a broken handout": changed(HANDOUT, "id: tea", "id: [tea"),
    "a mended handout": changed(HANDOUT, "id: [tea", "id: tea"),
    "a handout refused by the schema": changed(HANDOUT, "kind: key-message", "kind: key-massage"),
    "a handout taken again": changed(HANDOUT, "kind: key-massage", "kind: key-message"),
    "a glossary": added("locales/es/glossary.yaml", "tea: té\n"),
    "a broken glossary": added("locales/es/glossary.yaml", "tea:\n"),
    "a glossary gone": removed("locales/es/glossary.yaml"),
    "a language": added("locales/fr/language.yaml", FRENCH),
    "another plural rule": changed("locales/es/language.yaml", "locale: es", "locale: pl"),
    "the plural rule again": changed("locales/es/language.yaml", "locale: pl", "locale: es"),
    "a word of a template": changed("templates/handout.html.j2", "About this handout", "About this sheet"),
    "a broken template": changed("templates/handout.html.j2", "{% endblock %}\n</body>", "{% endblok %}\n</body>"),
    "a mended template": changed("templates/handout.html.j2", "{% endblok %}\n</body>", "{% endblock %}\n</body>"),
    "a style": changed("templates/page.css", "26pt", "27pt"),
    "the clinic": changed("content/clinic.yaml", "Fictional Tea Clinic", "Fictional Coffee Clinic"),
    "another logo": added("templates/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a logo that is not there": changed("content/clinic.yaml", "templates/logo.svg", "templates/none.svg"),
    "the logo again": changed("content/clinic.yaml", "templates/none.svg", "templates/logo.svg"),
    "shared content": changed("content/shared.yaml", "tea", "chai"),
    "a reference": changed("content/references.yaml", "2020", "2021"),
}


def agree(reading: Reading) -> None:
    """Without a mistake both are equal; with one, both tell the same first of all."""
    fresh, told = None, set()
    try:
        fresh = material.read(reading.project)
    except HandoutsError as fault:
        told = set(fault.problems)
    assert bool(told) == bool(reading.problems)
    assert told <= set(reading.problems)
    assert reading.material == fresh or not fresh


@pytest.mark.parametrize("name", EDITS)
def test_every_kind_of_file(project_folder: Path, name: str) -> None:
    """After one edit of each kind the kept reading is a fresh one."""
    watch = watching.Watch(project_folder)
    reading = live.read(Project(project_folder))
    EDITS[name](project_folder)
    agree(live.reread(reading, watch.changed()))


@pytest.fixture
def whole(_whole_project: Path) -> Path:
    """The minimal project, to be copied for each example."""
    return _whole_project


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=3), min_size=1, max_size=6))
def test_any_edits_in_any_order(whole: Path, tmp_path_factory: pytest.TempPathFactory, names: list[list[str]]) -> None:
    """Whatever is edited, broken and mended, one file or several at once, the kept reading never drifts from the files."""
    folder = Path(shutil.copytree(whole, tmp_path_factory.mktemp("edits") / "project"))
    watch = watching.Watch(folder)
    reading = live.read(Project(folder))
    for together in names:
        for name in together:
            EDITS[name](folder)
        reading = live.reread(reading, watch.changed())
        agree(reading)


def test_a_mistake_keeps_the_last_good_part(project_folder: Path) -> None:
    """A catalog that cannot be read stays as it was, with the line of the mistake; all else goes on."""
    reading = live.read(Project(project_folder))
    assert reading.material
    EDITS["a broken catalog"](project_folder)
    EDITS["the clinic"](project_folder)
    now = live.reread(reading, [CATALOG, "content/clinic.yaml"])
    assert now.material
    assert now.material.catalogs["es", "tea"] == reading.material.catalogs["es", "tea"]
    assert now.material.library.clinic.name == "Fictional Coffee Clinic"
    (problem,) = now.problems
    assert (problem.place.path, problem.rule, problem.place.line > 0) == (CATALOG, "translation/syntax", True)
    assert now.concerning("es") == now.problems
    assert now.concerning("en") == ()


def test_only_what_changed_is_read(project_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed catalog is the one file that is opened."""
    reading = live.read(Project(project_folder))
    EDITS["a translation"](project_folder)
    opened: list[str] = []
    real = Project.read
    monkeypatch.setattr(Project, "read", lambda self, path, at=None: (opened.append(str(path)), real(self, path, at))[1])
    live.reread(reading, [CATALOG])
    assert opened == [CATALOG]


def test_a_project_that_cannot_be_read_at_first(project_folder: Path) -> None:
    """The preview begins on broken content too, and reads it when it is mended."""
    EDITS["a broken handout"](project_folder)
    reading = live.read(Project(project_folder))
    assert reading.material is None
    assert reading.problems[0].place.path == HANDOUT
    EDITS["a mended handout"](project_folder)
    agree(live.reread(reading, [HANDOUT]))


def test_some_languages_only(project_folder: Path) -> None:
    """With languages named, the catalogs of others are not read."""
    reading = live.read(Project(project_folder), ("en",))
    assert reading.material
    assert reading.material.catalogs == {}
