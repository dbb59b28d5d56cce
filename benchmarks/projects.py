"""Project folders of any size, made of the shipped content, templates and catalogs.

Every handout stands in five languages and two editions (standard and large print), so ten outputs
each (a build makes its five web editions besides, which are not counted: no peer makes them); there are no consent forms and no packs. Up to a hundred outputs are the ten shipped handouts as
they are; more are copies of them with ids and document numbers of their own, their catalogs with them.
`small` keeps of each only the title, the purpose and one item of the sections no handout may be without.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "es", "ru", "ar", "zh-Hans")
PER_HANDOUT = 2 * len(LANGUAGES)
"""Outputs of one handout."""
SMALL = ("deciding-together", "infusion-day", "patient-stories", "research", "treatment-plan")
"""Handouts that no check refuses when they are cut down to a few lines."""
DAY = "2026-12-01"
"""The day all builds judge review dates by."""


@dataclass(frozen=True)
class Generated:
    """A generated project folder and how many outputs it has."""

    folder: Path
    outputs: int

    def built(self) -> int:
        """The PDFs that are in the output folder."""
        return sum(1 for _ in (self.folder / "output").rglob("*.pdf"))


def generate(folder: Path, outputs: int, *, small: bool = False) -> Generated:
    """Write a project folder of so many outputs, rounded up to whole handouts."""
    _copy_common(folder, small)
    shipped = [p for p in sorted((ROOT / "content/handouts").glob("*.yaml")) if not small or p.stem in SMALL]
    wanted = -(-outputs // PER_HANDOUT)
    for number in range(wanted):
        _add(folder, shipped[number % len(shipped)], number // len(shipped), small)
    return Generated(folder, wanted * PER_HANDOUT)


def catalog(folder: Path, language: str, handout: str) -> Path:
    """The catalog of a handout in a language."""
    return folder / "locales" / language / "LC_MESSAGES" / f"{handout}.po"


def _copy_common(folder: Path, small: bool) -> None:
    """Everything but the handouts: templates, the clinic, shared content, references, standards, languages."""
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copytree(
        ROOT / "content", folder / "content", ignore=shutil.ignore_patterns("handouts", "consent", "packs", "sites")
    )
    (folder / "content/signoffs.yaml").unlink(missing_ok=True)
    (folder / "content/ratings.yaml").unlink(missing_ok=True)
    (folder / "content/handouts").mkdir()
    clinic = folder / "content/clinic.yaml"
    text, found = re.subn(r"(?m)^languages: .*$", f"languages: [{', '.join(LANGUAGES)}]", clinic.read_text(encoding="utf-8"))
    if not found:
        raise ValueError("content/clinic.yaml names no languages on one line")
    clinic.write_text(text, encoding="utf-8")
    if small:
        _shorten_shared(folder / "content/shared.yaml")
    for language in LANGUAGES:
        for path in sorted((ROOT / "locales" / language).rglob("*")):
            if path.is_file() and (path.suffix != ".po" or path.stem in ("ui", "shared")):
                target = folder / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def _shorten_shared(path: Path) -> None:
    """The shared sections with one item in each list."""
    shared = _read(path)
    shared["sections"] = [
        {name: value[:1] if name in ("emergency", "same_day", "points") else value for name, value in section.items()}
        for section in shared["sections"]
    ]
    _write(path, shared)


def _read(path: Path) -> dict[str, Any]:
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))  # noqa: S506  # it makes only strings


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")


def _add(folder: Path, source: Path, copy: int, small: bool) -> None:
    """One handout with its catalogs; copy 0 is the shipped one under its own name."""
    old = source.stem
    new = f"{old}-{copy:04}" if copy else old
    handout = _read(source)
    handout["id"] = new
    handout["document"] = f"{_prefix(copy)}-{handout['document'].rpartition('-')[2]}"
    if small:
        handout = _shortened(handout)
    _write(folder / "content/handouts" / f"{new}.yaml", handout)
    steps = ("title", "purpose", *(f"sections.{section['id']}." for section in handout["sections"])) if small else ("",)
    kept = tuple(f'msgctxt "{new}.{step}' for step in steps)
    for language in LANGUAGES:
        path = catalog(ROOT, language, old)
        if path.exists():
            renamed = path.read_text(encoding="utf-8").replace(f'msgctxt "{old}.', f'msgctxt "{new}.')
            head, *entries = renamed.replace(f"/{old}.yaml", f"/{new}.yaml").replace(f": {old}\\n", f": {new}\\n").split("\n\n")
            entries = [entry.strip("\n") for entry in entries if any(start in entry for start in kept)]
            catalog(folder, language, new).write_text("\n\n".join([head, *entries]) + "\n", encoding="utf-8")


def _shortened(handout: dict[str, Any]) -> dict[str, Any]:
    """The first section of a handout and those that no handout may be without, each with one item."""
    first, *others = handout["sections"]
    needed = [first, *(s for s in others if s["kind"] in ("not-known", "shared", "next-steps"))]
    sections = [
        {name: value[:1] if name == "points" else value for name, value in s.items() if name != "sources"} for s in needed
    ]
    kept = {name: value for name, value in handout.items() if name not in ("profiles", "elements")}
    return {**kept, "sections": [{**s, "basis": "practice"} if s["kind"] != "shared" else s for s in sections]}


def _prefix(copy: int) -> str:
    """Letters before a document number, others for each copy: KET, then KAA, KAB and so on."""
    if not copy:
        return "KET"
    high, low = divmod(copy - 1, 26)
    return f"K{chr(ord('A') + high % 26)}{chr(ord('A') + low)}X"
