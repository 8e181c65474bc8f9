"""Pascal VOC: one XML file a picture.

Files of the manifest: `annotations`, a folder of XML files (folders within it too) or one file; any
further name may hold another. An XML belongs to the picture whose id is the XML's own name without
ending. A picture without XML has no regions.

VOC counts pixels from 1, and the last pixel belongs to the box: xmin 1 to xmax 500 is the whole width of
a picture of 500 pixels. `from_voc` turns that into the kit's edges. The boxes of ImageNet have the same
layout and count from 0: `retrain_kit.datasets.imagenet_boxes` reads them. Tools that write "VOC" files
do either; the manifest's `dataset` says which is meant.

A region's id is its place in the file, from 1 as in VOC's own segmentation masks. `truncated` and
`occluded` become flags where they are 0 or 1; everything else stays in `said` as the text of the file,
`bndbox` included. Who drew which box is not said.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.samples import Box, Flags, Region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Sample, Size

    Convert = Callable[[float, float, float, float], Box]

EDGES = ("xmin", "ymin", "xmax", "ymax")
LISTS = {"object", "part"}
_YES_NO = {"1": True, "0": False}


@dataclass
class _Picture:
    """What the XML says of one picture."""

    regions: list[Region] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study of Pascal VOC, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the files.
    """
    return read_with(manifest, from_voc)


def from_voc(xmin: float, ymin: float, xmax: float, ymax: float) -> Box:
    """Return the box of VOC's corners: pixels counted from 1, the last included."""
    stated = Box(xmin, ymin, xmax, ymax)
    return Box(stated.left - 1, stated.top - 1, stated.right, stated.bottom)


def read_with(manifest: Manifest, convert: Convert) -> list[Sample]:
    """Return the samples of a study in VOC's layout; `convert` knows how its corners are counted.

    An object whose box is none is listed in its sample's `said["rejected"]` with its place and why.

    Raises
    ------
    DataError
        With every fault of the files.
    """
    if not manifest.files:
        fault = Fault(f"{manifest.name}.toml, files", "nothing", "annotations = a folder of XML files")
        raise DataError(fault)
    pictures = {image.id: _Picture() for image in manifest.images}
    sizes = {image.id: (image.width_px, image.height_px) for image in manifest.images}
    faults: list[Fault] = []
    read_from: dict[str, Path] = {}
    for path in _files(manifest.files.values(), faults):
        if path.stem not in pictures:
            continue
        if path.stem in read_from:
            faults.append(Fault(str(path), f"a second file for {path.stem}", f"{read_from[path.stem]} alone"))
            continue
        read_from[path.stem] = path
        said = _load(path, faults)
        pictures[path.stem] = _picture(said, sizes[path.stem], convert, str(path), faults)
    if pictures and not read_from:
        where = ", ".join(map(str, manifest.files.values()))
        faults.append(Fault(where, "no XML named as a picture", "files <id>.xml with ids of the manifest"))
    if faults:
        raise DataError(*faults)
    return [
        replace(manifest.sample(image), regions=tuple(picture.regions), said=picture.said)
        for image, picture in zip(manifest.images, pictures.values(), strict=True)
    ]


def _files(paths: Iterable[Path], faults: list[Fault]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.xml"))
        elif path.is_file():
            yield path
        else:
            faults.append(Fault(str(path), "nothing", "an XML file or a folder of them"))


def _load(path: Path, faults: list[Fault]) -> dict[str, Any]:
    """Return what a file says; nothing, with a fault listed, where it is no annotation."""
    try:
        return _parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError, ET.ParseError) as error:
        faults.append(Fault(str(path), f"no annotation ({error})", "<annotation> in plain XML, UTF-8"))
        return {}


def _parse(text: str) -> dict[str, Any]:
    if "<!DOCTYPE" in text:
        raise ValueError("a document type declaration, which may hide other files")
    root = ET.fromstring(text)  # noqa: S314 - without a document type there are no entities to expand
    if root.tag != "annotation":
        raise ValueError(f"<{root.tag}>")
    said = _said(root)
    return said if isinstance(said, dict) else {}


def _picture(said: dict[str, Any], size: Size, convert: Convert, where: str, faults: list[Fault]) -> _Picture:
    """Return the regions of a file and the rest of what it says."""
    picture = _Picture(said=said)
    rejected: list[dict[str, Any]] = []
    for number, row in enumerate(said.pop("object", []), start=1):
        name = row.get("name") if isinstance(row, dict) else None
        if not isinstance(name, str) or not name:
            faults.append(Fault(f"{where}, object {number}", "no name", "<name> with a word"))
            continue
        try:
            box = convert(*(float(row["bndbox"][edge]) for edge in EDGES))
        except (KeyError, TypeError, ValueError, BoxError) as error:
            rejected.append({"id": str(number), "why": _why(error), "row": row})
        else:
            picture.regions.append(_region(str(number), name, box, row))
    faults += _check(said.get("size"), size, where)
    said |= {"rejected": rejected} if rejected else {}
    return picture


def _region(number: str, name: str, box: Box, row: dict[str, Any]) -> Region:
    flags = {key: _YES_NO[row[key]] for key in ("occluded", "truncated") if row.get(key) in ("0", "1")}
    said = {key: value for key, value in row.items() if key != "name" and key not in flags}
    return Region(name, box, number, flags=Flags(**flags), said=said)


def _said(element: ET.Element) -> Any:  # noqa: ANN401 - a text, or a table of texts and tables
    """Return an element's text, or its children by name; a list where a name recurs."""
    text = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return text
    grouped: dict[str, list[Any]] = {f"@{key}": [value] for key, value in element.attrib.items()}
    grouped |= {"#text": [text]} if text else {}
    for child in element:
        grouped.setdefault(child.tag, []).append(_said(child))
    return {tag: values if len(values) > 1 or tag in LISTS else values[0] for tag, values in grouped.items()}


def _check(stated: object, size: Size, where: str) -> list[Fault]:
    """Return a fault where the file speaks of another size; none where it states no size."""
    stated = stated if isinstance(stated, dict) else {}
    found = [stated.get(key) for key in ("width", "height")]
    if all(value in (None, "", "0") for value in found) or found == [str(edge) for edge in size]:
        return []
    do = "The boxes refer to the size in the XML: use that picture, or take it out of the manifest."
    expected = f"{size[0]} × {size[1]}, as the manifest says"
    return [Fault(f"{where}, size", f"{found[0]} × {found[1]} pixels", expected, do)]


def _why(error: Exception) -> str:
    if isinstance(error, BoxError):
        return f"bndbox: {error.faults[0].found}, not {error.faults[0].expected}"
    return f"no {error.args[0]}" if isinstance(error, KeyError) else f"bndbox: {error}"
