"""The checks: each rule finds what it is for, where it is, and nothing in a sound project."""

import datetime
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import checks, colours
from handouts.checks import (
    CHECKS,
    clinic,
    currency,
    layout,
    numbers,
    readability,
    risk,
    script,
    structure,
    translation,
    wording,
)
from handouts.material import Material
from handouts.po import Entry
from handouts.problems import Problem, Severity
from handouts.translations import Catalog
from tests.shipped import shipped

TEA = "content/handouts/tea.yaml"
CLINIC = "content/clinic.yaml"
SHARED = "content/shared.yaml"
SPANISH = "locales/es/LC_MESSAGES/tea.po"
COMMON = "locales/es/LC_MESSAGES/shared.po"
TODAY = datetime.date(2025, 1, 1)

Rule = Callable[[Material], Iterable[Problem]]
Read = Callable[[], Material]
Find = Callable[..., list[Problem]]


@pytest.fixture
def find(project_folder: Path, read: Read) -> Find:
    """What a rule finds after a piece of a file was replaced."""

    def find(rule: Rule, path: str, old: str, new: str) -> list[Problem]:
        text = (project_folder / path).read_text(encoding="utf-8")
        assert old in text
        (project_folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        return list(rule(read()))

    return find


def rule_name(rule: Rule) -> str:
    """A rule as it is named in code."""
    return f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"


@pytest.mark.parametrize("rule", CHECKS, ids=rule_name)
def test_nothing_found(rule: Rule, read: Read) -> None:
    """A rule finds nothing in a sound project."""
    assert list(rule(read())) == []


def test_every_rule_runs() -> None:
    """A rule that is written is also run."""
    written = {
        function
        for family in pkgutil.iter_modules(checks.__path__)
        for module in [importlib.import_module(f"{checks.__name__}.{family.name}")]
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and list(inspect.signature(function).parameters) == ["material"]
        if not name.startswith("_")
    }
    assert written == set(CHECKS)


def test_every_rule_has_a_manual() -> None:
    """A rule says in its docstring what it demands."""
    assert all((rule.__doc__ or "").strip() for rule in CHECKS)


def test_run(read: Read) -> None:
    """All rules are run, the one that needs the date too."""
    assert list(checks.run(read(), TODAY)) == []
    assert [problem.rule for problem in checks.run(read(), datetime.date(2040, 1, 1))] == ["currency/expired"]


@pytest.mark.parametrize(
    ("rule", "path", "old", "new", "identifier"),
    [
        (clinic.contrast, CLINIC, "#0b4f6c", "#7f7f7f", "clinic/contrast"),
        (clinic.contrast, CLINIC, "#824606", "#ffffff", "clinic/contrast"),
        (clinic.logo, "templates/logo.svg", "<svg", "<tea", "clinic/logo"),
        (clinic.logo, "templates/logo.svg", "<svg", "<!DOCTYPE svg><svg", "clinic/logo"),
        (clinic.logo, CLINIC, "templates/logo.svg", TEA, "clinic/logo"),
        (clinic.languages, CLINIC, "[en, es]", "[en, es, de]", "clinic/language"),
        (structure.references, TEA, "source: TEA2", "source: TEA9", "content/reference"),
        (structure.references, SHARED, "[TEA1]", "[TEA1, TEA9]", "content/reference"),
        (structure.names, TEA, "[brew, tannin]", "[brew, tanin]", "content/term"),
        (structure.names, TEA, "  - id: call-now", "  - id: call-later", "content/shared"),
        (structure.pictograms, TEA, "    icon: leaf", "    icon: no-such-picture", "content/icon"),
        (structure.placeholders, TEA, "Hold the cup", "Hold the {cup}", "content/placeholder"),
        (structure.placeholders, SHARED, "The kettle is on fire", "Call {number}", "content/placeholder"),
        (structure.duplicates, TEA, "  - id: to-ask", "  - id: to-bring", "content/duplicate-id"),
        (structure.duplicates, TEA, "      - id: plain", "      - id: with-milk", "content/duplicate-id"),
        (structure.duplicates, SHARED, "  - id: tannin", "  - id: brew", "content/duplicate-id"),
        (structure.order, TEA, "kind: key-message", "kind: not-known", "content/order"),
        (structure.order, TEA, "kind: not-known", "kind: next-steps", "content/order"),
        (risk.denominator, TEA, "count: 2", "count: 2\n        of: 1000", "risk/denominator"),
        (translation.placeholders, SPANISH, "{food_fasting} antes", "{phone} antes", "translation/placeholders"),
        (translation.placeholders, SPANISH, "Té negro", "Té {clinic}", "translation/placeholders"),
        (translation.markup, SPANISH, "**caliente**", "caliente", "translation/markup"),
        (translation.markup, SPANISH, "**caliente**", "**caliente", "translation/markup"),
        (translation.markup, SPANISH, "Té negro", "Té\\nnegro", "translation/markup"),
        (numbers.multiset, SPANISH, "4,5 minutos", "45 minutos", "numbers/multiset"),
        (numbers.multiset, SPANISH, "4,5 minutos", "cuatro minutos", "numbers/multiset"),
        (numbers.multiset, SPANISH, "Té negro", "Té negro 2", "numbers/multiset"),
        (layout.fonts_installed, "locales/es/language.yaml", "[Noto Sans]", "[Noto Sans, Tea Sans]", "layout/font"),
        (layout.glyphs, CLINIC, "Fictional Tea Clinic", "Fictional \u8336 Clinic", "layout/glyph"),
        (layout.glyphs, TEA, "Hold the cup", "Hold the \u8336", "layout/glyph"),
        (layout.glyphs, SHARED, "Tea for dull", "\u8336 for dull", "layout/glyph"),
        (layout.glyphs, SPANISH, "Té negro", "\u8336 negro", "layout/glyph"),
        (layout.glyphs, "content/references.yaml", "Imaginary Kettle Board", "Imaginary \u8336", "layout/glyph"),
        (layout.glyphs, "templates/footer.html.j2", '_("', '_("\u8336 ', "layout/glyph"),
    ],
)
def test_error_found(rule: Rule, path: str, old: str, new: str, identifier: str, find: Find) -> None:
    """A rule finds what it is for, in the file where it is, and says what to do."""
    found = find(rule, path, old, new)
    assert {problem.rule for problem in found} == {identifier}
    assert {problem.severity for problem in found} == {Severity.ERROR}
    assert {problem.place.path for problem in found} == {CLINIC if path.startswith("templates/logo") else path}
    assert all(problem.hint for problem in found)


@pytest.mark.parametrize(
    ("rule", "path", "old", "new", "identifier"),
    [
        (clinic.sample, CLINIC, "name: Fictional", "sample: yes\nname: Fictional", "clinic/sample"),
        (translation.missing, SPANISH, 'msgstr "Té negro"', 'msgstr ""', "translation/missing"),
        (translation.missing, SPANISH, 'msgctxt "tea.title"', '#, fuzzy\nmsgctxt "tea.title"', "translation/missing"),
        (translation.missing, COMMON, 'msgid "Brew"', 'msgid "Brewing"', "translation/missing"),
        (wording.quotation, SPANISH, "Té negro", 'Té \\"negro\\"', "wording/quotation"),
        (wording.quotation, SPANISH, "Té negro", "Té „negro”", "wording/quotation"),
    ],
)
def test_warning_found(rule: Rule, path: str, old: str, new: str, identifier: str, find: Find) -> None:
    """What need not stop a build is a warning."""
    (problem,) = find(rule, path, old, new)
    assert (problem.rule, problem.severity, problem.place.path) == (identifier, Severity.WARNING, path)
    assert problem.hint


def test_missing_catalog(project_folder: Path, read: Read) -> None:
    """A language without a catalog is told once for each, with the number of its texts."""
    (project_folder / SPANISH).unlink()
    (problem,) = translation.missing(read())
    total = len(read().entries["tea"])
    assert problem.message == f"{total} of {total} texts are not translated into Spanish"


def test_two_handouts_with_one_document_id(project_folder: Path, read: Read) -> None:
    """Two handouts do not have the same document id."""
    text = (project_folder / TEA).read_text(encoding="utf-8").replace("id: tea\n", "id: coffee\n", 1)
    (project_folder / "content/handouts/coffee.yaml").write_text(text, encoding="utf-8")
    (problem,) = structure.duplicates(read())
    assert problem.message == 'content/handouts/coffee.yaml also has the document id "TEA-01"'
    assert str(problem.place) == f"{TEA}:2"


def test_review_date(read: Read) -> None:
    """A handout may be used on the day of its review, not after."""
    (problem,) = currency.due(read(), datetime.date(2027, 1, 15))
    assert (problem.rule, problem.message) == ("currency/due", "the review date 2027-01-15 is 0 days away")
    (problem,) = currency.due(read(), datetime.date(2027, 1, 16))
    assert (problem.rule, problem.severity, str(problem.place)) == ("currency/expired", Severity.WARNING, f"{TEA}:8")


@pytest.mark.parametrize(("today", "told"), [("2026-10-16", False), ("2026-10-17", True)])
def test_review_date_comes_near(read: Read, today: str, told: bool) -> None:
    """Ninety days before its review date a document is told, not a day sooner."""
    assert bool(list(currency.due(read(), datetime.date.fromisoformat(today)))) is told


def test_png_logo(project_folder: Path, find: Find, read: Read) -> None:
    """A PNG logo begins as PNG pictures do."""
    (project_folder / "templates/logo.png").write_bytes(b"\x89PNG\r\n\x1a\n...")
    assert find(clinic.logo, CLINIC, "logo.svg", "logo.png") == []
    (project_folder / "templates/logo.png").write_bytes(b"GIF89a")
    (problem,) = clinic.logo(read())
    assert problem.message == '"templates/logo.png" is not a PNG picture'


@pytest.mark.parametrize("link", ["https://example.org/x.png", "//example.org/x.png", "x.png", "file:///x.png", "javascript:x"])
def test_logo_link(link: str, read: Read) -> None:
    """A logo fetches nothing, whatever kind of address it names."""
    material = read()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"><image x:href="{}"/></svg>'
    assert list(clinic.logo(replace(material, logo=svg.format("data:image/png;base64,AAAA").encode()))) == []
    assert list(clinic.logo(replace(material, logo=svg.format("#part").encode()))) == []
    (problem,) = clinic.logo(replace(material, logo=svg.format(link).encode()))
    assert link in problem.message


@pytest.mark.parametrize(
    ("first", "second", "ratio"), [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast(first: str, second: str, ratio: float) -> None:
    """Contrast is that of WCAG 2.2, in either order."""
    assert colours.contrast(first, second) == pytest.approx(ratio, abs=0.005)
    assert colours.contrast(second, first) == colours.contrast(first, second)


def test_grade_found(find: Find) -> None:
    """Words and sentences that are too hard are told for the handout."""
    hard = "Administration necessitates individualised multidisciplinary consideration of contraindications. " * 9
    (problem,) = find(readability.grade, TEA, "Tea is made of leaves and hot water.", hard.strip())
    assert (problem.rule, problem.place.path) == ("readability/grade", TEA)


@pytest.mark.parametrize(
    ("text", "grade"),
    [("The cat sat on the mat.", -1.45), ("The doctor will see you now.", 2.48), ("", 0.0), ("12 345", 0.0)],
)
def test_flesch_kincaid(text: str, grade: float) -> None:
    """The grade is that of the formula, on counts made by hand."""
    assert readability.flesch_kincaid([text]) == pytest.approx(grade, abs=0.01)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("tea", 1), ("cake", 1), ("table", 2), ("medicine", 3), ("injection", 3), ("strength", 1), ("coffee", 2)],
)
def test_syllables(word: str, syllables: int) -> None:
    """Syllables are counted as a reader hears them."""
    assert readability.flesch_kincaid([word]) == pytest.approx(0.39 + 11.8 * syllables - 15.59)


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("6 of 100 people", "6 de cada 100 personas"),
        ("4.5 hours", "4,5 horas"),
        ("4.5 hours", "٤٫٥ ساعات"),
        ("4.5 hours", "۴٫۵ ساعت"),
        ("6 of 100", "٦ من كل ١٠٠"),
        ("6 of 100", "۶ از ۱۰۰"),
        ("6 of 100", "100 人中有 6 人"),
        ("1,000 people", "1.000 personas"),
        ("1,000 people", "1\u00a0000 personas"),
        ("1,000 people", "1\u202f000 personas"),
        ("1,000 people", "١٬٠٠٠ شخص"),
        ("1,000 people", "1000 人"),
        ("24/7", "24/7"),
        ("Call {phone} within 2 hours", "خلال ٢ ساعة اتصل بـ {phone}"),
        ("no numbers", "sin números"),
    ],
)
def test_same_numbers(english: str, translated: str) -> None:
    """The same number is known in any digits, with either decimal sign and any grouping, in any order."""
    assert numbers.numbers_in(english) == numbers.numbers_in(translated)


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("4.5 hours", "45 horas"),
        ("4.5 hours", "٤٥ ساعة"),
        ("4.5 hours", "4 o 5 horas"),
        ("6 of 100", "6 de cada 1000"),
        ("6 of 100", "٦ من كل ١٠"),
        ("6 of 100", "۹ از ۱۰۰"),
        ("2 or 2", "2"),
        ("2 hours", "2 horas, 3 días"),
        ("2 hours", "dos horas"),
        ("1,000", "1,00"),
    ],
)
def test_other_numbers(english: str, translated: str) -> None:
    """A number that is lost, added, or moved by a digit is another number."""
    assert numbers.numbers_in(english) != numbers.numbers_in(translated)


