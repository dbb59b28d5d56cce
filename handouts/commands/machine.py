"""`handouts init` and `handouts doctor`: a new project folder, and the state of the machine."""

import argparse
import sys
from pathlib import Path

from handouts import doctor, starter


def run_init(options: argparse.Namespace) -> int:
    """`handouts init`: a project folder of one's own."""
    starter.make(options.folder)
    print(f"made a project in {options.folder}\nnext: write your clinic's name and numbers into "
          f"{options.folder / 'content' / 'clinic.yaml'}, then: handouts build --project {options.folder}")  # fmt: skip
    return 0


def run_doctor() -> int:
    """`handouts doctor`: the state of the machine and of the environment."""
    lacking = doctor.missing(tests=True)
    fault = doctor.python_fault()
    print(f"{'missing' if fault else 'ok':8} Python {sys.version.split()[0]}{': ' + fault if fault else ''}")
    for requirement in doctor.REQUIREMENTS:
        state = "missing" if requirement in lacking else "ok"
        use = " (only for the tests)" if requirement.tests_only else ""
        print(f"{state:8} {requirement.package}: {requirement.why}{use}")
    if lacking:
        print(f"    hint: {doctor.remedy(lacking)}")
    wrong = _pins()
    return 1 if fault or wrong or any(not r.tests_only for r in lacking) else 0


def _pins() -> int:
    """Tell the state of the checkout's environment; returns how many packages differ from their pins."""
    lock = doctor.ROOT / "requirements.lock"
    if not lock.exists():  # installed as a package, not in a checkout: pip has seen to it
        return 0
    inside = Path(sys.prefix).resolve() == (doctor.ROOT / ".venv").resolve()
    print(f"{'ok' if inside else 'note':8} Python environment {sys.prefix}{'' if inside else ' (not this checkout’s .venv)'}")
    wrong = doctor.unpinned(lock)
    print(f"{'wrong' if wrong else 'ok':8} Python packages as pinned in requirements.lock")
    for name, pinned, installed in wrong:
        print(f"{'':8} {name} {installed or 'is not installed'}, pinned {pinned}")
    if wrong:
        print("    hint: delete .venv and run: make handouts")
    return len(wrong)
