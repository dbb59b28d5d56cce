"""A PDF that is read: its objects as the bytes they are, parsed only where somebody asks.

What WeasyPrint and pypdf write is read here, at some hundred thousand objects a second; any other file (repaired,
encrypted with an empty password, saved in steps) goes through pypdf first, which understands nearly everything.
"""

import io
import itertools
import logging
import re
import zlib
from collections.abc import Iterator
from typing import Any

from handouts.pdf_syntax import MalformedError, Ref, parse
from handouts.problems import HandoutsError, Place, Problem

_INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
_A4 = [0, 0, 595.275591, 841.889764]
_OBJECT = re.compile(rb"\s*(\d+)\s+\d+\s+obj\b")
_STREAM = re.compile(rb"\s*stream(?:\r\n|\n)")
_STREAM_END = re.compile(rb"\s*endstream")
_TABLE_ROW = re.compile(rb"\s*(\d{10}) (\d{5}) ([nf])")

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what it mends in foreign files is told to nobody


class Source:
    """The objects of one PDF by number: `bodies` as bytes, `data` of those that are streams."""

    def __init__(self, pdf: bytes) -> None:
        self.version = pdf[5:8].decode("latin-1")
        self.bodies: dict[int, bytes] = {}
        self.data: dict[int, bytes] = {}
        self._values: dict[int, Any] = {}
        self._pdf = pdf
        end = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", pdf[-1024:])
        if end is None:
            raise MalformedError("no end")
        self._offsets: dict[int, int] = {}
        packed = self._entries(int(end[1]))
        if self.trailer.keys() & {"Prev", "XRefStm", "Encrypt"}:
            raise MalformedError("more than one section, or encrypted")
        for number in self._offsets:
            self._read(number)
        for number in dict.fromkeys(packed):
            self._unpack(number)
        self.catalog: dict[str, Any] = self.get(self.trailer["Root"])
        self.version = max(self.version, str(self.catalog.get("Version", "")))

    def get(self, value: Any) -> Any:
        """The value itself, or what it refers to; null where there is nothing."""
        for _ in range(32):
            if not isinstance(value, Ref):
                return value
            number = value.number
            if number not in self._values:
                self._values[number] = parse(self.bodies[number])[0] if number in self.bodies else None
            value = self._values[number]
        raise MalformedError("references in a ring")

    def dictionary(self, value: Any) -> dict[str, Any]:
        """The dictionary meant by a value; an empty one where it is something else."""
        found = self.get(value)
        return found if isinstance(found, dict) else {}

    def array(self, value: Any) -> list[Any]:
        """The array meant by a value; one of one where it is a single value, an empty one for null."""
        found = self.get(value)
        return found if isinstance(found, list) else [] if found is None else [value]

    def pages(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The pages in order: object number, and the dictionary with what it inherits; page tree nodes come as (number, {})."""
        stack: list[tuple[Any, dict[str, Any]]] = [(self.catalog["Pages"], {})]
        seen: set[int] = set()
        while stack:
            ref, inherited = stack.pop()
            node = self.get(ref)
            if not isinstance(ref, Ref) or ref.number in seen or not isinstance(node, dict):
                raise MalformedError("a page tree that is none")
            seen.add(ref.number)
            known = inherited | {key: node[key] for key in _INHERITED if key in node}
            if "Kids" in node:
                yield ref.number, {}
                stack += [(kid, known) for kid in reversed(self.get(node["Kids"]))]
            else:
                yield ref.number, {"MediaBox": _A4} | known | node

    def leaves(self, root: Any, kind: str) -> list[tuple[Any, Any]]:
        """The keys and values of a name tree (`Names`) or number tree (`Nums`), ISO 32000-1, 7.9.6."""
        found: list[tuple[Any, Any]] = []
        stack, seen = [root], set()
        while stack:
            ref = stack.pop()
            if isinstance(ref, Ref):
                if ref.number in seen:
                    raise MalformedError("a tree with a ring")
                seen.add(ref.number)
            node = self.dictionary(ref)
            entries = self.array(node.get(kind))
            found += [(self.get(key), value) for key, value in zip(entries[::2], entries[1::2], strict=False)]
            stack += reversed(self.array(node.get("Kids")))
        return found

    def decoded(self, number: int) -> bytes:
        """The data of a stream, decompressed."""
        entries, data = self.get(Ref(number)), self.data.get(number, b"")
        filters = self.array(entries.get("Filter"))
        if not filters:
            return data
        if filters == ["FlateDecode"] and self.get(entries.get("DecodeParms")) is None:
            try:
                return zlib.decompress(data)
            except zlib.error as fault:
                raise MalformedError(str(fault)) from fault
        raise MalformedError(f"compressed with {filters}")

    def _entries(self, at: int) -> list[int]:
        if self._pdf[at : at + 4] == b"xref":
            return self._table(at + 4)
        self._offsets[0] = at
        number = self._read(0)
        self.trailer: dict[str, Any] = self.get(Ref(number))
        rows = self.decoded(number)
        widths = self.trailer.get("W")
        if not isinstance(widths, list) or len(widths) != 3 or sum(widths) == 0:
            raise MalformedError("a table without columns")
        index = self.trailer.get("Index", [0, self.trailer["Size"]])
        numbers = itertools.chain.from_iterable(itertools.starmap(_span, zip(index[::2], index[1::2], strict=True)))
        first, second = widths[0], widths[0] + widths[1]
        packed = []
        self._offsets.clear()
        for start, entry in zip(range(0, len(rows), sum(widths)), numbers, strict=False):
            kind = int.from_bytes(rows[start : start + first]) if first else 1
            where = int.from_bytes(rows[start + first : start + second])
            if kind == 1 and entry != number:
                self._offsets[entry] = where
            elif kind == 2:
                packed.append(where)
        for gone in (number, 0):
            self.bodies.pop(gone, None)
            self.data.pop(gone, None)
        return packed

    def _table(self, at: int) -> list[int]:
        while section := re.compile(rb"\s*(\d+) (\d+)\s*\n").match(self._pdf, at):
            at = section.end()
            for number in _span(int(section[1]), int(section[2])):
                row = _TABLE_ROW.match(self._pdf, at)
                if row is None:
                    raise MalformedError("a row of the table is broken")
                at = row.end()
                if row[3] == b"n":
                    self._offsets[number] = int(row[1])
        trailer = re.compile(rb"\s*trailer").match(self._pdf, at)
        if trailer is None:
            raise MalformedError("no trailer")
        self.trailer = parse(self._pdf, trailer.end())[0]
        return []

    def _read(self, number: int) -> int:
        """Read the object at its offset; returns the number it says it has."""
        head = _OBJECT.match(self._pdf, self._offsets[number])
        if head is None or number not in (0, int(head[1])):
            raise MalformedError(f"object {number} is not where it should be")
        number = int(head[1])
        value, end = parse(self._pdf, head.end())
        self.bodies[number], self._values[number] = self._pdf[head.end() : end].strip(), value
        stream = _STREAM.match(self._pdf, end)
        if stream:
            length = value["Length"]
            if isinstance(length, Ref):
                length = parse(self._pdf, _OBJECT.match(self._pdf, self._offsets[length.number]).end())[0]  # type: ignore[union-attr]  # the table of offsets is made of matches
            self.data[number] = self._pdf[stream.end() : stream.end() + length]
            if not _STREAM_END.match(self._pdf, stream.end() + length):
                raise MalformedError(f"stream {number} has another length")
        return number

    def _unpack(self, number: int) -> None:
        entries = self.get(Ref(number))
        data = self.decoded(number)
        first = entries["First"]
        head = [int(word) for word in data[:first].split()]
        starts = [first + offset for offset in head[1::2]]
        for inner, start, end in zip(head[::2], starts, [*starts[1:], len(data)], strict=True):
            self.bodies[inner] = data[start:end].strip()
        del self.bodies[number], self.data[number]


def _span(start: int, count: int) -> range:
    return range(start, start + count)


def opened(pdf: bytes, name: str) -> Source:
    """A PDF's objects; `name` is what problems call it. Broken and locked files are problems."""
    faults = (MalformedError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError, OverflowError)
    try:
        return _checked(Source(pdf))
    except faults:
        pass
    try:
        return _checked(Source(_rewritten(pdf)))
    except (*faults, OSError, NotImplementedError, AssertionError) as fault:
        raise _refused(name, str(fault)) from fault


def _checked(source: Source) -> Source:
    for _ in source.pages():
        pass
    return source


def _rewritten(pdf: bytes) -> bytes:
    import pypdf
    import pypdf.errors

    try:
        whole = io.BytesIO()
        pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf))).write(whole)
        return whole.getvalue()
    except (pypdf.errors.PyPdfError, pypdf.errors.DependencyError) as fault:
        raise MalformedError(str(fault)) from fault


def _refused(name: str, fault: str) -> HandoutsError:
    return HandoutsError(
        Problem(
            Place(name),
            "pack/read",
            f"this PDF cannot be read: {fault}",
            "open it and print it to a new PDF without a password",
        )
    )