def plural_material(read: Read, one: str, many: str, *forms: str) -> Material:
    """Material in which the Spanish translation of the templates' words is a single message with plural forms."""
    material = read()
    entry = Entry(one, forms, plural=many)
    catalog = Catalog("x.po", "es", "ui", {entry.key: entry})
    return replace(material, entries={"ui": (entry,)}, catalogs={("es", "ui"): catalog})


@pytest.mark.parametrize(
    ("forms", "sound"),
    [
        (("{count} hoja de {of}", "{count} hojas de {of}"), True),
        (("una hoja de {of}", "{count} hojas de {of}"), True),
        (("{count} hoja", "{count} hojas de {of}"), False),
        (("{count} hoja de {of}", "{count} hojas de {off}"), False),
    ],
)
def test_placeholders_of_plurals(forms: tuple[str, str], sound: bool, read: Read) -> None:
    """Every plural form has the placeholders of its English; only the count may be said in words."""
    material = plural_material(read, "{count} leaf of {of}", "{count} leaves of {of}", *forms)
    assert (list(translation.placeholders(material)) == []) == sound


def test_one_form_for_all(read: Read) -> None:
    """In a language with a single form that form is held against the plural, which speaks of any number."""
    material = plural_material(read, "1 leaf", "{count} leaves", "{count} 片叶子")
    assert list(translation.placeholders(material)) == []
    assert list(numbers.multiset(material)) == []


