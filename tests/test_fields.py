"""Form fields: what a screen reader, a keyboard and a viewer find in a page that can be filled in."""

import io
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest

from handouts import fields, fonts, pdf
from handouts.fields import Field, Kind
from handouts.problems import HandoutsError

ROOT = Path(__file__).parent.parent
WORDS = {
    "en": (
        "Consent",
        "Full name",
        "What matters to me",
        "I understand the treatment",
        "Date (day/month/year)",
        "Time (24 hours)",
    ),
    "ar": ("الموافقة", "الاسم الكامل", "ما يهمني", "أفهم العلاج", "التاريخ (يوم/شهر/سنة)", "الوقت (24 ساعة)"),
    "ur": ("رضامندی", "پورا نام", "میرے لیے کیا اہم ہے", "میں علاج سمجھتا ہوں", "تاریخ (دن/مہینہ/سال)", "وقت (24 گھنٹے)"),
    "zh-Hans": ("知情同意", "姓名", "对我重要的事", "我了解这项治疗", "日期（年-月-日）", "时间（24小时制）"),
}
FONTS = {
    "en": '"Noto Sans"; line-height: 1.5',
    "ar": '"Noto Sans", "Noto Sans Arabic"; line-height: 1.7',
    "ur": '"Noto Sans", "Noto Nastaliq Urdu"; line-height: 2.2',
    "zh-Hans": '"Noto Sans CJK SC", "Noto Sans"; line-height: 1.6',
}
NAMES = ("patient-name", "matters", "understood", "date", "time")
KINDS = (Kind.TEXT, Kind.MULTILINE, Kind.CHECKBOX, Kind.DATE, Kind.TIME)
STYLE = """
@page { size: A4; margin: 20mm } body { margin: 0 } p { margin: 2mm 0 }
.field { display: block; box-sizing: border-box; width: 100%; height: 9mm; margin: 0; padding: 0; border: 0.8pt solid #333333 }
.field-multiline { height: 30mm } .field-date, .field-time { width: 50mm }
.field-checkbox { display: inline-block; width: 5mm; height: 5mm }
"""


def consent(language: str) -> str:
    """A page with one field of every kind."""
    title, *labels = WORDS[language]
    right_to_left = language in ("ar", "ur")
    inputs = [
        Field(name, kind, label, required=kind is Kind.TEXT, right_to_left=right_to_left)
        for name, kind, label in zip(NAMES, KINDS, labels, strict=True)
    ]
    body = "".join(f"<p>{field.tooltip}</p><div>{field.html()}</div>" for field in inputs)
    direction = "rtl" if right_to_left else "ltr"
    return f'<html lang="{language}" dir="{direction}"><title>{title}</title><h1>{title}</h1>{body}</html>'


def printed(html: str, language: str = "en", style: str = fields.STYLE) -> bytes:
    """A page before its inputs are made into fields."""
    fonts.configure(ROOT / "templates", ROOT / ".cache")
    return pdf.render(html, (STYLE, f"html {{ font-family: {FONTS[language]} }}", style), "", "0" * 32, "form.pdf")


@cache
def form(language: str = "en") -> bytes:
    """The fillable page of a language."""
    return fields.fillable(printed(consent(language), language), "form.pdf")


def page(body: str) -> bytes:
    """An English page made fillable."""
    return fields.fillable(printed(f'<html lang="en"><title>Form</title><h1>Form</h1>{body}</html>'), "form.pdf")


def widgets(content: bytes) -> list[Any]:
    """The widgets of a document in the order of its pages' annotations."""
    return [a.get_object() for p in pypdf.PdfReader(io.BytesIO(content)).pages for a in p["/Annots"]]  # type: ignore[attr-defined]


def catalog(content: bytes) -> Any:
    """The catalog of a document."""
    return pypdf.PdfReader(io.BytesIO(content)).root_object


def read_back() -> set[str]:
    """The characters that glyphs of the typing font are read as, in hexadecimal."""
    table = catalog(form())["/AcroForm"]["/DR"]["/Font"]["/Letters"]["/ToUnicode"].get_data().decode()
    return set(re.findall(r"^<[0-9a-f]{4}> <([0-9a-f]{4})>$", table.split("endcodespacerange")[1], re.MULTILINE))


