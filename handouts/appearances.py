"""What is drawn in form fields, and the two fonts with which viewers draw in them.

Nothing here knows what a field is for: a widget comes in as pypdf's dictionary, pieces of a PDF go out.
"""

import functools
import io
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject

from handouts import pdf

ON, OFF = "/Yes", "/Off"
"""The two states of a check box."""

LETTERS = "Letters"
"""The resource name of the font in which a viewer sets what is typed."""

MARKS = "ZaDb"
"""The resource name under which viewers look for the sign in a check box."""

_REPERTOIRE = ((0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x192, 0x192), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC),
               (0x1E6, 0x1E7), (0x1EA, 0x1EB), (0x1F4, 0x1F5), (0x1FA, 0x21B), (0x259, 0x259), (0x384, 0x386), (0x388, 0x38A),
               (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3CE), (0x400, 0x45F), (0x490, 0x4F9), (0x1E80, 0x1E85),
               (0x1EA0, 0x1EF9), (0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030),
               (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122))  # fmt: skip
"""Latin, Greek and Cyrillic letters, where one character is one glyph. Other scripts are left out on purpose: a viewer
that finds Arabic letters here would set them unjoined; one that does not takes a font and a shaper of its own."""


def dictionary(entries: Mapping[str, Any]) -> DictionaryObject:
    """A PDF dictionary with these entries."""
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def stream(entries: Mapping[str, Any], content: str | bytes) -> StreamObject:
    """A compressed Form XObject that draws `content`."""
    plain = StreamObject()
    plain.set_data(content if isinstance(content, bytes) else content.encode("ascii"))
    whole = {"/Type": NameObject("/XObject"), "/Subtype": NameObject("/Form"), **entries}
    packed = plain.flate_encode()
    packed.update(dictionary(whole))
    return packed


def box(widget: Any) -> ArrayObject:
    """The bounding box of a widget's appearance: its size, from the origin."""
    return ArrayObject([FloatObject(0), FloatObject(0), *(FloatObject(side) for side in size(widget))])


def size(widget: Any) -> tuple[float, float]:
    """The width and height of a widget in points."""
    x1, y1, x2, y2 = (float(side) for side in widget["/Rect"])
    return abs(x2 - x1), abs(y2 - y1)


def check_box(writer: PdfWriter, widget: Any) -> DictionaryObject:
    """The two states of a check box as drawings: a tick, and nothing."""
    width, height = size(widget)
    side = min(width, height)
    drawn = {ON: f"q {_tick(side, (width - side) / 2, (height - side) / 2)} Q", OFF: ""}
    return dictionary({state: writer._add_object(stream({"/BBox": box(widget)}, content)) for state, content in drawn.items()})


def fonts(writer: PdfWriter) -> DictionaryObject:
    """The resources of a form: the font of what is typed, and the sign in a check box."""
    letters = writer._add_object(_letters().clone(writer))
    return dictionary({"/Font": dictionary({f"/{LETTERS}": letters, f"/{MARKS}": _marks(writer)})})


def _tick(side: float, left: float, low: float) -> str:
    """Operators that draw a tick into a square, with round ends."""
    steps = ((0.18, 0.5, "m"), (0.4, 0.24, "l"), (0.84, 0.8, "l"))
    points = " ".join(f"{left + x * side:.2f} {low + y * side:.2f} {step}" for x, y, step in steps)
    return f"1 J 1 j {side * 0.13:.2f} w {points} S"


def _marks(writer: PdfWriter) -> Any:
    """A font of one sign, the tick, in the place of ZapfDingbats, which no file may embed.

    Viewers draw check boxes anew with it once a program has asked for new appearances, as pdf.js does
    when it saves Arabic or Chinese; without it poppler then leaves a ticked box empty.
    """
    glyph = StreamObject()
    glyph.set_data(f"1000 0 d0 {_tick(1000, 0, -150)}".encode("ascii"))
    numbers = {"/FirstChar": 0x33, "/LastChar": 0x34}  # "3" and "4", the ticks of ZapfDingbats
    entries: dict[str, Any] = {
        "/Type": NameObject("/Font"),
        "/Subtype": NameObject("/Type3"),
        "/Name": NameObject(f"/{MARKS}"),
        "/FontBBox": ArrayObject(NumberObject(n) for n in (0, -150, 1000, 850)),
        "/FontMatrix": ArrayObject(FloatObject(n) for n in (0.001, 0, 0, 0.001, 0, 0)),
        "/CharProcs": dictionary({"/tick": writer._add_object(glyph.flate_encode())}),
        "/Encoding": dictionary(
            {
                "/Type": NameObject("/Encoding"),
                "/Differences": ArrayObject([NumberObject(0x33), NameObject("/tick"), NameObject("/tick")]),
            }
        ),
        **{key: NumberObject(number) for key, number in numbers.items()},
        "/Widths": ArrayObject([NumberObject(1000), NumberObject(1000)]),
        "/Resources": DictionaryObject(),
        "/ToUnicode": writer._add_object(_ticks_read()),
    }
    return writer._add_object(dictionary(entries))


def _ticks_read() -> StreamObject:
    """The map by which the tick is read as U+2714."""
    table = StreamObject()
    table.set_data(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Ticks def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n2 beginbfchar <33> <2714> <34> <2714> endbfchar\n"
        b"endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    return table.flate_encode()


@functools.cache
def _letters() -> DictionaryObject:
    """The font for what is typed: what WeasyPrint embeds for a page that shows each letter once."""
    letters = " ".join(chr(code) for first, last in _REPERTOIRE for code in range(first, last + 1) if code != 0xAD)
    page = Markup('<html lang="en"><title>Letters</title><p>{}</p></html>').format(letters)
    style = 'html { font: 12pt "Noto Sans"; font-variant-ligatures: none }'
    reader = PdfReader(io.BytesIO(pdf.render(page, (style,), "", "0" * 32, "form letters")))
    resources: Any = reader.pages[0]["/Resources"]
    (font,) = resources["/Font"].values()
    found: DictionaryObject = font.get_object()
    return found
