"""The command line: reads arguments, chooses the command and the exit code.

Exit codes: 0 clean, 1 problems, 2 usage, 130 interrupted.
"""

import argparse
import datetime
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from handouts import unchanged
from handouts.commands import (
    building,
    caching,
    consulting,
    governing,
    machine,
    previewing,
    proofing,
    signing,
    specimens,
    terminal,
    translating,
)
from handouts.problems import HandoutsError

GUIDE = """\
typical use:
  handouts build                       print every handout in every language of the clinic
  handouts build -l es --handout side-effects
                                       one handout in Spanish, in print, large print and for phones
  handouts check                       look for mistakes in content and translations, print nothing
  handouts preview                     see the pages in a browser while you write or translate them
  handouts extract && handouts update  bring the translators' catalogs up to date with the English
  handouts sign side-effects --role clinician --name "…" --credential "…"
                                       a clinician answers for the exact English of one handout
  handouts desk                        in the browser: a pack for the patient in front of you
  handouts status                      what expires, what is unsigned, what is not translated
  handouts build --strict              only what is signed, current and without a problem; output/release/ when all is
  handouts init ~/our-clinic           a project folder of your own
  handouts doctor                      what this machine lacks, and how to get it

where things are:
  content/clinic.yaml     your clinic's name, colours and phone numbers: change this first
  content/sites/          where there are several clinics: what differs at each
  content/handouts/       what the pages say, in English
  locales/                what they say in other languages
  output/index.html       the catalogue: open it in a browser to find and print a page
  output/                 the finished PDFs and web pages, and manifest.json
"""


Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def command() -> NoReturn:
    """The command `handouts`: runs what it was given, and ends without taking apart what it has read, which takes a third of a second."""
    gc.set_threshold(200_000, 30, 30)  # what is read stays: looking through it for waste every few objects finds none
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # whoever read it has gone
        code = code or 1
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    finding = unchanged.look(words, datetime.date.today()) if words[:1] == ["build"] else None
    if finding and not finding.languages:
        return building.run_unchanged(finding)
    options = _parser().parse_args(words)
    options.words, options.finding = words, finding
    try:
        return int(options.run(options))
    except HandoutsError as fault:
        terminal.report(fault.problems, getattr(options, "format", "text"))
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted: every file in the output folder is whole; the next build carries on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="handouts",
        description="Builds printable patient handouts in many languages from YAML, Jinja2 templates and gettext catalogs.",
        epilog=GUIDE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    for add in (_making, _translating, _governing, _machine):
        add(subparsers)
    return parser


def _making(subparsers: Subparsers) -> None:
    """What staff use: build, desk, check."""
    from handouts.model import Edition
    from handouts.packs import PackEdition

    build = _command(subparsers, "build", building.run_build, "make the files that are missing or out of date")
    build.add_argument(
        "-l",
        "--language",
        action="append",
        default=[],
        metavar="LANG",
        help="only this language (may be given again); default: all of content/clinic.yaml",
    )
    build.add_argument(
        "--handout", action="append", default=[], metavar="ID", help="only this handout or consent form (may be given again)"
    )
    build.add_argument("--pack", action="append", default=[], metavar="ID", help="only this pack (may be given again)")
    build.add_argument(
        "--site", action="append", default=[], metavar="ID",
        help="only this site of content/sites/ (may be given again); default: all",
    )  # fmt: skip
    build.add_argument(
        "--edition",
        action="append",
        default=[],
        choices=list(dict.fromkeys(str(e) for e in (*Edition, *PackEdition))),
        help="only this edition (may be given again)",
    )
    build.add_argument(
        "--jobs",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="pages made at the same time; default: one for each processor core",
    )
    build.add_argument(
        "--executor", metavar="dask://HOST:PORT", help="make the pages on this Dask cluster instead; see docs/cluster.md"
    )
    build.add_argument(
        "--strict", action="store_true", help="treat warnings and untranslated handouts as errors; then nothing is written"
    )
    build.add_argument("--explain", action="store_true", help="say for each file why it was made or reused")
    build.add_argument("--output", type=Path, metavar="DIR", help="write here instead of output/")
    _today(build)
    _format(build)

    desk = _command(subparsers, "desk", consulting.run_desk, "put together a pack for one consultation, in the browser")
    desk.add_argument("--port", type=int, default=8421, metavar="PORT", help="where it listens; default: 8421")
    desk.add_argument("--host", default="127.0.0.1", metavar="ADDRESS",
                      help="let other machines in: the address of this one that they reach; default: this machine only")  # fmt: skip
    desk.add_argument("--name", action="append", default=[], metavar="NAME",
                      help="with --host: the host name under which browsers ask for it (may be given again)")  # fmt: skip
    desk.add_argument("--no-browser", action="store_true", help="do not open a browser")
    _site(desk)

    check = _command(
        subparsers, "check", building.run_check, "look for mistakes in content, translations and the clinic's file"
    )
    check.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")
    _today(check)
    _format(check)


