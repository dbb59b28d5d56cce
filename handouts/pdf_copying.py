"""Objects of a source taken over into an output: their bytes as they are, with the references renumbered.

What hangs below pages (fonts, pictures, annotations' looks) is copied from the leaves up, so that equal objects
are found and stored once; what refers to itself in rings (the structure tree) is copied from the top down.
"""

import re
from collections.abc import Callable
from typing import Any

from handouts.pdf_output import Output
from handouts.pdf_source import Source
from handouts.pdf_syntax import COMMENT, END, HEXADECIMAL, LITERAL, REFERENCE, SPACE, Ref, parse, written

_LIVE = rb"/(StructParents?)" + SPACE + rb"*+(\d+)|" + REFERENCE
_LIVE_ALONE = re.compile(_LIVE)
_LIVE_AMONG_STRINGS = re.compile(_LIVE + rb"|" + LITERAL + rb"|" + HEXADECIMAL + rb"|" + COMMENT)
_LAYER = re.compile(rb"/Type\s*/OCG" + END)

Number = Callable[[int], int]
"""The new number of an old one; 0 where the object is not taken over."""


class Copier:
    """One source on its way into the output. `numbers` says what became of an object, `keys` of a structure parent key."""

    def __init__(self, source: Source, output: Output) -> None:
        self.source, self.output = source, output
        self.numbers: dict[int, int] = {}
        self.keys: dict[int, int] = {}
        self._begun: set[int] = set()

    def claim(self, ref: Any) -> int:
        """Reserve the number of an object that somebody puts later, changed."""
        if ref.number not in self.numbers:
            self.numbers[ref.number] = self.output.reserve()
        return self.numbers[ref.number]

    def resource(self, old: int) -> int:
        """The new number of an object with all that hangs below it, shared with equal ones."""
        number = self.numbers.get(old)
        if number is not None:
            return number
        raw = self.source.bodies.get(old)
        if raw is None:
            return 0
        if old in self._begun:  # a ring: it needs its number before it is written
            return self.claim(Ref(old))
        self._begun.add(old)
        body, data = self.body(raw, self.resource), self.source.data.get(old)
        number = self.numbers.get(old)
        if number is None and not _LAYER.search(body):  # two layers of the same name are still two
            number = self.output.share(body, data)
        else:
            number = self.claim(Ref(old))
            self.output.put(number, body, data)
        self.numbers[old] = number
        return number

    def value(self, value: Any, number: Number | None = None) -> Any:
        """The value with its references renumbered."""
        number = number or self.resource
        if isinstance(value, Ref):
            found = number(value.number)
            return Ref(found) if found else None
        if isinstance(value, list):
            return [self.value(entry, number) for entry in value]
        if isinstance(value, dict):
            return {
                key: self.keys[entry] if key.startswith("StructParent") else self.value(entry, number)
                for key, entry in value.items()
                if not key.startswith("StructParent") or entry in self.keys
            }
        return value

    def body(self, raw: bytes, number: Number) -> bytes:
        """The object's bytes with their references renumbered."""

        def renumbered(match: re.Match[bytes]) -> bytes:
            old = match[3]
            if old:
                return b"%d 0 R" % (number(int(old)) or self._nothing())
            if match[1]:
                key = self.keys.get(int(match[2]))
                return b"" if key is None else b"/%s %d" % (match[1], key)
            return match[0]

        return (_LIVE_AMONG_STRINGS if b"(" in raw or b"%" in raw else _LIVE_ALONE).sub(renumbered, raw)

    def _nothing(self) -> int:
        return self.output.share(b"null")

    def put(self, ref: Any, value: Any) -> None:
        """An object of the source in its new form, whose references are still the source's."""
        self.output.put(self.claim(ref), written(self.value(value)))

    def down(self, mended: Callable[[bytes], bytes]) -> Number:
        """A way of numbering that puts off what it meets until `settle`; `mended` may change an object's bytes before."""
        self._mended = mended
        self._waiting: list[int] = []

        def number(old: int) -> int:
            found = self.numbers.get(old)
            if found is None:
                if old not in self.source.bodies:
                    return 0
                found = self.numbers[old] = self.output.reserve()
                self._waiting.append(old)
            return found

        return number

    def settle(self, number: Number) -> None:
        """Write everything that was put off."""
        for old in self._waiting:  # it grows while we go
            body = self.body(self._mended(self.source.bodies[old]), number)
            self.output.put(self.numbers[old], body, self.source.data.get(old))
        self._waiting.clear()


def reparsed(raw: bytes, change: Callable[[Any], Any]) -> bytes:
    """An object's bytes after a change of its value."""
    return written(change(parse(raw)[0]))
