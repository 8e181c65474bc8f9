"""COCO as an export: what COCO has a place for stands where its tools look, and everything else beside it.

    <folder>/labels.json   COCO's instances: info, licenses, images, categories, annotations
    <folder>/data/         the images, upright, under their numbers
    <folder>/originals/    the file as it was, of an image that had to be turned for `data/`

Images, categories and annotations have numbers, as COCO's tools expect: those of the source where its ids
are whole numbers, each once, and for categories where each has one word and each word one of them; else new
ones from 1. An area that the source states stays; without one it is counted. Under the key `retrain_kit` an
image carries all that the sample says apart from its regions, and an annotation its region as it was, in the
form of `kit_json`. Under `gone` it says what a turned image does not hold of its original. `restore_coco`
puts samples together from those; other tools, and the reader `coco`, read the rest.
"""

from __future__ import annotations

import json
import math
import re
import shutil
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.formats import kit_json
from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import exact, masking
from retrain_kit.storage import texts
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Sample, Size

    Row = dict[str, Any]

KIT_KEY = "retrain_kit"
LABELS_FILE = "labels.json"


def write_coco(samples: Iterable[Sample], folder: Path) -> Path:
    """Write samples and their images as a COCO data set; return its `labels.json`.

    Raises
    ------
    DataError
        When images are missing or broken, or something that was said is none of JSON's values.
    """
    samples = list(samples)
    categories = _category_numbers(samples)
    image_numbers = _own_numbers([sample.id for sample in samples])
    numbers = iter(_own_numbers([region.id for sample in samples for region in sample.regions]))
    licences = sorted({sample.provenance.licence for sample in samples} - {""})
    table: Row = {
        "info": {"description": "Exported by retrain-kit", KIT_KEY: 1},
        "licenses": _numbered(licences),
        "images": _images(samples, image_numbers, licences, folder),
        "categories": [{"id": number, "name": label} for label, number in categories.items()],
        "annotations": [],
    }
    for image, sample in zip(image_numbers, samples, strict=True):
        for region in sample.regions:
            row = {"id": next(numbers), "image_id": image, "category_id": categories[region.label]}
            table["annotations"].append(row | _annotation(region, sample.size))
    try:
        text = json.dumps(table, ensure_ascii=False)
        text = text if texts.is_writable(text) else json.dumps(table)
    except (TypeError, ValueError, RecursionError) as error:
        raise DataError(
            Fault(str(folder / LABELS_FILE), str(error), "texts, numbers, lists and tables")
        ) from None
    with writing(folder / LABELS_FILE) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return folder / LABELS_FILE


