"""Several clinics from one content: what is on whose page, what is made once, where it goes, what is refused."""

import io
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from handouts import build, content, keys, making, manifest, markup, material, packing, printing, sites, translations
from handouts.cache import Cache
from handouts.material import Material
from handouts.model import Clinic, Edition
from handouts.pack_plan import Work
from handouts.packs import PackEdition
from handouts.page import Page
from handouts.plan import Selection
from handouts.problems import HandoutsError, Place, Problem, warning
from handouts.project import Project
from handouts.values import PLACEHOLDERS
from tests.conftest import TESTS, Run, with_pack

Read = Callable[..., Material]

NAMES = ("--name", "Role Player", "--credential", "RP")
ENGLISH = Selection(languages=("en",), editions=(Edition.STANDARD,))
NORTH = """\
name: Fictional Tea Clinic North
phone: 020 7946 0011
paper: Letter
"""
SOUTH = """\
address: [3 Example Lane, Sampleville South]
after_hours_phone: 020 7946 0022
"""


def put(folder: Path, **files: str) -> None:
    """Write the files of sites."""
    (folder / "content" / "sites").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "content" / "sites" / f"{name}.yaml").write_text(text, encoding="utf-8")


def changed(folder: Path, path: str, old: str, new: str) -> None:
    """Change one place of a file."""
    before = (folder / path).read_text(encoding="utf-8")
    assert old in before
    (folder / path).write_text(before.replace(old, new, 1), encoding="utf-8")


def planned(folder: Path, selection: Selection = ENGLISH) -> Work:
    """What a build would do."""
    return sites.work(material.read(Project(folder), selection.languages, selection.sites), selection)


def files(folder: Path) -> list[str]:
    """The PDFs of a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf"))


def entries(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """The manifest of the output, by file."""
    found = json.loads((folder / "output" / "manifest.json").read_bytes())["files"]
    return {entry["file"]: entry for entry in found}


@pytest.fixture
def group(project_folder: Path) -> Path:
    """The minimal project as that of two clinics."""
    put(project_folder, north=NORTH, south=SOUTH)
    return project_folder


@pytest.mark.slow
def test_each_site_prints_its_own(group: Path, run: Run) -> None:
    """Each site's page bears its name, phones and paper; what its file leaves out is that of content/clinic.yaml."""
    assert run("build", "-l", "en", "--edition", "standard", "--jobs", "1")[0] == 0
    north, south = (pypdf.PdfReader(group / "output" / site / "en" / "tea.pdf") for site in ("north", "south"))
    assert (round(north.pages[0].mediabox.width), round(south.pages[0].mediabox.width)) == (612, 595)
    told = ["\n".join(page.extract_text() for page in reader.pages).replace("\u00a0", " ") for reader in (north, south)]
    for words, where in (
        ("Fictional Tea Clinic North", [True, False]),
        ("020 7946 0011", [True, False]),
        ("020 7946 0001", [False, True]),
        ("Sampleville South", [False, True]),
        ("020 7946 0022", [False, True]),
        ("020 7946 0002", [True, False]),
        ("Teapot Service", [True, True]),
    ):
        assert [words in text for text in told] == where, words
    assert {name: entry["site"] for name, entry in entries(group).items()} == {
        "north/en/tea.pdf": "north",
        "south/en/tea.pdf": "south",
    }


def test_a_site_is_as_strict_as_the_clinic() -> None:
    """A site may change every field of the clinic, and nothing else."""
    assert content.Site.model_fields.keys() == Clinic.model_fields.keys()
    assert content.Site().model_fields_set == set()


def test_a_site_may_take_a_field_away(group: Path) -> None:
    """A field that may be empty is emptied by a site, not inherited."""
    put(group, south="department:\n")
    pages = {job.site: job.page for job in planned(group).sheets}
    assert (pages["north"].clinic.department, pages["south"].clinic.department) == ("Teapot Service", None)


def test_one_site_keeps_the_paths(project_folder: Path) -> None:
    """With one site or none, files lie where they always lay; with more, each site has a folder, also when one is asked for."""
    assert [(str(job.output), job.site) for job in planned(project_folder).sheets] == [("en/tea.pdf", "")]
    put(project_folder, north=NORTH)
    assert [(str(job.output), job.site) for job in planned(project_folder).sheets] == [("en/tea.pdf", "north")]
    put(project_folder, south=SOUTH)
    assert [str(job.output) for job in planned(project_folder).sheets] == ["north/en/tea.pdf", "south/en/tea.pdf"]
    one = Selection(languages=("en",), editions=(Edition.STANDARD,), sites=("south",))
    assert [str(job.output) for job in planned(project_folder, one).sheets] == ["south/en/tea.pdf"]


