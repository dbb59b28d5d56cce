"""Every PDF of a folder to veraPDF's verdict: PDF/UA-1 for all, PDF/A-2a too for those that claim it.

Needs Java and, the first time, Maven and the network; not part of the package. Prints a table and what
failed by rule; exit code 1 when a file fails, 2 when the tool cannot run.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdf

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache" / "conformance"
JAR = CACHE / "verapdf.jar"
SHA256 = "687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6"
"""The digest of the version named in pom.xml."""

PROFILES = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a"}
BATCH = 500
"""Files for one start of Java."""


@dataclass
class Tally:
    """What became of the files of one profile."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, report: dict[str, Any]) -> None:
        """Count what a report of veraPDF says; a file that could not be read has failed."""
        for job in report["report"]["jobs"]:
            results = job.get("validationResult") or []
            if results and all(result["compliant"] for result in results):
                self.passed += 1
                continue
            self.failed.append(job["itemDetails"]["name"])
            summaries = [rule for result in results for rule in result["details"]["ruleSummaries"]]
            told = [f"{rule['clause']}-{rule['testNumber']} {rule['description']}" for rule in summaries]
            self.rules.update(told or ["the file cannot be read"])


def main(folder: Path) -> int:
    """Validate the folder's PDFs and print the table."""
    files = sorted(folder.rglob("*.pdf"))
    if not files:
        print(f"there is no PDF in {folder}: run make handouts first", file=sys.stderr)
        return 2
    if not _ready():
        return 2
    chosen = {"ua1": files, "2a": [path for path in files if for_keeping(path)]}
    tallies = {profile: validated(paths, profile) for profile, paths in chosen.items() if paths}
    print("\n".join(table(tallies)))
    return int(any(tally.failed for tally in tallies.values()))


def for_keeping(path: Path) -> bool:
    """Whether a file lies in an archive folder or says itself that it is PDF/A."""
    if "archive" in path.parts:
        return True
    try:
        catalog: Any = pypdf.PdfReader(path).trailer["/Root"]
    except pypdf.errors.PyPdfError:
        return False
    return "/Metadata" in catalog and b"pdfaid" in catalog["/Metadata"].get_data()


def validated(paths: list[Path], profile: str) -> Tally:
    """What veraPDF says of some files."""
    tally = Tally()
    for start in range(0, len(paths), BATCH):
        batch = [str(path) for path in paths[start : start + BATCH]]
        run = subprocess.run(
            ["java", "-Xmx2g", "-cp", str(JAR), "org.verapdf.apps.GreenfieldCliWrapper",
             "--loglevel", "0", "--format", "json", "--maxfailuresdisplayed", "1", "--flavour", profile, *batch],
            stdout=subprocess.PIPE, text=True, check=False, cwd=CACHE,
        )  # fmt: skip
        before = tally.passed + len(tally.failed)
        tally.add(json.loads(run.stdout))
        if tally.passed + len(tally.failed) - before != len(batch):
            raise SystemExit(f"veraPDF did not report on all of {len(batch)} files")
    return tally


def table(tallies: dict[str, Tally]) -> Iterable[str]:
    """The lines to print: a row for each profile, then each rule with how many files fail it, then the files."""
    yield f"{'profile':10}{'files':>8}{'passed':>8}{'failed':>8}"
    for profile, tally in tallies.items():
        total = tally.passed + len(tally.failed)
        yield f"{PROFILES[profile]:10}{total:>8}{tally.passed:>8}{len(tally.failed):>8}"
    for profile, tally in tallies.items():
        for rule, count in tally.rules.most_common():
            yield f"{PROFILES[profile]} {count:>5} files: {rule}"
        for name in tally.failed:
            yield f"{PROFILES[profile]} failed: {name}"


def _ready() -> bool:
    """Fetch veraPDF if it is not there; says what is missing."""
    if not shutil.which("java"):
        print("Java is missing: install default-jre-headless", file=sys.stderr)
        return False
    if not _whole():
        if not shutil.which("mvn"):
            print("Maven is missing, which fetches veraPDF: install maven", file=sys.stderr)
            return False
        print("Fetching veraPDF", flush=True)
        maven = [
            "mvn",
            "--quiet",
            "--batch-mode",
            "-Dstyle.color=never",
            f"-Dmaven.repo.local={CACHE / 'maven'}",
            "--file",
            str(HERE / "pom.xml"),
        ]
        subprocess.run([*maven, "validate"], check=False)
    if not _whole():
        print("veraPDF is not the version that pom.xml names, or could not be fetched", file=sys.stderr)
        return False
    return True


def _whole() -> bool:
    return JAR.exists() and hashlib.sha256(JAR.read_bytes()).hexdigest() == SHA256


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "output").resolve()))
