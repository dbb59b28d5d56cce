"""Two HTML texts of one document, in two languages, to one with the two side by side.

Both come from the same templates and the same content, so their elements go in pairs. Each pair of
blocks (a heading, a paragraph, a list item) becomes a row of two sides, each with its own language
and direction; panels, cards and sections stay whole around their rows.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

import tinyhtml5

CONTAINERS = frozenset({"body", "section", "div"})
LISTS = frozenset({"ul", "ol"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
WHOLE = frozenset({"group", "contact-columns"})
"""Classes of the containers that are set as one block."""
ONCE = frozenset({"references"})
"""Classes of the sections whose words are the same in every language: only their headings go in pairs."""


@dataclass(frozen=True)
class Side:
    """One language's HTML, with what its half of a row says of itself."""

    html: str
    language: str
    direction: str


def beside(left: Side, right: Side) -> str:
    """The document of two languages: `left` is the staff's, `right` the patient's, whose the document is.

    The text is in the order in which it is read: a block, then the same block in the other language.
    """
    ours, theirs = (tinyhtml5.parse(side.html, namespace_html_elements=False) for side in (left, right))
    pairing = _Pairing(left, right)
    document = Element("html", {"lang": right.language, "dir": "ltr", "class": "bilingual"})
    document.append(_one(theirs, "head"))
    body = SubElement(document, "body")
    body.extend(pairing.rows(_one(ours, "body"), _one(theirs, "body")))
    return "<!DOCTYPE html>\n" + tostring(document, encoding="unicode", method="html")


@dataclass(frozen=True)
class _Pairing:
    left: Side
    right: Side

    def rows(self, ours: Element, theirs: Element) -> Iterator[Element]:
        """The rows of two containers; blocks that have no fellow stand alone on their side."""
        mine, yours = list(ours), list(theirs)
        if [_kind(e) for e in mine] != [_kind(e) for e in yours]:
            yield self.row([deepcopy(e) for e in mine], [deepcopy(e) for e in yours])
            return
        for one, other in zip(mine, yours, strict=True):
            yield from self.pair(one, other)

    def pair(self, one: Element, other: Element) -> Iterator[Element]:
        """What stands for two blocks that belong together."""
        classes = set((one.get("class") or "").split())
        if classes & {"footer"}:
            yield self.said(deepcopy(other), self.right)
        elif classes & {"masthead"}:
            yield self.masthead(one, other)
        elif classes & ONCE:
            yield self.container(one, [*self.pair(one[0], other[0]), *self.pair(one[1], other[1]), *one[2:]])
        elif one.tag in LISTS:
            yield from self.items(one, other)
        elif one.tag in CONTAINERS and not classes & WHOLE:
            yield self.container(one, self.rows(one, other))
        else:
            yield self.row([deepcopy(one)], [deepcopy(other)], "row-heading" if one.tag in HEADINGS else "")

    def items(self, ours: Element, theirs: Element) -> Iterator[Element]:
        """A row for each item, in a list of its own that goes on counting."""
        for number, pair in enumerate(zip(ours, theirs, strict=True)):
            lists = []
            for whole, item in zip((ours, theirs), pair, strict=True):
                part = Element(whole.tag, {k: v for k, v in whole.attrib.items() if k != "id"})
                part.set("style", f"counter-reset: list-item {number} step {number}")
                part.append(deepcopy(item))
                lists.append(part)
            yield self.row([lists[0]], [lists[1]], "row-long" if len(pair[0]) > 1 else "")

    def container(self, like: Element, children: "Iterator[Element] | list[Element]") -> Element:
        """An element like this one around other children."""
        result = Element(like.tag, dict(like.attrib))
        result.extend(children)
        return result

    def masthead(self, ours: Element, theirs: Element) -> Element:
        """The clinic once, the topic in both languages."""
        result = Element(ours.tag, dict(ours.attrib))
        result.append(self.said(deepcopy(ours[0]), self.left))
        topics = SubElement(result, "div", {"class": "topics"})
        topics.append(self.said(deepcopy(ours[1]), self.left))
        topics.append(self.said(deepcopy(theirs[1]), self.right))
        return result

    def row(self, ours: list[Element], theirs: list[Element], role: str = "") -> Element:
        """Two sides of one row; its role says how it may be broken between pages."""
        result = Element("div", {"class": f"row {role}".strip()})
        for side, name, content in ((self.left, "staff", ours), (self.right, "patient", theirs)):
            half = SubElement(result, "div", {"class": f"side side-{name}"})
            self.said(half, side)
            half.extend(content)
        return result

    @staticmethod
    def said(element: Element, side: Side) -> Element:
        """The element, saying what language it is in and which way that is read."""
        element.set("lang", side.language)
        element.set("dir", side.direction)
        return element


def _kind(element: Element) -> tuple[str, str | None]:
    return element.tag, element.get("class")


def _one(document: Element, tag: str) -> Element:
    found = document.find(tag)
    if found is None:  # an HTML parser always makes both
        raise AssertionError(tag)
    return found
