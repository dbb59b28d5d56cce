"""A page as a form that other pages draw (ISO 32000-1, 8.10): stamps, filler pages, and two pages on a sheet."""

import re
from typing import Any

from handouts.pdf_copying import Copier
from handouts.pdf_source import Source
from handouts.pdf_syntax import COMMENT, END, HEXADECIMAL, LITERAL, MalformedError, Ref, written

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

_MARKS = re.compile(
    rb"(/[^\s/()<>\[\]]+\s*(?:<<(?:[^<>()]|" + HEXADECIMAL + rb"|" + LITERAL + rb")*>>|/[^\s/()<>\[\]]+)\s*BDC" + END
    + rb"|/[^\s/()<>\[\]]+\s+BMC" + END + rb"|(?<![^\s\])>])EMC" + END + rb")|" + LITERAL + rb"|" + HEXADECIMAL + rb"|" + COMMENT
)  # fmt: skip


def box(source: Source, page: dict[str, Any]) -> Box:
    """What is seen of a page, lower left corner first, not yet turned."""
    corners = source.array(source.get(page.get("CropBox")) or page["MediaBox"])
    x0, y0, x1, y1 = (float(source.get(corner)) for corner in corners)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def turn(source: Source, page: dict[str, Any]) -> int:
    """By how many quarters a page is turned clockwise when it is shown."""
    return int(source.get(page.get("Rotate")) or 0) // 90 % 4


def size(seen: Box, quarters: int) -> tuple[float, float]:
    """Width and height of a page as it is shown."""
    width, height = seen[2] - seen[0], seen[3] - seen[1]
    return (height, width) if quarters % 2 else (width, height)


def upright(seen: Box, quarters: int) -> Matrix:
    """From a page's own coordinates to those of the page as it is shown."""
    x0, y0, x1, y1 = seen
    turned: tuple[Matrix, ...] = (
        (1, 0, 0, 1, -x0, -y0),
        (0, -1, 1, 0, -y0, x1),
        (-1, 0, 0, -1, x1, y1),
        (0, 1, -1, 0, y1, -x0),
    )
    return turned[quarters]


def fitted(shown: tuple[float, float], seen: Box, quarters: int) -> Matrix:
    """Where a form of the size `shown` stands on a page: as wide as can be, in the middle, at the lower edge as it is read."""
    width, height = size(seen, quarters)
    scale = min(width / shown[0], height / shown[1])
    across = (width - shown[0] * scale) / 2
    x0, y0, x1, y1 = seen
    turned: tuple[Matrix, ...] = (
        (scale, 0, 0, scale, x0 + across, y0),
        (0, scale, -scale, 0, x1, y0 + across),
        (-scale, 0, 0, -scale, x1 - across, y1),
        (0, -scale, scale, 0, x0, y1 - across),
    )
    return turned[quarters]


def drawing(name: str, matrix: Matrix) -> bytes:
    """The operators that draw a form."""
    return b"q " + placing(matrix) + b"/" + name.encode() + b" Do Q"


def placing(matrix: Matrix) -> bytes:
    """The operators that change the coordinates."""
    return b"" if matrix == (1, 0, 0, 1, 0, 0) else b" ".join(written(float(number)) for number in matrix) + b" cm "


def contents(source: Source, page: dict[str, Any]) -> bytes:
    """All that is drawn on a page, decompressed."""
    streams = [ref for ref in source.array(page.get("Contents")) if isinstance(ref, Ref)]
    return b"\n".join(source.decoded(ref.number) for ref in streams)


def form(copier: Copier, page: dict[str, Any], *, bare: bool = False) -> Ref:
    """A page as a form, shown upright with its lower left corner at the origin.

    `bare` takes the marks of tags out, for pages that we made ourselves (it does not look into inline images).
    """
    source = copier.source
    seen, quarters = box(source, page), turn(source, page)
    entries = {
        "Type": "XObject", "Subtype": "Form", "BBox": list(seen), "Matrix": list(upright(seen, quarters)),
        "Resources": copier.value(source.get(page.get("Resources")) or {}),
    } | ({"Group": copier.value(page["Group"])} if "Group" in page else {})  # fmt: skip
    drawn = source.array(page.get("Contents"))
    if not bare and len(drawn) == 1 and isinstance(drawn[0], Ref):
        whole = source.dictionary(drawn[0])
        entries |= copier.value({key: whole[key] for key in ("Filter", "DecodeParms") if key in whole})
        data = source.data[drawn[0].number]
        return Ref(copier.output.share(written(entries | {"Length": len(data)}), data))
    text = contents(source, page)
    return copier.output.stream(entries, _MARKS.sub(lambda match: b"" if match[1] else match[0], text) if bare else text)


def only(copier: Copier) -> list[dict[str, Any]]:
    """The pages of a source that is drawn, never taken over as it is."""
    found = []
    for number, page in copier.source.pages():
        copier.numbers[number] = 0
        if page:
            found.append(page)
    if not found:
        raise MalformedError("no page")
    return found
