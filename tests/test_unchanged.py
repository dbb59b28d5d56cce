"""A build that has nothing to do reads and imports nothing; one that has makes exactly what changed, and can say why."""

import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import material, pictures, unchanged
from handouts.checks import currency
from handouts.material import Material
from tests.conftest import TODAY

Run = Callable[..., tuple[int, str, str]]

TEA = "content/handouts/tea.yaml"
ES = "locales/es/LC_MESSAGES/tea.po"
NOTHING = "6 files: 0 made, 6 up to date, 0 written"


pytestmark = pytest.mark.usefixtures("plain_pages")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The languages of each time the project was read."""
    seen: list[tuple[str, ...]] = []
    real = material.read

    def read(project: object, wanted: object = None, sites: object = ()) -> object:
        seen.append(tuple(wanted))  # type: ignore[arg-type]  # a build always says which
        return real(project, wanted, sites)  # type: ignore[arg-type]  # what it was given

    monkeypatch.setattr(material, "read", read)
    return seen


def edit(path: Path, old: str, new: str) -> str:
    """Change one place of a file; returns what the file was."""
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    return before


def test_nothing_is_read_when_nothing_changed(run: Run, reads: list[tuple[str, ...]]) -> None:
    """The second of two equal builds reads no content, and says what the first said."""
    assert run("build")[0] == 0
    code, out, err = run("build")
    assert (code, out.startswith(NOTHING), err) == (0, True, "")
    assert len(reads) == 1


def test_warnings_are_told_again(run: Run, reads: list[tuple[str, ...]]) -> None:
    """What a build warns of, the build that has nothing to do warns of too."""
    first = run("build", "--today", "2027-01-10")[2]
    second = run("build", "--today", "2027-01-10")[2]
    assert "[currency/due]" in first
    assert second == "".join(line for line in first.splitlines(keepends=True) if not line.startswith("made:"))
    assert len(reads) == 1


def test_one_catalog_concerns_one_language(project_folder: Path, run: Run, reads: list[tuple[str, ...]]) -> None:
    """After a change in a Spanish catalog only Spanish is read, only its pages are made, and the rest is up to date."""
    run("build")
    english = (project_folder / "output/en/tea.pdf").stat().st_mtime_ns
    edit(project_folder / ES, "Té negro", "Té muy negro")
    code, out, _ = run("build")
    assert (code, out.startswith("6 files: 3 made, 3 up to date, 3 written")) == (0, True)
    assert reads[1:] == [("es",)]
    assert (project_folder / "output/en/tea.pdf").stat().st_mtime_ns == english
    assert run("build")[1].startswith(NOTHING)
    assert len(reads) == 2
    names = [entry["file"] for entry in json.loads((project_folder / "output/manifest.json").read_bytes())["files"]]
    assert names == [f"{code}/{name}" for code in ("en", "es") for name in ("large-print/tea.pdf", "tea.html", "tea.pdf")]


def test_one_catalog_gives_what_a_whole_build_gives(project_folder: Path, run: Run) -> None:
    """A build that looked at one language leaves the same files and messages as one that looked at all."""
    run("build")
    edit(project_folder / ES, "Té negro", "Té té negro")
    part = run("build")[2]
    output = {path: path.read_bytes() for path in (project_folder / "output").rglob("*") if path.is_file()}
    for record in (project_folder / ".cache" / "unchanged").iterdir():
        record.unlink()
    whole = run("build")[2]
    assert {path: path.read_bytes() for path in output} == output
    assert [line for line in part.splitlines() if not line.startswith("made:")] == whole.splitlines()


@pytest.mark.parametrize(
    ("path", "old", "new", "made"),
    [
        (TEA, "Fill the kettle.", "Fill the  kettle.", 3),
        ("content/clinic.yaml", "name: Fictional", "name: Fictitious", 6),
        ("content/shared.yaml", "term: Brew", "term: Brews", 3),
        ("templates/page.css", "12.5pt", "12.6pt", 4),
        ("templates/large-print.css", "18pt", "19pt", 2),
        ("templates/web.css", "1.9rem", "1.8rem", 2),
        ("locales/es/LC_MESSAGES/ui.po", "«Draft»", "«Drafts»", 3),
        ("locales/es/LC_MESSAGES/ui.po", "«Help with language»", "«Help with languages»", 0),
        (TEA, "# This risk", "# That risk", 0),
    ],
)
def test_what_a_change_remakes(project_folder: Path, run: Run, path: str, old: str, new: str, made: int) -> None:
    """A change remakes the pages that print it and no others."""
    run("build")
    edit(project_folder / path, old, new)
    assert f": {made} made, " in run("build")[1]


@pytest.mark.parametrize(
    "name",
    ["en/tea.pdf", "es/large-print/tea.pdf", "es/tea.html", "manifest.json", "index.html", "pictures/es/standard/tea.png"],
)
def test_a_lost_or_changed_output_is_repaired(
    project_folder: Path, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the output that was deleted or changed by another is put right by the next build."""
    monkeypatch.setattr(pictures, "drawn", lambda data: pictures.Picture(b"a picture of " + data, 1))
    run("build")
    path = project_folder / "output" / name
    right = path.read_bytes()
    path.write_bytes(b"something else")
    assert run("build")[0] == 0
    assert path.read_bytes() == right
    path.unlink()
    assert run("build")[0] == 0
    assert path.read_bytes() == right


