"""The tag tree of a finished page, put right before it is written.

WeasyPrint 70 tags every page for itself, says one language for the whole document, leaves the running
footer among the content and header cells without a scope (PDF/UA-1, ISO 14289-1, 7.1, 7.2, 7.5, 7.8).
`finish` runs between WeasyPrint's making of the objects and their writing; nothing drawn changes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pydyf

from handouts import painting

ARTIFACT = {"Type": "/Pagination", "Subtype": "/Footer", "Attached": "[/Bottom]"}
"""What stands in a page's margin."""

REPEATED = {"Type": "/Pagination"}
"""A table's head where the table goes on."""

NUMBERED = {"decimal": "/Decimal", "disc": "/Disc", "circle": "/Circle", "square": "/Square"}

WITHOUT_CONTENT = frozenset({"/Span", "/NonStruct", "/Div", "/P", "/Sect", "/L", "/LI", "/LBody", "/Link"})
"""Tags that say nothing when nothing is in them; an empty cell keeps its place in a table."""

POINT = 0.75
"""Points in a CSS pixel."""

_SHAPED = re.compile(r"[\u0600-\u109f\u1780-\u18af]")
"""Scripts whose glyphs cannot be read back one by one: they join, stack and change places."""

_RIGHT_TO_LEFT = re.compile(r"[\u0600-\u08ff]")

_DIRECTIONS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

_UNSAID = b" <2060>"
"""What a glyph is read as that is a part of a letter read already: a word joiner, which is nothing."""


@dataclass(eq=False)
class Tag:
    """A structure element, the box it was made of, and what is in it: elements, or numbers of marked content."""

    element: pydyf.Dictionary
    box: Any
    page: int
    kids: list[Any] = field(default_factory=list)
    until: int = -1

    @property
    def kind(self) -> str:
        """The structure type, as "/P"."""
        return str(self.element["S"])

    def inside(self) -> "list[Tag]":
        """The elements in this one, without marked content and object references."""
        return [kid for kid in self.kids if isinstance(kid, Tag)]

    def walk(self) -> "Iterator[Tag]":
        """The element and all below it, in reading order."""
        yield self
        for kid in self.inside():
            yield from kid.walk()


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """Put tags, content marks, glyph names and link annotations right; a finisher for WeasyPrint's `write_pdf`."""
    root, margins = _tags(document, pdf)
    pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    marks = [_marks(pdf.objects[int(page["Contents"].split()[0])]) for page in pages]
    repeated: list[Tag] = []
    root.kids = _joined(root.kids, repeated)
    _pruned(root)
    for tag in root.walk():
        _labelled(tag)
    for tag in root.walk():
        _attributes(tag, pages)
    _languages(root, str(pdf.catalog["Lang"].string))
    _spoken(root, marks)
    for tags, properties in ((margins, ARTIFACT), (repeated, REPEATED)):
        _artifacts(tags, properties, marks, pdf)
    _in_order(root, marks)
    _write(root)
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream):
            painting.filled(thing.stream)
        if isinstance(thing, pydyf.Stream) and b"begincmap" in thing.stream:
            thing.stream[:] = [re.sub(rb" <>$", _UNSAID, line) if isinstance(line, bytes) else line for line in thing.stream]
        elif isinstance(thing, pydyf.Dictionary) and thing.get("Subtype") == "/Link":
            thing["F"] = 4