@pytest.mark.parametrize(
    ("code", "wrong", "right", "message"),
    [
        ("es", "Hay pastel?", "¿Hay pastel?", '"?" stands here 1 times, "¿" 0 times'),
        ("es", "Hay pastel!", "¡Hay pastel!", '"!" stands here 1 times, "¡" 0 times'),
        (
            "fr",
            "Il dit : « oui »",
            "Il dit\u00a0: «\u00a0oui\u00a0»",
            "a no-break space (U+00A0) is missing before : ; ? ! » or after «",
        ),
        ("zh-Hans", "茶,水", "茶，水", "a mark beside a Chinese character is not full-width"),
        ("ar", "شاي?", "شاي؟", "a question mark, comma or semicolon is not the Arabic one"),
        ("ur", "چائے.", "چائے۔", "a sentence ends with a Latin full stop, not with ۔"),
        ("hi", "चाय.", "चाय।", "a sentence ends with a Latin full stop, not with ।"),
    ],
)
def test_punctuation(code: str, wrong: str, right: str, message: str) -> None:
    """A mark that is not the language's is told with what is meant, and the language's own is not."""

    def found(text: str) -> list[str]:
        entry = Entry("Tea", (text,))
        catalogs = {(code, "tea"): Catalog("x.po", code, "tea", {entry.key: entry})}
        return [p.message for p in script.punctuation(replace(shipped(), entries={"tea": (entry,)}, catalogs=catalogs))]

    assert found(wrong) == [message]
    assert found(right) == []
