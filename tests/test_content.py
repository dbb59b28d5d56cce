"""Content files to a library: every problem of every file in one run, each in words and at its line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import content
from handouts.problems import HandoutsError, Problem
from handouts.project import Project
from handouts.schema import FAULTS

TEA = "content/handouts/tea.yaml"
CLINIC = "content/clinic.yaml"

Change = Callable[[str, str, str], None]


@pytest.fixture
def change(project_folder: Path) -> Change:
    """Replaces a piece of a file of the project, which must be there."""

    def change(path: str, old: str, new: str) -> None:
        text = (project_folder / path).read_text(encoding="utf-8")
        assert old in text
        (project_folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def problems(folder: Path) -> list[Problem]:
    """What is wrong with the content of a project, sorted."""
    with pytest.raises(HandoutsError) as caught:
        content.load(Project(folder))
    return sorted(caught.value.problems)


def test_library(project_folder: Path) -> None:
    """The library holds what the files say, by name, and knows where each field stands."""
    library = content.load(Project(project_folder))
    (tea,) = library.handouts
    assert (tea.id, tea.title, library.path(tea)) == ("tea", "Drinking tea", TEA)
    assert set(library.languages) == {"en", "es"}
    assert set(library.references) == {"TEA1", "TEA2"}
    assert str(library.place(TEA, "title")) == f"{TEA}:3"
    assert [path for path, _ in library.documents()] == ["content/shared.yaml", TEA]


def test_handouts_in_order_of_documents(project_folder: Path) -> None:
    """Handouts come in the order of their document ids, whatever their files are called."""
    text = (project_folder / TEA).read_text(encoding="utf-8")
    for name, document in (("a-cup", "TEA-03"), ("z-cup", "TEA-00")):
        copy = text.replace("id: tea\n", f"id: {name}\n").replace("TEA-01", document)
        (project_folder / f"content/handouts/{name}.yaml").write_text(copy, encoding="utf-8")
    assert [handout.id for handout in content.load(Project(project_folder)).handouts] == ["z-cup", "tea", "a-cup"]


def test_copy_with_the_old_id(project_folder: Path) -> None:
    """A handout made by copying a file, its id forgotten, is told even while the first one is there."""
    (project_folder / "content/handouts/coffee.yaml").write_bytes((project_folder / TEA).read_bytes())
    (problem,) = problems(project_folder)
    assert str(problem.place) == "content/handouts/coffee.yaml:1"
    assert problem.message == 'id is "tea" but the file is "coffee"'


def test_no_handout(project_folder: Path) -> None:
    """A project without a handout is told, not built into nothing."""
    (project_folder / TEA).unlink()
    (problem,) = problems(project_folder)
    assert problem.message == "there is no handout"


def test_missing_file(project_folder: Path) -> None:
    """A file that must be there is missed by name."""
    (project_folder / "content/shared.yaml").unlink()
    (problem,) = problems(project_folder)
    assert problem.message == 'there is no file "content/shared.yaml"'


def test_problems_of_all_files(project_folder: Path, change: Change) -> None:
    """One run tells what is wrong in every file."""
    change(CLINIC, "paper: A4", "paper: A3")
    change("content/references.yaml", "kind: trial", "kind: rumour")
    change("locales/es/language.yaml", "direction: ltr", "direction: up")
    change(TEA, "blanks: 1", "blanks: many")
    assert [problem.place.path for problem in problems(project_folder)] == [
        CLINIC, TEA, "content/references.yaml", "locales/es/language.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (CLINIC, "food_fasting_hours: 4", "food_fasting_hours: 4.5", 'food_fasting_hours: "4.5" is not a whole number'),
        (CLINIC, "languages: [en, es]", "languages: en", "languages: this must be a list"),
        (CLINIC, "name: Fictional Tea Clinic", "name: [a]", "name: this must be one text"),
        (CLINIC, "name: Fictional Tea Clinic", "name: <b>Tea</b>", 'name: "<b>Tea</b>" does not have the right form'),
        (CLINIC, "name: Fictional Tea Clinic", "name:", "name: the value is empty"),
        (CLINIC, "name: Fictional Tea Clinic", f"name: {'x' * 201}", "name: the value has more than 200 characters"),
        (CLINIC, 'opens: "09:00"', 'opens: "0900"', 'hours.0.opens: "0900" is not a time'),
        (CLINIC, 'opens: "09:00"', 'opens: "25:00"', 'hours.0.opens: "25:00" is not a time'),
        (CLINIC, "region: GB", "sample: maybe\nregion: GB", 'sample: "maybe" is neither yes nor no'),
        (TEA, "review: 2027-01-15", "review: 20340115", 'review: "20340115" is not a date'),
        (TEA, "review: 2027-01-15", "review: 2034-02-30", 'review: "2034-02-30" is not a date'),
        (TEA, "count: 6", "count: -6", 'sections.3.risks.0.count: "-6" is too small, it must be 0 or more'),
        (TEA, "certainty: low", "certainty: lowish", 'sections.3.risks.0.certainty: "lowish" is not allowed here'),
        (TEA, "terms: [brew, tannin]", "terms: []", "sections.10.terms: the list has 0 items, at least 1 are needed"),
        ("locales/en/language.yaml", 'leading: "1.46"', "leading: wide", 'leading: "wide" is not a number'),
        ("content/references.yaml", "accessed: 2024-01-02", "accessed: 2.1.24", 'TEA1.accessed: "2.1.24" is not a date'),
    ],
)
def test_words(path: str, old: str, new: str, message: str, project_folder: Path, change: Change) -> None:
    """A value the schema refuses is told by its field, at its line, in plain words."""
    change(path, old, new)
    (problem,) = problems(project_folder)
    before = (project_folder / path).read_text(encoding="utf-8").partition(new)[0]
    assert (str(problem.place), problem.message) == (f"{path}:{before.count(chr(10)) + 1}", message)


def test_missing_field_is_placed_at_its_owner(project_folder: Path, change: Change) -> None:
    """A field that is missing is told at the first line of what it is missing from."""
    change(TEA, "        certainty: low\n", "")
    (problem,) = problems(project_folder)
    lines = (project_folder / TEA).read_text(encoding="utf-8").splitlines()
    assert problem.message == 'sections.3.risks.0: the field "certainty" is missing'
    assert lines[problem.place.line - 1] == "      - outcome: Like their tea"


def test_empty_optional_field(project_folder: Path, change: Change) -> None:
    """A field that may be left out may also be left empty."""
    change(CLINIC, "department: Teapot Service", "department:")
    assert content.load(Project(project_folder)).clinic.department is None


def test_no_jargon() -> None:
    """The words for a clinic know neither Python nor the schema library."""
    said = " ".join(word for pair in FAULTS.values() for word in pair)
    assert not re.findall(r"\b(tuple|dict\w*|str|int|float|input|valid\w*|pars\w*|None)\b", said)


def test_likeliest_first(project_folder: Path, change: Change) -> None:
    """A field that is misspelt is answered with the one that was meant, and with all that there are."""
    change(TEA, "blanks: 1", "blank: 1")
    (problem,) = problems(project_folder)
    assert problem.message == 'sections.7: there is no field "blank" here'
    assert problem.hint.startswith('did you mean "blanks"? use one of: basis, blanks, closing, icon, ')
