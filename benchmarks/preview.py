"""How long it takes from a saved file to the new page in the preview: until its HTML is there, until its PDF is.

Run: python -m benchmarks.preview [FOLDER] [LANGUAGE HANDOUT]. The project is copied; nothing of it is changed. Pages are
asked for as the browser's script asks, over the session itself: what is not measured is the browser, some 20 ms.
"""

import datetime
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from handouts import build, fonts
from handouts.model import Edition
from handouts.preview import Preview
from handouts.project import Project
from handouts.serving import Door, Guard
from handouts.session import Session
from handouts.showing import Wish
from handouts.workers import Pool

TIMES = 12
DOOR = Door(8420)
PATIENCE = 60


@dataclass(frozen=True)
class Saved:
    """From saved files to what is seen of them: seconds of each time."""

    shown: tuple[float, ...]
    """Until the page was there."""
    printed: tuple[float, ...]
    """Until its PDF was, with pictures of its pages."""


@dataclass(frozen=True)
class Open:
    """A preview at work on a copy of a project, looked at as a browser looks."""

    folder: Path
    wish: Wish
    session: Session
    client: TestClient
    changed: threading.Event

    def saved(self, path: Path, texts: Iterator[str], times: int) -> Saved:
        """Save a file again and again, each time when all is quiet; in the end as it was."""
        original = path.read_text(encoding="utf-8")
        shown, printed = [], []
        for number in range(times):
            self._quiet()
            time.sleep(0.1 + 0.017 * number)  # not in step with the watch
            text = next(texts)
            start = time.perf_counter()
            self._write(path, text)
            self._look()
            shown.append(time.perf_counter() - start)
            self._until(lambda: not self.session.pages(self.wish).making)
            printed.append(time.perf_counter() - start)
        path.write_text(original, encoding="utf-8")
        return Saved(tuple(shown), tuple(printed))

    def _write(self, path: Path, text: str) -> None:
        """Save a file and wait until it has been read."""
        before = self.session.reading
        path.write_text(text, encoding="utf-8")
        self._until(lambda: self.session.reading is not before)

    def _look(self) -> None:
        self.client.get(f"/now/{self.wish.language}/{self.wish.sheet}/{self.wish.edition}").raise_for_status()

    def _quiet(self) -> None:
        """Nothing is read, printed or checked any more."""
        self._look()
        self._until(lambda: not self.session.pages(self.wish).making)
        self._until(lambda: all(self.session.found(code).current for code in self.session.codes))

    def _until(self, so: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            self.changed.clear()
            if so():
                return
            if time.monotonic() > end:
                raise TimeoutError("the preview shows nothing new")
            self.changed.wait(1)


@contextmanager
def opened(folder: Path, language: str, handout: str) -> Iterator[Open]:
    """The preview of a copy of a project, when it has read everything."""
    with tempfile.TemporaryDirectory() as temporary:
        project = Project(Path(temporary) / "project")
        for name in ("content", "templates", "locales"):
            shutil.copytree(folder / name, project.folder / name)
        fonts.configure(project.templates, project.cache)
        with build.pool(project, 1) as printer, Pool(1, os.nice, 10) as inspector:
            session = Session(project, (), datetime.date.today(), printer, inspector)
            client = TestClient(Guard(Preview(session).application(DOOR), DOOR), base_url=DOOR.address)
            changed = threading.Event()
            session.listen(lambda _: changed.set())
            session.start()
            session.begun.wait(PATIENCE)
            try:
                yield Open(project.folder, Wish(language, handout, Edition.STANDARD), session, client, changed)
            finally:
                session.close()


def main(folder: Path, language: str, handout: str) -> None:
    """Print a line for each kind of file: medians and the longest of several saves."""
    files: dict[str, Callable[[str, int], str]] = {
        f"locales/{language}/LC_MESSAGES/{handout}.po": lambda text, n: text.replace('msgstr "', f'msgstr "{n} ', 2).replace(
            f'msgstr "{n} ', 'msgstr "', 1
        ),
        f"content/handouts/{handout}.yaml": lambda text, n: text.replace("purpose: ", f"purpose: {n} ", 1),
        "templates/handout.html.j2": lambda text, n: text.replace("<body>", f"<body>\n<p>{n}</p>", 1),
        "templates/page.css": lambda text, n: f"{text}\n/* {n} */",
    }
    with opened(folder, language, handout) as preview:
        for name, change in files.items():
            path = preview.folder / name
            original = path.read_text(encoding="utf-8")
            saved = preview.saved(path, (change(original, number) for number in range(TIMES)), TIMES)
            shown, printed = ([1000 * each for each in times] for times in (saved.shown, saved.printed))
            print(f"{name:45} shown after {statistics.median(shown):4.0f} ms (longest {max(shown):4.0f} ms), "
                  f"printed after {statistics.median(printed):5.0f} ms")  # fmt: skip


if __name__ == "__main__":
    where, *names = sys.argv[1:] or ["."]
    main(Path(where), *(names or ["ar", "side-effects"]))
