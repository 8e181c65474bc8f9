"""Captions of a table: lines that a machine or a person wrote elsewhere, an image a row.

Whoever has a model that writes about images, and no way to run it here, runs it elsewhere and brings the
table: a CSV with `image` and `caption`, and `credit` where it is known who or what wrote the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault
from retrain_kit.models.cards import NOT_STATED
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_COLUMNS = ("image", "caption", "credit")


@dataclass(frozen=True)
class Caption:
    """A line about an image, and who or what wrote it."""

    text: str
    credit: str = NOT_STATED


def read_captions(path: Path, images: Collection[str] | None = None) -> dict[str, Caption]:
    """Return the captions of a table, by the ids of images.

    Parameters
    ----------
    path
        The table.
    images
        The ids of a study's images; where they are given, a row of another one is a fault.

    Raises
    ------
    DataError
        With each row without an image or a caption, of an image that is not in the study, or of one that has
        a caption already.
    """
    found: dict[str, Caption] = {}
    faults: list[Fault] = []
    for line, row in texts.table_rows(path, _COLUMNS, ("image", "caption")):
        where, name = f"{path}, line {line}", row["image"].strip()
        text = " ".join(row["caption"].split())
        if not name or not text:
            faults.append(Fault(where, "no image" if not name else "no caption", "an image and its caption"))
        elif name in found:
            faults.append(Fault(where, f"a second caption of {name!r}", "one an image"))
        elif images is not None and name not in images:
            faults.append(Fault(where, f"the image {name!r}", "the id of an image of the study"))
        else:
            found[name] = Caption(text, (row.get("credit") or "").strip() or NOT_STATED)
    if faults:
        raise DataError(*faults)
    return found
