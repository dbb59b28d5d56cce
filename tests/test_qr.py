"""The code on a printed handout: where it leads, on which pages it stands, and that a reader reads it off the paper."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from handouts import fonts, markup, material, page, plan, printing, qr, sites
from handouts.direction import ISOLATED
from handouts.material import Material
from handouts.model import Clinic, Edition
from handouts.page import Page
from handouts.plan import Selection
from handouts.problems import HandoutsError, errors
from handouts.project import Project
from tests import accessible
from tests.shipped import shipped

Read = Callable[[], Material]
ADDRESS = "https://handouts.example.org"
DPI = 200


def led(language: str, edition: Edition, handout: str = "comparing-treatments", address: str = ADDRESS) -> Page:
    """A shipped page of a clinic that has its handouts on the web."""
    (job,) = plan.plan(shipped(), Selection(languages=(language,), handouts=(handout,), editions=(edition,))).jobs
    clinic = job.page.clinic.model_copy(update={"handouts_address": address})
    beside = job.page.beside and replace(job.page.beside, clinic=clinic)
    return replace(job.page, clinic=clinic, beside=beside)


@cache
def printed(language: str, edition: Edition) -> tuple[bytes, tuple[str, ...]]:
    """Such a page as a PDF, and what the rules of clear print say of it."""
    templates = shipped().project.templates
    data, found = printing.checked(led(language, edition), templates, "0" * 32, "page.pdf")
    assert errors(found) == ()
    return data, tuple(problem.rule for problem in found)


def side(svg: str) -> int:
    """How many modules wide a code is, with its white."""
    return int(re.findall(r'width="(\d+)"', svg)[0])


def read_off(data: bytes) -> list[tuple[str, float]]:
    """The codes that a reader finds on the paper: what they say, and how wide they are in millimetres, without the white."""
    found = []
    with pypdfium2.PdfDocument(data) as document:
        for sheet in document:
            picture = sheet.render(scale=DPI / 72, grayscale=True).to_pil()
            for code in zxingcpp.read_barcodes(picture):
                width = code.position.top_right.x - code.position.top_left.x
                found.append((code.text, width / DPI * 25.4))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "edition", "least"),
    [
        ("en", Edition.STANDARD, 22),
        ("ar", Edition.STANDARD, 22),
        ("en", Edition.LARGE_PRINT, 25),
        ("ar", Edition.LARGE_PRINT, 25),
        ("zh-Hans", Edition.BILINGUAL, 22),
    ],
)
def test_a_reader_reads_the_printed_code(language: str, edition: Edition, least: float) -> None:
    """One code is on the paper, it leads to the web edition in the page's language, and is large enough with its white rim."""
    ((text, width),) = read_off(printed(language, edition)[0])
    assert text == f"{ADDRESS}/{language}/comparing-treatments.html"
    modules = side(qr.svg(text))
    assert width * modules / (modules - 2 * qr.QUIET) >= least - 0.5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "edition"), [("en", Edition.STANDARD), ("ar", Edition.STANDARD), ("en", Edition.LARGE_PRINT)]
)
def test_a_code_takes_no_sheet(language: str, edition: Edition) -> None:
    """A handout with a code has as many pages as without, and the rules of clear print say no more of it."""
    templates = shipped().project.templates
    bare, found = printing.checked(replace(led(language, edition), clinic=shipped().library.clinic), templates, "0" * 32, "p")
    data, told = printed(language, edition)
    assert told == tuple(problem.rule for problem in found)
    with pypdfium2.PdfDocument(bare) as before, pypdfium2.PdfDocument(data) as after:
        assert len(after) == len(before)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "edition"), [("en", Edition.STANDARD), ("ar", Edition.LARGE_PRINT)])
def test_a_code_is_accessible(language: str, edition: Edition) -> None:
    """The picture of a code has its words, and its page passes the checkers of accessible PDFs."""
    assert list(accessible.faults(printed(language, edition)[0])) == []


@pytest.mark.parametrize("edition", [Edition.STANDARD, Edition.LARGE_PRINT])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_address_is_written_out(language: str, edition: Edition) -> None:
    """Beside the code stands where it leads, from left to right, and a screen reader is told it too."""
    html = markup.html(led(language, edition), shipped().project.templates)
    address = f"handouts.example.org/{language}/comparing-treatments.html"
    shown = ISOLATED.format(address) if language == "ar" else address
    assert f'<a class="lead" href="https://{address}">{shown}</a>' in html
    assert f'alt="https://{address}"' in html


def test_only_the_patients_side_bears_a_code() -> None:
    """On a bilingual page one code leads to the patient's language, none to the staff's."""
    html = markup.html(led("ar", Edition.BILINGUAL), shipped().project.templates)
    assert html.count('class="code"') == 1
    assert f'alt="{ADDRESS}/ar/comparing-treatments.html"' in html


