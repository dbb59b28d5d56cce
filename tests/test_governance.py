"""What a governance lead reads: where everything stands, what a filed PDF is, and the report."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from handouts import printing
from handouts.problems import Place, warning

Run = Callable[..., tuple[int, str, str]]

NAMES = ("--name", "Role Player", "--credential", "RP")
TEA = "content/handouts/tea.yaml"
ONE = ("-l", "en", "--edition", "standard")


pytestmark = pytest.mark.usefixtures("in_this_process")


def changed(folder: Path, path: str, old: str, new: str) -> None:
    """Change one place of a file."""
    before = (folder / path).read_text(encoding="utf-8")
    assert old in before
    (folder / path).write_text(before.replace(old, new, 1), encoding="utf-8")


def test_status_tells_what_is_due_and_unsigned(run: Run) -> None:
    """The status says for every document when it is due and what each language still needs."""
    code, out, _ = run("status")
    assert code == 0
    assert out.startswith(
        "2027-01-15  tea (TEA-01, version 1.0): due in 744 days\n"
        "            all: English: no clinician has signed this text\n"
        "            es: translation: no translator has signed this text\n"
        "            es: words of the templates: no translator has signed this text\n"
    )
    run("sign", "tea", "--role", "clinician", *NAMES)
    assert "            en: approved\n" in run("status")[1]
    assert "tea (TEA-01, version 1.0): expired 1 day ago" in run("status", "--today", "2027-01-16")[1]


def test_status_sorts_by_date(project_folder: Path, run: Run) -> None:
    """What is to be reviewed soonest stands first."""
    text = (project_folder / TEA).read_text(encoding="utf-8")
    sooner = text.replace("id: tea\n", "id: zest\n", 1).replace("TEA-01", "TEA-02").replace("2027-01-15", "2026-01-15")
    (project_folder / "content/handouts/zest.yaml").write_text(sooner, encoding="utf-8")
    rows = re.findall(r"^(\d{4}-\d\d-\d\d)  (\w+)", run("status")[1], re.MULTILINE)
    assert rows == [("2026-01-15", "zest"), ("2027-01-15", "tea")]


def test_status_as_json(run: Run) -> None:
    """The same as data: a document in a language, its state, what it needs, its digest."""
    documents = json.loads(run("status", "--format", "json")[1])["documents"]
    assert [(d["handout"], d["language"], d["state"]) for d in documents] == [("tea", "en", "draft"), ("tea", "es", "draft")]
    assert len({d["digest"] for d in documents}) == 2


@pytest.fixture
def filed(project_folder: Path, run: Run, tmp_path: Path) -> Path:
    """A copy of a signed page, as it lies in a patient's file."""
    run("sign", "tea", "--role", "clinician", *NAMES)
    assert run("build", *ONE)[0] == 0
    return Path(shutil.copy(project_folder / "output" / "en" / "tea.pdf", tmp_path / "filed.pdf"))


def test_verify_knows_its_own(filed: Path, run: Run) -> None:
    """A filed copy is known by its bytes, its text and its signature, and is current."""
    code, out, _ = run("verify", str(filed))
    assert code == 0
    assert "tea (TEA-01) in English, standard, version 1.0, text " in out
    assert "the same bytes as output/en/tea.pdf; printed as: approved" in out
    assert "signed: Role Player, RP, clinician, on 2025-01-01" in out
    assert out.endswith("current: yes\n")


def test_verify_knows_a_changed_text(filed: Path, project_folder: Path, run: Run) -> None:
    """When the text has changed since, the copy is not current, and who signed the old text is still told."""
    changed(project_folder, TEA, "count: 9", "count: 8")
    code, out, _ = run("verify", str(filed))
    assert code == 1
    assert "signed: Role Player" in out
    assert "current: no; the text of TEA-01 in English has changed: it is now version 1.0, text " in out


def test_verify_knows_a_filled_in_copy(filed: Path, run: Run) -> None:
    """A copy with other bytes is still known by what it says it is."""
    writer = pypdf.PdfWriter(clone_from=filed)
    writer.add_metadata({"/Producer": "another program"})
    writer.write(filed)
    code, out, _ = run("verify", str(filed))
    assert (code, "not a file of the last build here, or filled in since" in out) == (0, True)


def test_verify_a_printed_page(project_folder: Path, run: Run, filed: Path) -> None:
    """A printed page is known by the document id and the hash in its footer, also when the text has changed since."""
    del filed
    digest = json.loads((project_folder / "output/manifest.json").read_bytes())["files"][0]["digest"]
    code, out, _ = run("verify", "TEA-01", digest[:8])
    assert (code, "tea (TEA-01) in English, print, version 1.0" in out, "current: yes" in out) == (0, True, True)
    changed(project_folder, TEA, "count: 9", "count: 8")
    code, out, _ = run("verify", "TEA-01", digest[:8])
    assert (code, "signed: Role Player" in out, "current: no" in out) == (1, True, True)
    code, out, _ = run("verify", "TEA-01", "00000000")
    assert (code, "no language of tea has this text now" in out) == (1, True)


