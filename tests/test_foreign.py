"""PDFs from elsewhere: what acts is taken out and told, and what cannot be read is a problem with its cause."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from handouts import foreign
from handouts.foreign import Foreign
from handouts.problems import HandoutsError

Change = Callable[[pypdf.PdfWriter], None]


def action(kind: str, **entries: str) -> DictionaryObject:
    """An action of a kind."""
    return DictionaryObject(
        {
            NameObject("/S"): NameObject(kind),
            **{NameObject(f"/{key}"): TextStringObject(value) for key, value in entries.items()},
        }
    )


def link(writer: pypdf.PdfWriter, does: DictionaryObject) -> None:
    """A link on the first page."""
    annotation = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4),
            NameObject("/A"): writer._add_object(does),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])


def open_action(writer: pypdf.PdfWriter) -> None:
    """Something done when the file is opened."""
    writer.root_object[NameObject("/OpenAction")] = action("/JavaScript", JS="appalert")


def script(writer: pypdf.PdfWriter) -> None:
    """A script of the whole document, by name."""
    names = ArrayObject([TextStringObject("a"), action("/JavaScript", JS="appalert")])
    tree = DictionaryObject({NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})})
    writer.root_object[NameObject("/Names")] = tree


def xfa(writer: pypdf.PdfWriter) -> None:
    """A form that is a program."""
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})


def made(folder: Path, change: Change | None = None, pages: int = 1, password: str = "") -> Path:
    """A PDF with blank pages and something done to it."""
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if change:
        change(writer)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    path = folder / "other.pdf"
    with path.open("wb") as file:
        writer.write(file)
    return path


def refused(path: Path, **limits: int | str | None) -> str:
    """The message with which a file is refused."""
    with pytest.raises(HandoutsError) as caught:
        foreign.cleaned(path, "files/other.pdf", **limits)  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert problem.place.path == "files/other.pdf"
    assert problem.hint
    return problem.message


@pytest.mark.parametrize(
    ("change", "what", "gone"),
    [
        (open_action, "actions that start by themselves", b"appalert"),
        (script, "JavaScript", b"appalert"),
        (lambda w: w.add_attachment("x.exe", b"MZ-program"), "embedded files", b"MZ-program"),
        (lambda w: link(w, action("/Launch", F="cmdexe")), "links that start programs or open files", b"cmdexe"),
        (lambda w: link(w, action("/GoToR", F="otherfile")), "links that start programs or open files", b"otherfile"),
        (lambda w: link(w, action("/URI", URI="file:///etc/hostname")), "links that start programs or open files", b"hostname"),
        (
            lambda w: link(w, action("/SubmitForm", F="https://example.org")),
            "links that start programs or open files",
            b"Submit",
        ),
        (xfa, "XFA forms", b"xdp"),
    ],
)
def test_what_acts_is_taken_out(change: Change, what: str, gone: bytes, tmp_path: Path) -> None:
    """Scripts, programs, embedded files and references to other files are gone from the copy, and told."""
    path = made(tmp_path, change)
    assert gone in path.read_bytes()
    copy = foreign.cleaned(path, "other.pdf")
    assert what in dict(copy.removed)
    assert gone not in copy.pdf
    assert b"/Launch" not in copy.pdf


def test_what_is_harmless_stays(tmp_path: Path) -> None:
    """A web address and the pages themselves are kept."""
    copy = foreign.cleaned(made(tmp_path, lambda w: link(w, action("/URI", URI="https://example.org/")), 3), "other.pdf")
    assert isinstance(copy, Foreign)
    assert copy.removed == ()
    assert copy.pages == len(pypdf.PdfReader(io.BytesIO(copy.pdf)).pages) == 3
    assert b"example" in copy.pdf


def test_a_password_opens_a_file(tmp_path: Path) -> None:
    """With its password a locked file is taken, and the copy is open."""
    path = made(tmp_path, password="tea")
    assert not pypdf.PdfReader(io.BytesIO(foreign.cleaned(path, "other.pdf", "tea").pdf)).is_encrypted


@pytest.mark.parametrize(("password", "words"), [(None, "it is locked with a password"), ("coffee", "the password is wrong")])
def test_a_locked_file_is_refused(password: str | None, words: str, tmp_path: Path) -> None:
    """Without the right password the file is refused, and the message says which of the two it is."""
    assert words in refused(made(tmp_path, password="tea"), password=password)


@pytest.mark.parametrize(
    "raw", [b"", b"not a PDF", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\ntrailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF"]
)
def test_a_damaged_file_is_refused(raw: bytes, tmp_path: Path) -> None:
    """What is no PDF any more is refused with the cause."""
    path = tmp_path / "other.pdf"
    path.write_bytes(raw)
    assert "cannot be taken into a pack" in refused(path)


def test_limits_hold(tmp_path: Path) -> None:
    """A file with too many pages, or that takes too much time or memory, is refused."""
    path = made(tmp_path, pages=30)
    assert "30 pages, more than 20" in refused(path, pages=20)
    assert "within 0 seconds" in refused(path, seconds=0)
    assert "cannot be taken" in refused(path, memory=1 << 20)
