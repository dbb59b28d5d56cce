"""Catalogs as translators' own tools write them: read the same, never rewritten without need."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import catalogs, po_reader, translations
from handouts.po import Entry, PoFile
from handouts.project import Project
from tests.shipped import shipped

FOLDER = Path(__file__).parent / "corpora" / "tools"
WRITTEN = sorted(path.stem for path in FOLDER.glob("*-*.po") if path.stem != "zh-Hans")
CHANGED = {"es": " ¡Sí!", "ar": " نعم!", "zh-Hans": "好！"}
"""What a translator added to the third text in Weblate."""


def language(name: str) -> str:
    """The language of a file's name."""
    return next(code for code in CHANGED if name == code or name.startswith(f"{code}-"))


def parsed(name: str) -> PoFile:
    """A catalog of the folder."""
    return po_reader.parse((FOLDER / f"{name}.po").read_bytes(), f"{name}.po")


def wanted() -> tuple[Entry, ...]:
    """What the catalogs are made from."""
    found = po_reader.parse((FOLDER / "template.pot").read_bytes(), "template.pot").entries
    return tuple(replace(entry, raw=()) for entry in found if entry.id)


def merged(name: str, entries: tuple[Entry, ...]) -> PoFile:
    """A catalog after an update."""
    code = language(name)
    return catalogs.merged(parsed(name), entries, shipped().library.languages[code], "cut")


def living(file: PoFile) -> Iterator[Entry]:
    """The entries that are in use."""
    return (entry for entry in file.entries if entry.id and not entry.obsolete)


def test_every_tool_is_here() -> None:
    """The folder holds the Spanish catalog of nine writers, and two other scripts' of those that wrap."""
    assert len([name for name in WRITTEN if language(name) == "es"]) == 9
    assert {language(name) for name in WRITTEN} == CHANGED.keys()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_translations_are_read_the_same(name: str) -> None:
    """However a tool breaks lines and orders its header, each text has the translation and the state it had."""
    before = {entry.key: (entry.strings, entry.fuzzy) for entry in living(parsed(language(name)))}
    if "weblate" in name:
        simple = [entry for entry in living(parsed(language(name))) if entry.complete and entry.plural is None]
        before[simple[2].key] = ((simple[2].strings[0] + CHANGED[language(name)],), False)
        before[simple[3].key] = (simple[3].strings, True)
    assert {entry.key: (entry.strings, entry.fuzzy) for entry in living(parsed(name))} == before


@pytest.mark.parametrize("name", WRITTEN)
def test_an_update_without_changes_keeps_every_byte(name: str) -> None:
    """What a tool has written stays as it is while no English text changes."""
    assert merged(name, wanted()).text().encode() == (FOLDER / f"{name}.po").read_bytes()


@pytest.mark.parametrize("index", [0, 6, 16], ids=["heading", "sentence", "plural"])
@pytest.mark.parametrize("name", WRITTEN)
def test_a_change_touches_one_entry(name: str, index: int) -> None:
    """A changed English text changes the lines of its own entry, and keeps its translation as a suggestion."""
    entries = list(wanted())
    old = next(entry for entry in living(parsed(name)) if entry.key == entries[index].key)
    entries[index] = replace(entries[index], id=f"{entries[index].id} Now.")
    before, after = parsed(name), merged(name, tuple(entries))
    assert [(b.key, b.raw) for b in before.entries if b.key != old.key] == [
        (a.key, a.raw) for a in after.entries if a.key != entries[index].key
    ]
    new = next(entry for entry in living(after) if entry.key == entries[index].key)
    assert (new.strings, new.fuzzy, bool(new.previous)) == (old.strings, True, True)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_gates_accept_it(name: str, tmp_path: Path) -> None:
    """Our reader with its plural rules and GNU msgfmt both take what the tools write."""
    code = language(name)
    path = tmp_path / translations.catalog_path(code, "cut")
    path.parent.mkdir(parents=True)
    path.write_bytes((FOLDER / f"{name}.po").read_bytes())
    assert translations.read(Project(tmp_path), shipped().library.languages[code], "cut")
    subprocess.run(["msgfmt", "--check", "--output-file", tmp_path / "x.mo", path], check=True, capture_output=True)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("code", CHANGED)
def test_line_ends_of_windows(code: str, end: str) -> None:
    """A catalog saved on Windows keeps its line ends, changed entry included."""
    raw = (FOLDER / f"{code}.po").read_bytes().replace(b"\n", end.encode())
    old = po_reader.parse(raw, "x.po")
    entries = (replace(wanted()[0], id="What can go wrong, and how often?"), *wanted()[1:])
    facts = shipped().library.languages[code]
    assert catalogs.merged(old, wanted(), facts, "cut").text().encode() == raw
    text = catalogs.merged(old, entries, facts, "cut").text()
    assert text.count("\n") == text.count(end)
