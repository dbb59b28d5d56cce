"""The nouns: what they refuse, and the two walks over their fields."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from handouts import content
from handouts.content import Library
from handouts.model import Handout
from handouts.project import Project
from handouts.sections import Risk
from handouts.values import Text, leaves, passages, text_fault

RISK: dict[str, Any] = {
    "count": "6", "group": "With milk", "period": "after one cup", "certainty": "low", "source": "TEA1",
}  # fmt: skip


@pytest.fixture
def library(project_folder: Path) -> Library:
    """The content of the minimal project."""
    return content.load(Project(project_folder))


def places(handout: Handout) -> set[tuple[str, str]]:
    """What makes each text of a handout one message: its context and itself."""
    return {(passage.context, str(passage.text)) for passage in passages(handout, handout.id)}


def test_every_section_kind_is_tried(library: Library) -> None:
    """The project of the tests has a section of every kind, so that no test forgets one."""
    kinds = {section.kind for section in (*library.handouts[0].sections, *library.shared.sections)}
    union = Handout.model_fields["sections"].annotation
    names = yaml.safe_dump(Handout.model_json_schema()["properties"]["sections"]["items"]["discriminator"]["mapping"])
    assert union is not None
    assert kinds == set(yaml.safe_load(names))


def test_contexts_are_names(library: Library) -> None:
    """A context is a path of names; no position of a list is in it."""
    handout = library.handouts[0]
    contexts = {passage.context for passage in passages(handout, handout.id)}
    assert "tea.title" in contexts
    assert "tea.sections.choices.options.with-milk.benefits" in contexts
    assert "tea.sections.side-effects.effects.warm-hands.risk.group" in contexts
    assert "tea.sections.how-to.steps.points" in contexts
    assert not [context for context in contexts if any(part.isdecimal() for part in context.split("."))]


def test_steps_lead_to_the_text(library: Library) -> None:
    """The steps of a passage lead to its very text."""
    handout = library.handouts[0]
    for passage in passages(handout, handout.id):
        node: Any = handout
        for step in passage.steps:
            node = node[step] if isinstance(step, int) else getattr(node, step)
        assert node is passage.text


@settings(max_examples=30)
@given(st.data())
def test_order_changes_no_context(data: st.DataObject) -> None:
    """Sections and list items may change places without any text losing its translation."""
    path = Path(__file__).parent / "projects/minimal/content/handouts/tea.yaml"
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    before = places(Handout.model_validate(raw))
    for section in raw["sections"]:
        for value in section.values():
            if isinstance(value, list):
                value[:] = data.draw(st.permutations(value))
    raw["sections"] = data.draw(st.permutations(raw["sections"]))
    assert places(Handout.model_validate(raw)) == before


def test_texts_only(library: Library) -> None:
    """Names, numbers, dates and keys are not translated."""
    texts = {str(passage.text) for passage in passages(library.handouts[0], "tea")}
    assert "Drinking tea" in texts
    assert not texts & {"tea", "TEA-01", "TEA1", "1.0", "drink", "low", "US"}


def test_leaves(library: Library) -> None:
    """Every field that holds a value is met once, with the steps that lead to it, empty ones too."""
    found = dict(leaves(library.handouts[0]))
    assert found["id",] == "tea"
    assert found["sections", 3, "risks", 0, "of"] == 100
    assert found["sections", 3, "risks", 0, "low"] is None
    assert found["sections", 11, "kind"] == "shared"
    assert len(found) == len(list(leaves(library.handouts[0])))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Tea is **hot** for {clinic}.", ""),
        ("2 * 3 < 7 & a > b", ""),
        ("", "empty"),
        ("  ", "empty"),
        (" tea", "white space"),
        ("tea\n", "white space"),
        ("tea\nmilk", "line break"),
        ("tea\u0085milk", "control character"),
        ("<b>tea</b>", "HTML"),
        ("tea<br/>", "HTML"),
        ("<!-- tea -->", "HTML"),
        ("tea &amp; milk", "HTML"),
        ("tea &#38; milk", "HTML"),
        ("**tea", "no partner"),
        ("** tea **", "no partner"),
        ("****", "no partner"),
        ("{clinic", "curly bracket"),
        ("clinic}", "curly bracket"),
        ("{{clinic}}", "curly bracket"),
        ("{}", "not the name"),
        ("{0}", "not the name"),
        ("{clinic.phone}", "not the name"),
        ("{clinic!r}", "not the name"),
    ],
)
def test_text_fault(text: str, fault: str) -> None:
    """A text holds plain words, **strong** and {placeholders}; all other markup is refused in words."""
    assert fault in text_fault(text)
    assert bool(text_fault(text)) == bool(fault)


@given(st.text())
def test_text_never_crashes(text: str) -> None:
    """Any text is either taken or told what is wrong with it."""
    assert isinstance(text_fault(text), str)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, ""),
        ({"compared": "4", "versus": "Without"}, ""),
        ({"measure": "more", "versus": "Without"}, ""),
        ({"low": "1", "high": "9"}, ""),
        ({"count": "0"}, ""),
        ({"count": "100"}, ""),
        ({"count": "101"}, "larger than the number of people"),
        ({"of": "5"}, "larger than the number of people"),
        ({"compared": "101", "versus": "Without"}, "larger than the number of people"),
        ({"compared": "4"}, "compared and versus go together"),
        ({"versus": "Without"}, "compared and versus go together"),
        ({"measure": "more"}, "needs versus"),
        ({"measure": "more", "versus": "Without", "compared": "4"}, "takes no compared"),
        ({"low": "1"}, "low and high go together"),
        ({"low": "7", "high": "9"}, "between low and high"),
        ({"low": "1", "high": "5"}, "between low and high"),
        ({"of": "0"}, "greater than or equal to 1"),
    ],
)
def test_risk(change: dict[str, str], fault: str) -> None:
    """A risk whose numbers contradict each other cannot be said."""
    if not fault:
        assert Risk.model_validate(RISK | change)
        return
    with pytest.raises(ValidationError, match=fault):
        Risk.model_validate(RISK | change)


def test_rest() -> None:
    """The other framing of a risk is the rest of the same people."""
    assert Risk.model_validate(RISK | {"of": "1000"}).rest == 994


def test_values_are_frozen(library: Library) -> None:
    """A value that was read is never changed."""
    with pytest.raises(ValidationError, match="frozen"):
        setattr(library.handouts[0], "title", Text("Coffee"))  # noqa: B010  # the type checker knows it too
