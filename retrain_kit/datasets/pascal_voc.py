"""Pascal VOC: one XML file an image.

Files of the manifest: `annotations`, a folder of XML files (folders within it too) or one file; any further
name may hold another. An XML belongs to the image whose id is the XML's own name without ending; what it
says under `folder`, `path` and `filename` does not count for that. Where two splits have XMLs of one name,
`train-a` is the image of `a.xml` in `annotations_train`. An image without XML has no regions. `sets` is
VOC's folder of lists, `ImageSets/Main`; `images` is a folder of images that lie neither in `JPEGImages`
beside the annotations, nor beside each XML, nor one folder above.

A draw takes the names of objects; its subset is the name of a list in `sets`: train, val, trainval, test.
VOC names no licence of an image.

VOC counts pixels from 1, and the last pixel belongs to the box: xmin 1 to xmax 500 is the whole width of
an image of 500 pixels. `box_from_voc` turns that into the kit's edges. The boxes of ImageNet have the same
layout and count from 0: `retrain_kit.datasets.imagenet_boxes` reads them. Tools that write "VOC" files
do either; the manifest's `dataset` says which is meant. Where an object has an outline and no box, the box
is the outline's extent, counted in the same way; the outline itself stays in `said`.

A region's id is its place in the file, from 1 as in VOC's own segmentation masks. `truncated` and
`occluded` become flags where they are 0 or 1; everything else stays in `said` as the text of the file,
`bndbox`, `pose` and `part` included. Who drew which box is not said.

What cannot be taken is listed with the sample: an object without a name or a box, one that the old LabelMe
marks as deleted, all objects of a file that speaks of another size than the image has, a whole file that is
no annotation. A file for which there is no image in the folders of images matches none; where images have yet
to be fetched, that cannot be told. The name that the old LabelMe writes into an outline is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import Box, Flags, Region, RejectedAnnotation
from retrain_kit.datasets.formats import values
from retrain_kit.datasets.formats.voc_images import ImageFolders
from retrain_kit.datasets.formats.voc_xml import has_any_xml, outline_corners, read_xml, split_of, xml_files
from retrain_kit.errors import BoxError, DataError, Fault, ParameterError, advise_names
from retrain_kit.studies.sampling import UNSTATED, Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from retrain_kit.annotations.samples import Sample, Size
    from retrain_kit.studies.manifests import ImageRow, Manifest

    Convert = Callable[[float, float, float, float], Box]

EDGES = ("xmin", "ymin", "xmax", "ymax")
OUTLINES = ("polygon", "segmentation")
SETS_FOLDER, IMAGES_FOLDER = "sets", "images"
_YES_NO = {"1": True, "0": False}
_ANSWERED = re.compile(r"(.*?)(?:\s+(-1|0|1))?")


@dataclass
class _Image:
    """What the XML says of one image."""

    regions: list[Region] = field(default_factory=list)
    rejected: list[RejectedAnnotation] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study of Pascal VOC, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the files go for which there is no image.

    Raises
    ------
    DataError
        With every place where there should be XML and is none, with each image that two files speak of, and
        where no file belongs to any image of the study.
    """
    return read_with(manifest, box_from_voc, unmatched)


def box_from_voc(xmin: float, ymin: float, xmax: float, ymax: float) -> Box:
    """Return the box of VOC's corners: pixels counted from 1, the last included."""
    stated = Box(xmin, ymin, xmax, ymax)
    return Box(stated.left - 1, stated.top - 1, stated.right, stated.bottom)


