"""Rules about how risks are worded: natural frequencies out of one number of people, never a bare word or a ratio alone.

They read the English of handouts, consent forms and shared sections (Trevena 2013; IPDASi probabilities).
"""

import re
from collections.abc import Iterator

from handouts.frequencies import PEOPLE, frequencies, plain, sentences, stems, told
from handouts.material import Material
from handouts.problems import Problem, warning
from handouts.values import Passage, Value, leaves, passages

_Steps = tuple[str | int, ...]

_WORDS = "two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|(?:a |one )?hundred|(?:a |one )?thousand"
_ONE_IN = re.compile(rf"(?<![\d.,])1(?:\s+(?:extra|more))?(?:\s+{PEOPLE})?\s+in\s+(?:every\s+)?(\d[\d,]*)", re.IGNORECASE)
_FOR_EVERY = re.compile(rf"for\s+(?:about\s+|around\s+)?every\s+(\d+(?:\s*(?:to|or|–|-)\s*\d+)?)\s+{PEOPLE}", re.IGNORECASE)
_IN_WORDS = re.compile(
    rf"\b(?:one|two|three|four|five|six|seven|eight|nine)(?:\s+(?:extra|more))?(?:\s+{PEOPLE})?"
    rf"\s+(?:in|out of)\s+(?:every\s+)?(?:{_WORDS})\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"\s*(?:minute|hour|day|night|week|month|year)s?\b")

_PERCENT = re.compile(r"(?:\d+(?:\.\d+)?\s*|\b)(?:%|per ?cent(?:age)?s?\b)", re.IGNORECASE)
_CHANGE = r"(?:more|less|fewer|higher|lower|greater|smaller|larger|better|worse|rise|fall|drop|cut|increase|decrease|reduction)"
_OF_AMOUNT = re.compile(
    rf"\s+(?:{_CHANGE}\b|(?:of|in)\s+(?:the|a|an|each|your|its|this|that)\s+(?!{PEOPLE}\b|rest\b|others?\b|\w+\s+{PEOPLE}\b))",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby\s+(?:about\s+|around\s+|at least\s+)?$", re.IGNORECASE)

_TERM = re.compile(
    r"\b(?:un|in)?frequent(?:ly)?\b|\b(?<!in )(?:un)?common(?:ly)?\b(?! (?:sense|ground|cold)s?\b)|\brare(?:ly)?\b|\bseldom\b"
    r"|\boccasional(?:ly)?\b|\bhardly ever\b|\bunlikely\b|\b(?:very|highly|quite|most) likely\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\bmean(?:s|ing)?(?:\s+(?:that|it|they|this|is|are))*\s+$", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:more|less|as|how|however)\s+$", re.IGNORECASE)
_NOT_KNOWN = re.compile(
    r"\bnot\s+(?:\w+\s+)?known\b|\bunknown\b|\b(?:nobody|no one)\s+knows\b|\b(?:do|does)\s+not\s+know\b|\b(?:do|does)n[’']t\s+know\b"
    r"|\bno\s+(?:\w+\s+)?(?:number|figure|rate)s?\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»")

_TIMES = r"(?:twice|double|triple|half|(?:\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten)[ -](?:times|fold))"
_SHARE = r"(?:\d+(?:\.\d+)?\s*(?:%|per ?cent)|(?:a|one|two)[ -](?:third|quarter|fifth|half|thirds|quarters)|half)"
_MUCH = rf"(?:{_TIMES}|{_SHARE})(?:\s+(?:as|the|more|less|fewer|higher|lower|greater))*"
_CHANCE = r"(?:risks?|chances?|odds|likelihood|probability|danger)"
_SHIFT = r"(?:doubl|tripl|quadrupl|halv)(?:es?|ed|ing)"
_RELATIVE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_MUCH}\s+(?:likely|common|often|frequent|many)\b",
        rf"\b(?:{_TIMES}|{_SHARE})\s+(?:more|less|fewer|as many)\s+{PEOPLE}\b",
        rf"\b{_SHIFT}\s+(?:\w+\s+){{0,3}}{_CHANCE}\b",
        rf"\b{_CHANCE}\b[^.?!]{{0,40}}?\b(?:{_SHIFT}|{_MUCH}(?:\s+(?:high|large|great|big))?)(?![\w-])",
        rf"\b{_MUCH}\s+{_CHANCE}\b",
        rf"\bhappen(?:s|ed)?\s+(?:about\s+)?{_TIMES}\s+(?:more|less|as)\b",
    )
)


