"""COCO: instances, crowds and captions, as its annotation files say them.

Files of the manifest: `instances` (`instances_*.json`; several files under names that begin with
`instances`) and, where wanted, `captions` (`captions_*.json`). The id of a picture in the manifest is
COCO's image id, without leading zeros.

A box is [x, y, width, height] with fractions of pixels; the right edge is x + width, excluded. Polygons
are flat lists x, y, x, y …; crowds are runs of pixels (RLE), column by column, and become masks. Where
a stated box has fractions or does not hold the whole mask (COCO's crowd boxes are often one pixel
short), the region's box is the mask's own extent in whole pixels and the stated one stands in
`said["bbox"]`.

Who drew which mark is not said, so every maker is unknown. What the block `info` says of the whole file
is the manifest's affair.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit import masking
from retrain_kit.datasets import rle
from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.samples import Box, Flags, Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.manifests import Image, Manifest
    from retrain_kit.samples import Polygon, Sample, Size

    Row = dict[str, Any]

MIN_NUMBERS = 6
_NOT_A_MARK = (KeyError, TypeError, ValueError, OverflowError, BoxError)


@dataclass
class _Picture:
    """What the files say of one picture; `row` is None where they do not list it."""

    size: Size
    row: Row | None = None
    regions: list[Region] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)
    captions: list[Row] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    A mark that is none (a box of negative size, a run of pixels that does not fill the picture) is
    listed in its sample's `said["rejected"]` with its id and why.

    Raises
    ------
    DataError
        With every fault of the files.
    """
    paths = [path for name, path in manifest.files.items() if name.startswith("instances")]
    if not paths:
        fault = Fault(
            f"{manifest.name}.toml, files", "no instances", "instances = a file of COCO's instances"
        )
        raise DataError(fault)
    faults: list[Fault] = []
    pictures = {image.id: _Picture((image.width_px, image.height_px)) for image in manifest.images}
    tables = [_load(path, ("images", "annotations", "categories", "licenses"), faults) for path in paths]
    where = ", ".join(map(str, paths)) if not faults else ""
    for path, table in zip(paths, tables, strict=True):
        _take_images(table, pictures, str(path), faults)
        _take_instances(table, pictures, str(path), faults)
    if captions := manifest.files.get("captions"):
        _take_captions(_load(captions, ("annotations",), faults), pictures, str(captions), faults)
    faults += [fault for image in manifest.images for fault in _check(pictures[image.id], image, where)]
    if faults:
        raise DataError(*faults)
    return [_with_marks(manifest.sample(image), pictures[image.id]) for image in manifest.images]


def from_xywh(x: float, y: float, width: float, height: float) -> Box:
    """Return the box of COCO's [x, y, width, height]: the right edge is x + width, excluded.

    Sums are rounded to a millionth of a pixel, which undoes the noise of adding decimals.
    """
    return Box(float(x), float(y), round(float(x) + float(width), 6), round(float(y) + float(height), 6))


def from_flat(numbers: Iterable[float]) -> Polygon:
    """Return the polygon of COCO's flat list of x, y, x, y and so on.

    Raises
    ------
    ValueError
        When there are fewer than three vertices, half a vertex or a number that is not finite.
    """
    flat = [float(number) for number in numbers]
    if len(flat) < MIN_NUMBERS or len(flat) % 2 or not all(map(math.isfinite, flat)):
        raise ValueError("a polygon that is not three or more vertices of finite numbers")
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def _load(path: Path, lists: Iterable[str], faults: list[Fault]) -> Row:
    """Return the file's table; only `licenses` may be missing in it."""
    try:
        table = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        faults.append(Fault(str(path), f"no annotations ({error})", "a JSON file of COCO"))
        return {name: [] for name in lists}
    table = table if isinstance(table, dict) else {}
    for name in lists:
        rows = table.setdefault(name, [] if name == "licenses" else None)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            faults.append(Fault(f"{path}, {name}", json.dumps(rows)[:40], "a list of objects"))
            table[name] = []
    return table


def _take_images(table: Row, pictures: Mapping[str, _Picture], where: str, faults: list[Fault]) -> None:
    licences = {str(row.get("id")): row for row in table["licenses"]}
    for row in table["images"]:
        if not (picture := pictures.get(str(row.get("id")))):
            continue
        if picture.row is not None:
            faults.append(Fault(f"{where}, images", f"{row['id']} a second time", "every picture once"))
        picture.row = dict(row)
        if "license" in row:
            picture.row["license"] = licences.get(str(row["license"]), row["license"])


def _take_instances(table: Row, pictures: Mapping[str, _Picture], where: str, faults: list[Fault]) -> None:
    categories = {str(row.get("id")): row for row in table["categories"]}
    for row in table["annotations"]:
        name = str(row.get("id", ""))
        if not (picture := pictures.get(str(row.get("image_id")))):
            continue
        category = categories.get(str(row.get("category_id")), {})
        if "name" not in category:
            found = f"the category {row.get('category_id')!r}"
            faults.append(Fault(f"{where}, annotation {name}", found, "one that categories lists"))
        elif name in picture.ids:
            faults.append(Fault(f"{where}, annotation {name}", "its id a second time", "every id once"))
        else:
            _take_instance(row, category, picture)
        picture.ids.add(name)


