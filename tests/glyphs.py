"""The glyphs of a finished PDF: which font, which number, where, and the ink they leave.

Reads the content streams that WeasyPrint writes (one operator a line, hexadecimal glyph numbers,
`Ts` for marks above and below), in CSS pixels from the top left of the page. Text extraction is of
no use here: it tells what was meant, not what was drawn, and garbles Urdu, Khmer and Thai.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pypdf
from fontTools.cffLib import CFFFontSet
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

PIXELS = re.compile(r"0\.75 0 0 0\.75 0 0 cm")


@dataclass(frozen=True)
class Glyph:
    """One glyph as it stands on paper."""

    page: int
    start: tuple[float, float]
    """Where the text that it belongs to begins: left end and baseline."""
    font: str
    number: int
    text: str
    left: float
    right: float
    ink: Box | None


class Font:
    """A font in the file: its name, widths, outlines and what its glyphs stand for."""

    def __init__(self, resource: Any) -> None:
        descendant = resource["/DescendantFonts"][0].get_object()
        self.name = str(resource["/BaseFont"]).split("+", 1)[-1].lstrip("/")
        self._descriptor = descendant["/FontDescriptor"].get_object()
        self._default = float(descendant.get("/DW", 1000))
        self._widths = dict(_widths(descendant["/W"].get_object()))
        self._inks: dict[int, Box | None] = {}
        source = resource["/ToUnicode"].get_object().get_data().decode()
        pairs = re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", source)
        self.texts = {int(number, 16): bytes.fromhex(code).decode("utf-16-be", "replace") for number, code in pairs}

    def width(self, number: int) -> float:
        """The advance of a glyph in thousandths of the font size."""
        return self._widths.get(number, self._default)

    @cached_property
    def _outlines(self) -> tuple[Any, list[str], int]:
        if "/FontFile2" in self._descriptor:
            data = self._descriptor["/FontFile2"].get_object().get_data()
        else:
            data = self._descriptor["/FontFile3"].get_object().get_data()
        if data[:4] in (b"OTTO", b"\0\1\0\0", b"true"):
            face = TTFont(io.BytesIO(data))
            return face.getGlyphSet(), face.getGlyphOrder(), face["head"].unitsPerEm
        compact = CFFFontSet()
        compact.decompile(io.BytesIO(data), None)
        top = compact[0]
        return top.CharStrings, top.charset, 1000

    def ink(self, number: int) -> Box | None:
        """The outline's bounds in font sizes, y upwards; None for a blank."""
        if number not in self._inks:
            glyphs, order, units = self._outlines
            pen = BoundsPen(glyphs if isinstance(glyphs, dict) or hasattr(glyphs, "font") else None)
            glyph = glyphs[order[number]]
            glyph.draw(pen)
            self._inks[number] = tuple(value / units for value in pen.bounds) if pen.bounds else None
        return self._inks[number]


def _widths(array: list[Any]) -> Iterator[tuple[int, float]]:
    """The pairs of glyph and advance of a PDF /W array: `first [w w w]` or `first last w`."""
    index = 0
    while index < len(array):
        first, second = int(array[index]), array[index + 1]
        if isinstance(second, list):
            yield from ((first + i, float(width)) for i, width in enumerate(second))
            index += 2
        else:
            yield from ((number, float(array[index + 2])) for number in range(first, int(second) + 1))
            index += 3


def read(data: bytes) -> tuple[Glyph, ...]:
    """Every glyph of a PDF, in the order in which it is drawn."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    fonts: dict[Any, Font] = {}
    found: list[Glyph] = []
    for number, page in enumerate(reader.pages):
        resources: Any = page["/Resources"]
        named = resources.get_object()["/Font"].get_object()
        local = {}
        for name in named:
            reference = named.raw_get(name)
            key = (reference.idnum, reference.generation)
            fonts.setdefault(key, Font(reference.get_object()))
            local[name] = fonts[key]
        contents: Any = page.get_contents()
        found.extend(_page(contents.get_data().decode("latin-1"), number, local))
    return tuple(found)


def _page(source: str, page: int, fonts: dict[str, Font]) -> Iterator[Glyph]:
    assert len(PIXELS.findall(source)) == 1, "the page is measured in CSS pixels, turned by nothing"
    start, pen, rise, size = (0.0, 0.0), 0.0, 0.0, 0.0
    font: Font | None = None
    for line in source.splitlines():
        operator = line.rsplit(" ", 1)[-1]
        if operator == "Tm":
            a, b, c, d, x, y = map(float, line.split()[:6])
            assert (a, b, c, d) == (1, 0, 0, -1), "no text is slanted or turned"
            start, pen, rise = (x, y), x, 0.0
        elif operator == "Tf":
            name, points, _ = line.split()
            font, size = fonts[name], float(points)
        elif operator == "Ts":
            rise = float(line.split()[0])
        elif operator == "TJ":
            assert font
            for digits, shift in re.findall(r"<([0-9A-Fa-f]*)>|([-+.\d]+)", line[: line.rindex("]")]):
                if shift:
                    pen -= float(shift) / 1000 * size
                for at in range(0, len(digits), 4):
                    number = int(digits[at : at + 4], 16)
                    advance = font.width(number) / 1000 * size
                    bounds = font.ink(number)
                    ink = bounds and (
                        pen + bounds[0] * size, start[1] - rise - bounds[3] * size,
                        pen + bounds[2] * size, start[1] - rise - bounds[1] * size,
                    )  # fmt: skip
                    yield Glyph(page, start, font.name, number, font.texts.get(number, ""), pen, pen + advance, ink)
                    pen += advance
        else:
            assert operator not in ("Tj", "Td", "TD", "T*", "'", '"'), "a text operator that is not read here"
