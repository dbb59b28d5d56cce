"""A finished PDF to a small picture of its first page, for the catalogue, and the number of its pages; through PDFium.

The picture is a PNG of few colours: sharp on a screen twice as fine, the same bytes for the same PDF. It is kept among
the facts of the page it shows, so that the two are made, kept, sent and thrown away together.
"""

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageFilter

WIDTH = 180
"""Pixels across."""

FINER = 3
"""How much finer a page is drawn before it is made small: PDFium alone makes thin strokes of small letters vanish."""

COLOURS = 24
"""Enough for a clinic's two colours, their tints and the greys of small letters."""

MADE = "1"
"""Changes when pictures come out otherwise: those that were kept are then made anew."""

FACT = "picture"
"""What it is called among the facts of a page."""


@dataclass(frozen=True)
class Picture:
    """The first page as PNG, and how many pages there are."""

    png: bytes
    pages: int


def drawn(data: bytes) -> Picture | None:
    """The picture of a PDF; nothing where PDFium cannot read it, or where it is no PDF."""
    if not data.startswith(b"%PDF"):
        return None
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return None
    try:
        page = document[0]
        bitmap = page.render(scale=WIDTH * FINER / page.get_width(), rev_byteorder=True)
        large = bitmap.to_pil().convert("RGB")
        return Picture(_png(large), len(document))
    except pdfium.PdfiumError:
        return None
    finally:
        document.close()


def _png(large: Image.Image) -> bytes:
    small = large.resize((WIDTH, max(1, round(large.height * WIDTH / large.width))), Image.Resampling.LANCZOS)
    small = small.filter(ImageFilter.UnsharpMask(radius=1, percent=60, threshold=2))
    file = io.BytesIO()
    small.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def fact(data: bytes) -> dict[str, Any]:
    """The picture of a PDF as it is kept among the facts of a page; without pages where there is none."""
    picture = drawn(data)
    kept = {"png": base64.b64encode(picture.png).decode(), "pages": picture.pages} if picture else {}
    return {FACT: {"made": MADE, **kept}}


def current(facts: Mapping[str, Any]) -> bool:
    """Whether the facts of a page tell its picture as it is made today, also that there is none."""
    kept = facts.get(FACT)
    return isinstance(kept, dict) and kept.get("made") == MADE


def of_facts(facts: Mapping[str, Any]) -> Picture | None:
    """The picture that the facts of a page tell; nothing where they tell none."""
    try:
        kept = facts[FACT]
        return Picture(base64.b64decode(kept["png"], validate=True), int(kept["pages"]))
    except (KeyError, TypeError, ValueError, binascii.Error):
        return None
