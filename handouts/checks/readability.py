"""Rules about how easy a text is to read: English by formulas and by what it is made of, every language by its sentences."""

from collections.abc import Iterator

from handouts import jargon as hard_words
from handouts import prose as text_measures
from handouts.material import Material
from handouts.model import Consent, Handout, SharedContent
from handouts.pairs import pairs
from handouts.problems import Problem, warning
from handouts.prose import flesch_kincaid, prose
from handouts.prose import smog as smog_grade
from handouts.sections import Glossary
from handouts.values import Passage, passages
from handouts.voice import main_passive, nobodys_duty, passives

HARDEST_GRADE = 8.0
"""AMA: grade 6; NIH: 6 to 8."""
AIM = 6.5
"""Grade 6 (AMA): a grade is a whole number of school years, so 6.4 is grade 6 and 6.5 is not."""
SMOG_ABOVE = 3.0
"""SMOG counts higher than Flesch-Kincaid: by 1.65 grades on health pages (Sharma, Tridimas, Fitzsimmons 2014, J Stroke
Cerebrovasc Dis 23:1362), more on short sentences, as it begins at 3.13 and Flesch-Kincaid below 0. The same texts of ours
came out 2.5 to 3.3 apart."""
SMOG_SENTENCES = 30
LONGEST_SENTENCE = 25
"""English words (GOV.UK style guide, 2014: 25 words are the limit)."""
LONGEST_PARAGRAPH = 60
LONGEST_ITEM = 50
MOST_SENTENCES = 5
MOST_PASSIVE = 0.2
"""PEMAT item 5 is met where at least 80 % is in the active voice (Vishnevetsky, Walters, Tan 2018, table 7)."""

_ITEMS = frozenset({"points", "items", "emergency", "same_day", "questions", "text"})


def grade(material: Material) -> Iterator[Problem]:
    """The English of a document has a Flesch-Kincaid grade of 8 at most, and 6 is the aim (Kincaid et al. 1975).

    Above 8 is an error (NIH: 6 to 8), above 6 a warning (AMA: grade 6; PEMAT item 3). Headings, names and labels do not
    count: they are not sentences. Nothing of the kind is told of other languages, for which the formula does not hold.
    """
    for document in material.library.sheets:
        level = flesch_kincaid(prose(document))
        place = material.library.place(material.library.path(document), "sections")
        if level > HARDEST_GRADE:
            yield Problem(place, "readability/grade", f"the text has reading grade {level:.1f}; at most {HARDEST_GRADE:.0f} is allowed, 6 is the aim",
                          "shorten sentences and replace long words")  # fmt: skip
        elif level >= AIM:
            yield warning(place, "readability/grade", f"the text has reading grade {level:.1f}; 6 is the aim",
                          "shorten sentences and replace long words")  # fmt: skip


def smog(material: Material) -> Iterator[Problem]:
    """The English of a document has a SMOG grade of 11 at most, and below 9.5 is the aim (McLaughlin 1969).

    SMOG counts words of three syllables and more, and says who understands everything; Flesch-Kincaid says who
    understands most. So its limits are those of `grade` and three grades more. The formula was fitted on 30 sentences:
    shorter texts are left to `grade`. Medicines' names count as the long words they are.
    """
    for document in material.library.sheets:
        sentences = prose(document)
        level = smog_grade(sentences) if len(sentences) >= SMOG_SENTENCES else 0.0
        place = material.library.place(material.library.path(document), "sections")
        hint = "replace words of three syllables and more where a shorter one says the same"
        if level > HARDEST_GRADE + SMOG_ABOVE:
            yield Problem(place, "readability/smog", f"the text has SMOG grade {level:.1f}; at most {HARDEST_GRADE + SMOG_ABOVE:.0f} is allowed", hint)  # fmt: skip
        elif level >= AIM + SMOG_ABOVE:
            yield warning(place, "readability/smog", f"the text has SMOG grade {level:.1f}; below {AIM + SMOG_ABOVE:.1f} is the aim", hint)  # fmt: skip


def sentence(material: Material) -> Iterator[Problem]:
    """No sentence is so long that its beginning is forgotten at its end (PEMAT item 3; GOV.UK: 25 words).

    English: 25 words. Other languages say the same in fewer or more words, and translators explain what their readers do
    not know; so each language has a limit of its own (`longest_sentence` in locales/*/language.yaml): what 25 words of
    English come to in it, and a third more. The ratio was counted on whole translations of handouts, and for languages
    without one on the Universal Declaration of Human Rights. Chinese and Japanese are counted in characters. Thai and
    Lao do not mark where a sentence ends: nothing is told there.
    """
    library = material.library
    for path, document in library.documents():
        for passage in passages(document, ""):
            for part in text_measures.english_sentences(passage.text):
                words = part.count(" ") + 1
                if words > LONGEST_SENTENCE:
                    yield warning(library.place(path, *passage.steps), "readability/sentence",
                                  f"a sentence of {words} words, at most {LONGEST_SENTENCE} are the aim: {_start(part)}",
                                  "make two of it, or a list")  # fmt: skip
    for pair in pairs(material):
        language, limit = pair.language, pair.language.longest_sentence
        if (
            len(pair.string) <= limit
            or (language.word_spaces and len(pair.string) < 2 * limit)
            or language.script in text_measures.UNENDED_SCRIPTS
        ):
            continue
        for part in text_measures.sentences(pair.string):
            count = text_measures.length(part, language) if len(part) > limit else 0
            if count > limit:
                unit = "words" if language.word_spaces else "characters"
                yield from pair.warning("readability/sentence",
                                        f"a sentence of {count} {unit}, at most {limit} are the aim in {language.name}: {_start(part)}",
                                        "make two of it")  # fmt: skip


