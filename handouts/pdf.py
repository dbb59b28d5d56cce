"""HTML text to the bytes of a tagged PDF. The only importer of WeasyPrint.

Nothing is fetched: every address but `data:` is refused. WeasyPrint only logs a missing glyph,
a missing image or a style it does not know; here each of these is a failure.
"""

import ctypes
import functools
import importlib.metadata
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from handouts import tagging
from handouts.problems import HandoutsError, Place, Problem

STRANDED = 0.5
"""A last page filled less than this share of its height is worth a second, tighter layout."""


def render(html: str, styles: tuple[str, ...], tighter: str, identifier: str, name: str) -> bytes:
    """The document as PDF/UA-1 bytes; the same input gives the same bytes.

    `styles` are CSS texts; `tighter` is one more, added when the last page would be nearly empty
    and it saves that page (empty: never). `identifier` becomes the file's ID, `name` is what problems call the page.
    """
    with _told(name):
        document = _layout(html, styles)
        if tighter and len(document.pages) > 1 and _filled(document.pages[-1]) < STRANDED:
            denser = _layout(html, (*styles, tighter))
            document = denser if len(denser.pages) < len(document.pages) else document
        return bytes(document.write_pdf(finisher=tagging.finish, pdf_identifier=identifier.encode(), pdf_variant="pdf/ua-1"))


def _layout(html: str, styles: tuple[str, ...]) -> Any:
    import weasyprint

    return weasyprint.HTML(string=html, url_fetcher=_fetcher(), base_url="about:blank").render(
        stylesheets=[_stylesheet(style) for style in styles],
        font_config=_font_configuration(),
        pdf_variant="pdf/ua-1",
        presentational_hints=False,
    )


def _filled(page: Any) -> float:
    """The share of a page's content height that its content takes, 0 to 1."""
    box = page._page_box
    body = box.children[0]
    bottom = max((child.position_y + child.margin_height() for child in body.children[0].children), default=body.position_y)
    return float((bottom - box.content_box_y()) / box.height)


def srgb() -> bytes:
    """The colour profile of the screen and of CSS, as the International Color Consortium gives it away."""
    from importlib.resources import files

    return (files("weasyprint") / "pdf" / "sRGB2014.icc").read_bytes()


def version() -> str:
    """The versions of the libraries that decide how a page looks."""
    own = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("weasyprint", "pydyf", "pypdf", "pypdfium2"))
    return f"{own}, pango {_pango()}"


def _pango() -> int:
    """Pango's version, without all of WeasyPrint where Pango has its name on Linux: a build asks before it has anything to set."""
    try:
        ctypes.CDLL("libpangoft2-1.0.so.0")  # it brings what finds fonts, so that `unchanged` sees which libraries those are
        return int(ctypes.CDLL("libpango-1.0.so.0").pango_version())
    except OSError:
        from weasyprint.text.ffi import pango

        return int(pango.pango_version())


def prepare(styles: tuple[str, ...]) -> None:
    """Load what every page needs, the library, the fonts and some styles, by setting a page of one word."""
    with suppress(HandoutsError), _told("styles"):  # told where a page needs them
        _layout('<!DOCTYPE html><html lang="en"><title>.</title><p>1</p></html>', styles).write_pdf(pdf_variant="pdf/ua-1")


@functools.cache
def _font_configuration() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _stylesheet(text: str) -> Any:
    """A style, parsed once; what was wrong with it is told at every page that uses it."""
    style, messages = _parsed(text)
    for message in messages:
        logging.getLogger("weasyprint").warning("%s", message)
    return style


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[Any, tuple[str, ...]]:
    import weasyprint

    with _collected() as messages:
        style = weasyprint.CSS(string=text, url_fetcher=_fetcher(), base_url="about:blank", font_config=_font_configuration())
    return style, tuple(messages)


@functools.cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _collected() -> Iterator[list[str]]:
    """What WeasyPrint and fontTools log meanwhile."""
    collector = _Collector()
    loggers = [logging.getLogger("weasyprint"), logging.getLogger("fontTools")]
    for logger in loggers:
        logger.addHandler(collector)
        logger.propagate = False
    try:
        yield collector.messages
    finally:
        for logger in loggers:
            logger.removeHandler(collector)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what is logged while a page is made into problems."""
    try:
        with _collected() as messages:
            yield
    except (ValueError, OSError, AssertionError, AttributeError, KeyError, TypeError, IndexError) as fault:
        raise HandoutsError(
            Problem(
                Place(name), "layout/render", f"the page cannot be laid out: {fault}", "look at the last change of templates/"
            )
        ) from fault
    if messages:
        raise HandoutsError(
            *(Problem(Place(name), "layout/render", message, "the page was not printed; mend the style, picture or text")
              for message in dict.fromkeys(messages))
        )  # fmt: skip
