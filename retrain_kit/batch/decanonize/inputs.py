"""Studies: what a batch works through, a manifest's or a folder's images, one after the other.

A folder needs no manifest: annotations in the kit's own format, `annotations.jsonl`, lie in it and name each
image by its path below the folder. The folder may be an address with `://`. What is no image is left out, and
the reason is listed.

A study is read once, before anything is written; what the batch needs of it lies on the disk from then on.
"""

from __future__ import annotations

import hashlib
import posixpath
import unicodedata
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from tqdm import tqdm

from retrain_kit import datasets
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations import rejections
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.samples import Flags, Region, RejectedAnnotation
from retrain_kit.batch.decanonize import locations
from retrain_kit.datasets import folder, images
from retrain_kit.datasets import veil as veils
from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES
from retrain_kit.errors import DataError, Fault, ParameterError, without_secrets
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledNames, SpilledValues
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrain_kit.annotations.samples import Sample, Size
    from retrain_kit.batch.decanonize.locations import StorageFolder
    from retrain_kit.imaging.masking import Shape
    from retrain_kit.studies.manifests import Manifest


SUFFIXES_BY_FORMAT = {
    ".jpg": {".jpg", ".jpeg", ".jpe", ".jfif"},
    ".png": {".png"},
    ".webp": {".webp"},
}
"""The endings that say the same as the one a format is given here."""

MASK_SUFFIX = ".mask.png"
_BARE = ".image"


def output_name(file: str, ending: str) -> str:
    """Return the name for what is made of `file`, below the folder of the result.

    Parameters
    ----------
    file
        The image's path below its study's folder, with slashes.
    ending
        A key of `SUFFIXES_BY_FORMAT`, by what is written; empty where the file stays what it is.
    """
    path = PurePosixPath(file)
    own = path.suffix.lower()
    stays = own in (SUFFIXES_BY_FORMAT[ending] if ending else IMAGE_SUFFIXES)
    if stays and PurePosixPath(path.stem).suffix.lower() not in {*IMAGE_SUFFIXES, _BARE, ".mask"}:
        return file
    return file + ("" if own in IMAGE_SUFFIXES else _BARE) + (ending or own or ".bin")


def mask_name(output: str) -> str:
    """Return the name of the mask beside an image."""
    return output + MASK_SUFFIX


@dataclass(frozen=True)
class Task:
    """An image to be decanonized.

    Parameters
    ----------
    row
        Its place in the study, from 0.
    id
        As in the study.
    file
        Its path below the study's folder, with slashes; of no two tasks the same.
    source
        Where it is read: a path, or an address with `://`.
    regions
        What is to be removed.
    size
        Width and height of the upright image as the study says; None where it does not.
    rotation_deg
        As in `samples.Sample`.
    sha256
        What the file must be; empty where the study does not say.
    rejected
        As in `journals.JournalEntry`.
    """

    row: int
    id: str
    file: str
    source: str
    regions: tuple[Region, ...] = ()
    size: Size | None = None
    rotation_deg: int | None = None
    sha256: str = ""
    rejected: tuple[Mapping[str, str], ...] = ()


def bare_regions(regions: Iterable[Region], shape: Shape) -> tuple[Region, ...]:
    """Return regions with their geometry alone, and of that what the shape needs: they travel to workers."""
    if shape == "box":
        return tuple(Region("", region.box) for region in regions)
    return tuple(
        replace(region, label="", annotator="", flags=Flags(), clicks=(), said={}) for region in regions
    )


ANNOTATIONS_NAME = "annotations.jsonl"


