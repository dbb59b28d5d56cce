"""Pages as HTML: what is escaped, isolated, filled in and refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import markup, plan
from handouts.material import Material
from handouts.model import Edition, Language
from handouts.page import Entry, Leaf, Page, cited
from handouts.problems import HandoutsError
from handouts.sections import Shared
from handouts.values import Text

Read = Callable[[], Material]


@pytest.fixture
def page(read: Read) -> Page:
    """The English page of the minimal project."""
    return plan.plan(read(), plan.Selection(languages=("en",), editions=(Edition.STANDARD,))).jobs[0].page


def _html(page: Page, project_folder: Path) -> str:
    return markup.html(page, project_folder / "templates")


def _with_purpose(page: Page, text: str) -> Page:
    return replace(page, handout=page.handout.model_copy(update={"purpose": Text(text)}))


def test_content_is_escaped(page: Page, project_folder: Path) -> None:
    """Signs that mean something in HTML come out as themselves."""
    assert "a &lt; b &amp; c" in _html(_with_purpose(page, "a < b & c"), project_folder)


def test_strong_words_are_marked(page: Page, project_folder: Path) -> None:
    """**Strong** words become strong elements, and the space before them goes into the element."""
    assert "one<strong> two</strong> three" in _html(_with_purpose(page, "one **two** three"), project_folder)


def test_placeholders_are_filled_from_the_clinic(page: Page, project_folder: Path) -> None:
    """A placeholder prints the clinic's value, a phone number without a place to break it."""
    phone = page.clinic.phone.replace(" ", "\u00a0")
    assert f"Call {phone}." in _html(_with_purpose(page, "Call {phone}."), project_folder)


def test_a_span_of_hours_is_in_the_page_s_language(page: Page, project_folder: Path) -> None:
    """Times of the clinic's file are written by CLDR, with the right plural, and stay on one line with their unit."""
    clinic = page.clinic.model_copy(update={"food_fasting_hours": 1})
    html = _html(replace(_with_purpose(page, "For {food_fasting}."), clinic=clinic), project_folder)
    assert "For 1\u00a0hour." in html


def test_foreign_runs_are_isolated_in_right_to_left_text(page: Page, project_folder: Path) -> None:
    """Phones, doses and Latin names keep their order on a right-to-left page; plain numbers need no help."""
    language = page.language.model_copy(update={"direction": "rtl", "code": "en"})
    html = _html(
        replace(_with_purpose(page, "ا {phone} ب CRPS ج 20 mg د 24 ه 1-2\u00a0mg/kg و"), language=language), project_folder
    )
    phone = page.clinic.phone.replace(" ", "\u00a0")
    assert f"ا \u2066{phone}\u2069 ب \u2066CRPS\u2069 ج \u206620 mg\u2069 د 24 ه \u20661-2\u00a0mg/kg\u2069 و" in html


def test_left_to_right_text_is_left_alone(page: Page, project_folder: Path) -> None:
    """A page read from the left holds no isolates."""
    assert "\u2066" not in _html(page, project_folder)


def test_a_title_in_another_language_keeps_its_last_sign(page: Page, project_folder: Path) -> None:
    """In the contents of a pack, a title that runs the other way is isolated, question mark and all; one that runs the same way is not."""
    leftward, rightward = page.language, page.language.model_copy(update={"direction": "rtl", "code": "ar"})
    titles = {"en": "氯胺酮适合我吗？", "ar": "מה זה קטמין?"}

    def contents(own: Language) -> str:
        entries = tuple(Entry(titles[each.code], each, staff=True, address="#7", page=7) for each in (leftward, rightward))
        leaf = Leaf("contents", entries=entries)
        return _html(replace(page, language=own, leaf=leaf), project_folder)

    assert ">מה זה קטמין?</a>" not in contents(leftward)
    assert ">\u2067מה זה קטמין?\u2069</a>" in contents(leftward)
    other = rightward.model_copy(update={"code": "fa"})
    assert ">\u2066氯胺酮适合我吗？\u2069</a>" in contents(other)
    assert ">מה זה קטמין?</a>" in contents(other)


def test_a_section_of_another_country_is_not_printed(page: Page) -> None:
    """A section with regions is printed only for a clinic of one of them."""
    first = page.handout.sections[0]
    assert not isinstance(first, Shared)
    abroad = first.model_copy(update={"regions": ("ZZ",)})
    handout = page.handout.model_copy(update={"sections": (abroad, *page.handout.sections[1:])})
    assert len(replace(page, handout=handout).sections()) == len(page.sections()) - 1


def test_references_are_numbered_in_reading_order(page: Page) -> None:
    """Each cited source has one number, counted from one, in the order in which the page names them."""
    assert list(page.numbers().values()) == list(range(1, len(page.numbers()) + 1))
    assert set(page.numbers()) == {key for section in page.sections() for key in cited(section)}


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ page.__init__.__globals__ }}",
        "{% include '../content/clinic.yaml' %}",
        "{% include '/etc/hostname' %}",
        "{{ icon('../../content/clinic', '#000000') }}",
        "{{ nobody_defined_this }}",
        "{{ page.nobody_defined_this }}",
        "{% for x in %}",
    ],
)
def test_a_template_reaches_nothing_outside(page: Page, project_folder: Path, attack: str) -> None:
    """A template that leaves the sandbox or the folder, or names what is not there, is a problem with its file."""
    (project_folder / "templates" / "footer.html.j2").write_text(attack, encoding="utf-8")
    with pytest.raises(HandoutsError) as caught:
        _html(page, project_folder)
    assert [problem.place.path for problem in caught.value.problems] == ["templates/footer.html.j2"]


def test_a_linked_template_outside_the_folder_is_refused(page: Page, project_folder: Path, tmp_path: Path) -> None:
    """A symbolic link does not lead a template out of the project."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    footer = project_folder / "templates" / "footer.html.j2"
    footer.unlink()
    footer.symlink_to(secret)
    with pytest.raises(HandoutsError):
        _html(page, project_folder)


def test_an_escaped_sign_is_not_torn(page: Page, project_folder: Path) -> None:
    """On a right-to-left page no isolate goes between the letters by which HTML writes "&" or "<"."""
    arabic = page.language.model_copy(update={"direction": "rtl"})
    text = _html(replace(_with_purpose(page, "\u0627 & \u0628 < 5"), language=arabic), project_folder)
    assert "\u0627 &amp; \u0628 &lt; 5" in text
