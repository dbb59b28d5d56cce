"""What harms patients is found in every language: errors put into the shipped catalogs one by one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from handouts.checks import numbers, script, translation, wording
from handouts.material import Material
from handouts.po import Entry
from handouts.problems import Problem
from handouts.values import PLACEHOLDER
from tests.shipped import shipped

LANGUAGES = sorted({code for code, _ in shipped().catalogs})
Rule = Callable[[Material], Iterable[Problem]]


def _entry(code: str, domain: str, suits: Callable[[Entry], bool]) -> Entry:
    return next(e for e in shipped().catalogs[code, domain].messages.values() if e.complete and not e.plural and suits(e))


def _with(code: str, domain: str, *changed: Entry) -> Material:
    material = shipped()
    catalog = material.catalogs[code, domain]
    new = replace(catalog, messages={**catalog.messages, **{e.key: e for e in changed}})
    clinic = material.library.clinic.model_copy(update={"languages": ("en", code)})
    library = replace(material.library, clinic=clinic)
    return replace(material, library=library, catalogs={**material.catalogs, (code, domain): new})


def _found(rule: Rule, material: Material, entry: Entry) -> list[str]:
    return [p.rule for p in rule(material) if p.place.line == entry.string_line]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_changed_number(code: str) -> None:
    """A digit that differs from the English is named."""
    entry = _entry(code, "side-effects", lambda e: "50 of 100" in e.id)
    wrong = replace(entry, strings=(entry.strings[0].replace("50", "5", 1),))
    assert _found(numbers.multiset, _with(code, "side-effects", wrong), entry) == ["numbers/multiset"]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("unit", ["mg", "g"])
def test_a_changed_unit(code: str, unit: str) -> None:
    """Micrograms that became milligrams or grams are named, though the number is right."""
    entry = _entry(code, "side-effects", lambda e: "20 micrograms" in e.id)
    wrong = replace(entry, strings=(re.sub(r"(20[\s\u00a0]*)[^\W\d_]+", rf"\g<1>{unit} ", entry.strings[0], count=1),))
    material = _with(code, "side-effects", wrong)
    assert _found(numbers.multiset, material, entry) == []
    assert _found(numbers.doses, material, entry) == ["numbers/doses"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_lost_placeholder(code: str) -> None:
    """A placeholder that is gone is named."""
    entry = _entry(code, "infusion-day", lambda e: "{food_fasting}" in e.id)
    wrong = replace(entry, strings=(PLACEHOLDER.sub("", entry.strings[0]),))
    assert _found(translation.placeholders, _with(code, "infusion-day", wrong), entry) == ["translation/placeholders"]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "start", ["Do not drive, cycle", "We do not know if ketamine works for long-lasting pain. The largest"]
)
def test_a_lost_negation(code: str, start: str) -> None:
    """A sentence that lost its "not" is named."""
    domain = "infusion-day" if start.startswith("Do not") else "patient-stories"
    entry = _entry(code, domain, lambda e: e.id.startswith(start))
    lost = entry.strings[0]
    for pattern in shipped().library.languages[code].negation:
        lost = re.sub(rf"\w*(?:{pattern})\w*" if code not in ("zh-Hans", "ko") else pattern, " ", lost, flags=re.IGNORECASE)
    assert lost != entry.strings[0]
    wrong = replace(entry, strings=(lost,))
    assert "wording/negation" in _found(wording.negation, _with(code, domain, wrong), entry)


@pytest.mark.parametrize("code", LANGUAGES)
def test_foreign_quotation_marks(code: str) -> None:
    """Straight quotation marks are named in every language, and its own are not."""
    entry = _entry(code, "research", lambda e: len(e.id) > 40)
    marks = shipped().library.languages[code].quotes
    for first, last, found in (('"', '"', ["wording/quotation"]), ("‟", "〞", ["wording/quotation"]), (*marks[:2], [])):
        quoted = replace(entry, strings=(f"{first}{entry.strings[0]}{last}",))
        assert _found(wording.quotation, _with(code, "research", quoted), entry) == found


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_untranslated_text(code: str) -> None:
    """A translation that is the English itself is named, and so is an empty one."""
    entry = _entry(code, "research", lambda e: e.id.startswith("Straight after a drip"))
    copied = replace(entry, strings=(entry.id,))
    assert _found(wording.same, _with(code, "research", copied), entry) == ["wording/same"]
    empty = replace(entry, strings=("",))
    told = [p for p in translation.missing(_with(code, "research", empty)) if f"/{code}/" in p.place.path]
    assert [p.place.path for p in told] == [shipped().catalogs[code, "research"].path]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_text_in_another_script(code: str) -> None:
    """A sentence in a script that is not the language's is named."""
    other = "ru" if shipped().library.languages[code].script != "Cyrl" else "ar"
    entry = _entry(code, "research", lambda e: e.id.startswith("Straight after a drip"))
    foreign = {"ru": "Это предложение написано на другом языке", "ar": "هذه الجملة مكتوبة بلغة أخرى"}[other]
    wrong = replace(entry, strings=(foreign,))
    assert _found(script.letters, _with(code, "research", wrong), entry) == ["script/letters"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_handout_in_another_language(code: str) -> None:
    """A whole catalog in another language, though in the same script, is named."""
    other = next(
        c for c in ("es", "ar", "zh-Hans", *LANGUAGES)
        if c != code and (c, "research") in shipped().catalogs
    )  # fmt: skip
    foreign = shipped().catalogs[other, "research"].messages
    mixed = [replace(e, strings=foreign[e.key].strings) for e in shipped().catalogs[code, "research"].messages.values()]
    told = [p for p in translation.language(_with(code, "research", *mixed)) if f"/{code}/" in p.place.path]
    assert [p.rule for p in told] == ["translation/language"]


def test_a_translator_silences_one_rule_on_one_entry() -> None:
    """The comment "allow: rule" silences that rule on that entry, and no other rule."""
    code = LANGUAGES[0]
    entry = _entry(code, "side-effects", lambda e: "50 of 100" in e.id)
    wrong = replace(
        entry, strings=(entry.strings[0].replace("50", "5", 1) + " {phone}",), comments=("allow: numbers/multiset",)
    )
    material = _with(code, "side-effects", wrong)
    assert _found(numbers.multiset, material, entry) == []
    assert _found(translation.placeholders, material, entry) == ["translation/placeholders"]
