"""What a consent pack is made of: the parts a clinic hands over together, as data.

A pack is a list of parts in order; each part says under which condition it is there.
"""

import enum
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field

from handouts.model import Document
from handouts.values import Line, Slug, Text, Value


class PackEdition(enum.StrEnum):
    """A form of the same pack."""

    PAPER = "paper"
    FILLABLE = "fillable"
    """With form fields that are filled in on a screen."""
    ARCHIVE = "archive"
    """To be filed: PDF/A-2a and PDF/UA-1."""
    BOOKLET = "booklet"
    """Two A5 pages to a sheet, to be printed on both sides and folded."""


class _Part(Value):
    when: Literal["always", "translated", "not-translated"] = "always"
    """`translated`: only where the patient's language is not the staff's; `not-translated`: only where it is."""
    languages: tuple[str, ...] = ()
    """Only in packs of these languages; empty: in all."""


class Cover(_Part):
    """The first page: title, clinic, whom it is for."""

    kind: Literal["cover"]


class Contents(_Part):
    """The list of the parts with their pages."""

    kind: Literal["contents"]


class LanguageNotice(_Part):
    """That an interpreter costs nothing, in every language the clinic prints (45 CFR 92.11)."""

    kind: Literal["language-notice"]


class HandoutPart(_Part):
    """A handout."""

    kind: Literal["handout"]
    handout: Slug
    language: Literal["patient", "staff"] = "patient"


class ConsentPart(_Part):
    """A consent form, in the patient's language or the staff's."""

    kind: Literal["consent"]
    form: Slug
    language: Literal["patient", "staff"] = "patient"


class Notes(_Part):
    """Lines for the reader's own notes."""

    kind: Literal["notes"]
    pages: int = Field(default=1, ge=1, le=10)


class ExternalFile(_Part):
    """A PDF that was made elsewhere."""

    kind: Literal["file"]
    file: PurePosixPath
    title: Text
    language: str | None = None
    """The language the file is in; the patient's when left out."""
    password: Line | None = None


Part = Annotated[
    Cover | Contents | LanguageNotice | HandoutPart | ConsentPart | Notes | ExternalFile, Field(discriminator="kind")
]


class Pack(Document):
    """What a clinic hands over for one consultation."""

    parts: Annotated[tuple[Part, ...], Field(min_length=1)]

    def wanted(self, language: str, staff: str) -> tuple[tuple[int, Part], ...]:
        """The parts of the pack in a language, with their places in the file."""
        here = {"always": True, "translated": language != staff, "not-translated": language == staff}
        return tuple(
            (index, part)
            for index, part in enumerate(self.parts)
            if here[part.when] and (not part.languages or language in part.languages)
        )
