"""`handouts build` and `handouts check`."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from handouts import problems
from handouts.commands import terminal
from handouts.model import Edition
from handouts.packs import PackEdition
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

RELEASE = "release"
"""The folder of the output that only ever holds what may reach a patient."""

if TYPE_CHECKING:  # imported late where they are used, to keep --help fast
    from handouts.build import Result
    from handouts.cluster import Cluster
    from handouts.material import Material
    from handouts.pack_plan import Work
    from handouts.plan import Selection
    from handouts.release import Refusal


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
    """`handouts build`: make what is missing, publish when all went well; strictly, only what may reach a patient."""
    from handouts import build, checks, fonts, material, pack_plan, pseudo, release

    project = terminal.project(options)
    fonts.configure(project.templates, project.cache)
    read = material.read(project, options.language)
    sample = pseudo.added(read, options.language)  # no check of translations concerns a pseudo-language
    selection = _selection(options, sample)
    found = set(checks.run(read, options.today))
    grave = [p for p in problems.errors(found) if not (options.strict and p.place.path.startswith("locales/"))]
    if grave:
        terminal.report(found, options.format)
        print(f"nothing was built: {terminal.counted(len(grave), 'error')}", file=sys.stderr)
        return 1
    todo = pack_plan.work(sample, selection)
    refused: tuple[Refusal, ...] = ()
    if options.strict:
        todo, refused = release.sifted(todo, found)
    # a page that is not printed says better than the check what is missing, and only of the languages asked for
    told = {p for p in found if p.rule != "translation/missing"}
    unprinted = {r.problem for r in refused} if options.strict else {b.problem for b in todo.blocked}
    terminal.report(told | unprinted, options.format)
    start = time.perf_counter()
    results = _made(todo, project, options)
    if results is None:
        return 1
    output = options.output.resolve() if options.output else project.output
    whole = selection.whole and not todo.blocked
    if options.strict:
        withheld = [path for each in refused for path in each.files] + [r.job.output for r in results if r.problems]
        return _released(results, withheld, project, output, whole)
    changed = build.publish(results, project, output, whole)
    made = sum(r.status is build.Status.MADE for r in results)
    print(f"{terminal.counted(len(results), 'file')}: {made} made, {len(results) - made} up to date, {len(changed)} written "
          f"to {_shown(output)} in {time.perf_counter() - start:.1f} s"
          + (f"; {len(todo.blocked)} not printed (see above)" if todo.blocked else ""))  # fmt: skip
    return 0


def _made(todo: "Work", project: Project, options: argparse.Namespace) -> "tuple[Result, ...] | None":
    """The results of the files to publish, their problems told; nothing when a page failed."""
    from handouts import build

    cluster = _cluster(todo, project, options)
    with cluster or build.pool(project, options.jobs) as executor:
        try:
            results = _run(todo, project, executor)
        except KeyboardInterrupt:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    terminal.report({*(p for r in results for p in r.problems), *(cluster.told if cluster else ())}, options.format)
    failed = sum(r.status is build.Status.FAILED for r in results)
    if failed:
        print(f"nothing was written: {failed} of {len(results)} pages failed; the previous output is untouched",
              file=sys.stderr)  # fmt: skip
        return None
    inner = {job.key for job in todo.inner}
    return tuple(r for r in results if r.job.key not in inner)


def _cluster(todo: "Work", project: Project, options: argparse.Namespace) -> "Cluster | None":
    """The cluster that makes the pages, if one was named."""
    if not options.executor:
        return None
    from handouts.cluster import Cluster

    return Cluster(options.executor, project, (*todo.sheets, *todo.inner, *todo.packs))


def _released(
    results: "Sequence[Result]", withheld: Sequence[PurePosixPath], project: Project, output: Path, whole: bool
) -> int:
    """Publish what may reach a patient, and the release when that is everything; returns the exit code."""
    from handouts import build

    passed = [r for r in results if r.job.output not in withheld]
    build.publish(passed, project, output, whole and not withheld, withheld)
    if withheld:
        print(f"{terminal.counted(len(passed), 'file')} approved and in {_shown(output)}; {len(withheld)} refused (see above); "
              f"{_shown(output / RELEASE)} is as it was")  # fmt: skip
        return 1
    build.publish(passed, project, output / RELEASE, whole)
    print(f"{terminal.counted(len(passed), 'file')} approved and released to {_shown(output / RELEASE)}")
    return 0


def _run(todo: "Work", project: Project, executor: Executor) -> "tuple[Result, ...]":
    """Make the sheets, then the packs they are put together in; no pack where a sheet failed."""
    from handouts import build

    sheets = (*todo.sheets, *todo.inner)
    results = tuple(_progress(build.run(sheets, project, executor), len(sheets)))
    if todo.packs and not any(r.status is build.Status.FAILED for r in results):
        results += tuple(_progress(build.run(todo.packs, project, executor), len(todo.packs)))
    return results


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
    known = [sheet.id for sheet in read.library.sheets]
    for name in options.handout:
        if name not in known:
            unknown.append(Problem(Place("--handout"), "usage/handout", f'there is no handout "{name}"',
                                   f"use one of: {', '.join(known)}"))  # fmt: skip
    packs = [pack.id for pack in read.library.packs]
    for name in options.pack:
        if name not in packs:
            unknown.append(Problem(Place("--pack"), "usage/pack", f'there is no pack "{name}"',
                                   f"use one of: {', '.join(packs)}"))  # fmt: skip
    if unknown:
        raise HandoutsError(*unknown)
    # a consent form has a fillable edition, and so has a pack
    editions: tuple[Edition | PackEdition, ...] = (
        *(Edition(e) for e in options.edition if e in set(Edition)),
        *(PackEdition(e) for e in options.edition if e in set(PackEdition)),
    )
    return Selection(tuple(options.language), tuple(options.handout), editions, tuple(options.pack), options.today)


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
