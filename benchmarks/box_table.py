"""The box table of Open Images at its real size: the kit's reader against pandas, time and peak memory.

Each reads a table of generated rows and keeps those of some images, in a process of its own, in turn:

- `from CSV`: the rows of 1,000 images, without making a copy;
- `first`: the same, and the copy as Parquet is made on the way, as a first reading does;
- `again`: the same from the copy;
- `study`: `open_images.read` of 50 images, as a study reads them again;
- `draw`: the ids of all images that bear a word, from the copy.

Every figure is divided by that of pandas, which reads the CSV and keeps the rows of the 1,000 images. The
peak is what the system counted (VmHWM), files mapped into memory included. The generated clicks are on whole
pixels of small images, as in the real rows, and a box spans its clicks.

    python benchmarks/box_table.py [rows] [rounds]
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

START = """
import sys; from pathlib import Path
from retrain_kit.datasets import open_images
from retrain_kit.datasets.open_images import parquet as open_images_copies
from retrain_kit.datasets.open_images import files as open_images_files
from retrain_kit.datasets.open_images.tables import Table
boxes = Path(sys.argv[1])
ids = Path(sys.argv[2]).read_text().split()
table = Table(boxes, open_images_files.TABLE_COLUMNS["boxes"])
"""
WITHOUT_COPY = """
assert open_images_copies.MIN_TABLE_BYTES > 0
open_images_copies.MIN_TABLE_BYTES = float("inf")
"""
STUDY = """
from retrain_kit.studies import sampling, manifests
images = tuple(manifests.ImageRow(name, name, "", 640, 480, "", "", "") for name in ids[:50])
study = manifests.Manifest(
    "boxes", "", "", "open-images", "", "", "", boxes.parent, {"boxes": boxes}, manifests.AnnotationProcess(),
    images, "", draw=sampling.Rule(50, 7, ("/m/00001",)),
)
"""
RUNS = {
    "from CSV": START + WITHOUT_COPY + "print(len(table.rows(ids)))",
    "first": START + "print(len(table.rows(ids)))",
    "again": START + "print(len(table.rows(ids)))",
    "study": START + STUDY + "print(sum(len(sample.regions) for sample in open_images.read(study)))",
    "draw": START + STUDY + "print(len(open_images.ids(study)))",
    "pandas": """
import sys; from pathlib import Path
import pandas as pd
ids = Path(sys.argv[2]).read_text().split()
table = pd.read_csv(sys.argv[1])
print(len(table[table.ImageID.isin(ids)].to_dict("records")))
""",
}
SPENT = """
import time; print(time.process_time())
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
FLAGS = ("IsOccluded", "IsTruncated", "IsGroupOf", "IsDepiction", "IsInside")


def write(place: Path, rows: int) -> tuple[Path, Path]:
    """Write a table of `rows` boxes, 8.4 an image, and the ids of 1,000 of its images."""
    random = np.random.default_rng(7)
    images = max(1000, round(rows / 8.4))
    numbers = np.sort(random.integers(0, images, rows))
    ids = pl.Series([f"{number:016x}" for number in range(images)])
    columns = {
        "ImageID": ids.gather(numbers),
        "Source": np.full(rows, "xclick"),
        "LabelName": pl.Series([f"/m/{number:05x}" for number in range(600)]).gather(
            random.integers(0, 600, rows)
        ),
        "Confidence": np.ones(rows, dtype=np.int8),
    }
    heights = np.where(random.random(images) < 1 / 2, 427, 480)[numbers]
    clicks = {"X": _clicks(random, np.full(rows, 640)), "Y": _clicks(random, heights)}
    for axis, found in clicks.items():
        columns |= {f"{axis}Min": found.min(axis=1), f"{axis}Max": found.max(axis=1)}
    columns |= {name: random.integers(-1, 2, rows, dtype=np.int8) for name in FLAGS}
    for axis, found in clicks.items():
        columns |= {f"XClick{number}{axis}": found[:, number - 1] for number in range(1, 5)}
    pl.DataFrame(columns).write_csv(place / "boxes.csv", float_precision=6)
    wanted = random.choice(np.unique(numbers), min(1000, len(np.unique(numbers))), replace=False)
    (place / "ids.txt").write_text("\n".join(ids.gather(wanted)))
    return place / "boxes.csv", place / "ids.txt"


def _clicks(random: np.random.Generator, sides: np.ndarray) -> np.ndarray:
    """Return four places on whole pixels of each side, as fractions of it."""
    return random.integers(0, sides[:, np.newaxis] + 1, (len(sides), 4)) / sides[:, np.newaxis]


def measure(program: str, *paths: Path) -> tuple[float, float, float, str]:
    """Return the seconds, those of the processors, the peak memory in MB and what a program printed."""
    start = time.perf_counter()
    command = [sys.executable, "-c", program + SPENT, *map(str, paths)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return time.perf_counter() - start, float(said[-2]), int(said[-1]) / 1000, said[0]


def main(rows: int = 14_610_229, rounds: int = 3) -> None:
    """Run all in turn and print times, memory and their ratios to those of pandas."""
    with tempfile.TemporaryDirectory() as place:
        paths = write(Path(place), rows)
        copy = Path(f"{paths[0]}.parquet")
        print(f"{rows:,} rows, {paths[0].stat().st_size / 1e6:,.0f} MB")
        runs = []
        for _ in range(rounds):
            copy.unlink(missing_ok=True)
            runs.append({name: measure(program, *paths) for name, program in RUNS.items()})
        print(
            f"copy: {copy.stat().st_size / 1e6:,.0f} MB" if copy.exists() else "no copy: the table is small"
        )
    for name in RUNS:
        parts = []
        for part, unit in enumerate(("s", "s of processors", "MB")):
            figure = statistics.median(run[name][part] for run in runs)
            ratio = statistics.median(run[name][part] / run["pandas"][part] for run in runs)
            parts.append(f"{figure:7,.1f} {unit} ({ratio:.2f})")
        print(f"{name:8}: {', '.join(parts)}, {runs[0][name][-1]} kept")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
