"""Gettext PO text to entries, strictly: nothing is guessed.

Unescaped quotes, duplicate messages, conflict markers, control characters and foreign charsets are
problems with a line number; all of a file are told at once. Each entry keeps the lines it was read
from (`po.Entry.raw`), so that what is not changed is written back byte for byte.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from handouts.po import ESCAPES, Entry, Key, PoFile
from handouts.problems import HandoutsError, Place, Problem

_UNESCAPE = re.compile(r"\\(.)", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\[ntr"\\abfv])*)"')
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d{1,3})\])?)\s*(.*)")
_PREVIOUS = re.compile(r"#\|\s*(?:(?:msgctxt|msgid|msgid_plural)\s*)?" + _STRING.pattern)
_CONFLICT = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")


def parse(raw: bytes, path: str) -> PoFile:
    """Read the bytes of a PO file; raises `HandoutsError` with every syntax problem found."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise HandoutsError(_problem(path, line, "this line is not UTF-8 text", "save the catalog as UTF-8")) from None
    if text.startswith("\ufeff"):
        raise HandoutsError(_problem(path, 1, "the file begins with an invisible byte order mark, which gettext refuses",
                                     "save the catalog as UTF-8 without BOM"))  # fmt: skip
    newline = "\r\n" if text.count("\r\n") == text.count("\n") > 0 else "\n"
    lines = text.split(newline)  # where both kinds occur, \r stays at the end of its line
    problems = list(_line_problems(lines, path))
    if problems:
        raise HandoutsError(*problems)
    entries: list[Entry] = []
    start = 0
    for first, last in _blocks(lines):
        entry, found = _entry(lines, first, last, path)
        problems += found
        if entry:
            entries.append(replace(entry, raw=tuple(lines[start : last + 1])))
            start = last + 1
    problems += _duplicates(entries, path)
    charset = re.search(r"charset=([^\s;]+)", PoFile(tuple(entries)).header.get("Content-Type", ""))
    if charset and charset[1].lower() not in ("utf-8", "utf8", "ascii", "us-ascii"):
        message = f'the header says charset "{charset[1]}"'
        line = PoFile(tuple(entries)).header_line("charset=")
        problems.append(_problem(path, line, message, "save the catalog as UTF-8 and say so in its header"))
    if problems:
        raise HandoutsError(*problems)
    return PoFile(tuple(entries), tuple(lines[start:]), newline)


def _problem(path: str, line: int, message: str, hint: str) -> Problem:
    return Problem(Place(path, line), "translation/syntax", message, hint)


def _line_problems(lines: list[str], path: str) -> Iterator[Problem]:
    for number, line in enumerate(lines, start=1):
        if line.startswith(_CONFLICT) and (line[:7] != "=======" or line.rstrip() == "======="):
            yield _problem(path, number, "a merge conflict was left here", "choose one side and delete the markers")
        for sign in dict.fromkeys(c for c in line.removesuffix("\r") if (ord(c) < 32 and c != "\t") or 0x7F <= ord(c) < 0xA0):
            yield _problem(path, number, f"the line holds the control character U+{ord(sign):04X}",
                           "delete it; most editors do not show it")  # fmt: skip


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line (from zero) of each entry, the empty lines after it included."""
    first: int | None = None
    seen_string = False
    last = -1
    for number, line in enumerate(lines):
        bare = line.strip()
        body = bare[2:].lstrip() if bare.startswith("#~") and not bare.startswith("#~|") else bare
        if not bare:
            if first is not None and seen_string:
                last = number
            continue
        opens = (body.startswith("#") or body.startswith(("msgctxt", "msgid"))) and not body.startswith("msgid_plural")
        if opens and seen_string and first is not None:
            yield first, last
            first, seen_string = None, False
        if first is None:
            first = number
        if body.startswith("msgstr"):
            seen_string = True
        last = number
    if first is not None and (seen_string or any(not _is_comment(line) for line in lines[first:])):
        yield first, last


def _is_comment(line: str) -> bool:
    bare = line.strip()
    return not bare or (bare.startswith("#") and not bare.startswith("#~"))


class _Draft:
    """The parts of an entry while its lines are read."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}
        self.lines: dict[str, int] = {}
        self.comments: dict[str, list[str]] = {"": [], ".": [], ":": [], ",": [], "|": []}
        self.obsolete: bool | None = None

    def has_string(self) -> bool:
        return any(keyword.startswith("msgstr") for keyword in self.fields)


