"""How long each file is likely to take: as long as the last time or, if it was never made here, what its text says.

Only the order of work depends on it: what takes longest begins first, so that no processor waits for another at the end.
"""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from handouts.cache import replace
from handouts.model import Edition
from handouts.pack_plan import PackJob
from handouts.plan import Job

FILE = "seconds.json"
"""In the cache folder: how many seconds each file took, by its path in the output."""

SECONDS_PER_BYTE = 1e-4
LARGE_PRINT = 1.25
WEB = 0.05
RIGHT_TO_LEFT = 1.4
"""Measured on the shipped handouts: medians over languages and editions, against the bytes of a document as JSON."""

SECONDS_PER_PART = 0.3


def read(folder: Path) -> dict[str, float]:
    """What files took when they were made last, by their path; nothing when that is not known, or damaged."""
    try:
        return {str(name): float(seconds) for name, seconds in json.loads((folder / FILE).read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def expected(job: Job | PackJob, known: Mapping[str, float]) -> float:
    """How many seconds a file is likely to take."""
    if (seconds := known.get(str(job.output))) is not None:
        return seconds
    if isinstance(job, PackJob):
        return SECONDS_PER_PART * len(job.pieces)
    page = job.page
    seconds = SECONDS_PER_BYTE * len(page.handout.model_dump_json().encode())
    layout = {Edition.LARGE_PRINT: LARGE_PRINT, Edition.WEB: WEB}.get(page.layout, 1.0)
    return seconds * layout * (RIGHT_TO_LEFT if page.right_to_left else 1.0)


def keep(known: Mapping[str, float], folder: Path) -> None:
    """Keep what files took; where that cannot be written, the next build orders them by their texts."""
    with contextlib.suppress(OSError):
        replace(folder / FILE, json.dumps(known, ensure_ascii=False).encode(), durable=False)