def denominator(material: Material) -> Iterator[Problem]:
    """All risks of a document are out of the same number of people (IPDASi probabilities: same denominator; Trevena 2013).

    Readers compare the counts: 5 of 1000 looks like more than 2 of 100. Different documents may have different numbers.
    """
    for path, document in material.library.documents():
        first: int | None = None
        for steps, value in leaves(document):
            if steps[-1] == "of" and isinstance(value, int):
                first = first or value
                if value != first:
                    yield Problem(material.library.place(path, *steps), "risk/denominator",
                                  f"this risk is out of {value}, the ones before it are out of {first}",
                                  f"state all risks of a document out of {first}")  # fmt: skip


def one_in_x(material: Material) -> Iterator[Problem]:
    """A risk is so many of a fixed number of people, never "1 in x", "one in ten" or "1 for every x" (Trevena 2013).

    Readers take 1 in 14 for more than 1 in 8, as 14 is more than 8. "1 in 100" is right where risks are out of 100. The
    raw counts of a small trial stay as they were ("3 of 6 people", "1 of 5").
    """
    fixed_in = {
        path: next((str(value) for steps, value in leaves(document) if steps[-1] == "of"), "100")
        for path, document in material.library.documents()
    }
    for path, _, text in _texts(material):
        fixed, spoken = fixed_in[path], plain(text.text)
        found = [m[0] for m in _ONE_IN.finditer(spoken) if m[1].rstrip(",") != fixed and not _PERIOD.match(spoken, m.end())]
        found += [m[0] for s in sentences(spoken) if re.search(r"\b1\b", s) for m in _FOR_EVERY.finditer(s) if m[1] != fixed]
        found += [m[0] for m in _IN_WORDS.finditer(spoken) if not _PERIOD.match(spoken, m.end())]
        if found:
            said = '" and "'.join(found)
            yield warning(material.library.place(path, *text.steps), "risk/one-in-x",
                          f'"{said}": the number that it is out of changes from risk to risk',
                          f"say how many of {fixed} people, in digits")  # fmt: skip


def percent(material: Material) -> Iterator[Problem]:
    """How many people is said as a natural frequency, not in percent (IPDASi probabilities: event rate as natural frequency).

    A percentage by which an amount changes ("30 percent less pain"), or of an amount ("10 percent of the dose"), counts no
    people and is left alone; `relative` looks at changes of a risk.
    """
    for path, _, text in _texts(material):
        spoken = plain(text.text)
        for found in _PERCENT.finditer(spoken):
            if not _OF_AMOUNT.match(spoken, found.end()) and not _BY.search(spoken, 0, found.start()):
                yield warning(material.library.place(path, *text.steps), "risk/percent",
                              f'"{found[0]}" is a percentage', "say how many of 100 people")  # fmt: skip


def verbal(material: Material) -> Iterator[Problem]:
    """No word of frequency stands alone: "rare" or "common" has its number beside it, or the words that it is not known.

    Readers understand such words as anything from 1 to 80 of 100 (Trevena 2013). The number is a natural frequency of the
    same passage, or the risk of the same row; for a heading or an opening paragraph anywhere in its section. A question, a
    quotation, "does not mean rare" and a comparison ("more common") state no frequency.
    """
    for path, document, text in _texts(material):
        bare = [
            found[0]
            for sentence in sentences(_QUOTED.sub(" ", text.text))
            if not sentence.rstrip().endswith("?")
            for found in _TERM.finditer(sentence)
            if not _DENIED.search(sentence, 0, found.start()) and not _COMPARED.search(sentence, 0, found.start())
        ]
        if bare and not _backed(document, text):
            yield warning(material.library.place(path, *text.steps), "risk/verbal",
                          f'"{bare[0]}" has no number beside it',
                          "say how many of 100 people; if nobody knows, say that the number is not known")  # fmt: skip


