"""The translator's proof: the page as printed, each text numbered, its entry and problems beside it."""

import datetime
import io
import re
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from handouts import catalogs, checks, markup, numbering, plan
from handouts.material import Material
from handouts.model import Edition
from handouts.numbering import State
from handouts.proof import Proof
from tests.conftest import Run

Read = Callable[[], Material]
CATALOG = "locales/es/LC_MESSAGES/tea.po"
BAND = "Translator’s proof, not for patients"


def proof(material: Material) -> Proof:
    """The Spanish proof of the minimal project's handout, with what the checks say."""
    (tea,) = material.library.handouts
    found = tuple(checks.run(material, datetime.date(2025, 1, 1)))
    return Proof(material, tea, material.library.languages["es"], found)


def damaged(folder: Path, english: str, change: Callable[[str], str], catalog: str = CATALOG) -> None:
    """Change the lines of the one entry of an English text."""
    path = folder / catalog
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    (index,) = (i for i, block in enumerate(blocks) if f'\nmsgid "{english}"\n' in block)
    blocks[index] = change(blocks[index])
    path.write_text("\n\n".join(blocks), encoding="utf-8")


def translated(new: str) -> Callable[[str], str]:
    """Puts another translation into an entry."""
    return lambda block: re.sub(r'msgstr ".*"', f'msgstr "{new}"', block)


def stale(block: str) -> str:
    """Marks an entry as `handouts update` does when the English has changed."""
    return block.replace("msgctxt", '#, fuzzy\n#| msgctxt "tea.title"\n#| msgid "Drinking \\"old\\" tea"\nmsgctxt', 1)


def shown(html: str) -> list[int]:
    """The numbers of the badges in a piece of HTML, in its order."""
    return [int(number) for number in re.findall(r'<span class="proof-badge"[^>]*>(\d+)', html)]


def test_every_entry_has_one_note(read: Read) -> None:
    """Each entry of the handout has exactly one note, on the page or among those this clinic does not print."""
    material = read()
    made = proof(material)
    noted = [note.entry.key for row in made.rows() for _, note in row.notes if note.domain == "tea"]
    wanted = [entry.key for entry in material.entries["tea"]]
    unseen = [key for key in wanted if key not in noted]
    assert len(noted) == len(set(noted))
    assert {str(context) for context, _ in unseen} == {
        "tea.sections.tea-abroad.title",
        "tea.sections.tea-abroad.paragraphs",
        "tea.sections.side-effects.effects.warm-hands.risk.group",  # no template says it
    }
    html = made.html()
    for context, _ in wanted:
        assert html.count(f" · {context}</span>") == sum(context == other for other, _ in wanted)


def test_numbers_run_down_the_page(read: Read) -> None:
    """Notes are numbered in the order of the page, and each number stands on the page beside its note."""
    rows = proof(read()).rows()
    numbers = [number for row in rows for number, _ in row.notes]
    assert numbers == list(range(1, len(numbers) + 1))
    for row in rows:
        assert {number for number, _ in row.notes} <= set(shown(row.html))
    assert {number for row in rows for number in shown(row.html)} == set(numbers)


def test_number_and_text_belong_together(read: Read) -> None:
    """The number before a text on the page is that of the note with its English, in every domain."""
    rows = proof(read()).rows()
    notes = {note.entry.id: (number, note) for row in rows for number, note in row.notes}
    page = "".join(row.html for row in rows).replace("\u00a0", " ")
    for english, spanish, domain in (
        ("Drinking tea", "Tomar té", "tea"),
        ("The main points", "«The main points»", "ui"),
        ("Tea for dull afternoons", "Té para tardes aburridas", "shared"),
    ):
        number, note = notes[english]
        assert note.domain == domain
        assert re.search(rf'<span class="proof-text translated"><span [^>]*>{number}</span>{spanish}</span>', page), english


def test_words_only_read_aloud_are_numbered(read: Read) -> None:
    """The number of a picture's description stands behind the picture; no mark is left anywhere."""
    html = proof(read()).html()
    assert re.search(r'<img[^>]* alt="«Logo of [^"]+»"[^>]*><span class="proof-badge"[^>]*>1</span>', html)
    assert not re.search("[\U000f0000-\U0010ffff]", html)


