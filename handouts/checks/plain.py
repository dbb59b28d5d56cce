"""Rules from PEMAT-P and the CDC Clear Communication Index that a machine can hold and nothing else does.

That a handout opens with its message, says what is not known and ends with what to do is `structure.order`'s; how easy
sentences and words are is `readability`'s. These rules read the English only: translations keep its structure.
"""

import re
from collections import Counter
from collections.abc import Iterator

from handouts.material import Material
from handouts.problems import Problem, warning
from handouts.prose import english_sentences
from handouts.sections import Effects, NextSteps, Options, Steps
from handouts.values import Passage, Value, passages

MOST_ITEMS = 7
"""CDC item 8."""
LONGEST_SECTION = 250
"""Words: about half a page of 12-point print."""
LONGEST_HEADING = 12
LONGEST_NAME = 10

_READ_THROUGH = ("points", "questions")
"""The fields of lists that are read from beginning to end, not searched or ticked off."""
_EMPTY_HEADINGS = frozenset(
    {"about", "background", "conclusion", "conclusions", "details", "further information", "general", "general information",
     "important information", "information", "introduction", "key facts", "miscellaneous", "more", "more information", "notes",
     "other", "other information", "overview", "patient information", "preface", "remarks", "summary", "text",
     "useful information"}
)  # fmt: skip
_NUMBERED = re.compile(r"(?:section|part|chapter|page)?\s*[0-9ivx]+\.?", re.IGNORECASE)
_ARITHMETIC = re.compile(
    r"\b(?:(?:multiply|divide|subtract|calculate)\b|add up|sum up|work out how (?:much|many)|count back|"
    r"(?:take|times|by) your (?:body )?weight|(?:for each|for every|per) (?:kg|kilogram|kilo|pound|stone)s?\b(?! of pain))",
    re.IGNORECASE,
)
_THIRD_PERSON = re.compile(
    r"\b(?:the patient|patients|the person|the reader|readers) (?:should|must|need to|needs to|has to|have to|is to|are to|is asked to|are asked to)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"\b(?:says?|said|advises?|recommends?|found|tells?)\b", re.IGNORECASE)
_YOU = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
_NO_ACTION = re.compile(
    r"(?:the|a|an|this|that|these|those|it|there|we|they|he|she|i|you|your|our|their|its|some|many|most|every|all|nobody|people|patients)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:[ ,-]+[A-Z]{2,}){2,}\b")


def lists(material: Material) -> Iterator[Problem]:
    """A list has at most seven items (CDC item 8; PEMAT item 8).

    That is for lists that are read through: points and questions. A list in which one looks for one's own case may be
    longer, as nothing in it has to be remembered, and an item left out to come down to seven could harm: when to call,
    what to tick off or to sign, the rows of a table, the words explained.
    """
    for path, document in material.library.documents():
        for index, section in enumerate(document.sections):
            for steps, value in _holders(section, ("sections", index)):
                for field in _READ_THROUGH:
                    items = getattr(value, field, ())
                    if len(items) > MOST_ITEMS:
                        yield warning(material.library.place(path, *steps, field), "plain/lists",
                                      f"a list of {len(items)} items; {MOST_ITEMS} are the most that one keeps in mind",
                                      "make two lists under two headings, or join what belongs together")  # fmt: skip


def headings(material: Material) -> Iterator[Problem]:
    """A heading says what stands below it, in at most twelve words, and no two are alike (PEMAT item 9; CDC item 9).

    "Introduction" or "More information" tell nothing, nor does a number. A section without a title of its own has one
    from the templates, which says what its kind says.
    """
    for path, document in material.library.documents():
        titles = [p for p in passages(document, "") if p.role == "title" and p.steps[0] == "sections"]
        seen = Counter(_bare(p.text) for p in titles if len(p.steps) == 3)
        for passage in titles:
            bare, words = _bare(passage.text), len(passage.text.split())
            twice = len(passage.steps) == 3 and seen[bare] > 1
            fault = (
                f'the heading "{passage.text}" does not say what stands below it'
                if bare in _EMPTY_HEADINGS or _NUMBERED.fullmatch(bare)
                else f'the heading "{passage.text}" stands here more than once' if twice
                else f"a heading of {words} words; {LONGEST_HEADING} are the most" if words > LONGEST_HEADING else ""
            )  # fmt: skip
            if fault:
                yield warning(material.library.place(path, *passage.steps), "plain/headings", fault,
                              "write what the reader learns or does there, best as the question it answers")  # fmt: skip


def chunks(material: Material) -> Iterator[Problem]:
    """Under one heading stand at most 250 words (PEMAT item 8; CDC item 9).

    The standards ask for short sections and give no number. A table is in chunks already, row by row, and a step has a
    heading of its own: each row or step is counted by itself.
    """
    for path, document in material.library.documents():
        for index, section in enumerate(document.sections):
            parts: tuple[Value, ...] = (section,)
            if isinstance(section, Options):
                parts = section.options
            elif isinstance(section, Effects):
                parts = section.effects
            elif isinstance(section, Steps):
                parts = section.steps
            words = max((sum(len(p.text.split()) for p in passages(part, "")) for part in parts), default=0)
            if words > LONGEST_SECTION:
                yield warning(material.library.place(path, "sections", index), "plain/chunks",
                              f"{words} words under one heading; at most {LONGEST_SECTION} are the aim",
                              "make two sections of it, each with a heading")  # fmt: skip


def arithmetic(material: Material) -> Iterator[Problem]:
    """The reader is not asked to calculate (PEMAT item 7; CDC item 17).

    Told is a text that asks to multiply, to add up, or gives an amount for each kilogram. Put the result there, or a
    line on which the team writes it.
    """
    for path, passage in _told(material):
        found = _ARITHMETIC.search(passage.text)
        if found:
            yield warning(material.library.place(path, *passage.steps), "plain/arithmetic",
                          f'"{found[0]}" asks the reader to calculate', "write the result, or a line for the team to write it on")  # fmt: skip


def addressed(material: Material) -> Iterator[Problem]:
    """The reader is called "you" (PEMAT item 21; CDC item 7).

    Told is a handout without "you", and a sentence that says what "the patient" or "patients" must do. What a source
    says of patients is no such sentence, nor what a clinician declares by signing.
    """
    library = material.library
    for path, passage in _told(material):
        for part in english_sentences(passage.text):
            found = _THIRD_PERSON.search(part)
            if found and passage.role != "statement" and not _REPORTED.search(part[: found.start()]):
                yield warning(library.place(path, *passage.steps), "plain/addressed",
                              f'"{found[0]}" speaks of the reader as of somebody else', 'write "you"')  # fmt: skip
    for handout in library.handouts:
        if not any(_YOU.search(passage.text) for passage in passages(handout, "")):
            yield warning(library.place(library.path(handout), "sections"), "plain/addressed",
                          'the handout never says "you"', "speak to the reader where it says what to do")  # fmt: skip


def actions(material: Material) -> Iterator[Problem]:
    """Each next step begins with what to do (PEMAT items 20 and 22; CDC items 5 and 12).

    "Ask which way your team suggests" is a step, "Your team may suggest a way" is none. A condition may stand first:
    "If you feel worse, call".
    """
    for path, document in material.library.documents():
        for index, section in enumerate(document.sections):
            for number, point in enumerate(section.points if isinstance(section, NextSteps) else ()):
                found = _NO_ACTION.match(point.lstrip("*\"'“‘"))
                if found:
                    yield warning(material.library.place(path, "sections", index, "points", number), "plain/actions",
                                  f'a next step begins with "{found[0]}", not with what to do',
                                  'begin with a verb, such as "Ask", "Bring" or "Call"')  # fmt: skip


def rows(material: Material) -> Iterator[Problem]:
    """Rows and columns of a table have names of at most ten words (PEMAT item 19).

    A table is searched by these names, at a glance; what stands in its cells may be longer.
    """
    for path, passage in _told(material):
        words = len(passage.text.split())
        if passage.role == "name" and words > LONGEST_NAME:
            yield warning(material.library.place(path, *passage.steps), "plain/rows",
                          f"the name of a row or column has {words} words; {LONGEST_NAME} are the most",
                          "shorten it, and say the rest in the row")  # fmt: skip


def capitals(material: Material) -> Iterator[Problem]:
    """No words are set in capitals (UKAAF G003, RNIB clear print: no blocks of capitals).

    Three words in a row are told; an abbreviation is none, nor are two side by side.
    """
    for path, passage in _told(material):
        found = _CAPITALS.search(passage.text)
        if found:
            yield warning(material.library.place(path, *passage.steps), "plain/capitals",
                          f'"{found[0]}" is in capitals, which are hard to read', "write small letters, and **two stars** for weight")  # fmt: skip


def _told(material: Material) -> Iterator[tuple[str, Passage]]:
    for path, document in material.library.documents():
        for passage in passages(document, ""):
            yield path, passage


def _holders(section: Value, steps: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    """A section and its steps: what may hold a list."""
    yield steps, section
    if isinstance(section, Steps):
        for number, step in enumerate(section.steps):
            yield (*steps, "steps", number), step


def _bare(heading: str) -> str:
    return heading.strip(" .:?!").lower()
