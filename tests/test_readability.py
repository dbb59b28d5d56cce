"""Reading: the formulas on values worked out by hand, what counts as passive or hard, and what must not be told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import jargon, prose, voice
from handouts.checks import readability
from handouts.material import Material
from handouts.model import Language, Term
from handouts.values import Text

TEA = "content/handouts/tea.yaml"
SPANISH = "locales/es/LC_MESSAGES/tea.po"
Read = Callable[[], Material]


@pytest.fixture
def changed(project_folder: Path, read: Read) -> Callable[..., Material]:
    """The minimal project with pieces of a file replaced."""

    def changed(path: str, *pieces: tuple[str, str]) -> Material:
        text = (project_folder / path).read_text(encoding="utf-8")
        for old, new in pieces:
            assert old in text
            text = text.replace(old, new, 1)
        (project_folder / path).write_text(text, encoding="utf-8")
        return read()

    return changed


@pytest.mark.parametrize(
    ("polysyllables", "sentences", "expected"),
    [
        (0, 30, 3.1291),  # nothing under the root
        (30, 30, 8.8419),  # 1.0430 * 5.4772 + 3.1291
        (64, 30, 11.4731),  # 1.0430 * 8 + 3.1291
        (32, 15, 11.4731),  # 32 in 15 sentences are 64 in 30
        (90, 90, 8.8419),  # 90 in 90 are 30 in 30
    ],
)
def test_smog(polysyllables: int, sentences: int, expected: float) -> None:
    """McLaughlin 1969: 1.0430 times the root of the long words in 30 sentences, plus 3.1291."""
    each, rest = divmod(polysyllables, sentences)
    text = [" ".join(["tea", *["beautiful"] * (each + (index < rest))]) for index in range(sentences)]
    assert prose.smog(text) == pytest.approx(expected, abs=0.0001)


def test_smog_of_nothing() -> None:
    """No sentences have no grade."""
    assert prose.smog([]) == 0


def test_smog_needs_thirty_sentences(changed: Callable[..., Material]) -> None:
    """Below 30 sentences no SMOG grade is told, however long the words."""
    hard = "Considerable concentration is absolutely necessary."
    few = changed(TEA, ("It takes 4.5 minutes in this tale.", hard))
    assert len(prose.prose(few.library.handouts[0])) < 30 or list(readability.smog(few)) == []


def test_grade_warns_above_its_aim(changed: Callable[..., Material]) -> None:
    """Between 6.5 and 8 a grade is a warning, above 8 an error, and grade 6 is nothing."""
    found = {}
    for level, count in (("fine", 0), ("warned", 2), ("wrong", 7)):
        line = "      - A considerable preparation necessitates concentration, and an understanding of temperature.\n"
        material = changed(
            TEA, ("      - It takes 4.5 minutes in this tale.\n", f"      - It takes 4.5 minutes in this tale.\n{line * count}")
        )
        grade = prose.flesch_kincaid(prose.prose(material.library.handouts[0]))
        found[level] = (grade, [str(problem.severity) for problem in readability.grade(material)])
    assert all(
        (told == ["error"]) == (grade > 8) and (told == ["warning"]) == (6.5 <= grade <= 8) for grade, told in found.values()
    )
    assert found["fine"][1] == []
    assert found["wrong"][1] == ["error"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", 3),
        ("It takes 4.5 minutes.", 1),
        ("这是一。这是二！", 2),
        ("यह एक है। यह दो है।", 2),
        ("هذا واحد. هل هذا اثنان؟ نعم", 3),
        ("یہ ایک ہے۔ یہ دو ہے۔", 2),
        ("No end", 1),
    ],
)
def test_sentences(text: str, expected: int) -> None:
    """A sentence ends at the sign of its script, never inside a number."""
    assert len(prose.sentences(text)) == expected


def language(code: str, script: str, spaces: bool = True) -> Language:
    """A language as far as counting goes."""
    return Language.model_validate(
        {"code": code, "name": code, "autonym": code, "locale": code.replace("-", "_"), "script": script, "direction": "ltr", "fonts": ["F"],
         "leading": 1.5, "word_spaces": spaces}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "script", "spaces", "text", "expected"),
    [
        ("es", "Latn", True, "Té — de 4,5 hojas", 4),
        ("zh-Hans", "Hans", False, "在185人中，CRPS有效", 7),
        ("km", "Khmr", True, "តែ\u200bក្តៅ ណាស់", 3),
        ("am", "Ethi", True, "ሻይ፡ሙቅ፡ነው", 3),
    ],
)
def test_length(code: str, script: str, spaces: bool, text: str, expected: int) -> None:
    """Words are counted, a dash is none; without word spaces characters, a number or a Latin word as one."""
    assert prose.length(text, language(code, script, spaces)) == expected


def test_sentence_of_exactly_the_limit(changed: Callable[..., Material]) -> None:
    """Twenty-five words are allowed, one more is told at its line; so with each language's own limit."""
    words = "It takes 4.5 minutes in this tale"
    at = f"{words} {'and ' * 18}".strip() + "."
    material = changed(TEA, (f"{words}.", at))
    assert list(readability.sentence(material)) == []
    (problem,) = readability.sentence(changed(TEA, (at, f"So {at}")))
    assert (str(problem.place), "26 words" in problem.message) == (f"{TEA}:25", True)