def test_tables_are_cut_between_rows(read: Read) -> None:
    """Each row of a table stands beside the notes of its own texts."""
    rows = proof(read()).rows()
    (row,) = (row for row in rows if any(note.entry.id == "Spilled tea" for _, note in row.notes))
    assert {note.entry.id for _, note in row.notes} >= {"Use a cloth", "Call if the cloth is gone"}
    assert "Warm hands" not in {note.entry.id for _, note in row.notes}
    assert row.html.startswith('<section class="section effects continued">')


def test_missing(project_folder: Path, read: Read) -> None:
    """A missing text stands in English, framed and said to be missing, left to right."""
    damaged(project_folder, "Black tea", translated(""))
    made = proof(read())
    (number,) = (number for row in made.rows() for number, note in row.notes if note.entry.id == "Black tea")
    html = made.html()
    assert re.search(
        rf'<span class="proof-text missing" lang="en" dir="ltr"><span [^>]*>{number} missing</span>Black tea</span>', html
    )
    assert html.count('<span class="proof-state">missing</span>') == 1
    assert "1 missing; 0 errors" in html


def test_stale(project_folder: Path, read: Read) -> None:
    """A stale text stands as the old suggestion and says so; its note has the old English beside the new."""
    damaged(project_folder, "Drinking tea", stale)
    made = proof(read())
    html = made.html().replace("\u00a0", " ")  # the last word of a heading is tied to the one before it
    assert re.search(r'<span class="proof-text stale"><span [^>]*>\d+ stale</span>Tomar té</span>', html)
    (note,) = (note for note in made.notes if note.state is State.STALE)
    assert (note.english, note.old_english) == (("Drinking tea",), ('Drinking "old" tea',))
    assert "<strong>Old English:</strong> Drinking &#34;old&#34; tea" in html


def test_no_catalog_of_the_handout(project_folder: Path, read: Read) -> None:
    """A handout that nobody has begun is proofed too: all of it is missing."""
    (project_folder / CATALOG).unlink()
    assert {note.state for note in proof(read()).notes if note.domain == "tea"} == {State.MISSING}


def test_problems(project_folder: Path, read: Read) -> None:
    """What `handouts check` says of an entry stands in its note, with the rule; its number bears a mark."""
    damaged(project_folder, "It takes 4.5 minutes in this tale.", translated("Dura 77 minutos."))
    made = proof(read())
    (note,) = (note for note in made.notes if note.entry.id == "It takes 4.5 minutes in this tale.")
    assert {problem.rule for problem in note.problems} >= {"numbers/multiset"}
    html = made.html()
    assert re.search(r'<span class="proof-badge"[^>]*>\d+!</span>Dura 77 minutos\.', html)
    assert "<strong>Error, numbers/multiset:</strong>" in html


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Mire {telefono}", "Mire {telefono}"),
        ("Mire **esto", "Mire **esto"),
        ("Mire <b>esto</b>", "Mire &lt;b&gt;esto&lt;/b&gt;"),
        ("Mire \U0001fae8", "Mire U+1FAE8"),
        ("Mire \U000f0005", "Mire U+F0005"),
    ],
)
def test_nothing_is_refused(text: str, seen: str, project_folder: Path, read: Read) -> None:
    """A translation that would stop a build is shown as it is written."""
    damaged(project_folder, "Black tea", translated(text))
    assert f"</span>{seen}</span>" in proof(read()).html()


def test_plural_forms(project_folder: Path, read: Read) -> None:
    """The note of a text that goes with a number has all its forms, empty ones too; the page shows English for those."""
    english = "{count} of {of} people has this."
    damaged(
        project_folder,
        english,
        lambda block: re.sub(r'msgstr\[1\] ".*"', 'msgstr[1] ""', block),
        "locales/es/LC_MESSAGES/ui.po",
    )
    made = proof(read())
    (note,) = (note for note in made.notes if note.entry.id == english)
    assert (note.state, note.forms) == (State.MISSING, (f"«{english}»", ""))
    assert re.search(r"\d+ missing</span>6 of 100 people have this\.</span>", made.html())