def inputs_from_folder(
    root: str, found: Iterable[tuple[str, str]], shape: Shape, *, accepted: bool = False
) -> BatchInputs:
    """Read the images of a folder with annotations in it.

    Parameters
    ----------
    root
        The folder, or an address with `://`.
    found
        The files in it in any order, and why one of them cannot be read; an empty text where it can.
    shape
        What the annotations cover.
    accepted
        Whether the content notice was accepted: then all words are written as they are.

    Raises
    ------
    DataError
        When there are no annotations or no images, or with their faults.
    """
    veil, files = StudyVeil(lifted=accepted), SpilledNames()
    study = BatchInputs(PurePosixPath(without_secrets(root)).name or "folder", veil=veil)
    has_annotations = False
    for file, why in found:
        if file == ANNOTATIONS_NAME and not why:
            has_annotations = True
        elif why := listings.why_left_out(file, why):
            study.left_out[file] = why
        else:
            files.add(file)
    if not has_annotations:
        do = f"Put the annotations there as {ANNOTATIONS_NAME}; without them nothing can be taken out."
        raise DataError(
            Fault(root, f"no {ANNOTATIONS_NAME}", "a folder of images with their annotations", do)
        )
    if not len(files):
        why = "; ".join(listings.left_out_in_words(study.left_out))
        raise DataError(Fault(root, f"no images ({why})" if why else "no images", "a folder of images"))
    digest = hashlib.sha256()
    names = _ImageNames(files, study.left_out)
    annotations = _annotations(f"{root}/{ANNOTATIONS_NAME}", names, digest)
    digest, rejected = hashlib.sha256(digest.digest()), list[RejectedAnnotation]()
    for row, file in enumerate(files):
        name = images.id_of_path(file)
        found_here = annotations.annotations_of(name)
        regions = [annotation for annotation in found_here if isinstance(annotation, Region)]
        veil.look_at_annotations(regions)
        lost = [annotation for annotation in found_here if isinstance(annotation, RejectedAnnotation)]
        task = Task(row, name, file, f"{root}/{file}", bare_regions(regions, shape))
        study.add(replace(task, rejected=tuple(map(_rejected, lost))) if lost else task, Credit(name))
        rejected += lost
        digest.update(f"\n{file}".encode() if row else file.encode())
    annotations.check()
    study.rejections = Rejections(tuple(rejected), (*annotations.unmatched, *names.unmatched))
    rejections.note_rejections(study.name, study.shown_rejections())
    study.digest = digest.hexdigest()
    return study


_NAMES_REMEMBERED = 100


class _ImageNames:
    """How annotations may call the images of a folder: by id, or by path in any spelling of it.

    Parameters
    ----------
    files
        The paths of the images.
    left_out
        Those of other files, and why they are none.

    Attributes
    ----------
    unmatched
        The annotations that speak of a file that was left out.
    """

    def __init__(self, files: SpilledNames, left_out: Mapping[str, str]) -> None:
        self._files, self._left_out = files, left_out
        self._file = lru_cache(_NAMES_REMEMBERED)(self._look_up)
        self.unmatched: list[RejectedAnnotation] = []

    def listed(self, image: str) -> bool:
        """Say whether there is an image of that name; one that was left out is noted, and counts as one."""
        if self._file(image):
            return True
        aside = next((path for path in (image, images.path_of_id(image)) if path in self._left_out), "")
        if aside:
            reason = f"its image was left out: {self._left_out[aside]}"
            self.unmatched.append(RejectedAnnotation(aside, reason, place=ANNOTATIONS_NAME))
        return bool(aside)

    def id_of(self, image: str) -> str:
        """Return the id of the image of a name."""
        return images.id_of_path(self._file(image) or image)

    def _look_up(self, image: str) -> str:
        """Return the path that a name means; an empty text where it means none."""
        by_id = images.path_of_id(image)
        if by_id in self._files and images.id_of_path(by_id) == image:
            return by_id
        if image in self._files:
            return image
        plain = posixpath.normpath(image.replace("\\", "/"))
        if plain in self._files:
            return plain
        same = self._by_composed_name.get(unicodedata.normalize("NFC", plain), [])
        return same[0] if len(same) == 1 else ""

    @cached_property
    def _by_composed_name(self) -> dict[str, list[str]]:
        """The paths that Unicode can write in more than one way, by the form that is composed."""
        found: dict[str, list[str]] = {}
        for file in self._files:
            if not file.isascii():
                found.setdefault(unicodedata.normalize("NFC", file), []).append(file)
        return found


