"""Sets up what a checkout needs: system packages, a virtual environment, pinned dependencies.

Run by make as `python3 -m handouts.setup [--tests]`, with the system's Python and its standard
library only. What is there already is left alone; a second run does nothing.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from handouts import doctor

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def main(arguments: "list[str]") -> int:
    """Set up; returns the exit code."""
    tests = "--tests" in arguments
    fault = doctor.python_fault()
    if fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    try:
        if not _system_packages(tests):
            return 1
        _environment("requirements-dev.lock" if tests else "requirements.lock")
    except subprocess.CalledProcessError as failure:
        print(f"error: this command failed: {' '.join(map(str, failure.cmd))}", file=sys.stderr)
        print("    hint: look at its message above; most often the network was away. Then run make again.", file=sys.stderr)
        return 1
    return 0


def _system_packages(tests: bool) -> bool:
    needed = doctor.missing(tests)
    if not needed:
        return True
    print("These are missing on this machine:")
    for requirement in needed:
        print(f"  {requirement.package}: {requirement.why}")
    if not doctor.installs_itself():
        print(f"error: they cannot be installed from here\n    hint: {doctor.remedy(needed)}", file=sys.stderr)
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    print(f"Installing them: {doctor.remedy(needed)}", flush=True)
    packages = [requirement.package for requirement in needed]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "-q"], check=True, env=environment, stdout=subprocess.DEVNULL)
    command = [*prefix, "apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    left = [r for r in doctor.missing(tests) if r.package != "python3-venv"]
    if left:
        print(f"error: still missing: {', '.join(r.package for r in left)}", file=sys.stderr)
    return not left


def _environment(lock: str) -> None:
    wanted = hashlib.sha256((ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    python = VENV / "bin" / "python"
    if not python.exists():
        print("Making the Python environment .venv", flush=True)
        venv.create(VENV, with_pip=True, clear=True)
    print(f"Installing the pinned Python packages of {lock}", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--require-hashes", "--requirement", str(ROOT / lock)], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], check=True)
    stamp.write_text(wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
