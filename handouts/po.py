"""The entries of a PO catalog, and how they are written: one not changed keeps its own lines.

The syntax is GNU gettext's (manual, "The Format of PO Files"). Reading is `po_reader`'s work, what
the entries mean is `translations`'.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
LETTERS = {sign: letter for letter, sign in ESCAPES.items()}

Key = tuple[str | None, str]


@dataclass(frozen=True)
class Entry:
    """One message: its texts, comments and flags, and the lines it stands on (counted from one)."""

    id: str
    strings: tuple[str, ...]
    context: str | None = None
    plural: str | None = None
    flags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    obsolete: bool = False
    line: int = field(default=0, compare=False)
    string_line: int = field(default=0, compare=False)
    raw: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def key(self) -> Key:
        """What makes a message unique in its file."""
        return self.context, self.id

    @property
    def fuzzy(self) -> bool:
        """Whether a translator must still look at it: never printed."""
        return "fuzzy" in self.flags

    @property
    def complete(self) -> bool:
        """Whether every form is translated, and by a person's decision."""
        return bool(self.strings) and all(s.strip() for s in self.strings) and not self.fuzzy


@dataclass(frozen=True)
class PoFile:
    """The entries of a file in its own order; the first may be the header (empty id)."""

    entries: tuple[Entry, ...]
    tail: tuple[str, ...] = ()
    newline: str = "\n"

    @property
    def header(self) -> dict[str, str]:
        """The header fields, such as Plural-Forms."""
        text = next((e.strings[0] for e in self.entries if e.id == "" and e.context is None and not e.obsolete), "")
        pairs = (line.split(":", 1) for line in text.split("\n") if ":" in line)
        return {name.strip(): value.strip() for name, value in pairs}

    def header_line(self, name: str) -> int:
        """The line a header field stands on, or the first of the file."""
        first = self.entries[0].raw if self.entries else ()
        return next((number for number, line in enumerate(first, start=1) if name in line), 1)

    def text(self) -> str:
        """The whole file: entries read from a file give their own lines back."""
        lines = [line for entry in self.entries for line in (entry.raw or written(entry))]
        return self.newline.join([*lines, *self.tail])


def escaped(text: str) -> str:
    """A text as it stands between quotes in a PO file."""
    return "".join(f"\\{LETTERS[sign]}" if sign in LETTERS else sign for sign in text)


def written(entry: Entry) -> tuple[str, ...]:
    """The lines of a new or changed entry, unwrapped, with the empty line after it."""
    mark = "#~ " if entry.obsolete else ""

    def field_lines(keyword: str, text: str) -> Iterator[str]:
        if "\n" in text[:-1]:
            yield f'{mark}{keyword} ""'
            for part in text.splitlines(keepends=True):
                yield f'{mark}"{escaped(part)}"'
        else:
            yield f'{mark}{keyword} "{escaped(text)}"'

    lines = [f"# {comment}".rstrip() for comment in entry.comments]
    if not entry.obsolete:
        lines += [f"#. {comment}" for comment in entry.extracted]
        lines += [f"#: {reference}" for reference in entry.references]
    if entry.flags:
        lines.append(f"#, {', '.join(entry.flags)}")
    lines += [f"#{'~' if entry.obsolete else ''}| {previous}" for previous in entry.previous]
    if entry.context is not None:
        lines += field_lines("msgctxt", entry.context)
    lines += field_lines("msgid", entry.id)
    if entry.plural is None:
        lines += field_lines("msgstr", entry.strings[0] if entry.strings else "")
    else:
        lines += field_lines("msgid_plural", entry.plural)
        for index, string in enumerate(entry.strings):
            lines += field_lines(f"msgstr[{index}]", string)
    return (*lines, "")