def test_verify_an_expired_page(filed: Path, run: Run) -> None:
    """A copy whose review date has passed is not current."""
    code, out, _ = run("verify", str(filed), "--today", "2027-01-16")
    assert (code, "its review date 2027-01-15 has passed" in out) == (1, True)


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [("none.pdf", None, "verify/file"), ("text.pdf", b"Dear patient", "verify/pdf")],
)
def test_verify_what_is_no_pdf(run: Run, tmp_path: Path, name: str, data: bytes | None, rule: str) -> None:
    """A file that is not there, or no PDF, is told with what to do."""
    if data is not None:
        (tmp_path / name).write_bytes(data)
    code, _, err = run("verify", str(tmp_path / name))
    assert (code, f"[{rule}]" in err, "hint: " in err) == (1, True, True)


def test_verify_a_foreign_pdf(run: Run, tmp_path: Path) -> None:
    """A PDF that handouts did not make says so."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(tmp_path / "foreign.pdf")
    code, _, err = run("verify", str(tmp_path / "foreign.pdf"))
    assert (code, "this PDF does not say that handouts made it [verify/unknown]" in err) == (1, True)


def test_verify_an_unknown_document(run: Run) -> None:
    """A document id that there is not is told with those there are."""
    code, _, err = run("verify", "CUP-01", "12345678")
    assert (code, 'no document has the id "CUP-01" [verify/document]' in err, "there are: TEA-01" in err) == (1, True, True)


STANDARD = """\
id: short
name: A short standard
source: Nowhere
applies: handouts
items:
  - {id: "1", says: Risks are out of one number, rules: [risk/denominator]}
  - {id: "2", says: It is kind, human: yes}
"""


def test_report_tells_findings_and_ratings(project_folder: Path, run: Run) -> None:
    """The scoreboard tells apart what a rule checked, what a person rated of this very text, and what nobody has rated."""
    (project_folder / "content/standards").mkdir()
    (project_folder / "content/standards/short.yaml").write_text(STANDARD, encoding="utf-8")

    def marks() -> list[str]:
        (standard,) = json.loads(run("report", "--format", "json")[1])["standards"]
        return [item["documents"]["tea"] for item in standard["items"]]

    assert marks() == ["checked", "to rate"]
    digest = json.loads(run("status", "--format", "json")[1])["documents"][0]["digest"]
    rating = f'- {{document: tea, standard: short, item: "2", rating: agree, name: Role Player, credential: RP, date: 2025-01-01, digest: "{digest[:8]}"}}\n'
    (project_folder / "content/ratings.yaml").write_text(rating, encoding="utf-8")
    assert marks() == ["checked", "rated: yes"]
    changed(project_folder, TEA, "of: 100" if "of: 100" in (project_folder / TEA).read_text() else "count: 9", "count: 8")
    assert marks() == ["checked", "to rate"]  # the rating was of another text
    changed(project_folder, TEA, "count: 8", "count: 8\n          of: 50")
    assert marks() == ["1 to mend", "to rate"]


PRINTED = """\
id: paper
name: A standard of paper
source: Nowhere
applies: handouts
items:
  - {id: "1", says: Type is large, rules: [print/size]}
  - {id: "2", says: Nothing is near the edge, rules: [print/edge, risk/denominator]}
  - {id: "3", says: It is kind and large, rules: [print/size], human: yes}
"""


@pytest.mark.usefixtures("plain_pages")
def test_report_tells_what_was_found_on_pages(project_folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules of finished pages wait for a build; each item is marked by its own rules, and a rating does not stand for a build."""
    (project_folder / "content/standards").mkdir()
    (project_folder / "content/standards/paper.yaml").write_text(PRINTED, encoding="utf-8")
    digest = json.loads(run("status", "--format", "json")[1])["documents"][0]["digest"]
    rating = f'- {{document: tea, standard: paper, item: "3", rating: agree, name: Role Player, credential: RP, date: 2025-01-01, digest: "{digest[:8]}"}}\n'

    def marks() -> list[str]:
        (standard,) = json.loads(run("report", "--format", "json")[1])["standards"]
        return [item["documents"]["tea"] for item in standard["items"]]

    assert marks() == ["at build", "at build", "to rate"]
    (project_folder / "content/ratings.yaml").write_text(rating, encoding="utf-8")
    assert marks() == ["at build", "at build", "at build"]
    run("build", *ONE)
    assert marks() == ["checked", "checked", "rated: yes"]
    found = warning(Place("?"), "print/edge", "page 1: near", "")
    monkeypatch.setattr(printing, "checked", lambda *_: (b"%PDF", (found,)))
    run("cache", "--clear")
    changed(project_folder, "content/clinic.yaml", "020 7946 0", "020 7946 1")
    run("build", *ONE)
    assert marks() == ["checked", "1 to mend", "rated: yes"]


def test_report_is_one_page(project_folder: Path, run: Run) -> None:
    """The report is one HTML file that reaches for nothing, with every document, signature and finding on it."""
    run("sign", "tea", "--role", "clinician", "--name", "R. Player <b>"[:-4], "--credential", "RP & Co")
    code, out, _ = run("report")
    assert (code, out) == (0, "written: output/report.html\n")
    html = (project_folder / "output/report.html").read_text(encoding="utf-8")
    assert "Drinking tea" in html
    assert "RP &amp; Co" in html
    assert not re.search(r'(?:src|href)="(?!#)|url\(|@import|<script', html)
    assert re.search(r'<td class="cell approved"[^>]*><strong>A</strong>', html)
    assert re.search(r'<td class="cell draft-translation"[^>]*><strong>T</strong>', html)
