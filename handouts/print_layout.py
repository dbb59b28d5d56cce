"""A finished PDF to the pages that a reader sees, through PDFium.

One file is open at a time. Nothing is judged here: that is the work of `clear_print`. What a form field
holds is not read: nobody has written it yet.
"""

import ctypes
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import hypot
from statistics import median
from typing import Any, cast

import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageStat

from handouts.print_objects import UPRIGHT, Leaf, Matrix, bounds, cut, font, leaves, mark_text, placement, times, turned
from handouts.sheets import MARGIN, Box, Run, Sheet

GRAIN = 0.5
"""Pixels to a point where grounds are looked at: a capital of 12 pt is four pixels high."""

SEEN = 0.25
"""The share of a run's box from which a colour counts as its ground; less is the edge of something."""

THIN = 2.5
"""Points below which a painted shape is a line, and no ground."""

FINE = 2
"""Pixels to a point where inks are compared."""

NEAR = 0.5
"""Boxes of ink that meet by less than these points are not looked at more closely."""


def sheets(pdf: bytes) -> Generator[Sheet, None, None]:
    """Every page, one after the other; the file is closed after the last, or when the iterator is closed."""
    document = pdfium.FPDF_LoadMemDocument64(pdf, len(pdf), None)
    if not document:
        raise ValueError("PDFium cannot read the file")
    try:
        for index in range(pdfium.FPDF_GetPageCount(document)):
            page = pdfium.FPDF_LoadPage(document, index)
            text, tree = pdfium.FPDFText_LoadPage(page), pdfium.FPDF_StructTree_GetForPage(page)
            try:
                yield _Page(page, text, tree).sheet(index + 1)
            finally:
                pdfium.FPDF_StructTree_Close(tree)
                pdfium.FPDFText_ClosePage(text)
                pdfium.FPDF_ClosePage(page)
    finally:
        pdfium.FPDF_CloseDocument(document)


@dataclass(frozen=True)
class _Piece:
    """A text object: a run is several of them where its font changes, or where glyphs stand high and low."""

    handle: Any
    mark: int
    box: Box
    matrix: Matrix
    """From what it is drawn in to the page."""

    @property
    def address(self) -> int:
        """What tells it from others."""
        return ctypes.addressof(self.handle.contents)


