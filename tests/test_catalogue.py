"""The catalogue: a card for each document in each language, and nothing in a title that could break out of its page."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handouts import catalogue, manifest, pictures
from handouts.catalogue import Card
from handouts.pictures import Picture
from handouts.problems import HandoutsError
from tests import listed
from tests.shipped import ROOT

Run = Callable[..., tuple[int, str, str]]

TEMPLATES = ROOT / "templates"
HOSTILE = "</script><script>alert(1)</script><!--\u2028\u2029&\"'"


def cards(entries: listed.Entries) -> dict[tuple[str, str], Card]:
    """The cards of some files, by document and language."""
    return {(card.id, card.language.code): card for card in catalogue.shelf(entries, listed.library()).cards}


def page(entries: listed.Entries) -> str:
    """The page of some files."""
    return catalogue.as_html(catalogue.shelf(entries, listed.library()), TEMPLATES)


def data(html: str) -> dict[str, Any]:
    """What the page's script reads."""
    found = re.search('<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_one_card_holds_all_editions() -> None:
    """A document in a language is one card, its editions in the order in which they are offered."""
    made = cards(listed.entries())
    card = made["side-effects", "es"]
    assert [(file.label, file.path) for file in card.files] == [
        ("Standard", "es/side-effects.pdf"),
        ("Large print", "es/large-print/side-effects.pdf"),
        ("On a phone", "es/side-effects.html"),
    ]
    assert card.picture == "pictures/es/standard/side-effects.png"
    assert len(made) == 10


def test_the_order_of_cards() -> None:
    """English first, then the clinic's languages; in each handouts, forms and packs by number."""
    found = catalogue.shelf(listed.entries(), listed.library())
    assert [language.code for language in found.languages] == ["en", "es", "vi", "zh-Hans", "ar"]
    assert [card.number for card in found.of(listed.library().languages["en"])] == ["KET-01", "KET-05", "CON-01", "PCK-01"]


def test_numbers_are_counted_not_spelt() -> None:
    """Number 9 comes before number 10."""
    made = {f"en/{n}.pdf": listed.entry(f"x{n}", f"KET-{n}", "en", "x") for n in (10, 9)}
    assert [card.number for card in catalogue.shelf(made, listed.library()).cards] == ["KET-9", "KET-10"]


def test_the_gravest_state_counts() -> None:
    """Where editions differ in state, as after a partial build, the card tells the gravest."""
    made = listed.entries()
    made["es/side-effects.pdf"]["state"] = "approved"
    made["es/large-print/side-effects.pdf"]["state"] = "expired"
    assert cards(made)["side-effects", "es"].state == "expired"


def test_a_document_names_its_packs() -> None:
    """A card leads to the packs of its language that hold it, and only to those that were made."""
    found = catalogue.shelf(listed.entries(), listed.library())
    told = data(page(listed.entries()))["cards"]
    by_name = {(card.id, card.language.code): card for card in found.cards}
    rows = dict(zip(by_name, told, strict=True))
    assert [list(rows)[place] for place in rows["side-effects", "en"][10]] == [("first-visit", "en")]
    assert rows["side-effects", "es"][10] == []
    assert rows["consent-infusion", "en"][10] == []


def test_staff_copies_are_not_the_patients() -> None:
    """A pack that holds a form in the staff's language too holds it once for the patient."""
    pack = next(pack for pack in listed.library().packs if pack.id == "infusion-consent")
    assert [*catalogue._held(pack, "es")].count("consent-infusion") == 1


def test_a_handout_that_is_gone_is_still_listed() -> None:
    """A file of an earlier build whose document is in the content no more has the title its own page has."""
    made = {"es/old.pdf": listed.entry("old", "OLD-01", "es", "Viejo")}
    found = catalogue.shelf(made, listed.library())
    assert found.titles["old"] == "Viejo"
    assert data(page(made))["documents"] == [["old", "OLD-01", "handout", "Viejo"]]


def test_a_manifest_of_an_older_engine() -> None:
    """What an older manifest does not tell (kind, size, pages, picture) is left out; a language nobody knows too."""
    old = {"handout": "side-effects", "document": "KET-05", "language": "en", "edition": "standard", "title": "Side effects"}
    made = {"en/side-effects.pdf": dict(old), "qq/side-effects.pdf": old | {"language": "qq"}}
    (card,) = catalogue.shelf(made, listed.library()).cards
    assert (card.kind, card.picture, card.files[0].size, card.files[0].pages) == ("handout", "", None, None)
    assert "null" in page(made)


def test_sites_have_cards_of_their_own() -> None:
    """At several clinics, each has its own card, which names it, and the page offers to choose one."""
    made = {f"{site}/en/tea.pdf": listed.entry("tea", "TEA-01", "en", "Tea", site=site) for site in ("south", "north")}
    library = replace(
        listed.library(), sites={s: listed.library().clinic.model_copy(update={"name": s.title()}) for s in ("north", "south")}
    )
    found = catalogue.shelf(made, library)
    assert [(card.site, card.files[0].path) for card in found.cards] == [
        ("north", "north/en/tea.pdf"),
        ("south", "south/en/tea.pdf"),
    ]
    assert '<option value="south">South</option>' in catalogue.as_html(found, TEMPLATES)


@pytest.mark.parametrize("name", ["title", "version", "state", "edition", "picture"])
def test_nothing_breaks_out(name: str) -> None:
    """Whatever stands in a manifest ends neither the data nor the page, and comes back as it was."""
    made = listed.entries()
    made["es/side-effects.pdf"][name] = HOSTILE
    html = page(made)
    assert html.count("</script>") == 2
    assert "alert(1)</script>" not in html
    assert "\u2028" not in html.split('id="data">')[1]
    assert HOSTILE in json.dumps(data(html), ensure_ascii=False).replace('\\"', '"')


def test_only_its_own_script_runs() -> None:
    """The page's policy names the digest of its script, and nothing is loaded from elsewhere."""
    html = page(listed.entries())
    script = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(script) == 1
    assert catalogue.policy(script[0]).replace("'", "&#39;") in html
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", html)


def test_without_javascript_there_is_a_list() -> None:
    """The list inside noscript leads to every file."""
    made = listed.entries()
    plain = page(made).split("<noscript>")[1].split("</noscript>")[0]
    assert set(re.findall('<a href="([^"]+)"', plain)) == set(made)
    assert '<strong lang="ar" dir="rtl">ما الآثار الجانبية' in plain


def test_an_empty_folder_has_a_page() -> None:
    """Where nothing was made, the page lists nothing."""
    assert data(page({}))["cards"] == []


def test_a_template_that_is_missing_is_told(tmp_path: Path) -> None:
    """A project folder without the catalogue's template is told its name."""
    with pytest.raises(HandoutsError, match=re.escape('there is no template "catalogue.html.j2" in templates/')):
        catalogue.as_html(catalogue.shelf({}, listed.library()), tmp_path)


@pytest.fixture
def drawn(plain_pages: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and their pictures are what tells them apart; a web edition has no picture."""
    del plain_pages
    monkeypatch.setattr(pictures, "drawn", lambda data: None if b" web " in data else Picture(b"a picture of " + data, 3))


@pytest.mark.usefixtures("drawn")
def test_a_build_makes_it(project_folder: Path, run: Run) -> None:
    """A build puts a picture beside every page, tells pages and sizes in the manifest, and lists all in index.html."""
    assert run("build")[0] == 0
    output = project_folder / "output"
    files = json.loads((output / "manifest.json").read_bytes())["files"]
    assert {(entry["picture"], entry["pages"]) for entry in files if entry["edition"] == "web"} == {(None, None)}
    entries = [entry for entry in files if entry["edition"] != "web"]
    for entry in entries:
        pdf = (output / entry["file"]).read_bytes()
        assert (output / entry["picture"]).read_bytes() == b"a picture of " + pdf
        assert (entry["pages"], entry["size"], entry["kind"]) == (3, len(pdf), "handout")
    assert sorted(entry["picture"] for entry in entries) == [
        f"pictures/{code}/{edition}/tea.png" for code in ("en", "es") for edition in ("large-print", "standard")
    ]
    made = data((output / "index.html").read_text(encoding="utf-8"))
    assert [card[3] for card in made["cards"]] == ["Drinking tea", entries[-1]["title"]]


@pytest.mark.usefixtures("drawn")
def test_pictures_nobody_needs_are_taken_away(project_folder: Path, run: Run) -> None:
    """With a page goes its picture and its line; what somebody else put there stays."""
    run("build")
    pictured = project_folder / "output" / "pictures"
    (pictured / "mine.png").write_bytes(b"mine")
    clinic = project_folder / "content/clinic.yaml"
    clinic.write_text(clinic.read_text(encoding="utf-8").replace("[en, es]", "[en]"), encoding="utf-8")
    run("build")
    left = sorted(path.relative_to(pictured).as_posix() for path in pictured.rglob("*.png"))
    assert left == ["en/large-print/tea.png", "en/standard/tea.png", "mine.png"]
    assert len(data((project_folder / "output/index.html").read_text(encoding="utf-8"))["cards"]) == 1


@pytest.mark.usefixtures("drawn")
def test_a_part_of_a_build_lists_all(project_folder: Path, run: Run) -> None:
    """A build of one language leaves the other's cards in the list."""
    run("build")
    whole = (project_folder / "output/index.html").read_bytes()
    run("build", "-l", "es", "--edition", "standard")
    assert (project_folder / "output/index.html").read_bytes() == whole


@pytest.mark.usefixtures("drawn")
def test_a_release_has_its_own(project_folder: Path, run: Run) -> None:
    """The folder of what may reach a patient has a catalogue of exactly that, with its pictures."""
    named = ("--name", "Role Player", "--credential", "RP")
    run("sign", "tea", "--role", "clinician", *named)
    for name in ("tea", "ui"):
        run("sign", name, "-l", "es", "--role", "translator", *named)
    assert run("build", "--strict")[0] == 0
    release = project_folder / "output" / "release"
    made = data((release / "index.html").read_text(encoding="utf-8"))
    assert {card[7] for card in made["cards"]} == {"approved"}
    assert all((release / card[8]).exists() for card in made["cards"])


@pytest.mark.usefixtures("drawn")
def test_publishing_draws_nothing(project_folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are made where pages are made: a build that reuses all pages draws none, one with older pictures draws them anew."""
    run("build")
    output = project_folder / "output"
    asked: list[bytes] = []
    monkeypatch.setattr(pictures, "drawn", lambda pdf: asked.append(pdf) or Picture(b"another", 1))  # type: ignore[func-returns-value]
    (output / "en/tea.pdf").unlink()
    (output / "pictures/en/standard/tea.png").unlink()
    assert run("build")[0] == 0
    assert asked == []
    assert (output / "pictures/en/standard/tea.png").read_bytes().startswith(b"a picture of ")
    monkeypatch.setattr(pictures, "MADE", "next")
    (output / "index.html").unlink()
    assert run("build")[0] == 0
    assert len(asked) == 6  # web editions too, of which there is none to draw
    assert (output / "pictures/en/standard/tea.png").read_bytes() == b"another"


def test_sites_keep_their_pictures_apart(project_folder: Path, run: Run, drawn: None) -> None:
    """Where clinics have folders of their own, their pictures lie in them."""
    del drawn
    folder = project_folder / "content/sites"
    folder.mkdir()
    for name in ("north", "south"):
        (folder / f"{name}.yaml").write_text(f"name: {name.title()} Tea Clinic\n", encoding="utf-8")
    assert run("build", "-l", "en", "--edition", "standard")[0] == 0
    found = sorted(
        path.relative_to(project_folder / "output").as_posix() for path in (project_folder / "output").rglob("*.png")
    )
    assert found == ["north/pictures/en/standard/tea.png", "south/pictures/en/standard/tea.png"]
    assert [entry["picture"] for entry in manifest.read(project_folder / "output/manifest.json").values()] == found