def _translating(subparsers: Subparsers) -> None:
    """What translators use: extract, update, add-language, preview, proof, specimen."""
    extract = _command(subparsers, "extract", translating.run_extract, "write what is to translate to locales/pot/")
    extract.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something would change")
    update = _command(subparsers, "update", translating.run_update, "bring the catalogs of the translators up to date")
    update.add_argument("-l", "--language", action="append", default=[], metavar="LANG", help="only this language")

    add = _command(subparsers, "add-language", translating.run_add_language, "begin a translation into another language")
    add.add_argument("language", metavar="LANG", help="a language that locales/ has facts of, such as pl or pt-BR")
    preview = _command(
        subparsers, "preview", previewing.run_preview, "show the pages in a browser while they are written and translated"
    )
    preview.add_argument("-l", "--language", action="append", default=[], metavar="LANG",
                         help="read only this language beside English (may be given again); default: all")  # fmt: skip
    preview.add_argument("--port", type=_positive, metavar="PORT",
                         help=f"listen at this port; default: {previewing.PORT}, or one of the next that is free")  # fmt: skip
    preview.add_argument("--no-browser", action="store_true", help="do not open a browser")
    _today(preview)
    proof = _command(
        subparsers, "proof", proofing.run_proof, "print handouts for the translator, with the catalog in the margin"
    )
    proof.add_argument("-l", "--language", required=True, metavar="LANG", help="the language that is read")
    proof.add_argument("--handout", action="append", default=[], metavar="ID", help="only this handout (may be given again)")
    proof.add_argument("--output", type=Path, metavar="DIR", help="write here instead of output/proof/")
    _today(proof)

    sample = _command(subparsers, "specimen", specimens.run_specimen, "print a sheet of real text in a language, to judge it")
    sample.add_argument("-l", "--language", action="append", required=True, metavar="LANG",
                        help="a language that locales/ has facts of (may be given again)")  # fmt: skip
    sample.add_argument("--output", type=Path, metavar="DIR", help="write here instead of output/specimen/")


def _governing(subparsers: Subparsers) -> None:
    """What answers for the pages: status, sign, report, verify."""
    from handouts.approval import Role

    status = _command(
        subparsers, "status", governing.run_status, "say what expires, what is unsigned and how far the translations are"
    )
    status.add_argument("--format", choices=("text", "json"), default="text", help="how it is printed")
    _site(status)
    _today(status)

    sign = _command(subparsers, "sign", signing.run_sign, "sign the exact text of a document, as a clinician or a translator")
    sign.add_argument(
        "handout", metavar="HANDOUT", help="a handout, form or pack; a translator also signs ui: the words of the templates"
    )
    sign.add_argument("-l", "--language", default="en", metavar="LANG", help="the language that was read; default: en")
    sign.add_argument("--role", required=True, choices=[str(r) for r in Role], help="what the person answers for")
    sign.add_argument("--name", required=True, help="the person's name, as it is printed")
    sign.add_argument("--credential", required=True, help="what entitles the person to sign, as it is printed, such as MD")
    sign.add_argument("--date", type=_date, metavar="DATE", help="the day of signing (YYYY-MM-DD); default: today")
    _site(sign)
    _today(sign)

    report = _command(
        subparsers, "report", governing.run_report, "write one page of what is signed, due and checked, for a meeting"
    )
    report.add_argument("--output", type=Path, metavar="FILE", help="write here instead of output/report.html")
    report.add_argument("--format", choices=("html", "json"), default="html", help="a page, or JSON on standard output")
    _site(report)
    _today(report)

    verify = _command(
        subparsers, "verify", governing.run_verify, "say what a printed or filed page is, and whether it is current"
    )
    verify.add_argument(
        "what", nargs="+", metavar="FILE", help="PDFs or web editions; or the document id and the hash from a page's footer"
    )
    verify.add_argument("--format", choices=("text", "json"), default="text", help="how it is printed")
    _today(verify)


def _machine(subparsers: Subparsers) -> None:
    """A new project folder, and the state of the machine: init, cache, doctor."""
    init = subparsers.add_parser("init", help="make a project folder of your own")
    init.add_argument("folder", type=Path, metavar="DIR")
    init.set_defaults(run=machine.run_init)
    kept = _command(subparsers, "cache", caching.run_cache, "say where finished pages are kept, how many and how large")
    kept.add_argument("--clear", action="store_true", help="empty it; the next build makes every page anew")
    check_up = subparsers.add_parser("doctor", help="say what this machine lacks, and how to get it")
    check_up.set_defaults(run=lambda _options: machine.run_doctor())


def _command(
    subparsers: Subparsers,
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
) -> argparse.ArgumentParser:
    command = subparsers.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    command.add_argument("--project", type=Path, default=Path(), metavar="DIR",
                         help="the project folder; default: the current one")  # fmt: skip
    command.set_defaults(run=run)
    return command


def _today(command: argparse.ArgumentParser) -> None:
    command.add_argument("--today", type=_date, default=datetime.date.today(), metavar="DATE",
                         help="the date to judge review dates by (YYYY-MM-DD); default: today")  # fmt: skip


def _site(command: argparse.ArgumentParser) -> None:
    command.add_argument("--site", default="", metavar="ID",
                         help="as this site of content/sites/ prints it; default: as content/clinic.yaml says")  # fmt: skip


def _format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "github", "json"), default="text",
                         help="how problems are printed")  # fmt: skip


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number of 1 or more')
    return int(text)


def _date(text: str) -> datetime.date:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a date such as 2026-03-31') from None
