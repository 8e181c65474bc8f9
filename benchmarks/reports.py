"""Many reports in one call against the plain way: CPU seconds a report, as a ratio within one run.

The plain way is what one would type for each report: `papermill`, then `jupyter nbconvert --to html`, a
process each. The kit makes all of them with one `retrain-kit report`. CPU time is that of all processes that
each way starts, also of those that their parents leave behind: this process adopts them (Linux). FiftyOne's
database is kept running by this process for both ways, and is counted for neither.

    python benchmarks/reports.py [reports] [plain reports] [notebook …]
"""

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from retrain_kit.fiftyone import database
from retrain_kit.reports import notebooks

PR_SET_CHILD_SUBREAPER = 36
PROGRAMS = Path(sys.executable).parent


def cpu_of(commands: list[list[str | Path]], folder: Path) -> tuple[float, float]:
    """Run commands, each after the other, in a folder; return seconds of CPU and of the clock."""
    before, begun, own = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), children()
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    took = time.monotonic() - begun
    while left := children() - own:  # what was left behind, and was adopted
        for pid in left:
            os.waitpid(pid, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, took


def children() -> set[int]:
    """Return the processes whose parent is this one."""
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()}


def plain(path: Path, seed: int) -> list[list[str | Path]]:
    """Return the commands of the plain way for one report."""
    out = f"{seed}.ipynb"
    return [
        [PROGRAMS / "papermill", path, out, "-k", "python3", "-p", "seed", str(seed), "--no-progress-bar"],
        [PROGRAMS / "jupyter", "nbconvert", "--to", "html", "--log-level", "ERROR", out],
    ]


def main(count: int = 20, plain_count: int = 5, names: tuple[str, ...] = ("01", "02", "03")) -> None:
    """Print the CPU seconds a report of both ways, and their ratio."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    database.ensure_running()
    paths = [notebooks.find_notebook(name) for name in names]
    for each in paths:  # the study is stored in FiftyOne once, before either way is timed
        with tempfile.TemporaryDirectory() as folder:
            cpu_of([[PROGRAMS / "retrain-kit", "report", each]], Path(folder))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        turns = list(islice(cycle(paths), count))
        for number, path in enumerate(turns):
            (folder / f"{path.stem}-{number}.ipynb").write_bytes(path.read_bytes())
        half = plain_count // 2
        first = cpu_of([line for i in range(half) for line in plain(turns[i % count], i)], folder)
        copies = [f"{path.stem}-{number}.ipynb" for number, path in enumerate(turns)]
        one = cpu_of([[PROGRAMS / "retrain-kit", "report", *copies, "-j", "1"]], folder)
        two = cpu_of([[PROGRAMS / "retrain-kit", "report", *copies, "-j", "2"]], folder)
        last = cpu_of([line for i in range(half, plain_count) for line in plain(turns[i % count], i)], folder)
    slow = [(a + b) / plain_count for a, b in zip(first, last, strict=True)]
    print(f"{count} reports of {', '.join(names)}; the plain way made {plain_count} of them")
    print(f"papermill, then nbconvert {slow[0]:5.2f} s of CPU a report, {slow[1]:5.2f} s by the clock")
    for jobs, (cpu, took) in ((1, one), (2, two)):
        ratios = f"{slow[0] * count / cpu:.1f} × by CPU, {slow[1] * count / took:.1f} × by the clock"
        print(f"retrain-kit report -j {jobs}   {cpu / count:5.2f} s of CPU, {took / count:5.2f} s: {ratios}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *([tuple(sys.argv[3:])] if sys.argv[3:] else []))
