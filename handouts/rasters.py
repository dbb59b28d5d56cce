"""The pages of a finished PDF as pictures for a screen, through PDFium."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

SHARPNESS = 1.5
"""Pixels to a point: an A4 page is 893 pixels wide, so that it is sharp on a laptop and in half a window of a fine screen."""


@dataclass(frozen=True)
class Raster:
    """One page as a picture."""

    width: int
    height: int
    png: bytes


def rasters(pdf: bytes, sharpness: float = SHARPNESS) -> Iterator[Raster]:
    """Every page of a PDF, in order; form fields as they are printed."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        if document.get_formtype():
            document.init_forms()
        for page in document:
            image = page.render(scale=sharpness).to_pil()
            data = io.BytesIO()
            # a page has few colours but its letters have soft edges: so many are not told from all of them
            image.convert("RGB").quantize(128).save(data, "PNG")
            yield Raster(image.width, image.height, data.getvalue())
    finally:
        document.close()
