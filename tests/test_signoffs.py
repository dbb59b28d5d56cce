"""Signatures: bound to the exact text, written where everybody can read them, told on the page."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import markup, signoffs
from handouts.approval import Approval, Identity, Role, SignOff, State
from handouts.keys import Keys
from handouts.material import Material
from handouts.model import Edition
from handouts.plan import Planner

Read = Callable[[], Material]
Run = Callable[..., tuple[int, str, str]]

NAMES = ("--name", "Role Player", "--credential", "RP")
LEDGER = "content/signoffs.yaml"


def signature(role: Role, **fields: object) -> SignOff:
    """A signature of a fictitious person."""
    values = {
        "handout": "tea",
        "language": "en",
        "name": "Role Player",
        "credential": "RP",
        "date": "2025-01-01",
        "digest": "0" * 64,
    }
    return SignOff.model_validate(values | fields | {"role": role})


CLINICIAN, TRANSLATOR = signature(Role.CLINICIAN), signature(Role.TRANSLATOR, language="es")


@pytest.mark.parametrize(
    ("approval", "state"),
    [
        (Approval(), State.DRAFT),
        (Approval(CLINICIAN), State.APPROVED),
        (Approval(CLINICIAN, None, translated=True), State.DRAFT_TRANSLATION),
        (Approval(None, TRANSLATOR, translated=True), State.DRAFT),
        (Approval(CLINICIAN, TRANSLATOR, translated=True), State.APPROVED),
        (Approval(CLINICIAN, TRANSLATOR, translated=True, expired=True), State.EXPIRED),
    ],
)
def test_states(approval: Approval, state: State) -> None:
    """English needs a clinician, a translation a translator as well, and nothing that is out of date is approved."""
    assert approval.state == state


def test_a_pack_is_approved_with_all_its_sheets() -> None:
    """A pack of which one sheet is a draft is a draft, and says for whose sake."""
    whole = Approval(CLINICIAN)
    draft = Approval(why=("English: no clinician has signed this text",))
    assert signoffs.joined(whole, [("tea", whole)]).state == State.APPROVED
    joined = signoffs.joined(whole, [("tea", whole), ("cake", draft)])
    assert (joined.state, joined.why) == (State.DRAFT, ("cake: English: no clinician has signed this text",))
    assert signoffs.joined(whole, [("tea", replace(whole, expired=True))]).state == State.EXPIRED


def test_the_ledger_keeps_what_stood_there(project_folder: Path, run: Run) -> None:
    """A new signature is added at the end; what stood in the file stays as it was, comments too."""
    assert run("sign", "tea", "--role", "clinician", *NAMES)[0] == 0
    path = project_folder / LEDGER
    path.write_text(path.read_text(encoding="utf-8") + "# seen by the committee", encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    code, out, _ = run(
        "sign", "tea", "-l", "es", "--role", "translator", "--name", 'María "Té" O\'Hara', "--credential", "RP: 2"
    )
    assert code == 0
    assert out.startswith(f'{LEDGER}: María "Té" O\'Hara, RP: 2, has signed tea in Spanish as translator: text ')
    assert path.read_text(encoding="utf-8").startswith(before + "\n- handout")
    assert run("check") == (0, "0 errors, 0 warnings\n", "")


def test_signing_twice_changes_nothing(project_folder: Path, run: Run) -> None:
    """The same signature given again is not written again."""
    run("sign", "tea", "--role", "clinician", *NAMES)
    before = (project_folder / LEDGER).read_bytes()
    assert run("sign", "tea", "--role", "clinician", *NAMES)[1] == "this signature is there already; nothing was changed\n"
    assert (project_folder / LEDGER).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cake", "--role", "clinician"), 'HANDOUT: error: there is no document "cake" [usage/handout]'),
        (("tea", "--role", "clinician", "-l", "xx"), '--language: error: "xx" is not a known language [usage/language]'),
        (("tea", "--role", "clinician", "-l", "es"), "--role: error: a clinician does not sign es [usage/role]"),
        (("tea", "--role", "translator"), "--role: error: a translator does not sign en [usage/role]"),
        (("tea", "--role", "clinician", "--date", "2025-01-02"), "--date: error: 2025-01-02 has not come yet [usage/date]"),
        (("tea", "--role", "clinician", "--name", "a\nb"), '--name: error: "a\nb" cannot be written as one line [usage/sign]'),
    ],
)
def test_what_cannot_be_signed(project_folder: Path, run: Run, arguments: tuple[str, ...], message: str) -> None:
    """A signature that would mean nothing is refused with what to do, and nothing is written."""
    named = NAMES if "--name" not in arguments else NAMES[2:]
    code, _, err = run("sign", *arguments, *named)
    assert code == 1
    assert message in err
    assert not (project_folder / LEDGER).exists()


def test_a_text_with_errors_cannot_be_signed(project_folder: Path, run: Run) -> None:
    """Nobody answers for a translation with another number than the English, or with a text missing."""
    path = project_folder / "locales/es/LC_MESSAGES/tea.po"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("4,5 minutos", "4,6 minutos"), encoding="utf-8")
    code, _, err = run("sign", "tea", "-l", "es", "--role", "translator", *NAMES)
    assert (code, "[numbers/multiset]" in err) == (1, True)
    path.write_text(good.replace('msgstr "Té negro"', 'msgstr ""'), encoding="utf-8")
    code, _, err = run("sign", "tea", "-l", "es", "--role", "translator", *NAMES)
    assert (code, "[translation/incomplete]" in err) == (1, True)
    assert not (project_folder / LEDGER).exists()


def test_the_latest_signature_is_printed(run: Run, read: Read) -> None:
    """Of two signatures that hold, the page names the later one."""
    run("sign", "tea", "--role", "clinician", "--name", "Later Player", "--credential", "RP")
    run("sign", "tea", "--role", "clinician", *NAMES, "--date", "2024-06-01")
    material = read()
    page = Planner(material, Keys(material)).page(
        material.library.handouts[0], material.library.languages["en"], Edition.STANDARD
    )
    assert page.approval.clinician is not None
    assert page.approval.clinician.name == "Later Player"


def html(read: Read, language: str, today: str = "2025-01-01") -> str:
    """The page of the handout in a language."""
    material = read()
    planner = Planner(material, Keys(material), datetime.date.fromisoformat(today))
    page = planner.page(material.library.handouts[0], material.library.languages[language], Edition.STANDARD)
    return markup.html(page, material.project.templates)


def test_the_page_says_what_it_lacks(run: Run, read: Read) -> None:
    """A draft says so in its own language until a clinician, and for a translation a translator, has signed; then it names them."""
    assert "Draft: not yet approved by the clinic." in html(read, "en")
    assert "«Draft: not yet approved by the clinic.»" in html(read, "es")
    run("sign", "tea", "--role", "clinician", *NAMES)
    english = html(read, "en")
    assert "Draft" not in english
    assert "Medical content approved by Role Player, RP: 1 January 2025." in english
    spanish = html(read, "es")
    assert "«Draft: not yet approved by the clinic.»" not in spanish
    assert "«Draft translation: not yet reviewed by a qualified translator.»" in spanish
    run("sign", "tea", "-l", "es", "--role", "translator", *NAMES)
    assert "Draft translation" in html(read, "es")  # the words of the templates are not signed
    run("sign", "ui", "-l", "es", "--role", "translator", *NAMES)
    spanish = html(read, "es")
    assert "Draft" not in spanish
    assert "«Translation reviewed by Role Player, RP: 1 de enero de 2025.»" in spanish


def test_an_expired_page_says_so(read: Read) -> None:
    """On the day after its review date a page says in its own language that it is out of date, not on the day itself."""
    assert "Out of date" not in html(read, "es", "2027-01-15")
    late = html(read, "es", "2027-01-16")
    assert "«Out of date: this text was due to be checked by 15 de enero de 2027. Ask your team for a newer one.»" in late


def test_identity_survives_its_keywords() -> None:
    """What a PDF says it is comes back from its keywords; other keywords say nothing."""
    made = Identity(
        "TEA-01", "es", "standard", "1.0", "a" * 64, "b" * 64, "draft", ("TEA-01 es " + "a" * 64, "TEA-02 en " + "c" * 64)
    )
    assert Identity.read(made.text) == made
    assert Identity.read("tea, cups, language=es") is None
    assert Identity.read("") is None
