"""A finished PDF as a booklet: two pages on each side of a sheet, in the order in which folded sheets lie inside one another.

For printing only: what is drawn stays, tags, links and form fields do not, and nothing claims PDF/UA.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from handouts.page_forms import Box, Matrix, box, drawing, fitted, form, only, placing, size, turn, upright
from handouts.pdf_copying import Copier
from handouts.pdf_output import Output
from handouts.pdf_source import Source, opened
from handouts.pdf_syntax import Ref, text, words

SHEET = (841.889764, 595.275591)
"""A4 across, in points: it folds to A5."""

HIDDEN, PRINTED = 2, 4
"""Flags of annotations (ISO 32000-1, table 165)."""


def order(count: int, direction: str) -> tuple[tuple[int | None, int | None], ...]:
    """Which pages (counted from nought; None: blank) stand left and right on each side of each sheet.

    Fronts and backs alternate, the outermost sheet first. In a book read from right to left the first
    page stands left of the fold, so that it opens from the other side.
    """
    whole = -(-count // 4) * 4
    sides = []
    for sheet in range(whole // 4):
        outer, inner = 2 * sheet, whole - 1 - 2 * sheet
        for left, right in ((inner, outer), (outer + 1, inner - 1)):
            pair = tuple(page if page < count else None for page in (left, right))
            sides.append((pair[1], pair[0]) if direction == "rtl" else (pair[0], pair[1]))
    return tuple(sides)


def imposed(pdf: bytes, direction: str, name: str = "pack.pdf") -> bytes:
    """The booklet, its sheets to be printed on both sides and turned over the short edge; same input, same bytes.

    `direction` is `ltr` or `rtl`; `name` is what problems call the PDF.
    """
    output = Output()
    copier = Copier(opened(pdf, name), output)
    source = copier.source
    pages = only(copier)
    forms = [_dressed(copier, page) for page in pages]
    root = Ref(output.reserve())
    kids = []
    for side in order(len(pages), direction):
        used: dict[str, Ref] = {}
        drawn = []
        for place, index in enumerate(side):
            if index is not None:
                used[f"P{place}"], shown = forms[index]
                half = (SHEET[0] / 2 * place, 0.0, SHEET[0] / 2 * (place + 1), SHEET[1])
                drawn.append(drawing(f"P{place}", fitted(shown, half, 0)))
        entries = {
            "Type": "Page", "Parent": root, "MediaBox": [0, 0, *SHEET],
            "Resources": {"XObject": used}, "Contents": output.stream({}, b"\n".join(drawn) + b"\n"),
        }  # fmt: skip
        kids.append(output.add(entries))
    output.put_value(root, {"Type": "Pages", "Kids": kids, "Count": len(kids)})
    told = source.dictionary(source.trailer.get("Info"))
    kept = {name: source.get(told[name]) for name in ("Title", "Keywords") if name in told}
    preferences = {"Duplex": "DuplexFlipShortEdge", "PrintScaling": "None", "DisplayDocTitle": True}
    catalog = output.add({"Type": "Catalog", "Pages": root, "ViewerPreferences": preferences})
    information = output.add({name: text(words(value)) for name, value in kept.items()})
    return output.file(catalog, information, "booklet " + hashlib.sha256(pdf).hexdigest(), max("1.7", source.version))


def _dressed(copier: Copier, page: dict[str, Any]) -> tuple[Ref, tuple[float, float]]:
    """A page as a form with how its annotations and fields look drawn in, and its size as it is shown."""
    source, plain = copier.source, form(copier, page)
    seen, quarters = box(source, page), turn(source, page)
    shown = size(seen, quarters)
    looks = list(_looks(copier, page))
    if not looks:
        return plain, shown
    entries = {
        "Type": "XObject", "Subtype": "Form", "BBox": [0, 0, *shown],
        "Resources": {"XObject": {"Page": plain} | {f"A{index}": look for index, (look, _) in enumerate(looks)}},
    }  # fmt: skip
    drawn = [drawing(f"A{index}", matrix) for index, (_, matrix) in enumerate(looks)]
    inside = drawing("Page", (1, 0, 0, 1, 0, 0)) + b"\n" + placing(upright(seen, quarters)) + b"\n".join(drawn) + b"\n"
    return copier.output.stream(entries, inside), shown


def _looks(copier: Copier, page: dict[str, Any]) -> Iterator[tuple[Ref, Matrix]]:
    """How the page's annotations look where they are meant to be printed, and their places on the page."""
    source = copier.source
    for annotation in source.array(page.get("Annots")):
        entries = source.dictionary(annotation)
        look = source.dictionary(entries.get("AP")).get("N")
        if not (isinstance(look, Ref) and look.number in source.data):
            look = source.dictionary(look).get(str(source.get(entries.get("AS"))))
        flags = int(source.get(entries.get("F")) or 0)
        if isinstance(look, Ref) and look.number in source.data and flags & PRINTED and not flags & HIDDEN:
            rectangle = box(source, {"MediaBox": entries["Rect"]})
            yield Ref(copier.resource(look.number)), _onto(rectangle, source, source.get(look))


def _onto(rectangle: Box, source: Source, look: dict[str, Any]) -> Matrix:
    """Where an appearance stands so that it fills its annotation (ISO 32000-1, 12.5.5, algorithm 8.1)."""
    a, b, c, d, e, f = (float(source.get(number)) for number in source.get(look.get("Matrix")) or (1, 0, 0, 1, 0, 0))
    x0, y0, x1, y1 = box(source, {"MediaBox": look["BBox"]})
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, low = min(x for x, _ in corners), min(y for _, y in corners)
    width, height = max(x for x, _ in corners) - left, max(y for _, y in corners) - low
    across = (rectangle[2] - rectangle[0]) / width if width else 1.0
    up = (rectangle[3] - rectangle[1]) / height if height else 1.0
    return across, 0, 0, up, rectangle[0] - left * across, rectangle[1] - low * up