@pytest.mark.parametrize(
    ("site", "same"),
    [
        ("languages: [en]", True),
        ("sample: yes", True),
        ("observation_hours: 5", True),
        ("logo: templates/other.svg", True),
        ("food_fasting_hours: 9", False),
        ("crisis_line: 020 7946 0077", False),
        ("department: Kettle Service", False),
        ('hours: [{first: mon, last: sun, opens: "09:00", closes: "17:00"}]', False),
        ('brand_colour: "#00334d"', False),
        ("paper: Letter", False),
        ("emergency_number: 020 7946 0078", False),
        ("logo: templates/another.svg", False),
    ],
)
def test_the_key_covers_what_the_page_prints(project_folder: Path, site: str, *, same: bool) -> None:
    """A site that changes nothing a page prints shares the page; any other has its own."""
    logo = (project_folder / "templates" / "logo.svg").read_text(encoding="utf-8")
    (project_folder / "templates" / "other.svg").write_text(logo, encoding="utf-8")
    (project_folder / "templates" / "another.svg").write_text(logo + "<!-- -->", encoding="utf-8")
    tea = project_folder / "content/handouts/tea.yaml"
    text = tea.read_text(encoding="utf-8")
    purpose = re.sub(r"^purpose: .*$", 'purpose: "No food for {food_fasting}; call {crisis_line}"', text, flags=re.MULTILINE)
    tea.write_text(purpose, encoding="utf-8")
    put(project_folder, one="name: Fictional Tea Clinic", two=site)
    one, two = (job.key for job in planned(project_folder).sheets)
    assert (one == two) is same


def test_a_country_counts_by_its_sections(group: Path) -> None:
    """A site's country changes a page's key only where a section is for some countries."""
    put(group, north="region: GB", south="region: US")
    north, south = planned(group).sheets
    assert len(north.page.sections()) != len(south.page.sections())
    assert north.key != south.key
    tea = group / "content/handouts/tea.yaml"
    everywhere = re.sub(r"^ +regions: .*\n", "", tea.read_text(encoding="utf-8"), flags=re.MULTILINE)
    tea.write_text(everywhere, encoding="utf-8")
    north, south = planned(group).sheets
    assert north.key == south.key


@pytest.mark.parametrize(
    ("template", "fields"),
    [
        ("{{ clinic.phone }}", {"phone"}),
        ("{% set x = page.clinic . website %}{# clinic.paper #} clinic.name", {"website"}),
        ('{{ _("Call {phone} }} clinic.", number=clinic.crisis_line) }}', {"phone", "crisis_line"}),
        ("{{ logo }}{% for row in hours() %}{% endfor %}", {"picture", "hours"}),
        ("{{ say(clinic=clinic.name) }}", {"name"}),
        ("{{ clinic.languages }}", {"languages"}),
        ("{{ clinic }}", keys.EVERY_FIELD),
        ("{% set c = page.clinic %}{{ c.phone }}", keys.EVERY_FIELD),
        ("{{ clinic.model_dump() }}", keys.EVERY_FIELD),
        ('{{ clinic["phone"] }}', keys.EVERY_FIELD),
        ('{{ page["clinic"].phone }}', keys.EVERY_FIELD),
        ('{{ pages|map(attribute="clinic.phone") }}', keys.EVERY_FIELD),
        ('<p class="clinic">the clinic</p>', set()),
    ],
)
def test_what_a_template_reads(template: str, fields: frozenset[str]) -> None:
    """Of the clinic a template reads the fields it names; one that takes the clinic as a whole reads all of them."""
    assert keys._fields(template) == fields


def test_placeholders_name_fields(project_folder: Path) -> None:
    """Each placeholder is filled, and from the field of the clinic that keys take it to be filled from."""
    page = planned(project_folder).sheets[0].page
    before = markup._Context(page, project_folder / "templates").values
    assert before.keys() == PLACEHOLDERS.keys()
    for placeholder, name in PLACEHOLDERS.items():
        old = getattr(page.clinic, name)
        clinic = page.clinic.model_copy(update={name: old + 1 if isinstance(old, int) else f"{old} 1"})
        after = markup._Context(replace(page, clinic=clinic), project_folder / "templates").values
        assert [key for key in before if before[key] != after[key]] == [placeholder]


