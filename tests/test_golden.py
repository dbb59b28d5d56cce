"""Pages as they were last looked at: HTML, and the tags and text of the PDF. `make golden` rewrites them."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from handouts import fonts, markup, pdf, plan
from handouts.material import Material
from handouts.plan import Job

GOLDEN = Path(__file__).parent / "golden"
PRINTED = [(language, edition) for language in ("en", "es") for edition in ("standard", "large-print")]
PAGES = [*PRINTED, ("en", "web"), ("es", "web")]


@pytest.fixture
def job(read: Callable[[], Material], request: pytest.FixtureRequest) -> Job:
    """The job of one language and edition of the minimal project."""
    material = read()
    fonts.configure(material.project.templates, material.project.cache)
    found = plan.plan(material, plan.Selection()).jobs
    return next(j for j in found if (j.page.language.code, str(j.page.edition)) == request.param)


def _compare(name: str, text: str, rewrite: bool) -> None:
    path = GOLDEN / name
    if rewrite:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("job", PAGES, indirect=True, ids=["-".join(page) for page in PAGES])
def test_the_html_of_a_page(job: Job, project_folder: Path, request: pytest.FixtureRequest) -> None:
    """The HTML of each page of the minimal project is the one that was looked at."""
    html = re.sub(r"data:[a-z/+]+;base64,[A-Za-z0-9+/=]+", "data:…", markup.html(job.page, project_folder / "templates"))
    html = re.sub(r"<style>.*?</style>", "<style>…</style>", html, flags=re.DOTALL)
    text = "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"
    _compare(f"tea-{job.page.language.code}-{job.page.edition}.html", text, request.config.getoption("--rewrite-golden"))


@pytest.mark.parametrize("job", PRINTED, indirect=True, ids=["-".join(page) for page in PRINTED])
def test_the_tags_and_text_of_a_page(job: Job, project_folder: Path, request: pytest.FixtureRequest) -> None:
    """The language, tag tree and text of each PDF of the minimal project are those that were looked at."""
    templates = project_folder / "templates"
    styles = markup.styles(job.page, templates)
    data = pdf.render(markup.html(job.page, templates), styles, markup.tighter(templates), job.key[:32], "page")
    text = "\n".join(_dump(pypdf.PdfReader(io.BytesIO(data)))) + "\n"
    _compare(f"tea-{job.page.language.code}-{job.page.edition}.txt", text, request.config.getoption("--rewrite-golden"))


def _dump(reader: pypdf.PdfReader) -> Iterator[str]:
    catalog: Any = reader.trailer["/Root"]
    yield f"language {catalog['/Lang']}"
    yield from _tags(catalog["/StructTreeRoot"]["/K"], 0)
    for number, page in enumerate(reader.pages, start=1):
        yield f"page {number}"
        yield from (line.rstrip() for line in page.extract_text().splitlines())


def _tags(node: Any, depth: int) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _tags(child, depth)
    elif isinstance(node, dict) and "/S" in node:
        alternative = f" alt={node['/Alt']}" if "/Alt" in node else ""
        yield f"{'  ' * depth}{str(node['/S'])[1:]}{alternative}"
        yield from _tags(node.get("/K", []), depth + 1)