def test_new_and_deleted_files_count(project_folder: Path, run: Run, reads: list[tuple[str, ...]]) -> None:
    """A new handout is printed, and one whose file is gone is taken away."""
    run("build")
    text = (project_folder / TEA).read_text(encoding="utf-8").replace("id: tea\n", "id: zest\n", 1).replace("TEA-01", "TEA-02")
    zest = project_folder / "content/handouts/zest.yaml"
    zest.write_text(text, encoding="utf-8")
    assert "3 not printed" in run("build")[1]
    assert (project_folder / "output/en/zest.pdf").exists()
    zest.unlink()
    assert run("build")[1].startswith(NOTHING)
    assert not (project_folder / "output/en/zest.pdf").exists()
    assert len(reads) == 3


@pytest.mark.parametrize(
    ("today", "last"), [("2025-01-01", "2026-10-16"), ("2026-10-17", "2026-10-17"), ("2027-02-01", "9999-12-31")]
)
def test_a_record_holds_until_a_message_would_change(read: Callable[[], Material], today: str, last: str) -> None:
    """A record ends on the day before a review date comes near, is of one day while it is near, and has no end after it."""
    assert currency.unchanged_until(read(), datetime.date.fromisoformat(today)).isoformat() == last


def test_a_record_is_not_used_after_its_last_day(project_folder: Path, run: Run) -> None:
    """A record is of no use before its first and after its last day."""
    run("build")
    words = ["build", "--project", str(project_folder), "--today", TODAY]
    assert unchanged.look(words, datetime.date(2025, 1, 1)) is not None
    (record,) = (project_folder / ".cache" / "unchanged").iterdir()
    data = json.loads(record.read_bytes())
    assert (data["first"], data["last"]) == (TODAY, "2026-10-16")
    record.write_text(json.dumps(data | {"last": "2024-12-31"}), encoding="utf-8")
    assert unchanged.look(words, datetime.date(2025, 1, 1)) is None


def test_another_engine_builds_anew(run: Run, reads: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file of the engine or the folder of packages has changed, the record is not used."""
    run("build")
    monkeypatch.setattr(unchanged, "engine", lambda: ["another"])
    run("build")
    assert len(reads) == 2


def test_a_damaged_record_costs_only_time(project_folder: Path, run: Run, reads: list[tuple[str, ...]]) -> None:
    """A record that cannot be read is as good as none."""
    run("build")
    for record in (project_folder / ".cache" / "unchanged").iterdir():
        record.write_bytes(b'{"format": 1, "engine"')
    assert run("build")[1].startswith(NOTHING)
    assert len(reads) == 2


def test_what_a_page_does_not_say_remakes_nothing(project_folder: Path, run: Run) -> None:
    """Why a page is still a draft is told to the clinic, not printed: another reason makes no page anew."""
    run("build")
    void = f'- {{handout: tea, language: en, role: clinician, name: Role Player, credential: RP, date: {TODAY}, digest: "{"0" * 64}"}}\n'
    (project_folder / "content/signoffs.yaml").write_text(void, encoding="utf-8")
    assert ": 0 made, " in run("build")[1]
    needs = json.loads((project_folder / "output/manifest.json").read_bytes())["files"][0]["needs"]
    assert needs == [f"English: the text has changed since Role Player signed it on {TODAY}"]


def test_explained(project_folder: Path, run: Run) -> None:
    """--explain says for each file whether it was made or reused, and what changed."""
    assert "made: en/tea.pdf: it was not made before\n" in run("build", "--explain")[1]
    assert "reused: en/tea.pdf: nothing it depends on has changed\n" in run("build", "--explain")[1]
    before = edit(project_folder / ES, "Té negro", "Té muy negro")
    out = run("build", "--explain")[1]
    assert "made: es/tea.pdf: changed: its text\n" in out
    assert "reused: en/tea.pdf: nothing it depends on has changed\n" in out
    (project_folder / ES).write_text(before, encoding="utf-8")
    out = run("build", "--explain")[1]
    assert "reused: es/tea.pdf: changed: its text; the cache has it, made from the same sources\n" in out
    edit(project_folder / "templates/large-print.css", "18pt", "19pt")
    out = run("build", "--explain")[1]
    assert "made: en/large-print/tea.pdf: changed: templates/large-print.css\n" in out
    assert "reused: en/tea.pdf: nothing it depends on has changed\n" in out


def test_nothing_heavy_is_imported(project_folder: Path, run: Run) -> None:
    """A build that has nothing to do imports neither pydantic nor babel, jinja2, yaml, fontTools or weasyprint."""
    arguments = ["build", "--project", str(project_folder), "--today", "2025-01-01"]
    assert run("build")[0] == 0
    script = (
        "import sys; from handouts.cli import main; code = main(sys.argv[1:]); "
        "print(sorted({'pydantic', 'babel', 'jinja2', 'yaml', 'fontTools', 'weasyprint', 'asyncio'} & set(sys.modules)), code)"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0"
    assert NOTHING in done.stdout
