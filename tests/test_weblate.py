"""The settings for Weblate name what the project has; `make golden` rewrites them."""

import json
from typing import Any

import pytest

from tests.shipped import ROOT, shipped

FILE = ROOT / "locales" / "weblate.json"
REPOSITORY = "https://git.example.org/your-clinic/handouts.git"
"""To be changed by whoever imports the file: example.org belongs to nobody."""
FIRST = "shared"
"""The component that holds the clone; all others share it."""


def component(domain: str) -> dict[str, Any]:
    """A domain as Weblate's `import_json` reads it: no line is wrapped, nothing is guessed or passed on."""
    where = {"repo": REPOSITORY, "branch": "main"} if domain == FIRST else {"repo": f"weblate://handouts/{FIRST}"}
    return {
        "name": domain.replace("-", " ").capitalize(),
        "slug": domain,
        "vcs": "git",
        **where,
        "filemask": f"locales/*/LC_MESSAGES/{domain}.po",
        "new_base": f"locales/pot/{domain}.pot",
        "file_format": "po",
        "file_format_params": {
            "po_line_wrap": -1,
            "po_keep_previous": True,
            "po_fuzzy_matching": False,
            "po_no_location": False,
        },
        "language_code_style": "bcp",
        "new_lang": "contact",
        "manage_units": False,
        "allow_translation_propagation": False,
        "check_flags": "md-text",
        "enforced_checks": ["python_brace_format", "plurals"],
        "license": "MIT",
    }


def test_every_domain_is_a_component(request: pytest.FixtureRequest) -> None:
    """Each domain is a component and each component a domain, the one that holds the clone first."""
    domains = sorted(shipped().entries, key=lambda domain: (domain != FIRST, domain))
    text = json.dumps([component(domain) for domain in domains], indent=2) + "\n"
    if request.config.getoption("--rewrite-golden"):
        FILE.write_text(text, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == text, "run: make golden"


def test_the_templates_are_there() -> None:
    """Each component's template is a file that `handouts extract` writes."""
    assert {path.stem for path in (ROOT / "locales" / "pot").glob("*.pot")} == shipped().entries.keys()


def test_our_folders_are_weblate_s() -> None:
    """Every language folder is named in the style the settings say: BCP 47 with hyphens."""
    assert all(code.replace("-", "").isalnum() for code in shipped().library.languages)
