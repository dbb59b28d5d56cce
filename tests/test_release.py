"""What reaches a patient: only what is signed, current and without a problem, and everything else is refused by name."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from handouts import manifest

Run = Callable[..., tuple[int, str, str]]

NAMES = ("--name", "Role Player", "--credential", "RP")
ES = "locales/es/LC_MESSAGES/tea.po"
PAGES = ["large-print/tea.pdf", "tea.html", "tea.pdf"]
"""What is made of the handout in each language."""


pytestmark = pytest.mark.usefixtures("plain_pages")


@pytest.fixture
def signed(project_folder: Path, run: Run) -> Path:
    """The project with every signature it needs."""
    assert run("sign", "tea", "--role", "clinician", *NAMES)[0] == 0
    for name in ("tea", "ui"):
        assert run("sign", name, "-l", "es", "--role", "translator", *NAMES)[0] == 0
    return project_folder


def changed(folder: Path, path: str, old: str, new: str) -> str:
    """Change one place of a file; returns what the file was."""
    before = (folder / path).read_text(encoding="utf-8")
    assert old in before
    (folder / path).write_text(before.replace(old, new, 1), encoding="utf-8")
    return before


def files(folder: Path) -> list[str]:
    """The PDFs and web pages of a folder, its catalogue aside."""
    found = (path for path in folder.rglob("*.*") if path.suffix in (".pdf", ".html") and path != folder / manifest.INDEX)
    return sorted(path.relative_to(folder).as_posix() for path in found)


def states(folder: Path) -> dict[str, str]:
    """The state of every file, from the manifest."""
    entries: Iterable[dict[str, str]] = json.loads((folder / "output" / "manifest.json").read_bytes())["files"]
    return {entry["file"]: entry["state"] for entry in entries}


def test_unsigned_is_refused(project_folder: Path, run: Run) -> None:
    """A project in which nobody has signed releases nothing, names every document, and leaves the drafts alone."""
    assert run("build")[0] == 0
    drafts = files(project_folder / "output")
    code, out, err = run("build", "--strict")
    assert code == 1
    assert "0 files approved" in out
    assert "tea in English is not released (3 files): English: no clinician has signed this text" in err
    assert "tea in Spanish is not released (3 files): English: no clinician" in err
    assert "handouts sign tea -l en --role clinician" in err
    assert files(project_folder / "output") == drafts


def test_signed_is_released(signed: Path, run: Run) -> None:
    """When everything is signed, the release holds every file, and its bytes are those of the output."""
    code, out, err = run("build", "--strict")
    assert (code, err.count("error")) == (0, 0)
    assert "6 files approved and released to" in out
    assert set(states(signed).values()) == {"approved"}
    release = signed / "output" / "release"
    assert files(release) == [f"{code}/{name}" for code in ("en", "es") for name in PAGES]
    for name in files(release):
        assert (release / name).read_bytes() == (signed / "output" / name).read_bytes()


def test_one_digit(signed: Path, run: Run) -> None:
    """One digit changed in a translation voids exactly its signature: it is refused by name, all others are printed."""
    assert run("build", "--strict")[0] == 0
    released = {name: (signed / "output/release" / name).read_bytes() for name in files(signed / "output/release")}
    before = changed(signed, ES, "tarda 4,5 minutos", "tarda 4,6 minutos")
    code, out, err = run("build", "--strict")
    assert code == 1
    assert "tea in Spanish is not released (3 files): translation: the text has changed since Role Player signed it" in err
    assert "tea in English" not in err
    assert "3 files approved" in out
    assert files(signed / "output" / "en") == PAGES
    assert files(signed / "output" / "es") == []  # they looked approved, and were not any more
    assert {name: (signed / "output/release" / name).read_bytes() for name in files(signed / "output/release")} == released
    (signed / ES).write_text(before, encoding="utf-8")
    assert run("build", "--strict")[0] == 0
    assert states(signed)["es/tea.pdf"] == "approved"


@pytest.mark.parametrize(
    ("path", "old", "new", "void"),
    [
        ("content/handouts/tea.yaml", "period: after one cup", "period: after two cups", {"en", "es"}),
        ("content/handouts/tea.yaml", "count: 9", "count: 8", {"en", "es"}),
        ("content/handouts/tea.yaml", "sources: [TEA2]", "sources: [TEA1]", {"en", "es"}),
        ("content/references.yaml", "year: 2020", "year: 2021", {"en", "es"}),
        ("content/clinic.yaml", "food_fasting_hours: 4", "food_fasting_hours: 5", {"en", "es"}),
        ("content/clinic.yaml", "name: ", "name: New ", set()),
        ("templates/page.css", "12.5pt", "13pt", set()),
        ("locales/es/LC_MESSAGES/ui.po", "«Draft»", "«Draft.»", {"es"}),
        ("locales/es/LC_MESSAGES/shared.po", "Té para tardes", "Tés para tardes", {"es"}),
    ],
)
def test_what_voids_a_signature(signed: Path, run: Run, path: str, old: str, new: str, void: set[str]) -> None:
    """A word, a number, a reference or a risk voids a signature; the clinic's name or a style does not."""
    changed(signed, path, old, new)
    run("build")
    approved = {name.split("/")[0] for name, state in states(signed).items() if state == "approved"}
    assert approved == {"en", "es"} - void


def test_expired_is_refused(signed: Path, run: Run) -> None:
    """Past its review date a signed document is printed as out of date, and not released."""
    assert run("build", "--today", "2027-01-16")[0] == 0
    assert set(states(signed).values()) == {"expired"}
    code, _, err = run("build", "--strict", "--today", "2027-01-16")
    assert code == 1
    assert "its review date 2027-01-15 has passed" in err
    assert not (signed / "output" / "release").exists()


@pytest.mark.usefixtures("signed")
def test_soon_due_is_released(run: Run) -> None:
    """A review date that comes near is told and refuses nothing."""
    code, _, err = run("build", "--strict", "--today", "2027-01-10")
    assert code == 0
    assert "the review date 2027-01-15 is 5 days away [currency/due]" in err


def test_incomplete_is_refused(signed: Path, run: Run) -> None:
    """A translation with a text missing is refused by name, and the English is printed."""
    changed(signed, ES, 'msgstr "Té negro"', 'msgstr ""')
    code, out, err = run("build", "--strict")
    assert code == 1
    assert "tea in es is not released (3 files): 1 of " in err
    assert files(signed / "output") == [f"en/{name}" for name in PAGES]
    assert "3 files approved" in out


def test_a_finding_refuses_its_language(signed: Path, run: Run) -> None:
    """A warning of a check about one catalog refuses the pages made from it, though they are signed."""
    changed(signed, ES, 'msgstr "Té negro"', 'msgstr "Té té negro"')
    run("sign", "tea", "-l", "es", "--role", "translator", *NAMES)
    code, _, err = run("build", "--strict")
    assert code == 1
    assert f"tea in Spanish is not released (3 files): problems in {ES}" in err
    assert files(signed / "output") == [f"en/{name}" for name in PAGES]
