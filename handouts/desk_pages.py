"""The pages of the consultation desk: one form, and the PDF that answers it.

Whatever was typed is in the answer to the request that brought it and nowhere else. An unforeseen fault is told without
its words, as they could be a patient's name; nothing is logged.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as Asked
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from handouts import colours, desk_form, templating
from handouts.approval import State
from handouts.desk_form import LONGEST, BadFormError, Known, Request, Wrong
from handouts.desk_pack import Menu, UnconfirmedError
from handouts.model import Clinic
from handouts.problems import HandoutsError

TEMPLATE = "desk.html.j2"
FILE = "handouts.pdf"
"""What a pack is called when it is saved: a name that says nothing of anybody."""

PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
"""The policy of a PDF: browsers show it in a page of their own, which styles itself."""

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Offer:
    """What the page shows of a moment: the clinic, what may be ticked, what is not ready, what is wrong with the folder."""

    clinic: Clinic
    menu: Menu
    waiting: Mapping[str, tuple[int, int]]
    fault: str = ""


@dataclass(frozen=True)
class Pages:
    """The form and its answers; `offer` and `make` are the desk's, and may take their time."""

    templates: Path
    offer: Callable[[], Offer]
    make: Callable[[Request], bytes]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """Known to the pages of this process only, so that no other page can send its form."""

    def application(self) -> Starlette:
        """The web application, to be put behind its guard."""
        return Starlette(
            routes=[
                Route("/", self.page, methods=["GET", "POST"]),
                Route("/desk.css", self.style, methods=["GET"]),
                Route("/desk.js", self.script, methods=["GET"]),
            ]
        )

    async def page(self, asked: Asked) -> Response:
        """The empty form; or the answer to a filled one."""
        try:
            if asked.method != "POST":
                return await self.form(await run_in_threadpool(self.offer), {})
            return await self.answer(desk_form.sent(await asked.body(), asked.headers.get("content-type", "")))
        except BadFormError as fault:
            return PlainTextResponse(f"This cannot be answered: {fault}. Open the desk anew and try again.", 400)
        except HandoutsError as fault:
            return PlainTextResponse(f"The desk cannot work:\n\n{fault}", 500)
        except Exception as fault:  # its words, and its traceback in a log, could hold what was typed
            if hasattr(fault, "status_code"):  # the guard's: the body was too large
                raise
            return PlainTextResponse(
                f"Something went wrong that nobody foresaw ({type(fault).__name__}). Nothing was kept.", 500
            )

    async def answer(self, fields: Fields) -> Response:
        """What a sent form asks for."""
        if not hmac.compare_digest("".join(fields.get("token", [])).encode(), self.token.encode()):
            text = "This page is from before the desk was started anew. Open the desk again; nothing was made."
            return PlainTextResponse(text, 403)
        offer = await run_in_threadpool(self.offer)
        menu = offer.menu
        known = Known(
            {language.code for language in menu.languages},
            {choice.document.id for choice in menu.packs},
            {choice.document.id for _, choices in menu.groups for choice in choices},
        )
        wanted = "".join(fields.get("do", []))
        if wanted not in ("show", "save", "look"):
            raise BadFormError("the form does not say what to do")
        request, wrong = desk_form.read(fields, known)
        if wanted == "look":
            return await self.form(offer, fields)
        if request is None:
            return await self.form(offer, fields, wrong)
        try:
            pdf = await run_in_threadpool(self.make, request)
        except HandoutsError as fault:
            said = tuple(Wrong("pack", f"{problem.message}. {problem.hint}".strip()) for problem in fault.problems[:3])
            return await self.form(offer, fields, said)
        except UnconfirmedError as missing:
            return await self.form(offer, fields, unconfirmed=missing.sheets)
        kind = "inline" if wanted == "show" else "attachment"
        headers = {"Content-Disposition": f'{kind}; filename="{FILE}"', "Content-Security-Policy": PDF_POLICY}
        return Response(pdf, media_type="application/pdf", headers=headers)

    async def form(
        self, offer: Offer, fields: Fields, wrong: tuple[Wrong, ...] = (), unconfirmed: tuple[tuple[str, State], ...] = ()
    ) -> HTMLResponse:
        """The form, with what was typed and what is wrong with it."""
        typed = {name: values[0][: 2 * LONGEST] for name, values in fields.items() if values}
        names: dict[str, Any] = {
            "clinic": offer.clinic, "menu": offer.menu, "waiting": offer.waiting, "mistake": offer.fault, "token": self.token,
            "typed": typed, "ticked": frozenset(fields.get("handout", ())), "wrong": wrong, "unconfirmed": unconfirmed,
            "faults": {each.field: each.message for each in reversed(wrong)}, "longest": LONGEST,
        }  # fmt: skip
        text = await run_in_threadpool(self._rendered, names)
        return HTMLResponse(text)

    def _rendered(self, names: Mapping[str, Any]) -> str:
        with templating.mistakes_told(self.templates):
            return templating.environment(self.templates).get_template(TEMPLATE).render(names)

    async def style(self, _: Asked) -> Response:
        """The style of all screens, in the clinic's colours, and that of this one."""
        clinic = (await run_in_threadpool(self.offer)).clinic
        own = colours.properties(clinic.brand_colour, clinic.accent_colour)
        sheets = ((self.templates / name).read_text(encoding="utf-8") for name in ("screen.css", "desk.css"))
        return Response(own + "".join(sheets), media_type="text/css")

    async def script(self, _: Asked) -> Response:
        """Search-as-you-type, and the states of another language without asking for the page again."""
        return Response((self.templates / "desk.js").read_text(encoding="utf-8"), media_type="text/javascript")