def _take_instance(row: Row, category: Row, picture: _Picture) -> None:
    """Add the region of a row; list the row where its box is none, and where its outline is none."""
    try:
        box = from_xywh(*row["bbox"])
    except _NOT_A_MARK as error:
        picture.rejected.append({"id": row.get("id"), "why": _why("bbox", error), "row": row})
        return
    polygons: tuple[Polygon, ...] = ()
    mask = None
    outline = row.get("segmentation") or []
    try:
        if isinstance(outline, dict):
            mask = rle.decode(outline, picture.size)
        else:
            polygons = tuple(from_flat(numbers) for numbers in outline)
    except _NOT_A_MARK as error:
        why = f"{_why('segmentation', error)}; the box is kept"
        picture.rejected.append({"id": row.get("id"), "why": why, "row": row})
    picture.regions.append(_region(row, category, box, polygons, mask))


def _region(
    row: Row, category: Row, stated: Box, polygons: tuple[Polygon, ...], mask: NDArray[np.bool_] | None
) -> Region:
    crowd = {0: False, 1: True}.get(row["iscrowd"]) if isinstance(row.get("iscrowd"), int) else None
    taken = {"id", "image_id", "bbox", "segmentation", "" if crowd is None else "iscrowd"}
    said = {key: value for key, value in row.items() if key not in taken}
    said |= {key: value for key, value in category.items() if key not in {"id", "name"}}
    box = stated if mask is None else _whole_pixels(stated, mask)
    if box != stated:
        said["bbox"] = row["bbox"]
    if mask is not None:
        left, top, right, bottom = map(int, box.edges)
        mask = mask[top:bottom, left:right] if mask.any() else np.zeros((1, 1), dtype=bool)
    name = str(row.get("id", ""))
    return Region(
        str(category["name"]), box, name, polygons=polygons, mask=mask, flags=Flags(group_of=crowd), said=said
    )


def _whole_pixels(stated: Box, mask: NDArray[np.bool_]) -> Box:
    """Return the stated box where it is on whole pixels of the frame and holds the mask, else its extent."""
    if not mask.any():
        return stated
    extent = Box(*map(float, masking.extent(mask)))
    whole = all(edge.is_integer() for edge in stated.edges)
    holds = 0 <= stated.left <= extent.left and 0 <= stated.top <= extent.top
    holds &= extent.right <= stated.right <= mask.shape[1] and extent.bottom <= stated.bottom <= mask.shape[0]
    return stated if whole and holds else extent


def _take_captions(table: Row, pictures: Mapping[str, _Picture], where: str, faults: list[Fault]) -> None:
    for row in table["annotations"]:
        picture = pictures.get(str(row.get("image_id")))
        if picture and "caption" not in row:
            faults.append(Fault(f"{where}, annotation {row.get('id')}", "no caption", "a caption"))
        elif picture:
            picture.captions.append({key: value for key, value in row.items() if key != "image_id"})


def _check(picture: _Picture, image: Image, where: str) -> list[Fault]:
    """Return a fault where the files (`where`, empty when some are broken) do not list it at that size."""
    if picture.row is None and not where:
        return []
    if picture.row is None:
        do = "Take the picture out of the manifest or name its file."
        return [Fault(f"{where}, images", f"no picture {image.id}", "all pictures of the manifest", do)]
    found = (picture.row.get("width"), picture.row.get("height"))
    if found == (image.width_px, image.height_px):
        return []
    size = f"{image.width_px} × {image.height_px}, as the manifest says"
    return [Fault(f"image {image.id}", f"{found[0]} × {found[1]} pixels", size)]


def _why(key: str, error: Exception) -> str:
    if isinstance(error, BoxError):
        return f"{key}: {error.faults[0].found}, not {error.faults[0].expected}"
    return f"{key}: no {error.args[0]}" if isinstance(error, KeyError) else f"{key}: {error}"


def _licence(row: Row) -> str:
    licence = row.get("license")
    if isinstance(licence, dict):
        return ", ".join(str(licence[key]) for key in ("name", "url") if licence.get(key))
    return "" if licence is None else str(licence)


def _with_marks(sample: Sample, picture: _Picture) -> Sample:
    row = picture.row or {}
    said = {key: value for key, value in row.items() if key not in {"id", "width", "height"}}
    said |= {"captions": picture.captions} if picture.captions else {}
    said |= {"rejected": picture.rejected} if picture.rejected else {}
    licence = sample.provenance.licence or _licence(row)
    provenance = replace(sample.provenance, licence=licence)
    return replace(sample, regions=tuple(picture.regions), provenance=provenance, said=said)
