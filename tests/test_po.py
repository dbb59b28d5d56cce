"""Reading and writing PO text: nothing is guessed, nothing is lost, and gettext's own tools agree."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import po, po_reader, translations
from handouts.model import Language
from handouts.po import Entry, PoFile
from handouts.problems import HandoutsError
from handouts.project import Project

SPANISH = Language(
    code="es", name="Spanish", autonym="Español", locale="es", script="Latn", direction="ltr", fonts=("Noto Sans",), leading=1.4
)
HEADER = (
    'msgid ""\nmsgstr ""\n"Project-Id-Version: tea\\n"\n"PO-Revision-Date: 2024-01-01 00:00+0000\\n"\n'
    '"Last-Translator: Ana Ficticia <ana@example.org>\\n"\n"Language-Team: none\\n"\n"Language: es\\n"\n'
    '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)

PLAIN = st.characters(exclude_categories=("Cs", "Cc"))
TEXTS = st.text(PLAIN | st.sampled_from('\n\t\r\a\b\f\v"\\{}*#~|'), max_size=30)
NAMED = TEXTS.filter(bool)
NOTES = st.text(PLAIN, max_size=20).map(str.strip)
NAMES = st.text(st.characters(codec="ascii", categories=("L", "N"), include_characters="-_./:"), min_size=1, max_size=12)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any message a catalog can hold."""
    plural = draw(st.none() | TEXTS)
    obsolete = draw(st.booleans())
    previous = draw(st.lists(NAMED, max_size=1))
    return Entry(
        id=draw(NAMED),
        strings=tuple(draw(st.lists(TEXTS, min_size=1, max_size=1 if plural is None else 6))),
        context=draw(st.none() | TEXTS),
        plural=plural,
        flags=tuple(draw(st.lists(st.sampled_from(["fuzzy", "python-brace-format", "no-wrap"]), unique=True))),
        comments=tuple(draw(st.lists(NOTES, max_size=2))),
        extracted=() if obsolete else tuple(draw(st.lists(NOTES, max_size=2))),
        references=() if obsolete else tuple(draw(st.lists(NAMES, max_size=2))),
        previous=tuple(f'msgid "{po.escaped(text)}"' for text in previous),
        obsolete=obsolete,
    )


FILES = st.lists(entries(), max_size=6, unique_by=lambda entry: entry.key)


@st.composite
def foreign_texts(draw: st.DrawFn) -> str:
    """A valid catalog as no tool of ours would write it: odd wrapping, spacing, line ends, order of comments."""
    blocks = []
    for entry in draw(FILES):
        mark = "#~ " if entry.obsolete else ""
        lines = []
        for line in po.written(entry)[:-1]:
            odd = draw(st.booleans()) and line.removeprefix(mark).startswith(("msg", '"'))
            lines += [line, f'{mark}""'] if odd else [line]
            if draw(st.booleans()):
                lines[-1] += draw(st.sampled_from([" ", "\t", "  "]))
        blocks.append(lines + [""] * draw(st.integers(1, 3)))
    text = "\n".join(line for block in blocks for line in block)
    text = draw(st.sampled_from(["", "\n", "\n\n"])) + text + draw(st.sampled_from(["", "\n", "# the end", "# the end\n\n"]))
    ends = draw(st.sampled_from(["\n", "\r\n", "both"]))
    if ends == "both":
        return "".join(line + draw(st.sampled_from(["\n", "\r\n"])) for line in text.split("\n"))
    return text.replace("\n", ends)


@given(FILES)
def test_written_is_read_back(found: list[Entry]) -> None:
    """What is written is read back as the same messages, whatever signs they hold."""
    text = PoFile(tuple(found)).text()
    assert list(po_reader.parse(text.encode(), "x.po").entries) == found


