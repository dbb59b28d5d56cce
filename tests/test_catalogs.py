"""Bringing catalogs up to date: what has not changed keeps its bytes, what has changed is never printed unseen."""

import difflib
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import catalogs, po_reader
from handouts.model import Language
from handouts.po import Entry, PoFile

SPANISH = Language(
    code="es", name="Spanish", autonym="Español", locale="es", script="Latn", direction="ltr", fonts=("Noto Sans",), leading=1.4
)
ARABIC = SPANISH.model_copy(update={"code": "ar", "locale": "ar"})

ODD = """\
# Spanish words about tea.
# Copyright (C) 2024 The Fictional Translators
# Ana Ficticia <ana@example.org>, 2024.
#
msgid ""
msgstr ""
"Project-Id-Version: tea 1.0\\n"
"POT-Creation-Date: 2024-01-01 00:00+0000\\n"
"Last-Translator: Ana Ficticia <ana@example.org>\\n"
"Language: es\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Generator: An Editor 3.2\\n"
"X-Basepath: ..\\n"


# Ana: or "infusión"?
#. A note
#: tea.yaml   other.yaml
msgctxt   "tea"
msgid ""
"Drinking "
"tea"
msgstr ""
"Tomar"
" té"
#~ msgid "Sugar"
#~ msgstr "Azúcar"
#: tea.yaml
#, no-wrap,fuzzy
#| msgid "Mug"
msgid "Cup"
msgstr "Taza"


#, python-brace-format
msgid "{count} leaf"
msgid_plural "{count} leaves"
msgstr[0] "{count} hoja"
msgstr[1] "{count} hojas"

#~ msgid "Lemon"
#~ msgstr "Limón"

# the end"""

WANTED = (
    Entry("Drinking tea", ("",), context="tea", extracted=("A note",), references=("tea.yaml", "other.yaml")),
    Entry("Cup", ("",), references=("tea.yaml",)),
    Entry("{count} leaf", ("", ""), plural="{count} leaves", flags=("python-brace-format",)),
)

Run = Callable[..., tuple[int, str, str]]


def old(text: str = ODD) -> PoFile:
    """A catalog that is there."""
    return po_reader.parse(text.encode(), "es.po")


def updated(wanted: tuple[Entry, ...], text: str = ODD) -> str:
    """The text of the catalog after an update."""
    return catalogs.merged(old(text), wanted, SPANISH, "tea").text()


def found(text: str, english: str) -> Entry:
    """The entry of an English text."""
    return next(entry for entry in old(text).entries if entry.id == english)


def difference(before: str, after: str) -> list[str]:
    """The lines that are gone (-) and new (+)."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("tail", ["", "\n", "\n\n"])
def test_unchanged(end: str, tail: str) -> None:
    """A catalog to which nothing happened keeps every byte: credits, foreign headers, odd wrapping, order."""
    text = (ODD + tail).replace("\n", end)
    assert updated(WANTED, text) == text


def test_moved() -> None:
    """A text that moves in the document keeps its place and lines in the catalog."""
    assert updated(WANTED[::-1]) == ODD


def test_new() -> None:
    """A new text stands behind the one that precedes it in the document, and no other line changes."""
    text = updated((WANTED[0], Entry("Pot", ("",), context="pot"), *WANTED[1:]))
    assert difference(ODD, text) == ["+", '+msgctxt "pot"', '+msgid "Pot"', '+msgstr ""', "+"]
    assert [entry.id for entry in old(text).entries][1:3] == ["Drinking tea", "Pot"]


def test_new_at_the_beginning() -> None:
    """A text before all others stands behind the header."""
    assert [entry.id for entry in old(updated((Entry("Pot", ("",)), *WANTED))).entries][:2] == ["", "Pot"]


def test_new_plural() -> None:
    """A new text that goes with a number has as many empty forms as its language needs."""
    leaf = Entry("{count} cup", ("", ""), plural="{count} cups")
    assert found(updated((*WANTED, leaf)), "{count} cup").strings == ("", "")
    text = catalogs.merged(None, (leaf,), ARABIC, "tea").text()
    assert found(text, "{count} cup").strings == ("",) * 6
    assert old(text).header["Plural-Forms"].startswith("nplurals=6; ")


def test_changed() -> None:
    """A changed text keeps its old translation as a suggestion, with the old English beside it, not to be printed."""
    text = updated((replace(WANTED[0], id="Drinking more tea"), *WANTED[1:]))
    entry = found(text, "Drinking more tea")
    assert (entry.strings, entry.fuzzy, entry.complete) == (("Tomar té",), True, False)
    assert entry.previous == ('msgctxt "tea"', 'msgid "Drinking tea"')
    assert entry.comments == ('Ana: or "infusión"?',)
    assert "Drinking tea" not in {e.id for e in old(text).entries}


def test_changed_twice() -> None:
    """A suggestion not yet looked at keeps the English it was made for."""
    once = updated((replace(WANTED[0], id="Drinking more tea"), *WANTED[1:]))
    twice = updated((replace(WANTED[0], id="Drinking much more tea"), *WANTED[1:]), once)
    assert found(twice, "Drinking much more tea").previous == ('msgctxt "tea"', 'msgid "Drinking tea"')


def test_changed_before_translation() -> None:
    """A changed text that was never translated is simply not translated, and keeps the translator's remarks."""
    text = ODD.replace('"Tomar"\n" té"', '""')
    entry = found(updated((replace(WANTED[0], id="Drinking more tea"), *WANTED[1:]), text), "Drinking more tea")
    assert (entry.strings, entry.fuzzy, entry.previous) == (("",), False, ())
    assert entry.comments == ('Ana: or "infusión"?',)


