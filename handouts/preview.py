"""The preview's pages: what a browser asks of a `Session`, and what it is given.

Every view is a whole page that works without a script. `/now/` gives the same parts as data, for the script that swaps
them when `/events` tells of a change. Nothing is written here.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from handouts import colours, plan, status, templating
from handouts.content import SOURCE_LANGUAGE, Library
from handouts.model import Consent, Edition, Handout, Language
from handouts.problems import HandoutsError, Problem, counted, errors
from handouts.serving import Door
from handouts.session import Session, Wish
from handouts.showing import Finding, Showing

FILES = {
    "screen.css": "text/css",
    "preview.css": "text/css",
    "preview-sheet.css": "text/css",
    "preview.js": "text/javascript",
}
"""What the pages load, from the project's templates."""

SHEET_POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src data:; font-src 'self'; "
    "form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
)
"""A handout in its frame: no script at all; its pictograms are in style attributes."""

BEAT = 15.0
"""Seconds after which a silent stream says that it is alive."""
PATIENCE = 60.0
"""Seconds that a page waits for the first reading of the files."""
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
class Preview:
    """The pages about one session."""

    session: Session

    def application(self, _door: Door) -> Starlette:
        """The application, which watches as long as it runs."""

        @asynccontextmanager
        async def living(_: Starlette) -> AsyncIterator[None]:
            self.session.start()
            yield
            await asyncio.to_thread(self.session.close)

        wish = "{language}/{sheet}/{edition}"
        routes = [
            Route("/", self.start),
            Route("/show", self.show),
            Route(f"/page/{wish}", self.page),
            Route(f"/sheet/{wish}", self.sheet),
            Route(f"/style/{wish}", self.style),
            Route("/now", self.now_start),
            Route(f"/now/{wish}", self.now),
            Route("/printed/{key}.pdf", self.pdf),
            Route("/printed/{key}/{number:int}.png", self.picture),
            Route("/events", self.events),
            Route("/brand.css", self.brand),
            Route("/{name}", self.file),
        ]
        handlers = {HTTPException: self.refused, HandoutsError: self.broken}
        return Starlette(routes=routes, lifespan=living, exception_handlers=handlers)

    # -- views

    def start(self, _: Request) -> Response:
        """How far everything is."""
        return self._html("preview-start.html.j2", self._start())

    def now_start(self, _: Request) -> Response:
        """The same, for the script."""
        names = self._start()
        return JSONResponse({"parts": {"status": self._render("preview-status.html.j2", names)}, "said": names["said"]})

    def show(self, request: Request) -> Response:
        """The choice that was made in the form of a page."""
        asked = request.query_params
        wish = self._wish(asked.get("language", ""), asked.get("sheet", ""), asked.get("edition", ""), lenient=True)
        return RedirectResponse(_address("page", wish), 303)

    def page(self, request: Request) -> Response:
        """One handout."""
        wish = self._asked(request)
        self.session.wished(wish)
        return self._html("preview-page.html.j2", self._page(wish))

    def now(self, request: Request) -> Response:
        """The parts of that page as they are now, for the script."""
        wish = self._asked(request)
        self.session.wished(wish)
        names = self._page(wish)
        parts = {name: self._render(f"preview-{name}.html.j2", names) for name in ("problems", "printed")}
        sheets = {"sheet": self._frame(names["showing"], names["findings"], wish)}
        if names["english"]:
            sheets["english"] = self._frame(names["english"], (), _english(wish))
        return JSONResponse({"parts": parts, "sheets": sheets, "said": names["said"], "stale": names["stale"]})

    def sheet(self, request: Request) -> Response:
        """The handout itself, for its frame."""
        wish = self._asked(request)
        showing, _ = self.session.showing(wish)
        findings = self._findings(showing, wish)
        text = self._render("preview-sheet.html.j2", {"frame": self._frame(showing, findings, wish), "wish": wish})
        return HTMLResponse(text, headers={"Content-Security-Policy": SHEET_POLICY})

    def style(self, request: Request) -> Response:
        """The style sheets of the handout."""
        showing, _ = self.session.showing(self._asked(request))
        return Response(showing.style if showing else "", media_type="text/css")

    def pdf(self, request: Request) -> Response:
        """A finished PDF."""
        made = self.session.made(request.path_params["key"])
        if not made:
            raise HTTPException(404)
        return Response(made.pdf, media_type="application/pdf", headers={"Content-Disposition": "inline"})

    def picture(self, request: Request) -> Response:
        """A page of it as a picture; its address is of its content, so that a browser may keep it."""
        made, number = self.session.made(request.path_params["key"]), request.path_params["number"]
        if not made or not 1 <= number <= len(made.rasters):
            raise HTTPException(404)
        return Response(
            made.rasters[number - 1].png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
        )

    async def events(self, _: Request) -> Response:
        """Server-sent events: the number of each new state."""
        loop, box = asyncio.get_running_loop(), asyncio.Queue[int]()

        def hear(number: int) -> None:
            loop.call_soon_threadsafe(box.put_nowait, number)

        end = self.session.listen(hear)

        async def stream() -> AsyncIterator[str]:
            try:
                yield f"retry: 1000\ndata: {self.session.number}\n\n"
                while True:
                    try:
                        number = await asyncio.wait_for(box.get(), BEAT)
                    except TimeoutError:
                        yield ": here\n\n"
                        continue
                    if number < 0:
                        return
                    yield f"data: {number}\n\n"
            finally:
                end()

        return StreamingResponse(stream(), media_type="text/event-stream")

    def brand(self, _: Request) -> Response:
        """The clinic's colours."""
        clinic = self.session.material.library.clinic if self.session.material else None
        brand, accent = (clinic.brand_colour, clinic.accent_colour) if clinic else ("#0b4f6c", "#824606")
        text = f":root {{ --brand: {brand}; --accent: {accent}; --tint: {colours.tint(brand, 0.08)}; }}\n"
        return Response(text, media_type="text/css")

    def file(self, request: Request) -> Response:
        """A style sheet or the script."""
        name = request.path_params["name"]
        if name not in FILES:
            raise HTTPException(404)
        return Response(self.session.project.read(f"templates/{name}"), media_type=FILES[name])

    def refused(self, _: Request, fault: Exception) -> Response:
        """There is no such page."""
        code = fault.status_code if isinstance(fault, HTTPException) else 500
        return PlainTextResponse("There is no such page. The start page is at /", code)

    def broken(self, _: Request, fault: Exception) -> Response:
        """A template of the preview itself has a mistake."""
        return PlainTextResponse(f"{fault}\n\nMend it, then load this page again.", 500)

    # -- what they show

    def _start(self) -> dict[str, Any]:
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

    def _page(self, wish: Wish) -> dict[str, Any]:
        session, material = self.session, self.session.material
        if not material:  # pragma: no cover  # a wish is only taken where there is some
            raise HTTPException(404)
        showing, faults = session.showing(wish)
        reading = session.reading.concerning(wish.language)
        findings = self._findings(showing, wish)
        found, pages = session.found(wish.language), session.pages(wish)
        beside = wish.language != SOURCE_LANGUAGE and wish.edition is not Edition.BILINGUAL
        library = material.library
        sheets = [sheet.id for sheet in library.sheets]
        codes = session.codes
        counts = showing.counts() if showing else {}
        blocking = tuple(dict.fromkeys((*reading, *faults)))
        names: dict[str, Any] = {
            **self._common(),
            "wish": wish,
            "showing": showing,
            "english": session.showing(_english(wish))[0] if beside else None,
            "language": library.languages[wish.language],
            "document": next(sheet for sheet in library.sheets if sheet.id == wish.sheet),
            "sheets": library.sheets,
            "languages": [library.languages[code] for code in codes],
            "editions": [e for e in Edition if plan.printed(library.sheets[sheets.index(wish.sheet)], wish.language, e)],
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
            "source": ""
            if wish.language == SOURCE_LANGUAGE
            else library.path(next(s for s in library.sheets if s.id == wish.sheet)),
        }
        return names | {"said": _said(names)}

    def _findings(self, showing: Showing | None, wish: Wish) -> tuple[Finding, ...]:
        """What the checks found in a page; for a translation what they found in its English too."""
        found = self.session.found(wish.language)
        codes = dict.fromkeys((wish.language, SOURCE_LANGUAGE))
        problems = (p for code in codes for p in self.session.found(code).problems if p.rule != "translation/missing")
        findings = showing.findings(tuple(problems)) if showing else ()
        # a line that was found before the last change may be another text's now
        return findings if found.current else tuple(Finding(f.problem, None, f.words) for f in findings)

    def _frame(self, showing: Showing | None, findings: tuple[Finding, ...], wish: Wish) -> dict[str, str]:
        """A handout in its frame: what stands in its body, its style, and what its root says."""
        if not showing:
            return {"body": "", "style": "", "language": "en", "direction": "ltr", "layout": ""}
        direction = "ltr" if showing.page.beside else showing.language.direction
        paper = f"paper-{showing.page.clinic.paper}{' landscape' if showing.page.beside else ''}"
        return {
            "body": showing.body(findings),
            "style": f"{_address('style', wish)}?{hashlib.sha256(showing.style.encode()).hexdigest()[:12]}",
            "language": showing.language.code,
            "direction": direction,
            "layout": f"{showing.page.layout} {paper}",
        }

    def _turned(self, wish: Wish, field: str, names: Any, step: int) -> str:
        """The address of the same page in the next language, or of the next handout."""
        here = names.index(getattr(wish, field))
        there = names[(here + step) % len(names)]
        code, sheet = (there, wish.sheet) if field == "language" else (wish.language, there)
        return _address("page", self._wish(code, sheet, wish.edition, lenient=True))

    def _common(self) -> dict[str, Any]:
        material = self.session.material
        return {"clinic": material.library.clinic if material else None, "address": _address, "Wish": Wish,
                "standard": Edition.STANDARD, "errors": errors, "counted": counted, "number": self.session.number}  # fmt: skip

    # -- what is asked for

    def _asked(self, request: Request) -> Wish:
        return self._wish(*(request.path_params[name] for name in ("language", "sheet", "edition")))

    def _wish(self, code: str, name: str, edition: str, *, lenient: bool = False) -> Wish:
        """What an address names; where it is lenient, an edition that there is not is the standard one."""
        self.session.begun.wait(PATIENCE)  # a page that is open while the preview is started anew
        material = self.session.material
        sheet = next((s for s in material.library.sheets if s.id == name), None) if material else None
        if not sheet or code not in self.session.codes:
            raise HTTPException(404)
        known = edition in set(Edition) and plan.printed(sheet, code, Edition(edition))
        if not known and not lenient:
            raise HTTPException(404)
        return Wish(code, name, Edition(edition) if known else Edition.STANDARD)

    def _html(self, template: str, names: dict[str, Any]) -> Response:
        return HTMLResponse(self._render(template, names))

    def _render(self, template: str, names: dict[str, Any]) -> str:
        templates = self.session.project.templates
        with templating.mistakes_told(templates):
            return templating.environment(templates).get_template(template).render(names)


def _address(kind: str, wish: Wish) -> str:
    return f"/{kind}/{wish.language}/{wish.sheet}/{wish.edition}"


def _english(wish: Wish) -> Wish:
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
