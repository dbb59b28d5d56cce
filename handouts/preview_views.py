"""What the preview's pages show of a session at a moment: how far everything is, one handout with what concerns it.

Only values for templates are made here, no HTML and no answer to a browser.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handouts import plan, status
from handouts.content import SOURCE_LANGUAGE, Library
from handouts.model import Consent, Edition, Handout, Language
from handouts.problems import Problem, counted, errors
from handouts.session import Session
from handouts.showing import Finding, Showing, Wish

LISTED = 100
"""How many problems of one page are listed at most."""


@dataclass(frozen=True)
class Row:
    """A document, or what several have in common, in one language on the start page."""

    name: str
    sheet: Handout | Consent | None
    state: status.State | None
    errors: int
    warnings: int

    @property
    def word(self) -> str:
        """Its state in words."""
        if self.state and self.state.missing:
            return "not all translated"
        if self.state and self.state.stale:
            return "to look at again"
        return "has errors" if self.errors else "complete"


@dataclass(frozen=True)
class Group:
    """The documents of one language on the start page."""

    language: Language
    rows: tuple[Row, ...]
    checked: bool
    printed: bool

    def total(self, name: str) -> int:
        """A count of all its rows together."""
        holders = (row if name in ("errors", "warnings") else row.state for row in self.rows)
        return sum(int(getattr(holder, name)) for holder in holders if holder)


@dataclass(frozen=True)
class Views:
    """What there is to see of one session."""

    session: Session

    def wish(self, code: str, name: str, edition: str, *, lenient: bool = False) -> Wish | None:
        """What an address names, if there is such a page; where it is lenient, an edition that there is not is the standard one."""
        material = self.session.material
        sheet = next((s for s in material.library.sheets if s.id == name), None) if material else None
        if not sheet or code not in self.session.codes:
            return None
        known = edition in set(Edition) and plan.printed(sheet, code, Edition(edition))
        if not known and not lenient:
            return None
        return Wish(code, name, Edition(edition) if known else Edition.STANDARD)

    def start(self) -> dict[str, Any]:
        """How far everything is."""
        session, material = self.session, self.session.material
        groups = tuple(self._groups()) if material else ()
        general = [p for p in session.found(SOURCE_LANGUAGE).problems if material and not self._of_a_sheet(material.library, p)]
        unread = session.reading.problems
        waiting = [group.language.name for group in groups if not group.checked]
        said = f"{counted(len(unread), 'file')} cannot be read. " if unread else ""
        said += f"{counted(len(waiting), 'language')} still to check." if waiting else "Everything is checked."
        said = said if session.begun.is_set() else "The files are being read."
        return {
            **self._common(),
            "groups": groups,
            "general": sorted(general),
            "unread": unread,
            "said": said,
            "begun": session.begun.is_set(),
        }

    def _groups(self) -> Iterator[Group]:
        session, material = self.session, self.session.material
        if not material:
            return
        library = material.library
        found = {code: session.found(code) for code in session.codes}
        states = {
            (state.language, state.domain): state
            for state in status.states(material, (p for f in found.values() for p in f.problems))
        }
        own = {sheet.id: sheet for sheet in library.sheets}
        for code in session.codes:
            rows = []
            for domain in material.entries:
                state = states.get((code, domain))
                paths = {library.path(d) for d in library.translated() if d.id == domain} or {f"content/{domain}.yaml"}
                told = [p for p in found[code].problems if p.place.path in paths] if code == SOURCE_LANGUAGE else []
                bad = len(errors(told))
                counts = (state.errors, state.warnings) if state else (bad, len(told) - bad)
                if state or code == SOURCE_LANGUAGE:
                    rows.append(Row(domain, own.get(domain), state, *counts))
            yield Group(library.languages[code], tuple(rows), found[code].current, code in library.printed)

    @staticmethod
    def _of_a_sheet(library: Library, problem: Problem) -> bool:
        """Whether a problem is counted in a row of the English."""
        return problem.place.path in {"content/shared.yaml", *(library.path(document) for document in library.translated())}

    def page(self, wish: Wish) -> dict[str, Any]:
        """One handout, the English beside it, and what concerns it."""
        session, material = self.session, self.session.material
        if not material:
            raise LookupError("a wish is only taken where something was read")
        showing, faults = session.showing(wish)
        reading = session.reading.concerning(wish.language)
        findings = self.findings(showing, wish)
        found, pages = session.found(wish.language), session.pages(wish)
        beside = wish.language != SOURCE_LANGUAGE and wish.edition is not Edition.BILINGUAL
        library = material.library
        sheets, document = [sheet.id for sheet in library.sheets], library.sheet(wish.sheet)
        codes = session.codes
        counts = showing.counts() if showing else {}
        blocking = tuple(dict.fromkeys((*reading, *faults)))
        names: dict[str, Any] = {
            **self._common(),
            "wish": wish,
            "showing": showing,
            "english": session.showing(english(wish))[0] if beside else None,
            "language": library.languages[wish.language],
            "document": document,
            "sheets": library.sheets,
            "languages": [library.languages[code] for code in codes],
            "editions": [e for e in Edition if plan.printed(document, wish.language, e)],
            "before": {"language": self._turned(wish, "language", codes, -1), "sheet": self._turned(wish, "sheet", sheets, -1)},
            "after": {"language": self._turned(wish, "language", codes, 1), "sheet": self._turned(wish, "sheet", sheets, 1)},
            "findings": findings,
            "listed": findings[:LISTED],
            "waiting": list(showing.waiting()) if showing else [],
            "counts": counts,
            "blocking": blocking,
            "stale": bool(blocking),
            "elsewhere": len(session.reading.problems) - len(reading),
            "checked": found.current,
            "pages": pages,
            "source": "" if wish.language == SOURCE_LANGUAGE else library.path(document),
        }
        return names | {"said": _said(names)}

    def findings(self, showing: Showing | None, wish: Wish) -> tuple[Finding, ...]:
        """What the checks found in a page; for a translation what they found in its English too."""
        found = self.session.found(wish.language)
        codes = dict.fromkeys((wish.language, SOURCE_LANGUAGE))
        problems = (p for code in codes for p in self.session.found(code).problems if p.rule != "translation/missing")
        findings = showing.findings(tuple(problems)) if showing else ()
        # a line that was found before the last change may be another text's now
        return findings if found.current else tuple(Finding(f.problem, None, f.words) for f in findings)

    def frame(self, showing: Showing | None, findings: tuple[Finding, ...], wish: Wish) -> dict[str, str]:
        """A handout in its frame: what stands in its body, its style, and what its root says."""
        if not showing:
            return {"body": "", "style": "", "language": "en", "direction": "ltr", "layout": ""}
        direction = "ltr" if showing.page.beside else showing.language.direction
        paper = f"paper-{showing.page.clinic.paper}{' landscape' if showing.page.beside else ''}"
        return {
            "body": showing.body(findings),
            "style": f"{address('style', wish)}?{hashlib.sha256(showing.style.encode()).hexdigest()[:12]}",
            "language": showing.language.code,
            "direction": direction,
            "layout": f"{showing.page.layout} {paper}",
        }

    def _turned(self, wish: Wish, field: str, names: Any, step: int) -> str:
        """The address of the same page in the next language, or of the next handout."""
        here = names.index(getattr(wish, field))
        there = names[(here + step) % len(names)]
        code, sheet = (there, wish.sheet) if field == "language" else (wish.language, there)
        turned = self.wish(code, sheet, wish.edition, lenient=True)
        return address("page", turned or wish)

    def _common(self) -> dict[str, Any]:
        material = self.session.material
        return {"clinic": material.library.clinic if material else None, "address": address, "Wish": Wish,
                "standard": Edition.STANDARD, "errors": errors, "counted": counted, "number": self.session.number}  # fmt: skip


def address(kind: str, wish: Wish) -> str:
    """Where a view of a wish is."""
    return f"/{kind}/{wish.language}/{wish.sheet}/{wish.edition}"


def english(wish: Wish) -> Wish:
    """The same in English."""
    return Wish(SOURCE_LANGUAGE, wish.sheet, wish.edition)


def _said(names: dict[str, Any]) -> str:
    """What a page tells a person who does not see it change."""
    counts, pages, findings = names["counts"], names["pages"], names["findings"]
    bad = len(errors(finding.problem for finding in findings))
    parts = []
    if names["blocking"]:
        parts.append(f"There is a mistake in {names['blocking'][0].place}: the last good page stays.")
    if names["checked"]:
        parts.append(f"{counted(bad, 'error')}, {counted(len(findings) - bad, 'warning')}.")
    else:
        parts.append("The text is being checked.")
    if counts.get("missing") or counts.get("stale"):
        parts.append(f"{counts['missing']} not translated, {counts['stale']} fuzzy.")
    if pages.making:
        parts.append("The printed pages are being made.")
    elif pages.key:
        parts.append(f"{counted(len(pages.printed.rasters), 'printed page')} below.")
    else:
        parts.append("There are no printed pages.")
    return " ".join(parts)
