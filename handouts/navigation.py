"""How a reader moves in a pack: outlines nested by part, named destinations, and links inside and between parts.

A link to another part is written as an ordinary address, `address(2)` or `address(2, "anchor")`, which any
renderer prints without complaint; in the pack it becomes a jump. The host is reserved for names that never exist (RFC 2606).
"""

import re
from dataclasses import dataclass
from typing import Any

from handouts.pdf_copying import Copier
from handouts.pdf_output import Output
from handouts.pdf_source import Source
from handouts.pdf_syntax import MalformedError, Ref, text, words

_ADDRESS = re.compile(r"https://pack\.invalid/part/(\d+)(?:#(.*))?")


def address(number: int, anchor: str = "") -> str:
    """The address that leads to the first page of a part (counted from one), or to an anchor in it."""
    return f"https://pack.invalid/part/{number}" + (f"#{anchor}" if anchor else "")


@dataclass(frozen=True)
class Target:
    """A part as links see it: its title, and where its first page begins."""

    title: str
    start: tuple[Any, ...]


class UnknownPartError(Exception):
    """A link to a part that the pack does not have."""


def begin(page: Ref, box: list[Any]) -> tuple[Any, ...]:
    """The destination that shows a page from its upper edge, at the size the reader has chosen."""
    return (page, "XYZ", None, max(box[1], box[3]), None)


def named(number: int, name: bytes) -> bytes:
    """What a part's named destination is called in the pack."""
    return b"%d/%s" % (number, name)


def destinations(copier: Copier, number: int) -> list[tuple[bytes, Any]]:
    """The named destinations of a part, under their new names."""
    source = copier.source
    names = source.dictionary(source.catalog.get("Names"))
    found = source.leaves(names.get("Dests"), "Names")
    found += [(key.encode("latin-1"), value) for key, value in source.dictionary(source.catalog.get("Dests")).items()]
    return [(named(number, key), copier.value(value)) for key, value in found if isinstance(key, bytes)]


def led(entries: dict[str, Any], source: Source, number: int, targets: list[Target]) -> tuple[dict[str, Any], Any]:
    """A link or outline item that leads where it led, in the pack: its entries, still the source's, and its new destination.

    The new destination is None where the old one is an explicit one and just goes along.
    """
    action = source.dictionary(entries.get("A"))
    goal = source.get(entries.get("Dest"))
    if goal is None and action.get("S") == "GoTo":
        goal = source.get(action.get("D"))
    uri = source.get(action.get("URI")) if action.get("S") == "URI" else None
    match = _ADDRESS.fullmatch(uri.decode("latin-1")) if isinstance(uri, bytes) else None
    if match:
        if not 1 <= int(match[1]) <= len(targets):
            raise UnknownPartError(match[0])
        target = targets[int(match[1]) - 1]
        changed = {key: value for key, value in entries.items() if key != "A"}
        if isinstance(changed.get("Contents"), bytes) and words(changed["Contents"]) == match[0]:
            changed["Contents"] = text(target.title)
        return changed, named(int(match[1]), match[2].encode()) if match[2] else target.start
    if isinstance(goal, str | bytes):
        changed = {key: value for key, value in entries.items() if key != "A"}
        return changed, named(number, goal.encode("latin-1") if isinstance(goal, str) else goal)
    return entries, None


@dataclass(frozen=True)
class Item:
    """An outline item: its own entries, already the pack's, and the items below it."""

    entries: dict[str, Any]
    below: list["Item"]


def outline(copier: Copier, number: int, targets: list[Target]) -> Item:
    """The outline of one part: its title, and below it what the part's own outline has."""
    source, target = copier.source, targets[number - 1]
    root = source.dictionary(source.catalog.get("Outlines"))
    items = _items(copier, root, number, targets)
    if len(items) == 1 and words(items[0].entries["Title"]).strip() == target.title:
        items = items[0].below
    return Item({"Title": text(target.title), "Dest": target.start}, items)


def _items(copier: Copier, node: dict[str, Any], number: int, targets: list[Target], depth: int = 0) -> list[Item]:
    if depth > 20:
        raise MalformedError("an outline without end")
    found, seen, ref = [], set(), node.get("First")
    while isinstance(ref, Ref) and ref not in seen:
        seen.add(ref)
        old = copier.source.dictionary(ref)
        own: dict[str, Any] = {key: old[key] for key in ("Title", "Dest", "A", "C", "F") if key in old}
        own["Title"] = copier.source.get(own.get("Title")) or b""
        own, goal = led(own, copier.source, number, targets)
        entries = copier.value(own) | ({"Dest": goal} if goal is not None else {})
        found.append(Item(entries, _items(copier, old, number, targets, depth + 1)))
        ref = old.get("Next")
    return found


def write_outline(output: Output, items: list[Item]) -> Ref:
    """The outline of the pack, its parts closed."""
    root = Ref(output.reserve())
    first, last = _written(output, items, root, 0)
    output.put_value(root, {"Type": "Outlines", "First": first, "Last": last, "Count": len(items)})
    return root


def _written(output: Output, items: list[Item], parent: Ref, depth: int) -> tuple[Ref, Ref]:
    refs = [Ref(output.reserve()) for _ in items]
    for index, item in enumerate(items):
        entries = item.entries | {"Parent": parent}
        if index:
            entries["Prev"] = refs[index - 1]
        if index + 1 < len(items):
            entries["Next"] = refs[index + 1]
        if item.below:
            entries["First"], entries["Last"] = _written(output, item.below, refs[index], depth + 1)
            entries["Count"] = -_open(item.below) if depth == 0 else _open(item.below)
        output.put_value(refs[index], entries)
    return refs[0], refs[-1]


def _open(items: list[Item]) -> int:
    """How many items are seen when the one above them is opened (ISO 32000-1, table 153)."""
    return len(items) + sum(_open(item.below) for item in items)
