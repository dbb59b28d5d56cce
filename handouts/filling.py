"""Values into the fields of a fillable PDF, and back out of it.

`filled` writes each value together with its appearance: WeasyPrint sets it, so that Arabic,
Nastaliq and Chinese look right in every viewer, also in one that cannot shape them itself.
A value that does not fit its box is a problem, never a cut line.
"""

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ByteStringObject, ContentStream, NameObject, TextStringObject

from handouts import pdf
from handouts.appearances import OFF, ON, box, dictionary, stream
from handouts.fields import written
from handouts.model import Language
from handouts.problems import HandoutsError, Place, Problem

CHECKED = ON.removeprefix("/")
"""The value of a check box that is ticked; one that is not has the empty value."""

SMALLER = (0, 1, 2)
"""Points by which a value may be set smaller than the field says: as few as make it fit."""

PADDING = 2.0
"""Points between a value and the edges of its field."""

SHEET = 9000
"""The side (points) of the sheets on which values are set for measuring; nothing of a sheet is printed."""

ONE_LINE = 0.8
"""The share of its leading that a single line needs: it has no neighbours to collide with."""

_TAG_OPERATORS = frozenset({b"BDC", b"BMC", b"EMC", b"DP", b"MP"})


@dataclass(frozen=True)
class _Setting:
    """A value set in one size: what draws it, with what, and where on its sheet it stands."""

    content: bytes
    resources: Any
    left: float
    top: float
    width: float
    height: float


def values(source: bytes) -> dict[str, str]:
    """The value of every field by its name; empty where nothing is filled in, `CHECKED` where a box is ticked."""
    return {name: _value(widget) for name, widget in _widgets(PdfReader(io.BytesIO(source)))}


def filled(source: bytes, wanted: Mapping[str, str], language: Language, name: str) -> bytes:
    """The document with values in its fields, which can still be changed; `name` is what problems call it.

    `language` gives the fonts and the leading in which values are set. What stood in the document already
    is set anew too, so that `filled(source, {}, ...)` mends what a viewer could not shape.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(source)), keep_initial_header=True)
    widgets = dict(_widgets(writer))
    problems = list(_unfit(wanted, widgets, name))
    if problems:
        raise HandoutsError(*problems)
    whole = {key: _clean(wanted.get(key, _value(widget)), widget) for key, widget in widgets.items()}
    texts = {key: value for key, value in whole.items() if widgets[key]["/FT"] == "/Tx"}
    chosen = {key: _fitting(settings, widgets[key]) for key, settings in _set(texts, widgets, language, name).items()}
    too_long = [key for key, setting in chosen.items() if setting is None]
    if too_long:
        raise HandoutsError(*(_too_long(key, texts[key], name) for key in too_long))
    for key, value in whole.items():
        if key in texts:
            widgets[key][NameObject("/V")] = TextStringObject(value)
            _show(writer, widgets[key], chosen.get(key))
        else:
            widgets[key][NameObject("/V")] = widgets[key][NameObject("/AS")] = NameObject(ON if value else OFF)
    form: Any = writer.root_object.get("/AcroForm", {})
    form.pop("/NeedAppearances", None)
    _renew(writer, whole)
    return written(writer)


def _widgets(document: PdfReader | PdfWriter) -> Iterator[tuple[str, Any]]:
    """Each text field and check box by its full name, in the order of the pages."""
    for page in document.pages:
        annotations: Any = page.get("/Annots", ())
        for annotation in annotations.get_object() if annotations else ():
            widget = annotation.get_object()
            if widget.get("/Subtype") == "/Widget" and widget.get("/FT") in ("/Tx", "/Btn"):
                yield _full_name(widget), widget


def _full_name(field: Any) -> str:
    """The field's own name after those of the fields above it, as ISO 32000-1 12.7.3.2 joins them."""
    above = _full_name(field["/Parent"]) if "/Parent" in field else ""
    return ".".join(part for part in (above, str(field.get("/T", ""))) if part)


def _value(widget: Any) -> str:
    value = widget.get("/V", "")
    if widget["/FT"] == "/Tx":
        return str(value)
    return "" if value in ("", OFF) else str(value).removeprefix("/")


def _multiline(widget: Any) -> bool:
    return bool(int(widget.get("/Ff", 0)) & 1 << 12)


def _clean(value: str, widget: Any) -> str:
    """The value as the field keeps it: with one kind of line break, and none in a field of one line."""
    return "\n".join(value.strip().splitlines()) if _multiline(widget) else " ".join(value.split())


def _unfit(wanted: Mapping[str, str], widgets: Mapping[str, Any], where: str) -> Iterator[Problem]:
    """Values for fields that are not there, and words for a check box."""
    for key, value in wanted.items():
        if key not in widgets:
            yield Problem(Place(where), "fields/unknown", f'there is no field "{key}"', f"the fields are {', '.join(widgets)}")
        elif widgets[key]["/FT"] == "/Btn" and value not in ("", CHECKED):
            yield Problem(Place(where), "fields/check-box", f'"{value}" cannot stand in the check box "{key}"',
                          f'give "{CHECKED}", or nothing')  # fmt: skip


