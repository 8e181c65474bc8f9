"""Decanonizing against what others would do: throughput as ratios within one run, on one core.

Photographs of 1024 × 768 as JPEG with ten boxes over 37 % of the frame; every contender reads and writes
files, in turns. The plain Pillow loop opens, pastes white into each box and saves with quality 90; OpenCV
and simplejpeg do the same; the program of 2021 wrote two PNGs with alpha and a PNG of each object. The kit's
figures are those of its whole work on an image: reading, digests of input and output, writing under a
temporary name and the journal's record. simplejpeg comes with `pip install '.[bench]'`.

    python benchmarks/decanonizing.py [rounds] [images for one worker against two]
"""

import hashlib
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import simplejpeg
from PIL import Image

from retrain_kit.annotations.samples import Box, Region
from retrain_kit.batch.decanonize import DecanonizeOptions, WorkerPool, decanonize, locations
from retrain_kit.batch.decanonize.inputs import Task
from retrain_kit.batch.decanonize.journals import Journal
from retrain_kit.batch.decanonize.workers import decanonize_image
from retrain_kit.datasets.folder import annotation_record
from retrain_kit.imaging import masking
from retrain_kit.imaging.jpeg import turbo
from retrain_kit.studies import manifests

SIZE = 1024, 768
SHARE = 0.37
PHOTOS = 45
PLAIN = "plain Pillow loop"
AIMS = {"kit, jpeg way": 1.2, "kit, pixel way": 1.05}

Work = Callable[[Task], object]


def regions(chance: random.Random) -> tuple[Region, ...]:
    """Return ten boxes whose union is within a hundredth of the share."""
    while True:
        boxes = []
        for _ in range(10):
            width, height = chance.randint(60, 330), chance.randint(60, 300)
            left, top = chance.randint(0, SIZE[0] - width), chance.randint(0, SIZE[1] - height)
            boxes.append(Box(left, top, left + width, top + height))
        found = tuple(Region("Thing", box, f"r{number}") for number, box in enumerate(boxes))
        if abs(masking.union_mask(found, SIZE).mean() - SHARE) < 0.01:  # noqa: PLR2004 - a hundredth
            return found


def photos(folder: Path) -> Iterator[Task]:
    """Write photographs of the embedded sample at one size and yield a task for each."""
    chance = random.Random(2021)  # noqa: S311 - a draw, no secret
    study = manifests.load("embedded-sample")
    folder.mkdir()
    for row, image in enumerate(study.images[:PHOTOS]):
        path = folder / f"{row:04}.jpg"
        with Image.open(study.path(image)) as file:
            file.convert("RGB").resize(SIZE).save(path, quality=90)
        yield Task(row, path.name, path.name, str(path), regions(chance), SIZE)


def pillow(folder: Path) -> Work:
    """Do what a first script would do."""

    def work(task: Task) -> None:
        image = Image.open(task.source)
        for region in task.regions:
            image.paste((255, 255, 255), tuple(map(round, region.box.edges)))
        image.save(folder / task.file, quality=90)

    return work


def opencv(folder: Path) -> Work:
    """Do the same with OpenCV."""

    def work(task: Task) -> None:
        image = cv2.imread(task.source)
        for region in task.regions:
            left, top, right, bottom = map(round, region.box.edges)
            image[top:bottom, left:right] = 255
        cv2.imwrite(str(folder / task.file), image, [cv2.IMWRITE_JPEG_QUALITY, 90])

    return work


def simplejpeg_loop(folder: Path) -> Work:
    """Do the same with simplejpeg, a package for nothing but that."""

    def work(task: Task) -> None:
        image = simplejpeg.decode_jpeg(Path(task.source).read_bytes())
        for region in task.regions:
            left, top, right, bottom = map(round, region.box.edges)
            image[top:bottom, left:right] = 255
        coded = simplejpeg.encode_jpeg(image, quality=90, colorsubsampling="420")
        (folder / task.file).write_bytes(coded)

    return work


def program_of_2021(folder: Path) -> Work:
    """Write the image without the tags and the tags alone, with alpha, and each object."""

    def work(task: Task) -> None:
        image = Image.open(task.source).convert("RGBA")
        mask = Image.fromarray(masking.union_mask(task.regions, SIZE)).convert("L")
        taken, left = image.copy(), image.copy()
        taken.putalpha(mask)
        left.putalpha(mask.point(lambda value: 255 - value))
        taken.save(folder / f"{task.file}.taken.png")
        left.save(folder / f"{task.file}.left.png")
        for region in task.regions:
            crop = image.crop(tuple(map(round, region.box.edges)))
            crop.save(folder / f"{task.file}.{region.id}.png")

    return work


def kit(folder: Path, options: DecanonizeOptions) -> Work:
    """Do the kit's whole work on an image."""
    place, journal = locations.storage_folder(str(folder)), Journal(folder / "journal", {}, PHOTOS)
    return lambda task: journal.add(decanonize_image(task, options, place))


def transformed(task: Task) -> None:
    """Read a file and let the library code it anew, as it is: no way without decoding takes less."""
    turbo.edit_coefficients(Path(task.source).read_bytes(), lambda *_: None, progressive=False)


