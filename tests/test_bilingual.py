"""The bilingual edition: two languages side by side, block by block."""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5

from handouts import bilingual, markup, plan
from handouts.bilingual import Side
from handouts.keys import Keys
from handouts.model import Edition
from handouts.plan import Job, Selection
from tests.shipped import shipped

PAGE = "<!DOCTYPE html><html><head><title>t</title></head><body>{}</body></html>"


def beside(ours: str, theirs: str) -> Element:
    """The body of two bodies, English and Arabic."""
    html = bilingual.beside(Side(PAGE.format(ours), "en", "ltr"), Side(PAGE.format(theirs), "ar", "rtl"))
    body = tinyhtml5.parse(html, namespace_html_elements=False).find("body")
    assert body is not None
    return body


def sides(body: Element) -> list[tuple[str, str]]:
    """The words of each row, left and right."""
    return [tuple("".join(half.itertext()).strip() for half in row) for row in body.iter("div") if is_row(row)]  # type: ignore[misc]


def is_row(element: Element) -> bool:
    """Whether the element is a row of two sides."""
    return "row" in (element.get("class") or "").split()


def jobs(language: str) -> tuple[Job, ...]:
    """The bilingual pages of a shipped language."""
    return plan.plan(shipped(), Selection(languages=(language,), editions=(Edition.BILINGUAL,))).jobs


def test_blocks_stand_beside_their_fellows() -> None:
    """Headings, paragraphs and list items go in pairs, in the order in which they are read."""
    ours = "<section class='text' id='a'><h2>One</h2><p>Two</p><ul><li>Three</li><li>Four</li></ul></section>"
    theirs = ours.replace("One", "1").replace("Two", "2").replace("Three", "3").replace("Four", "4")
    assert sides(beside(ours, theirs)) == [("One", "1"), ("Two", "2"), ("Three", "3"), ("Four", "4")]


def test_each_side_says_its_language_and_direction() -> None:
    """A side bears its language and the direction in which it is read."""
    row = next(filter(is_row, beside("<p>One</p>", "<p>1</p>").iter("div")))
    assert [(half.get("lang"), half.get("dir")) for half in row] == [("en", "ltr"), ("ar", "rtl")]


def test_a_numbered_list_goes_on_counting() -> None:
    """The third item of a numbered list is number three on both sides."""
    lists = beside("<ol><li>a</li><li>b</li><li>c</li></ol>", "<ol><li>x</li><li>y</li><li>z</li></ol>").iter("ol")
    assert [re.findall(r"list-item (\d)", part.get("style") or "") for part in lists] == [[n] for n in "001122"]


def test_blocks_without_a_fellow_are_kept() -> None:
    """Where the two texts are built differently, all of both is printed in one row."""
    assert sides(beside("<section><p>One</p><p>Two</p></section>", "<section><p>1</p></section>")) == [("OneTwo", "1")]


@pytest.mark.parametrize("language", ["es", "ar", "zh-Hans"])
def test_every_word_of_both_languages_is_printed(language: str) -> None:
    """Nothing of either document is lost when they are set side by side, and each block stands in a pair."""
    templates = shipped().project.templates
    for job in jobs(language):
        assert job.page.beside
        both = markup.html(job.page, templates)
        body = tinyhtml5.parse(both, namespace_html_elements=False).find("body")
        assert body is not None
        words = "".join("".join(body.itertext()).split())
        for page in (job.page, job.page.beside):
            from_one = tinyhtml5.parse(markup._document(page, templates), namespace_html_elements=False)
            for section in from_one.iter("section"):
                for block in section.iter():
                    if block.tag in ("h2", "h3", "p", "li") and not len(block):
                        assert "".join("".join(block.itertext()).split()) in words, (job.output, block.text)
        assert all(bool(left) == bool(right) for left, right in sides(body)), job.output


def test_english_is_not_set_beside_itself() -> None:
    """There is no bilingual page in English."""
    assert jobs("en") == ()


def test_it_is_made_only_when_asked_for() -> None:
    """A build without a choice of editions makes the standard, the large print and the web one, and forms to fill in."""
    made = {job.page.edition for job in plan.plan(shipped(), Selection(languages=("es",))).jobs}
    assert made == {Edition.STANDARD, Edition.LARGE_PRINT, Edition.FILLABLE, Edition.WEB}


def test_the_english_is_part_of_its_key() -> None:
    """A bilingual page is made again when only its English has changed."""
    material, page = shipped(), jobs("es")[0].page
    assert page.beside
    english = page.beside.handout.model_copy(update={"title": "Another title"})
    changed = replace(page, beside=replace(page.beside, handout=english))
    assert Keys(material).key(changed) != Keys(material).key(page)
