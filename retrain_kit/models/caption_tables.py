"""Captions of a table: lines that a machine or a person wrote elsewhere, an image a row.

Whoever has a model that writes about images, and no way to run it here, runs it elsewhere and brings the
table: a CSV with `image` and `caption`, and `credit` where it is known who or what wrote the line. An image
is named by its id in the study, or by its file: a name, a path or an address.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from retrain_kit.annotations.written import CreditedLine
from retrain_kit.errors import NAMES_SHOWN, DataError, Fault
from retrain_kit.storage import texts
from retrain_kit.storage.texts import composed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from retrain_kit.studies.image_table import ImageRow

    _Parts = tuple[str, ...]

_COLUMNS = ("image", "caption", "credit")


def read_captions(path: Path) -> dict[str, CreditedLine]:
    """Return the captions of a table, by the names that it has for images.

    Raises
    ------
    DataError
        With each row without an image or a caption, or of an image that has one already.
    """
    found: dict[str, CreditedLine] = {}
    faults: list[Fault] = []
    for line, row in texts.table_rows(path, _COLUMNS, ("image", "caption")):
        where, name = f"{path}, line {line}", row["image"].strip()
        text = " ".join(row["caption"].split())
        if not name or not text:
            faults.append(Fault(where, "no image" if not name else "no caption", "an image and its caption"))
        elif name in found:
            faults.append(Fault(where, f"a second caption of {name!r}", "one an image"))
        else:
            found[name] = CreditedLine(text, (row.get("credit") or "").strip())
    if len(faults) > NAMES_SHOWN:
        more = Fault(str(path), f"{len(faults) - NAMES_SHOWN:,} more such lines", faults[0].expected)
        faults = [*faults[:NAMES_SHOWN], more]
    if faults:
        raise DataError(*faults)
    return found


def captions_of_images(
    captions: Mapping[str, CreditedLine], images: Iterable[ImageRow]
) -> dict[str, CreditedLine]:
    """Return the caption of each image of a study that a table has one for, by the image's id.

    A name of the table is the id of an image, or means the image whose path ends with it, or with whose path
    it ends. Where two images fit equally well, or two names fit one image, nothing says which is right: none
    is taken.

    Parameters
    ----------
    captions
        As `read_captions` returns them.
    images
        All images of the study: a name that means one of a part may mean several of the whole.
    """
    paths = {name: _parts(name) for name in captions}
    last = {parts[-1] for parts in paths.values() if parts}
    ids, files = _called(images, set(map(composed, captions)), last)
    claims: dict[str, dict[float, list[CreditedLine]]] = defaultdict(lambda: defaultdict(list))
    for name, line in captions.items():
        own_id = [name] if name in ids.get(composed(name), ()) else ids.get(composed(name), [])
        fitting = {math.inf: own_id} if own_id else _fitting(paths[name], files)
        if fitting and len(own := fitting[best := max(fitting)]) == 1:
            claims[own[0]][best].append(line)
    chosen = {own: lines[max(lines)] for own, lines in claims.items()}
    return {own: lines[0] for own, lines in chosen.items() if len(lines) == 1}


def _called(
    images: Iterable[ImageRow], ids: AbstractSet[str], names: Collection[str]
) -> tuple[dict[str, list[str]], dict[str, list[tuple[str, _Parts]]]]:
    """Return the images of ids, or of numbers of museums, by these; and images by the names of files."""
    known, files = dict[str, list[str]](), defaultdict(list)
    for image in images:
        parts = _parts(image.file)
        for own in {composed(image.id), composed(unquote(image.id))} & ids:
            known.setdefault(own, []).append(image.id)
        if parts and parts[-1] in names:
            files[parts[-1]].append((image.id, parts))
    return known, files


def _fitting(parts: _Parts, files: Mapping[str, list[tuple[str, _Parts]]]) -> dict[float, list[str]]:
    """Return the images that a path may mean, by how many of its last parts are theirs."""
    found: dict[float, list[str]] = defaultdict(list)
    for own, there in files.get(parts[-1], ()) if parts else ():
        alike = min(len(parts), len(there))
        if parts[-alike:] == there[-alike:]:
            found[alike].append(own)
    return found


def _parts(name: str) -> _Parts:
    """Return the parts of a path, or of the path of an address."""
    path = unquote(urlsplit(name).path) if "://" in name else name.replace("\\", "/")
    return tuple(part for part in composed(path).split("/") if part not in {"", "."})
