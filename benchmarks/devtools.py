"""Chromium kept warm: browsers that stay open and print page after page through the DevTools protocol.

Run: python -m benchmarks.devtools PAGES OUTPUT BROWSERS [CHROMIUM]. Each browser prints its share, one page at a time, over a
pipe (no port is opened). Prints the seconds from the first page to the last, the browsers being open and one page printed.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers import CHROMIUM_FLAGS


class Browser:
    """One Chromium, spoken to over file descriptors 3 and 4 in messages that end with a zero byte."""

    def __init__(self, program: str, folder: Path) -> None:
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        # the shell puts the pipes where the browser looks for them
        command = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        flags = [*CHROMIUM_FLAGS, f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"]
        self.process = subprocess.Popen(["bash", "-c", command, program, *flags], pass_fds=(theirs_in, theirs_out),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        self._write = os.fdopen(ours_out, "wb", buffering=0)
        self._read = os.fdopen(ours_in, "rb")
        self._left = b""
        self._number = 0
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self.ask("Page.enable")

    def print(self, page: Path) -> bytes:
        """A page as PDF: as the command line does it, with tags."""
        self.ask("Page.navigate", {"url": page.as_uri()}, until="Page.loadEventFired")
        options = {"printBackground": True, "preferCSSPageSize": True, "displayHeaderFooter": False, "generateTaggedPDF": True}
        return base64.b64decode(self.ask("Page.printToPDF", options)["data"])

    def close(self) -> None:
        """End the browser and wait for it."""
        self._write.close()
        self.process.terminate()
        self.process.wait(30)
        self._read.close()

    def ask(self, method: str, parameters: dict[str, object] | None = None, until: str = "") -> dict[str, Any]:
        """Send a command; the answer, after the event that it must bring about."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters or {}}
        if method.startswith("Page."):
            message["sessionId"] = self._session
        self._write.write(json.dumps(message).encode() + b"\0")
        answer: dict[str, Any] | None = None
        seen = not until
        while answer is None or not seen:
            told = self._next()
            seen = seen or told.get("method") == until
            if told.get("id") == self._number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                answer = told["result"]
        return answer

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            more = self._read.raw.read(1 << 20)  # type: ignore[attr-defined]  # a buffered reader of a file
            if not more:
                raise RuntimeError("the browser has ended")
            self._left += more
        message, _, self._left = self._left.partition(b"\0")
        return dict(json.loads(message))


def main(pages: Path, output: Path, browsers: int, program: str) -> None:
    """Open the browsers, print one page in each for nothing, then time the rest."""
    names = (pages / "names").read_text(encoding="utf-8").split()
    faults: list[BaseException] = []

    def work(browser: Browser, share: Sequence[str]) -> None:
        try:
            for name in share:
                (output / f"{name}.pdf").write_bytes(browser.print(pages / f"{name}.html"))
        except BaseException as fault:
            faults.append(fault)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        opened = [Browser(program, Path(scratch) / str(index)) for index in range(browsers)]
        try:
            for browser in opened:
                browser.print(pages / f"{names[0]}.html")
            threads = [threading.Thread(target=work, args=(b, names[i::browsers])) for i, b in enumerate(opened)]
            start = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            seconds = time.perf_counter() - start
        finally:
            for browser in opened:
                browser.close()
    if faults:
        raise faults[0]
    print(seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
