"""Digests: the second pass over a study's images, which reads every byte of them and fills in its table.

It runs in parallel, and what it found is kept as it goes (`seen_images`): a pass that was stopped goes on
where it was. The table is written at the end, whole or not at all. An image that is none after all is left
out, and one that has another size than was believed until then gets its own.
"""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import tomlkit
from tqdm.auto import tqdm

from retrain_kit.datasets import pinning
from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.seen_images import SeenImages, image_file
from retrain_kit.errors import DataError
from retrain_kit.storage import files
from retrain_kit.studies import image_table, manifests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from retrain_kit.datasets.seen_images import ImageFile, SeenImage
    from retrain_kit.studies.manifests import ImageRow, Manifest

    Row = dict[str, str]

_LOT = 500


@dataclass
class DigestPass:
    """What a pass came to: how many digests it computed, how many sizes it put right, what it left out."""

    computed: int = 0
    other_size: int = 0
    left_out: dict[str, str] = field(default_factory=dict)

    def in_words(self) -> list[str]:
        """Return a line for each thing that a person has to know."""
        lines = [f"digests: {self.computed:,} computed"] if self.computed else []
        if self.other_size:
            are = "1 image has" if self.other_size == 1 else f"{self.other_size:,} images have"
            lines.append(f"{are} another size than the annotation files state; the table has the files' own.")
        return lines + listings.left_out_in_words(self.left_out)


def compute_digests(manifest: Manifest) -> DigestPass:
    """Compute the digests that a study's table has not yet; nothing happens where it has all.

    Raises
    ------
    DataError
        When images are not there, or nothing can be written; the table is as it was then.
    """
    done = DigestPass()
    if manifest.digests_known:
        return done
    _check_there(manifest)
    table = manifest.toml.with_suffix(".csv")
    with SeenImages() as seen, image_table.open_table(table) as rows, files.writing(table) as temporary:
        names = [name for name in rows.fieldnames or () if name]
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(_filled(manifest, rows, seen, done))
        if done.left_out:
            _note_left_out(manifest.toml, done.left_out)
    return done


def verify_images(
    manifest: Manifest, progress: Callable[[Iterable[ImageRow]], Iterable[ImageRow]] = iter
) -> None:
    """Compare every image's file with the study, each time somebody looks at it.

    Of a data set that stays where it is, what was read once is not read again while length and date of a file
    are the same: it may have hundreds of gigabytes. `retrain-kit pull` reads all of it.

    Raises
    ------
    DataError
        With one fault per image that is missing or has another SHA-256.
    """
    if not (manifest.read_only and any(image.sha256 for image in manifest.images)):
        manifests.verify_files(manifest, progress)
        return
    with SeenImages() as seen:

        def digest(path: Path) -> str:
            return seen.known(image_file(path)).sha256 or files.sha256(path)

        manifests.verify_files(manifest, progress, digest)


def _check_there(manifest: Manifest) -> None:
    """Raise where the first images are not there: a disk that is not plugged in is not waited for."""
    some = [manifest.path(image) for image in islice(manifest.images, _LOOKED_FOR)]
    missing = [path for path in some if not path.is_file()]
    if missing:
        raise DataError(manifests.missing_files(manifest.folder, missing, len(some)))


_LOOKED_FOR = 100


def _filled(manifest: Manifest, rows: Iterable[Row], seen: SeenImages, done: DigestPass) -> Iterator[Row]:
    """Yield the rows with their digests, without those of what is no image."""
    total = len(manifest.images)
    bar = tqdm(
        rows, desc="computing digests", total=total, unit=" images", delay=1, leave=False, disable=None
    )
    each = iter(bar)
    missing: list[Path] = []
    while lot := list(islice(each, _LOT)):
        there = [
            None if (row.get("sha256") or "").strip() else _file(manifest.folder, row, missing) for row in lot
        ]
        found = seen.look(filter(None, there), digests=True)
        for row, file in zip(lot, there, strict=True):
            image = next(found) if file else None
            if image and image.why:
                done.left_out[row["file"]] = image.why
                continue
            yield row if image is None else _with_digest(row, image, done)
    if missing:
        raise DataError(manifests.missing_files(manifest.folder, missing, total))


def _file(folder: Path, row: Row, missing: list[Path]) -> ImageFile | None:
    """Return the file of an image; note where there is none."""
    name = row["file"]
    for each in dict.fromkeys((name, name.strip())):
        path = files.find_file(folder, each)
        with suppress(OSError):
            return image_file(path)
    missing.append(path)
    return None


def _with_digest(row: Row, image: SeenImage, done: DigestPass) -> Row:
    done.computed += 1
    size = (str(image.width_px), str(image.height_px))
    done.other_size += (row["width_px"].strip(), row["height_px"].strip()) != size
    return row | {"sha256": image.sha256, "width_px": size[0], "height_px": size[1]}


def _note_left_out(toml: Path, reasons: dict[str, str]) -> None:
    """Add to what a study left out, in its TOML and in the list beside it."""
    document = pinning.read_document(toml)
    counts = dict(document.get("left_out", {}))
    for reason, number in pinning.left_out_counts(reasons).items():
        counts[reason] = counts.get(reason, 0) + number
    document["left_out"] = dict(sorted(counts.items()))
    pinning.write_left_out(toml, pinning.read_left_out(toml) | reasons)
    with files.writing(toml) as temporary:
        temporary.write_text(tomlkit.dumps(document), encoding="utf-8")