def test_a_template_that_prints_more_is_noticed(group: Path) -> None:
    """When a template prints what none printed before, sites that differ in it no longer share the page."""
    put(group, north="languages: [en]", south="languages: [en, es]")
    assert len({job.key for job in planned(group).sheets}) == 1
    with (group / "templates" / "contact.html.j2").open("a", encoding="utf-8") as template:
        template.write("{{ clinic.languages|join }}")
    assert len({job.key for job in planned(group).sheets}) == 2


@pytest.mark.usefixtures("plain_pages")
def test_what_several_print_is_made_once(project_folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that two sites print alike is made once, lies in both folders, and what is found on it is told for both."""
    found = warning(Place("?"), "print/size", "page 1: small", "")
    monkeypatch.setattr(printing, "checked", lambda *_: (b"%PDF", (found,)))
    put(project_folder, north="languages: [en]", south="languages: [en]\nsample: no")
    for made in ("1 made, 1 up to date", "0 made, 2 up to date"):
        code, out, err = run("build", "--edition", "standard")
        assert (code, f"2 files: {made}" in out) == (0, True)
        assert re.findall(r"^(\w+/en/tea.pdf): warning: page 1", err, re.MULTILINE) == ["north/en/tea.pdf", "south/en/tea.pdf"]
    written = [(project_folder / "output" / name).read_bytes() for name in ("north/en/tea.pdf", "south/en/tea.pdf")]
    assert written == [b"%PDF", b"%PDF"]


@pytest.mark.usefixtures("plain_pages")
def test_a_page_that_several_print_fails_for_all(project_folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a page that two sites share fails, both fail, it is told once, and nothing is written."""

    def failing(_page: Page, _templates: Path, _key: str, name: str) -> tuple[bytes, tuple[Problem, ...]]:
        raise HandoutsError(Problem(Place(name), "print/size", "page 1: too small"))

    monkeypatch.setattr(printing, "checked", failing)
    put(project_folder, north="languages: [en]", south="languages: [en]\nsample: no")
    code, _, err = run("build", "--edition", "standard")
    assert (code, err.count("page 1: too small")) == (1, 1)
    assert "nothing was written: 2 of 2 pages failed" in err
    assert not (project_folder / "output").exists()


@pytest.mark.usefixtures("plain_pages")
def test_the_output_follows_the_sites(group: Path, run: Run) -> None:
    """A whole build takes away what a site no longer prints; a build of one site leaves the others alone."""
    assert run("build", "--edition", "standard")[0] == 0
    assert files(group / "output") == ["north/en/tea.pdf", "north/es/tea.pdf", "south/en/tea.pdf", "south/es/tea.pdf"]
    put(group, south=f"{SOUTH}languages: [en]\n")
    assert run("build", "--site", "north")[0] == 0
    assert "south/es/tea.pdf" in files(group / "output")
    assert run("build")[0] == 0
    assert [name for name in files(group / "output") if name.startswith("south")] == [
        "south/en/large-print/tea.pdf",
        "south/en/tea.pdf",
    ]
    shutil.rmtree(group / "content" / "sites")
    assert run("build")[0] == 0
    assert {name.split("/")[0] for name in files(group / "output")} == {"en", "es"}
    assert all("site" not in entry for entry in entries(group).values())


def test_a_language_of_one_site(group: Path) -> None:
    """`-l` builds a language at the sites that print it; one that no site prints, at all of them."""
    put(group, south=f"{SOUTH}languages: [en]\n")
    both = Selection(languages=("en", "es"), editions=(Edition.STANDARD,))
    assert [str(job.output) for job in planned(group, both).sheets] == [
        "north/en/tea.pdf",
        "north/es/tea.pdf",
        "south/en/tea.pdf",
    ]
    spanish = Selection(languages=("es",), editions=(Edition.STANDARD,))
    assert [str(job.output) for job in planned(group, spanish).sheets] == ["north/es/tea.pdf"]
    put(group, north=f"{NORTH}languages: [en]\n")
    assert [job.site for job in planned(group, spanish).sheets] == ["north", "south"]


@pytest.mark.parametrize("command", ["build", "status", "report", "sign"])
def test_an_unknown_site(group: Path, run: Run, command: str) -> None:
    """A site that is not there is refused, with those that are; and with the place of its file where there is none."""
    what = ("tea", "--role", "clinician", *NAMES) if command == "sign" else ()
    message = '--site: error: there is no site "west" [usage/site]\n    hint: use one of: north, south\n'
    assert run(command, *what, "--site", "west") == (1, "", message)
    shutil.rmtree(group / "content" / "sites")
    code, _, err = run(command, *what, "--site", "west")
    assert (code, "hint: put its file there: content/sites/west.yaml" in err) == (1, True)


@pytest.mark.usefixtures("plain_pages")
def test_a_fault_of_another_site_stops_nothing(group: Path, run: Run) -> None:
    """A build of one site is not stopped by what is wrong at another; a check tells it."""
    put(group, south=f'{SOUTH}brand_colour: "#ffcc00"\nlogo: templates/none.svg\n')
    assert run("build", "--site", "north")[0] == 0
    code, _, err = run("check")
    assert (code, 'content/sites/south.yaml:4: error: there is no file "templates/none.svg"' in err) == (1, True)


def test_a_fault_that_is_not_printed(group: Path, run: Run) -> None:
    """What every site gives for itself is not judged in content/clinic.yaml; what one takes from there is, and told there."""
    changed(group, "content/clinic.yaml", "accent_colour: ", 'accent_colour: "#ffcc00" # ')
    assert "content/clinic.yaml:10: error: accent_colour" in run("check")[2]
    put(group, **{name: f'{text}accent_colour: "#8a4b08"\n' for name, text in (("north", NORTH), ("south", SOUTH))})
    assert run("check") == (0, "0 errors, 0 warnings\n", "")


def test_a_sign_that_no_font_draws(group: Path, run: Run) -> None:
    """The glyphs of a site's own fields are looked for in the languages it prints, and told in its file."""
    put(group, north="name: Clinic \U00010900\n")
    assert re.search(r"^content/sites/north.yaml:1: error: no font of English can draw", run("check")[2], re.MULTILINE)


@pytest.fixture
def signed(group: Path, run: Run) -> Path:
    """Two sites, with every signature."""
    assert run("sign", "tea", "--role", "clinician", *NAMES)[0] == 0
    for name in ("tea", "ui"):
        assert run("sign", name, "-l", "es", "--role", "translator", *NAMES)[0] == 0
    return group


@pytest.mark.usefixtures("plain_pages")
def test_one_signature_for_all(signed: Path, run: Run) -> None:
    """Sites whose texts are the same share their signatures, and a release holds a folder for each."""
    code, out, _ = run("build", "--strict")
    assert (code, "12 files approved and released" in out) == (0, True)
    assert files(signed / "output" / "release") == [
        f"{site}/{code}/{name}.pdf"
        for site in ("north", "south")
        for code in ("en", "es")
        for name in ("large-print/tea", "tea")
    ]


@pytest.mark.usefixtures("plain_pages")
def test_other_hours_need_their_own_signature(signed: Path, run: Run) -> None:
    """A site whose text states other hours is refused by name until it is signed there; the others' signatures still hold."""
    put(signed, south=f"{SOUTH}food_fasting_hours: 9\n")
    assert run("check") == (0, "0 errors, 0 warnings\n", "")
    code, out, err = run("build", "--strict")
    assert (code, "6 files approved" in out) == (1, True)
    other = "Role Player signed it on 2025-01-01 with the hours of another site, not with this one's"
    assert f"tea in English at south is not released (3 files): English: {other}" in err
    assert "handouts sign tea -l en --site south --role clinician" in err
    assert "at north" not in err
    assert files(signed / "output") == [f"north/{code}/{n}.pdf" for code in ("en", "es") for n in ("large-print/tea", "tea")]
    assert run("build", "--strict", "--site", "north")[0] == 0
    assert other in run("status", "--site", "south")[1]
    assert other not in run("status")[1]
    assert run("sign", "tea", "--site", "south", "--role", "clinician", *NAMES)[0] == 0
    assert run("sign", "tea", "-l", "es", "--site", "south", "--role", "translator", *NAMES)[0] == 0
    assert run("check") == (0, "0 errors, 0 warnings\n", "")
    assert run("build", "--strict")[0] == 0


@pytest.mark.usefixtures("plain_pages")
def test_a_text_that_changed_at_all_sites(signed: Path, run: Run) -> None:
    """A text that changed since it was signed is said to have changed, at every site."""
    changed(signed, "content/handouts/tea.yaml", "period: after one cup", "period: after two cups")
    err = run("build", "--strict")[2]
    assert "tea in English at north is not released (3 files): English: the text has changed since Role Player" in err
    assert "tea in English at south is not released (3 files): English: the text has changed since Role Player" in err
    assert "[signoff/void]" in err


@pytest.mark.usefixtures("plain_pages")
def test_an_untranslated_text_is_refused_at_each(signed: Path, run: Run) -> None:
    """A translation that is not complete is refused by the name of its language and of each site that prints it."""
    changed(signed, "locales/es/LC_MESSAGES/tea.po", 'msgstr "Té negro"', 'msgstr ""')
    put(signed, south=f"{SOUTH}languages: [en]\n")
    err = run("build", "--strict")[2]
    assert "tea in es at north is not released (3 files): 1 of " in err
    assert "at south" not in err


def test_a_print_of_any_site_is_current(signed: Path, run: Run) -> None:
    """A page from the wall is current when it is the text of some site; when none has it, what they have is told."""
    before = {row["digest"] for row in json.loads(run("status", "--format", "json")[1])["documents"] if row["language"] == "en"}
    put(signed, south=f"{SOUTH}food_fasting_hours: 9\n")
    told = json.loads(run("status", "--site", "south", "--format", "json")[1])["documents"]
    (own,) = (row["digest"] for row in told if row["language"] == "en")
    for digest in (*before, own):
        code, out, _ = run("verify", "TEA-01", digest[:8])
        assert (code, "current: yes" in out) == (0, True)
    changed(signed, "content/handouts/tea.yaml", "period: after one cup", "period: after two cups")
    code, out, _ = run("verify", "TEA-01", next(iter(before))[:8])
    assert code == 1
    assert re.search(r"it is now version 1.0, text [0-9a-f]{8} or [0-9a-f]{8}$", out.strip())


@pytest.mark.usefixtures("plain_pages")
def test_a_report_of_one_site(group: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report may be that of one site: its name, its languages, what was found on its pages, in a file of its own."""
    found = warning(Place("?"), "print/size", "page 1: small", "")
    monkeypatch.setattr(printing, "checked", lambda page, *_: (b"%PDF", (found,) if "North" in page.clinic.name else ()))
    put(group, south=f"{SOUTH}languages: [en]\n")
    run("build")
    assert (
        manifest.findings(Project(group).output)
        == manifest.findings(Project(group).output, "north")
        == {"tea": {"print/size": 3}}
    )
    assert manifest.findings(Project(group).output, "south") == {"tea": {}}
    assert run("report", "--site", "north")[1] == "written: output/report-north.html\n"
    assert "Fictional Tea Clinic North" in (group / "output" / "report-north.html").read_text(encoding="utf-8")
    told = json.loads(run("report", "--site", "south", "--format", "json")[1])
    assert {row["language"] for row in told["documents"]} == {"en"}


def test_update_covers_every_site(group: Path, run: Run) -> None:
    """`update` brings up to date what at least one site prints."""
    changed(group, "content/clinic.yaml", "languages: [en, es]", "languages: [en]")
    changed(group, "content/handouts/tea.yaml", "period: after one cup", "period: after two cups")
    assert run("update")[1] == ""
    put(group, south=f"{SOUTH}languages: [en, es]\n")
    assert "locales/es/LC_MESSAGES/tea.po" in run("update")[1]


@pytest.fixture
def packed(group: Path) -> Path:
    """The two sites with a consent form and a pack."""
    return with_pack(group)


PACKS = Selection(languages=("es",), editions=(PackEdition.PAPER,), packs=("tea-pack",))


def test_packs_of_sites(packed: Path) -> None:
    """Packs lie in the folders of sites; equal parts are made once, and the notice of languages counts each site's own."""
    put(packed, north="sample: no", south="sample: no")
    work = planned(packed, PACKS)
    assert [str(job.output) for job in work.packs] == ["north/es/packs/tea-pack.pdf", "south/es/packs/tea-pack.pdf"]
    assert len({job.key for job in work.packs}) == 1
    assert len({job.key for job in work.inner}) == len(work.inner) == len(work.packs[0].sheets)
    put(packed, south="languages: [es]")
    north, south = planned(packed, PACKS).packs
    assert [job.key for job in north.sheets] == [job.key for job in south.sheets]
    assert north.key != south.key


def test_the_line_of_the_notice_is_in_the_key(packed: Path) -> None:
    """A change of the template of the notice's lines changes the pack that has a notice."""
    assert "kind: language-notice" in (packed / "content/packs/tea-pack.yaml").read_text(encoding="utf-8")
    before, _ = (job.key for job in planned(packed, PACKS).packs)
    with (packed / "templates" / "notice.html.j2").open("a", encoding="utf-8") as template:
        template.write("!")
    after, _ = (job.key for job in planned(packed, PACKS).packs)
    assert before != after


@pytest.mark.slow
def test_a_pack_is_that_of_its_site(packed: Path) -> None:
    """A pack's leaves and sheets bear its site's name and phone, and its PDF names the site's clinic as author."""
    project = Project(packed)
    work = planned(packed, PACKS)
    for job in work.inner:
        assert not build.errors(making.make(job, packed, project.templates, project.cache)[1])
    for job, name in zip(work.packs, ("Fictional Tea Clinic North", "Fictional Tea Clinic"), strict=True):
        made = packing.packed(job, project.templates, Cache(project.cache), packed)
        reader = pypdf.PdfReader(io.BytesIO(made.pdf))
        text = "".join(page.extract_text() for page in reader.pages).replace("\u00a0", " ")
        assert reader.metadata is not None
        assert reader.metadata.author == name
        assert ("020 7946 0011" in text, "020 7946 0001" in text) == (name.endswith("North"), not name.endswith("North"))


def test_the_content_is_read_once(group: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many sites there are, each file is read once, and each text is put into each language once."""
    seen: list[str] = []
    plain = Project.read

    def read(self: Project, relative: str, *more: object) -> bytes:
        seen.append(str(relative))
        return plain(self, relative, *more)  # type: ignore[arg-type]  # only what read() takes

    monkeypatch.setattr(Project, "read", read)
    localised: list[str] = []
    real = translations.localise
    monkeypatch.setattr(
        translations, "localise", lambda value, domain, found: localised.append(domain) or real(value, domain, found)
    )
    put(group, east="sample: no", west="paper: Letter")
    everything = planned(group, Selection())
    assert len({job.site for job in everything.sheets}) == 4
    assert sorted(set(seen)) == sorted(seen)
    assert sorted(localised) == ["shared", "tea"]


def test_the_example_of_the_manual(project_folder: Path, run: Run) -> None:
    """The files shown in docs/sites.md are those of two sites, and pass every check."""
    manual = (TESTS.parent / "docs" / "sites.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"`content/sites/([a-z-]+)\.yaml`:\n\n```yaml\n(.*?)```", manual, re.DOTALL))
    assert len(shown) == 2
    put(project_folder, **shown)
    assert run("check") == (0, "0 errors, 0 warnings\n", "")
    names = [job.page.clinic.name for job in planned(project_folder).sheets]
    assert all(name in manual for name in names)
    assert len(set(names)) == 2


@pytest.mark.usefixtures("plain_pages")
def test_nothing_to_do_at_any_site(group: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build with nothing to do reads nothing; one changed catalog concerns its language at the sites that print it."""
    put(group, south=f"{SOUTH}languages: [en]\n")
    assert "9 files: 9 made" in run("build")[1]
    seen: list[object] = []
    real = material.read
    monkeypatch.setattr(material, "read", lambda *wanted: seen.append(wanted[1]) or real(*wanted))
    assert "9 files: 0 made, 9 up to date, 0 written" in run("build")[1]
    assert seen == []
    changed(group, "locales/es/LC_MESSAGES/tea.po", "Té negro", "Té muy negro")
    assert "9 files: 3 made, 6 up to date, 3 written" in run("build", "--explain")[1]
    changed(group, "locales/es/LC_MESSAGES/tea.po", "Té muy negro", "Té negro")
    assert "9 files: 0 made, 9 up to date, 3 written" in run("build")[1]
    put(group, south=f"{SOUTH}phone: 020 7946 0023\nlanguages: [en]\n")
    out = run("build", "--explain")[1]
    assert "made: south/en/tea.pdf: changed: the clinic\n" in out
    assert "reused: north/en/tea.pdf: nothing it depends on has changed\n" in out
    assert "9 files: 3 made" in out
    (group / "content" / "sites" / "south.yaml").unlink()
    assert "6 files: 0 made, 6 up to date, 6 written" in run("build")[1]
