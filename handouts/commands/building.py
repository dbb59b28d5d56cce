"""`handouts build` and `handouts check`."""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from handouts import problems
from handouts.commands import terminal
from handouts.model import Edition
from handouts.problems import HandoutsError, Place, Problem

if TYPE_CHECKING:  # imported late where they are used, to keep --help fast
    from handouts.build import Result
    from handouts.material import Material
    from handouts.plan import Selection


def run_check(options: argparse.Namespace) -> int:
    """`handouts check`: the problems of content, clinic and translations."""
    from handouts import checks, material

    found = tuple(checks.run(material.read(terminal.project(options)), options.today))
    code = terminal.report(found, options.format)
    if options.format == "text":
        bad = len(problems.errors(set(found)))
        print(f"{terminal.counted(bad, 'error')}, {terminal.counted(len(set(found)) - bad, 'warning')}")
    return 1 if code or (options.strict and found) else 0


def run_build(options: argparse.Namespace) -> int:
    """`handouts build`: make what is missing, publish when all went well."""
    from handouts import build, checks, fonts, material, plan

    project = terminal.project(options)
    fonts.configure(project.templates, project.cache)
    read = material.read(project, options.language)
    selection = _selection(options, read)
    found = tuple(checks.run(read, options.today))
    todo = plan.plan(read, selection)
    # a page that is not printed says better than the check what is missing, and only of the languages asked for
    told = {*(p for p in found if p.rule != "translation/missing"), *(b.problem for b in todo.blocked)}
    terminal.report(told, options.format)
    if problems.errors(told) or (options.strict and told):
        print(f"nothing was built: {terminal.counted(len(told), 'problem')}", file=sys.stderr)
        return 1
    start = time.perf_counter()
    with build.pool(project, options.jobs) as executor:
        try:
            results = tuple(_progress(build.run(todo.jobs, project, executor), len(todo.jobs)))
        except KeyboardInterrupt:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    failed = [r for r in results if r.status is build.Status.FAILED]
    if failed:
        terminal.report((p for r in failed for p in r.problems), options.format)
        print(f"nothing was written: {len(failed)} of {len(results)} pages failed; the previous output is untouched",
              file=sys.stderr)  # fmt: skip
        return 1
    output = options.output.resolve() if options.output else project.output
    changed = build.publish(results, project, output, selection.whole and not todo.blocked)
    made = sum(r.status is build.Status.MADE for r in results)
    seconds = time.perf_counter() - start
    print(f"{len(results)} files: {made} made, {len(results) - made} up to date, {len(changed)} written "
          f"to {_shown(output)} in {seconds:.1f} s"
          + (f"; {len(todo.blocked)} not printed (see above)" if todo.blocked else ""))  # fmt: skip
    return 0


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _selection(options: argparse.Namespace, read: "Material") -> "Selection":
    from handouts.plan import Selection

    unknown = []
    known_languages = sorted(read.library.languages)
    for code in options.language:
        if code not in known_languages:
            unknown.append(Problem(Place("--language"), "usage/language", f'"{code}" is not a known language',
                                   f"use one of: {', '.join(known_languages)}"))  # fmt: skip
    known = [handout.id for handout in read.library.handouts]
    for name in options.handout:
        if name not in known:
            unknown.append(Problem(Place("--handout"), "usage/handout", f'there is no handout "{name}"',
                                   f"use one of: {', '.join(known)}"))  # fmt: skip
    if unknown:
        raise HandoutsError(*unknown)
    return Selection(tuple(options.language), tuple(options.handout), tuple(Edition(e) for e in options.edition))


def _progress(results: "Iterator[Result]", total: int) -> "Iterator[Result]":
    """A bar on a terminal, a line for each page made in a log."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        tqdm.monitor_interval = 0
        yield from tqdm(results, total=total, unit="page", desc="handouts", leave=False)
        return
    for result in results:
        if result.status != "reused":
            print(f"{result.status}: {result.job.output} ({result.seconds:.1f} s)", file=sys.stderr)
        yield result
