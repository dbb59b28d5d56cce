"""Plain language: what each rule tells is in tests/bad; here what it must not tell, and where a limit lies."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from handouts.checks import plain
from handouts.material import Material
from handouts.problems import Problem

TEA = "content/handouts/tea.yaml"
SHARED = "content/shared.yaml"
Read = Callable[[], Material]
Rule = Callable[[Material], Iterable[Problem]]
SENTENCE = "It takes 4.5 minutes in this tale."


@pytest.fixture
def find(project_folder: Path, read: Read) -> Callable[..., list[Problem]]:
    """What a rule finds after a piece of a file was replaced."""

    def find(rule: Rule, path: str, old: str, new: str) -> list[Problem]:
        text = (project_folder / path).read_text(encoding="utf-8")
        assert old in text
        (project_folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        return list(rule(read()))

    return find


Find = Callable[..., list[Problem]]


@pytest.mark.parametrize(("count", "told"), [(5, 0), (6, 1)])
def test_seven_items(count: int, told: int, find: Find) -> None:
    """Seven items are a list, eight are told (the section has two already)."""
    more = "".join(f"      - Tea of kind {number}\n" for number in range(count))
    assert len(find(plain.lists, TEA, "      - Black tea\n", f"      - Black tea\n{more}")) == told


@pytest.mark.parametrize(
    ("path", "old", "line"),
    [
        (SHARED, "      - The kettle is on fire\n", "      - Fire of kind {}\n"),
        (TEA, "      - A spoon\n", "      - A thing of kind {}\n"),
    ],
)
def test_long_lists_that_are_searched(path: str, old: str, line: str, find: Find) -> None:
    """When to call and what to tick off may have more than seven items: one looks for one's own."""
    assert find(plain.lists, path, old, old + "".join(line.format(number) for number in range(12))) == []


def test_list_in_a_step(find: Find) -> None:
    """The lists inside steps are counted too."""
    more = "".join(f"          - Turn {number}\n" for number in range(7))
    (problem,) = find(plain.lists, TEA, "          - Warm the pot\n", f"          - Warm the pot\n{more}")
    assert problem.message.startswith("a list of 9 items")


@pytest.mark.parametrize("title", ["Introduction", "MORE INFORMATION", "Overview:", "Part 2", "3.", "Section IV"])
def test_empty_heading(title: str, find: Find) -> None:
    """A heading that could stand anywhere, or a number, tells nothing."""
    assert [p.rule for p in find(plain.headings, TEA, "title: What tea is", f'title: "{title}"')] == ["plain/headings"]


@pytest.mark.parametrize(
    "title", ["The treatment", "Information for your driver", "About tea", "Vitamins", "Four notes on tea"]
)
def test_telling_heading(title: str, find: Find) -> None:
    """A heading that holds such a word among others is fine."""
    assert find(plain.headings, TEA, "title: What tea is", f'title: "{title}"') == []


def test_same_title_in_steps(find: Find) -> None:
    """Steps have titles of their own, which may repeat a section's."""
    assert find(plain.headings, TEA, "title: Pour", "title: What to bring") == []


def test_chunks_of_a_table(find: Find) -> None:
    """A table is counted row by row."""
    words = "benefits: [" + ", ".join(["It cools down sooner and it is good"] * 25) + "]"
    assert find(plain.chunks, TEA, "benefits: [It cools down sooner]", words) == []


@pytest.mark.parametrize(
    "text",
    [
        "Alcohol adds to the danger.",
        "It takes 4.5 minutes per cup.",
        "You pay 3 per visit.",
        "Ask how the dose was calculated for you.",
        "The pain may be divided in two.",
    ],
)
def test_no_arithmetic(text: str, find: Find) -> None:
    """Numbers and adding in another sense are no sums."""
    assert find(plain.arithmetic, TEA, SENTENCE, text) == []


@pytest.mark.parametrize(
    "text", ["Take 2 mg per kg.", "Add up the points.", "Work out how many cups you need.", "Multiply it by 3."]
)
def test_arithmetic(text: str, find: Find) -> None:
    """Amounts for each kilogram, adding up and working out are sums."""
    assert [p.rule for p in find(plain.arithmetic, TEA, SENTENCE, text)] == ["plain/arithmetic"]


@pytest.mark.parametrize(
    "text", ["Patients may feel warm.", "Other patients report joy.", "The guideline says patients should rest."]
)
def test_patients_in_general(text: str, find: Find) -> None:
    """What patients feel, or what a source advises, does not speak past the reader."""
    assert find(plain.addressed, TEA, SENTENCE, text) == []


@pytest.mark.parametrize(
    "text", ["Take your time.", "If it boils, call.", "Do not drink.", "**Ask** for milk.", "Saying no is fine."]
)
def test_action(text: str, find: Find) -> None:
    """A step begins with a verb or with its condition."""
    assert find(plain.actions, TEA, "Put the kettle on.", f'"{text}"') == []


@pytest.mark.parametrize("text", ["NHS and FDA say so.", "CRPS (NICE) is a name.", "The USA, UK and EU agree."])
def test_abbreviations(text: str, find: Find) -> None:
    """Abbreviations are no block of capitals."""
    assert find(plain.capitals, TEA, SENTENCE, text) == []
