"""Web editions in a real browser: on a phone, on a desk, in the light and in the dark, in three scripts."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from handouts import markup, plan
from handouts.model import Edition
from tests.end_to_end.conftest import axe
from tests.shipped import shipped

LANGUAGES = ("en", "ar", "zh-Hans")
HANDOUTS = ("comparing-treatments", "side-effects", "infusion-day")
WIDTHS = (320, 390, 1280)

pytestmark = pytest.mark.slow


@cache
def html(language: str, handout: str) -> str:
    """The web edition of a shipped handout."""
    selection = plan.Selection(languages=(language,), handouts=(handout,), editions=(Edition.WEB,))
    (job,) = plan.plan(shipped(), selection).jobs
    return markup.html(job.page, shipped().project.templates)


@pytest.fixture
def opened(page: Page, tmp_path: Path) -> Callable[..., Page]:
    """Opens a handout as a file, as wide as asked for."""

    def opening(language: str, handout: str, width: int = 390, scheme: str = "light") -> Page:
        file = tmp_path / f"{handout}.html"
        file.write_text(html(language, handout), encoding="utf-8")
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(file.as_uri())
        return page

    return opening


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(opened: Callable[..., Page], language: str, width: int, scheme: str) -> None:
    """No rule of axe is broken at any width, in the light or in the dark, and nothing is wider than the screen."""
    for handout in HANDOUTS:
        page = opened(language, handout, width, scheme)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, handout


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_large_enough_to_touch(opened: Callable[..., Page], language: str) -> None:
    """Each phone number calls itself; in the boxes of a call and of the clinic it is 44 pixels high, elsewhere at least 24."""
    page = opened(language, "side-effects")
    numbers = page.locator('a[href^="tel:"]')
    boxes = [numbers.nth(index).bounding_box() for index in range(numbers.count())]
    assert boxes
    assert all(box and box["height"] >= 24 and box["width"] >= 24 for box in boxes)
    large = page.locator(".call-now h3 a.tel, .contact-phones a.tel")
    assert large.count() >= 5
    for index in range(large.count()):
        box = large.nth(index).bounding_box()
        assert box
        assert box["height"] >= 44


def test_cards_stand_beside_each_other_where_there_is_room(opened: Callable[..., Page]) -> None:
    """Options are one under another on a phone, and side by side on a wider screen; there is no table."""
    for width, columns in ((390, 1), (1280, 2)):
        page = opened("en", "comparing-treatments", width)
        lefts = page.locator(".card").evaluate_all("cards => cards.map(card => Math.round(card.getBoundingClientRect().left))")
        assert len(set(lefts)) == columns
        assert page.locator("table").count() == 0


def test_a_page_works_at_four_hundred_percent(opened: Callable[..., Page]) -> None:
    """Text enlarged four times on a small screen still fits its width (WCAG 2.2, 1.4.10: 1280 pixels at 400 %)."""
    page = opened("en", "infusion-day", 1280 // 4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_pictures_are_shown(opened: Callable[..., Page]) -> None:
    """What is inside the file is seen under its own content security policy: pictures are loaded, the style applies."""
    page = opened("ar", "comparing-treatments")
    widths = page.locator("img").evaluate_all("images => images.map(image => image.naturalWidth)")
    assert widths
    assert all(widths)
    assert page.locator("h1").evaluate("heading => getComputedStyle(heading).direction") == "rtl"
    assert page.locator(".card").first.evaluate("card => getComputedStyle(card).borderTopStyle") == "solid"
