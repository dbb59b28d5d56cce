"""Natural frequencies in text: what is one, and what only looks like one."""

import pytest

from handouts.frequencies import Frequency, frequencies, sentences, stems


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("76 of 100 people felt warm.", Frequency((76,), 100, False, "76 of 100")),
        ("76 people out of 100", Frequency((76,), 100, False, "76 people out of 100")),
        ("27 more of 100 people", Frequency((27,), 100, True, "27 more of 100")),
        ("about 1 extra person in 6", Frequency((1,), 6, True, "1 extra person in 6")),
        ("20 to 46 of 100", Frequency((20, 46), 100, False, "20 to 46 of 100")),
        ("**9 of 100** people", Frequency((9,), 100, False, "9 of 100")),
        ("8 of 1,000 people", Frequency((8,), 1000, False, "8 of 1,000")),
        ("3 of the 6 people", Frequency((3,), 6, False, "3 of the 6")),
    ],
)
def test_frequency(text: str, found: Frequency) -> None:
    """So many of so many is read with its counts, what they are out of, and whether it is a difference."""
    assert list(frequencies(text)) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Pain was 2.7 out of 10.",
        "It was 16 points lower out of 100.",
        "7 trials with 211 people",
        "Take no more than 4 in 24 hours.",
        "For 10 of 12 months",
        "In week 1 of the trial",
        "In 38 trials",
        "Of 249 people, 95 came.",
    ],
)
def test_no_frequency(text: str) -> None:
    """Points of a scale, decimals and times are no frequencies."""
    assert list(frequencies(text)) == []


def test_sentences() -> None:
    """A text is read sentence by sentence, without its stars; a decimal point ends none."""
    assert sentences("**Hot tea.** It takes 4.5 minutes. Good?") == ["Hot tea.", "It takes 4.5 minutes.", "Good?"]


def test_stems() -> None:
    """Words are known by their beginnings; small words and what stands in brackets do not count."""
    assert stems("Feeling detached (as in a dream)") == {"feeli", "detac"}
