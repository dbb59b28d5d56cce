"""What `make conformance` says of veraPDF's reports; Java is not needed here."""

import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdf
import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def conformance() -> ModuleType:
    """The tool, which is not part of the package."""
    specification = importlib.util.spec_from_file_location("conformance", ROOT / "conformance" / "conformance.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules["conformance"] = module
    specification.loader.exec_module(module)
    return module


def _report(*verdicts: list[dict[str, Any]]) -> dict[str, Any]:
    """A report as veraPDF 1.28 writes it: a job for each file, with the rules it fails or no result."""
    jobs = [{"itemDetails": {"name": f"{number}.pdf"}} for number, _ in enumerate(verdicts)]
    for job, rules in zip(jobs, verdicts, strict=True):
        job["validationResult"] = [{"compliant": not rules, "details": {"ruleSummaries": rules}}]  # type: ignore[assignment]
    return {"report": {"jobs": jobs}}


def test_the_table_counts_files_and_rules(conformance: ModuleType) -> None:
    """Files that pass and fail are counted, each rule by the files that fail it, each failed file named."""
    rule = {"clause": "7.1", "testNumber": 3, "description": "Content shall be marked"}
    tally = conformance.Tally()
    tally.add(_report([], [rule], [rule]))
    lines = list(conformance.table({"ua1": tally}))
    assert lines[1].split() == ["PDF/UA-1", "3", "1", "2"]
    assert lines[2:] == [
        "PDF/UA-1     2 files: 7.1-3 Content shall be marked",
        "PDF/UA-1 failed: 1.pdf",
        "PDF/UA-1 failed: 2.pdf",
    ]


def test_a_file_that_cannot_be_read_has_failed(conformance: ModuleType, tmp_path: Path) -> None:
    """A job without a result counts as failed, and asking what the file claims is no traceback."""
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    assert not conformance.for_keeping(tmp_path / "broken.pdf")
    tally = conformance.Tally()
    tally.add({"report": {"jobs": [{"itemDetails": {"name": "broken.pdf"}}]}})
    assert (tally.passed, tally.failed) == (0, ["broken.pdf"])


def test_which_files_are_for_keeping(conformance: ModuleType, tmp_path: Path) -> None:
    """PDF/A is asked of what lies in an archive folder or claims it."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    output = io.BytesIO()
    writer.write(output)
    for path, wanted in ((tmp_path / "archive" / "x.pdf", True), (tmp_path / "x.pdf", False)):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(output.getvalue())
        assert conformance.for_keeping(path) is wanted
    writer.xmp_metadata = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/'/></x:xmpmeta>"
    writer.write(tmp_path / "claims.pdf")
    assert conformance.for_keeping(tmp_path / "claims.pdf")
