"""What a printed or filed PDF, or a web edition, is: which text, signed by whom, and whether that is still the current one."""

import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdf
from pypdf.errors import PyPdfError

from handouts import manifest, web
from handouts.approval import Identity, SignOff
from handouts.content import Library
from handouts.pack_plan import CHOSEN
from handouts.plan import Planner
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

DOCUMENT = re.compile(r"[A-Z]{2,5}-[0-9]{2,3}")
PRINT = "print"
"""The edition of a page that is known only by what is printed in its footer."""
DIGITS = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True)
class Verdict:
    """What is known of a file, or of a printed page by its document id and hash."""

    name: str
    identity: Identity | None
    handout: str
    """The id of the document in content/; empty when there is none any more."""
    copies: tuple[str, ...]
    """The files of the last build that have the same bytes."""
    faults: tuple[str, ...]
    """Why it is not current; empty when it is."""
    signed: tuple[SignOff, ...]
    """The signatures bound to its text, also when the text has changed since."""

    @property
    def current(self) -> bool:
        """Whether its text is the present one and its review date has not passed."""
        return not self.faults


def of_file(name: str, data: bytes, planner: Planner) -> Verdict:
    """The verdict on a file; raises `HandoutsError` when it is no PDF and no web edition that says what it is."""
    identity = told(name, data)
    copies = tuple(_copies(planner.material.project, hashlib.sha256(data).hexdigest()))
    return _verdict(name, identity, copies, planner)


def of_print(document: str, digits: str, planner: Planner) -> Verdict:
    """The verdict on a printed page, from the document id and the hash in its footer."""
    library = planner.material.library
    name = f"{document} {digits}"
    wanted = next((d for d in library.translated() if d.document == document), None)
    if wanted is None:
        known = ", ".join(sorted(d.document for d in library.translated()))
        raise HandoutsError(
            Problem(Place(document), "verify/document", f'no document has the id "{document}"', f"there are: {known}")
        )
    for code, language in library.languages.items():
        try:
            found = planner.everywhere(wanted, language)
        except HandoutsError:
            continue
        for digests in (each for each in found if each.page.startswith(digits)):
            made = Identity(document, code, PRINT, wanted.version, digests.page, digests.english, "")
            return _verdict(name, made, (), planner)
    for signature in library.signoffs:
        if signature.handout == wanted.id and signature.digest.startswith(digits):
            made = Identity(document, signature.language, PRINT, signature.version or "", signature.digest, "", "")
            return _verdict(name, made, (), planner)
    fault = f"no language of {wanted.id} has this text now, and nobody has signed it: it is of another version, or a misreading"
    return Verdict(name, None, wanted.id, (), (fault,), ())


def told(name: str, data: bytes) -> Identity:
    """What a PDF or a web edition says it is; raises `HandoutsError`."""
    if web.is_html(data):
        return _identity(name, web.keywords(data), "page")
    try:
        metadata = pypdf.PdfReader(io.BytesIO(data)).metadata
        keywords = str(metadata.get("/Keywords", "")) if metadata else ""
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise HandoutsError(
            Problem(Place(name), "verify/pdf", f"this is not a readable PDF: {fault}", "name a PDF or a web edition")
        ) from None
    return _identity(name, keywords, "PDF")


def _identity(name: str, keywords: str, what: str) -> Identity:
    identity = Identity.read(keywords)
    if identity is None:
        raise HandoutsError(
            Problem(Place(name), "verify/unknown", f"this {what} does not say that handouts made it",
                    "give the document id and the hash from its footer instead, such as: handouts verify ABC-01 1a2b3c4d")
        )  # fmt: skip
    return identity


def _verdict(name: str, identity: Identity, copies: tuple[str, ...], planner: Planner) -> Verdict:
    library = planner.material.library
    document = next((d for d in library.translated() if d.document == identity.document), None)
    faults = tuple(_faults(identity, planner))
    signed = tuple(s for s in library.signoffs if s.digest in (identity.digest, identity.english))
    return Verdict(name, identity, document.id if document else "", copies, faults, signed)


def _faults(identity: Identity, planner: Planner) -> Iterator[str]:
    library = planner.material.library
    if identity.document != CHOSEN:
        yield from _changed(identity.document, identity.language, identity.digest, planner)
    for part in identity.parts:
        document_id, code, digest = part.split(" ")
        yield from _changed(document_id, code, digest, planner)
    document = next((d for d in library.translated() if d.document == identity.document), None)
    if document and document.review < planner.today:
        yield f"its review date {document.review} has passed"


def _changed(document_id: str, code: str, digest: str, planner: Planner) -> Iterator[str]:
    library: Library = planner.material.library
    document = next((d for d in library.translated() if d.document == document_id), None)
    language = library.languages.get(code)
    if not document or not language:
        yield f"there is no {document_id} in {code} any more"
        return
    try:
        now = [digests.page for digests in planner.everywhere(document, language)]
    except HandoutsError:
        yield f"{document_id} is not all translated into {language.name} now"
        return
    if digest not in now:
        yield f"the text of {document_id} in {language.name} has changed: it is now version {document.version}, text {' or '.join(each[:8] for each in now)}"


def _copies(project: Project, digest: str) -> Iterator[str]:
    for path in project.files("output/**/manifest.json"):
        for name, entry in manifest.read(path).items():
            if entry.get("sha256") == digest:
                yield project.relative(path.parent / name)


def as_text(verdicts: Sequence[Verdict], library: Library) -> str:
    """The verdicts as a person reads them."""
    return "\n\n".join("\n".join(_lines(verdict, library)) for verdict in verdicts)


def _lines(verdict: Verdict, library: Library) -> Iterator[str]:
    yield verdict.name
    identity = verdict.identity
    if identity:
        language = library.languages.get(identity.language)
        yield (f"    {verdict.handout or 'unknown'} ({identity.document}) in {language.name if language else identity.language}, "
               f"{identity.edition}, version {identity.version}, text {identity.digest[:8]}")  # fmt: skip
        if identity.edition != PRINT:
            same = (
                f"the same bytes as {', '.join(verdict.copies)}"
                if verdict.copies
                else "not a file of the last build here, or filled in since"
            )
            yield f"    file: {same}; printed as: {identity.state}"
    for s in verdict.signed:
        yield f"    signed: {s.name}, {s.credential}, {s.role}, on {s.date} (text {s.digest[:8]}, {s.language})"
    if not verdict.signed:
        yield "    signed: by nobody"
    yield "    current: yes" if verdict.current else f"    current: no; {'; '.join(verdict.faults)}"


def as_json(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as a JSON array of objects."""
    rows = [
        {
            "name": v.name,
            "handout": v.handout,
            **(
                {k: getattr(v.identity, k) for k in ("document", "language", "edition", "version", "digest", "state")}
                if v.identity
                else {}
            ),
            "copies": v.copies,
            "current": v.current,
            "faults": v.faults,
            "signed": [s.model_dump(mode="json", exclude_none=True) for s in v.signed],
        }
        for v in verdicts
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)
