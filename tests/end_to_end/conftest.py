"""A real browser, and a page in it that may neither complain nor ask anybody outside this machine."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

HERE = ("", "127.0.0.1", "localhost")
"""The hosts of this machine; a file has none. The browser's own pages (its PDF viewer) have schemes of their own."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once; closed before other tests come, as no event loop runs beside Playwright's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has been nowhere before; whatever its console complains of, or asks elsewhere, fails the test."""
    context = browser.new_context()
    faults: list[str] = []

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if not address.scheme.startswith("chrome") and (address.hostname or "") not in HERE:
            faults.append(f"asked for {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def failed(error: Error) -> None:
        faults.append(f"failed: {error}")

    context.on("request", asked)
    context.on("console", said)
    page = context.new_page()
    page.on("pageerror", failed)
    yield page
    context.close()
    assert not faults


def axe(page: Page) -> None:
    """Axe finds no violation on a page as it is now."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
