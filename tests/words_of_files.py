"""What can be read in a file by whoever opens it up: to look for what should not be there."""

import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdf


def texts(path: Path) -> Iterator[bytes]:
    """The bytes of a file, those of the streams in it, and the words on its pages when it holds a PDF."""
    data = path.read_bytes()
    yield data
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            yield zlib.decompressobj().decompress(data[match.end() :])
        except zlib.error:
            continue
    at = data.find(b"%PDF-")
    if at >= 0:
        for page in pypdf.PdfReader(io.BytesIO(data[at:])).pages:
            yield page.extract_text().encode()