def _annotations(where: str, names: _ImageNames, digest: hashlib._Hash) -> folder.AnnotationsOnDisk:
    """Return the annotations of a file, and digest its lines; they name images by path or by id."""

    def lines() -> Iterator[bytes]:
        with locations.open_file(where) as file:
            for line in texts.in_utf8(file):
                digest.update(line)
                yield line

    return folder.AnnotationsOnDisk(lines(), Path(where), names.listed, names.id_of)


UNKNOWN = "unknown"


@dataclass(frozen=True)
class Credit:
    """What goes on into the result's table of what a study says of an image."""

    id: str
    licence: str = UNKNOWN
    author: str = UNKNOWN
    source: str = UNKNOWN
    note: str = ""
    notice: str = ""
    leaves_out: str = ""


class BatchInputs:
    """What a batch works through; every pass gives the same images in the same order.

    Parameters
    ----------
    name
        Of the study, or of the folder.
    manifest
        The study's; None for a folder.
    veil
        The veil over it: what is written of its words, and of names that hold them, is what it shows.

    Attributes
    ----------
    left_out
        Why files of a folder are not among its images, by their paths.
    rejections
        What could not be taken of its annotations.
    """

    def __init__(self, name: str, manifest: Manifest | None = None, veil: StudyVeil | None = None) -> None:
        self.name, self.manifest = name, manifest
        self.veil = StudyVeil() if veil is None else veil
        self.digest = manifest.digest if manifest else ""
        self.left_out: dict[str, str] = {}
        self.rejections = Rejections()
        self._shelf = SpilledValues()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, task: Task, credit: Credit) -> None:
        """Put an image behind all others."""
        self._shelf.put("", (task, credit))
        self._count += 1

    def tasks(self) -> Iterator[Task]:
        """Yield the images' tasks."""
        shown = _as_it_is if self.veil.hides_nothing else self._shown_task
        return (shown(task) for task, _ in self._shelf)

    def _shown_task(self, task: Task) -> Task:
        """Return a task under the veil; where its image is read, and what of it, stays."""
        veil = self.veil
        rejected = tuple(
            {name: veil.label_or_text(said) for name, said in each.items()} for each in task.rejected
        )
        return replace(task, id=veil.name(task.id), file=veil.file(task.file), rejected=rejected)

    def credits(self) -> Iterator[Credit]:
        """Yield what goes on into the result's table."""
        shown = _as_it_is if self.veil.hides_nothing else self._shown_credit
        return (shown(credit) for _, credit in self._shelf)

    def _shown_credit(self, credit: Credit) -> Credit:
        said = {each.name: self.veil.told(getattr(credit, each.name)) for each in fields(credit)}
        return Credit(**{**said, "id": self.veil.name(credit.id)})

    def shown_rejections(self) -> Rejections:
        """Return what could not be taken of the annotations, under the veil."""
        return self.veil.rejections(self.rejections)

    def shown_left_out(self) -> dict[str, str]:
        """Return why files of a folder are not among its images, both under the veil."""
        return {self.veil.file(path): self.veil.told(why) for path, why in self.left_out.items()}


_Value = TypeVar("_Value")


def _as_it_is(value: _Value) -> _Value:
    return value


_FOLDERS = 1000