def read_aloud(element: Any) -> list[Any]:
    """The Form elements below a structure element, in reading order."""
    element = element.get_object()
    if not isinstance(element, dict) or element.get("/Type") == "/OBJR":
        return []
    kids = element.get("/K", [])
    below = [form for kid in (kids if isinstance(kids, list) else [kids]) for form in read_aloud(kid)]
    return [element, *below] if element.get("/S") == "/Form" else below


@pytest.mark.parametrize("language", WORDS)
def test_a_field_says_what_it_is_for(language: str) -> None:
    """Every field has its name, a tooltip in the language of the page, and is printed."""
    found = widgets(form(language))
    assert [widget["/T"] for widget in found] == list(NAMES)
    assert [widget["/TU"] for widget in found] == list(WORDS[language][1:])
    assert {widget["/F"] for widget in found} == {4}


@pytest.mark.parametrize("language", WORDS)
def test_fields_stand_in_the_order_of_reading(language: str) -> None:
    """The structure tree, the tab key and the list of fields go through the fields in one order, and lead back to their elements."""
    root = catalog(form(language))
    elements = read_aloud(root["/StructTreeRoot"]["/K"][0])
    pointed = [element["/K"][0].get_object()["/Obj"]["/T"] for element in elements]
    assert pointed == [field.get_object()["/T"] for field in root["/AcroForm"]["/Fields"]] == list(NAMES)
    assert root["/Pages"]["/Kids"][0]["/Tabs"] == "/S"
    numbers = root["/StructTreeRoot"]["/ParentTree"].get_object()["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for element, widget in zip(elements, widgets(form(language)), strict=True):
        assert parents[widget["/StructParent"]].get_object() == element


def test_a_field_has_an_appearance_of_its_size() -> None:
    """An empty text field draws nothing over its box, and no viewer is asked to draw it anew."""
    for widget in widgets(form()):
        states = widget["/AP"]["/N"]
        width, height = (float(widget["/Rect"][2 + i]) - float(widget["/Rect"][i]) for i in (0, 1))
        for state in [states] if widget["/FT"] == "/Tx" else states.values():
            assert [float(side) for side in state.get_object()["/BBox"]] == pytest.approx([0, 0, width, height])
        if widget["/FT"] == "/Tx":
            assert states.get_data() == b"/Tx BMC EMC"
    assert "/NeedAppearances" not in catalog(form())["/AcroForm"]


def test_a_check_box_has_two_states() -> None:
    """A box is off until it is ticked, and the tick is drawn with lines, with no font."""
    (widget,) = (widget for widget in widgets(form()) if widget["/FT"] == "/Btn")
    states = widget["/AP"]["/N"]
    assert widget["/AS"] == widget["/V"] == fields.OFF
    assert set(states) == {"/Yes", "/Off"}
    assert b" l " in states["/Yes"].get_data()
    assert b"Tj" not in states["/Yes"].get_data()
    assert not states["/Off"].get_data()


def test_flags() -> None:
    """Only the multi-line field takes several lines; no text scrolls out of sight; the required field says so."""
    flags = {widget["/T"]: widget["/Ff"] for widget in widgets(form())}
    line, lines = 1 << 23, 1 << 23 | 1 << 12
    assert flags == {"patient-name": line | 2, "matters": lines, "understood": 0, "date": line, "time": line}


@pytest.mark.parametrize(("language", "side"), [("en", 0), ("zh-Hans", 0), ("ar", 2), ("ur", 2)])
def test_text_starts_on_the_reading_side(language: str, side: int) -> None:
    """What is typed into a field of a right-to-left page stands at the right."""
    assert {widget["/Q"] for widget in widgets(form(language)) if widget["/FT"] == "/Tx"} == {side}


def test_what_is_typed_has_an_embedded_font() -> None:
    """The font of every text field is in the file, small, and reads back each letter it has, from Polish to Vietnamese."""
    resources = catalog(form())["/AcroForm"]["/DR"]["/Font"]
    for widget in widgets(form()):
        assert widget["/DA"].split(" ")[0][1:] in {name[1:] for name in resources}
    font = resources["/Letters"]
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    (embedded,) = (descriptor[key] for key in descriptor if key.startswith("/FontFile"))
    assert len(embedded.get_data()) < 120_000
    assert {f"{ord(letter):04x}" for letter in " aZ09ßŁżőǎĄΩжїễ€–"} <= read_back()
    assert "0000" not in read_back()


def test_no_letters_that_must_be_joined() -> None:
    """The typing font has no Arabic: viewers would set it unjoined instead of taking a font of their own."""
    assert not {unit for unit in read_back() if 0x590 <= int(unit, 16) <= 0x1000}


def test_nothing_runs() -> None:
    """A form holds no action and no script."""
    reader = pypdf.PdfReader(io.BytesIO(form()))
    for number in range(1, reader.trailer["/Size"]):  # type: ignore[arg-type]
        found = reader.get_object(number)
        assert not isinstance(found, dict) or not {"/JS", "/JavaScript", "/A", "/AA", "/OpenAction"} & set(found)


def test_the_same_page_gives_the_same_bytes() -> None:
    """Making a page fillable twice gives equal files, with the identifier of the page."""
    page_ = printed(consent("ar"), "ar")
    assert fields.fillable(page_, "form.pdf") == form("ar")
    assert pypdf.PdfReader(io.BytesIO(page_)).trailer["/ID"] == pypdf.PdfReader(io.BytesIO(form("ar"))).trailer["/ID"]


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_paper_version_looks_the_same(language: str, tmp_path: Path) -> None:
    """Without its style the same page is the paper version: no fields, and every dot of the picture equal."""
    paper = printed(consent(language), language, style="")
    assert "/AcroForm" not in catalog(paper)
    pictures = []
    for name, content in (("paper", paper), ("form", form(language))):
        (tmp_path / f"{name}.pdf").write_bytes(content)
        drawn = subprocess.run(["pdftoppm", "-r", "60", str(tmp_path / f"{name}.pdf")], check=True, capture_output=True)
        pictures.append(drawn.stdout)
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) > 100_000


