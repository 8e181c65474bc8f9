"""The box table of Open Images at its real size: the kit's reader against pandas, time and peak memory.

Each reads a table of generated rows and keeps those of 1,000 pictures, in a process of its own, in turn. The
peak counts the pages of the file that the reader maps into memory and the system may take back.

    python benchmarks/box_table.py [rows] [rounds]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

KIT = """
import sys; from pathlib import Path
from retrain_kit.datasets import open_images
ids = Path(sys.argv[2]).read_text().split()
print(len(open_images.rows(Path(sys.argv[1]), open_images.TABLES["boxes"], ids)))
"""
PANDAS = """
import sys; from pathlib import Path
import pandas as pd
ids = Path(sys.argv[2]).read_text().split()
table = pd.read_csv(sys.argv[1])
print(len(table[table.ImageID.isin(ids)].to_dict("records")))
"""


def write(place: Path, rows: int) -> tuple[Path, Path]:
    """Write a table of `rows` boxes, 8.4 a picture, and the ids of 1,000 of its pictures."""
    random = np.random.default_rng(7)
    pictures = max(1000, round(rows / 8.4))
    numbers = np.sort(random.integers(0, pictures, rows))
    edges = (
        np.sort(random.random((rows, 2)), axis=1).round(6),
        np.sort(random.random((rows, 2)), axis=1).round(6),
    )
    columns: dict[str, object] = {
        "ImageID": pl.Series(numbers).map_elements(lambda number: f"{number:016x}", return_dtype=pl.String),
        "Source": pl.Series(["xclick", "activemil"]).gather(random.integers(0, 2, rows)),
        "LabelName": pl.Series([f"/m/{number:05x}" for number in range(600)]).gather(
            random.integers(0, 600, rows)
        ),
        "Confidence": np.ones(rows, dtype=np.int8),
    }
    columns |= {
        name: edges[place // 2][:, place % 2] for place, name in enumerate(["XMin", "XMax", "YMin", "YMax"])
    }
    for name in ("IsOccluded", "IsTruncated", "IsGroupOf", "IsDepiction", "IsInside"):
        columns[name] = random.integers(-1, 2, rows, dtype=np.int8)
    for name in [f"XClick{number}{axis}" for axis in "XY" for number in range(1, 5)]:
        columns[name] = random.random(rows).round(6)
    pl.DataFrame(columns).write_csv(place / "boxes.csv")
    wanted = random.choice(np.unique(numbers), 1000, replace=False)
    (place / "ids.txt").write_text("\n".join(f"{number:016x}" for number in wanted))
    return place / "boxes.csv", place / "ids.txt"


def measure(program: str, *paths: Path) -> tuple[float, float, str]:
    """Return the seconds, the peak memory in MB and what was printed of a process that runs the program."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program, *paths], stdout=subprocess.PIPE, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss / 1000, said.strip()


def main(rows: int = 14_610_229, rounds: int = 3) -> None:
    """Run both in turn and print times, memory and their ratios."""
    with tempfile.TemporaryDirectory() as place:
        paths = write(Path(place), rows)
        print(f"{rows:,} rows, {paths[0].stat().st_size / 1e6:,.0f} MB")
        runs = [(measure(KIT, *paths), measure(PANDAS, *paths)) for _ in range(rounds)]
    for name, found in zip(("kit", "pandas"), zip(*runs, strict=True), strict=True):
        seconds, memory = (statistics.median(run[part] for run in found) for part in (0, 1))
        print(f"{name}: {seconds:.1f} s, {memory:,.0f} MB, {found[0][2]} rows kept")
    for part, what in ((0, "time"), (1, "memory")):
        ratio = statistics.median(ours[part] / theirs[part] for ours, theirs in runs)
        print(f"ratio of {what} kit / pandas: {ratio:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
