"""What a strict build may print: files that are approved, current and without a problem; all others are refused by name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from handouts.content import SOURCE_LANGUAGE
from handouts.pack_plan import PackJob, Work
from handouts.packs import Pack
from handouts.plan import Blocked, Job
from handouts.problems import Place, Problem, counted

ELSEWHERE = frozenset({"currency/due", "currency/expired", "signoff/void", "translation/missing"})
"""Rules whose findings refuse nothing by themselves: the approval of a page, or its absence from the plan, says it."""


@dataclass(frozen=True)
class Refusal:
    """A document in a language that is not released: its files, and why."""

    document: str
    language: str
    site: str
    place: Place
    files: tuple[PurePosixPath, ...]
    reasons: tuple[str, ...]
    hint: str

    @property
    def problem(self) -> Problem:
        """The refusal as it is told."""
        at = f" at {self.site}" if self.site else ""
        message = f"{self.document} in {self.language}{at} is not released ({counted(len(self.files), 'file')}): {'; '.join(self.reasons)}"
        return Problem(self.place, "release/refused", message, self.hint)


def sifted(work: Work, found: Iterable[Problem]) -> tuple[Work, tuple[Refusal, ...]]:
    """The work that may be printed, and what is refused; `found` are the findings of all checks.

    A finding refuses every file that is made from the file it stands in, or whose language it is about.
    """
    jobs: tuple[Job | PackJob, ...] = (*work.sheets, *work.packs)
    paths = sorted({p.place.path for p in found if p.rule not in ELSEWHERE})
    reasons = {job.output: (*job.page.approval.why, *_seen(job, paths)) for job in jobs}
    blocked = {b.output for b in work.blocked}
    sheets = tuple(job for job in work.sheets if not reasons[job.output])
    packs = tuple(job for job in work.packs if not reasons[job.output] and job.output not in blocked)
    keys = {job.key for job in sheets}
    inner = {job.key: job for pack in packs for job in pack.sheets if job.key not in keys}
    refused = tuple(_refusals([job for job in jobs if reasons[job.output]], reasons))
    return replace(work, sheets=sheets, inner=tuple(inner.values()), packs=packs), (*refused, *_unmade(work.blocked))


def _seen(job: Job | PackJob, paths: Iterable[str]) -> Iterator[str]:
    own = [path for path in paths if _concerns(path, job)]
    if own:
        yield f"problems in {', '.join(own)}"


def _concerns(path: str, job: Job | PackJob) -> bool:
    """Whether a file has a part in a page: it is one of its sources, or a fact of its language, or no content at all."""
    folder, _, rest = path.partition("/")
    if path in job.sources or folder not in ("content", "locales"):
        return True
    code, _, name = rest.partition("/")
    return folder == "locales" and code == job.page.language.code and "/" not in name


def _refusals(jobs: list[Job | PackJob], reasons: dict[PurePosixPath, tuple[str, ...]]) -> Iterator[Refusal]:
    groups: dict[tuple[str, str, str], list[Job | PackJob]] = {}
    for job in jobs:
        groups.setdefault((job.site, job.page.handout.id, job.page.language.code), []).append(job)
    for (site, name, code), group in groups.items():
        page = group[0].page
        yield Refusal(
            name,
            page.language.name,
            site,
            Place(group[0].sources[0]),
            tuple(job.output for job in group),
            tuple(dict.fromkeys(reason for job in group for reason in reasons[job.output])),
            _hint(name, code, group[0]),
        )


def _hint(name: str, code: str, job: Job | PackJob) -> str:
    approval = job.page.approval
    role, language = ("translator", code) if approval.clinician and code != SOURCE_LANGUAGE else ("clinician", SOURCE_LANGUAGE)
    if approval.expired:
        return "check the text against new evidence, set new published and review dates, and have it signed"
    if not approval.why:
        return "mend the problems that are told above"
    pack = " and every sheet in it" if isinstance(job.page.handout, Pack) else ""
    return (
        f"when it has been read and found right{pack}: handouts sign {name} -l {language}"
        f"{f' --site {job.site}' if job.site else ''} --role {role} --name … --credential …"
    )


def _unmade(blocked: Iterable[Blocked]) -> Iterator[Refusal]:
    groups: dict[tuple[Problem, str, str], list[PurePosixPath]] = {}
    for each in blocked:
        groups.setdefault((each.problem, each.language, each.site), []).append(each.output)
    for (problem, code, site), files in groups.items():
        names = ", ".join(dict.fromkeys(path.stem for path in files))
        yield Refusal(names, code, site, problem.place, tuple(files), (problem.message,), problem.hint)
