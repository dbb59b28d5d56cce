"""The preview's pages: what a browser asks of a `Session`, and what it is given.

Every view is a whole page that works without a script. `/now/` gives the same parts as data, for the script that swaps
them when `/events` tells of a change. Nothing is written here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from handouts import colours, templating
from handouts.preview_views import Views, address, english
from handouts.problems import HandoutsError
from handouts.serving import Door
from handouts.session import Session
from handouts.showing import Wish

FILES = {
    "screen.css": "text/css",
    "preview.css": "text/css",
    "preview-sheet.css": "text/css",
    "preview-marks.css": "text/css",
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


@dataclass(frozen=True)
class Preview:
    """The pages about one session."""

    session: Session

    @property
    def views(self) -> Views:
        """What there is to see."""
        return Views(self.session)

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
        return self._html("preview-start.html.j2", self.views.start())

    def now_start(self, _: Request) -> Response:
        """The same, for the script."""
        names = self.views.start()
        return JSONResponse({"parts": {"status": self._render("preview-status.html.j2", names)}, "said": names["said"]})

    def show(self, request: Request) -> Response:
        """The choice that was made in the form of a page."""
        asked = request.query_params
        wish = self._wish(asked.get("language", ""), asked.get("sheet", ""), asked.get("edition", ""), lenient=True)
        return RedirectResponse(address("page", wish), 303)

    def page(self, request: Request) -> Response:
        """One handout."""
        wish = self._asked(request)
        self.session.wished(wish)
        return self._html("preview-page.html.j2", self.views.page(wish))

    def now(self, request: Request) -> Response:
        """The parts of that page as they are now, for the script."""
        wish = self._asked(request)
        self.session.wished(wish)
        names = self.views.page(wish)
        parts = {name: self._render(f"preview-{name}.html.j2", names) for name in ("problems", "printed")}
        sheets = {"sheet": self.views.frame(names["showing"], names["findings"], wish)}
        if names["english"]:
            sheets["english"] = self.views.frame(names["english"], (), english(wish))
        return JSONResponse({"parts": parts, "sheets": sheets, "said": names["said"], "stale": names["stale"]})

    def sheet(self, request: Request) -> Response:
        """The handout itself, for its frame."""
        wish = self._asked(request)
        showing, _ = self.session.showing(wish)
        findings = self.views.findings(showing, wish)
        text = self._render("preview-sheet.html.j2", {"frame": self.views.frame(showing, findings, wish), "wish": wish})
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
        return Response(colours.properties(brand, accent), media_type="text/css")

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

    # -- what is asked for

    def _asked(self, request: Request) -> Wish:
        return self._wish(*(request.path_params[name] for name in ("language", "sheet", "edition")))

    def _wish(self, code: str, name: str, edition: str, *, lenient: bool = False) -> Wish:
        self.session.begun.wait(PATIENCE)  # a page that is open while the preview is started anew
        wish = self.views.wish(code, name, edition, lenient=lenient)
        if not wish:
            raise HTTPException(404)
        return wish

    def _html(self, template: str, names: dict[str, Any]) -> Response:
        return HTMLResponse(self._render(template, names))

    def _render(self, template: str, names: dict[str, Any]) -> str:
        templates = self.session.project.templates
        with templating.mistakes_told(templates):
            return templating.environment(templates).get_template(template).render(names)