def paragraph(material: Material) -> Iterator[Problem]:
    """A paragraph has 60 words and 5 sentences at most, an item of a list 50 words (PEMAT item 8; CDC item 9).

    The standards ask for short pieces and give no number. Sixty words are about six lines of the page, one look; a list
    is to be skimmed, so its items are shorter. The points of the key message are paragraphs: there are three at most.
    """
    library = material.library
    for path, document in library.documents():
        for passage in passages(document, ""):
            words, sentences = passage.text.count(" ") + 1, len(text_measures.english_sentences(passage.text))
            item = passage.role in _ITEMS and not _in_key_message(document, passage)
            limit = LONGEST_ITEM if item else LONGEST_PARAGRAPH
            if words > limit or sentences > MOST_SENTENCES:
                what = "an item of a list" if item else "a paragraph"
                yield warning(library.place(path, *passage.steps), "readability/paragraph",
                              f"{what} of {words} words in {sentences} sentences; at most {limit} words and {MOST_SENTENCES} sentences are the aim",
                              "cut it, or begin a new one where the next thought begins")  # fmt: skip


def passive(material: Material) -> Iterator[Problem]:
    """English says who does what (PEMAT item 5; CDC item 6).

    Told is a duty that nobody has ("the tablets must be taken"), a passive main clause in the key message or the next
    steps, and a document with more than 20 % passive sentences. Adjectives ("is tired", "is known") are no passives, a
    side clause may hold one ("Ask how it is given"), and what others advise their readers is not told to ours ("The
    guideline says that it should not be started").
    """
    library = material.library
    for path, document in library.documents():
        for passage in passages(document, ""):
            for part in text_measures.english_sentences(passage.text):
                duty = nobodys_duty(part)
                found = duty or (main_passive(part) if _in_front(document, passage) else "")
                if found:
                    why = (
                        "it does not say who must do this"
                        if duty
                        else "the key message and the next steps are in the active voice"
                    )
                    yield warning(library.place(path, *passage.steps), "readability/passive", f'"{found}" is passive: {why}',
                                  'say who does it, such as "Take", "You" or "The nurse"')  # fmt: skip
    for sheet in library.sheets:
        sentences = prose(sheet)
        count = sum(bool(passives(part)) for part in sentences)
        if count > MOST_PASSIVE * len(sentences) and count > 1:
            yield warning(library.place(library.path(sheet), "sections"), "readability/passive",
                          f"{count} of {len(sentences)} sentences are passive, at most {MOST_PASSIVE:.0%} are the aim",
                          "say who does what")  # fmt: skip


def jargon(material: Material) -> Iterator[Problem]:
    """A hard word is explained where a document first uses it, or a plain word stands there instead (PEMAT items 3 and 4; CDC item 7).

    Hard words are the terms of the glossary, unless they are `familiar: yes`: a document explains each in the section
    that uses it first, or prints its entry (`kind: glossary`). And those of content/jargon.yaml, each with its plain
    word. Brackets explain, "which means", "such as", a next sentence with "This is", and what others call it. Titles
    and labels have no room to explain, and need not where the text below does.
    """
    library = material.library
    listed = tuple(library.jargon)
    terms = tuple(form for term in library.shared.glossary for form in hard_words.forms(term))
    for path, document in library.documents():
        told = [p for p in passages(document, "") if p.steps[0] != "glossary"]
        texts = [(p.steps[:2], p.text) for p in told if p.role not in text_measures.FRAGMENTS]
        printed = {name for section in document.sections if isinstance(section, Glossary) for name in section.terms}
        for term in library.shared.glossary:
            if not term.familiar and term.id not in printed:
                found = hard_words.unexplained(texts, hard_words.forms(term))
                if found:
                    steps = next(p.steps for p in told if p.text is found.string)
                    yield warning(library.place(path, *steps), "readability/jargon",
                                  f'"{found[0]}" is a hard word that is not explained here, where it first stands',
                                  f'explain it in brackets ({_start(term.meaning)}), or print its entry: kind: glossary, terms: [{term.id}]')  # fmt: skip
        for passage in told if listed else ():
            for found in hard_words.pattern(listed).finditer(passage.text):
                inside = terms and any(
                    t.start() <= found.start() < t.end() for t in hard_words.pattern(terms).finditer(passage.text)
                )
                if not inside and not hard_words.explained(found):
                    hard, easy = hard_words.plain_word(found[0], library.jargon)
                    yield warning(library.place(path, *passage.steps), "readability/jargon", f'"{found[0]}" is a hard word',
                                  f'for "{hard}" write: {easy}; or explain it in the same passage')  # fmt: skip


def _in_key_message(document: Handout | Consent | SharedContent, passage: Passage) -> bool:
    return _kind(document, passage) == "key-message"


def _in_front(document: Handout | Consent | SharedContent, passage: Passage) -> bool:
    return passage.role == "points" and _kind(document, passage) in ("key-message", "next-steps")


def _kind(document: Handout | Consent | SharedContent, passage: Passage) -> str:
    where = passage.steps
    return document.sections[where[1]].kind if where[0] == "sections" and isinstance(where[1], int) else ""


def _start(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
