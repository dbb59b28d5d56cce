"""Several finished PDFs to one tagged PDF: a consent pack that a screen reader reads as it reads its parts.

Tags, languages, outlines, links and form fields of the parts are kept (ISO 14289-1 asks for all of them); the modules
below put them together, and here they become one catalog. Only stamps and filler pages are drawn, rendered by the caller.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from handouts import pack_pages
from handouts.form_fields import Form
from handouts.navigation import Item, Target, UnknownPartError, destinations, outline, write_outline
from handouts.pack_pages import Filler, Page, Stamps, Writer
from handouts.pdf_copying import Copier
from handouts.pdf_output import Output
from handouts.pdf_source import Source, opened
from handouts.pdf_syntax import MalformedError, Ref, text, written
from handouts.problems import HandoutsError, Place, Problem
from handouts.structure_tree import Tree, tagged

_FAULTS = (MalformedError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError, OverflowError)
_CLAIM = re.compile(rb"pdfuaid:part\s*(?:=\s*[\"']|>)\s*1\s*[\"'<]")


@dataclass(frozen=True)
class Part:
    """A finished PDF that becomes a part of the pack, with its title and language (BCP 47); problems call it `name`."""

    pdf: bytes
    title: str
    language: str
    name: str = "part.pdf"


@dataclass(frozen=True)
class Layout:
    """Where the parts stand in the pack; pages are counted from one."""

    starts: tuple[int, ...]
    """The page on which each part begins."""
    blank: tuple[int, ...]
    """The filler pages."""
    pages: int
    """How many pages there are."""


@dataclass(frozen=True)
class Assembled:
    """A finished pack."""

    pdf: bytes
    layout: Layout
    unfit: tuple[Part, ...] = ()
    """The parts that do not claim PDF/UA-1 themselves; the pack claims it only where there are none."""
    saved: int = 0
    """How many bytes of fonts and pictures are stored once that several parts have."""


@dataclass(frozen=True)
class _Opened:
    part: Part
    copier: Copier
    pages: list[Page]
    target: Target
    tagged: bool

    @property
    def source(self) -> Source:
        return self.copier.source


def layout(page_counts: Sequence[int], *, duplex: bool) -> Layout:
    """Where parts of so many pages stand; printed on both sides, each begins on a right-hand (odd) page."""
    starts, blank, page = [], [], 1
    for count in page_counts:
        if duplex and page % 2 == 0:
            blank.append(page)
            page += 1
        starts.append(page)
        page += count
    return Layout(tuple(starts), tuple(blank), page - 1)


def page_count(pdf: bytes, name: str = "part.pdf") -> int:
    """How many pages a PDF has; `name` is what problems call it."""
    return sum(1 for _, page in opened(pdf, name).pages() if page)


def assemble(
    parts: Sequence[Part],
    *,
    title: str,
    language: str,
    identifier: str,
    author: str = "",
    keywords: str = "",
    direction: str = "ltr",
    duplex: bool = False,
    stamps: bytes | None = None,
    filler: bytes | None = None,
) -> Assembled:
    """One PDF of all parts; the same input gives the same bytes.

    `stamps` has one page for every page of the pack, or one for all, drawn over it as a footer that is no content;
    `filler` is the page that stands on the blank back of a sheet. A link to `navigation.address(2)` leads to part 2.
    """
    output = Output()
    taken = [_opened(part, output) for part in parts]
    order = layout([len(each.pages) for each in taken], duplex=duplex)
    over = Stamps.read(output, opened(stamps, "stamps") if stamps else None)
    if len(over.forms) not in (0, 1, order.pages):
        raise ValueError(f"{len(over.forms)} stamps for {order.pages} pages")
    between = Filler(output, opened(filler, "filler") if filler else None)
    root, tree, fields = Ref(output.reserve()), Tree.planted(output), Form(output)
    targets = [each.target for each in taken]
    kids: list[Ref] = []
    named: list[tuple[bytes, Any]] = []
    items: list[Item] = []
    for number, each in enumerate(taken, 1):
        copier, part = each.copier, each.part
        with _told(part):
            if len(kids) + 1 in order.blank:
                kids.append(between.page(root, taken[number - 2].pages[-1], over, len(kids)))
            if each.tagged:
                tree.reserve(copier)
            joined = fields.join(copier, number, part.title)
            writer = Writer(copier, number, targets, tree, over, root, joined, len(kids), each.tagged)
            untagged = writer.write(each.pages)
            named += destinations(copier, number)
            items.append(outline(copier, number, targets))
            if each.tagged:
                tree.graft(copier, number, part.title, part.language)
            else:
                tree.stand_in(untagged, part.title, part.language)
            kids += [page.ref for page in each.pages]
    unfit = tuple(each.part for each in taken if not _claims(each))
    output.put_value(root, {"Type": "Pages", "Kids": kids, "Count": len(kids)})
    languages = tuple(dict.fromkeys([language, *(part.language for part in parts)]))
    catalog = {
        "Type": "Catalog",
        "Pages": root,
        "Lang": text(language),
        "StructTreeRoot": tree.finish(language),
        "MarkInfo": {"Marked": True},
        "Outlines": write_outline(output, items),
        "PageMode": "UseOutlines",
        "PageLabels": {"Nums": [0, {"S": "D"}]},
        "ViewerPreferences": {"DisplayDocTitle": True}
        | ({"Direction": "R2L"} if direction == "rtl" else {})
        | ({"Duplex": "DuplexFlipLongEdge"} if duplex else {}),
        "Metadata": metadata(output, title, author, keywords, languages, claimed=not unfit),
        **fields.entry(),
        **_layers(taken),
    }
    if named:
        catalog["Names"] = {"Dests": output.tree("Names", sorted(named, key=lambda entry: entry[0]))}
    version = max(["1.7", *(each.source.version for each in taken)])
    pdf = output.file(output.add(catalog), information(output, title, author, keywords), identifier, version)
    return Assembled(pdf, order, unfit, output.saved)


def _opened(part: Part, output: Output) -> _Opened:
    copier = Copier(opened(part.pdf, part.name), output)
    with _told(part):
        pages = pack_pages.pages(copier)
        return _Opened(part, copier, pages, pack_pages.target(part.title, pages[0]), tagged(copier))


@contextmanager
def _told(part: Part) -> Iterator[None]:
    """Turn what is wrong with a part into problems."""
    try:
        yield
    except UnknownPartError as fault:
        message, hint = f"a link leads to {fault}, which the pack does not have", "count the parts of the pack from one"
        raise HandoutsError(Problem(Place(part.name), "pack/link", message, hint)) from fault
    except _FAULTS as fault:
        message, hint = f"this PDF cannot be taken into a pack: {fault}", "open it and print it to a new PDF"
        raise HandoutsError(Problem(Place(part.name), "pack/read", message, hint)) from fault


def _claims(each: _Opened) -> bool:
    """Whether a part says of itself that it is PDF/UA-1 (ISO 14289-1, 5)."""
    source, metadata = each.source, each.source.catalog.get("Metadata")
    return (
        each.tagged
        and source.version < "2"
        and isinstance(metadata, Ref)
        and bool(_CLAIM.search(source.decoded(metadata.number)))
    )


def _layers(taken: Sequence[_Opened]) -> dict[str, Any]:
    """The optional content of all parts: what a part hides stays hidden (ISO 32000-1, 8.11.4)."""
    groups: list[Any] = []
    hidden: list[Any] = []
    for each in taken:
        source, copier = each.source, each.copier
        whole = source.dictionary(source.catalog.get("OCProperties"))
        usual = source.dictionary(whole.get("D"))
        own = source.array(whole.get("OCGs"))
        shown = source.array(usual.get("ON"))
        groups += copier.value(own)
        hidden += copier.value([group for group in own if group not in shown] if usual.get("BaseState") == "OFF" else [])
        hidden += copier.value(source.array(usual.get("OFF")))
    return {"OCProperties": {"OCGs": groups, "D": {"Order": groups, "OFF": hidden}}} if groups else {}


def information(output: Output, title: str, author: str, keywords: str) -> Ref:
    """The information dictionary, for readers that do not know XMP."""
    named = {"Title": title, "Author": author, "Keywords": keywords}
    return output.add({name: text(value) for name, value in named.items() if value})


def metadata(output: Output, title: str, author: str, keywords: str, languages: Sequence[str], *, claimed: bool) -> Ref:
    """The XMP packet (ISO 16684-1): title, author, keywords, languages, and the claim of PDF/UA-1 if it is made."""
    listed = "".join(f"<rdf:li>{escape(language)}</rdf:li>" for language in languages)
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        + (f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>" if author else "")
        + f"<dc:language><rdf:Bag>{listed}</rdf:Bag></dc:language>"
        + (f"<pdf:Keywords>{escape(keywords)}</pdf:Keywords>" if keywords else "")
        + ("<pdfuaid:part>1</pdfuaid:part>" if claimed else "")
        + '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    ).encode()
    number = output.reserve()
    output.put(number, written({"Type": "Metadata", "Subtype": "XML", "Length": len(packet)}), packet)
    return Ref(number)