def test_replaced() -> None:
    """A text that has little to do with the one before gets no suggestion from it."""
    text = updated((replace(WANTED[0], id="Why it rains"), *WANTED[1:]))
    assert found(text, "Why it rains").strings == ("",)
    assert found(text, "Drinking tea").obsolete


def test_no_guess_across_contexts() -> None:
    """Alike words in another place are no suggestion: there they may mean something else."""
    text = updated((replace(WANTED[0], context="coffee"), *WANTED[1:]))
    assert [entry.strings for entry in old(text).entries if entry.context == "coffee"] == [("",)]


def test_deleted() -> None:
    """A text that is gone becomes obsolete where it stands, its translation kept for a return."""
    text = updated(WANTED[:1] + WANTED[2:])
    assert found(text, "Cup").obsolete
    assert found(text, "Cup").strings == ("Taza",)
    assert updated(WANTED[:1] + WANTED[2:], text) == text


def test_returned() -> None:
    """A text that comes back has its translation back."""
    text = updated((*WANTED, Entry("Lemon", ("",), references=("tea.yaml",))))
    lemon = found(text, "Lemon")
    assert (lemon.strings, lemon.obsolete, lemon.fuzzy, lemon.references) == (("Limón",), False, False, ("tea.yaml",))
    assert sum(entry.id == "Lemon" for entry in old(text).entries) == 1


def test_new_note() -> None:
    """A new note for the translator changes only the notes; translation, wrapping and remarks stay."""
    text = updated((replace(WANTED[0], extracted=("Another note",), references=("tea.yaml",)), *WANTED[1:]))
    assert difference(ODD, text) == ["-#. A note", "-#: tea.yaml   other.yaml", "+#. Another note", "+#: tea.yaml"]


def test_new_placeholder_flag() -> None:
    """The mark of a text with placeholders is added to the marks that are there."""
    text = updated((WANTED[0], replace(WANTED[1], flags=("python-brace-format",)), WANTED[2]))
    assert found(text, "Cup").flags == ("no-wrap", "fuzzy", "python-brace-format")
    assert found(text, "Cup").previous == ('msgid "Mug"',)


def test_plural_changed() -> None:
    """A changed plural makes the translation a suggestion too."""
    text = updated((*WANTED[:2], replace(WANTED[2], plural="{count} green leaves")))
    leaf = found(text, "{count} leaf")
    assert (leaf.plural, leaf.strings, leaf.fuzzy) == ("{count} green leaves", ("{count} hoja", "{count} hojas"), True)
    assert leaf.previous == ('msgid "{count} leaf"', 'msgid_plural "{count} leaves"')


@pytest.mark.parametrize("language", [SPANISH, ARABIC], ids=lambda language: language.code)
def test_plural_added(language: Language) -> None:
    """A text that goes with a number from now on begins anew, with all its forms."""
    before = catalogs.merged(None, (Entry("leaf", ("",)),), language, "tea")
    filled = replace(before, entries=tuple(replace(e, strings=("x",)) if e.id else e for e in before.entries))
    after = catalogs.merged(old(filled.text()), (Entry("leaf", ("", ""), plural="leaves"),), language, "tea")
    leaf = found(after.text(), "leaf")
    assert set(leaf.strings) == {""}
    assert len(leaf.strings) == (2 if language is SPANISH else 6)


def test_many() -> None:
    """Of five thousand texts five hundred change: these become suggestions, all others keep their lines."""
    texts = [f"Leaf number {n} of the pot {n * n}" for n in range(5000)]
    wanted = tuple(Entry(text, ("",), context=f"leaf.{n}") for n, text in enumerate(texts))
    blank = catalogs.merged(None, wanted, SPANISH, "tea")
    before = replace(blank, entries=tuple(replace(e, strings=(f"«{e.id}»",)) if e.id else e for e in blank.entries)).text()
    changed = tuple(replace(e, id=f"{e.id}, dried") if n % 10 == 0 else e for n, e in enumerate(wanted))
    after = catalogs.merged(old(before), changed, SPANISH, "tea")
    assert sum(entry.fuzzy for entry in after.entries) == 500
    assert sum(entry.complete for entry in after.entries) == 4501
    assert not [entry for entry in after.entries if entry.obsolete]
    kept = [entry.raw for entry in old(before).entries if entry.context and int(entry.context[5:]) % 10]
    assert [entry.raw for entry in after.entries if entry.raw and entry.context] == kept


