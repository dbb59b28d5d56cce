"""One page, ready to be kept: HTML, layout and, where it is filled in on a screen, its fields; a web edition is its HTML."""

from pathlib import Path

from handouts import clear_print, fields, markup, pdf, web
from handouts.model import Edition
from handouts.page import Page
from handouts.problems import HandoutsError, Problem, errors


def printed(page: Page, templates: Path, identifier: str, name: str, *, fixed: bool = False) -> bytes:
    """The page as PDF bytes; `name` is what problems call it, `fixed` keeps its first layout even if a sheet could be saved."""
    tighter = "" if fixed else markup.tighter(templates)
    data = pdf.render(markup.html(page, templates), markup.styles(page, templates), tighter, identifier, name)
    return fields.fillable(data, name) if page.edition is Edition.FILLABLE else data


def checked(
    page: Page, templates: Path, identifier: str, name: str, *, fixed: bool = False
) -> tuple[bytes, tuple[Problem, ...]]:
    """The page as the bytes of a file, and what the rules of clear print warn of; raises `HandoutsError` when they refuse it."""
    if page.edition is Edition.WEB:
        return web.checked(markup.html(page, templates), name), ()
    data = printed(page, templates, identifier, name, fixed=fixed)
    found = clear_print.check(data, name, page.edition, page.language, page.clinic.paper)
    if errors(found):
        raise HandoutsError(*found)
    return data, found
