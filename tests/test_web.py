"""Web editions: the words of the paper in one file that reaches for nothing, and which of them there are."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from handouts import colours, markup, plan, web
from handouts.material import Material
from handouts.model import Edition
from handouts.page import Page
from handouts.plan import Blocked, Job, Selection
from handouts.problems import HandoutsError
from tests.conftest import Run
from tests.shipped import shipped

Read = Callable[[], Material]
LANGUAGES = ("en", "ar", "zh-Hans")
WEB = Selection(editions=(Edition.WEB,))


class _Seen(HTMLParser):
    """The elements of a page in order, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Mapping[str, str | None]]] = []
        self.text = ""
        self.within: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.within.append(tag)
        self.text += " " if tag == "br" else ""

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.within):
            self.text += data

    @property
    def words(self) -> str:
        """What is read, each space once."""
        return " ".join(self.text.split())


def pages(material: Material, *languages: str) -> tuple[Page, ...]:
    """The web editions of some languages."""
    return tuple(job.page for job in plan.plan(material, replace(WEB, languages=languages)).jobs)


@pytest.fixture
def tea(read: Read, project_folder: Path) -> str:
    """The English web edition of the minimal project."""
    (page,) = pages(read(), "en")
    return markup.html(page, project_folder / "templates")


def test_each_handout_has_one(read: Read) -> None:
    """Every build makes a web edition of each handout beside the standard one, and none of a consent form."""
    jobs = plan.plan(shipped(), Selection(languages=("en",))).jobs
    made = [str(job.output) for job in jobs if job.page.edition is Edition.WEB]
    assert made == [f"en/{handout.id}.html" for handout in shipped().library.handouts]
    assert [str(job.output) for job in plan.plan(read(), WEB).jobs] == ["en/tea.html", "es/tea.html"]


