"""`python -m benchmarks --date YYYY-MM-DD`: measures builds beside their peers and writes docs/benchmarks.md.

Everything is made in a temporary folder; only the shipped project is measured where it is (`--no-shipped` leaves it out).
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import contests, measure, pages, peers, projects
from benchmarks.projects import ROOT
from benchmarks.table import LARGEST, Report

PEERS_AT = 100
"""Outputs of the largest project that peers are asked to print too: up to there every page is a shipped one."""
DOCUMENT = ROOT / "docs" / "benchmarks.md"


def main() -> int:
    """Measure what is asked for, print the tables, write them; returns the exit code."""
    options = _options()
    contenders, missing = peers.found()
    ninja, version = peers.ninja()
    if not ninja:
        missing = {**missing, "ninja": "it is not installed"}
    versions = [
        f"Python {platform.python_version()}",
        *dict.fromkeys(p.version for p in contenders),
        *([version] if ninja else []),
    ]
    report = Report(options.date, f"{os.cpu_count()} cores", versions, missing, options.rounds)
    with tempfile.TemporaryDirectory(prefix="handouts-bench-", dir=options.folder) as scratch:
        try:
            _measure(report, Path(scratch), options, lambda: _keep(report, options))
        except measure.CommandError as fault:
            print(f"error: {fault}", file=sys.stderr)
            return 1
    print(report.text())
    return 0


def _measure(report: Report, scratch: Path, options: argparse.Namespace, keep: Callable[[], None]) -> None:
    whole = sorted(n for n in options.outputs if n < options.small_from)
    small = sorted({n for m in options.outputs if m >= options.small_from for n in (m // 10, m)})
    beside = max((n for n in whole if n <= PEERS_AT), default=min(whole, default=0))
    for outputs in whole:
        project = projects.generate(scratch / f"whole-{outputs}", outputs)
        if outputs == beside:
            (scratch / "pages").mkdir()
            same = pages.write(project.folder, scratch / "pages", options.sample)
            report.full = contests.full(project, same, scratch / "made", options.rounds, _tell)
            report.sizes.append(report.full[0].renamed(f"{project.outputs:,} outputs"))
        else:
            report.sizes.append(contests.grown(project, _tell))
        keep()
        report.still.append(
            contests.unchanged(f"{project.outputs:,} outputs", project.folder, scratch / f"ninja-{outputs}", 5, _tell)
        )
        if outputs == beside:
            report.edit = contests.edited(project, options.rounds, _tell)
        keep()
    for outputs in small:
        project = projects.generate(scratch / f"small-{outputs}", outputs, small=True)
        report.small.append(contests.grown(project, _tell))
        name = f"{project.outputs:,} small outputs"
        report.still.append(contests.unchanged(name, project.folder, scratch / f"ninja-small-{outputs}", 5, _tell))
        keep()
    for outputs in options.empty:
        project = projects.generate(scratch / f"empty-{outputs}", outputs, small=True)
        name = f"{project.outputs:,} outputs, empty sheets"
        report.still.append(contests.stood(name, project, scratch / f"ninja-empty-{outputs}", 5, _tell))
        keep()
    if options.shipped:
        _tell("the shipped project, made where it is")
        measure.run(peers.build(ROOT), ROOT, peers.environment(), memory=False)
        report.still.append(contests.unchanged("shipped", ROOT, scratch / "ninja-shipped", 5, _tell))
        keep()


def _keep(report: Report, options: argparse.Namespace) -> None:
    """Write what there is so far: a long run that is cut short leaves what it measured."""
    if options.document:
        options.document.write_text(report.text(), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--date", help="the day, as it is to stand in the page (YYYY-MM-DD)")
    parser.add_argument(
        "--outputs", type=int, nargs="+", default=[100, 1000, LARGEST], metavar="N", help="sizes of the projects"
    )
    parser.add_argument("--small-from", type=int, default=LARGEST, metavar="N",
                        help=f"from this size on, pages are small ones; default: {LARGEST}")  # fmt: skip
    parser.add_argument("--empty", type=int, nargs="+", default=[], metavar="N",
                        help="sizes of projects whose pages are empty sheets: only a build of nothing new is measured")  # fmt: skip
    parser.add_argument(
        "--sample", type=int, default=100, metavar="N", help="at most so many pages for each peer; default: 100"
    )
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="rounds of full builds and of edits; default: 3")
    parser.add_argument("--no-shipped", dest="shipped", action="store_false", help="leave the shipped project out")
    parser.add_argument(
        "--quick", action="store_true", help="10 outputs, one round, 100 small ones, nothing is written: does it all work?"
    )
    parser.add_argument(
        "--document", type=Path, default=DOCUMENT, metavar="FILE", help="the page to write; default: docs/benchmarks.md"
    )
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="where the temporary folder is made: 2 GB for 10,000 outputs"
    )
    options = parser.parse_args()
    if options.quick:
        options.outputs, options.rounds, options.small_from, options.empty = [10, 20], 1, 20, [50]
        options.shipped, options.document, options.date = False, None, options.date or "no day"
    if not options.date:
        parser.error("name the day with --date YYYY-MM-DD: the page tells it, and no clock is asked")
    return options


def _tell(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
