"""Cards for a large class against a plain Pillow loop: cards per second, as ratios within one run.

Both put photographs of 1024 × 768 pixels on pages of A6 with two lines of text and write a PDF. The plain
loop opens, pastes and lets Pillow write, which codes every image again; the kit writes whole cards, fronts
and backs, with each JPEG as it is. The plain loop makes a tenth of the cards. Ratios are of CPU time, which
other work on the machine changes least; beside them stand the seconds of both clocks.

    python benchmarks/sheets.py [cards] [rounds]
"""

import csv
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw

from retrain_kit.exercises.living_with_images import allocation
from retrain_kit.exercises.living_with_images import cards as living_with_images_cards
from retrain_kit.storage import files
from retrain_kit.studies import manifests, reviews
from retrain_kit.studies.manifests import Manifest

SIZE = (1024, 768)
PAGE = (1240, 874)  # A6, lying, at 300 pixels an inch
COLUMNS = ("id", "file", "sha256", "width_px", "height_px", "licence", "author", "source")
TOML = """
title = "Photographs, each many times"
why = "To be counted."
dataset = "images"
version = "1"
licence = "various"
retrieved = "2026-11-01"
[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""


def study_of(folder: Path, count: int) -> Manifest:
    """Return a study of so many files of the embedded sample's photographs, no two the same, all accepted."""
    origin = manifests.load("embedded-sample")
    coded = []
    for image in origin.images:
        with Image.open(origin.path(image)) as photograph:
            photograph.convert("RGB").resize(SIZE).save(folder / "one.jpg", quality=90)
        coded.append((folder / "one.jpg").read_bytes())
    with (folder / "many.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(COLUMNS)
        for number in range(count):
            data = coded[number % len(coded)]
            file = folder / f"{number}.jpg"
            file.write_bytes(data[:2] + b"\xff\xfe\x00\x06" + number.to_bytes(4) + data[2:])
            rows.writerow((number, file.name, files.sha256(file), *SIZE, "various", "various", "unknown"))
    (folder / "many.toml").write_text(TOML)
    study = manifests.load(folder / "many.toml")
    stamp = "2026-11-01T09:00:00Z"
    seen = (reviews.Decision(study.name, i.id, "accept", when=stamp, sha256=i.sha256) for i in study.images)
    reviews.keep_decisions(study, seen)
    return study


def plain(study: Manifest, count: int, target: Path) -> None:
    """Do what a first script would do."""
    pages = []
    for row in study.images[:count]:
        page = Image.new("RGB", PAGE, "white")
        with Image.open(study.path(row)) as image:
            page.paste(image.resize((980, 735)), (130, 50))
        ImageDraw.Draw(page).text((130, 810), f"{study.title}\n{row.id}", "black")
        pages.append(page)
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=300)


def kit(study: Manifest, count: int, target: Path, options: living_with_images_cards.CardOptions) -> None:
    """Write the cards of a class with the kit."""
    hands = allocation.allocate_reviewed([study], allocation.AllocationTerms(count, 1, 7))
    living_with_images_cards.write_cards(hands, [study], target, options)


def seconds(function: Callable[[], None]) -> tuple[float, float]:
    """Return the CPU and the clock seconds of a function."""
    cpu, clock = time.process_time(), time.perf_counter()
    function()
    return time.process_time() - cpu, time.perf_counter() - clock


def compare(study: Manifest, folder: Path, count: int, rounds: int) -> None:
    """Run all in turn and print the median ratios of throughput, and the seconds."""
    few = max(1, count // 10)
    a6 = living_with_images_cards.CardOptions("a6", "postcard")
    ways = {
        "plain Pillow loop": (few, partial(plain, study, few, folder / "plain.pdf")),
        "cards, four on A4": (count, partial(kit, study, count, folder / "a6.pdf", a6)),
        "cards on A5": (
            count,
            partial(kit, study, count, folder / "a5.pdf", living_with_images_cards.CardOptions()),
        ),
    }
    taken = [{way: seconds(run) for way, (_, run) in ways.items()} for _ in range(rounds)]
    for way, (cards, _) in ways.items():
        ratios = [each["plain Pillow loop"][0] / few / (each[way][0] / cards) for each in taken]
        cpu, clock = (statistics.median(each[way][kind] for each in taken) for kind in (0, 1))
        ratio = f"{statistics.median(ratios):6.2f} × the plain loop"
        print(f"{way:20} {ratio}; {cards} cards: {cpu:.2f} s of CPU, {clock:.2f} s")


def main(count: int = 1000, rounds: int = 3) -> None:
    """Compare on images made for it, and print the largest memory of the process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["RETRAIN_KIT_DATA"] = name
        compare(study_of(folder, count), folder, count, rounds)
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