def restore_coco(folder: Path) -> list[Sample]:
    """Return the samples of an exported data set, as they were; their files lie in the folder.

    Raises
    ------
    DataError
        With every image or annotation that does not say what the kit writes.
    """
    path = folder / LABELS_FILE
    try:
        table = json.loads(texts.read_text(path))
        regions: dict[int, list[Row]] = {image["id"]: [] for image in table["images"]}
        for row in table["annotations"]:
            regions[row["image_id"]].append(row[KIT_KEY])
        rows = [{**image[KIT_KEY], "regions": regions[image["id"]]} for image in table["images"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        found = f"no export of the kit ({type(error).__name__}: {error})"
        raise DataError(Fault(str(path), found, f"COCO's JSON with {KIT_KEY}")) from None
    samples: list[Sample] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows, start=1):
        try:
            samples.append(kit_json.sample_from_record(_placed(row, folder), f"{path}, image {number}"))
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    return samples


def _placed(row: Mapping[str, Any], folder: Path) -> Row:
    """Return the record of a sample with its file's place below the folder as a whole path."""
    stated = row.get("path", "")
    path = folder / (stated if isinstance(stated, str) else "..")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataError(Fault(str(folder / LABELS_FILE), f"the path {stated!r}", f"one inside {folder}"))
    return {**row, "path": str(path)}


def _own_numbers(names: Sequence[str]) -> list[int]:
    """Return ids as the whole numbers that they are; 1, 2, 3 … where one is none, or comes twice."""
    numbers = [int(name) for name in names if _WHOLE.fullmatch(name)]
    if len(numbers) == len(names) == len(set(numbers)):
        return numbers
    return list(range(1, len(names) + 1))


_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


def _category_numbers(samples: Iterable[Sample]) -> dict[str, int]:
    """Return the number of each label: the source's, where each label has one and each number one label."""
    stated: dict[str, set[object]] = {}
    for sample in samples:
        for region in sample.regions:
            stated.setdefault(region.label, set()).add(_number(region.said.get("category_id")))
    labels = sorted(stated)
    numbers = [number for label in labels for number in stated[label] if isinstance(number, int)]
    if len(numbers) == len(set(numbers)) == sum(map(len, stated.values())) == len(labels):
        return dict(sorted(zip(labels, numbers, strict=True), key=itemgetter(1)))
    return {label: number for number, label in enumerate(labels, start=1)}


def _number(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _numbered(names: Iterable[str]) -> list[Row]:
    return [{"id": number, "name": name} for number, name in enumerate(names, start=1)]


def _images(
    samples: Iterable[Sample], numbers: Iterable[int], licences: Sequence[str], folder: Path
) -> list[Row]:
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, sample in zip(numbers, samples, strict=True):
        try:
            rows.append(_image(number, sample, licences, folder))
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    return rows


def _image(number: int, sample: Sample, licences: Sequence[str], folder: Path) -> Row:
    shown, original, gone = _place_image(number, sample, folder)
    record = kit_json.sample_record(sample)
    del record["regions"]
    row = {
        "id": number,
        "file_name": shown.name,
        "width": sample.width_px,
        "height": sample.height_px,
        KIT_KEY: {**record, "path": original.relative_to(folder).as_posix()},
    }
    licence = sample.provenance.licence
    row |= {"gone": list(gone)} if gone else {}
    return row | ({"license": licences.index(licence) + 1} if licence else {})


def _place_image(number: int, sample: Sample, folder: Path) -> tuple[Path, Path, tuple[str, ...]]:
    """Put an image where COCO's tools read it, upright.

    Returns
    -------
    tuple
        That file, the one as it was, and what is not in the first of what the second holds.
    """
    image = exact.load_exact_sample(sample)
    name = f"{number:012}{sample.path.suffix.lower()}"
    if exact.is_upright(sample):
        shown = original = folder / "data" / name
        gone: tuple[str, ...] = ()
    else:
        shown, original = folder / "data" / f"{number:012}.png", folder / "originals" / name
        gone = image.gone
        image.save(shown)
    original.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sample.path, original)
    return shown, original, gone


def _annotation(region: Region, size: Size) -> Row:
    """Return what COCO says of a region, and the region as it was."""
    box = region.box
    row: Row = {
        "bbox": [box.left, box.top, box.width_px, box.height_px],
        "area": box.width_px * box.height_px,
        "segmentation": [],
        "iscrowd": int(region.flags.group_of is True),
        KIT_KEY: kit_json.region_record(region),
    }
    if region.mask is not None or region.polygons:
        inside = masking.region_mask(region, size, "outline")
        row["area"] = int(inside.sum())
        row["segmentation"] = _segmentation(region, inside, crowd=bool(row["iscrowd"]))
    stated = region.said.get("area")
    if isinstance(stated, int | float) and not isinstance(stated, bool) and math.isfinite(stated):
        row["area"] = stated
    return row


def _segmentation(region: Region, inside: NDArray[np.bool_], *, crowd: bool) -> object:
    if region.mask is not None or crowd:
        return kit_json.mask_runs(inside)
    return [[edge for point in outline for edge in point] for outline in region.polygons]
