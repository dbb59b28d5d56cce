"""What is to translate, and values in another language: complete or reported, never half."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from babel import Locale

from handouts import translations
from handouts.content import CLINIC
from handouts.material import Material
from handouts.model import Language
from handouts.po import Entry
from handouts.problems import HandoutsError
from handouts.project import Project
from handouts.translations import Catalog, UntranslatedError, Wording
from handouts.values import passages

Read = Callable[[], Material]


def language(code: str, locale: str) -> Language:
    """A language of which only the code and the CLDR locale matter."""
    return Language(
        code=code, name=code, autonym=code, locale=locale, script="Zyyy", direction="ltr", fonts=("Noto Sans",), leading=1.5
    )


SPANISH, ARABIC, CHINESE = language("es", "es"), language("ar", "ar"), language("zh-Hans", "zh_Hans_CN")


def without(catalog: Catalog, english: str, **changes: object) -> Catalog:
    """The catalog with the entry of a text changed, or taken out when nothing is to change."""
    messages = {}
    for key, entry in catalog.messages.items():
        if entry.id != english:
            messages[key] = entry
        elif changes:
            messages[key] = replace(entry, **changes)  # type: ignore[arg-type]  # fields of Entry
    return replace(catalog, messages=messages)


def test_localise(read: Read) -> None:
    """A completely translated handout is the same handout in other words: all texts changed, nothing else."""
    material = read()
    (tea,) = material.library.handouts
    local, missing = translations.localise(tea, "tea", material.catalogs["es", "tea"])
    assert missing == ()
    assert (local.title, tea.title) == ("Tomar té", "Drinking tea")
    assert not {p.text for p in passages(local, "tea")} & {p.text for p in passages(tea, "tea")}
    assert [p.steps for p in passages(local, "tea")] == [p.steps for p in passages(tea, "tea")]
    assert (local.id, local.version, local.review) == (tea.id, tea.version, tea.review)
    assert [(type(section), section.id) for section in local.sections] == [(type(s), s.id) for s in tea.sections]


@pytest.mark.parametrize(
    "changes",
    [{}, {"strings": ("",)}, {"strings": ("  ",)}, {"flags": ("fuzzy",)}, {"plural": "Teas", "strings": ("Té", "Tés")}],
    ids=["absent", "empty", "blank", "fuzzy", "plural"],
)
def test_localise_missing(changes: dict[str, object], read: Read) -> None:
    """A text without a finished translation is named, and the handout stays as it was: no half page."""
    material = read()
    (tea,) = material.library.handouts
    local, missing = translations.localise(tea, "tea", without(material.catalogs["es", "tea"], "Black tea", **changes))
    assert [(p.context, p.text) for p in missing] == [("tea.sections.what-tea-is.points", "Black tea")]
    assert local == tea


def test_changed_english(project_folder: Path, read: Read) -> None:
    """A translation of an earlier English text is not used."""
    path = project_folder / "content/handouts/tea.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Black tea", "Red tea"), encoding="utf-8")
    material = read()
    _, missing = translations.localise(material.library.handouts[0], "tea", material.catalogs["es", "tea"])
    assert [p.text for p in missing] == ["Red tea"]


def test_same_words_elsewhere(read: Read) -> None:
    """A translation counts only in its own context."""
    catalog = read().catalogs["es", "tea"]
    assert catalog.find("tea.title", "Drinking tea")
    assert not catalog.find("tea.purpose", "Drinking tea")
    assert not catalog.find(None, "Drinking tea")


def test_domains(read: Read) -> None:
    """There is a domain for each handout, one for what they share and one for the templates' own words."""
    entries = read().entries
    assert set(entries) == {"tea", "shared", "ui"}
    assert all(entry.context for domain in ("tea", "shared") for entry in entries[domain])
    assert all(len({entry.key for entry in found}) == len(found) for found in entries.values())


def test_notes_for_translators(read: Read) -> None:
    """An entry says what its text is, how long it may be, what the author noted and which signs to keep."""
    entries = {entry.id: entry for entry in read().entries["tea"]}
    assert entries["Ask for more"].extracted == (
        "What is counted, in a few words. At most 90 characters.", "This risk is a difference, not a count.",
    )  # fmt: skip
    assert entries["Ask for more"].references == ("content/handouts/tea.yaml",)
    assert entries["Do not eat for {food_fasting} before the tea."].flags == ("python-brace-format",)
    assert entries["Drinking tea"].flags == ()


def test_words_of_templates(project_folder: Path, read: Read) -> None:
    """The words of `_`, `n_` and `p_` are found with their notes, each once, wherever templates use them."""
    (project_folder / "templates/first.html.j2").write_text(
        '{# Translators: on the pot #}\n{{ _("Brew {time}", time=1) }}{{ n_("{count} leaf", "{count} leaves", 2, count=2) }}',
        "utf-8",
    )
    (project_folder / "templates/second.html.j2").write_text('{{ p_("verb", "Steep") }}{{ _("Brew {time}", time=2) }}', "utf-8")
    entries = {entry.id: entry for entry in read().entries["ui"]}
    brew, leaf, steep = entries["Brew {time}"], entries["{count} leaf"], entries["Steep"]
    assert (brew.extracted, brew.flags) == (("on the pot",), ("python-brace-format",))
    assert brew.references == ("templates/first.html.j2", "templates/second.html.j2")
    assert (leaf.plural, leaf.strings) == ("{count} leaves", ("", ""))
    assert steep.context == "verb"


