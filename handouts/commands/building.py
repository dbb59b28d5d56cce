"""`handouts build` and `handouts check`."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from handouts import problems, unchanged
from handouts.commands import terminal
from handouts.problems import HandoutsError, Problem
from handouts.project import Project

RELEASE = "release"
"""The folder of the output that only ever holds what may reach a patient."""

if TYPE_CHECKING:  # imported late where they are used: a build that has nothing to do imports none of them
    from handouts.build import Result
    from handouts.cluster import Cluster
    from handouts.manifest import Entries
    from handouts.material import Material
    from handouts.pack_plan import PackJob, Work
    from handouts.plan import Job, Selection
    from handouts.release import Refusal


def run_check(options: argparse.Namespace) -> int:
    """`handouts check`: the problems of content, clinic and translations."""
    from handouts import checks, material

    found = tuple(checks.run(material.read(terminal.project(options)), options.today))
    code = terminal.report(found, options.format)
    if options.format == "text":
        bad = len(problems.errors(set(found)))
        print(f"{problems.counted(bad, 'error')}, {problems.counted(len(set(found)) - bad, 'warning')}")
    return 1 if code or (options.strict and found) else 0


def run_unchanged(finding: "unchanged.Finding") -> int:
    """`handouts build` when every file stands as the last build left it: says what that build said."""
    start = time.perf_counter()
    record = finding.record
    terminal.report([problems.of_data(problem) for problem in record.problems], record.style)
    files = record.files
    _sum_up(files, 0, 0, len(record.blocked), Path(record.output), time.perf_counter() - start)
    return 0


def run_build(options: argparse.Namespace) -> int:
    """`handouts build`: make what is missing, publish when all went well; strictly, only what may reach a patient."""
    from handouts import build, fonts

    start = time.perf_counter()
    seen = unchanged.walked(options.project)
    project = terminal.project(options)
    fonts.configure(project.templates, project.cache)
    with nullcontext() if options.executor else build.pool(project, options.jobs) as pool:
        return _built(options, project, seen, start, pool)


def _built(
    options: argparse.Namespace, project: Project, seen: dict[str, unchanged.Stats], start: float, pool: "Executor | None"
) -> int:
    """The whole build, its pages made by a pool (or a cluster, when there is none); returns the exit code."""
    from handouts import build, cache, catalogue, checks, material, pseudo, publishing, reasons, release, sites

    most = cache.limit()
    finding: unchanged.Finding | None = options.finding
    languages = finding.languages if finding else tuple(options.language)
    read = material.read(project, languages, options.site)
    sample = pseudo.added(read, languages)  # no check of translations concerns a pseudo-language
    selection = _selection(options, languages, sample)
    found = set(checks.run(read, options.today))
    grave = [p for p in problems.errors(found) if not (options.strict and p.place.path.startswith("locales/"))]
    if grave:
        terminal.report(found, options.format)
        print(f"nothing was built: {problems.counted(len(grave), 'error')}", file=sys.stderr)
        return 1
    todo = sites.work(sample, selection)
    refused: tuple[Refusal, ...] = ()
    if options.strict:
        todo, refused = release.sifted(todo, found)
    # a page that is not printed says better than the check what is missing, and only of the languages asked for
    told = {p for p in found if p.rule != "translation/missing"}
    told |= {r.problem for r in refused} if options.strict else {b.problem for b in todo.blocked}
    others = _others(finding)
    terminal.report(told | others, options.format)
    results = _made(todo, project, options, pool)
    if results is None:
        return 1
    output = options.output.resolve() if options.output else project.output
    whole = selection.whole and not todo.blocked
    index = catalogue.index(read.library, project.templates)
    code = 0
    if options.strict:
        withheld = [path for each in refused for path in each.files] + [r.job.output for r in results if r.problems]
        code = _released(results, withheld, project, output, whole, index)
    else:
        if options.explain:
            _explain(results, project, output)
        changed = publishing.publish(results, project, output, whole, index=index)
        reasons.keep(project.cache, output, {str(r.job.output): r.job.recipe for r in results})
        told |= others | {p for r in results for p in r.problems}
        record = _record(options, read, seen, todo, results, told, output)
        unchanged.keep(options.project, options.words, record)
        made = sum(r.status is build.Status.MADE for r in results)
        files = record.files
        _sum_up(files, made, len(changed), len(record.blocked), output, time.perf_counter() - start)
    if any(r.status is build.Status.MADE for r in results):
        cache.Cache(project.cache).trim(most, {job.key for jobs in (todo.sheets, todo.inner, todo.packs) for job in jobs})
    return code


def _explain(results: "Sequence[Result]", project: Project, output: Path) -> None:
    """Say for each file whether it was made or reused, and why."""
    from handouts import build, reasons

    before = reasons.read(project.cache, output)
    for result in sorted(results, key=lambda r: str(r.job.output)):
        made = result.status is build.Status.MADE
        print(
            f"{result.status}: {result.job.output}: {reasons.why(made, result.job.recipe, before.get(str(result.job.output)))}"
        )


def _sum_up(files: int, made: int, written: int, blocked: int, output: Path, seconds: float) -> None:
    print(f"{problems.counted(files, 'file')}: {made} made, {files - made} up to date, {written} written "
          f"to {_shown(output)} in {seconds:.1f} s" + (f"; {blocked} not printed (see above)" if blocked else ""))  # fmt: skip


def _others(finding: "unchanged.Finding | None") -> set[Problem]:
    """What the last build told of languages that have not changed since."""
    if not finding:
        return set()
    codes = [code for code in finding.record.written if code not in (unchanged.COMMON, *finding.languages)]
    told = [problems.of_data(problem) for problem in finding.record.problems]
    return {p for p in told if any(unchanged.of_language(p.place.path, code) for code in codes)}


def _record(
    options: argparse.Namespace,
    read: "Material",
    seen: dict[str, unchanged.Stats],
    todo: "Work",
    results: "Sequence[Result]",
    told: set[Problem],
    output: Path,
) -> "unchanged.Record":
    """What this build leaves behind, so that the next one knows from files alone whether there is anything to do."""
    from handouts import fonts, manifest, publishing
    from handouts.checks import currency
    from handouts.content import SOURCE_LANGUAGE

    library, project = read.library, read.project
    codes = {SOURCE_LANGUAGE, *library.printed, *options.language} & library.languages.keys()
    families = {family for code in codes for family in library.languages[code].fonts}
    outside = {str(path) for family in families for path in fonts.files(family, project.templates)}
    outside |= {str(project.folder / path) for job in todo.packs for path in job.sources}
    outside |= {str(project.folder / own.clinic.logo) for own in (library, *library.each())}
    inside = {str(project.folder / name) for stats in seen.values() for name in stats}
    seen[unchanged.COMMON] |= unchanged.stood(sorted((outside - inside) | set(unchanged.libraries())), "")
    names: dict[str, list[str]] = {}
    for result in results:
        both = (result.job.output, publishing.picture_path(result.job))
        names.setdefault(result.job.page.language.code, []).extend(map(str, both))
    written = dict(options.finding.record.written) if options.finding else {}
    written |= {code: unchanged.stood(files, str(output)) for code, files in names.items()}
    written[unchanged.COMMON] = unchanged.stood([manifest.MANIFEST, manifest.INDEX], str(output))
    blocked = [str(b.output) for b in todo.blocked]
    if options.finding:
        codes = options.finding.languages
        blocked += [name for name in options.finding.record.blocked if not any(unchanged.of_language(name, c) for c in codes)]
    return unchanged.Record(
        str(output), seen, written, [problems.as_data(p) for p in sorted(told)], blocked, options.format,
        options.today.isoformat(), currency.unchanged_until(read, options.today).isoformat(),
    )  # fmt: skip


def _made(todo: "Work", project: Project, options: argparse.Namespace, pool: "Executor | None") -> "tuple[Result, ...] | None":
    """The results of the files to publish, their problems told; nothing when a page failed."""
    from handouts import build, publishing

    cluster = _cluster(todo, project, options)
    with cluster or nullcontext(cast("Executor", pool)) as executor:
        try:
            results = _run(todo, project, executor)
            if publishing.lost(results, project):
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
    inner = {job.output for job in todo.inner}
    return tuple(r for r in results if r.job.output not in inner)


def _cluster(todo: "Work", project: Project, options: argparse.Namespace) -> "Cluster | None":
    """The cluster that makes the pages, if one was named."""
    if not options.executor:
        return None
    from handouts.cluster import Cluster

    return Cluster(options.executor, project, (*todo.sheets, *todo.inner, *todo.packs))


def _released(
    results: "Sequence[Result]",
    withheld: Sequence[PurePosixPath],
    project: Project,
    output: Path,
    whole: bool,
    index: "Callable[[Entries], bytes]",
) -> int:
    """Publish what may reach a patient, and the release when that is everything; returns the exit code."""
    from handouts import publishing

    passed = [r for r in results if r.job.output not in withheld]
    publishing.publish(passed, project, output, whole and not withheld, withheld, index)
    if withheld:
        print(f"{problems.counted(len(passed), 'file')} approved and in {_shown(output)}; {len(withheld)} refused (see above); "
              f"{_shown(output / RELEASE)} is as it was")  # fmt: skip
        return 1
    publishing.publish(passed, project, output / RELEASE, whole, index=index)
    print(f"{problems.counted(len(passed), 'file')} approved and released to {_shown(output / RELEASE)}")
    return 0


def _run(todo: "Work", project: Project, executor: Executor) -> "tuple[Result, ...]":
    """Make the sheets, then the packs they are put together in; no pack where a sheet failed."""
    from handouts import build, sites

    def made(jobs: "Sequence[Job | PackJob]") -> "tuple[Result, ...]":
        once = sites.once(jobs)
        return sites.shared(tuple(_progress(build.run(once, project, executor), len(once))), jobs, project)

    results = made((*todo.sheets, *todo.inner))
    if todo.packs and not any(r.status is build.Status.FAILED for r in results):
        results += made(todo.packs)
    return results


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _selection(options: argparse.Namespace, languages: Sequence[str], read: "Material") -> "Selection":
    from handouts.model import Edition
    from handouts.packs import PackEdition
    from handouts.plan import Selection

    library = read.library
    unknown = [
        *terminal.unknown(
            "--language", "usage/language", options.language, sorted(library.languages), "{} is not a known language"
        ),
        *terminal.unknown(
            "--handout", "usage/handout", options.handout, (s.id for s in library.sheets), "there is no handout {}"
        ),
        *terminal.unknown("--pack", "usage/pack", options.pack, (pack.id for pack in library.packs), "there is no pack {}"),
    ]
    if unknown:
        raise HandoutsError(*unknown)
    # a consent form has a fillable edition, and so has a pack
    editions: tuple[Edition | PackEdition, ...] = (
        *(Edition(e) for e in options.edition if e in set(Edition)),
        *(PackEdition(e) for e in options.edition if e in set(PackEdition)),
    )
    return Selection(
        tuple(languages), tuple(options.handout), editions, tuple(options.pack), tuple(options.site), options.today
    )


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
