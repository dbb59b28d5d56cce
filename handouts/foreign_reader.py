"""Reads one PDF from elsewhere, takes out all that acts by itself, and writes the rest.

Run as a process of its own by `foreign`, under limits of memory and time: whatever a hostile file
does to a reader happens here. The password comes on standard input; facts go out as JSON.
"""

import io
import json
import resource
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from pypdf import PasswordType, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

PASSIVE = frozenset({"/GoTo", "/URI"})
"""The actions that stay: a jump inside the document, and a web address."""

ADDRESSES = ("http://", "https://", "mailto:", "tel:")

ACTIVE_KEYS = {
    "/AA": "actions that start by themselves",
    "/OpenAction": "actions that start by themselves",
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/XFA": "XFA forms",
    "/EF": "embedded files",
    "/AF": "embedded files",
    "/EmbeddedFiles": "embedded files",
    "/Collection": "embedded files",
    "/RichMediaContent": "sound, film or 3D",
    "/RichMediaSettings": "sound, film or 3D",
    "/Movie": "sound, film or 3D",
    "/Sound": "sound, film or 3D",
    "/3DD": "sound, film or 3D",
    "/Rendition": "sound, film or 3D",
    "/Ref": "references to other files",
    "/OPI": "references to other files",
    "/FFilter": "references to other files",
}
"""Entries that act or reach out, and what a person calls them."""

ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/Movie", "/Screen", "/Sound", "/3D", "/RichMedia"})


class RefusedError(Exception):
    """The file cannot be taken; the message says why, in words for the clinic."""


def main() -> int:
    """Read the file named on the command line; write the clean one and say what was taken out."""
    source, target, memory, pages = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    facts: dict[str, object]
    try:
        removed, count = clean(source, target, sys.stdin.readline().rstrip("\n"), pages)
        facts = {"removed": removed, "pages": count}
    except RefusedError as fault:
        facts = {"fault": str(fault)}
    except MemoryError:
        facts = {"fault": "it needs more memory than a file of pages should"}
    except RecursionError:
        facts = {"fault": "it is nested without end"}
    except Exception as fault:  # pypdf lets through what a damaged file provokes
        facts = {"fault": f"it is damaged ({type(fault).__name__}: {str(fault)[:120]})"}
    sys.stdout.write(json.dumps(facts) + "\n")
    return 0


def clean(source: Path, target: Path, password: str, most: int) -> tuple[dict[str, int], int]:
    """Write a clean copy; returns what was taken out how often, and the number of pages."""
    reader = PdfReader(io.BytesIO(source.read_bytes()))
    if reader.is_encrypted and reader.decrypt(password) is PasswordType.NOT_DECRYPTED:
        raise RefusedError("the password is wrong" if password else "it is locked with a password")
    count = len(reader.pages)
    if not count:
        raise RefusedError("it has no pages")
    if count > most:
        raise RefusedError(f"it has {count} pages, more than {most}")
    writer = PdfWriter(clone_from=reader)
    removed: Counter[str] = Counter()
    for thing in list(writer._objects):
        if thing is not None:
            _scrub(thing, removed)
    for page in writer.pages:
        page.get_contents()  # unreadable contents are told here, not on paper
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    with target.open("wb") as file:
        writer.write(file)
    return dict(removed), count


def _scrub(thing: Any, removed: "Counter[str]") -> None:
    """Take what acts out of an object and all that stands directly in it."""
    if isinstance(thing, ArrayObject):
        for index in reversed(range(len(thing))):
            element = thing[index]
            if _annotation(element):
                removed["sound, film or 3D" if _annotation(element) != "/FileAttachment" else "embedded files"] += 1
                del thing[index]
            elif not isinstance(element, IndirectObject):
                _scrub(element, removed)
    elif isinstance(thing, DictionaryObject):
        for key in list(thing):
            if key in ACTIVE_KEYS:
                removed[ACTIVE_KEYS[key]] += 1
                del thing[key]
            elif key in {"/A", "/Next", "/PA"} and (name := _active(thing.raw_get(key))):
                removed[name] += 1
                del thing[key]
            elif key == "/F" and isinstance(thing, StreamObject):
                removed["references to other files"] += 1
                del thing[key]
            elif not isinstance(thing.raw_get(key), IndirectObject):
                _scrub(thing.raw_get(key), removed)


def _annotation(element: Any) -> str:
    """The kind of an annotation that acts; empty for everything else."""
    value: Any = element.get_object() if isinstance(element, IndirectObject) else element
    kind = value.get("/Subtype") if isinstance(value, DictionaryObject) else None
    return str(kind) if kind in ACTIVE_ANNOTATIONS and "/Rect" in value else ""


def _active(action: Any) -> str:
    """What a person calls an action that does more than jump; empty where it is harmless."""
    value = action.get_object() if isinstance(action, IndirectObject) else action
    for each in value if isinstance(value, ArrayObject) else [value]:
        step = each.get_object() if isinstance(each, IndirectObject) else each
        if not isinstance(step, DictionaryObject) or "/S" not in step:
            continue
        kind = step.get("/S")
        if kind == "/JavaScript":
            return "JavaScript"
        if str(kind) not in PASSIVE or (kind == "/URI" and not str(step.get("/URI", "")).lower().startswith(ADDRESSES)):
            return "links that start programs or open files"
    return ""


if __name__ == "__main__":
    sys.exit(main())
