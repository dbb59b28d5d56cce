"""Values in form fields: kept as they were given, shown as they are read, in every script."""

import io
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import BooleanObject, NameObject, TextStringObject

from handouts import filling
from handouts.fields import Field, Kind
from handouts.model import Language
from handouts.problems import HandoutsError
from tests.shipped import shipped
from tests.test_fields import catalog, form, page, widgets

VALUES = {
    "en": ("Zoë Łukasz-Nguyễn", "To go back to work.\nTo see my grandchildren grow up.", "Yes", "22/11/2026", "14:30"),
    "ar": ("فاطمة الزهراء محمد", "أن أعود إلى العمل.\nأن أمشي وحدي.", "Yes", "22/11/2026", "14:30"),
    "ur": ("محمد عبدالرحمٰن قریشی", "کام پر واپس جانا۔", "Yes", "22/11/2026", "14:30"),
    "zh-Hans": ("欧阳晓明", "重新回去工作。\n看着孙辈长大。", "Yes", "2026-11-22", "14:30"),
}
NAMES = ("patient-name", "matters", "understood", "date", "time")


def language(code: str) -> Language:
    """A shipped language."""
    return shipped().library.languages[code]


def wanted(code: str) -> dict[str, str]:
    """What is filled in."""
    return dict(zip(NAMES, VALUES[code], strict=True))


@cache
def filled(code: str = "en") -> bytes:
    """The filled form of a language."""
    return filling.filled(form(code), wanted(code), language(code), "form.pdf")


def one(content: bytes, name: str) -> Any:
    """The widget of a name."""
    return next(widget for widget in widgets(content) if widget["/T"] == name)


def fonts_of(content: bytes, name: str) -> set[str]:
    """The families in which a value is set."""
    found = one(content, name)["/AP"]["/N"]["/Resources"]["/Font"].values()
    return {str(font.get_object()["/BaseFont"]).split("+")[1] for font in found}


def edge(content: bytes, name: str, tmp_path: Path) -> tuple[float, float]:
    """How far the ink in a field stands from its left and right edges, in points."""
    (tmp_path / "form.pdf").write_bytes(content)
    left, bottom, right, top = (float(side) for side in one(content, name)["/Rect"])
    area = ("-x", left + 1, "-y", 841.89 - top + 1, "-W", right - left - 2, "-H", top - bottom - 2)
    command = ["pdftoppm", "-r", "72", "-gray", *(str(v) if isinstance(v, str) else str(round(v)) for v in area)]
    drawn = subprocess.run([*command, str(tmp_path / "form.pdf")], check=True, capture_output=True).stdout
    _, size, _, dots = drawn.split(b"\n", 3)
    width = int(size.split()[0])
    columns = [n for n in range(width) if min(dots[n::width]) < 128]
    return min(columns), width - max(columns)


@pytest.mark.parametrize("code", VALUES)
def test_values_come_back(code: str) -> None:
    """What was filled in is read back, by this program and by another library, in every script."""
    assert filling.values(filled(code)) == wanted(code)
    others = pypdf.PdfReader(io.BytesIO(filled(code))).get_fields() or {}
    assert {name: str(field.value).removeprefix("/") for name, field in others.items()} == wanted(code)


def test_an_empty_form_has_empty_values() -> None:
    """Where nothing is filled in the value is empty, for a check box too."""
    assert filling.values(form()) == dict.fromkeys(NAMES, "")


@pytest.mark.parametrize(
    ("code", "family"), [("en", "Sans"), ("ar", "Arabic"), ("ur", "Nastaliq"), ("zh-Hans", "CJK")]
)  # fmt: skip
def test_a_value_is_set_in_the_fonts_of_its_language(code: str, family: str) -> None:
    """The appearance of a value has the fonts of the page in it, so that no viewer needs its own."""
    assert any(family in font for font in fonts_of(filled(code), "patient-name"))


def test_arabic_is_joined() -> None:
    """An Arabic word is drawn with its joined letters: other glyphs than the letters one by one have."""

    def glyphs(text: str) -> bytes:
        content = filling.filled(form("ar"), {"patient-name": text}, language("ar"), "form.pdf")
        return bytes(one(content, "patient-name")["/AP"]["/N"].get_data())

    assert glyphs("محمد") != glyphs("م\u200cح\u200cم\u200cد")


@pytest.mark.parametrize(("code", "right_to_left"), [("en", False), ("zh-Hans", False), ("ar", True), ("ur", True)])
def test_a_value_stands_at_the_reading_side(code: str, right_to_left: bool, tmp_path: Path) -> None:
    """The ink of a value begins near the edge where its page is read from, and far from the other."""
    left, right = edge(filled(code), "patient-name", tmp_path)
    near, far = (right, left) if right_to_left else (left, right)
    assert near < 8
    assert far > 200


