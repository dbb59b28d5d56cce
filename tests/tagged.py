"""The tags of a PDF as another library reads them: elements, content, the way back."""

import re
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, IndirectObject


def catalog(reader: pypdf.PdfReader) -> Any:
    """The catalog of a file."""
    return reader.trailer["/Root"]


def kids(element: Any) -> list[Any]:
    """What an element holds: elements, references to content, numbers of content."""
    found = element.get("/K", [])
    return list(found) if isinstance(found, ArrayObject) else [element.raw_get("/K")] if "/K" in element else []


def elements(reader: pypdf.PdfReader) -> Iterator[tuple[IndirectObject, Any, Any]]:
    """All elements in the order of the tree, each with its reference and the one above it."""
    stack = [(ref, catalog(reader).raw_get("/StructTreeRoot")) for ref in kids(catalog(reader)["/StructTreeRoot"])]
    while stack:
        ref, above = stack.pop()
        element = ref.get_object()
        yield ref, element, above
        stack += [(kid, ref) for kid in reversed(kids(element)) if isinstance(kid, IndirectObject) and "/S" in kid.get_object()]


def content(element: Any) -> Iterator[tuple[IndirectObject, int]]:
    """The page and number of all content that an element holds itself."""
    for kid in kids(element):
        whole = kid.get_object()
        if isinstance(whole, int):
            yield element.raw_get("/Pg"), whole
        elif whole.get("/Type") == "/MCR":
            yield whole.raw_get("/Pg") if "/Pg" in whole else element.raw_get("/Pg"), whole["/MCID"]


def parents(reader: pypdf.PdfReader) -> dict[int, Any]:
    """The parent tree as a mapping."""
    found: dict[int, Any] = {}
    stack = [catalog(reader)["/StructTreeRoot"]["/ParentTree"]]
    while stack:
        node = stack.pop().get_object()
        entries = list(node.get("/Nums", []))
        found |= dict(zip(entries[::2], entries[1::2], strict=True))
        stack += list(node.get("/Kids", []))
    return found


def marks(page: Any) -> list[int]:
    """The numbers of content on a page, as they are drawn."""
    return [int(mark) for mark in re.findall(rb"/MCID (\d+)", page.get_contents().get_data())]


def goal(reader: pypdf.PdfReader, annotation: Any) -> int:
    """The page a link leads to, counted from nought."""
    target = annotation["/Dest"]
    if not isinstance(target, ArrayObject):
        return int(reader.get_destination_page_number(reader.named_destinations[str(target)]) or 0)
    return next(i for i, page in enumerate(reader.pages) if page.indirect_reference == target[0])
