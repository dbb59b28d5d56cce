"""Form fields: boxes of a page that is printed become boxes that can also be filled in on a screen.

A `Field` stands in the page as an `<input>`. With `STYLE` WeasyPrint puts an annotation and a Form
element at its place in the reading order; without it the same page is the paper version.
`fillable` makes real fields of the annotations: named, told aloud, with an appearance, without
scripts and without asking the viewer to draw them anew. Their values are `filling`'s work.
"""

import enum
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from markupsafe import Markup
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from handouts import appearances
from handouts.appearances import OFF, dictionary
from handouts.problems import HandoutsError, Place, Problem

STYLE = "input { appearance: auto }"
"""The style that turns inputs into annotations; it moves nothing on the page."""

SMALLEST = 8.0
"""A field that is lower or narrower (points) cannot be hit or read: it has lost its size in the layout."""

_REQUIRED, _MULTILINE, _DO_NOT_SCROLL = 1 << 1, 1 << 12, 1 << 23
"""Flags of ISO 32000-1, tables 221 and 228. What is typed stays inside its box: what scrolls away is not printed."""


class Kind(enum.StrEnum):
    """What goes into a field."""

    TEXT = "text"
    MULTILINE = "multiline"
    CHECKBOX = "checkbox"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True)
class Field:
    """One field as the caller wants it."""

    name: str
    """Unique in the document: lower-case words and hyphens."""
    kind: Kind
    tooltip: str
    """What is read aloud at the field, in the language of the page; for a date or a time with its format."""
    required: bool = False
    right_to_left: bool = False
    language: str = ""
    """The language of the tooltip when it is not the document's."""
    size: int = 12
    """Points of what is written in it."""

    def html(self) -> Markup:
        """The element that stands for the field in a page; its content box becomes the field."""
        # A check box is the one input for which WeasyPrint 70 embeds no font, so every kind is written as one.
        facts = {
            "kind": self.kind,
            "required": int(self.required),
            "rtl": int(self.right_to_left),
            "lang": self.language,
            "size": self.size,
        }
        return Markup('<input type="checkbox" class="field field-{}" name="{}" title="{}">').format(
            self.kind, f"{self.name}?{urlencode(facts)}", self.tooltip
        )


def fillable(source: bytes, name: str) -> bytes:
    """The same pages with fields to fill in; pages without inputs come back as they are.

    `name` is what problems call the document. Meets ISO 14289-1 7.18: each widget in a Form
    element, with a tooltip, in the order of reading.
    """
    reader = PdfReader(io.BytesIO(source))
    if "/AcroForm" not in _catalog(reader):
        return source
    writer = PdfWriter(clone_from=reader, keep_initial_header=True)
    catalog = _catalog(writer)
    widgets = list(_in_reading_order(catalog["/StructTreeRoot"]["/K"]))
    wanted = [_read(widget) for _, widget in widgets]
    problems = list(_problems(wanted, [appearances.size(widget) for _, widget in widgets], name))
    if len(widgets) != len(catalog["/AcroForm"]["/Fields"]):
        problems.append(Problem(Place(name), "fields/order", "a field stands where nothing is read aloud",
                                "take it out of headers, footers and the repeated head of a table"))  # fmt: skip
    if problems:
        raise HandoutsError(*problems)
    resources = writer._add_object(appearances.fonts(writer))
    for (element, widget), field in zip(widgets, wanted, strict=True):
        _make(writer, widget, field, resources)
        if field.language and field.language != catalog.get("/Lang"):
            element[NameObject("/Lang")] = TextStringObject(field.language)
    catalog[NameObject("/AcroForm")] = writer._add_object(
        dictionary(
            {
                "/Fields": ArrayObject(widget.indirect_reference for _, widget in widgets),
                "/DR": resources,
                "/DA": TextStringObject(_lettering(12)),
            }
        )
    )
    _order(writer, [widget for _, widget in widgets])
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    """The document as bytes, without the objects that nothing refers to any more."""
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _catalog(document: PdfReader | PdfWriter) -> Any:
    return document.root_object


def _in_reading_order(kids: Any) -> Iterator[tuple[Any, Any]]:
    """Each Form element of the structure tree and its widget, in the order in which they are read."""
    kids = kids.get_object()
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        element: Any = kid.get_object()
        if not isinstance(element, DictionaryObject) or "/K" not in element:
            continue
        if element.get("/S") == "/Form":
            references: Any = element["/K"] if isinstance(element["/K"], ArrayObject) else [element["/K"]]
            yield element, references[0].get_object()["/Obj"]
        else:
            yield from _in_reading_order(element.raw_get("/K"))


