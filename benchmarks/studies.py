"""Studies of folders: how soon the first answer comes, the study, its digests, and in what memory.

Small JPEGs are generated, each with bytes of its own (a comment with its number), and an annotation file with
five annotations of each. Every step runs in a process of its own. The plain way beside the digests is a loop
over the same files in the same run: SHA-256 by hashlib, the size by Pillow. The files have just been written,
so most of them come from memory: on a cold disk, the disk says how long it takes.

    python benchmarks/studies.py [--images 100000] [--keep FOLDER]
"""

import argparse
import hashlib
import io
import json
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

ANNOTATIONS = 5
EDGES = (320, 240)
PATTERNS = 16


def jpegs() -> list[bytes]:
    """Return some images of about 16 kB."""
    made = []
    for number in range(PATTERNS):
        file = io.BytesIO()
        noise = Image.effect_noise(EDGES, 20 + number)
        Image.merge("RGB", (noise, Image.linear_gradient("L").resize(EDGES), noise)).save(file, "JPEG")
        made.append(file.getvalue())
    return made


def distinct(data: bytes, number: int) -> bytes:
    """Return an image with its number in a comment: a file of its own."""
    text = f"image {number}".encode()
    return data[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text + data[2:]


def make(folder: Path, count: int) -> None:
    """Write COCO's layout: images/train2017 and annotations/instances_train2017.json."""
    images, patterns = folder / "images" / "train2017", jpegs()
    images.mkdir(parents=True)
    (folder / "annotations").mkdir()
    for number in range(count):
        (images / f"{number:012}.jpg").write_bytes(distinct(patterns[number % PATTERNS], number))
    with (folder / "annotations" / "instances_train2017.json").open("w") as file:
        file.write('{"info": {"year": 2017}, "licenses": [{"id": 1, "name": "CC0-1.0"}], "images": [')
        rows = (
            {"id": n, "file_name": f"{n:012}.jpg", "width": EDGES[0], "height": EDGES[1], "license": 1}
            for n in range(count)
        )
        file.writelines((", " if row["id"] else "") + json.dumps(row) for row in rows)
        file.write('], "annotations": [')
        for n in range(ANNOTATIONS * count):
            row = {
                "id": n,
                "image_id": n // ANNOTATIONS,
                "category_id": 1,
                "bbox": [1, 2, 30, 40],
                "iscrowd": 0,
            }
            file.write((", " if n else "") + json.dumps(row | {"segmentation": [[1, 2, 31, 2, 31, 42]]}))
        file.write('], "categories": [{"id": 1, "name": "Thing"}]}')


def peak_mb() -> float:
    """Return the most megabytes that this process held so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def alone(step: Callable[..., object], *arguments: object) -> tuple[float, float, float]:
    """Run a step in a process of its own; return what `timed` returns."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(timed, step, *arguments).result()


def timed(step: Callable[..., object], *arguments: object) -> tuple[float, float, float]:
    """Run a step; return its seconds, those of the processor, and the megabytes it came to hold in them."""
    from retrain_kit.datasets.layouts import studies  # noqa: F401, PLC0415 - loaded before the clock runs

    before, start, busy = peak_mb(), time.perf_counter(), time.process_time()
    step(*arguments)
    return time.perf_counter() - start, time.process_time() - busy, peak_mb() - before


def first_answer(folder: Path) -> None:
    """List a folder and find its layouts."""
    from retrain_kit.datasets import layouts  # noqa: PLC0415 - counted from the start
    from retrain_kit.datasets.layouts.listing import Listing  # noqa: PLC0415 - the same

    layouts.find_layouts(Listing(folder))


def study(folder: Path) -> None:
    """Make the study without digests."""
    from retrain_kit.datasets import layouts  # noqa: PLC0415 - counted from the start

    layouts.study_of(folder)


def digests(folder: Path) -> None:
    """Compute the digests of the study that is there."""
    from retrain_kit.datasets.digests import compute_digests  # noqa: PLC0415 - counted from the start
    from retrain_kit.datasets.layouts import studies  # noqa: PLC0415 - the same
    from retrain_kit.studies import manifests  # noqa: PLC0415 - the same

    compute_digests(manifests.load(str(studies.find_study(folder)), keep=False))


def plain(folder: Path) -> None:
    """Hash each image and read its size, one after the other."""
    found = []
    for path in sorted((folder / "images" / "train2017").iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with Image.open(path) as image:
            found.append((path.name, digest, image.size))


def load(folder: Path) -> None:
    """Load the study, its rows not kept."""
    from retrain_kit.datasets.layouts import studies  # noqa: PLC0415 - counted from the start
    from retrain_kit.studies import manifests  # noqa: PLC0415 - the same

    manifests.load(str(studies.find_study(folder)), keep=False)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="generate into this folder, and leave it there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.keep or Path(temporary)) / f"coco-{asked.images}"
        if not folder.exists():
            make(folder, asked.images)
        os.environ["RETRAIN_KIT_DATA"] = f"{temporary}/kept"
        os.chdir(temporary)
        print(f"{asked.images:,} images, {os.cpu_count()} processors")
        seconds, cpu = {}, {}
        for step in (first_answer, study, load, digests, plain):
            seconds[step], cpu[step], more_mb = alone(step, folder)
            rate = f"{seconds[step]:8.2f} s {asked.images / seconds[step]:10,.0f} images/s"
            print(f"{step.__name__:<14}{rate} {cpu[step]:8.2f} s of CPU {more_mb:7.0f} MB more")
        ratio, of_cpu = seconds[plain] / seconds[digests], cpu[plain] / cpu[digests]
        print(f"digests, kit to plain: {ratio:.2f} times as fast, {of_cpu:.2f} by CPU")


if __name__ == "__main__":
    main()
