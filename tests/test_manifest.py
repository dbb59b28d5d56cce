"""The manifest as it is found: what somebody else may have written into it does no harm."""

import json
from pathlib import Path

import pytest

from handouts import manifest
from tests.conftest import Run


@pytest.mark.usefixtures("plain_pages")
@pytest.mark.parametrize("name", [manifest.MANIFEST, manifest.BEGUN])
def test_a_manifest_leads_nowhere_else(name: str, run: Run, project_folder: Path) -> None:
    """A build takes away files that are made no more, and none of those that a manifest names outside of the output folder."""
    output, precious = project_folder / "output", project_folder / "content" / "clinic.yaml"
    assert run("build")[0] == 0
    (output / "en" / "old.pdf").write_bytes(b"%PDF")
    digest = json.loads((output / manifest.MANIFEST).read_bytes())["files"][0]
    files = [
        {"file": "en/old.pdf"},
        {"file": "../content/clinic.yaml"},
        {"file": str(precious)},
        {"file": "en/tea.pdf", **digest, "picture": "../content/handouts/tea.yaml"},
    ]
    (output / name).write_text(json.dumps({"files": files}), encoding="utf-8")
    entries = manifest.read(output / name)
    assert "../content/clinic.yaml" not in entries
    (project_folder / "content/handouts/tea.yaml").touch()  # so that there is something to build
    assert run("build", "--explain")[0] == 0
    assert precious.is_file()
    assert (project_folder / "content/handouts/tea.yaml").is_file()
    assert (output / "en" / "old.pdf").exists() == (name == manifest.BEGUN)  # its digest is not told there


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"files": 1}', '{"files": [1]}', '{"files": [{"file": 1, "picture": []}]}', "\0"]
)
def test_a_damaged_manifest_counts_as_none(text: str, tmp_path: Path) -> None:
    """Whatever stands in the file, reading it raises nothing."""
    (tmp_path / manifest.MANIFEST).write_text(text, encoding="utf-8")
    assert set(manifest.read(tmp_path / manifest.MANIFEST)) <= {"1"}
