"""The pages for engineers, docs/cluster.md and docs/ci.md: what they say to type is accepted."""

import re
import shlex

import pytest
import yaml

from handouts import cli
from tests.shipped import ROOT

PAGES = ("cluster", "ci")
CODE = re.compile(r"```(\w*)\n(.*?)```|`([^`\n]+)`", re.DOTALL)
COMMAND = re.compile(r"(?:^|[\s\"-])(?:\.venv/bin/)?(handouts (?:build|check|doctor|extract|init|report|status)\b[^`\n]*)")


def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def commands(name: str) -> list[str]:
    """The commands of the package that a page shows."""
    return [command[1] for code in CODE.finditer(page(name)) for command in COMMAND.finditer(code[2] or code[3])]


@pytest.mark.parametrize("name", PAGES)
def test_commands_are_accepted(name: str) -> None:
    """The command line takes every command that a page shows."""
    shown = commands(name)
    assert len(shown) >= 2
    for command in shown:
        words = shlex.split(command)[1:]
        options = cli._parser().parse_args([*words, "our-clinic"] if words == ["init"] else words)
        assert callable(options.run)


@pytest.mark.parametrize("name", PAGES)
def test_settings_are_yaml(name: str) -> None:
    """Every YAML block of a page is read; CI keeps the cache, checks each change and is strict every week."""
    blocks = [yaml.safe_load(code[2]) for code in CODE.finditer(page(name)) if code[1] == "yaml"]
    assert blocks
    for block in blocks if name == "ci" else ():
        said = str(block)
        assert ".cache" in said
        assert "handouts check" in said
        assert "build --strict" in said