@given(foreign_texts())
def test_read_is_written_back(text: str) -> None:
    """A catalog that is read and not changed is written back byte for byte, however it was laid out."""
    assert po_reader.parse(text.encode(), "x.po").text().encode() == text.encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_part_is_read(end: str) -> None:
    """All kinds of lines of a message are told apart, with the line it stands on."""
    text = (
        '# by hand\n#. from the source\n#: a.yaml b.yaml\n#: c.yaml\n#, fuzzy, python-brace-format\n#| msgid "Te"\n'
        'msgctxt "tea.title"\nmsgid ""\n"Tea "\n"{time}"\nmsgstr "\\"Té\\"\\t{time}"\n\n#~ msgid "gone"\n#~ msgstr "ido"\n'
    )
    tea, gone = po_reader.parse(text.replace("\n", end).encode(), "x.po").entries
    assert (tea.comments, tea.extracted, tea.references) == (("by hand",), ("from the source",), ("a.yaml", "b.yaml", "c.yaml"))
    assert (tea.context, tea.id, tea.strings) == ("tea.title", "Tea {time}", ('"Té"\t{time}',))
    assert (tea.flags, tea.previous, tea.fuzzy, tea.complete) == (
        ("fuzzy", "python-brace-format"), ('msgid "Te"',), True, False,
    )  # fmt: skip
    assert (tea.line, tea.string_line) == (8, 11)
    assert (gone.id, gone.obsolete, gone.line) == ("gone", True, 13)


