"""What a browser sends to the consultation desk: the body of a form to a request for a pack, or what is wrong with it.

Pure, and the only place where typed text is judged. A body that no form of the desk can have made is refused as a whole
(`BadFormError`); what a person may have typed or forgotten comes back with the form, in words.
"""

import datetime
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from handouts.content import SOURCE_LANGUAGE
from handouts.model import Edition
from handouts.page import Details

MEDIA_TYPE = "application/x-www-form-urlencoded"

LONGEST = 80
"""Characters of a detail: as many as two lines of the cover hold."""

MOST = 200
"""Fields that a form may have: more than there are handouts in any clinic."""

LAYOUTS = (Edition.STANDARD, Edition.LARGE_PRINT, Edition.BILINGUAL)

TYPED = {"name": "Patient’s name or label", "number": "Patient number", "clinician": "Given by", "interpreter": "Interpreter"}
"""The fields of free text, as the page calls them."""

ONCE = frozenset({"token", "do", "language", "staff", "pack", "layout", "form", "copy", "confirmed", "date", *TYPED})
"""The fields that a form has once; `handout` it may have many times."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of the text around them (UAX 9)."""

UNSEEN = frozenset("\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff")
"""Characters that come along when text is copied, and say nothing on paper."""

JOINERS = frozenset("\u200c\u200d")
"""Unseen too, but they shape the letters of Persian and Hindi names."""


class BadFormError(ValueError):
    """A body that no form of the desk can have made; the text says why, without what was in it."""


@dataclass(frozen=True)
class Known:
    """What may be asked for: ids of languages, packs and documents."""

    languages: Container[str]
    packs: Container[str]
    documents: Container[str]


@dataclass(frozen=True)
class Request:
    """One pack for one consultation."""

    language: str
    staff: str
    pack: str = ""
    """The id of a pack; empty: the documents that follow."""
    documents: tuple[str, ...] = ()
    layout: Edition = Edition.STANDARD
    fillable: bool = False
    copy: bool = False
    """Whether the same sheets follow in the language of the staff."""
    details: Details = field(default=Details(), repr=False)
    confirmed: bool = False
    """Whether what is unsigned or out of date may be handed out all the same."""


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a field of the form, in words for the person who filled it in."""

    field: str
    message: str


def sent(body: bytes, media_type: str) -> dict[str, list[str]]:
    """The fields of a body by name; raises `BadFormError`."""
    if media_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise BadFormError("this is not a form")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST, encoding="utf-8", errors="strict")
    except ValueError:
        raise BadFormError("this is not a form of this page") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    if fields.keys() - ONCE - {"handout"}:
        raise BadFormError("the form has a field that this page does not have")
    if any(len(values) > 1 for name, values in fields.items() if name in ONCE):
        raise BadFormError("the form has a field twice")
    return fields


def read(fields: Mapping[str, Sequence[str]], known: Known) -> tuple[Request | None, tuple[Wrong, ...]]:
    """The request of a form, or nothing and what is wrong with it. Raises `BadFormError` for what the page does not offer."""
    said = {name: values[0] for name, values in fields.items() if name in ONCE}
    language, staff, pack = said.get("language", ""), said.get("staff", SOURCE_LANGUAGE), said.get("pack", "")
    documents = tuple(dict.fromkeys(fields.get("handout", ())))
    offered = (
        not language or language in known.languages,
        staff in known.languages,
        not pack or pack in known.packs,
        all(name in known.documents for name in documents),
        said.get("layout", Edition.STANDARD) in LAYOUTS,
        said.get("form", "paper") in ("paper", "fillable"),
        all(said.get(name, "yes") == "yes" for name in ("copy", "confirmed")),
    )
    if not all(offered):
        raise BadFormError("the form asks for something that this page does not offer")
    wrong = []
    if not language:
        wrong.append(Wrong("language", "Choose the patient’s language."))
    if not pack and not documents:
        wrong.append(Wrong("pack", "Choose a pack, or tick at least one handout."))
    if pack and documents:
        wrong.append(
            Wrong("pack", "Choose either a pack or single handouts, not both: choose “Only what I tick below”, or untick them.")
        )
    layout = Edition(said.get("layout", Edition.STANDARD))
    if layout is Edition.BILINGUAL and language == SOURCE_LANGUAGE:
        wrong.append(Wrong("layout", "Bilingual sheets have English on one side. Choose another edition, or another language."))
    typed = {}
    for name, label in TYPED.items():
        typed[name], fault = cleaned(said.get(name, ""))
        if fault:
            wrong.append(Wrong(name, f"{label}: {fault}"))
    day, fault = dated(said.get("date", ""))
    if fault:
        wrong.append(Wrong("date", fault))
    if wrong:
        return None, tuple(wrong)
    details = Details(typed["name"], typed["number"], typed["clinician"], day, typed["interpreter"])
    fillable, copy, confirmed = said.get("form") == "fillable", "copy" in said, "confirmed" in said
    return Request(language, staff, pack, documents, layout, fillable, copy, details, confirmed), ()


def cleaned(value: str) -> tuple[str, str]:
    """A typed text as it is printed, and what is wrong with it in words: empty when nothing is."""
    text = " ".join("".join(c for c in unicodedata.normalize("NFC", value) if c not in UNSEEN).split())
    if len(text) > LONGEST:
        return "", f"at most {LONGEST} characters fit on the cover; these are {len(text)}."
    if any(c in TURNING for c in text):
        return "", "it holds signs that cannot be seen and turn the text round. Please type it by hand."
    bad = next((c for c in text if not printable(c)), "")
    if bad:
        shown = f"“{bad}”" if unicodedata.category(bad)[0] == "S" else f"U+{ord(bad):04X}"
        return "", f"the sign {shown} cannot be printed. Please leave it out."
    return text, ""


def printable(c: str) -> bool:
    """Whether a character is a letter, a digit, a mark, a space, or a sign that stands on labels; no picture, nothing unseen."""
    return c in JOINERS or unicodedata.category(c)[0] in "LMNPZ" or unicodedata.category(c) in ("Sm", "Sc") or c in "°№^`"


def dated(value: str) -> tuple[datetime.date | None, str]:
    """A day, as a browser sends it or as a person types it where the browser has no calendar; and what is wrong with it."""
    value = value.strip()
    if not value:
        return None, ""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            day = datetime.datetime.strptime(value, form).date() if len(value) <= 10 and value.isascii() else None
        except ValueError:
            continue
        if day and 1900 <= day.year <= 2200:
            return day, ""
    return None, "Date: this is not a day such as 2026-03-31."
