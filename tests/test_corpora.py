"""Catalogs of other projects, as real translators' tools left them, go through an update unharmed."""

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import catalogs, po
from handouts.model import Language
from handouts.problems import HandoutsError, Problem

LANGUAGE = Language(
    code="es", name="Spanish", autonym="Español", locale="es", script="Latn", direction="ltr", fonts=("Noto Sans",), leading=1.5
)
PACKAGES = ("django", "sphinx")


def catalogs_of(package: str) -> Iterator[Path]:
    """The PO files a public package ships."""
    found = importlib.util.find_spec(package)
    assert found
    assert found.origin
    yield from sorted(Path(found.origin).parent.rglob("*.po"))


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES)
def test_an_update_without_changes_keeps_every_byte(package: str) -> None:
    """Each file comes out of an update that changes nothing byte for byte, or is refused with file, line and hint."""
    same = 0
    refused: list[Problem] = []
    for path in catalogs_of(package):
        raw = path.read_bytes()
        try:
            old = po.parse(raw, path.name)
        except HandoutsError as fault:
            refused.extend(fault.problems)
            continue
        wanted = [replace(e, raw=(), strings=("",) * len(e.strings)) for e in old.entries if e.id and not e.obsolete]
        assert catalogs.merged(old, wanted, LANGUAGE, "x").text().encode() == raw, path
        same += 1
    assert same > 50
    assert len(refused) <= 1
    assert all(problem.place.line and problem.hint for problem in refused)