def _read(widget: Any) -> Field:
    """The field that an input stood for."""
    name, _, query = str(widget["/T"]).partition("?")
    facts = {key: values[0] for key, values in parse_qs(query).items()}
    tooltip = str(widget["/TU"])
    return Field(
        name=name,
        kind=Kind(facts.get("kind", Kind.CHECKBOX)),
        tooltip="" if tooltip == widget["/T"] else tooltip,
        required=facts.get("required") == "1",
        right_to_left=facts.get("rtl") == "1",
        language=facts.get("lang", ""),
        size=int(facts.get("size", 12)),
    )


def _problems(fields: list[Field], sizes: list[tuple[float, float]], where: str) -> Iterator[Problem]:
    """What keeps fields from being told apart, read aloud or hit."""
    names = [field.name for field in fields]
    for field, size in zip(fields, sizes, strict=True):
        if not field.name.replace("-", "").isalnum() or not field.name.isascii() or field.name.lower() != field.name:
            yield Problem(Place(where), "fields/name", f'"{field.name}" is no name for a field',
                          "use lower-case letters, digits and hyphens")  # fmt: skip
        if not field.tooltip:
            yield Problem(Place(where), "fields/tooltip", f'the field "{field.name}" says nothing to a person who cannot see it',
                          "give it a tooltip in the language of the page")  # fmt: skip
        if min(size) < SMALLEST:
            yield Problem(Place(where), "fields/size", f'the field "{field.name}" is {size[0]:.0f} by {size[1]:.0f} points',
                          "give the input a width and a height in the style")  # fmt: skip
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Problem(Place(where), "fields/name", f'the field "{name}" stands in the document {names.count(name)} times',
                      "give each field a name of its own, and keep it off headers that repeat and boxes that split")  # fmt: skip


def _make(writer: PdfWriter, widget: Any, field: Field, resources: Any) -> None:
    """Rewrite an annotation of WeasyPrint's as the field it stands for."""
    x1, y1, x2, y2 = (float(side) for side in widget["/Rect"])
    kept = {key: widget.raw_get(key) for key in ("/P", "/StructParent")}
    widget.clear()
    entries: dict[str, Any] = {
        "/Type": NameObject("/Annot"),
        "/Subtype": NameObject("/Widget"),
        **kept,
        "/Rect": ArrayObject(FloatObject(side) for side in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))),
        "/F": NumberObject(1 << 2),  # Print
        "/T": TextStringObject(field.name),
        "/TU": TextStringObject(field.tooltip),
        "/Ff": NumberObject(_flags(field)),
    }
    widget.update(dictionary(entries))
    made = _check_box(writer, widget) if field.kind is Kind.CHECKBOX else _text(writer, widget, field, resources)
    widget.update(dictionary(made))


def _lettering(size: int) -> str:
    """The default appearance. No automatic size: poppler 22.12 takes one so large that the feet of letters are cut off."""
    return f"/{appearances.LETTERS} {size} Tf 0 g"


def _flags(field: Field) -> int:
    """The field's flags as one number."""
    lines = {Kind.CHECKBOX: 0, Kind.MULTILINE: _MULTILINE | _DO_NOT_SCROLL}.get(field.kind, _DO_NOT_SCROLL)
    return lines | (_REQUIRED if field.required else 0)


def _text(writer: PdfWriter, widget: Any, field: Field, resources: Any) -> dict[str, Any]:
    empty = appearances.stream({"/BBox": appearances.box(widget), "/Resources": resources}, "/Tx BMC EMC")
    return {
        "/FT": NameObject("/Tx"),
        "/DA": TextStringObject(_lettering(field.size)),
        "/Q": NumberObject(2 if field.right_to_left else 0),
        "/MK": dictionary({}),
        "/V": TextStringObject(""),
        "/AP": dictionary({"/N": writer._add_object(empty)}),
    }


def _check_box(writer: PdfWriter, widget: Any) -> dict[str, Any]:
    return {
        "/FT": NameObject("/Btn"),
        "/V": NameObject(OFF),
        "/AS": NameObject(OFF),
        "/DA": TextStringObject(f"/{appearances.MARKS} 0 Tf 0 g"),
        "/MK": dictionary({"/CA": TextStringObject("4")}),
        "/AP": dictionary({"/N": appearances.check_box(writer, widget)}),
    }


def _order(writer: PdfWriter, widgets: Iterable[Any]) -> None:
    """The tab key follows the structure, and for viewers that do not, the list of each page's annotations does."""
    rank = {widget.indirect_reference.idnum: number for number, widget in enumerate(widgets)}
    for page in writer.pages:
        if "/Annots" not in page:
            continue
        annotations: Any = page["/Annots"]
        references = list(annotations.get_object())
        ordered = iter(sorted((r for r in references if r.idnum in rank), key=lambda r: rank[r.idnum]))
        page[NameObject("/Annots")] = ArrayObject(next(ordered) if r.idnum in rank else r for r in references)
        page[NameObject("/Tabs")] = NameObject("/S")
