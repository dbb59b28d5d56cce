"""What PDFium says of one object of a page, or of its tags, as Python values."""

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from handouts.sheets import MARGIN, Box

INLINE = frozenset({"Span", "NonStruct", "Link", "Lbl", "Reference", "Quote", "Strong", "Em", "Code"})
"""Elements inside a block."""

ITALIC = 1 << 6
"""The flag of an italic font (ISO 32000-1, table 123)."""

Matrix = tuple[float, float, float, float, float, float]
UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Leaf:
    """Marked content: the kind and the number of its block, and its words if the tags say them."""

    kind: str
    block: int
    said: str


def leaves(tree: Any) -> dict[int, Leaf]:
    """A page's marked content in reading order."""
    leaves: dict[int, Leaf] = {}
    blocks = iter(range(1_000_000))

    def step(element: Any, kind: str, block: int, said: str) -> None:
        own = string(pdfium.FPDF_StructElement_GetType, element)
        said = string(pdfium.FPDF_StructElement_GetActualText, element) or said
        if own not in INLINE:
            kind, block = kind if kind == "THead" else own, next(blocks)
        for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
            mark = -1 if child else pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if child:
                step(child, kind, block, said)
            elif mark >= 0:
                leaves[mark] = Leaf(kind, block, said)

    for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        element = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
        if element:
            step(element, "", MARGIN, "")
    return leaves


def string(call: Any, *arguments: Any) -> str:
    """What a function of PDFium writes into a buffer that it is given last, with its size in bytes."""
    buffer = ctypes.create_string_buffer(128)
    size = call(*arguments, buffer, 128)
    if size > 128:
        buffer = ctypes.create_string_buffer(size)
        call(*arguments, buffer, size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")


def mark_text(thing: Any) -> str:
    """The words that a text object's marks give it instead of its glyphs' (ActualText)."""
    for index in range(pdfium.FPDFPageObj_CountMarks(thing)):
        mark, size = pdfium.FPDFPageObj_GetMark(thing, index), ctypes.c_ulong()
        pdfium.FPDFPageObjMark_GetParamBlobValue(mark, b"ActualText", None, 0, size)
        if size.value:
            blob = (ctypes.c_ubyte * size.value)()
            pdfium.FPDFPageObjMark_GetParamBlobValue(mark, b"ActualText", blob, size.value, size)
            return bytes(blob).decode("utf-16" if blob[0] in (0xFE, 0xFF) else "latin-1", "replace")
    return ""


def font(thing: Any) -> tuple[str, bool]:
    """The name of a font, and whether it is italic."""
    buffer, angle = ctypes.create_string_buffer(256), ctypes.c_int()
    pdfium.FPDFFont_GetBaseFontName(thing, buffer, 256)
    name = buffer.value.decode("utf-8", "replace").split("+", 1)[-1]
    pdfium.FPDFFont_GetItalicAngle(thing, angle)
    italic = bool(angle.value) or bool(pdfium.FPDFFont_GetFlags(thing) & ITALIC)
    return name, italic or "italic" in name.lower() or "oblique" in name.lower()


def bounds(thing: Any) -> Box:
    """The upright box around an object's ink, in what it is drawn in."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return Box(left.value, bottom.value, right.value, top.value)


def placement(thing: Any) -> Matrix:
    """How a text or a form is placed in what it is drawn in."""
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def times(first: Matrix, second: Matrix) -> Matrix:
    """One matrix after another."""
    if second is UPRIGHT:
        return first
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def turned(box: Box, matrix: Matrix) -> Box:
    """The upright box around a box that a matrix has moved."""
    if matrix is UPRIGHT:
        return box
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    across, up = zip(*corners, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def cut(thing: Any, matrix: Matrix, box: Box) -> float:
    """By how many points a run's box stands out of what a text object of it is clipped to."""
    path = pdfium.FPDFPageObj_GetClipPath(thing)
    out = 0.0
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(max(pdfium.FPDFClipPath_CountPaths(path), 0) if path else 0):
        points = []
        for segment in range(pdfium.FPDFClipPath_CountPathSegments(path, index)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, index, segment), x, y)
            points.append((x.value, y.value))
        if points:
            across, up = zip(*points, strict=True)
            clip = turned(Box(min(across), min(up), max(across), max(up)), matrix)
            out = max(out, clip.left - box.left, clip.bottom - box.bottom, box.right - clip.right, box.top - clip.top)
    return out
