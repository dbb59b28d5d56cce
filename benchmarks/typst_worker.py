"""Typst's binding on several processes, warm: prints the seconds from the first page to the last.

Run: python -m benchmarks.typst_worker PAGES OUTPUT PROCESSES. Each process has its fonts and one page of each
language behind it before the clock starts, none of those that it is timed with.
"""

import sys
import time
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

from handouts import fonts

CONTEXT = get_context("spawn")


def main(pages: Path, output: Path, processes: int) -> None:
    """Share the pages out, wait for all processes to be warm, and time the rest."""
    names = (pages / "names").read_text(encoding="utf-8").split()
    warm, done = CONTEXT.Barrier(processes + 1), CONTEXT.Barrier(processes + 1)
    shares = [names[start::processes] for start in range(processes)]
    workers = [
        CONTEXT.Process(target=_work, args=(pages, output, shares[i - 1], shares[i], warm, done)) for i in range(processes)
    ]
    for worker in workers:
        worker.start()
    warm.wait(300)
    start = time.perf_counter()
    done.wait(3600)
    print(time.perf_counter() - start)
    for worker in workers:
        worker.join()


def _work(pages: Path, output: Path, others: list[str], share: list[str], warm: Barrier, done: Barrier) -> None:
    """Set one page of each language for nothing, from the share of another process, then the own share."""
    import typst

    try:
        folders = [str(folder) for folder in fonts.SYSTEM_FOLDERS]
        compiler = typst.Compiler(str(pages / f"{share[0]}.typ"), root=str(pages), font_paths=folders, ignore_system_fonts=True)
        for name in {name.partition(".")[0]: name for name in others}.values():
            compiler.compile(str(pages / f"{name}.typ"), pdf_standards=["ua-1"])
        warm.wait(300)
        for name in share:
            compiler.compile(str(pages / f"{name}.typ"), str(output / f"{name}.pdf"), pdf_standards=["ua-1"])
        done.wait(3600)
    except BaseException:
        warm.abort()
        done.abort()
        raise


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
