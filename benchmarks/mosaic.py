"""A mosaic against a plain Pillow loop: tiles per second, as ratios within one run.

Both make tiles of 100 pixels from JPEGs of 1024 × 768. The plain loop opens, decodes, resizes and pastes;
the kit does the same with `retrain_kit.batch.mosaic`, in three views, on one thread and on two. One thread is
compared by CPU time, two by the clock. With `--whole N` one mosaic of N tiles is written, as an image or a
page, and the largest memory of the process is printed.

    python benchmarks/mosaic.py [tiles] [rounds]
    python benchmarks/mosaic.py --whole 30000 mosaic.jpg
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.batch.mosaic import mosaic as mosaics
from retrain_kit.batch.mosaic import tiles, zoom
from retrain_kit.batch.mosaic.tiles import Look
from retrain_kit.studies import manifests

DIFFERENT = 45
SIZE = (1024, 768)
REGIONS = tuple(
    Region(f"Word {number}", Box(90 * number, 60 * number, 90 * number + 200, 60 * number + 190), str(number))
    for number in range(8)
)


def photographs(folder: Path, count: int) -> list[Sample]:
    """Return samples over the embedded sample's photographs, enlarged to one size; files are used in turn."""
    manifest = manifests.load("embedded-sample")
    files = []
    for image in manifest.images[:DIFFERENT]:
        file = folder / f"{image.id}.jpg"
        with Image.open(manifest.path(image)) as photograph:
            photograph.convert("RGB").resize(SIZE).save(file, quality=90)
        files.append(file)
    return [
        Sample(str(number), files[number % len(files)], *SIZE, regions=REGIONS) for number in range(count)
    ]


def plain(samples: list[Sample]) -> None:
    """Do what a first script would do."""
    columns = 60
    mosaic = Image.new("RGB", (columns * 100, -(-len(samples) // columns) * 100))
    for place, sample in enumerate(samples):
        tile = Image.open(sample.path).convert("RGB").resize((100, 75))
        mosaic.paste(tile, (place % columns * 100, place // columns * 100))


def kit(samples: list[Sample], look: Look, threads: int) -> None:
    """Do the same with the kit, row by row."""
    grid = mosaics.TileGrid.for_count(len(samples), look.tile_px, 60)
    made = mosaics.make_tiles(samples, partial(tiles.make_tile, look=look), threads)
    for _ in mosaics.mosaic_bands(made, grid, look.paper):
        pass


def seconds(function: Callable[[], None]) -> tuple[float, float]:
    """Return the CPU and the clock seconds of a function."""
    cpu, clock = time.process_time(), time.perf_counter()
    function()
    return time.process_time() - cpu, time.perf_counter() - clock


def compare(count: int = 3000, rounds: int = 3) -> None:
    """Run all in turn and print the median ratios of throughput."""
    with tempfile.TemporaryDirectory() as folder:
        samples = photographs(Path(folder), count)
        looks = (Look("as it is"), Look("decanonized"), Look("tagged"))
        ways = {
            (look.view, threads): partial(kit, samples, look, threads) for look in looks for threads in (1, 2)
        }
        ratios: dict[tuple[str, int], list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            base = seconds(partial(plain, samples))
            print(f"plain Pillow loop: {count / base[0]:.0f} tiles per CPU second")
            for way, function in ways.items():
                clock = way[1] > 1
                ratios[way].append(base[clock] / seconds(function)[clock])
    for (view, threads), found in ratios.items():
        middle, least, most = statistics.median(found), min(found), max(found)
        print(f"{view}, {threads} thread(s): {middle:.2f} times the plain loop ({least:.2f} to {most:.2f})")


def whole(count: int, target: Path) -> None:
    """Write one mosaic and print how long it took and the most memory the process had."""
    with tempfile.TemporaryDirectory() as folder:
        samples = photographs(Path(folder), count)
        manifest = manifests.load("embedded-sample")
        _, clock = seconds(lambda: print(zoom.write_mosaic(samples, manifest, target)[0]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} tiles in {clock:.0f} s, at most {peak:.0f} MB of memory")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--whole"]:
        whole(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        compare(*map(int, sys.argv[1:]))
