"""What each command does: runs the pipeline, prints progress and problems, returns an exit code."""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from handouts import doctor, problems, starter
from handouts.model import Edition
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

if TYPE_CHECKING:  # imported late where they are used, to keep --help fast
    from handouts.build import Result
    from handouts.material import Material
    from handouts.plan import Selection


def report(found: Iterable[Problem], style: str) -> int:
    """Print problems; the exit code is 1 when one of them is an error."""
    found = tuple(set(found))
    printers = {"text": problems.as_text, "github": problems.as_github, "json": problems.as_json}
    text = printers[style](found)
    if text:
        print(text, file=sys.stdout if style != "text" else sys.stderr)
    return 1 if problems.errors(found) else 0


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _project(options: argparse.Namespace) -> Project:
    folder = options.project.resolve()
    if not folder.is_dir():
        raise HandoutsError(
            Problem(Place(str(options.project)), "project/missing", "there is no such folder",
                    "name a project folder, or make one with: handouts init DIR")
        )  # fmt: skip
    return Project(folder)


def run_check(options: argparse.Namespace) -> int:
    """`handouts check`: the problems of content, clinic and translations."""
    from handouts import checks, material

    found = tuple(checks.run(material.read(_project(options)), options.today))
    code = report(found, options.format)
    if options.format == "text":
        bad = len(problems.errors(set(found)))
        print(f"{_counted(bad, 'error')}, {_counted(len(set(found)) - bad, 'warning')}")
    return 1 if code or (options.strict and found) else 0


def run_build(options: argparse.Namespace) -> int:
    """`handouts build`: make what is missing, publish when all went well."""
    from handouts import build, checks, fonts, material, plan

    project = _project(options)
    fonts.configure(project.templates, project.cache)
    read = material.read(project, options.language)
    selection = _selection(options, read)
    found = tuple(checks.run(read, options.today))
    todo = plan.plan(read, selection)
    # a page that is not printed says better than the check what is missing, and only of the languages asked for
    told = {*(p for p in found if p.rule != "translation/missing"), *(b.problem for b in todo.blocked)}
    report(told, options.format)
    if problems.errors(told) or (options.strict and told):
        print(f"nothing was built: {_counted(len(told), 'problem')}", file=sys.stderr)
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
        report((p for r in failed for p in r.problems), options.format)
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


def run_extract(options: argparse.Namespace) -> int:
    """`handouts extract`: write the templates of the catalogs, or tell that they are out of date."""
    from handouts import catalogs, material

    read = material.read(_project(options))
    if options.check:
        stale = catalogs.stale(read.project, read.entries)
        for path in stale:
            print(
                f"{path}: error: the template is out of date [translation/template]\n    hint: run: handouts extract",
                file=sys.stderr,
            )
        return 1 if stale else 0
    for path in catalogs.extract(read.project, read.entries):
        print(f"written: {path}")
    return 0


def run_update(options: argparse.Namespace) -> int:
    """`handouts update`: bring catalogs up to date with the English."""
    from handouts import catalogs, material
    from handouts.content import SOURCE_LANGUAGE

    read = material.read(_project(options))
    wanted = options.language or [code for code in read.library.clinic.languages if code != SOURCE_LANGUAGE]
    known = sorted(read.library.languages.keys() - {SOURCE_LANGUAGE})
    for code in wanted:
        if code not in known:
            raise HandoutsError(Problem(Place("--language"), "usage/language", f'"{code}" is not a language to translate into',
                                        f"use one of: {', '.join(known)}"))  # fmt: skip
        for path in catalogs.update(read.project, read.library.languages[code], read.entries):
            print(f"written: {path}")
    return 0


def run_add_language(options: argparse.Namespace) -> int:
    """`handouts add-language`: begin the catalogs of a language."""
    from handouts import catalogs, material
    from handouts.content import SOURCE_LANGUAGE

    read = material.read(_project(options))
    code = options.language
    if code not in read.library.languages or code == SOURCE_LANGUAGE:
        known = ", ".join(sorted(read.library.languages.keys() - {SOURCE_LANGUAGE}))
        raise HandoutsError(
            Problem(Place(code), "usage/language", f'there is no file of facts locales/{code}/language.yaml',
                    f"copy one of another language and correct it; there are: {known}")
        )  # fmt: skip
    for path in catalogs.update(read.project, read.library.languages[code], read.entries):
        print(f"written: {path}")
    if code not in read.library.clinic.languages:
        print(f"next: translate them, then add {code} to the languages in content/clinic.yaml")
    return 0


def run_status(options: argparse.Namespace) -> int:
    """`handouts status`: how far each handout is in each language."""
    import json
    from dataclasses import asdict

    from handouts import checks, material, status

    read = material.read(_project(options))
    found = tuple(status.states(read, checks.run(read, options.today)))
    if options.format == "json":
        rows = [asdict(s) | {"missing": s.missing, "state": s.name} for s in found]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print(status.table(found))
    return 0


def run_init(options: argparse.Namespace) -> int:
    """`handouts init`: a project folder of one's own."""
    starter.make(options.folder)
    print(f"made a project in {options.folder}\nnext: write your clinic's name and numbers into "
          f"{options.folder / 'content' / 'clinic.yaml'}, then: handouts build --project {options.folder}")  # fmt: skip
    return 0


def run_doctor() -> int:
    """`handouts doctor`: the state of the machine and of the environment."""
    lacking = doctor.missing(tests=True)
    fault = doctor.python_fault()
    print(f"{'missing' if fault else 'ok':8} Python {sys.version.split()[0]}{': ' + fault if fault else ''}")
    for requirement in doctor.REQUIREMENTS:
        state = "missing" if requirement in lacking else "ok"
        use = " (only for the tests)" if requirement.tests_only else ""
        print(f"{state:8} {requirement.package}: {requirement.why}{use}")
    if lacking:
        print(f"    hint: {doctor.remedy(lacking)}")
    wrong = _pins()
    return 1 if fault or wrong or any(not r.tests_only for r in lacking) else 0


def _pins() -> int:
    """Tell the state of the checkout's environment; returns how many packages differ from their pins."""
    lock = doctor.ROOT / "requirements.lock"
    if not lock.exists():  # installed as a package, not in a checkout: pip has seen to it
        return 0
    inside = Path(sys.prefix).resolve() == (doctor.ROOT / ".venv").resolve()
    print(f"{'ok' if inside else 'note':8} Python environment {sys.prefix}{'' if inside else ' (not this checkout’s .venv)'}")
    wrong = doctor.unpinned(lock)
    print(f"{'wrong' if wrong else 'ok':8} Python packages as pinned in requirements.lock")
    for name, pinned, installed in wrong:
        print(f"{'':8} {name} {installed or 'is not installed'}, pinned {pinned}")
    if wrong:
        print("    hint: delete .venv and run: make handouts")
    return len(wrong)
