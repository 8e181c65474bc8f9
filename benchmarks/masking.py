"""Masking against a plain Pillow loop: images per second, as a ratio within one run.

Both open a JPEG, put white into every tagged box and save a JPEG of quality 90. The plain loop pastes into
each box and knows no EXIF, no sizes and no fills; the kit decodes upright, checks the size and leaves its
input whole.

    python benchmarks/masking.py [rounds]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from retrain_kit.annotations.samples import Sample
from retrain_kit.datasets import folder
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies import manifests


def plain(sample: Sample, target: Path) -> None:
    """Do what a first script would do."""
    image = Image.open(sample.path)
    white = 255 if image.mode == "L" else (255, 255, 255)
    for region in sample.regions:
        image.paste(white, tuple(round(edge) for edge in region.box.edges))
    image.save(target, quality=90)


def kit(sample: Sample, target: Path) -> None:
    """Do the same with the kit."""
    image = decoding.load_sample(sample)
    masking.remove_regions(image, sample.regions).save(target, quality=90)


def seconds(function: Callable[[Sample, Path], None], samples: list[Sample], target: Path) -> float:
    """Return the CPU seconds for all samples."""
    start = time.process_time()
    for sample in samples:
        function(sample, target)
    return time.process_time() - start


def main(rounds: int = 7) -> None:
    """Run both in turn and print the median ratio."""
    samples = folder.read(manifests.load("embedded-sample"))
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "out.jpg"
        seconds(plain, samples, target)
        seconds(kit, samples, target)
        pairs = [(seconds(kit, samples, target), seconds(plain, samples, target)) for _ in range(rounds)]
    ratios = [ours / theirs for ours, theirs in pairs]
    for name, times in zip(("kit", "plain Pillow loop"), zip(*pairs, strict=True), strict=True):
        print(f"{name}: {len(samples) / statistics.median(times):.1f} images per CPU second")
    middle = statistics.median(ratios)
    print(f"ratio of time kit / plain: median {middle:.3f}, {min(ratios):.3f} to {max(ratios):.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
