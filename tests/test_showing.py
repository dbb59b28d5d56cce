"""A handout on a screen: as far as it goes, each text with its number and place, problems at the text they concern."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import tinyhtml5

from handouts import checks, numbering
from handouts.material import Material
from handouts.model import Edition
from handouts.numbering import State
from handouts.problems import HandoutsError
from handouts.showing import Showing
from tests.test_proof import CATALOG, damaged, stale, translated

Read = Callable[[], Material]
TODAY = datetime.date(2025, 1, 1)


def showing(material: Material, code: str = "es", edition: Edition = Edition.STANDARD) -> Showing:
    """The minimal project's handout."""
    (tea,) = material.library.handouts
    return Showing(material, tea, material.library.languages[code], edition)


def text_of(html: str, number: int) -> str:
    """What stands at a text's first place."""
    root = tinyhtml5.parse(html, namespace_html_elements=False)
    (found,) = [element for element in root.iter("span") if element.get("id") == f"text-{number}"]
    return "".join(found.itertext())


@pytest.mark.parametrize("edition", [Edition.STANDARD, Edition.LARGE_PRINT, Edition.BILINGUAL])
@pytest.mark.parametrize("code", ["en", "es"])
def test_every_text_has_its_number(read: Read, code: str, edition: Edition) -> None:
    """Each text of a page carries one number, the same in both languages, and no private sign is left."""
    made = showing(read(), code, edition)
    html = made.body(())
    assert {int(number) for number in re.findall(r'id="text-(\d+)"', html)} <= made.shown
    assert not re.search("[\U000f0000-\U0010ffff]", html)
    title = next(number for number, note in enumerate(made.proof.notes) if note.entry.id == "Drinking tea")
    assert text_of(html, title).replace("\u00a0", " ") == ("Drinking tea" if code == "en" else "Tomar té")


def test_english_tells_its_lines(read: Read) -> None:
    """A text of the English says in which line of which file it stands."""
    assert 'title="content/handouts/tea.yaml:3"' in showing(read(), "en").body(())


def test_missing_and_fuzzy(project_folder: Path, read: Read) -> None:
    """A missing text is its English, marked as such; a fuzzy one stands and says so. Both are listed with their places."""
    damaged(project_folder, "Drinking tea", translated(""))
    damaged(project_folder, "Black tea", lambda block: "#, fuzzy\n" + block)
    made = showing(read())
    waiting = {note.entry.id: (number, note.state, place) for number, note, place in made.waiting()}
    assert {text: state for text, (_, state, _) in waiting.items()} == {"Drinking tea": State.MISSING, "Black tea": State.STALE}
    html = made.body(())
    number, _, place = waiting["Drinking tea"]
    assert (place.path, place.line > 0) == (CATALOG, True)
    assert text_of(html, number) == "not translated Drinking\u00a0tea"
    assert re.search(rf'id="text-{number}" class="preview-text missing"[^>]* lang="en" dir="ltr"', html)
    assert text_of(html, waiting["Black tea"][0]) == "fuzzy Té negro"
    assert made.counts()["missing"], made.counts()["stale"] == (1, 1)


def test_problems_stand_at_their_text(project_folder: Path, read: Read) -> None:
    """What a check finds in a translation is told at that text, which stands out."""
    damaged(project_folder, "It takes 4.5 minutes in this tale.", translated("Tarda 45 minutos en este cuento."))
    material = read()
    made = showing(material)
    findings = made.findings(tuple(checks.run(material, TODAY)))
    (finding,) = [each for each in findings if each.problem.rule == "numbers/multiset"]
    assert finding.words == "It takes 4.5 minutes in this tale."
    assert finding.number is not None
    assert f'id="text-{finding.number}" class="preview-text translated troubled"' in made.body(findings)


def test_a_problem_of_the_whole_file_is_at_no_text(project_folder: Path, read: Read) -> None:
    """A catalog that lacks entries has texts without a line: a problem without one is not theirs."""
    (project_folder / CATALOG).unlink()
    material = read()
    findings = showing(material).findings(tuple(checks.run(material, TODAY)))
    assert not [each for each in findings if each.number is not None and each.problem.place.line == 0]


def test_hostile_translations_are_text(project_folder: Path, read: Read) -> None:
    """Markup, quotes, brackets and private signs of a translation are shown, never run."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>{nope}\U000f0001</span>'"
    damaged(project_folder, "Drinking tea", translated(evil))
    damaged(project_folder, "Black tea", stale)
    made = showing(read())
    html = made.body(())
    assert "<script" not in html
    assert "onerror=alert(2)&gt;" in html
    root = tinyhtml5.parse(html, namespace_html_elements=False)
    assert not list(root.iter("script"))
    assert not [element for element in root.iter() if any(name.startswith("on") for name in element.attrib)]


def test_titles_are_escaped() -> None:
    """What a text says of itself cannot leave its attribute."""
    html = numbering.spanned(numbering.marked("tea", 0, State.TRANSLATED, ()), {0: '"><script>'})
    assert html == '<span id="text-0" class="preview-text translated" data-text="0" title="&#34;&gt;&lt;script&gt;">tea</span>'


def test_an_unknown_reference_does_not_stop_it(project_folder: Path, read: Read) -> None:
    """A reference that there is not stands as such, until the checks tell it."""
    path = project_folder / "content/handouts/tea.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[TEA2]", "[NOPE9]"), encoding="utf-8")
    assert "There is no reference NOPE9" in showing(read(), "en").body(())


def test_message_of_a_page_that_cannot_be_put_together(project_folder: Path, read: Read) -> None:
    """A name that nothing has is told with the file, not as a failure of ours."""
    path = project_folder / "content/handouts/tea.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("- id: call-now", "- id: call-later"), encoding="utf-8")
    with pytest.raises(HandoutsError) as fault:
        _ = showing(read(), "en").numbered
    assert str(fault.value) == (
        "content/handouts/tea.yaml: error: the page cannot be put together: 'call-later' [preview/page]\n"
        "    hint: look for a name in the file that nothing else has: a shared section, a term, a reference"
    )


def test_a_bilingual_list_goes_on_counting(read: Read) -> None:
    """Browsers count lists by an attribute."""
    html = showing(read(), "es", Edition.BILINGUAL).body(())
    assert 'start="2"' in html
