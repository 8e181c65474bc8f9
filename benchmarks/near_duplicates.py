"""What perceptual hashes find and miss, and how fast images are hashed and hashes compared.

    python benchmarks/near_duplicates.py FOLDER [--hashes 100000]

FOLDER holds photographs that have nothing to do with each other. Each is changed in several ways and hashed;
the share that `NEAR_BITS` finds is printed, and how near the nearest two others are. These figures stand in
`analysis.near_duplicates.MEASURED`.
"""

import argparse
import io
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from retrain_kit.analysis.near_duplicates import NEAR_BITS, WORDS, distances, near_pairs
from retrain_kit.batch.near_duplicates import hashing
from retrain_kit.imaging import decoding


def saved(image: Image.Image, quality: int) -> Image.Image:
    """Return the image saved as JPEG and read again."""
    file = io.BytesIO()
    image.save(file, "jpeg", quality=quality)
    return Image.open(file).convert("RGB")


def cut(image: Image.Image, share: float, sides: tuple[int, int, int, int] = (1, 1, 1, 1)) -> Image.Image:
    """Return the image without a share of its width or height on these sides: left, top, right, bottom."""
    width, height = image.size
    left, top, right, bottom = (
        round(share * side * length) for side, length in zip(sides, image.size * 2, strict=True)
    )
    return image.crop((left, top, width - right, height - bottom))


def smaller(image: Image.Image, by: int) -> Image.Image:
    """Return the image at a fraction of its size."""
    return image.resize((max(1, image.width // by), max(1, image.height // by)))


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG, quality 50": lambda image: saved(image, 50),
    "JPEG, quality 20": lambda image: saved(image, 20),
    "in grey": lambda image: image.convert("L"),
    "half as large": lambda image: smaller(image, 2),
    "a quarter, JPEG 60": lambda image: saved(smaller(image, 4), 60),
    "stretched to a square": lambda image: image.resize((256, 256)),
    "brighter by 30%": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
    "cut by 1% on each side": lambda image: cut(image, 0.01),
    "cut by 2% on each side": lambda image: cut(image, 0.02),
    "cut by 5% on each side": lambda image: cut(image, 0.05),
    "cut by 5% on one side": lambda image: cut(image, 0.05, (0, 0, 1, 0)),
    "turned by 2 degrees": lambda image: image.rotate(2, Image.Resampling.BICUBIC),
    "mirrored": ImageOps.mirror,
}


def measure_changes(paths: list[Path]) -> None:
    """Print what is found of changed copies, and how near images are that are no copies."""
    images = [decoding.load_image(path).convert("RGB") for path in paths]
    started = time.perf_counter()
    hashes = np.array([hashing.perceptual_hashes(image) for image in images])
    print(f"hashed, decoded before: {len(images) / (time.perf_counter() - started):.0f} images a second")
    every = distances(hashes[:, np.newaxis, 0], hashes[np.newaxis, :, 0])[np.triu_indices(len(images), 1)]
    print(
        f"{len(every):,} pairs of others: {np.count_nonzero(every <= NEAR_BITS)} found; "
        f"nearest {np.sort(every)[:3]}"
    )
    for name, change in CHANGES.items():
        changed = np.array([hashing.perceptual_hashes(change(image))[0] for image in images])
        bits = distances(hashes, changed[:, np.newaxis]).min(axis=1)
        print(
            f"{name:<24}{np.mean(bits <= NEAR_BITS):7.1%} found; "
            f"median {np.median(bits):.0f}, most {bits.max()} bits"
        )


def measure_comparing(count: int) -> None:
    """Print how long so many hashes take to be compared, and in how much memory."""
    hashes = np.random.default_rng(7).integers(0, 2**63, (count, WORDS), dtype=np.uint64)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    found = near_pairs(hashes)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{count:,} hashes compared in {time.perf_counter() - started:.1f} s, {more:.0f} MB more; "
        f"{len(found)} pairs"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hashes", type=int, default=100_000)
    given = parser.parse_args()
    measure_changes(
        [path for path in sorted(given.folder.rglob("*")) if path.suffix.lower() in {".jpg", ".jpeg", ".png"}]
    )
    measure_comparing(given.hashes)