def read_with(
    manifest: Manifest, convert: Convert, unmatched: list[RejectedAnnotation] | None = None
) -> list[Sample]:
    """Return the samples of a study in VOC's layout; `convert` knows how its corners are counted.

    Raises
    ------
    DataError
        As `read`.
    """
    images = {row.id: _Image() for row in manifest.images}
    rows = {row.id: row for row in manifest.images}
    faults: list[Fault] = []
    read_from: dict[str, Path] = {}
    others: list[tuple[str, str]] = []
    for name, path in _files_of(manifest, faults, images, None if unmatched is None else others):
        if name in read_from:
            faults.append(Fault(str(path), f"a second file for {name}", f"{read_from[name]} alone"))
            continue
        read_from[name] = path
        images[name] = _image(path, rows[name], convert)
    if images and not read_from and not has_any_xml(manifest):
        where = ", ".join(map(str, manifest.files.values()))
        faults.append(Fault(where, "no XML named as an image", "files <id>.xml with ids of the manifest"))
    if faults:
        raise DataError(*faults)
    if unmatched is not None:
        unmatched += _without_image(manifest, others)
    return [
        manifest.sample(row, regions=tuple(image.regions), rejected=tuple(image.rejected), said=image.said)
        for row, image in zip(manifest.images, images.values(), strict=True)
    ]


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images with an XML that the rule of the study's draw allows.

    A file that is no annotation bears no label; `reasons_left_out` lists it.

    Raises
    ------
    ParameterError
        When no object is called so, or there is no list of that name.
    DataError
        When there is no folder, or when all files are no annotations.
    """
    rule = manifest.draw
    faults: list[Fault] = []
    paths = list(_files(manifest, faults))
    if rule and rule.subset:
        listed = _listed(manifest, rule.subset, {path.stem for path in paths})
        paths = [path for path in paths if path.stem in listed]
    if faults:
        raise DataError(*faults)
    labels = rule.labels if rule else ()
    if not labels:
        return list(dict.fromkeys(path.stem for path in paths))
    names = {path: _names(said) for path, said in _readable(paths, faults)}
    if faults and not names:
        raise DataError(*faults)
    known: set[str] = set().union(*names.values())
    unknown = [_unknown(word, known) for word in labels if word not in known]
    if unknown:
        raise ParameterError(*unknown)
    return list(dict.fromkeys(path.stem for path in names if not names[path].isdisjoint(labels)))


def reasons_left_out(manifest: Manifest) -> dict[str, str]:
    """Return why files that lie among the annotations cannot be drawn by a label, by their paths."""
    faults: list[Fault] = []
    if manifest.draw and manifest.draw.labels:
        for _ in _readable(list(_files(manifest, [])), faults):
            pass
    return {fault.where: fault.found for fault in faults}


def _readable(paths: Collection[Path], faults: list[Fault]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield what each of the files says that are annotations; list the others."""
    for path in paths:
        try:
            yield path, read_xml(path)
        except DataError as error:
            faults += error.faults


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are and whose they are, as their XML says, in the order of the ids.

    An image is the file of its XML's own name, with whatever ending; or else the one that the XML names,
    where no other XML has that one's name. Folders and drives in front of that name say how it was on
    another machine, and do not count.

    Raises
    ------
    DataError
        With each image that has no XML.
    """
    faults: list[Fault] = []
    paths = {path.stem: path for path in _files(manifest, faults)}
    where = f"{manifest.name}.toml, files"
    faults += [Fault(where, f"no XML for {name}", f"{name}.xml") for name in ids if name not in paths]
    if faults:
        raise DataError(*faults)
    folders = _image_folders(manifest)
    return [_candidate(paths[name], manifest.folder, folders, paths) for name in ids]


def _files(
    manifest: Manifest,
    faults: list[Fault],
    wanted: Container[str] | None = None,
    others: list[tuple[str, str]] | None = None,
) -> Iterator[Path]:
    """Yield the XML files of a study, or those with wanted names, and list the others.

    A fault is listed where no XML can be.
    """
    places = {name: path for name, path in manifest.files.items() if name != SETS_FOLDER}
    if not places:
        where = f"{manifest.name}.toml, files"
        raise DataError(Fault(where, "nothing", "annotations = a folder of XML files"))
    for name, path in places.items():
        if path.is_dir():
            yield from sorted(xml_files(path, wanted, others))
        elif name == IMAGES_FOLDER:
            continue
        elif path.is_file():
            yield from [path] if wanted is None or path.stem in wanted else []
        else:
            faults.append(Fault(str(path), "nothing", "an XML file or a folder of them"))


def _files_of(
    manifest: Manifest,
    faults: list[Fault],
    images: Collection[str],
    others: list[tuple[str, str]] | None,
) -> Iterator[tuple[str, Path]]:
    """Yield the XML files of images, each with its image's id; list the others."""
    for place, path in manifest.files.items():
        split = split_of(place)
        wanted = _InSplit(images, split)
        for each in _files(replace(manifest, files={place: path}), faults, wanted, others) if split else ():
            yield wanted.id_of(each.stem), each
    plain = {place: path for place, path in manifest.files.items() if not split_of(place)}
    if plain or not manifest.files:
        for each in _files(replace(manifest, files=plain), faults, images, others):
            yield each.stem, each


