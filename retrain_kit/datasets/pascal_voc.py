"""Pascal VOC: one XML file an image.

Files of the manifest: `annotations`, a folder of XML files (folders within it too) or one file; any
further name may hold another. An XML belongs to the image whose id is the XML's own name without
ending. An image without XML has no regions. `sets` is VOC's folder of lists, `ImageSets/Main`.

A draw takes the names of objects; its subset is the name of a list in `sets`: train, val, trainval, test.
Images lie in `JPEGImages` beside the annotations. VOC names no licence of an image.

VOC counts pixels from 1, and the last pixel belongs to the box: xmin 1 to xmax 500 is the whole width of
an image of 500 pixels. `box_from_voc` turns that into the kit's edges. The boxes of ImageNet have the same
layout and count from 0: `retrain_kit.datasets.imagenet_boxes` reads them. Tools that write "VOC" files
do either; the manifest's `dataset` says which is meant.

A region's id is its place in the file, from 1 as in VOC's own segmentation masks. `truncated` and
`occluded` become flags where they are 0 or 1; everything else stays in `said` as the text of the file,
`bndbox` included. Who drew which box is not said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import Box, Flags, Region
from retrain_kit.datasets.formats.voc_xml import has_any_xml, read_xml, xml_files
from retrain_kit.errors import BoxError, DataError, Fault, ParameterError, advise_names
from retrain_kit.studies.sampling import UNSTATED, Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from retrain_kit.annotations.samples import Sample, Size
    from retrain_kit.studies.manifests import Manifest

    Convert = Callable[[float, float, float, float], Box]

EDGES = ("xmin", "ymin", "xmax", "ymax")
SETS_FOLDER = "sets"
_YES_NO = {"1": True, "0": False}


@dataclass
class _Image:
    """What the XML says of one image."""

    regions: list[Region] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study of Pascal VOC, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the files.
    """
    return read_with(manifest, box_from_voc)


def box_from_voc(xmin: float, ymin: float, xmax: float, ymax: float) -> Box:
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
    images = {row.id: _Image() for row in manifest.images}
    sizes = {row.id: (row.width_px, row.height_px) for row in manifest.images}
    faults: list[Fault] = []
    read_from: dict[str, Path] = {}
    for path in _files(manifest, faults, images):
        if path.stem in read_from:
            faults.append(Fault(str(path), f"a second file for {path.stem}", f"{read_from[path.stem]} alone"))
            continue
        read_from[path.stem] = path
        said = read_xml(path, faults)
        images[path.stem] = _image(said, sizes[path.stem], convert, str(path), faults)
    if images and not read_from and not has_any_xml(manifest):
        where = ", ".join(map(str, manifest.files.values()))
        faults.append(Fault(where, "no XML named as an image", "files <id>.xml with ids of the manifest"))
    if faults:
        raise DataError(*faults)
    return [
        replace(manifest.sample(row), regions=tuple(image.regions), said=image.said)
        for row, image in zip(manifest.images, images.values(), strict=True)
    ]


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images with an XML that the rule of the study's draw allows.

    Raises
    ------
    ParameterError
        When no object is called so, or there is no list of that name.
    DataError
        With every fault of the files.
    """
    rule = manifest.draw
    faults: list[Fault] = []
    paths = list(_files(manifest, faults))
    if rule and rule.subset:
        listed = _listed(manifest, rule.subset)
        paths = [path for path in paths if path.stem in listed]
    labels = rule.labels if rule else ()
    names = {path: _names(read_xml(path, faults)) for path in paths} if labels else {}
    if faults:
        raise DataError(*faults)
    known: set[str] = set().union(*names.values())
    unknown = [_unknown(word, known) for word in labels if word not in known]
    if unknown:
        raise ParameterError(*unknown)
    return [path.stem for path in paths if not labels or not names[path].isdisjoint(labels)]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are and whose they are, as their XML says, in the order of the ids.

    Raises
    ------
    DataError
        With each image that has no XML, and every fault of the files.
    """
    faults: list[Fault] = []
    paths = {path.stem: path for path in _files(manifest, faults)}
    where = f"{manifest.name}.toml, files"
    faults += [Fault(where, f"no XML for {name}", f"{name}.xml") for name in ids if name not in paths]
    candidates = [_candidate(paths[name], manifest.folder, faults) for name in ids if name in paths]
    if faults:
        raise DataError(*faults)
    return candidates


