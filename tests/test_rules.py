"""Every rule has its message shown: those of the checks by a project of tests/bad, the others there or in a test.

At the end stand the exact messages of the rules that no project folder breaks: a full disk, a finished page, a command.
"""

import ast
import errno
import io
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from unittest.mock import create_autospec

import pypdf
import pytest

from handouts import (
    archive,
    assembly,
    build,
    cache,
    content,
    filling,
    foreign,
    making,
    material,
    pdf,
    plan,
    project,
    publishing,
    specimen,
    starter,
    verification,
)
from handouts.assembly import Part
from handouts.cache import Cache
from handouts.fields import Field, Kind
from handouts.model import Edition
from handouts.pack_plan import PackJob
from handouts.plan import Selection
from handouts.problems import HandoutsError
from handouts.project import Project
from handouts.rules import RULES
from tests.conftest import TODAY, Run
from tests.shipped import ROOT
from tests.test_fields import form, page, printed

ENGINE = ROOT / "handouts"
CHECKS = tuple(sorted((ENGINE / "checks").glob("*.py")))
RULE = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*")
SHOWN = re.compile(rf"\[({RULE.pattern})\]")
MAKERS = {"Problem", "stopped", "warning", "problem", "unknown"}
"""What makes a problem out of a rule's id; so does every function of a module that has a parameter `rule`."""


def rules(path: Path) -> set[str]:
    """The ids of the rules that a module gives to what makes problems."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    makers = MAKERS | {node.name for node in functions if "rule" in [argument.arg for argument in node.args.args]}
    found: set[str] = set()
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (getattr(call.func, "id", None) or getattr(call.func, "attr", "")) in makers:
            given = (*call.args, *(keyword.value for keyword in call.keywords))
            found |= {str(value.value) for value in given if isinstance(value, ast.Constant) and _is_rule(value.value)}
    return found


def _is_rule(value: object) -> bool:
    return isinstance(value, str) and bool(RULE.fullmatch(value))


def strings(path: Path) -> Iterator[str]:
    """Every string of a module that looks like the id of a rule and is not the name of a folder."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and _is_rule(node.value) and not (ROOT / str(node.value)).exists():
            yield str(node.value)


def shown_by_projects() -> set[str]:
    """The rules whose messages stand in an expected.txt."""
    files = (ROOT / "tests" / "bad").glob("*/expected.txt")
    return {rule for file in files for rule in SHOWN.findall(file.read_text(encoding="utf-8"))}


def shown_by_tests() -> set[str]:
    """The rules whose messages stand in the source of a test, as the command line prints them."""
    files = (ROOT / "tests").glob("test_*.py")
    return {rule for file in files for rule in SHOWN.findall(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_every_rule_of_the_checks_has_a_bad_project(path: Path) -> None:
    """Each id in handouts/checks/ has a project of tests/bad that breaks the rule, with the message it gives."""
    assert rules(path) - shown_by_projects() == set()


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_every_rule_is_known(path: Path) -> None:
    """Each string of a check that looks like the id of a rule is one: none is made in a way that `rules` does not see."""
    assert set(strings(path)) == rules(path)


def test_every_other_rule_is_shown() -> None:
    """Each id in the index of rules has its message in tests/bad or in a test."""
    assert RULES - shown_by_projects() - shown_by_tests() == set()


def test_no_message_of_a_rule_that_is_gone() -> None:
    """Each id in tests/bad is in the index of rules."""
    assert shown_by_projects() - RULES == set()


def told(action: Callable[[], object]) -> str:
    """What a person reads when something is refused."""
    with pytest.raises(HandoutsError) as caught:
        action()
    return str(caught.value)


def untagged() -> bytes:
    """A PDF with an empty page and nothing else."""
    writer, data = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(data)
    return data.getvalue()


def without_pages() -> bytes:
    """A PDF without a page."""
    data = io.BytesIO()
    pypdf.PdfWriter().write(data)
    return data.getvalue()


NARROW = '<div style="width: 2mm">{}</div>'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            Field("part.a", Kind.TEXT, "x").html(),
            'form.pdf: error: "part.a" is no name for a field [fields/name]\n'
            "    hint: use lower-case letters, digits and hyphens",
        ),
        (
            Field("a", Kind.TEXT, "x").html() * 2,
            'form.pdf: error: the field "a" stands in the document 2 times [fields/name]\n'
            "    hint: give each field a name of its own, and keep it off headers that repeat and boxes that split",
        ),
        (
            Field("a", Kind.TEXT, "").html(),
            'form.pdf: error: the field "a" says nothing to a person who cannot see it [fields/tooltip]\n'
            "    hint: give it a tooltip in the language of the page",
        ),
        (
            NARROW.format(Field("a", Kind.TEXT, "x").html()),
            'form.pdf: error: the field "a" is 4 by 24 points [fields/size]\n'
            "    hint: give the input a width and a height in the style",
        ),
        (
            "<style>@page { @bottom-center { content: element(foot); height: 15mm } } .foot { position: running(foot) }</style>"
            f'<div class="foot">{Field("a", Kind.TEXT, "x").html()}</div><p>x</p>',
            "form.pdf: error: a field stands where nothing is read aloud [fields/order]\n"
            "    hint: take it out of headers, footers and the repeated head of a table",
        ),
    ],
)
def test_message_of_a_field(body: str, message: str) -> None:
    """A field that cannot be named, read aloud or hit is told with what to do."""
    assert told(lambda: page(f"<div>{body}</div>")) == message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "nobody",
            "x",
            'f.pdf: error: there is no field "nobody" [fields/unknown]\n'
            "    hint: the fields are patient-name, matters, understood, date, time",
        ),
        (
            "understood",
            "maybe",
            'f.pdf: error: "maybe" cannot stand in the check box "understood" [fields/check-box]\n'
            '    hint: give "Yes", or nothing',
        ),
        (
            "patient-name",
            "x" * 200,
            f'f.pdf: error: what is to stand in "patient-name" does not fit: "{"x" * 200}" [fields/too-long]\n'
            "    hint: shorten it, or give the field more room on the page",
        ),
    ],
)
def test_message_of_a_value(name: str, value: str, message: str) -> None:
    """A value that a form cannot show is told with what to do."""
    english = content.load(Project(ROOT / "tests" / "projects" / "minimal")).languages["en"]
    assert told(lambda: filling.filled(form(), {name: value}, english, "f.pdf")) == message


