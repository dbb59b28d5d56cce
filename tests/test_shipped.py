"""What the shipped content must hold: every topic, no number without evidence, the same numbers in every language."""

import datetime
import re
import subprocess
from collections import Counter
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from handouts import checks, markup, pack_plan, plan, yaml_file
from handouts.checks.numbers import numbers_in
from handouts.checks.readability import flesch_kincaid, prose
from handouts.problems import errors
from handouts.project import Project
from handouts.sections import Risk
from handouts.values import Value, leaves
from tests.shipped import ROOT, jobs, shipped

TODAY = datetime.date(2026, 11, 22)
FURNITURE = {"footer", "masthead", "draft", "contact", "references", "imprint", "sources", "inside"}
VOID = {"img", "br", "meta", "col", "link"}


LANGUAGES = ("en", *sorted({code for code, _ in shipped().catalogs}))
HANDOUTS = sorted(path.stem for path in (ROOT / "content" / "handouts").glob("*.yaml"))


class _Body(HTMLParser):
    """The words of a page without its furniture: header, footer, contact box, references, imprint."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        names = set((dict(attrs).get("class") or "").split())
        outer = bool(self.hidden and self.hidden[-1])
        self.hidden.append(outer or bool(names & FURNITURE) or tag in ("title", "head"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not (self.hidden and self.hidden[-1]):
            self.parts.append(data)


@cache
def body(language: str, handout: str) -> str:
    """The words of a shipped page, without furniture, phones and document ids."""
    job = next(j for j in jobs() if j.page.language.code == language and j.page.handout.id == handout)
    # Arabic writes "2 hours" as a word of its own; times that it writes with digits are compared.
    hours = {"food_fasting_hours": 6, "drink_fasting_hours": 4, "observation_hours": 5}
    page = replace(job.page, clinic=job.page.clinic.model_copy(update=hours))
    parser = _Body()
    parser.feed(markup.html(page, shipped().project.templates))
    text = re.sub(r"[\u2066\u2069]", "", " ".join(parser.parts))
    clinic = shipped().library.clinic
    for phone in (clinic.phone, clinic.after_hours_phone):
        text = text.replace(phone.replace(" ", "\u00a0"), " ")
    return re.sub(r"\bKET-\d+", " ", re.sub(r"[ \n]+", " ", text))


def test_every_shipped_language_is_complete() -> None:
    """All handouts, forms and packs are printed in all thirteen languages: nothing is blocked."""
    library = shipped().library
    work = pack_plan.work(shipped(), plan.Selection())
    assert work.blocked == ()
    assert len(library.clinic.languages) == 13
    assert len(work.sheets) == 13 * (10 * 3 + len(library.consents) * 3)
    assert len(work.packs) == 13 * len(library.packs) * 2


def test_the_checks_are_clean() -> None:
    """The shipped project has no error, and no warning but that its clinic is a sample."""
    found = tuple(checks.run(shipped(), TODAY))
    assert errors(found) == ()
    assert {problem.rule for problem in found} == {"clinic/sample"}


def test_every_topic_of_the_source_article_is_printed() -> None:
    """The ten handouts together speak of each topic of the article they started from."""
    topics: Any = yaml_file.read(Project(ROOT), "tests/data/topics.yaml").data
    text = " ".join(body("en", handout) for handout in HANDOUTS).lower().replace("\u00a0", " ")
    lost = [topic for topic, patterns in topics.items() if not all(re.search(p.lower(), text) for p in patterns)]
    assert lost == []


@cache
def evidence() -> frozenset[str]:
    """The numbers of docs/evidence.md, its list of references (b) left out."""
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    start, end = text.index("## (b) References"), text.index("## (c) Source-article")
    return frozenset(numbers_in(text[:start] + text[end:]))


def _risks(node: object) -> list[Risk]:
    if isinstance(node, Risk):
        return [node]
    if isinstance(node, tuple):
        return [risk for element in node for risk in _risks(element)]
    if isinstance(node, Value):
        return [risk for field in type(node).model_fields for risk in _risks(getattr(node, field))]
    return []


@pytest.mark.parametrize("handout", HANDOUTS)
def test_every_printed_number_is_in_the_evidence(handout: str) -> None:
    """A printed number stands in the evidence, is the rest of a risk, or comes from the clinic's file."""
    library = shipped().library
    page = next(j.page for j in jobs() if j.page.handout.id == handout and j.page.language.code == "en")
    rests = {str(r.of - n) for r in _risks(page.sections()) for n in (r.count, r.compared) if n is not None}
    clinic = {n for _, value in leaves(library.clinic) for n in numbers_in(str(value))}
    unknown = set(numbers_in(body("en", handout))) - evidence() - rests - clinic
    assert unknown == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("handout", HANDOUTS)
def test_every_language_prints_the_same_numbers(handout: str, language: str) -> None:
    """The numbers of a page are the same, as often, in every language."""
    assert _differences(numbers_in(body("en", handout)), numbers_in(body(language, handout))) == {}


def _differences(english: Counter[str], other: Counter[str]) -> dict[str, tuple[int, int]]:
    return {n: (english[n], other[n]) for n in english.keys() | other.keys() if english[n] != other[n]}


MEDICINES = {"gabapentin", "pregabalin", "clarithromycin", "rifampicin", "theophylline", "aminophylline", "ergometrine"}
"""International names, the same in several languages."""


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z']+", text.lower()) if word not in MEDICINES]


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("handout", HANDOUTS)
def test_no_english_sentence_leaks(handout: str, language: str) -> None:
    """No run of four English words of the handout stands on another language's page."""
    english = _words(body("en", handout))
    runs = {" ".join(english[i : i + 4]) for i in range(len(english) - 3)}
    other = _words(body(language, handout))
    assert runs & {" ".join(other[i : i + 4]) for i in range(len(other) - 3)} == set()


@pytest.mark.parametrize("handout", HANDOUTS)
def test_the_reading_grade(handout: str) -> None:
    """Each handout reads at grade 8 at most (Flesch-Kincaid over its sentences)."""
    found = next(h for h in shipped().library.handouts if h.id == handout)
    assert flesch_kincaid(prose(found)) <= 8


def test_phones_are_fictitious() -> None:
    """The shipped clinic's phone numbers are from the range reserved for fiction, and it says it is a sample."""
    clinic = shipped().library.clinic
    assert clinic.sample
    for phone in (clinic.phone, clinic.after_hours_phone):
        assert re.fullmatch(r"020 7946 0\d{3}", phone)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_msgfmt_accepts_every_catalog(language: str) -> None:
    """GNU gettext takes each shipped catalog, checks included."""
    for path in sorted((ROOT / "locales" / language / "LC_MESSAGES").glob("*.po")):
        done = subprocess.run(["msgfmt", "--check", "--output-file", "/dev/null", path], capture_output=True, check=False)
        assert (path.name, done.returncode) == (path.name, 0), done.stderr
