"""How many syllables an English word has."""

import functools
import re

import pyphen


@functools.cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB", left=1, right=1)


@functools.cache
def syllables(word: str) -> int:
    """Syllables of a word: groups of vowels without a silent final e, or more where pyphen can break more often."""
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(groups, len(_dictionary().positions(word)) + 1, 1)
