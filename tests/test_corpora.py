"""Catalogs of other projects, as real translators' tools left them, go through an update unharmed."""

import importlib.util
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import catalogs, po, po_reader, translations
from handouts.model import Language
from handouts.problems import HandoutsError, Problem
from handouts.project import Project

LANGUAGE = Language(
    code="es", name="Spanish", autonym="Español", locale="es", script="Latn", direction="ltr", fonts=("Noto Sans",), leading=1.5
)
PACKAGES = ("django", "sphinx")
POLIB = Path(__file__).parent / "corpora" / "polib"
"""The catalogs that polib 1.2.0 is tested with (MIT, see LICENSE beside them)."""
STRICTER = {
    "test_iso-8859-15.po": (4, "this line is not UTF-8 text", "catalogs are UTF-8, which every editor of today writes"),
    "test_word_garbage.po": (10, "the line holds the control character U+000B", "control characters break pages"),
}
"""Files that we refuse and msgfmt takes: line, message, and why."""
LATER = {
    "test_msgctxt.po": "the header says nothing of plural forms: `translations.read` refuses that, which knows the language",
    "test_wrap.po": "there is no header: `translations.read` refuses that; we read UTF-8 whether a header says so or not",
}
"""Files that msgfmt refuses and our parser takes: the next gate refuses them too."""


def catalogs_of(package: str) -> Iterator[Path]:
    """The PO files a public package ships."""
    found = importlib.util.find_spec(package)
    assert found
    assert found.origin
    yield from sorted(Path(found.origin).parent.rglob("*.po"))


def parsed(raw: bytes, name: str) -> tuple[po.PoFile | None, tuple[Problem, ...]]:
    """A catalog, or the problems it is refused with."""
    try:
        return po_reader.parse(raw, name), ()
    except HandoutsError as fault:
        return None, fault.problems


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES)
def test_an_update_without_changes_keeps_every_byte(package: str) -> None:
    """Each file comes out of an update that changes nothing byte for byte, or is refused with file, line and hint."""
    same = 0
    refused: list[Problem] = []
    for path in catalogs_of(package):
        raw = path.read_bytes()
        try:
            old = po_reader.parse(raw, path.name)
        except HandoutsError as fault:
            refused.extend(fault.problems)
            continue
        wanted = [replace(e, raw=(), strings=("",) * len(e.strings)) for e in old.entries if e.id and not e.obsolete]
        assert catalogs.merged(old, wanted, LANGUAGE, "x").text().encode() == raw, path
        same += 1
    assert same > 50
    assert len(refused) <= 1
    assert all(problem.place.line and problem.hint for problem in refused)


@pytest.mark.parametrize("path", sorted(POLIB.glob("*.po")), ids=lambda path: path.stem)
def test_the_catalogs_of_polib(path: Path, tmp_path: Path) -> None:
    """What msgfmt refuses we refuse, with file, line and hint; all else keeps every byte through an update."""
    done = subprocess.run(["msgfmt", "--check", "--output-file", tmp_path / "x.mo", path], capture_output=True, check=False)
    raw = path.read_bytes()
    old, problems = parsed(raw, path.name)
    if old is None:
        assert {problem.place.path for problem in problems} == {path.name}
        assert all(problem.place.line and problem.message and problem.hint for problem in problems)
        assert (done.returncode == 0) == (path.name in STRICTER)
        if path.name in STRICTER:
            assert (problems[0].place.line, problems[0].message) == STRICTER[path.name][:2]
        return
    assert (done.returncode != 0) == (path.name in LATER)
    wanted = [replace(e, raw=(), strings=("",) * len(e.strings)) for e in old.entries if e.id and not e.obsolete]
    assert catalogs.merged(old, wanted, LANGUAGE, "x").text().encode() == raw


@pytest.mark.parametrize("name", LATER)
def test_the_second_gate(name: str, tmp_path: Path) -> None:
    """A catalog whose header lacks what msgfmt asks for is refused when it is read for a language."""
    catalog = tmp_path / translations.catalog_path("es", "x")
    catalog.parent.mkdir(parents=True)
    catalog.write_bytes((POLIB / name).read_bytes())
    with pytest.raises(HandoutsError, match="Plural-Forms"):
        translations.read(Project(tmp_path), LANGUAGE, "x")


@pytest.mark.parametrize("charset", ["iso-8859-15", "utf-16", "shift_jis", "gb18030", "cp1252"])
def test_other_charsets(charset: str) -> None:
    """A catalog in another charset is refused with a line and what to do, whatever its bytes happen to be."""
    text = f'msgid ""\nmsgstr "Content-Type: text/plain; charset={charset}\\n"\n\nmsgid "tea"\nmsgstr "{{}}"\n'
    words = {"shift_jis": "お茶", "gb18030": "茶", "utf-16": "茶"}.get(charset, "thé")
    for raw in (text.format(words).encode(charset), text.format("te").encode()):
        with pytest.raises(HandoutsError) as caught:
            po_reader.parse(raw, "x.po")
        assert all(problem.place.line and "UTF-8" in str(problem.hint) for problem in caught.value.problems[:1])


@pytest.mark.parametrize("name", ["test_utf8", "test_indented", "test_previous_msgid", "test_obsolete_previousmsgid"])
@pytest.mark.parametrize("spoil", ["crlf", "cr", "bom", "half", "nul", "bytes"])
def test_a_damaged_file_is_never_a_crash(name: str, spoil: str) -> None:
    """Other line ends, a byte order mark, half a file, stray bytes: read and written back as it is, or refused."""
    raw = (POLIB / f"{name}.po").read_bytes()
    made = {
        "crlf": raw.replace(b"\n", b"\r\n"), "cr": raw.replace(b"\n", b"\r"), "bom": b"\xef\xbb\xbf" + raw,
        "half": raw[: len(raw) // 2], "nul": raw[:40] + b"\0" + raw[40:], "bytes": raw[:40] + b"\xff\xfe" + raw[40:],
    }[spoil]  # fmt: skip
    file, problems = parsed(made, "x.po")
    if file is None:
        assert all(problem.place.line and problem.hint for problem in problems)
        assert spoil != "crlf"
    else:
        assert file.text().encode() == made
        assert spoil in ("crlf", "half")
