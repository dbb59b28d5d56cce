"""The floors of the house: a module imports only from lower ones."""

import ast
import re
from pathlib import Path

import pytest

from handouts import keys, pack_plan

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "handouts"
FLOORS = {
    "painting": 0, "problems": 0, "colours": 0, "doctor": 0, "unchanged": 0,
    "serving": 1, "register": 1, "desk_form": 9, "desk_pack": 13, "desk": 15, "desk_pages": 14,
    "qr": 0, "web": 1, "recent": 0, "direction": 0,
    "watching": 1, "rasters": 1, "live": 9, "showing": 11, "printed_pages": 14, "inspection": 13, "session": 15, "preview_views": 16, "preview": 17,
    "pdf_syntax": 0, "pdf_source": 1, "pdf_output": 1, "pdf_copying": 2,
    "structure_tree": 3, "navigation": 3, "form_fields": 3, "page_forms": 3, "pack_pages": 4, "imposition": 4, "assembly": 5,
    "tagging": 1, "archive": 1, "project": 1, "starter": 1, "setup": 1, "values": 1, "plurals": 1, "po": 1, "versions": 1,
    "foreign": 2, "foreign_reader": 0, "templating": 1, "yaml_file": 2, "po_reader": 2, "fonts": 2, "cache": 1, "reasons": 3, "staging": 2, "workers": 1, "pdf": 2, "sections": 2, "bilingual": 2, "numbering": 2,
    "schema": 3, "forms": 3, "appearances": 3,
    "rules": 0, "syllables": 0, "voice": 0,
    "approval": 4, "model": 4, "figures": 4, "fields": 4,
    "packs": 5, "filling": 5, "jargon": 5, "prose": 5, "standards": 5,
    "content": 6,
    "translations": 7, "frequencies": 7, "elements": 7,
    "catalogs": 8, "page": 8, "material": 8,
    "keys": 9, "signoffs": 9, "markup": 9, "plan": 10, "pairs": 9, "pseudo": 9,
    "printing": 10,
    "pack_plan": 11, "release": 12, "standing": 12, "report": 13, "catalogue": 13, "verification": 12, "packing": 12, "durations": 12, "manifest": 7, "making": 13, "build": 14, "publishing": 15, "specimen": 10, "proof": 10,
    "checks.clinic": 11, "checks.consent": 11, "checks.evidence": 11, "checks.risk": 11, "checks.layout": 11, "checks.numbers": 11, "checks.readability": 11, "checks.script": 11,
    "checks.structure": 11, "checks.translation": 11, "checks.wording": 11,
    "checks.ipdas": 11, "checks.plain": 11, "checks.standards": 11, "checks.currency": 11, "checks.signoff": 11,
    "sheets": 0, "print_objects": 1, "print_layout": 2, "pictures": 2, "print_finding": 5, "print_type": 6, "clear_print": 7,
    "checks": 12, "status": 12,
    "sites": 15,
    "commands": 14, "commands.terminal": 14,
    "commands.caching": 18, "commands.building": 18, "commands.consulting": 18, "commands.governing": 18, "commands.machine": 18, "commands.previewing": 18, "commands.proofing": 18, "commands.signing": 18, "commands.specimens": 18, "commands.translating": 18,
    "bundle": 3, "parcel": 4, "cluster_problems": 5, "journey": 13, "cluster": 14,
    "cli": 19,
    "__main__": 20,
}  # fmt: skip
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
}
ONLY_IMPORTERS = {
    "weasyprint": {"pdf"},
    "yaml": {"yaml_file"},
    "jinja2": {"markup", "templating", "translations"},
    "pypdfium2": {"print_layout", "print_objects", "rasters"},
    "distributed": {"cluster"},
    "tqdm": {"commands.building"},
    "uvicorn": {"serving"},
    "segno": {"qr"},
}


def imported(path: Path) -> set[str]:
    """The full names of everything a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


def own_imports(name: str) -> set[str]:
    """The modules of the package that a module imports; a package only where it itself is meant."""
    found = {wanted.removeprefix("handouts.") for wanted in imported(MODULES[name]) if wanted.startswith("handouts.")}
    known = found & MODULES.keys()
    return {wanted for wanted in known if not any(other.startswith(f"{wanted}.") for other in known)}


def test_every_module_has_a_floor() -> None:
    """A new module is given its floor here, and one that is gone is taken out."""
    assert MODULES.keys() == FLOORS.keys()


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_imports_go_down(name: str) -> None:
    """No module imports one of its own floor or of a higher one."""
    assert {wanted for wanted in own_imports(name) if FLOORS[wanted] >= FLOORS[name]} == set()


@pytest.mark.parametrize("library", sorted(ONLY_IMPORTERS))
def test_edges(library: str) -> None:
    """A library that may be exchanged one day is known to as few modules as possible."""
    users = {name for name, path in MODULES.items() if library in {wanted.split(".")[0] for wanted in imported(path)}}
    assert users == ONLY_IMPORTERS[library]


def test_no_relative_imports() -> None:
    """Imports name modules in full, so that these tests see them all."""
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
    assert not [
        name for name, tree in trees.items() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level
    ]


def test_document_agrees() -> None:
    """ARCHITECTURE.md shows the same floors."""
    rows = re.findall(r"^\| (\d+) \| (`[^|]*`) \|", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {name.replace("/", "."): int(floor) for floor, names in rows for name in re.findall(r"`([^`]+)`", names)}
    inside = {name for name in FLOORS if name.startswith("checks.")} | {
        "commands.building",
        "commands.caching",
        "commands.consulting",
        "commands.governing",
        "commands.machine",
        "commands.previewing",
        "commands.proofing",
        "commands.signing",
        "commands.specimens",
        "commands.translating",
    }
    assert told == {
        f"{name.split('.')[0]}.*" if name in inside else name: floor for name, floor in FLOORS.items() if name != "commands"
    }


READERS = {
    "approval", "cache", "content", "forms", "keys", "material", "model", "pack_plan", "packs", "pairs", "plan", "po", "po_reader",
    "problems", "project", "schema", "sections", "signoffs", "standards", "versions", "yaml_file",
}  # fmt: skip
"""Modules that work on what a key is made of, before it is made: what they change shows in the key itself."""


def reached(*names: str) -> set[str]:
    """The modules that some modules import, directly or through others, and themselves."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += own_imports(name)
    return found


def test_keys_cover_the_code() -> None:
    """Every module that decides the bytes of a page is part of its key, and every one that joins pages is part of a pack's."""
    assert reached("printing", "fonts") - READERS == set(keys.OWN)
    assert reached("printing", "fonts", "packing", "foreign_reader") - READERS == {*keys.OWN, *pack_plan.OWN}