def test_message_of_a_page() -> None:
    """A page that cannot be printed as it is written is told with what the layout engine says."""
    assert told(lambda: printed('<html lang="en"><title>x</title><p style="no-such-property: 1">x</p></html>')) == (
        "form.pdf: error: Ignored `no-such-property: 1` at 1:1, unknown property. [layout/render]\n"
        "    hint: the page was not printed; mend the style, picture or text"
    )


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            lambda: archive.archival(untagged(), pdf.srgb(), "map.pdf"),
            "map.pdf: error: only a tagged page with its identifier can be made one for keeping [archive/tagged]\n"
            "    hint: give it a file that handouts has made",
        ),
        (
            lambda: assembly.page_count(b"<html>", "map.pdf"),
            "map.pdf: error: this PDF cannot be read: Stream has ended unexpectedly [pack/read]\n"
            "    hint: open it and print it to a new PDF without a password",
        ),
        (
            lambda: assembly.assemble(
                [Part(without_pages(), "Map", "en", "map.pdf")], title="Pack", language="en", identifier="0" * 32
            ),
            "map.pdf: error: this PDF cannot be taken into a pack: no page [pack/read]\n"
            "    hint: open it and print it to a new PDF",
        ),
        (
            lambda: verification.told("map.pdf", b"not a PDF"),
            "map.pdf: error: this is not a readable PDF: Stream has ended unexpectedly [verify/pdf]\n    hint: name a PDF or a web edition",
        ),
        (
            lambda: verification.told("map.pdf", untagged()),
            "map.pdf: error: this PDF does not say that handouts made it [verify/unknown]\n"
            "    hint: give the document id and the hash from its footer instead, such as: handouts verify ABC-01 1a2b3c4d",
        ),
    ],
)
def test_message_of_a_finished_pdf(action: Callable[[], object], message: str) -> None:
    """A PDF that cannot be kept, taken into a pack or looked up is told with its name."""
    assert told(action) == message


def test_message_of_a_pdf_from_elsewhere(tmp_path: Path) -> None:
    """A file that is no PDF is told with what to do."""
    (tmp_path / "map.pdf").write_bytes(b"not a PDF")
    assert told(lambda: foreign.cleaned(tmp_path / "map.pdf", "files/map.pdf")) == (
        "files/map.pdf: error: the PDF cannot be taken into a pack: it is damaged (PdfStreamError: Stream has ended unexpectedly) "
        "[pack/file]\n"
        "    hint: open it in a viewer and print it to a new PDF, or ask for another copy"
    )


