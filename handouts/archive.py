"""A finished PDF to one for keeping: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) at once.

WeasyPrint writes one of the two. What PDF/A asks beyond our PDF/UA pages is added afterwards, so that
assembled packs can be kept too: the meaning of the colours, both claims in one XMP packet, printable
annotations. What it forbids and we never make (scripts, encryption, attachments) is not looked for.
"""

import io
import re
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from handouts.problems import HandoutsError, Place, Problem

PRINTED = 4
"""The annotation flag Print (ISO 32000-1, table 165)."""

UNSEEN = 0b100011
"""The flags Invisible, Hidden and NoView, which PDF/A forbids."""

SCHEMA = """\
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""The second claim, and the description PDF/A wants of a property that it does not know: PDF/UA's."""


def archival(data: bytes, profile: bytes, name: str) -> bytes:
    """A tagged PDF/UA-1 file that is PDF/A-2a as well; the same input gives the same bytes.

    `profile` is the ICC profile of the colours, `name` is what problems call the file.
    """
    reader = pypdf.PdfReader(io.BytesIO(data))
    catalog: Any = reader.trailer["/Root"]
    metadata = catalog.get("/Metadata")
    packet = metadata.get_object().get_data().decode() if metadata is not None else ""
    if "pdfuaid" not in packet or "/StructTreeRoot" not in catalog or "/ID" not in reader.trailer:
        raise HandoutsError(
            Problem(Place(name), "archive/tagged", "only a tagged page with its identifier can be made one for keeping",
                    "give it a file that handouts has made")
        )  # fmt: skip
    writer = pypdf.PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    root: Any = writer.root_object
    writer._replace_object(root.raw_get("/Metadata"), _packet(packet))
    if "/OutputIntents" not in root:
        root[NameObject("/OutputIntents")] = ArrayObject([writer._add_object(_intent(writer, profile))])
    if "/AcroForm" in root:
        root["/AcroForm"].get_object().pop("/NeedAppearances", None)
    for page in writer.pages:
        for annotation in page.get("/Annots", ArrayObject()).get_object():
            thing = annotation.get_object()
            if thing.get("/Subtype") != "/Popup":
                thing[NameObject("/F")] = NumberObject(int(thing.get("/F", 0)) & ~UNSEEN | PRINTED)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _packet(packet: str) -> StreamObject:
    """The XMP packet with both claims; PDF/A forbids nothing but compression of it in its first part."""
    both = packet if "pdfaid:part" in packet else re.sub(r"(?=</rdf:RDF>)", SCHEMA, packet, count=1)
    stream = StreamObject()
    stream.set_data(both.encode())
    stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    return stream


def _intent(writer: pypdf.PdfWriter, profile: bytes) -> DictionaryObject:
    """What the red, green and blue of the file mean."""
    stream = StreamObject()
    stream.set_data(profile)
    stream[NameObject("/N")] = NumberObject(3)
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): TextStringObject("sRGB"),
            NameObject("/Info"): TextStringObject("sRGB IEC61966-2.1"),
            NameObject("/DestOutputProfile"): writer._add_object(stream.flate_encode()),
        }
    )