def relative(material: Material) -> Iterator[Problem]:
    """No risk is told as a ratio alone: "twice as likely" has both numbers in the same passage (Trevena 2013).

    Twice as likely may be 2 of 100 people after 1, or 80 after 40. Ratios of amounts ("3 times as high in the blood", "30
    percent less pain") are not risks, and are left alone.
    """
    for path, document, text in _texts(material):
        spoken = _QUOTED.sub(" ", plain(text.text))
        found = next((match for pattern in _RELATIVE for match in pattern.finditer(spoken)), None)
        counts = sum(len(frequency.counts) for frequency in frequencies(spoken))
        row = _row(document, text)
        compared = row and any(steps[-1] == "compared" and value is not None for steps, value in leaves(row))
        if found and counts < 2 and not compared:
            yield warning(material.library.place(path, *text.steps), "risk/relative",
                          f'"{found[0]}" does not say from how many to how many',
                          "say both: so many of 100 people with it, so many of 100 without")  # fmt: skip


def framing(material: Material) -> Iterator[Problem]:
    """A risk that is compared with another group in one place is so wherever it is told (IPDASi: balanced framing).

    76 of 100 people says nothing about a treatment until the reader sees how many have it without. The schema holds that
    both numbers come with both groups, out of the same number and in the same time; only where the comparison is known and
    left out can a rule tell. Whether words persuade no rule can judge.
    """
    risks = tuple(told(material.library))
    for risk in risks:
        if risk.risk.versus is None:
            for other in risks:
                alike = all(
                    getattr(risk.risk, field) == getattr(other.risk, field) for field in ("source", "of", "measure", "count")
                )
                if other.risk.versus and alike and stems(other.name) & stems(risk.name):
                    known = material.library.place(other.path, *other.steps)
                    yield warning(material.library.place(risk.path, *risk.steps), "risk/framing",
                                  "this risk is told without the group that it is compared with in "
                                  f"{known.path}:{known.line}",
                                  f'add versus: "{other.risk.versus}" and its number, compared: {other.risk.compared}')  # fmt: skip
                    break


def _texts(material: Material) -> Iterator[tuple[str, Value, Passage]]:
    for path, document in material.library.documents():
        for text in passages(document, ""):
            yield path, document, text


def _backed(document: Value, text: Passage) -> bool:
    """Whether a number, or that there is none, stands where a reader of this text sees it."""
    holder: Value | None = None
    if text.role in ("title", "term"):
        holder = _at(document, text.steps[:-1])
    elif text.role == "intro":
        holder = _at(document, text.steps[:-2])
    else:
        holder = _row(document, text)
    words = [text.text, *(other.text for other in passages(holder, "") if holder)] if holder else [text.text]
    counted = holder is not None and any(steps[-1] == "count" for steps, _ in leaves(holder))
    return counted or any(_NOT_KNOWN.search(plain(word)) or any(frequencies(word)) for word in words)


def _row(document: Value, text: Passage) -> Value | None:
    """The side effect or the risk that a text is part of."""
    steps = text.steps
    for name in ("effects", "risks"):
        if name in steps:
            return _at(document, steps[: steps.index(name) + 2])
    return None


def _at(value: object, steps: _Steps) -> Value | None:
    for step in steps:
        value = value[step] if isinstance(value, tuple) and isinstance(step, int) else getattr(value, str(step))
    return value if isinstance(value, Value) else None
