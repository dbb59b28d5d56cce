"""The small picture of a document's first page, for the catalogue, and the number of its pages.

It is kept among the facts of the page it shows, so that the two are made, kept, sent and thrown away together.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    from handouts import rasters  # late: whoever only publishes draws nothing

    made = rasters.small(data) if data.startswith(b"%PDF") else None
    return Picture(*made) if made else None


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