def test_a_web_page_leads_to_its_paper() -> None:
    """A web edition has no code, but tells where its PDF lies; without an address it tells nothing."""
    html = markup.html(led("en", Edition.WEB), shipped().project.templates)
    assert 'class="code"' not in html
    assert f'<a href="{ADDRESS}/en/comparing-treatments.pdf">PDF</a>' in html
    (job,) = plan.plan(shipped(), Selection(("en",), ("comparing-treatments",), (Edition.WEB,))).jobs
    assert "PDF" not in markup.html(job.page, shipped().project.templates)


def test_forms_bear_none() -> None:
    """A consent form has no web edition, so no code leads to one."""
    assert led("en", Edition.STANDARD, "consent-infusion").web_address == ""
    assert 'class="code"' not in markup.html(led("en", Edition.STANDARD, "consent-infusion"), shipped().project.templates)


def test_the_sample_leads_nowhere() -> None:
    """The clinic that comes with the project gives no address, so that no shipped page has a code that nobody answers."""
    assert shipped().library.clinic.handouts_address is None
    (job,) = plan.plan(shipped(), Selection(("en",), ("comparing-treatments",), (Edition.STANDARD,))).jobs
    assert 'class="code"' not in markup.html(job.page, shipped().project.templates)


@pytest.mark.parametrize(
    ("address", "lead"),
    [
        ("https://handouts.example.org", "https://handouts.example.org/en/comparing-treatments.html"),
        ("https://example.org:8443/a-b/~c/", "https://example.org:8443/a-b/~c/en/comparing-treatments.html"),
    ],
)
def test_where_it_leads(address: str, lead: str) -> None:
    """The address is the folder's, then the language, then the handout, whether or not the folder's ends with a stroke."""
    given = shipped().library.clinic.model_dump() | {"handouts_address": address}
    assert Clinic.model_validate(given).handouts_address == address
    assert led("en", Edition.STANDARD, address=address).web_address == lead
    assert lead.endswith(page.web_path("en", "comparing-treatments"))


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "https://",
        "https://example.org/?a=b",
        "https://example.org/#a",
        "https://a@example.org",
        "https://example.org//x",
        "https://exa mple.org",
        'https://example.org/"',
        "javascript:alert(1)",
        f"https://example.org/{'x' * 120}",
    ],
)
def test_an_address_that_is_refused(read: Read, project_folder: Path, address: str) -> None:
    """An address that is no folder under https, or longer than a code should be, is a problem at its line."""
    path = project_folder / "content/clinic.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}handouts_address: '{address}'\n", encoding="utf-8")
    with pytest.raises(HandoutsError) as caught:
        read()
    (problem,) = caught.value.problems
    assert (problem.rule, problem.place.path) == ("content/schema", "content/clinic.yaml")


def test_sites_lead_to_their_own_folder(project_folder: Path) -> None:
    """Where sites have folders of their own, each leads into its own in the group's, or where it says itself."""
    path = project_folder / "content/clinic.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}handouts_address: {ADDRESS}/\n", encoding="utf-8")
    folder = project_folder / "content/sites"
    folder.mkdir()

    def leads() -> dict[str, str]:
        project = Project(project_folder)
        todo = sites.work(material_of(project), Selection(languages=("en",), editions=(Edition.STANDARD,)))
        return {job.site: job.page.web_address for job in todo.sheets}

    (folder / "north.yaml").write_text("name: North\n", encoding="utf-8")
    assert leads() == {"north": f"{ADDRESS}/en/tea.html"}
    (folder / "south.yaml").write_text("handouts_address: https://south.example.org\n", encoding="utf-8")
    (folder / "west.yaml").write_text("handouts_address:\n", encoding="utf-8")
    assert leads() == {"north": f"{ADDRESS}/north/en/tea.html", "south": "https://south.example.org/en/tea.html", "west": ""}


def material_of(project: Project) -> Material:
    """What is read of a project."""
    fonts.configure(project.templates, project.cache)
    return material.read(project)


def test_a_code_is_an_address_and_a_white_rim() -> None:
    """The SVG is black on white with four modules of white on each side, and the same every time."""
    svg = qr.svg(f"{ADDRESS}/en/tea.html")
    assert svg == qr.svg(f"{ADDRESS}/en/tea.html")
    starts = [part.split("h")[0].split() for part in svg.split("M")[1:]]
    assert min(int(x) for x, _ in starts) == min(int(y) for _, y in starts) == qr.QUIET
    ends = [int(part.split("h")[0].split()[0]) + int(part.split("h")[1].split("v")[0]) for part in svg.split("M")[1:]]
    assert max(ends) == side(svg) - qr.QUIET
    assert svg.count("#000000") == svg.count("#ffffff") == 1
