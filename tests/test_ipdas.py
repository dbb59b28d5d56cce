"""Decision aids: what the rules tell is in tests/bad; here their limits, and what must not be told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import elements
from handouts.checks import ipdas
from handouts.material import Material
from tests.shipped import shipped

TEA = "content/handouts/tea.yaml"
Read = Callable[[], Material]
GOOD = "benefits: [It cools down sooner]"
BAD = "harms: [It may spill]"


@pytest.fixture
def with_sides(project_folder: Path, read: Read) -> Callable[[str, str], Material]:
    """The minimal project with other benefits and harms of its first option."""

    def with_sides(good: str, bad: str) -> Material:
        text = (project_folder / TEA).read_text(encoding="utf-8")
        text = text.replace(GOOD, f"benefits: [{good}]", 1).replace(BAD, f"harms: [{bad}]", 1)
        (project_folder / TEA).write_text(text, encoding="utf-8")
        return read()

    return with_sides


@pytest.mark.parametrize(
    ("good", "bad", "option", "overall"),
    [
        (13, 1, False, False),  # 16 words and 5 altogether: too short to sway anybody
        (17, 10, False, False),  # 20 and 14
        (18, 9, False, True),  # 21 and 13: more than one and a half times
        (24, 8, False, True),  # 24 are three times 8, not more
        (25, 8, True, True),
        (8, 25, True, True),  # too much harm is as one-sided as too much benefit
        (40, 27, False, False),  # 43 and 31
    ],
)
def test_balance(good: int, bad: int, option: bool, overall: bool, with_sides: Callable[[str, str], Material]) -> None:
    """An option may have three times the words on one side, all together one and a half times (the other has 3 and 4)."""
    found = list(ipdas.balance(with_sides(" ".join(["good"] * good), " ".join(["bad"] * bad))))
    assert any(problem.message.startswith('"with-milk"') for problem in found) is option
    assert any(problem.message.startswith("all options") for problem in found) is overall


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("30 of 100 people like it.", True),
        ("30 of 100 people like it. We are not sure about this.", False),
        ("30 of 100 people like it. This is very uncertain.", False),
        ("Many like it.", False),
        ("There is no clear benefit in 3 trials.", False),
    ],
)
def test_uncertainty(text: str, told: bool, with_sides: Callable[[str, str], Material]) -> None:
    """A number among benefits and harms needs a word on how sure it is; no number needs none."""
    assert bool(list(ipdas.uncertainty(with_sides(text, "It may spill")))) is told


def test_handout_without_profile(read: Read) -> None:
    """A handout that compares options and calls itself no decision aid is held to no profile."""
    material = read()
    assert material.library.handouts[0].profiles == ()
    assert [*ipdas.profiles(material), *ipdas.elements(material), *ipdas.sections(material)] == []


def test_shipped_decision_aid() -> None:
    """The shipped comparison names the profile, holds every element, and misses one that is taken away."""
    library = shipped().library
    aids = [handout for handout in library.handouts if handout.profiles]
    assert [aid.id for aid in aids] == ["comparing-treatments"]
    assert list(elements.missing(library, aids[0], "handout")) == []
    less = aids[0].model_copy(update={"elements": {k: v for k, v in aids[0].elements.items() if k != "experience"}})
    (fault,) = elements.missing(library, less, "handout")
    assert "what it is like to live with the consequences" in fault.message
