"""The memory that a batch takes, of ten thousand images and of a million: it is to stay where it is.

Studies of tiny JPEGs, links to a few hundred files, with eight boxes each, decanonized by two processes: once
as a manifest's study with a file of annotations, once as a folder. What is printed is the most that the
process that leads held, and the most of any that worked, as Linux counted it, in megabytes, beside what they
held at the start; and as the ratio to the study before. With `--missing` the files are not there: each image
is skipped, which costs next to nothing, and all that is held for it is held nevertheless. With `--coco`
studies of COCO are read and nothing else is done: five annotations an image, in another order.

    python benchmarks/memory.py [--missing | --coco] [images ...]
"""

import argparse
import hashlib
import io
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path

from PIL import Image

COUNTS = [10_000, 100_000]
LINKS = 10_000
BOXES = [[n, n + 2, n + 20, n + 12] for n in range(0, 32, 4)]
COLUMNS = "id,file,sha256,width_px,height_px,licence,author,source\n"
ANNOTATIONS = 5
STEP = 7919
TOML = """
title = "Many images"
why = "To see what they weigh."
dataset = "{dataset}"
version = "1"
licence = "CC0-1.0"
retrieved = 2026-11-22
folder = "images"

[files]
{files}

[annotation]
who = "nobody"
when = "now"
how = "by counting"
"""


def names(count: int) -> Iterator[str]:
    """Yield the files, a thousand a folder."""
    return (f"{number // 1000:04}/{number:08}.jpg" for number in range(count))


def jpeg() -> bytes:
    """Return an image of a few hundred bytes."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).save(file, "JPEG")
    return file.getvalue()


def make(folder: Path, count: int, *, missing: bool) -> Path:
    """Write the study and its images; return its TOML."""
    images, data = folder / "images", jpeg()
    digest = hashlib.sha256(data).hexdigest()
    images.mkdir(parents=True)
    (folder / "many.toml").write_text(
        TOML.format(dataset="folder", files='annotations = "annotations.jsonl"')
    )
    with (folder / "many.csv").open("w") as table, (images / "annotations.jsonl").open("w") as annotations:
        table.write(COLUMNS)
        for number, name in enumerate(names(count)):
            if not missing:
                link(images / name, folder / f"{number // LINKS}.jpg", data)
            row = name.replace("/", "%2F")
            table.write(f"{row},{name},{digest},64,48,CC0-1.0,Nobody,https://example.org/{number}\n")
            for box in BOXES:
                annotations.write(json.dumps({"image": row, "label": "Thing", "box": box}) + "\n")
    return folder / "many.toml"


def make_coco(folder: Path, count: int) -> Path:
    """Write a study of COCO without its images; return its TOML."""
    (folder / "images").mkdir(parents=True)
    (folder / "many.toml").write_text(TOML.format(dataset="coco", files='instances = "instances.json"'))
    with (folder / "many.csv").open("w") as table:
        table.write(COLUMNS)
        for number in range(count):
            rest = "64,48,CC0-1.0,Nobody,https://example.org"
            table.write(f"{number},{number}.jpg,{'0' * 64},{rest}/{number}\n")
    with (folder / "images" / "instances.json").open("w") as file:
        file.write('{"categories": [{"id": 1, "name": "Thing"}], "images": [')
        file.writelines(f'{{"id": {n}, "width": 64, "height": 48}}, ' for n in range(count - 1))
        file.write(f'{{"id": {count - 1}, "width": 64, "height": 48}}], "annotations": [')
        for number in range(ANNOTATIONS * count):
            outline = [[place + number % 9 + 0.25 for place in range(40)]]
            row = {"id": number, "image_id": number * STEP % count, "category_id": 1, "bbox": [1, 2, 3, 4]}
            file.write((", " if number else "") + json.dumps(row | {"segmentation": outline, "iscrowd": 0}))
        file.write("]}")
    return folder / "many.toml"


def link(path: Path, original: Path, data: bytes) -> None:
    """Give an image one name more."""
    if not original.exists():
        original.write_bytes(data)
    path.parent.mkdir(exist_ok=True)
    path.hardlink_to(original)


def peak(process: int | str = "self") -> float:
    """Return the most megabytes that a process held so far; nothing where it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def watch(ended: threading.Event) -> float:
    """Return the most that one of the processes held that this one started."""
    most = 0.0
    while not ended.wait(0.1):
        most = max([most, *(peak(str(each.pid)) for each in active_children())])
    return most


def lead(study: str, out: str) -> tuple[float, float, float]:
    """Decanonize a study; return what this process held before, at most, and what a worker did."""
    from retrain_kit.batch.decanonize import WorkerPool, decanonize  # noqa: PLC0415 - counted from the start

    before, ended = peak(), threading.Event()
    with ThreadPoolExecutor(1) as thread:
        watched = thread.submit(watch, ended)
        try:
            decanonize(study, out, None, WorkerPool(2), progress=False)
        finally:
            ended.set()
        return before, peak(), watched.result()


def read(study: str) -> tuple[float, float]:
    """Go through a study; return what this process held before, and at most."""
    from retrain_kit import datasets  # noqa: PLC0415 - counted from the start
    from retrain_kit.studies import manifests  # noqa: PLC0415 - counted from the start

    before = peak()
    for _ in datasets.stream(manifests.load(study, keep=False)):
        pass
    return before, peak()


def measure_coco(counts: list[int]) -> None:
    """Measure the reading of studies of COCO and print what it came to."""
    last = 0.0
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            toml = make_coco(Path(folder), count)
            start = time.perf_counter()
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                before, held = pool.submit(read, str(toml)).result()
        print(
            f"coco, {count:>9,} images: reads in {held:.0f} MB ({before:.0f} at the start); "
            f"to the one before {held / (last or held):.2f}; "
            f"{count / (time.perf_counter() - start):.0f} images/s",
            flush=True,
        )
        last = held


def main() -> None:
    """Measure all studies and print what they came to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("counts", metavar="images", type=int, nargs="*", default=COUNTS)
    parser.add_argument("--missing", action="store_true", help="the files are not there")
    parser.add_argument("--coco", action="store_true", help="studies of COCO are read")
    asked = parser.parse_args()
    if asked.coco:
        measure_coco(asked.counts)
        return
    kinds = ["study"] if asked.missing else ["study", "folder"]
    last: dict[str, tuple[float, ...]] = {}
    for count in asked.counts:
        with tempfile.TemporaryDirectory() as folder:
            toml = make(Path(folder), count, missing=asked.missing)
            for kind in kinds:
                start = time.perf_counter()
                which = str(toml if kind == "study" else toml.parent / "images")
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                    before, *held = pool.submit(lead, which, f"{folder}/{kind}").result()
                ratios = [f"{now / then:.2f}" for now, then in zip(held, last.get(kind, held), strict=True)]
                last[kind] = tuple(held)
                print(
                    f"{kind}, {count:>9,} images: leads {held[0]:.0f} MB ({before:.0f} at the start), "
                    f"works {held[1]:.0f} MB; to the one before {' and '.join(ratios)}; "
                    f"{count / (time.perf_counter() - start):.0f} images/s",
                    flush=True,
                )


if __name__ == "__main__":
    main()
