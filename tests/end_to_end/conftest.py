"""A real browser: Debian's Chromium, which fails a test when a page says an error or asks anything of another machine."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

HERE = ("http://127.0.0.1:", "http://localhost:", "file://", "data:", "blob:", "about:")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, once for all tests of a process."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("request", lambda request: None if request.url.startswith(HERE) else faults.append(request.url))
    yield opened
    assert not faults
    context.close()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Asserts that axe finds nothing wrong with a page."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check