KEYS = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["Tea", "Tea pot", "Tea pots", "Milk"]), st.booleans()),
    max_size=8,
    unique_by=lambda key: key[:2],
)


def entries_of(keys: list[tuple[str | None, str, bool]]) -> tuple[Entry, ...]:
    """What is to translate."""
    return tuple(Entry(id=t, strings=("", "") if p else ("",), context=c, plural=f"{t}s" if p else None) for c, t, p in keys)


@given(st.lists(KEYS, min_size=1, max_size=5), st.booleans())
def test_any_history(history: list[list[tuple[str | None, str, bool]]], translated: bool) -> None:
    """After any changes a catalog is sound, holds just what is wanted, and a second update changes nothing."""
    file: PoFile | None = None
    for keys in history:
        wanted = entries_of(keys)
        text = catalogs.merged(file, wanted, ARABIC, "tea").text()
        file = old(text)
        living = {entry.key: entry for entry in file.entries if not entry.obsolete and entry.id}
        assert living.keys() == {entry.key for entry in wanted}
        assert all(len(living[entry.key].strings) == (6 if entry.plural else 1) for entry in wanted)
        assert all(living[entry.key].plural == entry.plural for entry in wanted)
        assert catalogs.merged(file, wanted, ARABIC, "tea").text() == text
        if translated:
            done = (
                replace(e, strings=tuple("x" for _ in e.strings), flags=(), previous=(), raw=())
                if e.id and not e.obsolete
                else e
                for e in file.entries
            )
            file = replace(file, entries=tuple(done))


def test_msgfmt_accepts(tmp_path: Path) -> None:
    """What an update writes is accepted by GNU gettext."""
    path = tmp_path / "es.po"
    wanted = (
        replace(WANTED[0], id="Drinking more tea"),
        replace(WANTED[2], plural="{count} green leaves"),
        Entry("Lemon", ("",)),
    )
    path.write_text(updated(wanted), encoding="utf-8")
    subprocess.run(["msgfmt", "--check-format", "--output-file", tmp_path / "es.mo", path], check=True, capture_output=True)


def test_extract(project_folder: Path, run: Run) -> None:
    """Templates for translators are written once; a second run writes nothing, and a domain that is gone is deleted."""
    assert run("extract") == (
        0, "written: locales/pot/shared.pot\nwritten: locales/pot/tea.pot\nwritten: locales/pot/ui.pot\n", "",
    )  # fmt: skip
    assert run("extract") == (0, "", "")
    (project_folder / "locales/pot/coffee.pot").write_text("", encoding="utf-8")
    run("extract")
    assert not (project_folder / "locales/pot/coffee.pot").exists()


def test_extract_check(project_folder: Path, run: Run) -> None:
    """`extract --check` tells templates that are out of date and writes nothing."""
    run("extract")
    assert run("extract", "--check") == (0, "", "")
    (project_folder / "locales/pot/tea.pot").write_text("", encoding="utf-8")
    code, _, err = run("extract", "--check")
    assert code == 1
    assert err == (
        "locales/pot/tea.pot: error: the template is out of date [translation/template]\n    hint: run: handouts extract\n"
    )
    assert (project_folder / "locales/pot/tea.pot").read_bytes() == b""


def test_update(project_folder: Path, run: Run) -> None:
    """Catalogs that are up to date are not touched; after a change only the one concerned is written."""
    assert run("update") == (0, "", "")
    tea = project_folder / "content/handouts/tea.yaml"
    tea.write_text(tea.read_text(encoding="utf-8").replace("Black tea", "Blacker tea"), encoding="utf-8")
    assert run("update") == (0, "written: locales/es/LC_MESSAGES/tea.po\n", "")
    assert run("update") == (0, "", "")
    assert run("check")[1] == "0 errors, 1 warning\n"


def test_update_new_language(project_folder: Path, run: Run) -> None:
    """A language without catalogs gets them, empty, marked as drafts."""
    folder = project_folder / "locales/fr"
    folder.mkdir()
    facts = (project_folder / "locales/es/language.yaml").read_text(encoding="utf-8")
    facts = facts.replace("code: es", "code: fr").replace("locale: es", "locale: fr").replace("Spanish", "French")
    (folder / "language.yaml").write_text(facts.replace("Español", "Français"), encoding="utf-8")
    code, out, _ = run("update", "--language", "fr")
    assert code == 0
    assert out.splitlines() == [f"written: locales/fr/LC_MESSAGES/{domain}.po" for domain in ("tea", "shared", "ui")]
    assert (folder / "LC_MESSAGES/tea.po").read_text(encoding="utf-8").startswith("# Draft translation: not yet reviewed")
    assert run("check")[0] == 0