def hashing(task: Task) -> None:
    """Compute two digests of the size of input and output: what the journal's certainty costs."""
    data = Path(task.source).read_bytes()
    hashlib.sha256(data).hexdigest()
    hashlib.sha256(data).hexdigest()


def seconds(work: Work, tasks: list[Task], folder: Path | None = None) -> float:
    """Return the CPU seconds for all images, written into an empty folder: as they are the first time."""
    for path in folder.glob("*.jpg*") if folder else ():
        path.unlink()
    start = time.process_time()
    for task in tasks:
        work(task)
    return time.process_time() - start


def contenders(folder: Path) -> dict[str, tuple[Work, Path]]:
    """Return what each contender does to an image, and the folder it writes into."""
    makers: dict[str, Callable[[Path], Work]] = {
        PLAIN: pillow,
        "OpenCV loop": opencv,
        "simplejpeg loop": simplejpeg_loop,
        "TurboJPEG alone": lambda _: transformed,
        "kit, jpeg way": lambda place: kit(place, DecanonizeOptions("jpeg")),
        "kit, pixel way": lambda place: kit(place, DecanonizeOptions("pixel")),
        "kit, exact way (PNG)": lambda place: kit(place, DecanonizeOptions("exact")),
        "kit, working copies": lambda place: kit(place, DecanonizeOptions("beside")),
        "digests alone": lambda _: hashing,
    }
    found = {}
    for number, (name, make) in enumerate(makers.items()):
        place = folder / str(number)
        place.mkdir()
        found[name] = make(place), place
    return found


def one_core(folder: Path, tasks: list[Task], rounds: int) -> None:
    """Run all contenders in turn on one core and print their throughput against the plain loop's."""
    found = contenders(folder)
    times: dict[str, list[float]] = {name: [] for name in found}
    for number in range(rounds + 1):
        for name, (work, place) in found.items():
            spent = seconds(work, tasks, place)
            times[name] += [spent] if number else []
    (folder / "old").mkdir()
    old = seconds(program_of_2021(folder / "old"), tasks[:4]) * len(tasks) / 4
    for name, spent_by in times.items():
        ratios = [theirs / ours for theirs, ours in zip(times[PLAIN], spent_by, strict=True)]
        rate, best = len(tasks) / statistics.median(spent_by), min(times[PLAIN]) / min(spent_by)
        aim = f", aim {AIMS[name]}" if name in AIMS else ""
        middle = f"median {statistics.median(ratios):.2f}, best {best:.2f}"
        print(f"{name:24}{rate:7.0f} images/s, × Pillow: {middle}{aim}")
    print(f"{'program of 2021':24}{len(tasks) / old:7.1f} images/s")
    for name in ("kit, jpeg way", "kit, working copies"):
        print(f"{name}, × the program of 2021: {old / statistics.median(times[name]):.0f}, aim 25")


def study_of(folder: Path, tasks: list[Task], count: int) -> Path:
    """Return a folder of so many images with their annotations."""
    study = folder / f"study of {count}"
    study.mkdir()
    with (study / "annotations.jsonl").open("w") as annotations:
        for number in range(count):
            task, name = tasks[number % len(tasks)], f"{number:06}.jpg"
            os.link(task.source, study / name)
            annotations.writelines(
                f"{json.dumps(annotation_record(name, region))}\n" for region in task.regions
            )
    return study


def clock(folder: Path, study: Path, workers: int) -> float:
    """Return the seconds by the clock that so many workers take."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        start = time.monotonic()
        decanonize(str(study), out, DecanonizeOptions("jpeg"), WorkerPool(workers), progress=False)
        return time.monotonic() - start


def two_workers(folder: Path, tasks: list[Task], count: int) -> None:
    """Run one worker and two over few images and many, in turns, and print the ratio of throughput."""
    few, many = (study_of(folder, tasks, number) for number in (count // 5, count))
    spent: dict[tuple[int, Path], list[float]] = {
        (workers, study): [] for workers in (1, 2) for study in (few, many)
    }
    for _ in range(3):
        for (workers, study), times in spent.items():
            times.append(clock(folder, study, workers))
    best = {key: min(times) for key, times in spent.items()}
    whole = best[1, many] / best[2, many]
    going = (best[1, many] - best[1, few]) / (best[2, many] - best[2, few])
    print(f"two workers × one: {going:.2f}, aim 1.7; with their start {whole:.2f}")


def main(rounds: int = 7, count: int = 1000) -> None:
    """Run everything and print ratios."""
    cv2.setNumThreads(1)
    cores = os.sched_getaffinity(0)
    print(f"{platform.machine()}, Python {platform.python_version()}, {len(cores)} cores")
    with tempfile.TemporaryDirectory() as place:
        tasks = list(photos(Path(place) / "photos"))
        share = statistics.mean(masking.union_mask(task.regions, SIZE).mean() for task in tasks)
        size = statistics.mean(Path(task.source).stat().st_size for task in tasks)
        print(f"{len(tasks)} photographs of {size / 1000:.0f} kB, ten boxes over {share:.0%} of the frame")
        os.sched_setaffinity(0, {min(cores)})
        one_core(Path(place), tasks, rounds)
        os.sched_setaffinity(0, cores)
        two_workers(Path(place), tasks, count)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