@pytest.mark.parametrize(("count", "told"), [(35, False), (36, True)])
def test_translated_sentence(count: int, told: bool, changed: Callable[..., Material]) -> None:
    """A translation is held to its language's limit, told at the line of its msgstr, and may be allowed by a comment."""
    long = " ".join(["palabra"] * count)
    material = changed(SPANISH, ('msgstr "Té negro"', f'msgstr "{long}"'))
    found = list(readability.sentence(material))
    assert [problem.place.path for problem in found] == [SPANISH] * told
    material = changed(SPANISH, (f'msgstr "{long}"', 'msgstr "Té negro"'), ("Té negro", " ".join(["palabra."] * count)))
    assert list(readability.sentence(material)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The tablets are given by a nurse.",
        "Ketamine was first used for operations.",
        "It has not been checked.",
        "The dose can be slowed or stopped.",
        "Tea is often made too strong.",
        "My questions were answered.",
    ],
)
def test_passive(sentence: str) -> None:
    """A form of be and a participle that tells of something done is passive."""
    assert voice.passives(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "You are tired.",
        "How often is not known.",
        "It is called an infusion.",
        "It is needed to sleep well.",
        "You are used to it.",
        "It is red, and they are hundreds.",
        "It is sudden and severe.",
        "You have detached yourself.",
        "Staff are trained and ready.",
        "The pain is mixed.",
        "It is indeed hot.",
        "There is bleeding, and the need is great.",
    ],
)
def test_not_passive(sentence: str) -> None:
    """Adjectives, names and words that look like participles are no passives."""
    assert voice.passives(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "duty"),
    [
        ("The cup must be held.", "must be held"),
        ("Blood tests should also be taken.", "should also be taken"),
        ("The cup is to be washed.", "is to be washed"),
        ("The cup can be held.", ""),
        ("The cup should be held by your nurse.", ""),
        ("The guideline says that it should not be started.", ""),
        ("You should be tired.", ""),
    ],
)
def test_nobodys_duty(sentence: str, duty: str) -> None:
    """What must be done without saying by whom is told; not what may be, what has a doer, or what others advise."""
    assert voice.nobodys_duty(sentence) == duty


@pytest.mark.parametrize(
    ("sentence", "found"),
    [("The kettle is filled.", "is filled"), ("Ask how it is given.", ""), ("No benefit, whichever way it was given.", "")],
)
def test_passive_of_the_main_clause(sentence: str, found: str) -> None:
    """A passive in a side clause leaves the sentence active."""
    assert voice.main_passive(sentence) == found


@pytest.mark.parametrize(
    "text",
    [
        "a placebo (dummy treatment)",
        "a placebo group (dummy treatment)",
        "a dummy treatment (placebo)",
        "placebo, which means a dummy treatment",
        "placebos, such as sugar pills",
        "placebo means dummy treatment",
        "A placebo is a dummy treatment",
        'some call it a "placebo"',
        "the use of placebo. This is a dummy treatment.",
        "dummies, such as placebos or sugar",
        "**Placebo:** a dummy",
        "a high share of placebo, so nothing happens",
    ],
)
def test_explained(text: str) -> None:
    """Brackets, a clause, examples, the next sentence and what others call it explain a word."""
    found = jargon.pattern(("Placebo",)).search(text)
    assert found
    assert jargon.explained(found)


@pytest.mark.parametrize("text", ["18 of 100 with a placebo.", "placebo and drug", "A placebo did nothing. We know that."])
def test_not_explained(text: str) -> None:
    """A word that only stands there is not explained."""
    found = jargon.pattern(("Placebo",)).search(text)
    assert found
    assert not jargon.explained(found)


@pytest.mark.parametrize(
    ("word", "forms", "others"),
    [
        ("administer", ["Administers", "administered", "administering"], ["administration"]),
        ("titrate", ["titrated", "titrating"], ["titration", "trate"]),
        ("remedy", ["remedies"], ["remediation"]),
        ("CRPS", ["CRPS"], ["crps"]),
        ("oral", ["oral"], ["moral", "orally", "non-oral"]),
    ],
)
def test_forms(word: str, forms: list[str], others: list[str]) -> None:
    """Common endings belong to a word, other words do not; capitals stay capitals."""
    assert all(jargon.pattern((word,)).search(form) for form in forms)
    assert not any(jargon.pattern((word,)).search(other) for other in others)


def test_words_of_a_term() -> None:
    """A glossary entry explains its own words and those in its brackets."""
    term = Term(id="x", term=Text("Nerve pain (neuropathic pain)"), meaning=Text("Pain."))
    assert jargon.forms(term) == ("Nerve pain", "neuropathic pain")


@pytest.mark.parametrize(
    "pieces",
    [
        (("It takes 4.5 minutes in this tale.", "Tannin (the bitter part) makes it dark."),),
        (
            ("It takes 4.5 minutes in this tale.", "Tannin makes it dark."),
            ("      - Green tea", "      - Tannin is a bitter thing"),
        ),
    ],
)
def test_term_explained_in_its_section(pieces: tuple[tuple[str, str], ...], changed: Callable[..., Material]) -> None:
    """A term of the glossary may be explained anywhere in the section that uses it first."""
    material = changed(TEA, ("terms: [brew, tannin]", "terms: [brew]"), *pieces)
    found = [problem.message for problem in readability.jargon(material)]
    assert not any("annin" in message for message in found)


def test_familiar_term(changed: Callable[..., Material], project_folder: Path) -> None:
    """A term that is familiar needs no explanation."""
    shared = project_folder / "content" / "shared.yaml"
    pieces = (("terms: [brew, tannin]", "terms: [brew]"), ("It takes 4.5 minutes in this tale.", "Tannin makes it dark."))
    assert [problem.rule for problem in readability.jargon(changed(TEA, *pieces))] == ["readability/jargon"]
    text = shared.read_text(encoding="utf-8")
    shared.write_text(text.replace("old tea taste bitter.", "old tea taste bitter.\n    familiar: yes"), encoding="utf-8")
    assert list(readability.jargon(changed(TEA))) == []