def _tags(document: Any, pdf: pydyf.PDF) -> tuple[Tag, list[Tag]]:
    """The tree with the boxes its elements were made of, and the tags of page margins, which hang nowhere.

    Boxes are walked as WeasyPrint's `_build_box_tree` walks them, so that the nth element belongs to the nth
    step; each element's parent is compared, so that another order in a later version is an error at once.
    """
    elements = (o for o in pdf.objects if isinstance(o, pydyf.Dictionary) and o.get("Type") == "/StructElem")
    made: dict[bytes, Tag] = {}
    margins: list[Tag] = []

    def take(box: Any, parent: pydyf.Dictionary, page: int) -> Tag:
        element = next(elements, None)
        if element is None or element["P"] != parent.reference:
            raise ValueError("the tags are not in the order of the boxes")
        made[element.reference] = Tag(element, box, page, until=page)
        return made[element.reference]

    def step(box: Any, parent: pydyf.Dictionary, page: int) -> None:
        box = getattr(box, "_box", box)
        kind = type(box).__name__
        name = None if box.element is None else box.element_tag
        if name in ("html", "body") or kind in ("PageBox", "MarginBox"):
            known = len(made)
            for child in box.children:
                step(child, parent, page)
            if kind == "MarginBox":
                margins.extend(list(made.values())[known:])
            return
        tag = take(box, parent, page)
        plain = name == "li" and ("list-item" not in box.style["display"] or box.style["list_style_type"] == "none")
        if parent["S"] not in ("/LI", "/LBody") and (plain or name in ("dt", "dd")):
            tag = take(box, tag.element, page)
        if box.widget_annotation:
            take(box, tag.element, page)
        for child in _children(box, tag.kind):
            if type(child).__name__ == "TextBox":
                if tag.kind != "/Link":
                    take(child, tag.element, page)
            else:
                nested = tag.kind == "/LI" and child.element_tag in ("ul", "ol")
                step(child, parent if nested else tag.element, page)

    root = Tag(next(elements), None, 0)
    for number, page in enumerate(document.pages):
        step(page._page_box, root.element, number)
    for tag in (root, *made.values()):
        tag.kids = [made.get(kid, kid) for kid in tag.element["K"]]
    return root, margins


def _children(box: Any, kind: str) -> Iterator[Any]:
    """A box's children as WeasyPrint tags them: a table's box and its wrapper are one, lines are none."""
    table = box.get_wrapped_table() if kind == "/Table" and box.is_table_wrapper else None
    for child in box.children:
        if (table is not None and child is table) or type(child).__name__ == "LineBox":
            yield from child.children
        else:
            yield child


def _marks(stream: pydyf.Stream) -> dict[int, tuple[list[Any], int]]:
    """Where in a page's content stream each number of marked content stands: the stream's parts and an index."""
    parts = stream.stream
    return {
        part["MCID"]: (parts, index)
        for index, part in enumerate(parts)
        if isinstance(part, pydyf.Dictionary) and "MCID" in part
    }


def _joined(kids: list[Any], repeated: list[Tag]) -> list[Any]:
    """Make one of what page breaks cut in two: a section, a list, a table, a paragraph."""
    result: list[Any] = []
    for kid in kids:
        before = _begun(result, kid) if isinstance(kid, Tag) else None
        if before is None:
            result.append(kid)
            continue
        heads = [part for part in kid.kids if kid.kind == "/Table" and part.kind == "/THead"]
        repeated.extend(tag for head in heads for tag in head.walk())
        before.kids.extend(part for part in kid.kids if part not in heads)
        before.until = kid.until
        kid.element.clear()
    for kid in result:
        if isinstance(kid, Tag):
            kid.kids = _joined(kid.kids, repeated)
    return result


def _begun(before: list[Any], tag: Tag) -> Tag | None:
    """The element on an earlier page that this one continues: the one just before, or a cell of the same row."""
    candidates = before if tag.kind in ("/TD", "/TH") else before[-1:]
    for other in candidates:
        if not isinstance(other, Tag) or len(other.inside()) < len(other.kids) or len(tag.inside()) < len(tag.kids):
            continue
        if other.kind == tag.kind and other.box.element is tag.box.element and other.until < tag.page:
            return other
    return None


def _pruned(tag: Tag) -> None:
    """Take away elements with nothing in them."""
    for kid in tag.inside():
        _pruned(kid)
        if kid.kind == tag.kind == "/L" and kid.box.element is tag.box.element:  # a column of the list
            tag.kids[tag.kids.index(kid) : tag.kids.index(kid) + 1] = kid.kids
            kid.element.clear()
        elif not kid.kids and kid.kind in WITHOUT_CONTENT:
            tag.kids.remove(kid)
            kid.element.clear()


def _labelled(item: Tag) -> None:
    """A number that a style draws beside an item is the item's label."""
    body = item.inside()[0] if item.kind == "/LI" and item.inside() else item
    drawn = body.inside()[0] if body.kind == "/LBody" and body.inside() else body
    if drawn.kind == "/NonStruct" and drawn.box.element_tag == "li::before" and drawn.box.style["position"] == "absolute":
        body.kids.remove(drawn)
        item.kids.insert(0, drawn)
        drawn.element["S"] = "/Lbl"