def find_inputs(
    text: str, out: StorageFolder, shape: Shape = "box", *, accepted: bool = False, shown: bool = False
) -> BatchInputs:
    """Return the study of this name or path, or the folder.

    Parameters
    ----------
    text
        Its name, its path or its address.
    out
        Where the result goes.
    shape
        What the annotations cover.
    accepted
        Whether the content notice was accepted: then all words are written as they are.
    shown
        Show how far the reading is, where the standard error is a terminal.

    Raises
    ------
    KitError
        When there is none, or nothing to be taken out of its images; or the result would lie among them.
    """
    if "://" in text and not text.startswith("file://"):
        return inputs_from_folder(
            text.rstrip("/"), ((file, "") for file in locations.list_files(text)), shape, accepted=accepted
        )
    text = text.removeprefix("file://")
    folder = manifests.find_folder(text)
    if folder is None:
        manifest = manifests.load(text, keep=False)
        return inputs_from_manifest(manifest, out, shape, accepted=accepted, shown=shown)
    root = folder.resolve()
    if not _outside(root, out.folder):
        raise ParameterError(Fault("out", text, "another folder than that of the originals"))
    found = listings.files_in_folder(root, out.folder)
    return inputs_from_folder(str(root), found, shape, accepted=accepted)


def inputs_from_manifest(
    manifest: Manifest, out: StorageFolder, shape: Shape, *, accepted: bool = False, shown: bool = False
) -> BatchInputs:
    """Read the images of a manifest's study; of two with one file, the second gets another name.

    Raises
    ------
    DataError
        With the faults of its files.
    ParameterError
        When the result would lie among its images.
    """
    veil = StudyVeil(lifted=True) if accepted else veils.study_veil(manifest)
    study, taken = BatchInputs(manifest.name, manifest, veil), SpilledNames()
    root = manifest.folder.resolve()
    inside: Path | None = None
    resolved = lru_cache(_FOLDERS)(Path.resolve)
    rejected, unmatched = list[RejectedAnnotation](), list[RejectedAnnotation]()
    samples = tqdm(
        datasets.stream(manifest, unmatched, rejected),
        desc="reading",
        total=len(manifest.images),
        unit=" images",
        delay=1,
        leave=False,
        disable=None if shown else True,
    )
    with veil.over_errors():
        for sample in veil.looking_at(samples):
            path = resolved(sample.path.parent) / sample.path.name
            file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
            path = path.resolve() if path.is_symlink() else path
            if inside is None and not _outside(path, out.folder):
                inside = sample.path
            study.add(_task(len(study), sample, _free(file, taken), path, shape), _credit(sample))
    study.rejections = Rejections(tuple(rejected), tuple(unmatched))
    if inside:
        found = f"{out.root}, in which {inside} lies"
        fault = Fault("out", found, "another folder than that of the originals")
        raise ParameterError(veil.fault(fault))
    return study


def _task(row: int, sample: Sample, file: str, path: Path, shape: Shape) -> Task:
    return Task(
        row,
        sample.id,
        file,
        str(path),
        bare_regions(sample.regions, shape),
        sample.size if all(sample.size) else None,
        sample.rotation_deg,
        sample.provenance.sha256,
        tuple(map(_rejected, sample.rejected)),
    )


def _rejected(annotation: RejectedAnnotation) -> dict[str, str]:
    """Return what a log says of an annotation that could not be taken."""
    names = ("id", "label", "reason", "place", "kept")
    return {name: text for name in names if (text := getattr(annotation, name))}


def _credit(sample: Sample) -> Credit:
    of = sample.provenance
    said = (of.licence or UNKNOWN, of.author or UNKNOWN, of.source or UNKNOWN, of.note)
    return Credit(sample.id, *said, sample.notice, sample.leaves_out)


def _outside(path: Path, place: Path | None) -> bool:
    return not (place and path.is_relative_to(place))


def _free(file: str, taken: SpilledNames) -> str:
    """Return the name, or one with a number where it is taken, and take it."""
    stem, suffix = posixpath.splitext(file)
    name, number = file, 1
    while not taken.add(name.casefold()):
        number += 1
        name = f"{stem}~{number}{suffix}"
    return name
