"""Proves that a build does not depend on where, when, by whom and with how many workers it is made.

Run: python -m benchmarks.reproduce [--all | -l LANG … --handout ID … --pack ID …]. Two copies of this checkout lie at two
paths; time zone, language, hash seed, file mode, file times, SOURCE_DATE_EPOCH and the number of workers differ, caches are
cold, and where the command `faketime` is installed the second build runs on another day. Every file must have the same
SHA-256, the manifest among them. Prints the files that differ and ends with 1 when there are any.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-12-01"
PROJECT = ("content", "templates", "locales")
"""The folders of a project."""
SUBSET = ("-l", "en", "-l", "ar", "-l", "zh-Hans")
"""What is built unless more is asked for: English, Arabic and Chinese, packs with them."""


@dataclass(frozen=True)
class Circumstances:
    """Where and how a build is made."""

    path: str
    """The folder, below a temporary one."""
    workers: int
    umask: int
    modified: int
    """The time of all files, in seconds since 1970."""
    variables: Mapping[str, str]
    prefix: Sequence[str] = field(default=())
    """A command that the build is run by."""


HERE = Circumstances("one", 1, 0o022, 1_700_000_000, {"TZ": "Pacific/Kiritimati", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"})
THERE = Circumstances(
    "another place/with a longer name/été", 2, 0o077, 1_000_000_000,
    {"TZ": "Pacific/Pago_Pago", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711", "SOURCE_DATE_EPOCH": "86400"},
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Build twice and compare; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reproduce", description=__doc__)
    parser.add_argument("--all", action="store_true", help="everything, not only three languages")
    options, chosen = parser.parse_known_args(arguments)
    chosen = [] if options.all else chosen or list(SUBSET)
    later = THERE
    if shutil.which("faketime"):
        later = Circumstances(**{**vars(THERE), "prefix": ("faketime", "-f", "+400d")})
    else:
        print("faketime is not installed: both builds are made on the same day")
    try:
        one, other = compared(ROOT, (HERE, later), chosen)
    except subprocess.CalledProcessError as fault:
        print(f"error: a build failed:\n{fault.output}", file=sys.stderr)
        return 2
    differing = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    for name in differing:
        print(f"differs: {name}: {one.get(name, 'absent')} and {other.get(name, 'absent')}")
    print(f"{len(one)} files, {len(differing)} differ")
    return 1 if differing or not one else 0


def compared(project: Path, circumstances: Sequence[Circumstances], chosen: Sequence[str]) -> list[dict[str, str]]:
    """The digests of what each of several builds of a project makes, by file; raises `CalledProcessError`."""
    with tempfile.TemporaryDirectory(prefix="handouts-reproduce-") as scratch:
        return [_built(project, Path(scratch) / each.path, each, chosen) for each in circumstances]


def _built(project: Path, folder: Path, how: Circumstances, chosen: Sequence[str]) -> dict[str, str]:
    """The digests of a copy of the project, built by a copy of the package."""
    names = [*((project, name) for name in PROJECT), (ROOT, "handouts")]
    for source, name in names if how.workers == 1 else reversed(names):  # so that a folder lists its files in another order
        _copy(source / name, folder / name, how.modified, backwards=how.workers > 1)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHON")) and name != "SOURCE_DATE_EPOCH"
    }
    subprocess.run(
        [*how.prefix, sys.executable, "-m", "handouts", "build", "--jobs", str(how.workers), "--today", DAY, *chosen],
        cwd=folder, env={**kept, **how.variables, "PYTHONPATH": str(folder)}, umask=how.umask, check=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    output = folder / "output"
    files = sorted(path for path in output.rglob("*") if path.is_file())
    return {path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _copy(source: Path, target: Path, modified: int, *, backwards: bool) -> None:
    """A copy of a folder whose files all have one time."""
    for path in sorted(source.rglob("*"), reverse=backwards):
        if path.is_file() and "__pycache__" not in path.parts:
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            os.utime(copy, (modified, modified))


if __name__ == "__main__":
    sys.exit(main())