def _attributes(tag: Tag, pages: list[Any]) -> None:
    """A header cell's scope, a list's numbering, a figure's place in points from the foot of the page."""
    element, box = tag.element, tag.box
    if tag.kind in ("/TD", "/TH"):
        element.pop("ID", None)
        element["A"].pop("Headers", None)
        if tag.kind == "/TH":
            element["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
        if len(element["A"]) == 1:
            del element["A"]
    elif tag.kind == "/L":
        labelled = any(part.kind == "/Lbl" for item in tag.inside() for part in item.inside())
        style = next((kid.box.style["list_style_type"] for kid in tag.inside()), "none")
        style = "decimal" if labelled and style == "none" else style
        element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": NUMBERED.get(style, "/None")})
    elif tag.kind == "/Figure":
        element["Alt"] = pydyf.String(element["Alt"].string.translate(_DIRECTIONS))
        left, top, right, bottom = (POINT * number for number in element["A"]["BBox"])
        height = pages[tag.page]["MediaBox"][3]
        element["A"]["BBox"] = pydyf.Array((left, height - bottom, right, height - top))


def _languages(tag: Tag, language: str) -> None:
    """Say the language where it changes."""
    for kid in tag.inside():
        own = kid.box.style["lang"] or language
        if own != language:
            kid.element["Lang"] = pydyf.String(own)
        _languages(kid, own)


def _spoken(root: Tag, marks: list[dict[int, tuple[list[Any], int]]]) -> None:
    """Give text in joined and stacked scripts its own characters, in the order they are read.

    Right-to-left text has them in its element: beside the glyphs poppler takes them for the order seen.
    """
    for tag in root.walk():
        text = getattr(tag.box, "text", "")
        if text and _SHAPED.search(text):
            parts, index = marks[tag.page][tag.kids[0]]
            said = pydyf.String(text.translate(_DIRECTIONS))
            (tag.element if _RIGHT_TO_LEFT.search(text) else parts[index])["ActualText"] = said


def _artifacts(
    tags: list[Tag], properties: dict[str, str], marks: list[dict[int, tuple[list[Any], int]]], pdf: pydyf.PDF
) -> None:
    """Take tags out of the tree and mark what they held as no content."""
    numbers = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    parents = pdf.objects[int(numbers["ParentTree"].split()[0])]["Nums"]
    for tag in tags:
        for kid in tag.kids:
            if isinstance(kid, int):
                parts, index = marks[tag.page][kid]
                parts[index - 1 : index + 1] = ["/Artifact", pydyf.Dictionary(properties)]
                parents[2 * tag.page + 1][kid] = "null"
        tag.element.clear()


def _in_order(root: Tag, marks: list[dict[int, tuple[list[Any], int]]]) -> None:
    """Draw list labels, pictures and positioned items where they are read: WeasyPrint draws them after all else on the page."""
    leaves = [tag for tag in root.walk() if any(isinstance(kid, int) for kid in tag.kids)]
    late = [list(tag.walk()) for tag in root.walk() if tag.kind in ("/Lbl", "/Figure")]
    for tag in root.walk():
        if tag.kind == "/LI" and tag.box.style["position"] == "relative":
            labels = {leaf for label in tag.walk() if label.kind == "/Lbl" for leaf in label.walk()}
            late += [list(tag.walk()), [part for part in tag.walk() if part not in labels]]
    for number, here in enumerate(marks):
        places = {
            leaf: here[min(kid for kid in leaf.kids if isinstance(kid, int))][1] for leaf in leaves if leaf.page == number
        }
        groups = [[leaf for leaf in tags if leaf in places] for tags in late]
        if places and any(groups):
            painting.reorder(next(iter(here.values()))[0], places, [group for group in groups if group])


def _write(tag: Tag) -> None:
    """Write kids and parents back into the elements."""
    tag.element["K"] = pydyf.Array([kid.element.reference if isinstance(kid, Tag) else kid for kid in tag.kids])
    for kid in tag.inside():
        kid.element["P"] = tag.element.reference
        _write(kid)
