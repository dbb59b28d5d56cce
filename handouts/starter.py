"""`handouts init`: a new project folder with the shipped templates, content and catalogs."""

import shutil
from pathlib import Path

from handouts.problems import HandoutsError, Place, Problem

PARTS = ("content", "templates", "locales")


def source() -> Path:
    """Where the shipped project lies: inside the installed package, or the checkout around it."""
    package = Path(__file__).resolve().parent
    return package / "starter" if (package / "starter").is_dir() else package.parent


def make(folder: Path) -> tuple[str, ...]:
    """Make a project folder; returns the names of its parts. Refuses a folder that has any of them."""
    there = [name for name in PARTS if (folder / name).exists()]
    if there:
        raise HandoutsError(
            Problem(Place(str(folder)), "init/exists", f"the folder already has {', '.join(there)}",
                    "choose a new folder; nothing was changed")
        )  # fmt: skip
    try:
        for name in PARTS:
            shutil.copytree(source() / name, folder / name)
    except OSError as fault:
        raise HandoutsError(
            Problem(Place(str(folder)), "init/unwritable", f"cannot write: {fault.strerror}", "choose another folder")
        ) from None
    (folder / ".gitignore").write_text("output/\n.cache/\n", encoding="utf-8")
    return PARTS
