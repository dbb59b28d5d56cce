"""Where English is in the passive voice: a form of "be" and a participle that tells of something done.

Participles that tell how somebody or something is ("tired", "known", "needed") are adjectives here.
It is a sieve by word forms, not a grammar: it is right about most sentences, not about each.
"""

import functools
import re

STATES = frozenset(
    {"advanced", "agreed", "allowed", "ashamed", "based", "bored", "broken", "called", "closed", "committed",
     "complicated", "concerned", "confused", "connected", "crowded", "depressed", "detached", "disabled", "done",
     "excited", "exhausted", "experienced", "finished", "frightened", "gone", "hundred", "interested", "involved",
     "irritated", "known", "limited", "located", "lost", "married", "mixed", "naked", "named", "needed", "obliged",
     "open", "ordained", "pleased", "prepared", "qualified", "registered", "related", "relaxed", "relieved",
     "retired", "sacred", "satisfied", "scared", "severed", "shut", "stressed", "supposed", "surprised", "tired",
     "trained", "unaffected", "uncontrolled", "undecided", "unexplained", "unknown", "unlicensed", "unlimited",
     "unused", "unwanted", "upset", "wicked", "worried"}
)  # fmt: skip
"""Participles that are mostly adjectives, and words that only look like participles."""

_IRREGULAR = (
    "begun bitten blown born bought bound brought built caught chosen cut drawn driven drunk eaten fed felt fought found "
    "frozen given grown heard held hidden hit hung hurt kept laid led left lent let made meant met paid put read run said "
    "seen sent set shaken shown sold spent split spoken spread stolen stuck swollen taken taught thought thrown told torn "
    "understood withdrawn woken won worn written"
)
_PASSIVE = re.compile(
    r"\b(?P<duty>(?:must|should|shall|ought to|need to|needs to|has to|have to)(?: (?:not|never|always|only|also))? )?"
    r"(?P<be>am|is|are|was|were|be|been|being) "
    r"(?:(?:not|never|always|only|also|often|usually|already|now|still|first|then|just|\w+ly) )*"
    rf"(?P<to>to be )?(?P<done>\w+[^e\W]ed|{'|'.join(_IRREGULAR.split())})\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"\b(?:says?|said|advises?|advised|recommends?|recommended|means?|states?|stated)\b", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|whom|whose|whichever|whatever|whether|if|when|while|how|what|where|why|because|as|until|unless|than)\b",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=8192)
def passives(sentence: str) -> tuple[str, ...]:
    """The passive phrases of a sentence."""
    return tuple(found[0] for found in _PASSIVE.finditer(sentence) if _told(found))


def main_passive(sentence: str) -> str:
    """The passive phrase of a main clause, or nothing: a sentence can be active and hold a passive in a side clause."""
    found = next((f for f in _PASSIVE.finditer(sentence) if _told(f)), None)
    return found[0] if found and not _SUBORDINATE.search(sentence[: found.start()]) else ""


def nobodys_duty(sentence: str) -> str:
    """The passive phrase that says what must be done and not by whom; nothing where the sentence reports what others advise."""
    duties = (f for f in _PASSIVE.finditer(sentence) if _told(f) and (f["duty"] or f["to"]))
    found = next(duties, None)
    if not found or _REPORTED.search(sentence[: found.start()]) or re.match(r" by\b", sentence[found.end() :]):
        return ""
    return found[0]


def _told(found: re.Match[str]) -> bool:
    done = found["done"].lower()
    return done not in STATES and not (done == "used" and found.string.startswith(" to ", found.end()))  # used to it
