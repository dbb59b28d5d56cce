"""`python -m benchmarks.stand_ins build …`: `handouts build` with an empty sheet for every page.

For what does not depend on what is on a page, such as a build that finds everything made: it says the same, and leaves
the same records, as a build with that command line, hours sooner.
"""

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import pypdf

from handouts import build, printing
from handouts.cli import main


def _sheet() -> bytes:
    """A PDF with one empty page."""
    writer, data = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(data)
    return data.getvalue()


def run(words: list[str]) -> int:
    """The command with a pool and pages of its own; returns the exit code."""
    sheet = _sheet()
    build.__dict__["pool"] = lambda _project, _workers: ThreadPoolExecutor(1)
    printing.__dict__["checked"] = lambda *_arguments: (sheet, ())
    return main(words)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
