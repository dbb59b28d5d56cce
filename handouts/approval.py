"""Who has signed a text, and what a page may therefore say of itself: draft, approved, out of date.

Values only. What a signature is bound to, and which of them hold, is `signoffs`' work.
"""

import enum
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from handouts.values import Date, Line, Slug, Value


class Role(enum.StrEnum):
    """What a person answers for by signing."""

    CLINICIAN = "clinician"
    """That the English is right and safe."""
    TRANSLATOR = "translator"
    """That the translation says what the English says (45 CFR 92.201(c)(3): a qualified human translator)."""


class SignOff(Value):
    """One signature: who, in which role, when, for which document in which language, and the digest of the exact text."""

    handout: Slug
    language: Annotated[str, StringConstraints(max_length=12)]
    role: Role
    name: Line
    credential: Line
    date: Date
    version: Annotated[str | None, Field(max_length=12)] = None
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class State(enum.StrEnum):
    """How far a page is on its way to a patient."""

    DRAFT = "draft"
    """No clinician has signed this text."""
    DRAFT_TRANSLATION = "draft-translation"
    """A clinician has signed the English, no translator this translation of it."""
    EXPIRED = "expired"
    """The review date has passed."""
    APPROVED = "approved"


@dataclass(frozen=True)
class Identity:
    """What a PDF says it is, so that a filed one can be looked up: kept as the keywords of its information dictionary."""

    document: str
    language: str
    edition: str
    version: str
    digest: str
    english: str
    """The digest of the English it was translated from, or its own."""
    state: str
    parts: tuple[str, ...] = ()
    """The parts of a pack: document, language and digest of each, with a space between."""

    @property
    def text(self) -> str:
        """The keywords, with a comma between them."""
        named = {"document": self.document, "language": self.language, "edition": self.edition, "version": self.version,
                 "text": self.digest, "english": self.english, "state": self.state}  # fmt: skip
        return ", ".join((*(f"{name}={value}" for name, value in named.items()), *(f"part={part}" for part in self.parts)))

    @classmethod
    def read(cls, keywords: str) -> "Identity | None":
        """The identity that keywords tell; nothing when they tell none."""
        pairs = [keyword.strip().partition("=")[::2] for keyword in keywords.split(",")]
        named = {name: value for name, value in pairs if name != "part"}
        if not named.keys() >= {"document", "language", "edition", "version", "text", "english", "state"}:
            return None
        return cls(named["document"], named["language"], named["edition"], named["version"], named["text"], named["english"],
                   named["state"], tuple(value for name, value in pairs if name == "part"))  # fmt: skip


@dataclass(frozen=True)
class Approval:
    """The signatures that hold for a page, and whether its review date has passed."""

    clinician: SignOff | None = None
    translator: SignOff | None = None
    translated: bool = False
    """Whether the page is a translation, so that it needs a translator's signature."""
    expired: bool = False
    why: tuple[str, ...] = ()
    """What it still needs before a patient may have it, in words."""

    @property
    def state(self) -> State:
        """The state in a word; the gravest first."""
        if self.expired:
            return State.EXPIRED
        if not self.clinician:
            return State.DRAFT
        return State.DRAFT_TRANSLATION if self.translated and not self.translator else State.APPROVED

    @property
    def signed(self) -> tuple[SignOff, ...]:
        """The signatures that hold, the clinician's first."""
        return tuple(signature for signature in (self.clinician, self.translator) if signature)