def _files(manifest: Manifest, faults: list[Fault], wanted: Collection[str] | None = None) -> Iterator[Path]:
    """Yield the XML files of a study, or those with wanted names; list a fault where none can be."""
    places = [path for name, path in manifest.files.items() if name != SETS_FOLDER]
    if not places:
        where = f"{manifest.name}.toml, files"
        raise DataError(Fault(where, "nothing", "annotations = a folder of XML files"))
    for path in places:
        if path.is_dir():
            yield from sorted(xml_files(path, wanted))
        elif path.is_file():
            yield from [path] if wanted is None or path.stem in wanted else []
        else:
            faults.append(Fault(str(path), "nothing", "an XML file or a folder of them"))


def _listed(manifest: Manifest, subset: str) -> set[str]:
    """Return the ids in the list of a subset: the first word of each line, where no second one denies it."""
    folder = manifest.files.get(SETS_FOLDER)
    lists = {path.stem: path for path in sorted(folder.glob("*.txt"))} if folder else {}
    if subset not in lists:
        there = ", ".join(lists) or f"{SETS_FOLDER} = VOC's folder ImageSets/Main"
        raise ParameterError(Fault("subset", repr(subset), f"one of the lists: {there}"))
    lines = lists[subset].read_text(encoding="utf-8", errors="replace").splitlines()
    return {words[0] for words in map(str.split, lines) if words and words[1:] != ["-1"]}


def _names(said: dict[str, Any]) -> set[str]:
    """Return the names of a file's objects."""
    return {row["name"] for row in said.get("object", []) if isinstance(row, dict) and row.get("name")}


def _unknown(word: str, known: Collection[str]) -> Fault:
    return Fault("labels", repr(word), "a name of an object", advise_names(word, known))


def _candidate(path: Path, folder: Path, faults: list[Fault]) -> Candidate:
    said = read_xml(path, faults)
    source, owner = (said[key] if isinstance(said.get(key), dict) else {} for key in ("source", "owner"))
    stated = [source.get("database"), " ".join(filter(None, [source.get("image"), source.get("flickrid")]))]
    author = owner.get("name") or owner.get("flickrid") or UNSTATED
    name = str(said.get("filename") or f"{path.stem}.jpg")
    if "/" in name or "\\" in name:
        faults.append(Fault(f"{path}, filename", repr(name), "the name of a file"))
    images = path.parent.with_name("JPEGImages")
    place = images.relative_to(folder) if images.is_relative_to(folder) else Path(images.name)
    file = (place / name).as_posix()
    return Candidate(path.stem, file, author=author, source=", ".join(filter(None, stated)) or UNSTATED)


def _image(said: dict[str, Any], size: Size, convert: Convert, where: str, faults: list[Fault]) -> _Image:
    """Return the regions of a file and the rest of what it says."""
    image = _Image(said=said)
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
            image.regions.append(_region(str(number), name, box, row))
    faults += _check(said.get("size"), size, where)
    said |= {"rejected": rejected} if rejected else {}
    return image


def _region(number: str, name: str, box: Box, row: dict[str, Any]) -> Region:
    flags = {key: _YES_NO[row[key]] for key in ("occluded", "truncated") if row.get(key) in ("0", "1")}
    said = {key: value for key, value in row.items() if key != "name" and key not in flags}
    return Region(name, box, number, flags=Flags(**flags), said=said)


def _check(stated: object, size: Size, where: str) -> list[Fault]:
    """Return a fault where the file speaks of another size; none where it states no size."""
    stated = stated if isinstance(stated, dict) else {}
    found = [stated.get(key) for key in ("width", "height")]
    if all(value in (None, "", "0") for value in found) or found == [str(edge) for edge in size]:
        return []
    do = "The boxes refer to the size in the XML: use that image, or take it out of the manifest."
    expected = f"{size[0]} × {size[1]}, as the manifest says"
    return [Fault(f"{where}, size", f"{found[0]} × {found[1]} pixels", expected, do)]


def _why(error: Exception) -> str:
    if isinstance(error, BoxError):
        return f"bndbox: {error.faults[0].found}, not {error.faults[0].expected}"
    return f"no {error.args[0]}" if isinstance(error, KeyError) else f"bndbox: {error}"