def _entry(lines: list[str], first: int, last: int, path: str) -> tuple[Entry | None, list[Problem]]:
    draft, problems = _Draft(), []
    keyword = ""
    for number in range(first, last + 1):
        bare = lines[number].strip()
        obsolete = bare.startswith("#~")
        if obsolete:
            bare = bare[2:].lstrip()
            bare = f"#{bare}" if bare.startswith("|") else bare
        if not bare:
            continue
        if obsolete or not bare.startswith("#"):
            if draft.obsolete not in (None, obsolete):
                problems.append(_problem(path, number + 1, "only a part of this message is marked as obsolete (#~)",
                                         "mark all of its lines or none"))  # fmt: skip
            draft.obsolete = obsolete
        if bare.startswith("#|") and not _PREVIOUS.fullmatch(bare):
            problems.append(_problem(path, number + 1, "the note of the earlier English is damaged",
                                     "delete the lines of this message that begin with #|"))  # fmt: skip
        if bare.startswith("#"):
            if draft.fields:
                problems.append(_problem(path, number + 1, "a comment stands inside a message", "move it above the message"))
            kind = bare[1:2] if bare[1:2] in (".", ":", ",", "|") else ""
            draft.comments[kind].append(bare[1 + len(kind) :].strip())
            continue
        match = _KEYWORD.fullmatch(bare)
        rest = bare
        if match:
            keyword, rest = match[1], match[3]
            if keyword in ("msgctxt", "msgid") and keyword in draft.fields and not draft.has_string():
                return None, [
                    _problem(path, max(draft.lines.values()), "this message has no msgstr", 'add below it a line: msgstr ""')
                ]
            if keyword in draft.fields:
                problems.append(_problem(path, number + 1, f'a second "{keyword}" in one entry', "delete one of the two"))
            draft.fields[keyword] = []
            draft.lines.setdefault(keyword, number + 1)
        elif not bare.startswith('"') or not keyword:
            problems.append(_problem(path, number + 1, f'"{bare[:40]}" is not part of a message',
                                     "lines are comments (#), keywords (msgid ...) or texts in double quotes"))  # fmt: skip
            continue
        string = _STRING.fullmatch(rest)
        if string:
            draft.fields[keyword].append(_UNESCAPE.sub(lambda m: ESCAPES[m[1]], string[1]))
        else:
            problems.append(_problem(path, number + 1, f"the text of {keyword} is not well quoted",
                                     r'a text stands between two "; inside it a quotation mark is \" and a backslash \\'))  # fmt: skip
    if problems:
        return None, problems
    return _assembled(draft, first, path)


def _assembled(draft: _Draft, first: int, path: str) -> tuple[Entry | None, list[Problem]]:
    texts = {keyword: "".join(parts) for keyword, parts in draft.fields.items()}
    strings = [keyword for keyword in texts if keyword.startswith("msgstr")]
    line = draft.lines.get("msgid", first + 1)
    if "msgid" not in texts:
        return None, [_problem(path, first + 1, "this message has no msgid", "restore the line or delete the message")]
    if not strings:
        return None, [_problem(path, line, "this message has no msgstr", 'add below it a line: msgstr ""')]
    plural = texts.get("msgid_plural")
    expected = ["msgstr"] if plural is None else [f"msgstr[{i}]" for i in range(len(strings))]
    if list(texts) != [keyword for keyword in ("msgctxt", "msgid", "msgid_plural") if keyword in texts] + expected:
        hint = "the order is msgctxt, msgid, msgstr; with msgid_plural behind the msgid it is msgstr[0], msgstr[1] and so on"
        return None, [_problem(path, line, "the lines of this message do not fit together", hint)]
    return Entry(
        id=texts["msgid"],
        strings=tuple(texts[keyword] for keyword in strings),
        context=texts.get("msgctxt"),
        plural=plural,
        flags=tuple(flag.strip() for line in draft.comments[","] for flag in line.split(",") if flag.strip()),
        comments=tuple(draft.comments[""]),
        extracted=tuple(draft.comments["."]),
        references=tuple(name for line in draft.comments[":"] for name in line.split()),
        previous=tuple(draft.comments["|"]),
        obsolete=bool(draft.obsolete),
        line=line,
        string_line=draft.lines[strings[0]],
    ), []


def _duplicates(entries: list[Entry], path: str) -> Iterator[Problem]:
    seen: dict[Key, int] = {}
    for entry in entries:
        if entry.key in seen:
            yield _problem(path, entry.line, f"this message stands here a second time (first on line {seen[entry.key]})",
                           "keep the better of the two translations")  # fmt: skip
        seen.setdefault(entry.key, entry.line)