def test_an_untranslated_handout_has_none(read: Read, project_folder: Path) -> None:
    """Where one text is not translated there is no web edition, and the reason is told."""
    path = project_folder / "locales/es/LC_MESSAGES/tea.po"
    path.write_text(path.read_text(encoding="utf-8").replace('msgstr "Té negro"', 'msgstr ""'), encoding="utf-8")
    made = plan.plan(read(), WEB)
    assert [str(job.output) for job in made.jobs] == ["en/tea.html"]
    assert [(str(b.output), b.problem.rule) for b in made.blocked] == [("es/tea.html", "translation/incomplete")]
    assert isinstance(made.blocked[0], Blocked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_stands_alone(language: str) -> None:
    """Every shipped handout is one file without scripts: nothing in it is fetched, its own policy forbids it to, each picture has words."""
    for page in pages(shipped(), language):
        html = markup.html(page, shipped().project.templates)
        assert web.checked(html, page.handout.id) == html.encode()
        assert html.count("<style>") == 1
        assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
        fetched = re.findall(r'(?:src|href)="(?!data:|tel:|https://www\.example\.org)([^"]*)', html)
        assert fetched == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_outline(language: str) -> None:
    """A page has its language and direction, one header, main part and footer, one h1, and headings that skip no level."""
    for page in pages(shipped(), language):
        seen = _Seen(markup.html(page, shipped().project.templates))
        tags = [tag for tag, _ in seen.elements]
        assert [tags.count(tag) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
        assert tags.index("header") < tags.index("main") < tags.index("footer")
        html = next(attributes for tag, attributes in seen.elements if tag == "html")
        assert (html["lang"], html["dir"]) == (language, page.language.direction)
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert len({a["id"] for _, a in seen.elements if a.get("id")}) == sum(1 for _, a in seen.elements if a.get("id"))
        assert "table" not in tags
        assert ("viewport", "width=device-width, initial-scale=1") in [
            (a.get("name"), a.get("content")) for _, a in seen.elements
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_paper(language: str) -> None:
    """A web edition says what the large print edition says, the band of a draft too; only page numbers are left out."""
    names = tuple(handout.id for handout in shipped().library.handouts)
    both = Selection(languages=(language,), handouts=names, editions=(Edition.LARGE_PRINT, Edition.WEB))
    told: dict[str, dict[Edition, list[str]]] = {}
    for job in plan.plan(shipped(), both).jobs:
        html = markup.html(job.page, shipped().project.templates)
        html = re.sub(r'<p class="footer-page">.*?</p>|<section class="inside">.*?</section>', "", html, flags=re.DOTALL)
        told.setdefault(job.page.handout.id, {})[job.page.edition] = sorted(_Seen(html).words.split())
    assert len(told) == 10
    for name, words in told.items():
        assert words[Edition.WEB] == words[Edition.LARGE_PRINT], name


def test_what_it_is_is_seen_at_its_end(tea: str, read: Read) -> None:
    """Document id, version, date, the short hash and that it is a draft stand in the footer, without page numbers."""
    (page,) = pages(read(), "en")
    footer = _Seen(tea[tea.index("<footer>") :]).words
    assert footer == f"TEA-01 · Version 1.0 · 15 January 2024 {page.digest[:8]} · English · Draft"
    assert "Draft: not yet approved by the clinic." in tea


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [("020 7946 0018", "02079460018"), ("+44 (0)20 7946-0018", "+442079460018"), ("999", "999"), ("(020) 7946", "0207946")],
)
def test_a_number_calls_itself(read: Read, project_folder: Path, phone: str, dialled: str) -> None:
    """Every phone number is called at a touch, and dials what a person would."""
    (page,) = pages(read(), "en")
    page = replace(page, clinic=page.clinic.model_copy(update={"phone": phone}))
    html = markup.html(page, project_folder / "templates")
    assert f'<a class="tel" href="tel:{dialled}">' in html
    clinic = page.clinic
    bare = re.sub(r'<a class="tel".*?</a>', "", html[html.index("<body>") :])
    assert clinic.after_hours_phone.replace(" ", "\u00a0") not in bare


def test_numbers_are_links_on_the_web_only(read: Read, project_folder: Path) -> None:
    """On paper nothing can be touched: there a number is no link."""
    for job in plan.plan(read(), Selection(languages=("en",))).jobs:
        assert ("tel:" in markup.html(job.page, project_folder / "templates")) is (job.page.edition is Edition.WEB)


def told(html: str) -> str:
    """What a person reads when a page is refused."""
    with pytest.raises(HandoutsError) as caught:
        web.checked(f"<!DOCTYPE html><html><head></head><body>{html}</body></html>", "en/tea.html")
    return str(caught.value)


HINT = "    hint: a web edition is one file: put pictures in as data: addresses, styles into templates/web.css, no scripts"


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<script>1</script>", "<script>"),
        ('<img alt="" src="https://example.org/x.png">', '"https://example.org/x.png" in <img>'),
        ('<img alt="" src="x.png">', '"x.png" in <img>'),
        ('<p onclick="x()">', "onclick in <p>"),
        ('<link rel="stylesheet" href="web.css">', '"web.css" in <link>'),
        ('<p style="background: url(x.png)">', '"x.png" in a style'),
        ("<style>@import 'x.css';</style>", "\"'x.css'\" in a style"),
        ('<a href="java\nscript:alert(1)">x</a>', '"java\nscript:alert(1)" in <a>'),
        ('<meta http-equiv="Refresh" content="0">', "a page that moves on by itself"),
        ("<iframe></iframe>", "<iframe>"),
    ],
)
def test_what_reaches_outside_is_refused(html: str, what: str) -> None:
    """A template that fetches, runs or sends something makes no page."""
    assert told(html) == f"en/tea.html: error: the page reaches outside itself: {what} [web/external]\n{HINT}"


def test_a_picture_without_words_is_refused() -> None:
    """A picture needs words for people who cannot see it, or an empty alt when it is decoration."""
    assert told('<img class="logo" src="data:,"><img alt="" src="data:,">') == (
        'en/tea.html: error: a picture says nothing to a person who cannot see it: <img class="logo"> [web/alt]\n'
        '    hint: write alt="…" into the template; alt="" if it is only decoration'
    )


