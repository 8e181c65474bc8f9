"""The ledger of all training boxes of Open Images, 14.6 million generated rows: seconds and memory.

    python benchmarks/ledger.py [rows]

Beside it polars counts the rows by source from the same copy, in a process of its own; the table's copy as
Parquet is made first, as every first reading makes it. The peak is what the system counted (VmHWM).
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

ROWS, IMAGES, LABELS = 14_610_229, 1_743_042, 600
TELL = """
print(round(time.process_time() - began, 1), "s of CPU,", end=" ")
status = open("/proc/self/status").read()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024, "MB;", said)
"""
KIT = """
import sys, time
from dataclasses import replace
from pathlib import Path
from retrain_kit.batch import work_ledger
from retrain_kit.studies import manifests
study = manifests.load("open-images-nature", pinned=False)
study = replace(study, files={"boxes": Path(sys.argv[1])})
began = time.process_time()
found = work_ledger.study_ledger(study, work_ledger.choose_figures(()))
said = found.views[0].lines[0][1]
if len(sys.argv) > 2:
    found.write_images(Path(sys.argv[2]))
"""
PLAIN = """
import sys, time
from pathlib import Path
import polars as pl
from retrain_kit.datasets.open_images import parquet
began = time.process_time()
copy = pl.scan_parquet(parquet.copy_path(Path(sys.argv[1])))
said = dict(copy.group_by("Source").len().collect().iter_rows())
"""


def write_table(path: Path, rows: int) -> None:
    """Write generated boxes in the order of images: half drawn by extreme clicking, half proposed."""
    random = np.random.default_rng(1)
    images = np.sort(random.integers(0, IMAGES, rows))
    edges = random.random((4, rows), dtype=np.float32) / 2
    columns = {
        "ImageID": pl.Series([f"{number:016x}" for number in images]),
        "Source": pl.Series(np.where(random.random(rows) < 1 / 2, "xclick", "activemil")),
        "LabelName": pl.Series([f"/m/{number:05x}" for number in random.integers(0, LABELS, rows)]),
        "XMin": edges[0],
        "XMax": edges[1] + 0.5,
        "YMin": edges[2],
        "YMax": edges[3] + 0.5,
    }
    pl.DataFrame(columns).write_csv(path)


def main() -> None:
    """Print what the ledger takes: at first, again, with the time of each image; and polars alone."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        table, images = Path(folder, "boxes.csv"), Path(folder, "images.parquet")
        write_table(table, rows)
        for name, program, more in (
            ("first, with the copy", KIT, []),
            ("again", KIT, []),
            ("with each image", KIT, [images]),
            ("polars alone", PLAIN, []),
        ):
            done = subprocess.run(
                [sys.executable, "-c", program + TELL, table, *more],
                capture_output=True,
                text=True,
                check=False,
            )
            print(f"{rows:,} rows, {name}: {done.stdout.strip() or done.stderr[-500:]}", flush=True)


if __name__ == "__main__":
    main()