def _room(widget: Any) -> tuple[float, float]:
    """The width and height (points) that a value may take."""
    _, _, width, height = box(widget)
    return float(width) - 2 * PADDING, float(height) - (2 * PADDING if _multiline(widget) else 0)


def _set(
    texts: Mapping[str, str], widgets: Mapping[str, Any], language: Language, name: str
) -> dict[str, tuple[_Setting, ...]]:
    """Each value in all sizes, the largest first: one document, one sheet for each."""
    sheets = [(key, size) for key, text in texts.items() if text for size in _sizes(widgets[key])]
    if not sheets:
        return {}
    fonts = ", ".join(f'"{font}"' for font in language.fonts)
    style = (
        f"@page {{ size: {SHEET}pt; margin: 0 }} html {{ font-family: {fonts}; line-height: {language.leading} }} "
        "body, p { margin: 0 } p { break-after: page } "
        "a { display: inline-block; color: #000000; text-decoration: none; text-align: start } "
        f".line {{ white-space: nowrap; line-height: {language.leading * ONE_LINE:.2f} }} "
        ".lines { white-space: pre-wrap; overflow-wrap: anywhere }"
    )
    body = Markup().join(_sheet(texts[key], size, widgets[key]) for key, size in sheets)
    page = Markup('<!DOCTYPE html><html lang="{}"><title>{}</title><body>{}</body></html>').format(language.code, name, body)
    reader = PdfReader(io.BytesIO(pdf.render(page, (style,), "", "0" * 32, name)))
    found: dict[str, tuple[_Setting, ...]] = {}
    for (key, _), sheet in zip(sheets, reader.pages, strict=True):
        found[key] = (*found.get(key, ()), _measured(reader, sheet))
    return found


def _sheet(text: str, size: int, widget: Any) -> Markup:
    width = f"width: {_room(widget)[0]:.2f}pt; " if _multiline(widget) else ""
    return Markup('<p><a href="value:" class="{}" dir="{}" style="{}font-size: {}pt">{}</a></p>').format(
        "lines" if width else "line", _direction(text), width, size, text
    )


def _measured(reader: PdfReader, sheet: Any) -> _Setting:
    """A sheet's content without its tags, and the place of the value on it, which a link marks."""
    operations = ContentStream(sheet["/Contents"], reader)
    operations.operations = [step for step in operations.operations if step[1] not in _TAG_OPERATORS]
    x1, y1, x2, y2 = (float(side) for side in sheet["/Annots"][0]["/Rect"])
    return _Setting(operations.get_data(), sheet["/Resources"], min(x1, x2), max(y1, y2), abs(x2 - x1), abs(y2 - y1))


def _fitting(settings: Iterable[_Setting], widget: Any) -> _Setting | None:
    """The first, that is the largest, setting that has room in a field."""
    width, height = _room(widget)
    return next((s for s in settings if s.width <= width + 0.01 and s.height <= height + 0.01), None)


def _too_long(key: str, value: str, where: str) -> Problem:
    return Problem(
        Place(where),
        "fields/too-long",
        f'what is to stand in "{key}" does not fit: "{value}"',
        "shorten it, or give the field more room on the page",
    )


def _show(writer: PdfWriter, widget: Any, setting: _Setting | None) -> None:
    """Make a setting the field's appearance; none empties it."""
    width, height = _room(widget)
    content, entries = b"/Tx BMC EMC", {"/BBox": box(widget)}
    if setting:
        left = PADDING + (width - setting.width if int(widget.get("/Q", 0)) == 2 else 0)
        top = PADDING + height if _multiline(widget) else (height + setting.height) / 2
        move = f"1 0 0 1 {left - setting.left:.3f} {top - setting.top:.3f} cm"
        content = b"/Tx BMC q %s\n%s\nQ EMC" % (move.encode("ascii"), setting.content)
        entries["/Resources"] = setting.resources.indirect_reference.clone(writer)
    widget[NameObject("/AP")] = dictionary({"/N": writer._add_object(stream(entries, content))})


def _sizes(widget: Any) -> Iterator[int]:
    """The sizes of type (points) to try, from the one in the field's default appearance down."""
    found = re.search(r"([0-9]+)[0-9.]* Tf", str(widget.get("/DA", "")))
    usual = int(found[1]) if found and int(found[1]) else 12
    return (usual - less for less in SMALLER)


def _direction(text: str) -> str:
    """That of the first letter, as in rule P2 of Unicode's bidirectional algorithm; a date or a number runs from the left."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return "ltr" if strong == "L" else "rtl"


def _renew(writer: PdfWriter, whole: Mapping[str, str]) -> None:
    """Another second identifier, made of the values: a changed file is told from the one it came from (ISO 32000-1 14.4)."""
    if writer._ID:
        writer._ID[1] = ByteStringObject(hashlib.sha256(repr(sorted(whole.items())).encode()).digest()[:16])