def test_what_a_page_may_hold() -> None:
    """Pictures inside the file, links that a person follows, places in the page."""
    html = '<p style="background: url(data:image/svg+xml;base64,AA)"><a href="https://example.org">x</a><a href="#y">y</a></p>'
    assert web.checked(html, "x") == html.encode()


def test_a_template_that_fetches_stops_the_build(run: Run, project_folder: Path) -> None:
    """The check is part of making a page: a build with such a template writes nothing."""
    with (project_folder / "templates/contact.html.j2").open("a", encoding="utf-8") as template:
        template.write('<img src="https://example.org/map.png">')
    code, _, err = run("build", "-l", "en", "--edition", "web", "--jobs", "1")
    assert (code, "[web/external]" in err, "[web/alt]" in err) == (1, True, True)
    assert not (project_folder / "output").exists()


@pytest.fixture
def built(run: Run, project_folder: Path, in_this_process: None) -> Path:
    """The English web edition, built."""
    del in_this_process
    assert run("build", "-l", "en", "--edition", "web")[0] == 0
    return project_folder / "output/en/tea.html"


def test_a_build_publishes_it(built: Path, tea: str, project_folder: Path) -> None:
    """The file is the page, byte for byte, and the manifest tells its edition, state and sources."""
    assert built.read_bytes() == tea.encode()
    (entry,) = json.loads((project_folder / "output/manifest.json").read_bytes())["files"]
    assert (entry["file"], entry["edition"], entry["state"]) == ("en/tea.html", "web", "draft")
    assert "content/handouts/tea.yaml" in entry["sources"]


def test_verify_knows_it(built: Path, run: Run, tmp_path: Path) -> None:
    """A copy of the file is known by its bytes and by what it says it is; another HTML page is not."""
    code, out, _ = run("verify", str(built))
    assert (code, "tea (TEA-01) in English, web, version 1.0" in out) == (0, True)
    assert "the same bytes as output/en/tea.html; printed as: draft" in out
    (tmp_path / "other.html").write_text("<!DOCTYPE html><title>x</title>", encoding="utf-8")
    code, _, err = run("verify", str(tmp_path / "other.html"))
    assert (code, "this page does not say that handouts made it [verify/unknown]" in err) == (1, True)


def test_its_key_follows_its_style(read: Read, project_folder: Path) -> None:
    """A change of templates/web.css remakes the web edition and nothing else; one of page.css leaves it."""

    def keys() -> dict[str, str]:
        return {str(job.output): job.key for job in _jobs(read())}

    before = keys()
    for name, changes in (("web.css", {"en/tea.html"}), ("page.css", {"en/tea.pdf", "en/large-print/tea.pdf"})):
        path = project_folder / "templates" / name
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}/* changed */\n", encoding="utf-8")
        assert {output for output, key in keys().items() if key != before[output]} == changes
        path.write_text(text, encoding="utf-8")


def _jobs(material: Material) -> tuple[Job, ...]:
    return plan.plan(material, Selection(languages=("en",))).jobs


def test_pictures_are_seen_in_the_light_and_in_the_dark() -> None:
    """Whatever dark colour a clinic has, its pictures on a screen stand 3 to 1 against white and against the dark ground."""
    style = (shipped().project.templates / "web.css").read_text(encoding="utf-8")
    grounds = re.findall(r"--(?:ground|panel|key|next): (#[0-9a-f]{6})", style)
    assert len(grounds) >= 6
    for colour in ("#000000", "#0b4f6c", "#824606", "#00008b", "#6b6b6b", "#7a0000", "#004d00"):
        for ground in grounds:
            assert colours.contrast(colours.middle(colour), ground) >= 3, (colour, ground)
    assert colours.middle("#767676") == "#767676"


def test_words_in_the_dark_are_seen() -> None:
    """The clinic's colours are lightened for a dark screen until words in them stand 4.5 to 1 against every panel."""
    for colour in ("#000000", "#0b4f6c", "#824606", "#00008b", "#7a0000"):
        for ground in ("#16191c", "#1f252a", "#1d282f", "#2a251e"):
            assert colours.contrast(colours.tint(colour, 0.4), ground) >= 4.5
