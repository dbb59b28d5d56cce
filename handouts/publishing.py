"""Finished pages into the output folder, all or nothing: files first, each atomically, the manifest last."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from handouts import making, manifest, pictures, staging
from handouts.approval import State
from handouts.build import Result, Status
from handouts.cache import Cache, replace, sweep
from handouts.manifest import BEGUN, INDEX, MANIFEST, Entries
from handouts.model import Consent
from handouts.pack_plan import PackJob
from handouts.plan import Job
from handouts.problems import HandoutsError, Place, Problem
from handouts.project import Project

PICTURES = "pictures"
"""The folder of the pictures of first pages."""


def lost(results: Iterable[Result], project: Project) -> bool:
    """Whether files that were made are in the cache no more: somebody has emptied it meanwhile."""
    cache = Cache(project.cache)
    return not all(cache.holds(result.job.key) for result in results if result.status is not Status.FAILED)


def publish(
    results: Iterable[Result],
    project: Project,
    output: Path,
    whole: bool,
    withheld: Iterable[PurePosixPath] = (),
    index: Callable[[Entries], bytes] | None = None,
) -> tuple[PurePosixPath, ...]:
    """Move finished pages and their pictures into the output folder; returns those pages whose bytes changed.

    `whole` says that the plan covered everything: files of an earlier build that no job makes any
    more are then taken away. So are files of an earlier build that are `withheld` now and look as if
    they were approved. `index` makes the page that lists them all, which changes together with them.
    Raises `HandoutsError` when the folder cannot be written.
    """
    results = sorted(results, key=lambda r: str(r.job.output))
    if not (results or output.exists()):
        return ()
    cache = Cache(project.cache)
    try:
        with staging.alone(output):
            before = manifest.before(output)
            void = {str(path) for path in withheld if before.get(str(path), {}).get("state") == State.APPROVED}
            kept = {name: entry for name, entry in before.items() if (output / name).exists() and name not in void}
            entries = {} if whole else kept
            changed: list[tuple[PurePosixPath, Job | PackJob]] = []
            for result in results:
                data, facts = making.finished(result.job, project.folder, project.templates, cache)
                picture = pictures.of_facts(facts)
                if _differs(output / result.job.output, data):
                    changed.append((result.job.output, result.job))
                if picture and _differs(output / picture_path(result.job), picture.png):
                    changed.append((picture_path(result.job), result.job))
                entries[str(result.job.output)] = _entry(result, data, facts)
            was, now = (manifest.paths(told) for told in (before, entries))
            for folder in {
                output,
                *((output / name).parent for name in (*was, *now, *manifest.paths(manifest.read(output / BEGUN)))),
            }:
                sweep(folder)
            text, gone = manifest.text(entries), was - now
            page = index(entries) if index and (entries or before) else None
            listed = page is None or not _differs(output / INDEX, page)
            if changed or gone or not listed:
                replace(output / BEGUN, text)
                staging.exchange(_contents(changed, None if listed else page, project, output))
                for name in sorted(gone):
                    (output / name).unlink(missing_ok=True)
            if (entries or before) and _differs(output / MANIFEST, text):
                replace(output / MANIFEST, text)
            (output / BEGUN).unlink(missing_ok=True)
    except OSError as fault:
        raise HandoutsError(
            Problem(Place(str(fault.filename or output)), "build/output", f"cannot write: {fault.strerror}",
                    "check free space and the permissions of the output folder; finished pages are kept in .cache")
        ) from None  # fmt: skip
    return tuple(path for path, job in changed if path == job.output)


def _differs(path: Path, data: bytes) -> bool:
    return not path.exists() or path.read_bytes() != data


def _contents(
    changed: Iterable[tuple[PurePosixPath, Job | PackJob]], index: bytes | None, project: Project, output: Path
) -> Iterator[tuple[Path, bytes]]:
    """The files that change and what they become, each file before its picture, the page that lists them last."""
    cache = Cache(project.cache)
    for path, job in changed:
        data, facts = making.finished(job, project.folder, project.templates, cache)
        picture = pictures.of_facts(facts)
        yield output / path, data if path == job.output or not picture else picture.png
    if index is not None:
        yield output / INDEX, index


def picture_path(job: Job | PackJob) -> PurePosixPath:
    """Where the picture of a file goes, from the output folder: into the site's own folder where sites have one."""
    code = job.page.language.code
    apart = job.site and job.output.is_relative_to(PurePosixPath(job.site, code))
    edition = job.edition if isinstance(job, PackJob) else job.page.edition
    return PurePosixPath(job.site if apart else "", PICTURES, code, edition, f"{job.page.handout.id}.png")


def _kind(job: Job | PackJob) -> str:
    """What staff call a document."""
    return "pack" if isinstance(job, PackJob) else "form" if isinstance(job.page.handout, Consent) else "handout"


def _entry(result: Result, data: bytes, facts: Mapping[str, Any]) -> dict[str, object]:
    job, page = result.job, result.job.page
    pack, picture = isinstance(job, PackJob), pictures.of_facts(facts)
    return {
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "pages": facts.get("pages", picture.pages if picture else None),
        "picture": str(picture_path(job)) if picture else None,
        "kind": _kind(job),
        "document": page.handout.document,
        "pack" if pack else "handout": page.handout.id,
        "title": page.handout.title,
        **({"site": job.site} if job.site else {}),
        "language": page.language.code,
        "edition": str(job.edition if isinstance(job, PackJob) else page.edition),
        "version": page.handout.version,
        "published": page.handout.published.isoformat(),
        "review": page.handout.review.isoformat(),
        "digest": page.digest,
        "state": page.approval.state,
        "needs": list(page.approval.why),
        "signed": [signature.model_dump(mode="json", exclude_none=True) for signature in page.approval.signed],
        "findings": dict(sorted(Counter(problem.rule for problem in result.problems).items())),
        "sources": list(job.sources),
        **({"accessible": facts.get("accessible"), "parts": [p.title for p in job.pieces]} if isinstance(job, PackJob) else {}),
    }  # fmt: skip
