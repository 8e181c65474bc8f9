"""Files named anew: links in the cache for images whose own paths hold a veiled word; FiftyOne shows paths.

A link leads to the image where it lies; where the system has no links it is a copy.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.fiftyone import database
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.veil import VeilOverStudy


_DIGITS = 16


def name_anew(samples: Iterable[Sample], veil: VeilOverStudy) -> Iterator[Sample]:
    """Yield samples, with a link in the place of each path that holds a veiled word."""
    for sample in samples:
        path = sample.path.resolve()
        yield sample if veil.told(str(path)) == str(path) else replace(sample, path=_link(path))


def whole_path(path: Path) -> Path:
    """Return where a file is, for FiftyOne: links are followed, but those that name a file anew."""
    return path if path.is_relative_to(_folder()) else path.resolve()


def _folder() -> Path:
    return database.cache_folder() / "named-anew"


def _link(path: Path) -> Path:
    stamp = files.change_stamp(path) if path.is_file() else "none"
    name = hashlib.sha256(f"{path}\n{stamp}".encode("utf-8", "surrogatepass")).hexdigest()
    link = _folder() / name[:2] / f"veiled-{name[:_DIGITS]}{path.suffix.lower()}"
    if not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)  # one that leads nowhere any more
        try:
            link.symlink_to(path)
        except OSError:
            with files.writing(link) as temporary:
                shutil.copyfile(path, temporary)
    return link
