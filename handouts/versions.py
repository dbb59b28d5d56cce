"""Which of the texts that vanished a new text was made from, by the likeness of their letters.

Each new text, in its order, gets the likest vanished one that no other has got. In a crowd only the
few are compared that share its rarest runs of letters: the work grows with the number of texts, not
with its square.
"""

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import islice

SIMILAR = 0.5
"""Below this likeness (difflib ratio) two texts are not versions of each other."""
CROWD = 10
"""Up to so many vanished texts every one is compared; of more, only a `SHORTLIST`."""
SHORTLIST = 3
RUN = 4
VISITS = 100
"""How many holders of shared runs are looked at for one shortlist."""


def former(new: Iterable[str], vanished: Iterable[str]) -> dict[str, str]:
    """For each new text the vanished text that it is a version of, if any; none is given twice."""
    crowd = _Crowd(vanished)
    pairs: dict[str, str] = {}
    for text in new:
        found = _likest(text, crowd.near(text))
        if found is not None:
            crowd.take(found)
            pairs[text] = found
    return pairs


class _Crowd:
    """Texts that can be found by the runs of letters they hold, and taken out."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = dict.fromkeys(texts)
        self.holders: dict[str, dict[str, None]] = {}
        for text in self.texts if len(self.texts) > CROWD else ():
            for run in _runs(text):
                self.holders.setdefault(run, {})[text] = None

    def near(self, text: str) -> list[str]:
        """The texts worth comparing with this one."""
        if len(self.texts) <= CROWD:
            return list(self.texts)
        shared: Counter[str] = Counter()
        left = VISITS
        for holders in sorted((self.holders[run] for run in _runs(text) if self.holders.get(run)), key=len):
            for holder in islice(holders, left):
                shared[holder] += len(text) // len(holders) + 1  # whole numbers: no rounding decides
            left -= len(holders)
            if left <= 0:
                break
        return [holder for holder, _ in shared.most_common(SHORTLIST)]

    def take(self, text: str) -> None:
        del self.texts[text]
        if self.holders:
            for run in _runs(text):
                del self.holders[run][text]


def _runs(text: str) -> dict[str, None]:
    """The runs of letters of a text, each once, in their order."""
    padded = f" {text.casefold()} "
    return dict.fromkeys(padded[i : i + RUN] for i in range(max(1, len(padded) - RUN + 1)))


def _likest(text: str, candidates: Iterable[str]) -> str | None:
    best: tuple[float, str] | None = None
    for candidate in candidates:
        # without autojunk: difflib would leave out every frequent letter of a text of 200 or more
        matcher = SequenceMatcher(None, text, candidate, autojunk=False)
        least = best[0] if best else SIMILAR
        if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:  # neither is below the true one
            found = (matcher.ratio(), candidate)
            if found[0] >= SIMILAR and (best is None or found > best):
                best = found
    return best[1] if best else None
