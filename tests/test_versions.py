"""Which vanished text a new one was made from: the likest, each but once, however many there are."""

import random
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import versions

WORDS = "black green white cup pot leaf water milk sugar warm cold morning small sweet bitter slow quick drink pour wait"
TEXTS = st.lists(st.text("abc ", min_size=1, max_size=12), max_size=versions.CROWD, unique=True)
LONG = (
    "A drip may help for some days, and we do not know for whom. It is not a cure, and it does not work for everyone who "
    "has it. Ask us what we have seen, what it costs you in time, and what else there is. Nobody may hurry you to decide."
)


def by_all(new: list[str], vanished: list[str]) -> dict[str, str]:
    """The plain rule: every text compared with every other."""
    pairs: dict[str, str] = {}
    for text in new:
        near = [
            (SequenceMatcher(None, text, old, autojunk=False).ratio(), old) for old in vanished if old not in pairs.values()
        ]
        if near and max(near)[0] >= versions.SIMILAR:
            pairs[text] = max(near)[1]
    return pairs


def sentences(count: int) -> list[str]:
    """Different sentences that share most of their words."""
    chance = random.Random(count)
    return [f"{' '.join(chance.choices(WORDS.split(), k=8))} for {number} minutes" for number in range(count)]


@given(TEXTS, TEXTS)
def test_few_are_all_compared(new: list[str], vanished: list[str]) -> None:
    """Of a few texts each new one gets the likest that is left, as comparing all with all finds it."""
    assert versions.former(new, vanished) == by_all(new, vanished)


@pytest.mark.parametrize("change", ["{} or more", "Please {}", "{}!"])
def test_a_crowd(change: str) -> None:
    """In a crowd of like sentences each changed one finds the one that it was."""
    vanished = sentences(500)
    new = {change.format(text): text for text in vanished}
    assert versions.former(new, vanished) == new


def test_a_crowd_is_not_compared_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many vanish, a new text is compared with a handful: the work grows with the number of texts."""
    compared: list[str] = []
    likest = versions._likest
    monkeypatch.setattr(versions, "_likest", lambda text, near: compared.extend(near) or likest(text, near))
    versions.former([f"{text} more" for text in sentences(500)], sentences(500))
    assert len(compared) <= 500 * versions.CROWD


def test_nothing_like_it() -> None:
    """A text unlike all that vanished is a version of none, in a crowd too."""
    assert versions.former(["Zzz"], sentences(5)) == {}
    assert versions.former(["Zzz"], sentences(500)) == {}


def test_long_texts() -> None:
    """A paragraph of which a few words change is known again: frequent letters count in long texts too."""
    assert len(LONG) > 200
    new = LONG.replace("A drip", "Ketamine").replace("some days", "a few days")
    assert versions.former([new], [LONG]) == {new: LONG}
