"""The order in which a page's content stream draws what is marked, made the order in which it is read.

A stream is a list of operators and operands; `places` says where each piece of marked content begins.
WeasyPrint draws positioned boxes after all else, each between `q` and `Q`: such a stretch can be moved
without changing the picture, as what it draws does not overlap and it takes its colours with it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any, TypeVar

Mark = TypeVar("Mark")


_EMPTY = re.compile(rb"<>(?=[^\[\]]*\] ?TJ)")


def filled(parts: list[Any]) -> None:
    """Take empty strings out of the arrays of text; the parts are changed in place.

    WeasyPrint writes `[<01>20<>-30<02>] TJ`, two shifts around nothing. PDFium, which is in Chrome and Edge, then loses one of
    them, and Nastaliq and Devanagari fall apart. Two numbers side by side are added up by every viewer (ISO 32000-1, 9.4.3).
    """
    for index, part in enumerate(parts):
        if isinstance(part, bytes) and b"<>" in part:
            parts[index] = _EMPTY.sub(b" ", part)


def reorder(parts: list[Any], places: dict[Mark, int], groups: list[list[Mark]]) -> None:
    """Move each group of marks, if it is drawn late, before the first mark that is read after it.

    `places` is in reading order; the parts are changed in place.
    """
    order = list(places)
    rank = {tag: number for number, tag in enumerate(order)}
    pairs = _pairs(parts)
    marked = sorted(places.values())
    owner: list[range | None] = [None] * len(parts)
    targets: dict[int, list[range]] = {}
    states: dict[int, bytes] = {}
    goes: dict[int, int] = {}
    for group in sorted(groups, key=lambda group: (rank[group[-1]], len(group)), reverse=True):
        drawn = _alone(pairs, sorted(places[tag] for tag in group), marked)
        if drawn is None:
            continue
        after = next((places[tag] for tag in order[rank[group[-1]] + 1 :]), None)
        if after is None or not _later(drawn.start, after, owner, goes):
            continue
        targets.setdefault(after - 1, []).insert(0, drawn)
        goes[drawn.start] = after
        owner[drawn.start : drawn.stop] = [drawn] * len(drawn)
        states[drawn.start] = b"q " + _state(parts, drawn.start)

    def emit(span: range, within: range | None) -> Iterator[Any]:
        for index in span:
            if owner[index] is within:
                for moved in targets.get(index, ()):
                    yield from emit(moved, moved)
                yield states.get(index, parts[index])

    drawn_anew = list(emit(range(len(parts)), None))
    if len(drawn_anew) != len(parts):
        raise ValueError("the page's drawing cannot be put in reading order")
    parts[:] = drawn_anew


def _later(index: int, other: int, owner: list[range | None], goes: dict[int, int]) -> bool:
    """Whether one place of a stream is drawn after another, when the stretches that move have moved."""

    def settled(place: int) -> int:
        moved = owner[place]
        return place if moved is None else settled(goes[moved.start])

    if owner[index] is owner[other]:
        return index > other
    return settled(index) > settled(other)


def _pairs(parts: list[Any]) -> list[range]:
    """Every stretch of a content stream with a graphics state of its own, inner ones first."""
    found, open_ = [], []
    for index, part in enumerate(parts):
        if part == b"q":
            open_.append(index)
        elif part == b"Q":
            found.append(range(open_.pop(), index + 1))
    return found


def _alone(pairs: list[range], group: list[int], marked: list[int]) -> range | None:
    """The longest stretch with these marks and no others; both lists are sorted."""
    first, last = bisect_left(marked, group[0]), bisect_right(marked, group[-1])
    if last - first != len(group):
        return None
    below = marked[first - 1] if first else -1
    above = marked[last] if last < len(marked) else float("inf")
    spans = [span for span in pairs if below < span.start < group[0] and group[-1] < span.stop <= above]
    return spans[-1] if spans else None


def _state(parts: list[Any], index: int) -> bytes:
    """The colours and opacity that hold at a place of a content stream."""
    state: dict[bytes, bytes] = {}
    closed = 0
    for part in reversed(parts[:index]):
        if part in (b"q", b"Q"):
            closed = max(closed + (1 if part == b"Q" else -1), 0)
        elif not closed and isinstance(part, bytes) and part.endswith((b" gs", b" rg", b" RG")):
            state.setdefault(part[:2] if part.endswith(b"gs") else part[-2:], part)
    return b" ".join(sorted(state.values()))
