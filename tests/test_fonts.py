"""Fonts: only those named are seen, and what they cannot draw is known."""

from pathlib import Path

import pytest

from handouts import fonts

TEMPLATES = Path(__file__).parent.parent / "templates"


@pytest.mark.parametrize(
    ("family", "sample"),
    [("Noto Sans", "aéñ…“”"), ("Noto Sans Arabic", "العربية؟،"), ("Noto Sans CJK SC", "简体中文，。")],
)
def test_a_family_holds_its_script(family: str, sample: str) -> None:
    """Each font of the shipped languages can draw its script, in regular and bold."""
    assert len(fonts.files(family, TEMPLATES)) == 2
    assert {ord(c) for c in sample} <= fonts.characters(family, TEMPLATES)


def test_missing_characters_are_named_once() -> None:
    """A character that no font of the stack has is reported once; invisible ones never are."""
    assert fonts.missing("a\u2066b\u200b ក ក", ("Noto Sans",), TEMPLATES) == ("ក",)


def test_an_unknown_family_has_no_files() -> None:
    """A font that is not installed has no files and no characters."""
    assert fonts.files("No Such Font", TEMPLATES) == ()
    assert fonts.characters("No Such Font", TEMPLATES) == frozenset()


def test_facts_of_a_font_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a font holds is read once and kept; a file that was changed is read again, and damaged facts are made anew."""
    monkeypatch.setenv("FONTCONFIG_FILE", "unset")
    templates, path = tmp_path / "templates", tmp_path / "templates" / "fonts" / "Sample-Regular.ttf"
    path.parent.mkdir(parents=True)
    regular = fonts.files("Noto Sans", TEMPLATES)[0]

    def known() -> tuple[frozenset[int], str]:
        for cached in (fonts._index, fonts._facts, fonts.characters, fonts.digest):
            cached.cache_clear()
        return fonts.characters("Sample", templates), fonts.digest(("Sample",), templates)

    path.write_bytes(regular.read_bytes())
    fonts.configure(templates, tmp_path / "cache")
    first = known()
    with monkeypatch.context() as patch:
        patch.setattr(fonts, "_drawn", lambda *_: frozenset())
        assert known() == first
    for kept in (tmp_path / "cache" / "fonts-held").iterdir():
        kept.write_text('{"digest": "', encoding="utf-8")
    assert known() == first
    other = fonts.files("Noto Sans Arabic", TEMPLATES)[0]
    path.write_bytes(other.read_bytes())
    assert known()[0] == fonts._drawn(other, "Noto Sans Arabic")
    assert known()[1] != first[1]


def test_fontconfig_names_only_our_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration Pango sees lists the system's Noto folders and the project's own, and includes nothing."""
    monkeypatch.setenv("FONTCONFIG_FILE", "unset")
    fonts.configure(tmp_path / "templates", tmp_path / "cache")
    (path,) = (tmp_path / "cache").glob("fonts-*.conf")
    text = path.read_text(encoding="utf-8")
    assert text.count("<dir>") == 3
    assert f"<dir>{tmp_path / 'templates' / 'fonts'}</dir>" in text
    assert "<include" not in text
