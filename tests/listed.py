"""A manifest as a build writes it, of documents in several scripts, for the tests of the catalogue."""

from functools import cache
from typing import Any

from handouts import content
from handouts.content import Library
from handouts.project import Project
from tests.shipped import ROOT

TITLES = {
    ("side-effects", "KET-05"): {
        "en": "What are the side effects and risks of ketamine?",
        "es": "¿Cuáles son los efectos secundarios y los riesgos de la ketamina?",
        "vi": "Đâu là tác dụng phụ và rủi ro của ketamine?",
        "zh-Hans": "氯胺酮有哪些副作用和风险？",
        "ar": "ما الآثار الجانبية للكيتامين وما مخاطره؟",
    },
    ("what-is-ketamine", "KET-01"): {
        "en": "What is ketamine, and can it help long-lasting pain?",
        "es": "¿Qué es la ketamina y puede ayudar con el dolor de larga duración?",
        "ar": "ما هو الكيتامين؟ وهل يساعد في الألم المزمن؟",
    },
}

Entries = dict[str, dict[str, Any]]


@cache
def library() -> Library:
    """The shipped content."""
    return content.load(Project(ROOT))


def entry(name: str, number: str, language: str, title: str, edition: str = "standard", **more: object) -> dict[str, Any]:
    """What a manifest tells of a file."""
    return {
        "document": number, "handout": name, "kind": "handout", "title": title, "language": language, "edition": edition,
        "version": "1.0", "published": "2026-01-15", "review": "2028-01-15", "state": "draft", "size": 132_400, "pages": 4,
        "picture": f"pictures/{language}/{edition}/{name}.png", **more,
    }  # fmt: skip


def entries() -> Entries:
    """Two handouts in two editions, a web page, a form and a pack, in five languages."""
    made: Entries = {}
    for (name, number), titles in TITLES.items():
        for code, title in titles.items():
            made[f"{code}/{name}.pdf"] = entry(name, number, code, title)
            made[f"{code}/large-print/{name}.pdf"] = entry(name, number, code, title, "large-print", size=210_000, pages=9)
    made["es/side-effects.html"] = entry(
        "side-effects", "KET-05", "es", TITLES["side-effects", "KET-05"]["es"], "web", pages=None, picture=None, size=88_000
    )
    made["en/what-is-ketamine.pdf"]["state"] = made["en/large-print/what-is-ketamine.pdf"]["state"] = "approved"
    made["en/fillable/consent-infusion.pdf"] = entry(
        "consent-infusion", "CON-01", "en", "Consent to a ketamine drip", "fillable", kind="form", state="expired"
    )
    parts = ["Your first visit", "What is in this pack", TITLES["side-effects", "KET-05"]["en"]]
    pack = entry("first-visit", "PCK-01", "en", "Your first visit", "paper", kind="pack", parts=parts, pages=18, size=1_240_000)
    made["en/packs/first-visit.pdf"] = {"pack": pack.pop("handout"), **pack}
    return made


def many(number: int) -> Entries:
    """So many documents, each in two languages and two editions."""
    made: Entries = {}
    for index in range(number // 2):
        name, document = f"sheet-{index:05}", f"GEN-{index:05}"
        for code, title in (
            ("en", f"Sheet {index:05} about topic {index % 97}"),
            ("ar", f"ورقة {index:05} عن موضوع {index % 97}"),
        ):
            made[f"{code}/{name}.pdf"] = entry(name, document, code, title)
            made[f"{code}/large-print/{name}.pdf"] = entry(name, document, code, title, "large-print")
    return made
