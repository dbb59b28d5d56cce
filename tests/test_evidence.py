"""Rules about evidence: what they tell, and what they must not."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from handouts.checks import evidence
from handouts.material import Material
from handouts.problems import Problem, Severity

PACK = Path(__file__).parent / "projects" / "pack"
FORM = "content/consent/tea-form.yaml"
TEA = "content/handouts/tea.yaml"
SHARED = "content/shared.yaml"
REFERENCES = "content/references.yaml"
INTRO = "Tea is made of leaves and hot water."
SECTION = """
  - id: more
    kind: numbers
    title: More numbers
    risks:
      - outcome: {outcome}
        count: {count}
        group: {group}
        compared: 4
        versus: Without milk (dry)
        period: {period}
        certainty: {certainty}
        source: {source}

  - id: choices
"""
LIKED = {
    "outcome": "Like their tea",
    "count": 6,
    "group": "With milk",
    "period": "after one cup",
    "certainty": "low",
    "source": "TEA1",
}

Rule = Callable[[Material], Iterable[Problem]]
Read = Callable[[], Material]
Find = Callable[..., list[Problem]]


@pytest.fixture
def find(project_folder: Path, read: Read) -> Find:
    """What a rule finds after pieces of files were replaced: path, old, new, and so on."""

    def find(rule: Rule, *changes: str) -> list[Problem]:
        for path, old, new in zip(*[iter(changes)] * 3, strict=True):
            text = (project_folder / path).read_text(encoding="utf-8")
            assert old in text
            (project_folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        return list(rule(read()))

    return find


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    sources: [TEA2]\n", "", "the section"),
        ("        basis: practice\n", "", 'the option "plain"'),
        ("        emergency: yes\n        sources: [TEA1]\n", "        emergency: yes\n", 'the side effect "spilled"'),
        ("    basis: none-found\n", "", "the section"),
    ],
)
def test_without_source(old: str, new: str, what: str, find: Find) -> None:
    """A section, an option and a side effect that state facts without a source are told, as warnings."""
    (problem,) = find(evidence.sourced, TEA, old, new)
    assert (problem.rule, problem.severity) == ("evidence/sourced", Severity.WARNING)
    assert problem.message == f"{what} states facts and names no source"


def test_forms(project_folder: Path, find: Find) -> None:
    """In a form, statements and the words around fields state facts; fields alone and signatures do not."""
    shutil.copytree(PACK, project_folder, dirs_exist_ok=True)
    assert find(evidence.sourced) == []
    (fields,) = find(evidence.sourced, FORM, "    fields:\n", "    intro:\n      - Tea is poured.\n    fields:\n")
    again, statements = find(evidence.sourced, FORM, "    basis: practice\n", "")
    assert (again, str(statements.place)) == (fields, f"{FORM}:28")


@pytest.mark.parametrize(
    "place", ["Your own cup", "Is there any cake?", "Put the kettle on.", "This part is for readers far away."]
)
def test_number_without_source(place: str, find: Find) -> None:
    """A number of people needs a source in a section of any kind, and advice from good practice is none for it."""
    (problem,) = find(evidence.sourced, TEA, place, "In this tale 3 of 100 people spill it.")
    assert (problem.severity, problem.message) == (Severity.ERROR, '"3 of 100" has no source')


def test_every_reference_is_used(find: Find) -> None:
    """A reference that nothing cites is told, unless it says why it is kept."""
    third = "TEA3:\n  authors: N\n  title: T\n  source: S\n  year: 2020\n  kind: trial\n  accessed: 2024-01-02\n{}TEA2:\n"
    assert find(evidence.used, REFERENCES, "TEA2:\n", third.format("  uncited: too weak\n")) == []
    (problem,) = find(evidence.used, REFERENCES, "  uncited: too weak\n", "")
    assert problem.message == "no document cites TEA3"


def test_cited_and_uncited(find: Find) -> None:
    """A reference that is cited cannot say that it is not."""
    (problem,) = find(evidence.used, REFERENCES, "  year: 2020\n", "  year: 2020\n  uncited: too weak\n")
    assert problem.message == f"TEA1 is cited, in {SHARED}"


def test_reference_found_by_year_or_address(find: Find) -> None:
    """A printed source needs no address, and a page without a date is found by its address; one of the two there must be."""
    assert find(evidence.complete) == []
    (problem,) = find(evidence.complete, REFERENCES, "  year: 2020\n", "")
    assert problem.message == "TEA1 has neither a year nor an address"
    assert find(evidence.complete, REFERENCES, "  kind: trial\n", "  kind: trial\n  doi: 10.1000/182\n") == []


def test_read_before_published(find: Find) -> None:
    """A source may be read on the day of publishing, not after."""
    assert find(evidence.complete, REFERENCES, "accessed: 2024-01-02", "accessed: 2024-01-15") == []
    (problem,) = find(evidence.complete, REFERENCES, "accessed: 2024-01-15", "accessed: 2024-01-16")
    assert str(problem.place) == f"{TEA}:7"


@pytest.mark.parametrize("text", ["With milk, 6 of 100 people like their tea, and 4 of 100 without.", "94 of 100 dislike their tea.",
                                  "2 more of 100 people like their tea.", "2 more of 100 (1 to 5 more of 100) ask for a second cup."])  # fmt: skip
def test_numbers_repeated(text: str, find: Find) -> None:
    """A text may give the counts of a risk, the rest, the difference, and the ends of its range."""
    assert find(evidence.agrees, TEA, INTRO, text, TEA, "sources: [TEA2]", "sources: [TEA1]") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("With milk, 7 of 100 people like their tea.", "7 of 100"),
        ("'**People like it.** In one trial it was 60 of 100.'", "60 of 100"),
        ("6 more of 100 people like their tea.", "6 more of 100"),
        ("2 of 100 people ask for a second cup.", "2 of 100"),
    ],
)
def test_numbers_changed(text: str, words: str, find: Find) -> None:
    """Another number for the same outcome is told, and so is a difference that is told as a count, or a count as one."""
    (problem,) = find(evidence.agrees, TEA, INTRO, text, TEA, "sources: [TEA2]", "sources: [TEA1]")
    assert (problem.severity, problem.message.split(" is none")[0]) == (Severity.WARNING, f'"{words}"')


@pytest.mark.parametrize(
    "text",
    [
        "In one trial 50 of 100 people had wet sleeves.",  # another outcome
        "3 of 6 people like their tea.",  # the raw counts of a small trial
        "People like it 7 out of 10 days.",
        "6 of 100 people like their tea. Of these, 3 of 100 sing.",  # what follows a number is of its own
        "People like it. In one trial 17 more of 100 people stayed.",  # a difference of another kind
    ],
)
def test_numbers_of_something_else(text: str, find: Find) -> None:
    """Numbers of other outcomes, of other numbers of people, and of sentences that name none are left alone."""
    assert find(evidence.agrees, TEA, INTRO, text, TEA, "sources: [TEA2]", "sources: [TEA1]") == []


def test_numbers_of_another_source(find: Find) -> None:
    """A number from a source that the data does not take its numbers from may differ."""
    assert find(evidence.agrees, TEA, INTRO, "In another study, 60 of 100 people like their tea.") == []


@pytest.mark.parametrize(("field", "value"), [("count", 5), ("certainty", "moderate")])
def test_risk_told_twice(field: str, value: object, find: Find) -> None:
    """The same risk has the same numbers and certainty in both places, words in brackets and small words aside."""
    section = SECTION.format(**LIKED | {field: value, "group": "With milk (cold)", "period": "after the one cup"})
    (problem,) = find(evidence.agrees, TEA, "\n  - id: choices\n", section)
    assert (problem.severity, problem.message.split(" for ")[0]) == (
        Severity.ERROR,
        f"{field} is {value} here and {LIKED[field]} in {TEA}:{45 if field == 'count' else 50},",
    )


@pytest.mark.parametrize(
    "other", [{"group": "With honey"}, {"period": "after two cups"}, {"source": "TEA2"}, {"outcome": "Ask for a spoon"}]
)
def test_another_risk(other: dict[str, str], find: Find) -> None:
    """Another group, period, source or outcome makes another risk, which has its own numbers."""
    assert find(evidence.agrees, TEA, "\n  - id: choices\n", SECTION.format(**LIKED | {"count": 5} | other)) == []