class _Page:
    """One open page."""

    def __init__(self, page: Any, text: Any, tree: Any) -> None:
        self.page, self.text = page, text
        self.width, self.height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        self.leaves = leaves(tree)
        self.fonts: dict[int, tuple[str, bool]] = {}
        self.others: list[Any] = []
        self.lines: list[Any] = []

    def sheet(self, number: int) -> Sheet:
        """Everything of it that rules ask for."""
        shapes: list[Box] = []
        pieces = list(self._pieces(self.page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, shapes))
        groups = _grouped([piece for piece in pieces if piece.box.width > 0 and piece.box.height > 0])
        words = self._words()
        _show(pieces, False)
        ground = self._ground()
        runs = [self._run(group, words, ground) for group in groups]
        written = [(run, group) for run, group in zip(runs, groups, strict=True) if run.text.strip()]
        clashes = tuple(self._clashes(written))
        order = tuple((mark, leaf.kind) for mark, leaf in self.leaves.items())
        return Sheet(number, self.width, self.height, tuple(run for run, _ in written), tuple(shapes), order, clashes)

    def _pieces(
        self, container: Any, count: Any, get: Any, shapes: list[Box], matrix: Matrix = UPRIGHT, mark: int | None = None
    ) -> Iterator[_Piece]:
        """Every text object, those inside forms too; `shapes` takes the boxes of what else is painted."""
        for index in range(count(container)):
            thing = get(container, index)
            kind = pdfium.FPDFPageObj_GetType(thing)
            own = pdfium.FPDFPageObj_GetMarkedContentID(thing) if mark is None else mark
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                if pdfium.FPDFTextObj_GetTextRenderMode(thing) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                    yield _Piece(thing, own, turned(bounds(thing), matrix), matrix)
                continue
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                inner = times(placement(thing), matrix)
                yield from self._pieces(thing, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, [], inner, own)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH and matrix is UPRIGHT:
                fills, strokes = ctypes.c_int(), ctypes.c_int()
                pdfium.FPDFPath_GetDrawMode(thing, fills, strokes)
                if fills.value or strokes.value:
                    shapes.append(bounds(thing))
                    if min(shapes[-1].width, shapes[-1].height) < THIN:
                        self.lines.append(thing)
            if mark is None:
                self.others.append(thing)

    def _words(self) -> dict[int, tuple[str, list[float]]]:
        """Each text object's characters, and the widths in points of its spaces."""
        words: dict[int, tuple[str, list[float]]] = {}
        last = 0
        for index in range(pdfium.FPDFText_CountChars(self.text)):
            thing = pdfium.FPDFText_GetTextObject(self.text, index)
            if not thing:
                continue
            address, code = ctypes.addressof(thing.contents), pdfium.FPDFText_GetUnicode(self.text, index)
            text, widths = words.get(address, ("", []))
            if address == last and len(text) > 1 and text[-1] == " ":
                before, here, after = (self._origin(index - step) for step in (2, 1, 0))
                widths.append(after - here if after > here else before - here)  # from right to left the space is left of both
            words[address] = (text + chr(code), widths)
            last = address
        return words

    def _origin(self, index: int) -> float:
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self.text, index, x, y)
        return x.value

    def _run(self, group: list[_Piece], words: dict[int, tuple[str, list[float]]], ground: Image.Image) -> Run:
        first = group[0]
        leaf = self.leaves.get(first.mark, Leaf("", MARGIN, ""))
        box = first.box
        for piece in group[1:]:
            box = box.join(piece.box)
        read = [words.get(piece.address, ("", [])) for piece in group]
        fonts = [self._font(piece.handle) for piece in group]
        a, b, c, d, *_ = times(placement(first.handle), first.matrix)
        height = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(first.handle, height)
        size = height.value * hypot(c, d)
        widths = [width for _, own in read for width in own]
        return Run(
            text=_clean(leaf.said or mark_text(first.handle) or "".join(text for text, _ in read)),
            box=box,
            size=size,
            fonts=tuple(dict.fromkeys(name for name, _ in fonts)),
            leaning=any(italic for _, italic in fonts) or abs(a * c + b * d) > 0.01 * hypot(a, b) * hypot(c, d),
            mark=first.mark,
            block=leaf.block,
            spacing=median(widths) / size if widths and size else 0,
            paint=self._paint(first.handle, box, ground),
            cut=cut(first.handle, first.matrix, box),
        )

    def _font(self, thing: Any) -> tuple[str, bool]:
        """The name of a text object's font, and whether it is italic."""
        found = pdfium.FPDFTextObj_GetFont(thing)
        address = ctypes.addressof(found.contents)
        if address not in self.fonts:
            self.fonts[address] = font(found)
        return self.fonts[address]

    def _paint(self, thing: Any, box: Box, ground: Image.Image) -> tuple[tuple[str, str], ...]:
        """A text's colour as it looks on each colour behind it."""
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
        ink, share = (red.value, green.value, blue.value), alpha.value / 255
        left, right = int(box.left * GRAIN), int(box.right * GRAIN) + 1
        upper, lower = int((self.height - box.top) * GRAIN), int((self.height - box.bottom) * GRAIN) + 1
        left, upper = min(max(left, 0), ground.width - 1), min(max(upper, 0), ground.height - 1)
        behind = ground.crop((left, upper, min(max(right, left + 1), ground.width), min(max(lower, upper + 1), ground.height)))
        area = behind.width * behind.height
        counted = cast(list[tuple[int, tuple[int, int, int]]], behind.getcolors(area))
        return tuple(
            (_named(*(round(i * share + g * (1 - share)) for i, g in zip(ink, colour, strict=True))), _named(*colour))
            for count, colour in sorted(counted, reverse=True)
            if count >= SEEN * area
        )

    def _ground(self) -> Image.Image:
        """The page without its lines, after its texts have been hidden."""
        for thing in self.lines:
            pdfium.FPDFPageObj_SetIsActive(thing, False)
        return self._picture(Box(0, 0, self.width, self.height), GRAIN).convert("RGB")

    def _picture(self, box: Box, grain: float) -> Image.Image:
        """A part of the page as it is shown now, on white that is transparent."""
        width, height = max(round(box.width * grain), 1), max(round(box.height * grain), 1)
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRA, None, 0)
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0x00FFFFFF)
            whole = (round(self.width * grain), round(self.height * grain))
            corner = (-round(box.left * grain), -round((self.height - box.top) * grain))
            pdfium.FPDF_RenderPageBitmap(bitmap, self.page, *corner, *whole, 0, 0)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
            return Image.frombytes("RGBA", (width, height), pixels, "raw", "BGRA", stride, 1)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)

    def _clashes(self, written: list[tuple[Run, list[_Piece]]]) -> Iterator[tuple[Run, Run, float]]:
        """Pairs of runs whose boxes meet, with how much of their ink is in the same place; all texts are hidden before and after."""
        near = list(_near(written))
        if near:
            for thing in self.others:
                pdfium.FPDFPageObj_SetIsActive(thing, False)
        for (first, pieces), (second, others), meeting in near:
            ink = ImageChops.darker(self._ink(pieces, meeting), self._ink(others, meeting))
            area = ImageStat.Stat(ink).sum[0] / 255 / FINE**2
            if area:
                yield first, second, area / min(first.size, second.size) ** 2

    def _ink(self, pieces: list[_Piece], box: Box) -> Image.Image:
        """Where in a box these texts alone have ink: 255 is all ink."""
        _show(pieces, True)
        try:
            return self._picture(box, FINE).getchannel("A")
        finally:
            _show(pieces, False)


def _show(pieces: list[_Piece], shown: bool) -> None:
    """Let texts be drawn, or not."""
    for piece in pieces:
        pdfium.FPDFPageObj_SetIsActive(piece.handle, shown)


def _near(written: list[tuple[Run, list[_Piece]]]) -> Iterator[tuple[tuple[Run, list[_Piece]], tuple[Run, list[_Piece]], Box]]:
    """Pairs of runs whose boxes meet, and where."""
    ordered = sorted(written, key=lambda pair: -pair[0].box.top)
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other[0].box.top <= one[0].box.bottom:
                break
            meeting = one[0].box.meet(other[0].box)
            if meeting.width > NEAR and meeting.height > NEAR:
                yield one, other, meeting


def _grouped(pieces: list[_Piece]) -> list[list[_Piece]]:
    """The pieces of each run: those of one mark; in the margins those that stand beside each other."""
    groups: list[list[_Piece]] = []
    for mark, same in groupby(pieces, key=lambda piece: piece.mark):
        before: Box | None = None
        for piece in same:
            meeting = before.meet(piece.box) if before and mark == MARGIN else None
            if before is None or (meeting and (meeting.height <= 0 or meeting.width < -piece.box.height)):
                groups.append([])
                before = piece.box
            groups[-1].append(piece)
            before = before.join(piece.box)
    return groups


def _clean(text: str) -> str:
    """Without characters that draw nothing, and with plain spaces."""
    return " ".join(text.translate({0: None, 0x2060: None, 0x200B: None, 0xFFFE: "-", 0x2: "-"}).split())


def _named(*channels: int) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in channels)
