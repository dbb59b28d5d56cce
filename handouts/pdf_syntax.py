"""The values of PDF (ISO 32000-1, 7.3) as Python values, and back to bytes.

null, true, numbers, arrays and dictionaries are None, bool, int and float, list and dict; a name is a str
without its slash, a string is bytes, a reference is a `Ref`. Streams are not values: they are a dictionary and data.
"""

import re
from typing import Any, NamedTuple


class Ref(NamedTuple):
    """A reference to the object of this number."""

    number: int


class MalformedError(Exception):
    """Bytes that this small reader does not understand."""


def _literal(depth: int) -> bytes:
    inside = rb"[^()\\]|\\[\s\S]" + (b"|" + _literal(depth - 1) if depth else b"")
    return rb"\((?:" + inside + rb")*+\)"


SPACE = rb"[\0\t\n\f\r ]"
END = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"
LITERAL = _literal(4)
HEXADECIMAL = rb"<[0-9A-Fa-f\0\t\n\f\r ]*+>"
COMMENT = rb"%[^\r\n]*+"
REFERENCE = rb"(\d+)" + SPACE + rb"++\d+" + SPACE + rb"++R" + END

_TOKEN = re.compile(
    rb"(?:" + SPACE + rb"|" + COMMENT + rb")*+(?:"
    rb"(?P<reference>" + REFERENCE + rb")"
    rb"|/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]*+)"
    rb"|(?P<integer>[+-]?\d++)(?![.\d])"
    rb"|(?P<real>[+-]?(?:\d+\.\d*|\.\d+))"
    rb"|(?P<literal>" + LITERAL + rb")"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<hexadecimal>" + HEXADECIMAL + rb")"
    rb"|(?P<word>true|false|null)" + END + rb")"
)  # fmt: skip
_WORDS = {b"true": True, b"false": False, b"null": None}
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|[\s\S])|\r\n?")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}


def parse(data: bytes, at: int = 0) -> tuple[Any, int]:
    """The value that begins at `at`, and where it ends."""
    outer: list[list[Any]] = []
    items: list[Any] = []
    while True:
        token = _TOKEN.match(data, at)
        if token is None:
            raise MalformedError(f"no value at {at}: {data[at : at + 20]!r}")
        at = token.end()
        kind = token.lastgroup
        if kind == "reference":
            items.append(Ref(int(token[2])))
        elif kind == "name":
            items.append(token["name"].decode("latin-1"))
        elif kind == "integer":
            items.append(int(token["integer"]))
        elif kind == "open":
            outer.append(items)
            items = []
        elif kind == "close":
            if not outer:
                raise MalformedError(f"a closing bracket too many at {at}")
            whole = items if token["close"] == b"]" else _dictionary(items)
            items = outer.pop()
            items.append(whole)
        elif kind == "real":
            items.append(float(token["real"]))
        elif kind == "word":
            items.append(_WORDS[token["word"]])
        elif kind == "literal":
            items.append(_ESCAPE.sub(_unescaped, token["literal"][1:-1]))
        else:
            digits = b"".join(token["hexadecimal"][1:-1].translate(None, b"\0\f").split())
            items.append(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
        if not outer:
            return items[0], at


def _dictionary(items: list[Any]) -> dict[str, Any]:
    if len(items) % 2 or not all(isinstance(key, str) for key in items[::2]):
        raise MalformedError("a dictionary that is not made of names and values")
    return dict(zip(items[::2], items[1::2], strict=True))


def _unescaped(match: re.Match[bytes]) -> bytes:
    after = match[1]
    if after is None:
        return b"\n"
    return bytes([int(after, 8) & 255]) if after.isdigit() and after < b"8" else _ESCAPED.get(after, after)


def written(value: Any) -> bytes:
    """The value as it stands in a file."""
    if isinstance(value, str):
        return b"/" + value.encode("latin-1")
    if isinstance(value, Ref):
        return b"%d 0 R" % value.number
    if isinstance(value, dict):
        return b"<<" + b"".join(b"/%s %s" % (key.encode("latin-1"), written(entry)) for key, entry in value.items()) + b">>"
    if isinstance(value, list | tuple):
        return b"[" + b" ".join([written(entry) for entry in value]) + b"]"
    if isinstance(value, bytes):
        return b"(" + re.sub(rb"[\\()]", rb"\\\g<0>", value).replace(b"\r", b"\\r") + b")"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").encode()
    return b"null" if value is None else b"%d" % value


def text(words: str) -> bytes:
    """A text string (ISO 32000-1, 7.9.2.2): plain where it is ASCII, else UTF-16."""
    return words.encode() if words.isascii() else b"\xfe\xff" + words.encode("utf-16-be")


def words(string: bytes) -> str:
    """What a text string says."""
    for mark, encoding in ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8")):
        if string.startswith(mark):
            return string[len(mark) :].decode(encoding, "replace")
    return string.decode("latin-1")
