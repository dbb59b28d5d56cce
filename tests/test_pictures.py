"""Pictures of first pages: small, sharp, of few colours, the same for the same page."""

import io

from PIL import Image, ImageDraw

from handouts import pictures
from handouts.pictures import Picture


def pdf(*colours: str, size: tuple[int, int] = (595, 842)) -> bytes:
    """A PDF with a page for each colour, each with a bar of it across."""
    pages = []
    for colour in colours:
        page = Image.new("RGB", size, "white")
        ImageDraw.Draw(page).rectangle((0, 0, size[0], size[1] // 4), fill=colour)
        pages.append(page)
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=72)
    return file.getvalue()


def test_a_picture_shows_the_first_page() -> None:
    """The picture is 180 pixels wide, as high as the page wants, in a palette, and shows the first page, not the second."""
    picture = pictures.drawn(pdf("#0b4f6c", "#ff0000"))
    assert picture is not None
    image = Image.open(io.BytesIO(picture.png))
    assert (image.format, image.mode, image.size, picture.pages) == ("PNG", "P", (180, 255), 2)
    red, green, blue = image.convert("RGB").getpixel((90, 30))  # type: ignore[misc]  # three channels
    assert max(abs(red - 0x0B), abs(green - 0x4F), abs(blue - 0x6C)) < 8
    assert image.convert("RGB").getpixel((90, 200)) == (255, 255, 255)


def test_the_same_page_gives_the_same_picture() -> None:
    """Drawn twice, a page gives the same bytes, and few of them."""
    data = pdf("#0b4f6c")
    assert pictures.drawn(data) == pictures.drawn(data)
    assert len(pictures.fact(data)[pictures.FACT]["png"]) < 12_000


def test_a_page_across_is_low() -> None:
    """A page that lies on its side gives a picture that does."""
    picture = pictures.drawn(pdf("#0b4f6c", size=(842, 595)))
    assert picture is not None
    assert Image.open(io.BytesIO(picture.png)).size == (180, 127)


def test_what_is_no_pdf_has_no_picture() -> None:
    """A web page, or a file that PDFium cannot read, has no picture, and that is known without trying again."""
    for data in (b"<!DOCTYPE html><p>Tea", b"%PDF-1.7 nothing more", b""):
        assert pictures.drawn(data) is None
        facts = pictures.fact(data)
        assert pictures.current(facts)
        assert pictures.of_facts(facts) is None


def test_facts_give_the_picture_back() -> None:
    """What is kept among the facts of a page is the picture again; facts without one, or of another kind, are none."""
    data = pdf("#0b4f6c")
    facts = {"found": [], **pictures.fact(data)}
    picture = pictures.of_facts(facts)
    assert isinstance(picture, Picture)
    assert picture == pictures.drawn(data)
    assert pictures.current(facts)
    for other in ({}, {pictures.FACT: None}, {pictures.FACT: {"made": "0", "png": "?", "pages": 1}}):
        assert not pictures.current(other)
        assert pictures.of_facts(other) is None
