"""Which signatures hold: each is bound to the digest of the exact text, so any change of the text voids it.

A digest covers what a document says: its own texts, numbers and dates, the shared texts and
glossary entries it prints, the references it names, the clinic's hours it states. It does not cover
templates, colours or phone numbers. A translator's digest covers the English and the translation.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handouts.approval import Approval, Role, SignOff
from handouts.content import SOURCE_LANGUAGE, Library
from handouts.model import Clinic, Document, Language, SharedContent
from handouts.packs import ExternalFile, Pack
from handouts.page import cited, said, written
from handouts.translations import UI, Catalog
from handouts.values import PLACEHOLDER, passages

HEADER = """\
# Who has signed which text. Made by: handouts sign. Each signature is bound to the digest of the exact text;
# when the text changes it no longer holds, and the page is a draft again. Old entries are the record: keep them.
"""
HOURS = {"food_fasting": "food_fasting_hours", "drink_fasting": "drink_fasting_hours", "observation": "observation_hours"}
"""The clinic's numbers that a text may state and a clinician must know when signing, by placeholder."""

NOBODY = {Role.CLINICIAN: "no clinician has signed this text", Role.TRANSLATOR: "no translator has signed this text"}


def hours(clinic: Clinic) -> tuple[object, ...]:
    """The clinic's numbers that a text may state: clinics for which they are the same share signatures."""
    return tuple(getattr(clinic, field) for field in HOURS.values())


@dataclass(frozen=True)
class Digests:
    """What a page's signatures are bound to; the last two are empty for English."""

    english: str
    translated: str = ""
    words: str = ""
    """The templates' words in the page's language."""

    @property
    def page(self) -> str:
        """The digest of the page itself."""
        return self.translated or self.english


def english(document: Document, library: Library, files: Mapping[str, str]) -> str:
    """The digest of a document's English: 64 hexadecimal digits.

    `files` are the hashes of a pack's PDFs from elsewhere, by path.
    """
    parts = tuple(said(document, library.shared))
    placeholders = {name for part in parts for p in passages(part, "") for name in PLACEHOLDER.findall(p.text)}
    references = {key for part in parts for key in cited(part)}
    return _digest(
        *(written(part) for part in parts),
        {key: library.references[key].model_dump(mode="json", exclude={"note", "uncited"}) for key in references},
        {name: getattr(library.clinic, field) for name, field in HOURS.items() if name in placeholders},
        dict(files),
    )


def translated(source: str, document: Document, shared: SharedContent) -> str:
    """The digest of a document in another language, from the digest of its English and the localised values."""
    return _digest(source, *(written(part) for part in said(document, shared)))


def words(catalog: Catalog) -> str:
    """The digest of the templates' words in a language: what they say in English and in the translation."""
    return _digest(sorted((key[0] or "", key[1], entry.strings) for key, entry in catalog.messages.items() if entry.complete))


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def external(document: Document) -> tuple[str, ...]:
    """The paths of a pack's PDFs from elsewhere."""
    parts = document.parts if isinstance(document, Pack) else ()
    return tuple(str(part.file) for part in parts if isinstance(part, ExternalFile))


def approval(
    document: Document,
    language: Language,
    digests: Digests,
    signatures: Sequence[SignOff],
    today: date,
    elsewhere: Collection[str] = (),
) -> Approval:
    """The signatures that hold for a document in a language, and in words what it still needs.

    `elsewhere` are the digests of the same document at other sites of the group.
    """
    foreign = language.code != SOURCE_LANGUAGE
    clinician, lacks = _held(signatures, document.id, SOURCE_LANGUAGE, Role.CLINICIAN, digests.english, elsewhere)
    why = [f"English: {lacks}"] if lacks else []
    translator = None
    if foreign:
        translator, lacks = _held(signatures, document.id, language.code, Role.TRANSLATOR, digests.translated, elsewhere)
        why += [f"translation: {lacks}"] if lacks else []
        common, lacks = _held(signatures, UI, language.code, Role.TRANSLATOR, digests.words)
        why += [f"words of the templates: {lacks}"] if lacks else []
        translator = translator if common else None
    expired = document.review < today
    if expired:
        why.append(f"its review date {document.review} has passed")
    return Approval(clinician, translator, foreign, expired, tuple(why))


def _held(
    signatures: Sequence[SignOff], handout: str, language: str, role: Role, digest: str, elsewhere: Collection[str] = ()
) -> tuple[SignOff | None, str]:
    """The latest signature that is bound to this very text; or nothing, and why."""
    made = sorted((s for s in signatures if (s.handout, s.language, s.role) == (handout, language, role)), key=lambda s: s.date)
    holding = [signature for signature in made if signature.digest == digest]
    if holding:
        return holding[-1], ""
    if made and made[-1].digest in elsewhere:
        return None, f"{made[-1].name} signed it on {made[-1].date} with the hours of another site, not with this one's"
    return None, f"the text has changed since {made[-1].name} signed it on {made[-1].date}" if made else NOBODY[role]


def joined(own: Approval, parts: Sequence[tuple[str, Approval]]) -> Approval:
    """The approval of a pack: its own signatures hold only when every part is approved."""
    every = (own, *(part for _, part in parts))
    why = (*own.why, *(f"{name}: {reason}" for name, part in parts for reason in part.why))
    return Approval(
        own.clinician if all(part.clinician for part in every) else None,
        own.translator if all(part.translator or not part.translated for part in every) else None,
        own.translated,
        any(part.expired for part in every),
        tuple(dict.fromkeys(why)),
    )


def added(text: str, signature: SignOff) -> str:
    """The text of content/signoffs.yaml with one more signature at its end; what stood there stays as it was."""
    fields = signature.model_dump(mode="json", exclude_none=True)
    return (
        text
        + ("" if text.endswith("\n") or not text else "\n")
        + "- "
        + "\n  ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items())
        + "\n"
    )
