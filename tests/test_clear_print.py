"""The rules of clear print, each on a small page that breaks it and on its neighbours that do not."""

from collections.abc import Iterable

import pypdfium2.raw as pdfium
import pytest

from handouts import clear_print, fonts, pdf, plan, print_layout, printing
from handouts.model import Edition
from handouts.plan import Selection
from handouts.problems import Problem
from tests.shipped import ROOT, shipped

PAGE = "@page { size: A4; margin: 20mm; @bottom-center { content: element(footer); width: 100% } } footer { position: running(footer) }"
BASE = 'html { font: 12pt/1.5 "Noto Sans"; color: #1a1a1a } body, h1, h2, p { margin: 0 } h1 { font-size: 16pt }'
WORDS = (
    "Most people who have this treatment feel better for some days, and some of them for a week or two. "
    "Nobody can tell before the treatment who will be helped by it, or for how long the help will last. "
    "Ask your team what they have seen, what they would do in your place, and what else there is to try. "
)


def printed(body: str, css: str = "", language: str = "en", edition: Edition = Edition.STANDARD) -> tuple[str, ...]:
    """What is found on a page of this HTML, as people read it."""
    fonts.configure(ROOT / "templates", ROOT / ".cache")
    html = f'<html lang="{language}" dir="{"rtl" if language in ("ar", "ur") else "ltr"}"><title>t</title><body>{body}</body></html>'
    data = pdf.render(html, (PAGE, BASE, css), "", "0" * 32, "x.pdf")
    return said(clear_print.check(data, "x.pdf", edition, shipped().library.languages[language], "A4"))


