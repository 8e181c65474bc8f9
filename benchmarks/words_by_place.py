"""Words by place, and what stands for words, of as many images as are asked for, each with 35 boxes.

Labels are words of which a few are frequent and tens of thousands rare, below each other in a label system.
Four of ten images are of unknown place, the others of sixty. Told are CPU seconds, as so many times a plain
count of the images of each label, and the peak that the system counted (VmHWM).

    python benchmarks/words_by_place.py [images]
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from retrain_kit.analysis.images_per_label import images_per_label
from retrain_kit.analysis.stand_ins import stand_ins
from retrain_kit.analysis.words_by_place import words_by_place
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.annotations.taxonomy import Synset, Taxonomy

IMAGES, BOXES, LABELS, PLACES = 50_000, 35, 20_000, 60
BELOW = 50
ASKED = ("word 3", "word 40", "word 2000", "top")


def system() -> Taxonomy:
    """Return the label system: each word has fifty below it, as far as there are so many."""
    words = (
        Synset(f"s{n}", (f"word {n}",), "", (f"s{n // BELOW}" if n >= BELOW else "top",))
        for n in range(LABELS)
    )
    return Taxonomy([Synset("top", ("top",)), *words])


def study(images: int) -> tuple[list[Sample], list[str]]:
    """Return images and the place of each, the same every time."""
    random = np.random.default_rng(1)
    regions = [Region(f"word {n}", Box(0, 0, 9, 9)) for n in range(LABELS)]
    drawn = np.minimum(random.zipf(1.3, (images, BOXES)) - 1, LABELS - 1).tolist()
    samples = [
        Sample(f"{number}", Path("none.jpg"), 9, 9, tuple(regions[each] for each in row))
        for number, row in enumerate(drawn)
    ]
    places = random.integers(0, 100, images).tolist()
    return samples, [f"place {place}" if place < PLACES else "" for place in places]


def seconds(of: Callable[[], object]) -> float:
    """Return how many CPU seconds something takes."""
    begun = time.process_time()
    of()
    return time.process_time() - begun


def peak_mb() -> int:
    """Return the most memory that this process had, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    samples, places = study(int(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
    taxonomy, plain = system(), seconds(lambda: images_per_label(samples))
    print(f"{len(samples):,} images, {len(samples) * BOXES:,} regions; a plain count {plain:.1f} s")
    where = seconds(lambda: words_by_place(samples, places))
    print(f"words of {PLACES} places: {where:.1f} s, {where / plain:.1f} times the plain count")
    stand = seconds(lambda: stand_ins(ASKED, samples, samples, taxonomy))
    print(
        f"what stands for {len(ASKED)} words: {stand:.1f} s, {stand / plain:.1f} times; peak {peak_mb():,} MB"
    )
