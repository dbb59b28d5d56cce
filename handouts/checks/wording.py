"""Warnings about wording: what often goes wrong in a translation and is sometimes right."""

import re
from collections import defaultdict
from collections.abc import Iterator

from handouts.material import Material
from handouts.pairs import Pair, pairs
from handouts.problems import Problem
from handouts.translations import UI
from handouts.values import PLACEHOLDER, STRONG

_NEGATION = re.compile(r"\b(?:no|not|never|nobody|none|nothing|cannot|without|neither|nor)\b|n[’']t\b", re.IGNORECASE)
_ROOM = re.compile(r"At most (\d+) characters")
_QUOTES = frozenset('"“”„‟«»‹›「」『』〝〞')
_GERSHAYIM = re.compile(r'(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
_WORD = re.compile(r"[^\W\d_]+")


def negation(material: Material) -> Iterator[Problem]:
    """Where the English says "not", the translation has a word or ending of negation (locales/*/language.yaml).

    "Do not drive" without its "not" harms. Languages whose file names no negations are let be, and a sense that is right
    without one can be allowed by the translator's comment.
    """
    for pair in pairs(material):
        words = pair.language.negation
        if words and _NEGATION.search(pair.english) and not re.search("|".join(words), pair.string, re.IGNORECASE):
            yield from pair.warning(
                "wording/negation",
                f'the English says "{_NEGATION.findall(pair.english)[0]}", and nothing here negates',
                'a lost "not" harms; if the sense is right without one, add the comment: # allow: wording/negation',
            )


def same(material: Material) -> Iterator[Problem]:
    """A translation of three words or more is not the English itself: somebody copied it and did not come back.

    One or two words may be a name that is the same in both languages.
    """
    for pair in pairs(material):
        if pair.string == pair.english and len(_WORD.findall(PLACEHOLDER.sub("", pair.english))) > 2:
            yield from pair.warning("wording/same", "this is the English text", "translate it")


def length(material: Material) -> Iterator[Problem]:
    """A translation is not longer than the room there is for it on the page, which its note in the catalog names.

    Longer headings and cells of a table spoil the layout, though nothing is cut off. Entries without such a note are let
    be.
    """
    for pair in pairs(material):
        found = _ROOM.search(" ".join(pair.entry.extracted))  # some editors break notes anew
        if found and len(pair.string) > int(found[1]):
            yield from pair.warning(
                "wording/length", f"{len(pair.string)} characters, and there is room for {found[1]}", "say it more shortly"
            )


def consistency(material: Material) -> Iterator[Problem]:
    """The same English text in two places has one translation: a reader takes two words for two things.

    Plural forms and the templates' own words are let be, where the same English can have two senses.
    """
    known: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs(material):
        if not pair.entry.plural and pair.catalog.domain != UI:  # the templates' words tell senses apart by context
            known[pair.language.code, pair.english].append(pair)
    for twins in known.values():
        first = twins[0]
        for other in twins[1:]:
            if other.string != first.string:
                yield from other.warning(
                    "wording/consistency",
                    f'"{_short(other.english)}" is translated otherwise in {first.catalog.path}:{first.entry.string_line}',
                    "use one translation for both",
                )


def glossary(material: Material) -> Iterator[Problem]:
    """A term of the glossary (locales/*/glossary.yaml) is translated as the glossary says.

    One word for one thing on all pages. Endings may differ, a term may have several translations, and of two terms that
    overlap the longer one counts.
    """
    for pair in pairs(material):
        text = _plain(pair.string)
        english = PLACEHOLDER.sub(" ", pair.english)
        terms = material.glossaries.get(pair.language.code, {})
        for term in sorted(terms, key=len, reverse=True):  # "review date" before "review"
            if term.lower() not in english.lower():  # a search is dear, and most terms are not in most texts
                continue
            english, found = re.subn(rf"(?<!\w){re.escape(term)}(?!\w)", " ", english, flags=re.IGNORECASE)
            if found and not any(_has(text, allowed) for allowed in terms[term]):
                yield from pair.warning(
                    "wording/glossary",
                    f'"{term}" is {" or ".join(terms[term])} in the glossary, which is not here',
                    "use the glossary's word, or add a form to glossary.yaml",
                )


def _has(text: str, term: str) -> bool:
    """Whether the words of a term stand in a text, endings aside."""
    return all(word[: max(3, len(word) * 2 // 3)] in text for word in _plain(term).split())


def _plain(text: str) -> str:
    return STRONG.sub(r"\1", text).lower()


def repeated(material: Material) -> Iterator[Problem]:
    """No word stands twice in a row: that is a slip, in languages that do not double words as a matter of grammar.

    Where the English itself says a word twice, the translation may.
    """
    for pair in pairs(material):
        if not pair.language.doubles_words:
            twice = re.search(r"\b([^\W\d_]{2,})[ \u00a0]+\1\b", pair.string, re.IGNORECASE)
            if twice and not re.search(r"\b(\w+) \1\b", pair.english, re.IGNORECASE):
                yield from pair.warning("wording/repeated", f'"{twice[0]}" says a word twice', "delete one of the two")


def quotation(material: Material) -> Iterator[Problem]:
    """A translation quotes with the marks of its language (locales/*/language.yaml), not with straight or foreign ones.

    Languages whose file names no marks are let be, and so are apostrophes and the sign within a Hebrew abbreviation.
    """
    for pair in pairs(material):
        marks = pair.language.quotes
        text = _GERSHAYIM.sub("", pair.string)  # the straight sign in a Hebrew abbreviation is none
        foreign = "".join(dict.fromkeys(sign for sign in text if sign in _QUOTES and sign not in marks))
        if marks and foreign:
            yield from pair.warning(
                "wording/quotation",
                f"{pair.language.name} does not quote with {foreign}",
                f"write {marks[0]}…{marks[1]}",
            )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
