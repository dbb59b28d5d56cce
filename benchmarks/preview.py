"""How long it takes from a saved file to the new page in the preview: until the watch sees it, until its HTML is there.

Run: python -m benchmarks.preview [FOLDER] [LANGUAGE HANDOUT]. The project is copied; nothing of it is changed. Pages are
asked for as the browser's script asks, over the session itself: what is not measured is the browser, some 20 ms.
"""

import datetime
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path

from starlette.testclient import TestClient

from handouts.preview import Preview
from handouts.project import Project
from handouts.serving import Door, Guard
from handouts.session import Session

TIMES = 12
DOOR = Door(8420)


class Nobody(Executor):
    """Makes no pages and checks nothing: both happen in other processes."""

    def submit(self, fn, /, *arguments, **named):  # type: ignore[no-untyped-def]  # noqa: ARG002, D102
        return Future()


def main(folder: Path, language: str, handout: str) -> None:
    """Print a line for each kind of file: median and longest of several saves, and the processor's time."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "project"
        for name in ("content", "templates", "locales"):
            shutil.copytree(folder / name, copy / name)
        session = Session(Project(copy), (), datetime.date.today(), Nobody(), Nobody())
        start = time.perf_counter()
        session.begin()
        print(f"first reading: {time.perf_counter() - start:.1f} s")
        client = TestClient(Guard(Preview(session).application(DOOR), DOOR), base_url=DOOR.address)
        news = threading.Event()
        session.listen(lambda _: news.set())
        address = f"/now/{language}/{handout}/standard"
        client.get(address)
        session.start()
        files: dict[str, Callable[[str, int], str]] = {
            f"locales/{language}/LC_MESSAGES/{handout}.po": lambda text, n: text.replace(
                'msgstr "', f'msgstr "{n} ', 2
            ).replace(f'msgstr "{n} ', 'msgstr "', 1),
            f"content/handouts/{handout}.yaml": lambda text, n: text.replace("purpose: ", f"purpose: {n} ", 1),
            "templates/handout.html.j2": lambda text, n: text.replace("<body>", f"<body>\n<p>{n}</p>", 1),
            "templates/page.css": lambda text, n: f"{text}\n/* {n} */",
        }
        for name, change in files.items():
            path, original = copy / name, (copy / name).read_text(encoding="utf-8")
            seen, shown, spent = [], [], []
            for number in range(TIMES):
                time.sleep(0.3 + 0.017 * number)  # not in step with the watch
                news.clear()
                start, busy = time.perf_counter(), time.process_time()
                path.write_text(change(original, number), encoding="utf-8")
                news.wait(30)
                seen.append(1000 * (time.perf_counter() - start))
                client.get(address)
                shown.append(1000 * (time.perf_counter() - start))
                spent.append(1000 * (time.process_time() - busy))
            print(f"{name:45} read after {statistics.median(seen):4.0f} ms, shown after {statistics.median(shown):4.0f} ms "
                  f"(longest {max(shown):4.0f} ms), processor {statistics.median(spent):4.0f} ms")  # fmt: skip
            path.write_text(original, encoding="utf-8")
            time.sleep(1)
        session.close()


if __name__ == "__main__":
    where, *names = sys.argv[1:] or ["."]
    main(Path(where), *(names or ["ar", "side-effects"]))