def said(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Problems without their hints; each must have one."""
    found = tuple(problems)
    assert all(problem.hint for problem in found)
    return tuple(str(problem).split("\n")[0] for problem in found)


def test_small_type() -> None:
    """Type below 12 pt is an error of its size, however it became so small, and all of one size are one finding."""
    assert printed("<p>Read</p><p class=s>Not</p><p class=s>seen</p>", ".s { font-size: 11.5pt }") == (
        'x.pdf: error: page 1: type of 11.5 pt, where 12 pt is the least: "Not" (and 1 more) [print/size]',
    )
    assert printed("<p>Not seen</p>", "p { transform: scale(0.5); font-size: 20pt }") == (
        'x.pdf: error: page 1: type of 10 pt, where 12 pt is the least: "Not seen" [print/size]',
    )
    assert printed("<p>Read</p>") == ()


def test_small_footer() -> None:
    """A footer may have 10 pt, in large print 16 pt, and no less."""
    body = "<footer>Page 1</footer><p>Read</p>"
    assert printed(body, "footer { font-size: 10pt }") == ()
    assert printed(body, "footer { font-size: 9pt }") == (
        'x.pdf: error: page 1: type of 9 pt, where 10 pt is the least: "Page 1" [print/size]',
    )
    large = "p { font-size: 18pt } footer { font-size: 16pt }"
    assert printed(body, large, edition=Edition.LARGE_PRINT) == ()
    assert printed(body, "p { font-size: 17pt } footer { font-size: 15pt }", edition=Edition.LARGE_PRINT) == (
        'x.pdf: error: page 1: type of 17 pt, where 18 pt is the least: "Read" [print/size]',
        'x.pdf: error: page 1: type of 15 pt, where 16 pt is the least: "Page 1" [print/size]',
    )


def test_italics() -> None:
    """An italic font is found; bold is not italic."""
    assert printed("<p>This is <em>not</em> seen</p>", "em { font-style: italic }") == (
        'x.pdf: error: page 1: leaning type (Noto-Sans-Italic): "not" [print/italics]',
    )
    assert printed("<p>This is <strong>seen</strong></p>") == ()


def test_slanted_letters() -> None:
    """Letters of an upright font that are drawn leaning are found too."""
    assert printed("<p>Not seen</p>", "p { transform: skewX(-12deg); width: 40% }") == (
        'x.pdf: error: page 1: leaning type (Noto-Sans): "Not seen" [print/italics]',
    )


@pytest.mark.parametrize("line", ["underline", "line-through"])
def test_underlines(line: str) -> None:
    """A line under or through words is found."""
    assert printed("<p>This is <u>not</u> seen</p>", f"u {{ text-decoration: {line} }}") == (
        'x.pdf: error: page 1: a line under or through the words: "not" [print/italics]',
    )


def test_ruled_boxes_are_not_underlines() -> None:
    """The edge of a heading's or a cell's box is as long as the box and left alone."""
    assert printed("<h1>Seen</h1><p>This is seen</p>", "h1, p { border-bottom: 0.8pt solid }") == ()


@pytest.mark.parametrize(("language", "font"), [("en", "Noto Sans"), ("ar", "Noto Sans Arabic")])
def test_justified(language: str, font: str) -> None:
    """A justified paragraph is found, in both directions; one that is not justified is left alone."""
    words = (
        WORDS * 2
        if language == "en"
        else "يشعر كثير من الناس بتحسن لأيام بعد العلاج، ولا يعرف أحد قبله من سيفيده أو كم يدوم أثره. " * 4
    )
    css = f'p {{ font-family: "{font}"; line-height: 1.8; text-align: '
    (found,) = printed(f"<p>{words}</p>", css + "justify }", language)
    assert found.startswith('x.pdf: error: page 1: a justified paragraph: "')
    assert found.endswith('" [print/justified]')
    assert printed(f"<p>{words}</p>", css + "start }", language) == ()


def test_equal_lines_are_not_justified() -> None:
    """Chinese lines are as long as each other because their characters are; that is not justified."""
    words = "治疗之后多数人会好一些也有人没有变化请问问您的医生" * 10
    assert printed(f"<p>{words}</p>", 'p { font-family: "Noto Sans CJK SC" }', "zh-Hans") == ()


def test_long_lines() -> None:
    """A line of more than 85 characters is found, and says how many it has."""
    assert printed(f"<p>{WORDS}</p>", "@page { margin: 12mm }") == (
        'x.pdf: error: page 1: a line of 93 characters, where 85 are the most: "help will last. Ask your team what they…"'
        " (and 2 more) [print/measure]",
    )
    assert printed(f"<p>{WORDS}</p>", "p { width: 160mm }") == ()


def test_long_lines_of_full_width() -> None:
    """Chinese lines may have half as many characters."""
    words = "治疗之后多数人会好一些也有人没有变化请问问您的医生" * 4
    css = 'p { font-family: "Noto Sans CJK SC"; width: '
    assert printed(f"<p>{words}</p>", css + "42.2em }", "zh-Hans", Edition.STANDARD) == ()
    (found,) = printed(f"<p>{words}</p>", "@page { margin: 12mm }" + css + "43.2em }", "zh-Hans")
    assert found.startswith("x.pdf: error: page 1: a line of 43 characters, where 42 are the most:")


def test_columns_are_not_one_line() -> None:
    """Two cells beside each other are two lines."""
    row = f"<table><tr><td>{WORDS}</td><td>{WORDS}</td></tr></table>"
    assert printed(row, "@page { margin: 12mm } td { padding-right: 1mm }") == ()


def test_contrast() -> None:
    """Below 4.5 to 1 is an error, below 7 a warning, against the ground that is really behind the words."""
    body = "<p>Not seen</p>"
    assert printed(body, "p { color: #999999 }") == (
        'x.pdf: error: page 1: contrast of 2.8 to 1, where 4.5 is asked, #999999 on #ffffff: "Not seen" [print/contrast]',
    )
    assert printed(body, "p { color: #666666 }") == (
        'x.pdf: warning: page 1: contrast of 5.7 to 1, where 7 is asked, #666666 on #ffffff: "Not seen" [print/contrast]',
    )
    assert printed(body, "p { color: #555555 }") == ()
    (found,) = printed(body, "p { background: linear-gradient(#222222, #222222); padding: 5mm }")
    assert "#1a1a1a on #222222" in found
    assert printed(body, "p { background: #222222; color: #ffffff }") == ()


def test_large_type_needs_less_contrast() -> None:
    """From 18 pt, or 14 pt bold, 4.5 to 1 is enough."""
    assert printed("<p>Seen</p>", "p { color: #666666; font-size: 18pt }") == ()
    assert printed("<p>Seen</p>", "p { color: #666666; font-size: 14pt; font-weight: 700 }") == ()
    assert len(printed("<p>Seen</p>", "p { color: #666666; font-size: 14pt }")) == 1


def test_contrast_in_grey() -> None:
    """Colours that a printer makes the same grey are found, though they differ on a screen."""
    (found,) = printed("<p>Not seen</p>", "p { background: #1a1a1a; color: #ff4040 }")
    assert found == (
        'x.pdf: error: page 1: contrast in grey of 4.0 to 1, where 4.5 is asked, #ff4040 on #1a1a1a: "Not seen" [print/contrast]'
    )


def test_transparent_text() -> None:
    """Thin paint counts as the colour that it becomes on its ground."""
    (found,) = printed("<p>Not seen</p>", "p { color: rgba(0, 0, 0, 0.4) }")
    assert "#999999 on #ffffff" in found


def test_the_rim_of_the_paper() -> None:
    """Words nearer than 5 mm to the edge are found, and the distance told."""
    assert printed("<p>Not seen</p>", "p { margin-left: -16mm }") == (
        'x.pdf: error: page 1: 4.4 mm from the edge of the paper: "Not seen" [print/edge]',
    )
    assert printed("<p>Seen</p>", "p { margin-left: -14.9mm }") == ()


def test_stranded_headings() -> None:
    """A heading that is read last on a page is found, also above a footer; its text is told whole."""
    assert printed("<footer>Page 1</footer><h1>First</h1><h2>Your questions</h2><p>Ask</p>", "p { break-before: page }") == (
        'x.pdf: error: page 1: the heading "Your questions" is the last thing on the page [print/stranded]',
    )
    assert printed("<h1>First</h1><h2>Your questions</h2><p>Ask</p>") == ()


def test_headings_over_lines_to_write_on() -> None:
    """Lines to write on have no words and are what a heading is for."""
    line = "<div style='height: 9mm; border-bottom: 0.8pt solid #555555'></div>"
    assert printed(f"<footer>Page 1</footer><h1>First</h1><h2>Your notes</h2>{line * 3}") == ()


def test_text_on_text() -> None:
    """Words that are printed on other words are found; close lines are not."""
    (found,) = printed("<p>Some words here</p><p class=up>Other words there</p>", ".up { margin-top: -1.4em }")
    assert found == (
        'x.pdf: error: page 1: "Some words here" and "Other words there" are printed on each other [print/overlap]'
    )
    assert printed("<p>Some gypsy words</p><p class=up>Ägypten</p>", "p { line-height: 1 }") == ()


@pytest.mark.parametrize(("leading", "clash"), [("0.9", True), ("2.2", False)])
def test_nastaliq_on_itself(leading: str, clash: bool) -> None:
    """Nastaliq that leans into its neighbours is left alone; where lines are printed on each other they are found."""
    words = "علاج کے بعد بہت سے لوگ کچھ دن بہتر محسوس کرتے ہیں، مگر کوئی نہیں بتا سکتا کہ کسے فائدہ ہوگا۔ " * 3
    found = printed(f"<p>{words}</p>", f'p {{ font-family: "Noto Nastaliq Urdu"; line-height: {leading} }}', "ur")
    assert any("printed on each other" in line for line in found) is clash


@pytest.mark.parametrize(
    ("language", "font", "words"),
    [
        ("hi", "Noto Sans Devanagari", "इलाज के बाद बहुत से लोग कुछ दिन बेहतर महसूस करते हैं, पर कोई नहीं बता सकता कि किसे फ़ायदा होगा। "),
        ("vi", "Noto Sans", "Sau khi điều trị, nhiều người thấy khỏe hơn vài ngày; Ể Ỗ Ữ nhưng không ai biết trước ai sẽ đỡ. "),
        ("th", "Noto Sans Thai", "หลังการรักษา หลายคนรู้สึกดีขึ้นอยู่สองสามวัน แต่ไม่มีใครบอกล่วงหน้าได้ว่าใครจะดีขึ้น "),
    ],
)
def test_stacked_marks(language: str, font: str, words: str) -> None:
    """Marks above and below letters may come close to the next line, at the leading that the language has."""
    leading = shipped().library.languages[language].leading
    css = f'p {{ font-family: "{font}"; line-height: {leading} }}'
    assert printed(f"<p>{words * 4}</p>", css, language) == ()


def test_clipped_text() -> None:
    """Words that are cut off by their box are found."""
    (found,) = printed("<p>Some words that are long</p>", "p { width: 30mm; overflow: hidden; white-space: nowrap }")
    assert found.startswith("x.pdf: error: page 1: ")
    assert found.endswith(' pt are cut off: "Some words that are long" [print/overlap]')


def test_text_outside_its_box() -> None:
    """A word that stands out of its cell is found."""
    table = "<table><tr><td>Hydroxychloroquine</td><td></td></tr></table>"
    css = "table { table-layout: fixed; width: 40mm; border-collapse: collapse } td { border: 0.6pt solid; width: 20mm }"
    assert printed(table, css) == ('x.pdf: error: page 1: words stand out of their box: "Hydroxychloroquine" [print/overlap]',)
    assert printed(table, css.replace("40mm", "100mm")) == ()


def test_paper() -> None:
    """A page of another size than the clinic's paper is found; the bilingual edition lies."""
    assert printed("<p>Seen</p>", "@page { size: Letter }") == (
        "x.pdf: error: page 1: the page is 216 x 279 mm, where A4 is 210 x 297 mm [print/paper]",
    )
    assert printed("<p>Seen</p>", "@page { size: A4 landscape }", edition=Edition.BILINGUAL) == ()
    assert printed("<p>Seen</p>", edition=Edition.BILINGUAL) == (
        "x.pdf: error: page 1: the page is 210 x 297 mm, where A4 lying is 297 x 210 mm [print/paper]",
    )


def test_every_page_is_looked_at() -> None:
    """A finding names its page."""
    (found,) = printed("<p>Seen</p><p class=s>Not seen</p>", ".s { break-before: page; font-size: 9pt }")
    assert "page 2: type of 9 pt" in found


def test_files_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is closed when all is read, and when reading ends early."""
    fonts.configure(ROOT / "templates", ROOT / ".cache")
    data = pdf.render(
        "<html lang=en><title>t</title><p>One<p style='break-before: page'>Two</html>", (PAGE, BASE), "", "0" * 32, "x"
    )
    closed: list[object] = []
    close = pdfium.FPDF_CloseDocument
    monkeypatch.setattr(pdfium, "FPDF_CloseDocument", lambda document: (closed.append(document), close(document)))
    assert len(list(print_layout.sheets(data))) == 2
    pages = print_layout.sheets(data)
    next(pages)
    pages.close()
    assert len(closed) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "edition"),
    [("en", "standard"), ("ar", "standard"), ("en", "large-print"), ("ar", "large-print"), ("zh-Hans", "large-print")],
)
def test_shipped_pages(language: str, edition: str) -> None:
    """A shipped handout keeps every rule."""
    selection = Selection(languages=(language,), editions=(Edition(edition),), handouts=("research",))
    material = shipped()
    (job,) = plan.plan(material, selection).jobs
    data = printing.printed(job.page, material.project.templates, job.key[:32], str(job.output))
    clinic = material.library.clinic
    assert said(clear_print.check(data, str(job.output), Edition(edition), job.page.language, clinic.paper)) == ()
