"""The state of everything on one page, for a governance meeting: documents by languages, standards, signatures, ratings.

A machine's findings and a person's judgements are told apart; what nobody has rated says so.
"""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from handouts import colours, standing, templating
from handouts.content import SHARED, SOURCE_LANGUAGE, Library
from handouts.model import Consent, Document, Handout, Language
from handouts.plan import Planner
from handouts.problems import Problem
from handouts.standards import Item, Rating, Standard, Verdict
from handouts.standing import Standing
from handouts.translations import UI

TEMPLATE = "report.html.j2"
STYLE = "report.css"


@dataclass(frozen=True)
class Mark:
    """How one document stands to one item of a standard."""

    document: str
    findings: int
    """What the rules found."""
    seen: bool
    """Whether every rule that holds the item was asked: some need a build."""
    rating: Rating | None
    human: bool
    """Whether a person is to rate it."""

    @property
    def word(self) -> str:
        """The mark in a word: what is wrong first, then what is open, then what is right."""
        if self.findings:
            return f"{self.findings} to mend"
        if self.rating and self.rating.rating is Verdict.DISAGREE:
            return "rated: no"
        if self.human and not self.rating:
            return "to rate"
        if not self.seen:
            return "at build"
        if self.rating:
            return "not meant" if self.rating.rating is Verdict.NOT_APPLICABLE else "rated: yes"
        return "checked"

    @property
    def met(self) -> bool:
        """Whether nothing is left to do."""
        return self.word in ("checked", "rated: yes", "not meant")


@dataclass(frozen=True)
class Row:
    """One item of a standard, with a mark for each document it concerns."""

    item: Item
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Board:
    """One standard and how every document it concerns stands to it."""

    standard: Standard
    documents: tuple[Document, ...]
    rows: tuple[Row, ...]

    def count(self, word: str) -> int:
        """How many marks end with a word."""
        return sum(mark.word.endswith(word) for row in self.rows for mark in row.marks)


@dataclass(frozen=True)
class Signed:
    """A line of the record of signatures."""

    name: str
    credential: str
    role: str
    handout: str
    language: str
    date: datetime.date
    version: str | None
    digest: str
    holds: bool


@dataclass(frozen=True)
class Report:
    """Everything the report tells, on a day."""

    today: datetime.date
    library: Library
    languages: tuple[Language, ...]
    standings: tuple[Standing, ...]
    boards: tuple[Board, ...]
    signatures: tuple[Signed, ...]
    problems: tuple[Problem, ...]

    def rows(self) -> Iterator[tuple[Document, list[Standing]]]:
        """A row for each document, a cell for each language."""
        for document in {each.document.id: each.document for each in self.standings}.values():
            yield document, [each for each in self.standings if each.document.id == document.id]

    def total(self, state: str) -> int:
        """How many documents in how many languages are in a state."""
        return sum(each.state == state for each in self.standings)


def made(planner: Planner, problems: Iterable[Problem], printed: Mapping[str, Mapping[str, int]]) -> Report:
    """The report; `printed` are the findings on the finished English PDFs of the last build, by document id and rule."""
    library = planner.material.library
    known = [library.languages[code] for code in library.clinic.languages if code in library.languages]
    found = tuple(sorted(set(problems)))
    stands = standing.standings(planner, [language.code for language in known])
    digests = {(each.document.id, each.language.code): each.digest for each in stands}
    digests |= {(UI, language.code): planner.words(language) for language in known if language.code != SOURCE_LANGUAGE}
    signatures = tuple(
        Signed(s.name, s.credential, s.role, s.handout, s.language, s.date, s.version, s.digest,
               digests.get((s.handout, s.language)) == s.digest)
        for s in sorted(library.signoffs, key=lambda s: (s.date, s.handout, s.language), reverse=True)
    )  # fmt: skip
    boards = tuple(
        Board(standard, documents, tuple(Row(item, tuple(_mark(item, standard, d, library, found, digests, printed) for d in documents))
                                         for item in standard.items))
        for standard in library.standards.values()
        if (documents := tuple(d for d in library.sheets if standard.concerns(d)))
    )  # fmt: skip
    return Report(planner.today, library, tuple(known), stands, boards, signatures, found)


def _mark(
    item: Item,
    standard: Standard,
    document: Handout | Consent,
    library: Library,
    problems: Sequence[Problem],
    digests: Mapping[tuple[str, str], str],
    printed: Mapping[str, Mapping[str, int]],
) -> Mark:
    paths = {library.path(document), SHARED}
    findings = sum(p.rule in item.rules and p.place.path in paths for p in problems)
    on_pages = [rule for rule in item.rules if rule.startswith("print/")]  # these rules look at the finished PDF
    findings += sum(printed.get(document.id, {}).get(rule, 0) for rule in on_pages)
    mine = [r for r in library.ratings if (r.document, r.standard, r.item) == (document.id, standard.id, item.id)]
    held = [r for r in mine if digests.get((document.id, SOURCE_LANGUAGE), "").startswith(r.digest)]
    latest = max(held, key=lambda r: r.date) if held else None
    return Mark(document.id, findings, not on_pages or document.id in printed, latest, item.human)


def as_json(report: Report) -> str:
    """The report as one JSON object."""
    return json.dumps(
        {
            "date": report.today.isoformat(),
            "clinic": report.library.clinic.name,
            "documents": [standing.as_data(each) for each in report.standings],
            "standards": [
                {
                    "standard": board.standard.id,
                    "name": board.standard.name,
                    "source": board.standard.source,
                    "items": [
                        {"item": row.item.id, "says": row.item.says, "rules": list(row.item.rules), "human": row.item.human,
                         "documents": {mark.document: mark.word for mark in row.marks}}
                        for row in board.rows
                    ],
                }
                for board in report.boards
            ],
            "signatures": [asdict(s) | {"date": s.date.isoformat()} for s in report.signatures],
            "problems": [{"path": p.place.path, "line": p.place.line, "rule": p.rule, "message": p.message} for p in report.problems],
        },
        ensure_ascii=False,
        indent=2,
    )  # fmt: skip


def as_html(report: Report, templates: Path) -> str:
    """The report as one page of HTML that stands by itself."""
    with templating.mistakes_told(templates):
        template = templating.environment(templates).get_template(TEMPLATE)
        style = (templates / STYLE).read_text(encoding="utf-8")
        return template.render(report=report, clinic=report.library.clinic, style=style, due=standing.due, tint=colours.tint)
