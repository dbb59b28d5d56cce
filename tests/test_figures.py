"""Pictures made of numbers say exactly the number."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.figures import bar, data_uri, icon_array
from handouts.sections import Certainty, Risk
from handouts.values import Text


def _filled(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="4.1"', svg)]


@given(st.integers(1, 200).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))), st.booleans())
def test_an_icon_array_has_one_mark_a_person(numbers: tuple[int, int], right_to_left: bool) -> None:
    """Filled marks equal the numerator, all marks the denominator, whatever the direction."""
    filled, total = numbers
    svg = icon_array(filled, total, "#000000", right_to_left)
    assert len(_filled(svg)) == filled
    assert svg.count("<circle") == total


def test_an_icon_array_fills_from_the_reading_side() -> None:
    """The first mark is at the left for languages read from the left, and at the right for the others."""
    assert _filled(icon_array(1, 100, "#000000", right_to_left=False)) == [(5, 5)]
    assert _filled(icon_array(1, 100, "#000000", right_to_left=True)) == [(95, 5)]


def test_filled_and_empty_marks_differ_in_shape() -> None:
    """An empty mark is a ring and smaller: the picture reads without colour."""
    svg = icon_array(1, 2, "#000000", right_to_left=False)
    assert 'r="2.6" fill="none"' in svg


@pytest.mark.parametrize(("count", "width"), [(0, 0), (5, 5), (10, 10), (12, 12), (76, 76), (100, 100)])
def test_a_bar_is_filled_in_proportion(count: int, width: int) -> None:
    """The filled length of a bar of ten is the share of the risk."""
    risk = Risk(count=count, group=Text("a"), period=Text("b"), certainty=Certainty.LOW, source="X1")
    parts = re.findall(r'width="([\d.]+)" height="10" fill="#123456"', bar(risk, "#123456", right_to_left=False))
    assert sum(float(part) for part in parts) == pytest.approx(width)


def test_a_data_uri_holds_the_bytes() -> None:
    """What goes into a data: address comes out of it."""
    uri = data_uri("<svg/>")
    assert base64.b64decode(uri.split(",", 1)[1]) == b"<svg/>"