def test_messages_of_a_finished_pack(tmp_path: Path) -> None:
    """A pack tells which part is not accessible and what was taken out of a PDF from elsewhere."""
    job = create_autospec(PackJob, instance=True, key="0" * 64, output=Path("en/packs/tea-pack.pdf"))
    kept = Cache(tmp_path)
    kept.put(job.key, b"", {"unfit": ["files/map.pdf"], "removed": [["files/map.pdf", "JavaScript", 2]]})
    assert [str(problem) for problem in making.told(job, kept.facts(job.key))] == [
        "en/packs/tea-pack.pdf: warning: the pack does not say that it is accessible (PDF/UA), because files/map.pdf is not "
        "[pack/accessible]\n"
        "    hint: ask whoever made that PDF for a tagged one; people who use a screen reader cannot read it",
        "files/map.pdf: warning: taken out of the copy in the pack: JavaScript (2 times) [pack/active]\n"
        "    hint: look whether the page still says what it should; nothing in a pack acts by itself",
    ]


class _Dying(Executor):
    """Runs nothing: the process that should is dead."""

    def submit(self, fn, /, *arguments, **named):  # type: ignore[no-untyped-def]  # noqa: ARG002
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool())
        return future


def test_message_of_a_process_that_died(project_folder: Path) -> None:
    """A page whose process died is told, with the usual cause."""
    read = material.read(Project(project_folder))
    jobs = plan.plan(read, Selection(languages=("en",), editions=(Edition.STANDARD,))).jobs
    (result,) = build.run(jobs, read.project, _Dying())
    assert [str(problem) for problem in result.problems] == [
        "en/tea.pdf: error: the process that made this page died [build/worker]\n"
        "    hint: the machine may be out of memory: try --jobs 1"
    ]


def test_message_of_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    """A file of an earlier build that cannot be taken away, here because it is a folder, is told with its path."""
    (tmp_path / "tea.pdf").mkdir()
    (tmp_path / "manifest.json").write_text('{"files": [{"file": "tea.pdf"}]}', encoding="utf-8")
    assert told(lambda: publishing.publish((), Project(tmp_path), tmp_path, whole=True)) == (
        f"{tmp_path}/tea.pdf: error: cannot write: Is a directory [build/output]\n"
        "    hint: check free space and the permissions of the output folder; finished pages are kept in .cache"
    )


def test_message_of_a_page_that_is_not_translated(project_folder: Path) -> None:
    """A page that is not printed for want of a translation is told with the number of texts."""
    catalog = project_folder / "locales/es/LC_MESSAGES/tea.po"
    catalog.write_text(catalog.read_text(encoding="utf-8").replace('msgstr "Té negro"', 'msgstr ""'), encoding="utf-8")
    read = material.read(Project(project_folder))
    (blocked,) = plan.plan(read, Selection(languages=("es",), editions=(Edition.STANDARD,))).blocked
    total = len(read.entries["tea"])
    assert str(blocked.problem) == (
        f"locales/es/LC_MESSAGES/tea.po: warning: 1 of {total} texts are not translated into Spanish, "
        "so nothing that needs them is printed [translation/incomplete]\n"
        "    hint: translate them (an entry marked fuzzy counts as not translated); English never takes their place"
    )


