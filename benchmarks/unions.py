"""Exact union areas of boxes: the kit against shapely, and the residue of a box table at its real size.

First all take the same generated images, in turn, on one core: about 8.4 boxes each, many images with few
and a few with hundreds. shapely (not among the kit's own needs: `pip install shapely`) unites them image by
image, from boxes made one by one, as a first script does, and from boxes made by array. `areas and grid`
lays the unions on a grid of 100 × 100 as well.

Then a process of its own measures a generated table (see `box_table.py`): unions by image, by label and by
annotator, heat map; first from the CSV, with its copy as Parquet made on the way, then from the copy. Both
read all rows, take the SHA-256 of the CSV and write the results. The peak is what the system counted (VmHWM).

    python benchmarks/unions.py [rows] [rounds]
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import box_table
import numpy as np
import shapely

from retrain_kit.analysis import box_unions

IMAGES = 60_000
RESIDUE = """
import sys; from pathlib import Path
from retrain_kit.batch.coverage import measuring
found = measuring.measure_table(Path(sys.argv[1]), Path(sys.argv[2]))
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(found.summary().images, int(peak) / 1000)
"""


def images(many: int) -> tuple[np.ndarray, np.ndarray]:
    """Return boxes of many images and where each image begins; most have few, a few have hundreds."""
    random = np.random.default_rng(7)
    counts = np.clip(np.round(random.lognormal(1.55, 1.07, many)), 1, 742).astype(np.int64)
    starts = np.cumsum(counts) - counts
    return np.sort(random.random((counts.sum(), 2, 2)), axis=1).reshape(-1, 4), starts


def by_shapely(boxes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the area of the union of each image's boxes, made one by one, as a first script would."""
    groups = [group.tolist() for group in np.split(boxes, starts[1:])]
    return np.array(
        [shapely.union_all([shapely.geometry.box(*box) for box in group]).area for group in groups]
    )


def by_shapely_arrays(boxes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the same, with all boxes of an image made at once."""
    groups = np.split(boxes, starts[1:])
    return np.array([shapely.union_all(shapely.box(*group.T)).area for group in groups])


def by_kit(boxes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the same."""
    return box_unions.union_areas(boxes, starts)


def by_kit_with_grid(boxes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the same, and lay the unions on a grid."""
    return box_unions.union_areas(boxes, starts, box_unions.UnionGrid(100, 100))


def compare(rounds: int) -> None:
    """Run the kit and shapely in turn on the same images and print times and ratios."""
    runs = {"areas": by_kit, "areas and grid": by_kit_with_grid}
    runs |= {"shapely": by_shapely, "shapely, arrays": by_shapely_arrays}
    sample = images(IMAGES)
    times: list[dict[str, float]] = []
    for _ in range(rounds):
        found, seconds = {}, {}
        for name, areas in runs.items():
            start = time.process_time()
            found[name] = areas(*sample)
            seconds[name] = time.process_time() - start
        times.append(seconds)
    print(f"largest difference: {np.abs(found['areas'] - found['shapely']).max():.0e}")
    for name in runs:
        micro = statistics.median(each[name] for each in times) / IMAGES * 1e6
        ratio = statistics.median(each["shapely"] / each[name] for each in times)
        print(f"{name}: {micro:.1f} µs an image, {ratio:.1f} × the throughput of shapely")


def residue(table: Path, out: Path) -> str:
    """Measure a table in a process of its own; return what it took, in words."""
    start = time.perf_counter()
    command = [sys.executable, "-c", RESIDUE, table, out]
    images, peak = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return f"{int(images):,} images, {time.perf_counter() - start:.1f} s, {float(peak):,.0f} MB"


def main(rows: int = 14_610_229, rounds: int = 3) -> None:
    """Compare, then measure a whole table."""
    compare(rounds)
    with tempfile.TemporaryDirectory() as place:
        table, _ = box_table.write(Path(place), rows)
        print(f"{rows:,} rows, from the CSV: {residue(table, Path(place) / 'first')}")
        print(f"{rows:,} rows, from the copy: {residue(table, Path(place) / 'again')}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
