"""Three checkers of accessible PDF on bytes: everything they find fault with, as lines a person can read.

`outloud` is asked without PyMuPDF (AGPL), which is not installed: its rule TAG-003 then finds nothing.
What the checkers get wrong on our pages is said here, each with its reason; nothing else is passed over.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import outloud
import page
import pdfua

MISTAKEN = {
    "TBL-014": "looks for a table only on the page where it begins; ours go on as one table on the next page",
    "TBL-010": "counts heads against cells: a table of one option has a head in each of its five rows, as it should",
    "TBL-013": "options are compared two to a table; each table is whole, with its own heads",
    "TAG-002": "the heads of a table that goes on are repeated for the eye, as an artifact; they are tagged where it begins",
    "PDFA2A-STREAM-LENGTH-001": "takes a stream's own last byte, when it is a carriage return, for the end of the line",
}
"""Findings of a checker that are not so, and why."""

MISTAKEN_IN_SHAPED_SCRIPTS = {
    "TXT-004": "many glyphs are one letter in joined scripts, or part of one; the text itself is in ActualText",
    "FIG-012": "counts vowel signs as no letters",
    "TAG-032": "compares text in the order it is read with glyphs in the order they stand",
}
"""The same where letters join or stack."""

SHAPED = re.compile(r"[\u0600-\u109f\u1780-\u18af]|Arabic|Nastaliq|Devanagari")


def faults(data: bytes, *profiles: str) -> Iterator[str]:
    """Every error and warning of the three checkers, and of the first one's further profiles ("2a")."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.pdf")
        path.write_bytes(data)
        found = [*_pages(path, ("ua1", *profiles)), *_pdfua(path), *_outloud(path)]
    for rule, told in found:
        if rule not in MISTAKEN and not (rule in MISTAKEN_IN_SHAPED_SCRIPTS and SHAPED.search(told)):
            yield f"{rule} {told}"


def _pages(path: Path, profiles: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for profile in profiles:
        for failure in page.validate_pdf(path, profile=profile).failures:
            yield failure.rule_id, failure.message


def _pdfua(path: Path) -> Iterator[tuple[str, str]]:
    for finding in pdfua.validate(str(path)).findings:
        if finding.severity.name != "INFO":
            yield finding.rule_id, finding.message


def _outloud(path: Path) -> Iterator[tuple[str, str]]:
    result = outloud.check(str(path))
    if result.error:
        yield "unreadable", result.error
    yield from ((run.rule, f"crashed: {run.reason}") for run in result.runs if run.status == "crashed")
    for finding in result.findings:
        if finding.severity in ("error", "warning"):
            yield finding.rule, f"page {finding.page}: {finding.message} ({finding.evidence})"
