"""The images of ImageNet's challenge (ILSVRC2012) as they lie on the disk, listed and not unpacked.

`train`, `val` and `test` of the manifest's files are each a folder or an archive. A folder holds images,
or folders `nXXXXXXXX` of images; an archive the same, or tars `nXXXXXXXX.tar` of images, as
`ILSVRC2012_img_train.tar` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.datasets import imagenet_boxes
from retrain_kit.datasets.formats.wordnet import SYNSET_ID
from retrain_kit.datasets.transfer import archive_members
from retrain_kit.errors import DataError, Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.transfer.archive_members import Member
    from retrain_kit.studies.manifests import ImageRow, Manifest


SUBSETS = ("train", "val", "test")
ENDINGS = {".jpeg", ".jpg", ".png"}


@dataclass(frozen=True)
class SubsetImage:
    """An image of the data set.

    Parameters
    ----------
    file
        Where it is, or will be, below the study's folder.
    archive
        As in `sampling.Candidate`.
    """

    file: str
    archive: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The file's name without ending."""
        return PurePosixPath(self.file).stem


def available_subsets(manifest: Manifest, subset: str) -> list[str]:
    """Return the subsets that a rule allows: the one it names, or all that the study has.

    Raises
    ------
    ParameterError
        When the study does not have that subset.
    DataError
        When it has none.
    """
    there = [part for part in SUBSETS if part in manifest.files]
    if not there:
        expected = "some of train, val and test, folders or archives"
        raise DataError(Fault(f"{manifest.name}.toml, files", "none of the images", expected))
    if subset and subset not in there:
        raise ParameterError(Fault("subset", repr(subset), f"one that the study has: {', '.join(there)}"))
    return [subset] if subset else there


def subset_images(manifest: Manifest, part: str, synsets: Collection[str] | None) -> Iterator[SubsetImage]:
    """Yield the images of a subset; of folders and tars named by a synset, only these (None: all).

    Raises
    ------
    DataError
        When there is neither folder nor archive, or the archive is broken.
    """
    place = manifest.files[part]
    below = place.relative_to(manifest.folder).as_posix()
    if place.is_dir():
        yield from (SubsetImage(f"{below}/{path}") for path in _in_folder(place, synsets))
    elif place.is_file():
        yield from (_in_archive(part, below, chain) for chain in _members(place, synsets))
    else:
        raise DataError(Fault(str(place), "nothing", "a folder or an archive of images"))


def synset_in(name: str) -> str:
    """Return the synset that the name of a training image begins with; an empty text in other names."""
    synset = name.partition("_")[0]
    return synset if SYNSET_ID.fullmatch(synset) else ""


def _in_folder(place: Path, synsets: Collection[str] | None) -> Iterator[str]:
    for path in sorted(place.iterdir()):
        if path.suffix.lower() in ENDINGS:
            yield path.name
        elif SYNSET_ID.fullmatch(path.name) and path.is_dir() and (synsets is None or path.name in synsets):
            names = sorted(each.name for each in path.iterdir() if each.suffix.lower() in ENDINGS)
            yield from (f"{path.name}/{name}" for name in names)


def _members(place: Path, synsets: Collection[str] | None) -> Iterator[tuple[str, ...]]:
    """Yield the names of the images in an archive, and in the tars in it."""
    with archive_members.open_archive(place) as file:
        for member in archive_members.read_members(file):
            path = PurePosixPath(member.name)
            if _is_image(member):
                yield (member.name,)
            elif path.suffix == ".tar" and (synsets is None or path.stem in synsets):
                with member.open() as inner:
                    yield from (
                        (member.name, each.name)
                        for each in archive_members.read_members(inner)
                        if _is_image(each)
                    )


def _is_image(member: Member) -> bool:
    return member.kind == "file" and PurePosixPath(member.name).suffix.lower() in ENDINGS


def _in_archive(part: str, archive: str, chain: tuple[str, ...]) -> SubsetImage:
    """Return an image of an archive; it comes to lie in its subset's folder, or in its synset's there."""
    path = PurePosixPath(chain[0])
    synset = path.stem if len(chain) > 1 else path.parent.name
    folder = f"{part}/{synset}" if SYNSET_ID.fullmatch(synset) else part
    return SubsetImage(f"{folder}/{PurePosixPath(chain[-1]).name}", (archive, *chain))


# -- the boxes of ImageNet's images: an XML for each image that has some, looked for by its name.


class XmlBoxes:
    """The XMLs of a study, if it has any, read for some of its images at a time."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._place = manifest.files.get("boxes")
        self._faults: list[Fault] = []
        self._met = False
        if self._place and not self._place.is_dir():
            expected = "the unpacked boxes of the localisation set"
            self._faults.append(Fault(str(self._place), "no folder", expected))
            self._place = None

    def samples_of(self, images: Iterable[ImageRow]) -> dict[str, Sample]:
        """Return those images that have an XML, with its boxes or with why it is none."""
        place = self._place
        found = {image: path for image in images if place and (path := _xml(place, image.id))}
        if not found:
            return {}
        self._met = True
        files = {image.id: path for image, path in found.items()}
        try:
            samples = imagenet_boxes.read(replace(self._manifest, images=tuple(found), files=files))
        except DataError as error:
            self._faults += error.faults
            return {}
        return {sample.id: sample for sample in samples}

    def faults(self) -> list[Fault]:
        """Return the faults of the XMLs of all images asked for."""
        if not self._place or self._met or any(self._place.rglob("*.xml")):
            return self._faults
        expected = "nXXXXXXXX/*.xml, val/*.xml, or train and val of such"
        return [*self._faults, Fault(str(self._place), "no XML", expected)]


def _xml(place: Path, name: str) -> Path | None:
    synset = synset_in(name)
    folders = ("", "val", synset, f"train/{synset}")
    return next((path for each in folders if (path := place / each / f"{name}.xml").is_file()), None)
