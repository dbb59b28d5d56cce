"""A YAML file as plain strings, lists and mappings, with a line number for every field.

Every scalar is read as a string (PyYAML's own typing turns `no` into False and `12:30` into 750);
duplicate keys, anchors, aliases and tags are refused. What the strings mean is the model's work.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

Steps = tuple[str | int, ...]
DEEPEST = 32
_OPENING = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken, yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class YamlFile:
    """The data of one file, the line of every field, and the comment above a line."""

    path: str
    data: object
    lines: Mapping[Steps, int]
    notes: Mapping[int, str]

    def place(self, steps: Steps = ()) -> Place:
        """Where a field stands, or else the nearest field around it."""
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return Place(self.path, self.lines.get(steps, 0))


def read(project: Project, relative: str) -> YamlFile:
    """Read one YAML file of the project; raises `HandoutsError` with every problem found."""
    text = _decoded(project.read(relative), relative)
    try:
        depth = 0
        for token in yaml.scan(text, Loader=_LOADER):
            depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
            if depth > DEEPEST:  # the composer recurses, and its C code would overflow the stack
                raise HandoutsError(
                    Problem(Place(relative, token.start_mark.line + 1), "content/yaml", "the file is nested too deeply",
                            "look for brackets that are not closed")
                )  # fmt: skip
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
                raise HandoutsError(
                    Problem(Place(relative, token.start_mark.line + 1), "content/yaml",
                            "anchors, aliases and tags are not used here",
                            "write the value out; a text that begins with & * or ! goes in quotes")
                )  # fmt: skip
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        raise HandoutsError(
            Problem(Place(relative, mark.line + 1 if mark else 0), "content/yaml",
                    f"this is not valid YAML: {fault.problem or fault.context}",
                    "check indentation, quotes and colons; a text with a colon and a space in it goes in quotes")
        ) from None  # fmt: skip
    except yaml.YAMLError as fault:
        raise HandoutsError(
            Problem(Place(relative), "content/yaml", f"this is not valid YAML: {str(fault).splitlines()[0]}",
                    "save the file as UTF-8 text without control characters")
        ) from None  # fmt: skip
    if node is None:
        raise HandoutsError(Problem(Place(relative), "content/yaml", "the file is empty", "fill it or delete it"))
    lines: dict[Steps, int] = {}
    problems: list[Problem] = []
    data = _plain(node, (), lines, problems, relative)
    if problems:
        raise HandoutsError(*problems)
    return YamlFile(relative, data, lines, dict(_notes(text)))


def _decoded(raw: bytes, relative: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise HandoutsError(
            Problem(Place(relative, line), "content/yaml", "this line is not UTF-8 text", "save the file as UTF-8")
        ) from None


def _plain(
    node: yaml.Node, steps: Steps, lines: dict[Steps, int], problems: list[Problem], path: str
) -> str | list[object] | dict[str, object] | None:
    line = node.start_mark.line + 1
    lines.setdefault(steps, line)
    if isinstance(node, yaml.ScalarNode):
        return None if node.value in ("", "~", "null") and not node.style else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*steps, i), lines, problems, path) for i, child in enumerate(node.value)]
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem(Place(path, key_line), "content/yaml", "a key must be a word", "put the text in quotes"))
            continue
        key = str(key_node.value)
        if key in result:
            first = lines[(*steps, key)]
            problems.append(
                Problem(Place(path, key_line), "content/duplicate-key",
                        f'the key "{key}" stands here a second time (first on line {first})',
                        "keep one of the two")
            )  # fmt: skip
            continue
        lines[(*steps, key)] = key_line
        result[key] = _plain(value_node, (*steps, key), lines, problems, path)
    return result


def _notes(text: str) -> Iterator[tuple[int, str]]:
    """Line number of a field and the comment lines directly above it, joined."""
    above: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if bare.startswith("#"):
            above.append(bare.lstrip("# ").rstrip())
        elif above:
            if bare:
                yield number, " ".join(above)
            above = []
