"""A build.ninja with as many files as a project has outputs, each made of the same inputs: those its manifest names, and all templates."""

import json
from pathlib import Path


def write(project: Path, folder: Path) -> tuple[int, int]:
    """Write build.ninja into the folder; returns how many outputs and how many inputs it knows."""
    entries = json.loads((project / "output/manifest.json").read_text(encoding="utf-8"))["files"]
    templates = sorted(path for path in (project / "templates").rglob("*") if path.is_file())
    folder.mkdir(parents=True, exist_ok=True)
    inputs: set[str] = {str(path) for path in templates}
    lines = ["rule make", "  command = touch $out", f"build templates: phony {' '.join(_escaped(path) for path in templates)}"]
    for entry in entries:
        sources = [str(project / source) for source in entry["sources"]]
        inputs.update(sources)
        target = folder / "made" / entry["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        lines.append(f"build {_escaped(target)}: make {' '.join(_escaped(source) for source in sources)} | templates")
    (folder / "build.ninja").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(entries), len(inputs)


def _escaped(path: Path | str) -> str:
    return str(path).replace("$", "$$").replace(" ", "$ ").replace(":", "$:")