def test_header() -> None:
    """The fields of the header are known by name, with their lines."""
    file = po_reader.parse(HEADER.encode(), "x.po")
    assert file.header["Language"] == "es"
    assert file.header["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    assert file.header_line("Plural-Forms") == 11
    assert PoFile(()).header == {}


def test_all_problems_at_once() -> None:
    """Every bad line of a catalog is told in one go."""
    text = 'msgid "a"\nmsgstr "b\n\nmsgid "c"\nmsgstr d\n\nmsgid "e"\nmsgstr "f"\n'
    with pytest.raises(HandoutsError) as caught:
        po_reader.parse(text.encode(), "x.po")
    assert [problem.place.line for problem in caught.value.problems] == [2, 5]


GOOD: dict[str, str | bytes] = {
    "plain": 'msgid "a"\nmsgstr "b"\n',
    "no empty line between": 'msgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr "d"\n',
    "wrapped": 'msgid ""\n"a "\n"b"\nmsgstr ""\n"c "\n"d"\n',
    "same text in two contexts": 'msgctxt "x"\nmsgid "a"\nmsgstr "b"\n\nmsgctxt "y"\nmsgid "a"\nmsgstr "b"\n',
    "empty context": 'msgctxt ""\nmsgid "a"\nmsgstr "b"\n',
    "escapes": 'msgid "a"\nmsgstr "\\"b\\" \\\\ \\t"\n',
    "plural": 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "b"\nmsgstr[1] "bs"\n',
    "fuzzy with previous": '#, fuzzy\n#| msgctxt "x"\n#| msgid "aa"\nmsgctxt "x"\nmsgid "a"\nmsgstr "b"\n',
    "obsolete": '#~| msgid "aa"\n#~ msgid "a"\n#~ msgstr "b"\n',
    "windows": 'msgid "a"\r\nmsgstr "b"\r\n',
    "no line end": 'msgid "a"\nmsgstr "b"',
    "only comments at the end": 'msgid "a"\nmsgstr "b"\n\n# the end\n',
    "many scripts": 'msgid "a"\nmsgstr "شاي 茶 чай"\n',
}
BAD: dict[str, str | bytes] = {
    "quote inside": 'msgid "a"\nmsgstr "b "c" d"\n',
    "no closing quote": 'msgid "a"\nmsgstr "b\n',
    "no opening quote": 'msgid "a"\nmsgstr b"\n',
    "no quotes": 'msgid "a"\nmsgstr b\n',
    "typographic quotes": 'msgid "a"\nmsgstr “b”\n',
    "text over two lines": 'msgid "a"\nmsgstr "b\nc"\n',
    "unknown escape": 'msgid "a"\nmsgstr "\\q"\n',
    "backslash at the end": 'msgid "a"\nmsgstr "b\\"\n',
    "unknown keyword": 'msgid "a"\nmsgstring "b"\n',
    "no msgstr": 'msgid "a"\n\nmsgid "b"\nmsgstr "c"\n',
    "no msgstr at the end": 'msgid "a"\n',
    "no msgid": 'msgctxt "x"\nmsgstr "b"\n',
    "text before all": '# note\n"lost"\nmsgid "a"\nmsgstr "b"\n',
    "two msgstr": 'msgid "a"\nmsgstr "b"\nmsgstr "c"\n',
    "two msgid": 'msgid "a"\nmsgid "b"\nmsgstr "c"\n',
    "context behind": 'msgid "a"\nmsgctxt "x"\nmsgstr "b"\n',
    "twice": 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n',
    "twice in a context": 'msgctxt "x"\nmsgid "a"\nmsgstr "b"\n\nmsgctxt "x"\nmsgid "a"\nmsgstr "c"\n',
    "twice as obsolete": '#~ msgid "a"\n#~ msgstr "b"\n\n#~ msgid "a"\n#~ msgstr "c"\n',
    "living and obsolete": 'msgid "a"\nmsgstr "b"\n\n#~ msgid "a"\n#~ msgstr "c"\n',
    "number without plural": 'msgid "a"\nmsgstr[0] "b"\n',
    "plural without number": 'msgid "a"\nmsgid_plural "as"\nmsgstr "b"\n',
    "form left out": 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "b"\nmsgstr[2] "bs"\n',
    "forms turned round": 'msgid "a"\nmsgid_plural "as"\nmsgstr[1] "b"\nmsgstr[0] "bs"\n',
    "too few forms": 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "b"\n',
    "too many forms": 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "b"\nmsgstr[1] "bs"\nmsgstr[2] "bss"\n',
    "conflict": '<<<<<<< ours\nmsgid "a"\nmsgstr "b"\n=======\nmsgid "a"\nmsgstr "c"\n>>>>>>> theirs\n',
    "comment inside": 'msgid "a"\n# note\nmsgstr "b"\n',
    "half obsolete": '#~ msgid "a"\nmsgstr "b"\n',
    "damaged previous": '#| msgid "aa\nmsgid "a"\nmsgstr "b"\n',
    "a word": 'msgid "a"\nmsgstr "b"\nhello\n',
    "byte order mark": "\ufeff" + HEADER,
    "not UTF-8": b'msgid "a"\nmsgstr "caf\xe9"\n',
}


def rejected(folder: Path) -> bool:
    """Whether our reader refuses locales/es/LC_MESSAGES/tea.po of a folder."""
    try:
        translations.read(Project(folder), SPANISH, "tea")
    except HandoutsError:
        return True
    return False


def written_sample(folder: Path, sample: str | bytes) -> Path:
    """The catalog of a folder, made of a header and a sample."""
    raw = sample.encode() if isinstance(sample, str) else sample
    path = folder / translations.catalog_path("es", "tea")
    path.parent.mkdir(parents=True)
    path.write_bytes(raw if raw.startswith(b"\xef\xbb\xbf") else HEADER.encode() + raw)
    return path


@pytest.mark.parametrize("name", BAD)
def test_bad_sample(name: str, tmp_path: Path) -> None:
    """A damaged catalog is refused."""
    written_sample(tmp_path, BAD[name])
    assert rejected(tmp_path)


@pytest.mark.parametrize("name", GOOD)
def test_good_sample(name: str, tmp_path: Path) -> None:
    """A sound catalog is read, and written back as it was."""
    path = written_sample(tmp_path, GOOD[name])
    assert not rejected(tmp_path)
    assert po_reader.parse(path.read_bytes(), "x.po").text().encode() == path.read_bytes()


@pytest.mark.parametrize("name", [*BAD, *GOOD])
def test_msgfmt_agrees(name: str, tmp_path: Path) -> None:
    """GNU gettext refuses each of the bad samples and none of the good ones."""
    path = written_sample(tmp_path, (BAD | GOOD)[name])
    done = subprocess.run(["msgfmt", "--check", "--output-file", tmp_path / "tea.mo", path], capture_output=True, check=False)
    assert (done.returncode != 0) == (name in BAD)