class _InSplit(Container[str]):
    """The names of the XMLs that images of a split have."""

    def __init__(self, images: Container[str], split: str) -> None:
        self._images, self._split = images, split

    def __contains__(self, stem: object) -> bool:
        return f"{self._split}-{stem}" in self._images or stem in self._images

    def id_of(self, stem: str) -> str:
        """Return the id of the image of an XML of that name."""
        own = f"{self._split}-{stem}"
        return own if own in self._images else stem


def _image_folders(manifest: Manifest) -> ImageFolders:
    stated = manifest.files.get(IMAGES_FOLDER)
    return ImageFolders(manifest.folder, [stated] if stated else [])


def _without_image(manifest: Manifest, files: Collection[tuple[str, str]]) -> list[RejectedAnnotation]:
    """Return those files for which there is no image; none where images have yet to be fetched."""
    whole = manifest.part_of or manifest
    if whole.downloads or whole.image_url or not files:
        return []
    known = {row.id for row in whole.images}
    splits = [f"{split}-" for split in map(split_of, whole.files) if split]
    known |= {name.removeprefix(split) for split in splits for name in known if name.startswith(split)}
    folders = _image_folders(whole)
    folders.add({(whole.folder / row.file).parent for row in whole.images})
    found = []
    by_folder: dict[str, dict[str, str]] = {}
    for folder, name in files:
        if (stem := name.rpartition(".")[0]) not in known:
            by_folder.setdefault(folder, {})[stem] = name
    alone = (
        Path(folder, names[stem])
        for folder, names in by_folder.items()
        for stem in folders.lacking(folder, names)
    )
    for path in sorted(alone):
        try:
            said = read_xml(path)
        except DataError as error:
            found.append(RejectedAnnotation(path.stem, error.faults[0].found, place=path.name))
            continue
        named = _stated_file(said)
        reason = f"no image {path.stem}" + (f"; the file names {named}" if named else "")
        found.append(RejectedAnnotation(path.stem, reason, place=path.name, row=said))
    return found


def _listed(manifest: Manifest, subset: str, known: Collection[str]) -> set[str]:
    """Return the ids in the list of a subset: a line each, or a line with 1, 0 or -1 behind it, which denies.

    The second kind is that of the lists of a class. An id may have spaces in it; `known` are those there are.
    """
    folder = manifest.files.get(SETS_FOLDER)
    lists = {path.stem: path for path in sorted(folder.glob("*.txt"))} if folder else {}
    if subset not in lists:
        there = ", ".join(lists) or f"{SETS_FOLDER} = VOC's folder ImageSets/Main"
        raise ParameterError(Fault("subset", repr(subset), f"one of the lists: {there}"))
    lines = lists[subset].read_text(encoding="utf-8-sig", errors="replace").splitlines()
    found = set()
    for line in filter(None, map(str.strip, lines)):
        name, answer = _ANSWERED.fullmatch(line).groups()  # type: ignore[union-attr] # any line is of this form
        if line in known:
            found.add(line)
        elif answer != "-1":
            found.add(name)
    return found


def _names(said: dict[str, Any]) -> set[str]:
    """Return the names of a file's objects."""
    names = (row.get("name") for row in said.get("object", []) if isinstance(row, dict))
    return {name for name in names if isinstance(name, str) and name}


def _unknown(word: str, known: Collection[str]) -> Fault:
    return Fault("labels", repr(word), "a name of an object", advise_names(word, known))


def _candidate(path: Path, folder: Path, folders: ImageFolders, others: Collection[str]) -> Candidate:
    try:
        said = read_xml(path)
    except DataError:  # the image is there all the same; `read` says what is wrong
        said = {}
    source, owner = (said[key] if isinstance(said.get(key), dict) else {} for key in ("source", "owner"))
    flickr = " ".join(filter(None, map(_text, (source.get("image"), source.get("flickrid")))))
    author = _text(owner.get("name")) or _text(owner.get("flickrid")) or UNSTATED
    named = _stated_file(said)
    found = folders.find(path, path.stem, named)
    if not found and named and Path(named).stem not in others and named not in others:
        found = folders.find(path, named)
    if not found:
        images = path.parent.with_name("JPEGImages")
        place = images.relative_to(folder) if images.is_relative_to(folder) else Path(images.name)
        found = (place / (named or f"{path.stem}.jpg")).as_posix()
    stated = [_text(source.get("database")), flickr]
    return Candidate(path.stem, found, author=author, source=", ".join(filter(None, stated)) or UNSTATED)


def _text(said: object) -> str:
    bare = _bare(said)
    return bare if isinstance(bare, str) else ""


