"""What a browser sends to the desk: a request, words for a person, or a refusal; never a traceback."""

import datetime
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handouts import desk_form
from handouts.desk_form import LONGEST, MEDIA_TYPE, BadFormError, Known, Request
from handouts.model import Edition
from handouts.page import Details

KNOWN = Known({"en", "es"}, {"tea-pack"}, {"tea", "tea-form"})
GOOD = {"token": "t", "do": "show", "language": "es", "staff": "en", "pack": "tea-pack"}


def _read(**fields: str | list[str]) -> tuple[Request | None, list[tuple[str, str]]]:
    sent = desk_form.sent(urlencode(GOOD | fields, doseq=True).encode(), MEDIA_TYPE)
    request, wrong = desk_form.read(sent, KNOWN)
    return request, [(each.field, each.message) for each in wrong]


def test_a_whole_form() -> None:
    """Every field of the form has its place in the request."""
    request, wrong = _read(
        pack="", handout=["tea", "tea-form"], layout="large-print", form="fillable", copy="yes", confirmed="yes",
        name="  Ada\u00a0 Lovelace ", number="#12/34", clinician="Dr. O\u2019Neill", date="2025-02-03", interpreter="علی",
    )  # fmt: skip
    details = Details("Ada Lovelace", "#12/34", "Dr. O\u2019Neill", datetime.date(2025, 2, 3), "علی")
    assert not wrong
    assert request == Request("es", "en", "", ("tea", "tea-form"), Edition.LARGE_PRINT, True, True, details, True)


def test_details_are_in_no_text_of_a_request() -> None:
    """A request that ends up in a message tells nothing of a patient."""
    request, _ = _read(name="Ada Lovelace", number="4711", date="2025-02-03")
    assert not any(word in repr(request) + repr(request and request.details) for word in ("Ada", "4711", "2025"))


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"language": ""}, "language", "Choose the patient’s language."),
        ({"pack": ""}, "pack", "Choose a pack, or tick at least one handout."),
        ({"handout": "tea"}, "pack",
         "Choose either a pack or single handouts, not both: choose “Only what I tick below”, or untick them."),
        ({"language": "en", "layout": "bilingual"}, "layout",
         "Bilingual sheets have English on one side. Choose another edition, or another language."),
        ({"name": "x" * 10_000}, "name", "Patient’s name or label: at most 80 characters fit on the cover; these are 10000."),
        ({"name": "a\x00b"}, "name", "Patient’s name or label: the sign U+0000 cannot be printed. Please leave it out."),
        ({"number": "a\x1b[2J"}, "number", "Patient number: the sign U+001B cannot be printed. Please leave it out."),
        ({"interpreter": "\ud7ff\U0001f642"}, "interpreter", "Interpreter: the sign U+D7FF cannot be printed. Please leave it out."),
        ({"interpreter": "Ana \U0001f642"}, "interpreter", "Interpreter: the sign “\U0001f642” cannot be printed. Please leave it out."),
        ({"clinician": "a\u202eb"}, "clinician",
         "Given by: it holds signs that cannot be seen and turn the text round. Please type it by hand."),
        ({"date": "tomorrow"}, "date", "Date: this is not a day such as 2026-03-31."),
        ({"date": "0001-01-01"}, "date", "Date: this is not a day such as 2026-03-31."),
        ({"date": "٢٠٢٥-٠١-٠١"}, "date", "Date: this is not a day such as 2026-03-31."),
    ],
)  # fmt: skip
def test_what_a_person_is_told(fields: dict[str, str], field: str, message: str) -> None:
    """What was forgotten, or cannot be printed, is told in words at its field."""
    assert _read(**fields) == (None, [(field, message)])


def test_everything_is_told_at_once() -> None:
    """All that is wrong comes back together."""
    assert [field for field, _ in _read(language="", pack="", name="\x01", date="x")[1]] == ["language", "pack", "name", "date"]


@pytest.mark.parametrize(
    "typed", ["Anna-Lena d’Or (née Ñu) & Söhne, 50 %", "阮氏明", "مریم\u200cسادات", "ก้อง", "<b>O'Brien</b>", "№ 5 + 6°"]
)
def test_names_of_all_scripts_are_taken(typed: str) -> None:
    """Names and labels are taken as they are, signs of HTML too: they are printed, not run."""
    request, wrong = _read(name=typed)
    assert not wrong
    assert request
    assert request.details.name == typed


def test_copied_text_is_cleaned() -> None:
    """Unseen signs that come along with copied text, and line breaks, do no harm."""
    assert desk_form.cleaned("\ufeffAda\u200e\r\n Lovelace\t") == ("Ada Lovelace", "")


@pytest.mark.parametrize("date", ["2025-02-03", "03/02/2025", "3.2.2025"])
def test_days(date: str) -> None:
    """A day may also be typed where a browser has no calendar."""
    assert desk_form.dated(date) == (datetime.date(2025, 2, 3), "")


@pytest.mark.parametrize(
    "fields",
    [
        {"language": "xx"}, {"staff": "../en"}, {"staff": ""}, {"pack": "../../etc/passwd"}, {"pack": "", "handout": "../tea"},
        {"pack": "", "handout": ["tea", "nope"]}, {"layout": "fillable"}, {"form": "x"}, {"copy": "1"}, {"confirmed": "maybe"},
    ],
)  # fmt: skip
def test_what_is_not_offered(fields: dict[str, str]) -> None:
    """An id, a language or a form that the page does not offer was not chosen on it: the whole is refused."""
    with pytest.raises(BadFormError, match="does not offer"):
        _read(**fields)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"{}", "application/json"), (b"", ""), (b"--x", "multipart/form-data; boundary=x"), (b"a=1", "text/plain"),
        (b"unknown=1", MEDIA_TYPE), (b"name=a&name=b", MEDIA_TYPE), (b"name=%ff", MEDIA_TYPE), ("name=é".encode(), MEDIA_TYPE),
        (b"&".join([b"handout=tea"] * 201), MEDIA_TYPE), (b"name=%ed%a0%80", MEDIA_TYPE),
    ],
)  # fmt: skip
def test_bodies_of_others(body: bytes, media_type: str) -> None:
    """What no form of this page can have sent is refused, and the reason repeats none of it."""
    with pytest.raises(BadFormError) as told:
        desk_form.sent(body, media_type)
    assert "form" in str(told.value)
    assert "=" not in str(told.value)


def test_a_handout_twice_is_one() -> None:
    """The same handout ticked twice is in the pack once."""
    request, _ = _read(pack="", handout=["tea", "tea"])
    assert request
    assert request.documents == ("tea",)


@given(some.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    """Whatever is sent: a form or a refusal."""
    try:
        fields = desk_form.sent(body, MEDIA_TYPE)
        desk_form.read(fields, KNOWN)
    except BadFormError:
        pass


@given(some.text(max_size=200))
def test_any_text(value: str) -> None:
    """Whatever is typed: what is kept can be printed on a line of the cover, and is not longer than that."""
    quote_plus(value, errors="replace")
    text, fault = desk_form.cleaned(value)
    assert bool(fault) <= (text == "")
    assert len(text) <= LONGEST
    assert all(desk_form.printable(c) for c in text)
    assert text == " ".join(text.split())