def test_right_to_left(project_folder: Path, read: Read) -> None:
    """In a right-to-left language the page is read from the right, and the notes from the left."""
    path = project_folder / "locales/es/language.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("direction: ltr", "direction: rtl"), encoding="utf-8")
    html = proof(read()).html()
    assert '<html lang="es" dir="rtl" class="standard proof">' in html
    assert html.count('<div class="proof-notes" lang="en" dir="ltr">') == html.count('<div class="proof-page">') > 10


def test_the_page_is_the_printed_one(read: Read) -> None:
    """Without the numbers the pieces of a proof, tables put together again, say what the printed page says."""
    material = read()
    (job,) = plan.plan(material, plan.Selection(languages=("es",), editions=(Edition.STANDARD,))).jobs
    made = proof(material)
    pieces = "".join(re.sub(r'<span class="proof-badge".*?</span>', "", row.html) for row in made.rows())
    printed = "".join(numbering.pieces(markup.html(job.page, material.project.templates)))

    def words(html: str) -> str:
        return "".join(re.sub("<[^>]*>", "", html).replace("proof", job.page.digest[:8]).split())

    assert words(pieces) == words(printed)


def test_a_proof_changes_no_page(project_folder: Path, read: Read) -> None:
    """No job's key depends on the proof's template or style; English stays off the pages, which are not printed instead."""
    before = [job.key for job in plan.plan(read(), plan.Selection()).jobs]
    for name in ("proof.html.j2", "proof.css"):
        with (project_folder / "templates" / name).open("a", encoding="utf-8") as file:
            file.write("\n")
    assert [job.key for job in plan.plan(read(), plan.Selection()).jobs] == before
    damaged(project_folder, "Black tea", translated(""))
    material = read()
    assert "Black tea" in proof(material).html()
    assert plan.plan(material, plan.Selection(languages=("es",))).jobs == ()


@pytest.mark.slow
def test_command(project_folder: Path, run: Run) -> None:
    """`handouts proof` writes one PDF for each handout; every page of it says that it is not for patients."""
    damaged(project_folder, "Black tea", translated(""))
    code, out, err = run("proof", "-l", "es")
    assert (code, out, err) == (0, "written: output/proof/es/tea.pdf\n", "")
    pages = pypdf.PdfReader(io.BytesIO((project_folder / "output/proof/es/tea.pdf").read_bytes())).pages
    assert len(pages) > 1
    for page in pages:
        assert page.mediabox.width > page.mediabox.height
        assert BAND in " ".join(page.extract_text().split())


def test_a_language_not_begun(project_folder: Path, run: Run) -> None:
    """A language without a catalog is a problem with a remedy, and so is a handout that does not exist."""
    for path in (project_folder / "locales/es/LC_MESSAGES").glob("*.po"):
        path.unlink()
    code, _, err = run("proof", "-l", "es", "--handout", "coffee")
    assert code == 1
    assert "there is no catalog of Spanish [translation/not-begun]" in err
    assert "hint: begin one with: handouts add-language es" in err
    assert 'there is no handout "coffee"' in err


@pytest.mark.parametrize("code", ["en", "xx"])
def test_no_such_language(code: str, run: Run) -> None:
    """English is not translated, and neither is a language without a file of facts."""
    assert run("proof", "-l", code)[0] == 1


def test_old_english_reads_what_update_writes(project_folder: Path, read: Read) -> None:
    """The old English of a text that `handouts update` made stale is read back, quotes and all."""
    path = project_folder / "content/handouts/tea.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Do not eat for", "Never eat for"), encoding="utf-8")
    material = read()
    catalogs.update(material.project, material.library.languages["es"], material.entries)
    (note,) = (note for note in proof(read()).notes if note.state is State.STALE)
    assert note.old_english == ("Do not eat for {food_fasting} before the tea.",)
    assert note.english == ("Never eat for {food_fasting} before the tea.",)