def test_a_check_box_is_ticked_and_cleared(tmp_path: Path) -> None:
    """A box can be ticked, and cleared again; every other value stays."""
    assert one(filled(), "understood")["/AS"] == "/Yes"
    left, right = edge(filled(), "understood", tmp_path)
    assert left + right < 8
    cleared = filling.filled(filled(), {"understood": ""}, language("en"), "form.pdf")
    assert one(cleared, "understood")["/AS"] == "/Off"
    assert filling.values(cleared) == wanted("en") | {"understood": ""}


def test_a_long_value_is_set_smaller() -> None:
    """What does not fit in the size of the field is set a little smaller before it is refused."""
    longer = "Wilhelmina Theodora Constantia van der " * 2 + "Aa"
    content = filling.filled(form(), {"patient-name": longer}, language("en"), "form.pdf")
    assert filling.values(content)["patient-name"] == longer
    usual, smaller = (one(c, "patient-name")["/AP"]["/N"].get_data() for c in (filled(), content))
    assert usual.split(b"Tf")[0].split(b"\n")[-1] != smaller.split(b"Tf")[0].split(b"\n")[-1]


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("patient-name", "x" * 200, "fields/too-long"),
        ("matters", "word " * 400, "fields/too-long"),
        ("matters", "\n".join("abcdefgh"), "fields/too-long"),
        ("nobody", "x", "fields/unknown"),
        ("understood", "maybe", "fields/check-box"),
        ("patient-name", "\U0001f9ff", "layout/render"),
    ],
)
def test_a_value_that_cannot_be_shown_is_a_problem(name: str, value: str, rule: str) -> None:
    """No value is cut, put nowhere or drawn as an empty box."""
    with pytest.raises(HandoutsError) as caught:
        filling.filled(form(), {name: value}, language("en"), "form.pdf")
    assert {problem.rule for problem in caught.value.problems} == {rule}


def test_a_single_line_has_no_breaks() -> None:
    """Line breaks in a value for one line become spaces; in a multi-line field they are of one kind."""
    content = filling.filled(form(), {"patient-name": " A\r\nB ", "matters": "a\r\nb\rc"}, language("en"), "form.pdf")
    assert filling.values(content) == dict.fromkeys(NAMES, "") | {"patient-name": "A B", "matters": "a\nb\nc"}


def test_what_a_viewer_wrote_is_set_anew() -> None:
    """A value that a viewer could not shape, with a wish for new appearances, is set properly."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(form("ar")))
    form_: Any = writer.root_object["/AcroForm"]
    form_[NameObject("/NeedAppearances")] = BooleanObject(True)
    form_["/Fields"][0].get_object()[NameObject("/V")] = TextStringObject("فاطمة")
    target = io.BytesIO()
    writer.write(target)
    mended = filling.filled(target.getvalue(), {}, language("ar"), "form.pdf")
    assert "/NeedAppearances" not in catalog(mended)["/AcroForm"]
    assert any("Arabic" in font for font in fonts_of(mended, "patient-name"))
    assert filling.values(mended)["patient-name"] == "فاطمة"


def test_the_same_values_give_the_same_bytes() -> None:
    """Filling twice gives equal files; other values give another second identifier and keep the first."""
    assert filling.filled(form("ur"), wanted("ur"), language("ur"), "form.pdf") == filled("ur")
    empty, full = (pypdf.PdfReader(io.BytesIO(content)).trailer["/ID"] for content in (form(), filled()))
    assert empty[0] == full[0]  # type: ignore[index]
    assert empty[1] != full[1]  # type: ignore[index]


def test_a_value_is_not_markup() -> None:
    """A value with angle brackets is text."""
    content = filling.filled(form(), {"patient-name": '<b onclick="x">&amp;</b>'}, language("en"), "form.pdf")
    assert filling.values(content)["patient-name"] == '<b onclick="x">&amp;</b>'


def test_large_fields_are_filled_in_their_size() -> None:
    """A value takes the size that its field says."""
    style = "<style>.field { height: 13mm }</style>"
    contents = (
        filling.filled(
            page(f"{style}<div>{Field('a', Kind.TEXT, 'A', size=size).html()}</div>"), {"a": "A"}, language("en"), "f"
        )
        for size in (12, 18)
    )
    small, large = (one(content, "a")["/AP"]["/N"].get_data() for content in contents)
    assert small != large
