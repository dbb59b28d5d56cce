"""Numbers that travel unseen inside texts, and the HTML they come out in, with each number shown.

A text is put between two private-use characters, the first of which says its number and its state.
Templates, escaping and placeholders leave both alone, so that the page is the one that is printed;
its HTML is then cut into rows, and the characters become badges.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from enum import StrEnum
from xml.etree.ElementTree import Element, SubElement, tostring

import tinyhtml5
from markupsafe import escape

from handouts.values import PLACEHOLDER


class State(StrEnum):
    """How far a text is: printed, waiting to be looked at again, or not there."""

    TRANSLATED = "translated"
    STALE = "stale"
    MISSING = "missing"


STATES = tuple(State)
FIRST, ROOM = 0xF0000, 0x4000
"""Plane 15, private use: one stretch of numbers for each state."""
END, OPEN, CLOSE = "\U00100000", "\U00100001", "\U00100002"
"""Plane 16, private use: the end of a text, and the brackets of a placeholder that has no value."""

_PRIVATE = re.compile("[\U000f0000-\U0010ffff]")
_MARK = re.compile(f"[{chr(FIRST)}-{chr(FIRST + len(STATES) * ROOM - 1)}]")
_TOKEN = re.compile("<[^>]*>|[\U000f0000-\U0010ffff]")


def marked(text: str, number: int, state: State, placeholders: Collection[str]) -> str:
    """The text with its number and state, its unknown placeholders left as they are written."""
    safe = PLACEHOLDER.sub(
        lambda m: m[0] if m[1] in placeholders else f"{OPEN}{m[1]}{CLOSE}", _PRIVATE.sub("\N{REPLACEMENT CHARACTER}", text)
    )
    return f"{chr(FIRST + STATES.index(state) * ROOM + number)}{safe}{END}"


def marks(html: str) -> Iterator[int]:
    """The numbers of the texts in a piece of HTML, in its order, attributes included."""
    for found in _MARK.findall(html):
        yield (ord(found) - FIRST) % ROOM


def pieces(html: str) -> Iterator[str]:
    """The body of a page, cut where notes can stand beside it: between its blocks and between the rows of tables."""
    body = tinyhtml5.parse(html, namespace_html_elements=False).find("body")
    blocks = [] if body is None else sorted(body, key=lambda block: block.get("class") == "footer")
    for block in blocks:
        for part in _cut(block):
            part.tail = None
            yield tostring(part, encoding="unicode", method="html")


def _cut(block: Element) -> Iterator[Element]:
    """A block whose tables are cut before each row but the first; what is beside a table stays with its nearest row."""
    part = _shell(block)
    part.text = block.text
    for child in block:
        rows = child.findall("tbody/tr") if child.tag == "table" else []
        whole = deepcopy(child)
        for row in whole.findall("tbody/tr")[1:]:
            whole.findall("tbody")[0].remove(row)
        part.append(whole if rows else deepcopy(child))
        for row in rows[1:]:
            yield part
            part = _shell(block, continued=True)
            table = _shell(child)
            table.extend(deepcopy(group) for group in child.findall("colgroup"))
            SubElement(table, "tbody").append(deepcopy(row))
            part.append(table)
    yield part


def _shell(like: Element, *, continued: bool = False) -> Element:
    """An empty element like this one."""
    result = Element(like.tag, dict(like.attrib))
    if continued:
        result.attrib.pop("id", None)
        result.set("class", f"{like.get('class', '')} continued".strip())
    return result


def badged(html: str, numbers: Mapping[int, int], troubled: Collection[int]) -> str:
    """A piece of HTML with a badge before each text, and behind each picture that a text describes.

    `numbers` gives what is shown for each number that was put in; `troubled` are those with problems.
    """

    def badge(mark: int, state: State) -> str:
        words = "" if state is State.TRANSLATED else f" {state}"
        return f'<span class="proof-badge" lang="en" dir="ltr">{numbers[mark]}{"!" if mark in troubled else ""}{words}</span>'

    def shown(match: re.Match[str]) -> str:
        token = match[0]
        if token.startswith("<"):
            described = "".join(badge(*_meant(mark)) for mark in _MARK.findall(token))
            return _PRIVATE.sub("", token) + described
        if token in (OPEN, CLOSE):
            return "{" if token == OPEN else "}"
        if token == END:
            return "</span>"
        mark, state = _meant(token)
        own = ' lang="en" dir="ltr"' if state is State.MISSING else ""
        return f'<span class="proof-text {state}"{own}>{badge(mark, state)}'

    return _TOKEN.sub(shown, html)


def _meant(mark: str) -> tuple[int, State]:
    """The number and the state that a character says."""
    state, number = divmod(ord(mark) - FIRST, ROOM)
    return number, STATES[state]


def spanned(html: str, titles: Mapping[int, str], troubled: Collection[int] = ()) -> str:
    """The HTML with an element around each text that says its number and, in words where it is not translated, its state.

    `titles` is what each text says of itself when pointed at; `troubled` are those with problems.
    """
    met: set[int] = set()

    def shown(match: re.Match[str]) -> str:
        token = match[0]
        if token.startswith("<"):
            return _PRIVATE.sub("", token)
        if token in (OPEN, CLOSE):
            return "{" if token == OPEN else "}"
        if token == END:
            return "</span>"
        number, state = _meant(token)
        name = "" if number in met else f' id="text-{number}"'
        met.add(number)
        kinds = f"preview-text {state}{' troubled' if number in troubled else ''}"
        start = f'<span{name} class="{kinds}" data-text="{number}" title="{escape(titles.get(number, ""))}"'
        if state is State.TRANSLATED:
            return f"{start}>"
        said = "not translated" if state is State.MISSING else "fuzzy"
        mark = f'<span class="preview-mark" lang="en" dir="ltr">{said}</span> '
        return f'{start} lang="en" dir="ltr">{mark}' if state is State.MISSING else f"{start}>{mark}"

    return _TOKEN.sub(shown, html)