SIGNED = ("tea", "--name", "Fictional Reader", "--credential", "none", "--today", TODAY)


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        (
            "build",
            ("--pack", "nope"),
            '--pack: error: there is no pack "nope" [usage/pack]\n    hint: use one of: \n',
        ),
        (
            "add-language",
            ("xx",),
            "xx: error: there is no file of facts locales/xx/language.yaml [usage/language]\n"
            "    hint: copy one of another language and correct it; there are: es\n",
        ),
        (
            "specimen",
            ("-l", "xx"),
            '--language: error: "xx" is not a known language [specimen/language]\n'
            "    hint: use one of: en, es; or write locales/xx/language.yaml first\n",
        ),
        (
            "specimen",
            ("-l", "es"),
            "locales/es/specimen.txt: error: there is no text in Spanish to set [specimen/text]\n"
            '    hint: write a short text into locales/es/specimen.txt: "# " before its title, "## " before headings, '
            '"- " before list items, blank lines between; see locales/SPECIMEN.md\n',
        ),
        (
            "sign",
            (*SIGNED, "--role", "translator", "--date", "2099-01-01"),
            "--date: error: 2099-01-01 has not come yet [usage/date]\n"
            "    hint: give the day of signing\n"
            "--role: error: a translator does not sign en [usage/role]\n"
            "    hint: a clinician signs the English (-l en), a translator a translation of it\n",
        ),
        (
            "sign",
            (*SIGNED, "--role", "clinician", "--name", "<b>"),
            '--name: error: "<b>" cannot be written as one line [usage/sign]\n'
            "    hint: write one line of at most 200 characters without < and >\n",
        ),
        (
            "verify",
            ("TEA-99", "1a2b3c4d"),
            'TEA-99: error: no document has the id "TEA-99" [verify/document]\n    hint: there are: TEA-01\n',
        ),
        (
            "verify",
            ("nowhere.pdf",),
            "nowhere.pdf: error: cannot be read: No such file or directory [verify/file]\n"
            "    hint: name a PDF, or the document id and the hash from a page's footer, such as: handouts verify ABC-01 1a2b3c4d\n",
        ),
    ],
)
def test_message_of_a_command(command: str, arguments: tuple[str, ...], message: str, run: Run) -> None:
    """A command that asks for what is not there is told what is."""
    assert run(command, *arguments) == (1, "", message)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the file holds no text [specimen/text]\n    hint: see locales/SPECIMEN.md"),
        (b"\xff", "the text is not UTF-8 [specimen/text]\n    hint: save the file as UTF-8"),
        (
            "漢".encode(),
            "no font of Noto Sans draws 漢 [specimen/fonts]\n    hint: name a font that does in locales/es/language.yaml",
        ),
    ],
)
def test_message_of_a_specimen(raw: bytes, message: str, project_folder: Path) -> None:
    """A specimen's text that cannot be set is told with its file."""
    (project_folder / "locales/es/specimen.txt").write_bytes(raw)
    language = material.read(Project(project_folder)).library.languages["es"]
    assert told(lambda: specimen.text(language, Project(project_folder))) == f"locales/es/specimen.txt: error: {message}"


def test_message_of_a_signature_that_cannot_be_written(project_folder: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """A signature that cannot be kept is told with the file where it belongs."""

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(cache, "replace", full)
    assert run("sign", *SIGNED, "--role", "clinician") == (
        1,
        "",
        "content/signoffs.yaml: error: cannot write: No space left on device [sign/unwritable]\n"
        "    hint: check the file's permissions\n",
    )
    assert not (project_folder / "content/signoffs.yaml").exists()


def test_message_of_a_page_that_is_not_released(project_folder: Path, run: Run) -> None:
    """A strict build tells each document it refuses, with the reason and the way to sign it."""
    _, _, err = run("build", "--strict", "-l", "en", "--edition", "standard")
    assert (
        "content/handouts/tea.yaml: error: tea in English is not released (1 file): "
        "English: no clinician has signed this text [release/refused]\n"
        "    hint: when it has been read and found right: "
        "handouts sign tea -l en --role clinician --name … --credential …\n"
    ) in err
    assert not [*(project_folder / "output").rglob("*.pdf")]


def test_messages_of_a_new_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is taken, or where nothing can be written, is told."""
    (tmp_path / "content").mkdir()
    assert told(lambda: starter.make(tmp_path)) == (
        f"{tmp_path}: error: the folder already has content [init/exists]\n    hint: choose a new folder; nothing was changed"
    )
    monkeypatch.setattr(starter, "PARTS", ("templates/icons",))
    (tmp_path / "file").touch()
    assert told(lambda: starter.make(tmp_path / "file")) == (
        f"{tmp_path}/file: error: cannot write: Not a directory [init/unwritable]\n    hint: choose another folder"
    )


def test_messages_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is too large or cannot be read is told with what to do."""
    (tmp_path / "folder").mkdir()
    assert told(lambda: Project(tmp_path).read("folder")) == (
        'folder: error: "folder" cannot be read: Is a directory [project/unreadable]\n'
        "    hint: check the permissions of the file"
    )
    monkeypatch.setattr(project, "LARGEST_FILE", 0)
    (tmp_path / "logo.png").write_bytes(b"x")
    assert told(lambda: Project(tmp_path).read("logo.png")) == (
        'logo.png: error: "logo.png" is larger than 16 MiB [project/size]\n    hint: use a smaller file'
    )


def test_message_of_a_project_without_handouts(project_folder: Path) -> None:
    """A project without a handout is told where one goes."""
    (project_folder / "content/handouts/tea.yaml").unlink()
    assert told(lambda: material.read(Project(project_folder))) == (
        "content/handouts: error: there is no handout [content/empty]\n    hint: put a YAML file there"
    )
