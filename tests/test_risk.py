"""Rules about the wording of risks: what they tell, and above all what they must not."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from handouts.checks import risk
from handouts.material import Material
from handouts.problems import Problem, Severity

TEA = "content/handouts/tea.yaml"
INTRO = "Tea is made of leaves and hot water."
POINT = "Black tea"
NOTE = "Wet sleeves are a bore."

Rule = Callable[[Material], Iterable[Problem]]
Found = Callable[..., list[str]]


@pytest.fixture
def found(project_folder: Path, read: Callable[[], Material]) -> Found:
    """What a rule says about a text, put in the place of another."""

    def found(rule: Rule, text: str, instead_of: str = POINT) -> list[str]:
        content = (project_folder / TEA).read_text(encoding="utf-8")
        assert instead_of in content
        quoted = "'" + text.replace("'", "''") + "'"
        (project_folder / TEA).write_text(content.replace(instead_of, quoted, 1), encoding="utf-8")
        problems = list(rule(read()))
        assert {problem.severity for problem in problems} <= {Severity.WARNING}
        assert {problem.rule for problem in problems} <= {f"risk/{rule.__name__.replace('_', '-')}"}
        return [problem.message for problem in problems]

    return found


@pytest.mark.parametrize(
    "text",
    [
        "About 1 in 14 people stop.",
        "1 person in 20 stops.",
        "About 1 extra person in 6 stopped.",
        "1 in every 5 people",
        "One in ten people stop.",
        "One person in a hundred",
        "Two out of three people",
        "For every 6 people who drink it, 1 extra person stopped.",
        "1 person is helped for about every 5 to 9 people treated.",
        "1 in 1,000 people",
    ],
)
def test_one_in_x(text: str, found: Found) -> None:
    """One in a number that varies is told, in digits and in words, and as a number needed to treat."""
    assert len(found(risk.one_in_x, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "3 of 6 people had it.",
        "1 of 5 people had it.",
        "1 in 100 people",
        "11 in 100 people",
        "One cup in 3 hours",
        "Take 1 in 24 hours.",
        "One of two ways",
        "Ask one in the room.",
        "5.1 in 7 days",
        "For every 100 people, 1 more stopped.",
        "There is a chair for every 2 people.",
    ],
)
def test_not_one_in_x(text: str, found: Found) -> None:
    """Raw counts, the fixed number of people, and times are left alone."""
    assert found(risk.one_in_x, text) == []


@pytest.mark.parametrize(
    "text",
    ["15 percent of people stop.", "15% stop.", "In 7.5 % it lasts.", "20 per cent of the people", "A large percentage stops."],
)
def test_percent(text: str, found: Found) -> None:
    """A share of people in percent is told."""
    assert len(found(risk.percent, text)) == 1


@pytest.mark.parametrize(
    "text",
    ["9 of 100 people had at least 30 percent less noise.", "Noise fell by 30 percent.", "10 percent of the water boils away."],
)
def test_percent_of_an_amount(text: str, found: Found) -> None:
    """A percentage of an amount, or by which one changes, counts no people."""
    assert found(risk.percent, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Spills are rare.",
        "Wet sleeves are very common.",
        "It is uncommon.",
        "It rarely happens.",
        "Spills happen frequently.",
        "Spills are unlikely in 2 weeks.",
        "It is very likely after 24 hours.",
    ],
)
def test_verbal(text: str, found: Found) -> None:
    """A word of frequency alone is told; a number that is no frequency does not back it."""
    assert len(found(risk.verbal, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Spills are common: 12 of 100 people have them.",
        "Spills are frequent, but we have no exact number.",
        "Spills are frequent. The exact number is not known.",
        "How often it happens is not known. At sea it is common.",
        "Nobody knows whether it is rare.",
        "**Not known does not mean rare.**",
        "This does not mean that it is rare.",
        "How common is it?",
        'You may read that it is "very rare".',
        "You may read that it is “rare”.",
        "It is more common at sea.",
        "They have much in common.",
        "Use common sense.",
        "More likely with milk",
    ],
)
def test_not_verbal(text: str, found: Found) -> None:
    """A word with its number, or with the words that there is none, a denial, a question and a quotation are left alone."""
    assert found(risk.verbal, text) == []


def test_heading_backed_by_its_section(found: Found) -> None:
    """A heading or an opening paragraph has its numbers in the section; one point of a list has not."""
    assert found(risk.verbal, "Common spills", "What tea is") != []
    assert found(risk.verbal, "9 of 100 people spill it.", POINT) == []
    assert found(risk.verbal, "These are common.", INTRO) == []
    assert found(risk.verbal, "Rare leaves", "Green tea") != []


def test_row_backed_by_its_risk(found: Found) -> None:
    """A side effect's note stands beside its risk; where it has none the word is bare."""
    assert found(risk.verbal, "A common thing", "Warm hands") == []
    assert found(risk.verbal, "Wet sleeves are common.", NOTE) != []


@pytest.mark.parametrize(
    "text",
    [
        "Spills are twice as likely with milk.",
        "With milk it is three times more common.",
        "Spills are 3 times as likely.",
        "It doubles the risk.",
        "It halves your chance of a spill.",
        "It is a third less likely.",
        "The risk is 30 % higher.",
        "30 percent more people spill it.",
        "Twice as many people spill it.",
        "Half as many people spill it.",
        "It carries twice the risk.",
        "The chance was about 2.5 times as high.",
        "Spills happened three times more.",
        "It doubles the risk for 2 of 100 people.",
    ],
)
def test_relative(text: str, found: Found) -> None:
    """A ratio of risks without both numbers is told."""
    assert len(found(risk.relative, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Spills are twice as likely with milk: 4 of 100 people, against 2 of 100 without.",
        "It doubles the risk, from 2 to 4 of 100 people.",
        "The amount in the cup was 3 times as high with milk.",
        "It was about twice as hot as for coffee.",
        "30 percent less noise",
        "More cups bring more risk.",
        "Stir it 3 times, and there is less risk.",
        "About half of the pot is left.",
        "About half improved on stopping.",
        'You may read that it is "twice as likely".',
        "More likely with milk",
    ],
)
def test_not_relative(text: str, found: Found) -> None:
    """A ratio with both numbers, a ratio of amounts, and more risk without a ratio are left alone."""
    assert found(risk.relative, text) == []


def test_comparison_left_out(project_folder: Path, read: Callable[[], Material]) -> None:
    """A risk whose comparison is known elsewhere is told without it only once: where it has none."""
    text = (project_folder / TEA).read_text(encoding="utf-8")
    alone = text.replace("          count: 9\n          group: Tea drinkers\n          period: on the first day\n"
                         "          certainty: moderate\n          source: TEA2",
                         "          count: 6\n          group: Tea drinkers\n          period: after one cup\n"
                         "          certainty: low\n          source: TEA1")  # fmt: skip
    (project_folder / TEA).write_text(alone, encoding="utf-8")
    assert list(risk.framing(read())) == []  # another outcome
    (project_folder / TEA).write_text(alone.replace("name: Warm hands", "name: They like it"), encoding="utf-8")
    (problem,) = risk.framing(read())
    assert (problem.rule, problem.severity, problem.place.path) == ("risk/framing", Severity.WARNING, TEA)
