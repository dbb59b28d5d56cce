"""Which files of a project folder have changed since the last look, from their sizes and times.

Files are looked at, not read. What is being written is waited for: a change counts when two looks agree.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from handouts import unchanged
from handouts.unchanged import Stats

PAUSE = 0.12
"""Seconds between two looks."""

SETTLED = 0.02
"""Seconds that files must stand still: an editor may empty a file before it writes it."""

PATIENCE = 25
"""How many looks a change is waited for at most: a file that is written to without end is read as it stands."""


@dataclass
class Watch:
    """A project folder as it stood when it was last looked at."""

    project: Path
    others: tuple[str, ...] = ()
    """Files that pages are made of and that lie elsewhere in the project folder, such as a logo."""
    stats: Stats = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stats = self._walked()

    def changed(self) -> frozenset[str]:
        """The paths, from the project folder, of files that are new, gone or others since the last time."""
        now = self._walked()
        found = differences(self.stats, now)
        for _ in range(PATIENCE if found else 0):
            time.sleep(SETTLED)
            before, now = now, self._walked()
            if before == now:
                break
        found, self.stats = differences(self.stats, now), now
        return found

    def also(self, others: Iterable[str]) -> None:
        """Look at these files too from now on, as they stand now."""
        self.others = tuple(sorted(set(others)))
        self.stats = unchanged.stood(self.others, str(self.project)) | self.stats

    def _walked(self) -> Stats:
        found: Stats = unchanged.stood(self.others, str(self.project))
        try:
            for stats in unchanged.walked(self.project).values():
                found |= stats
        except FileNotFoundError:  # taken away between the list of a folder and the look at it: the next look sees it
            return self.stats or found
        return found


def differences(before: Stats, now: Stats) -> frozenset[str]:
    """The files that are not the same in two looks."""
    return frozenset(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