def test_a_page_without_inputs_stays_as_it_is() -> None:
    """What has nothing to fill in comes back byte for byte."""
    plain = printed('<html lang="en"><title>x</title><p>x</p></html>')
    assert fields.fillable(plain, "form.pdf") is plain


def test_a_tooltip_in_another_language_says_so() -> None:
    """A field whose tooltip is not in the document's language carries its own on the Form element."""
    inputs = (Field("a", Kind.TEXT, "Nombre", language="es"), Field("b", Kind.TEXT, "Name", language="en"))
    content = page("".join(f"<div>{field.html()}</div>" for field in inputs))
    first, second = read_aloud(catalog(content)["/StructTreeRoot"]["/K"][0])
    assert first["/Lang"] == "es"
    assert second.get("/Lang", "en") == "en"


def test_a_tooltip_may_hold_any_character() -> None:
    """Quotes, brackets and a question mark in a tooltip come through."""
    tooltip = 'Say "why" <or> why not? (a & b) \\ 说'
    (widget,) = widgets(page(f"<div>{Field('why', Kind.TEXT, tooltip, size=18).html()}</div>"))
    assert widget["/TU"] == tooltip
    assert " 18 Tf " in widget["/DA"]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (Field("a b", Kind.TEXT, "x").html(), "fields/name"),
        (Field("part.a", Kind.TEXT, "x").html(), "fields/name"),
        (Field("a", Kind.TEXT, "x").html() * 2, "fields/name"),
        (Field("a", Kind.TEXT, "").html(), "fields/tooltip"),
        (f'<div style="width: 2mm">{Field("a", Kind.TEXT, "x").html()}</div>', "fields/size"),
    ],
)
def test_a_field_that_cannot_be_used_is_a_problem(body: str, rule: str) -> None:
    """A field without a proper name, a tooltip or a size stops the page."""
    with pytest.raises(HandoutsError) as caught:
        page(f"<div>{body}</div>")
    assert [problem.rule for problem in caught.value.problems] == [rule]


def test_a_field_in_the_margin_is_a_problem() -> None:
    """A field in a running footer would be reached by nobody who listens."""
    with pytest.raises(HandoutsError) as caught:
        page(
            "<style>@page { @bottom-center { content: element(foot); height: 15mm } } .foot { position: running(foot) }</style>"
            f'<div class="foot">{Field("a", Kind.TEXT, "x").html()}</div><p>x</p>'
        )
    assert "fields/order" in {problem.rule for problem in caught.value.problems}