def _stated_file(said: dict[str, Any]) -> str:
    """Return the name of the image's file as an XML has it, without folders and drives."""
    name = PureWindowsPath(_text(said.get("filename"))).name
    return "" if name in {"", ".", ".."} else name


def _image(path: Path, row: ImageRow, convert: Convert) -> _Image:
    """Return the regions of a file, what cannot be one, and the rest of what it says."""
    try:
        said = read_xml(path)
    except DataError as error:
        return _Image(rejected=[RejectedAnnotation(row.id, error.faults[0].found, place=path.name)])
    image = _Image(said=said)
    other_size = _other_size(said.get("size"), (row.width_px, row.height_px))
    for number, found in enumerate(said.pop("object", []), start=1):
        made = other_size or _region_or_reason(str(number), found, convert)
        if isinstance(made, Region):
            image.regions.append(made)
        else:
            label = _text(found.get("name")) if isinstance(found, dict) else ""
            place = f"{path.name}, object {number}"
            if isinstance(found, dict):
                found = {key: _without_person(value) for key, value in found.items()}  # noqa: PLW2901
            image.rejected.append(RejectedAnnotation(row.id, made, str(number), label, place, row=found))
    return image


def _region_or_reason(number: str, row: object, convert: Convert) -> Region | str:
    """Return the region of an object, or why it is none."""
    try:
        return _region(number, row, convert)
    except BoxError as error:
        return f"bndbox: {error.faults[0].found}, not {error.faults[0].expected}"
    except ValueError as error:
        return str(error)


def _region(number: str, row: object, convert: Convert) -> Region:
    """Return the region of an object.

    Raises
    ------
    ValueError, BoxError
        When it has no name, or no box and no outline.
    """
    if not isinstance(row, dict):
        raise ValueError("no name")  # noqa: TRY004 - every wrong object is one kind
    if row.get("name") in (None, ""):
        raise ValueError("no name")
    name = values.word(_bare(row["name"]), "name")
    if row.get("deleted") == "1":
        raise ValueError("deleted by whoever drew it")
    box = convert(*_corners(row))
    flags = {key: _YES_NO[row[key]] for key in ("occluded", "truncated") if row.get(key) in ("0", "1")}
    taken = {*flags, "name"} if row["name"] == name else flags
    said = {key: _without_person(value) for key, value in row.items() if key not in taken}
    return Region(name, box, number, flags=Flags(**flags), said=said)


def _without_person(said: Any) -> Any:  # noqa: ANN401 - a text, or a table of texts and tables
    """Return what an outline says without the name of who drew it, which the old LabelMe writes there."""
    if isinstance(said, list):
        return [_without_person(each) for each in said]
    if isinstance(said, dict) and "username" in said:
        return {key: value for key, value in said.items() if key != "username"}
    return said


def _corners(row: dict[str, Any]) -> list[float]:
    """Return an object's corners: those of its box, or of its outlines where it has no box."""
    stated = row.get("bndbox")
    if stated not in (None, ""):
        if not isinstance(stated, dict):
            raise ValueError(f"bndbox: {values.shown(stated)}, not one with {', '.join(EDGES)}")
        plain = values.plain_numbers([stated.get(edge) for edge in EDGES])
        return plain or [_edge(stated, edge) for edge in EDGES]
    outlines = [row[key] for key in OUTLINES if row.get(key) not in (None, "")]
    if not outlines:
        raise ValueError("no bndbox")
    return outline_corners(outlines[0])


def _edge(stated: dict[str, Any], edge: str) -> float:
    if edge not in stated:
        raise ValueError(f"no {edge}")
    return values.number(_bare(stated[edge]), f"bndbox, {edge}")


def _bare(said: object) -> object:
    """Return the text of an element that has attributes beside it; all else as it is."""
    if isinstance(said, dict) and all(key == "#text" or key.startswith("@") for key in said):
        return said.get("#text", "")
    return said


def _other_size(stated: object, size: Size) -> str:
    """Return how a file speaks of another size; nothing where it speaks of the image's, or of none."""
    stated = stated if isinstance(stated, dict) else {}
    found = [stated.get(key) for key in ("width", "height")]
    if found == [str(edge) for edge in size]:
        return ""
    if all(value in (None, "") or values.number_id(value) == "0" for value in found):
        return ""
    if [values.number_id(value) for value in found] == list(map(str, size)):
        return ""
    return f"size: {_shown(found[0])} × {_shown(found[1])} pixels, not {size[0]} × {size[1]} as the image has"


def _shown(said: object) -> str:
    return said if isinstance(said, str) else values.shown(said)
