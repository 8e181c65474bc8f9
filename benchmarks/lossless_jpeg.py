"""The lossless JPEG way against a plain Pillow loop: images per second, as a ratio within one run.

Both take ten boxes over some 38 % of the frame out of photographs of 1024 × 768 pixels and give the bytes
of a JPEG: the plain loop decodes, pastes white and codes again; the kit empties the blocks. In turns, on one
core.

    python benchmarks/lossless_jpeg.py [rounds]
"""

import io
import os
import random
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from PIL import Image

from retrain_kit.datasets import folder
from retrain_kit.imaging.jpeg import blocks
from retrain_kit.studies import manifests

SIZE = WIDTH, HEIGHT = 1024, 768
Box = tuple[int, int, int, int]
Job = tuple[bytes, list[Box]]


def plain(data: bytes, boxes: list[Box]) -> bytes:
    """Do what a first script would do."""
    image = Image.open(io.BytesIO(data))
    for box in boxes:
        image.paste((255, 255, 255), box)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


def kit(data: bytes, boxes: list[Box]) -> bytes:
    """Do it the kit's lossless way, the making of the mask included."""
    return blocks.empty_blocks(data, mask(boxes)).data


def mask(boxes: list[Box]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return the boxes as a mask."""
    marked = np.zeros((HEIGHT, WIDTH), dtype=np.bool_)
    for left, top, right, bottom in boxes:
        marked[top:bottom, left:right] = True
    return marked


def jobs() -> list[Job]:
    """Return the photographs of the embedded sample at one size, each with ten boxes."""
    chance = random.Random(1)  # noqa: S311 - a benchmark, no secret
    made = []
    for sample in folder.read(manifests.load("embedded-sample")):
        file = io.BytesIO()
        Image.open(sample.path).convert("RGB").resize(SIZE).save(file, "JPEG", quality=90)
        made.append((file.getvalue(), [_box(chance) for _ in range(10)]))
    return made


def _box(chance: random.Random) -> Box:
    left, top = chance.randrange(0, 900), chance.randrange(0, 650)
    return (
        left,
        top,
        min(WIDTH, left + chance.randrange(80, 370)),
        min(HEIGHT, top + chance.randrange(70, 310)),
    )


def seconds(function: Callable[[bytes, list[Box]], bytes], work: list[Job]) -> float:
    """Return the CPU seconds for all photographs."""
    start = time.process_time()
    for data, boxes in work:
        function(data, boxes)
    return time.process_time() - start


def main(rounds: int = 7) -> None:
    """Run both in turn and print the median ratio."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    work = jobs()
    covered = statistics.mean(float(mask(boxes).mean()) for _, boxes in work)
    grown = statistics.mean(
        float(blocks.empty_blocks(data, mask(boxes)).effective.mean()) for data, boxes in work
    )
    seconds(plain, work)
    pairs = [(seconds(plain, work), seconds(kit, work)) for _ in range(rounds)]
    for name, times in zip(("plain Pillow loop", "lossless JPEG way"), zip(*pairs, strict=True), strict=True):
        print(f"{name}: {len(work) / statistics.median(times):.1f} images per CPU second")
    ratios = [theirs / ours for theirs, ours in pairs]
    print(f"{len(work)} photographs; boxes cover {covered:.1%}, the block grid {grown:.1%} of the frame")
    middle = statistics.median(ratios)
    print(f"throughput kit / plain: median {middle:.2f}, {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
