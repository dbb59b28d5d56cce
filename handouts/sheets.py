"""A printed page as its reader sees it: runs of text with their sizes, colours and grounds; and its lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

MARGIN = -1
"""The mark and the block of what is in no element: footers, table heads that are repeated."""


class Box(NamedTuple):
    """An upright box in points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    def join(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(min(self[0], other[0]), min(self[1], other[1]), max(self[2], other[2]), max(self[3], other[3]))

    def meet(self, other: "Box") -> "Box":
        """What both have in common; where that is nothing, its width or height is not above zero."""
        return Box(max(self[0], other[0]), max(self[1], other[1]), min(self[2], other[2]), min(self[3], other[3]))


@dataclass(frozen=True)
class Run:
    """What of one element's text stands on one line."""

    text: str
    box: Box
    """Around its ink."""
    size: float
    """The size of its type in points, as printed."""
    fonts: tuple[str, ...]
    leaning: bool
    """Whether a font of it is italic, or its letters are slanted when they are drawn."""
    mark: int
    """The number of its marked content."""
    block: int
    """Which paragraph, item, cell or heading of the page it belongs to."""
    spacing: float
    """The usual width of its word spaces as a share of the size; 0: it has none."""
    paint: tuple[tuple[str, str], ...]
    """Its colour beside each colour that is behind it."""
    cut: float
    """By how many points its ink stands out of what it is clipped to."""

    @property
    def in_margin(self) -> bool:
        """Whether it is no content: a footer, a page number, a table's head where the table goes on."""
        return self.mark == MARGIN


@dataclass(frozen=True)
class Sheet:
    """One printed page."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    shapes: tuple[Box, ...]
    """Painted lines and panels."""
    order: tuple[tuple[int, str], ...]
    """Marks in reading order, each with the kind of its block ("P", "H2", "TD")."""
    clashes: tuple[tuple[Run, Run, float], ...]
    """Runs with ink on each other, and how much: 1 is the square of the type's size."""


def lines(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs of a block as lines from top to bottom: those side by side, not further apart than a column's gap."""
    found: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.box.top - run.box.bottom):
        box = around(found[-1]) if found else run.box
        meeting = box.meet(run.box)
        level = meeting.height > 0.5 * min(box.height, run.box.height) and meeting.width > -2 * run.size
        if found and level:
            found[-1].append(run)
        else:
            found.append([run])
    return found


def around(runs: Iterable[Run]) -> Box:
    """The box around runs."""
    boxes = iter(run.box for run in runs)
    whole = next(boxes)
    for box in boxes:
        whole = whole.join(box)
    return whole
