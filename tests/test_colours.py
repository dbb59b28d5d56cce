"""Colour arithmetic agrees with WCAG."""

import pytest

from handouts.colours import contrast, luminance, tint


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54), ("#ff0000", "#ffffff", 4.0)],
)
def test_contrast_of_known_pairs(first: str, second: str, ratio: float) -> None:
    """The ratio is that of WCAG 2.2's definition, in either order."""
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert contrast(second, first) == contrast(first, second)


def test_a_tint_goes_towards_white() -> None:
    """A tint of nothing is white, of everything the colour itself, and in between lighter."""
    assert tint("#0b4f6c", 0) == "#ffffff"
    assert tint("#0b4f6c", 1) == "#0b4f6c"
    assert luminance(tint("#0b4f6c", 0.1)) > luminance(tint("#0b4f6c", 0.5)) > luminance("#0b4f6c")