@pytest.mark.parametrize("spoken", [SPANISH, ARABIC, CHINESE, language("ru", "ru"), language("ja", "ja")], ids=lambda s: s.code)
def test_plurals_follow_cldr(spoken: Language) -> None:
    """Each CLDR plural category of a language has a form of its own, and each number gets its own form."""
    count, _, expression = translations.plural_forms(spoken).removeprefix("nplurals=").partition("; plural=")
    forms = tuple(f"form {number}" for number in range(int(count)))
    wording = Wording(spoken, {(None, "one"): forms}, expression.removesuffix(";"))
    category = Locale.parse(spoken.locale).plural_form
    pairs = {(category(number), wording.count("one", "many", number)) for number in range(1001)}
    assert len(pairs) == len({c for c, _ in pairs}) == len({f for _, f in pairs}) == int(count)


@pytest.mark.parametrize(
    ("spoken", "number", "form"),
    [
        (SPANISH, 0, 1), (SPANISH, 1, 0), (SPANISH, 2, 1),
        (CHINESE, 0, 0), (CHINESE, 1, 0), (CHINESE, 100, 0),
        (ARABIC, 0, 0), (ARABIC, 1, 1), (ARABIC, 2, 2), (ARABIC, 3, 3), (ARABIC, 10, 3), (ARABIC, 11, 4),
        (ARABIC, 99, 4), (ARABIC, 100, 5), (ARABIC, 102, 5), (ARABIC, 103, 3),
    ],
)  # fmt: skip
def test_plural_form(spoken: Language, number: int, form: int) -> None:
    """The forms are numbered as GNU gettext and the editors of translators number them."""
    expression = translations.plural_forms(spoken).partition("plural=")[2].removesuffix(";")
    wording = Wording(spoken, {(None, "one"): tuple("012345")}, expression)
    assert wording.count("one", "many", number) == str(form)


def test_english_words() -> None:
    """The English words are those of the templates themselves."""
    wording = Wording(language("en", "en_GB"), {})
    assert wording.say("Page") == "Page"
    assert [wording.count("leaf", "leaves", number) for number in (0, 1, 2)] == ["leaves", "leaf", "leaves"]


def test_unknown_word() -> None:
    """A word without a translation is never said in English on a page of another language."""
    wording = Wording(SPANISH, {(None, "Page"): ("Página",)})
    assert wording.say("Page") == "Página"
    with pytest.raises(UntranslatedError, match='"Pot" has no es translation'):
        wording.say("Pot")
    with pytest.raises(UntranslatedError):
        wording.say("Page", "verb")
    with pytest.raises(UntranslatedError):
        wording.count("Pot", "Pots", 2)


def test_wording_tells_gaps() -> None:
    """Words that are not translated, or have no plural forms where they need them, are told before a page is made."""
    wanted = (Entry("Page", ("",)), Entry("leaf", ("", ""), plural="leaves"), Entry("Pot", ("",)))
    catalog = Catalog(
        "x.po", "es", "ui", {(None, "Page"): Entry("Page", ("Página",)), (None, "leaf"): Entry("leaf", ("hoja",))}
    )
    wording, gaps = translations.wording(SPANISH, catalog, wanted)
    assert wording.strings == {(None, "Page"): ("Página",)}
    assert [entry.id for entry in gaps] == ["leaf", "Pot"]
    assert translations.wording(SPANISH, None, wanted)[1] == wanted


@pytest.mark.parametrize(
    "header", ["", "nplurals=1; plural=0;", "nplurals=2; plural=0;", "nplurals=2; plural=n/0;", "nplurals=2;"]
)
def test_wrong_plural_header(header: str, project_folder: Path) -> None:
    """A catalog whose rule for plurals is not that of its language is refused, with the right rule."""
    path = project_folder / "locales/es/LC_MESSAGES/shared.po"
    text = path.read_text(encoding="utf-8").replace("nplurals=2; plural=(n != 1);", header)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HandoutsError) as caught:
        translations.read(Project(project_folder), SPANISH, "shared")
    (problem,) = caught.value.problems
    assert (problem.rule, problem.place.line) == ("translation/plural-header", 10)
    assert problem.hint == "write: Plural-Forms: nplurals=2; plural=(n != 1);"


def test_no_catalog(project_folder: Path, read: Read) -> None:
    """A language without a catalog is not an error of reading: its pages are told as not translated."""
    (project_folder / "locales/es/LC_MESSAGES/tea.po").unlink()
    material = read()
    assert ("es", "tea") not in material.catalogs
    assert str(material.library.place(CLINIC, "name")) == "content/clinic.yaml:2"
