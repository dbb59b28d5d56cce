"""The pages of a finished PDF as pictures: all of them for a screen, the first one small for a list. Through PDFium."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageFilter

SHARPNESS = 1.5
"""Pixels to a point: an A4 page is 893 pixels wide, so that it is sharp on a laptop and in half a window of a fine screen."""

WIDTH = 180
"""Pixels across a small picture."""

FINER = 3
"""How much finer a page is drawn before it is made small: PDFium alone makes thin strokes of small letters vanish."""

COLOURS = 24
"""Of a small picture: enough for a clinic's two colours, their tints and the greys of small letters."""


@dataclass(frozen=True)
class Raster:
    """One page as a picture."""

    width: int
    height: int
    png: bytes


def rasters(pdf: bytes, sharpness: float = SHARPNESS) -> Iterator[Raster]:
    """Every page of a PDF, in order; form fields as they are printed."""
    with _opened(pdf) as document:
        if document.get_formtype():
            document.init_forms()
        for page in document:
            image = page.render(scale=sharpness).to_pil()
            # a page has few colours but its letters have soft edges: so many are not told from all of them
            yield Raster(image.width, image.height, _png(image.convert("RGB").quantize(128)))


def small(pdf: bytes) -> tuple[bytes, int] | None:
    """The first page of a PDF as a small PNG, and how many pages there are; nothing where PDFium cannot read it.

    Of few colours and sharp on a screen twice as fine; the same bytes for the same PDF.
    """
    try:
        with _opened(pdf) as document:
            page = document[0]
            large = page.render(scale=WIDTH * FINER / page.get_width(), rev_byteorder=True).to_pil().convert("RGB")
            height = max(1, round(large.height * WIDTH / large.width))
            fine = large.resize((WIDTH, height), Image.Resampling.LANCZOS)
            fine = fine.filter(ImageFilter.UnsharpMask(radius=1, percent=60, threshold=2))
            few = fine.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            return _png(few, optimize=True), len(document)
    except pypdfium2.PdfiumError:
        return None


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def _png(image: Image.Image, *, optimize: bool = False) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=optimize)
    return file.getvalue()
