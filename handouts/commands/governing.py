"""What a governance lead asks: `handouts status`, `report` and `verify`."""

import argparse
from pathlib import Path

from handouts.commands import terminal
from handouts.problems import HandoutsError, Place, Problem


def run_status(options: argparse.Namespace) -> int:
    """`handouts status`: what expires, what is unsigned, what is stale, and how far each translation is."""
    import json
    from dataclasses import asdict

    from handouts import checks, material, standing, status

    read = material.read(terminal.project(options))
    planner = terminal.planner(options, read, options.site)
    read = planner.material
    states = tuple(status.states(read, checks.run(read, options.today)))
    stands = standing.standings(planner, read.library.clinic.languages)
    if options.format == "json":
        rows = [asdict(s) | {"missing": s.missing, "state": s.name} for s in states]
        documents = [standing.as_data(each) for each in stands]
        print(json.dumps({"documents": documents, "translations": rows}, ensure_ascii=False, indent=2))
    else:
        print(f"{standing.table(stands, options.today)}\n\n{status.table(states)}")
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """`handouts verify`: what a PDF or a printed page is; exit code 1 when it is not current."""
    from handouts import material, verification

    read = material.read(terminal.project(options))
    planner = terminal.planner(options, read)
    what = options.what
    if len(what) == 2 and verification.DOCUMENT.fullmatch(what[0]) and verification.DIGITS.fullmatch(what[1]):
        found = [verification.of_print(what[0], what[1], planner)]
    else:
        found = [verification.of_file(name, _bytes(name), planner) for name in what]
    print(verification.as_json(found) if options.format == "json" else verification.as_text(found, read.library))
    return 0 if all(verdict.current for verdict in found) else 1


def run_report(options: argparse.Namespace) -> int:
    """`handouts report`: one page for a governance meeting."""
    from handouts import checks, manifest, material, report

    project = terminal.project(options)
    read = material.read(project)
    planner = terminal.planner(options, read, options.site)
    found = checks.run(planner.material, options.today)
    made = report.made(planner, found, manifest.findings(project.output, options.site))
    if options.format == "json":
        print(report.as_json(made))
        return 0
    name = f"report-{options.site}.html" if options.site else "report.html"
    path = options.output.resolve() if options.output else project.output / name
    terminal.write(path, report.as_html(made, project.templates).encode(), project)
    return 0


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as fault:
        raise HandoutsError(
            Problem(Place(name), "verify/file", f"cannot be read: {fault.strerror}",
                    "name a PDF, or the document id and the hash from a page's footer, such as: handouts verify ABC-01 1a2b3c4d")
        ) from None  # fmt: skip
