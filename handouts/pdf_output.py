"""A PDF that is written: numbered objects, equal ones stored once, packed and compressed; the same calls give the same bytes."""

import hashlib
import itertools
import zlib
from collections.abc import Sequence
from typing import Any

from handouts.pdf_syntax import Ref, written

_PACKED = 1000
"""Objects that are compressed together: more are smaller, fewer are read faster one by one."""
_LEAF = 256
"""Entries in one node of a name or number tree."""


class Output:
    """The objects of a file to be."""

    def __init__(self) -> None:
        self._objects: list[tuple[bytes, bytes | None]] = [(b"", None)]
        self._same: dict[tuple[bytes, bytes | None], int] = {}
        self.saved = 0
        """How many bytes of streams were not stored again."""

    def reserve(self) -> int:
        """A number whose object comes later."""
        self._objects.append((b"null", None))
        return len(self._objects) - 1

    def put(self, number: int, body: bytes, data: bytes | None = None) -> None:
        """The object of a reserved number."""
        self._objects[number] = (body, data)

    def put_value(self, ref: Ref, value: Any) -> None:
        """The object of a reserved number, as a value."""
        self._objects[ref.number] = (written(value), None)

    def add(self, value: Any) -> Ref:
        """A new object."""
        self._objects.append((written(value), None))
        return Ref(len(self._objects) - 1)

    def share(self, body: bytes, data: bytes | None = None) -> int:
        """The number of an object that may be used by many: equal ones have one number."""
        found = self._same.setdefault((body, data), len(self._objects))
        if found == len(self._objects):
            self._objects.append((body, data))
        else:
            self.saved += len(data or b"")
        return found

    def stream(self, entries: dict[str, Any], data: bytes) -> Ref:
        """A compressed stream, stored once."""
        packed = zlib.compress(data)
        return Ref(self.share(written(entries | {"Filter": "FlateDecode", "Length": len(packed)}), packed))

    def tree(self, kind: str, entries: Sequence[tuple[Any, Any]]) -> Ref:
        """A name tree (`Names`) or number tree (`Nums`) of sorted entries, ISO 32000-1, 7.9.6."""
        parts = [entries[start : start + _LEAF] for start in range(0, len(entries), _LEAF)]
        if len(parts) < 2:
            return self.add({kind: list(itertools.chain.from_iterable(entries))})
        leaves = [
            self.add({"Limits": [part[0][0], part[-1][0]], kind: list(itertools.chain.from_iterable(part))}) for part in parts
        ]
        return self.add({"Kids": leaves})

    def file(self, root: Ref, info: Ref, identifier: str, version: str) -> bytes:
        """The whole file. Its first ID is made of the identifier, its second of what it holds."""
        chunks, at = [b"%%PDF-%s\n%%\xf0\x9f\x96\xa8\n" % version.encode()], 0
        at = len(chunks[0])
        rows: list[tuple[int, int, int]] = [(0, 0, 65535)] * len(self._objects)

        def place(number: int, body: bytes, data: bytes) -> None:
            nonlocal at
            chunk = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, body, data)
            rows[number] = (1, at, 0)
            chunks.append(chunk)
            at += len(chunk)

        plain = []
        for number, (body, data) in enumerate(self._objects[1:], 1):
            if data is None:
                plain.append(number)
            else:
                place(number, body, data)
        for start in range(0, len(plain), _PACKED):
            members = plain[start : start + _PACKED]
            bodies = [self._objects[number][0] for number in members]
            offsets = itertools.accumulate((len(body) + 1 for body in bodies), initial=0)
            head = b" ".join(b"%d %d" % pair for pair in zip(members, offsets, strict=False)) + b"\n"
            packed = zlib.compress(head + b"\n".join(bodies))
            whole = {"Type": "ObjStm", "N": len(members), "First": len(head), "Filter": "FlateDecode", "Length": len(packed)}
            for index, number in enumerate(members):
                rows[number] = (2, len(rows), index)
            rows.append((0, 0, 0))
            place(len(rows) - 1, written(whole), packed)
        rows.append((1, at, 0))
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk)
        table = zlib.compress(b"".join([b"%c%b%b" % (a, b.to_bytes(5), c.to_bytes(2)) for a, b, c in rows]))
        entries = {
            "Type": "XRef", "Size": len(rows), "W": [1, 5, 2], "Root": root, "Info": info,
            "ID": [hashlib.sha256(identifier.encode()).digest()[:16], digest.digest()[:16]],
            "Filter": "FlateDecode", "Length": len(table),
        }  # fmt: skip
        start = at
        place(len(rows) - 1, written(entries), table)
        chunks.append(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(chunks)
