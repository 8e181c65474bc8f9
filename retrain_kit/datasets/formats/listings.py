"""Listings: which images a data set has, read off its folders or off its archives as distributed.

The manifest's `images` is a folder or an archive (zip, or tar in any compression); without it, the
study's own folder. Nothing is unpacked. Hidden files, files that are no image by their ending and links
that lead out of the folder are left out, with the reason.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault, ParameterError, advise_names
from retrain_kit.studies.sampling import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest

    Words = Callable[["ListedImage"], Collection[str]]


IMAGE_SUFFIXES = {".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"}
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, OSError, EOFError)


@dataclass(frozen=True)
class ListedImage:
    """An image of a data set.

    Parameters
    ----------
    path
        Below the folder of images, or in the archive, with slashes.
    file
        Where it is, or will be, below the study's folder.
    archive
        As in `sampling.Candidate`.
    """

    path: str
    file: str
    archive: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The file's name without ending."""
        return PurePosixPath(self.path).stem

    @property
    def folder(self) -> str:
        """The name of the folder it lies in."""
        return PurePosixPath(self.path).parent.name


@dataclass(frozen=True)
class ImageListing:
    """The images of a data set, and why other files are not among them, by their paths."""

    images: tuple[ListedImage, ...]
    left_out: dict[str, str]


def list_images(manifest: Manifest) -> ImageListing:
    """List the images of a study's data set, whatever the study looks at.

    Raises
    ------
    DataError
        When there is neither folder nor archive, or the archive is broken or climbs out of its folder.
    """
    place = manifest.files.get("images", manifest.folder)
    if place.is_dir():
        members = [(path, "", why) for path, why in _in_folder(place)]
    elif place.is_file():
        members = list(_in_archive(place))
    else:
        do = manifest.access.how
        raise DataError(Fault(str(place), "nothing", "a folder of images, or an archive of one", do))
    here = place.relative_to(manifest.folder).as_posix()
    images, left_out = [], {}
    for path, member, why in members:
        if why := why or _unfit(path):
            left_out[path] = why
        elif member:
            images.append(ListedImage(path, path, (here, member)))
        else:
            images.append(ListedImage(path, (PurePosixPath(here) / path).as_posix()))
    return ImageListing(tuple(images), left_out)


def images_by_id(manifest: Manifest, keep: Callable[[ListedImage], bool] = bool) -> dict[str, ListedImage]:
    """Return the images worth keeping by their files' names without ending.

    Raises
    ------
    DataError
        When there are none, or two of one name.
    """
    found: dict[str, ListedImage] = {}
    faults = []
    for each in filter(keep, list_images(manifest).images):
        if each.stem in found:
            faults.append(Fault(each.path, f"{each.stem} a second time", f"{found[each.stem].path} alone"))
        found[each.stem] = each
    if not found:
        place = manifest.files.get("images", manifest.folder)
        faults = [Fault(str(place), "no such images", "the data set as distributed", manifest.access.how)]
    if faults:
        raise DataError(*faults)
    return found


def ids_with_labels(manifest: Manifest, listed: dict[str, ListedImage], words: Words) -> list[str]:
    """Return the ids of the images that bear one of the rule's labels; all of them where it has none.

    Raises
    ------
    ParameterError
        When no image bears one of the labels; all such together.
    """
    labels = set(manifest.draw.labels) if manifest.draw else set()
    check_words("labels", labels, {word for each in listed.values() for word in words(each)})
    return [name for name, each in listed.items() if not labels or labels.intersection(words(each))]


def check_words(parameter: str, asked: Iterable[str], known: Collection[str]) -> None:
    """Compare words with those that a data set knows.

    Raises
    ------
    ParameterError
        With one fault per word that it does not know, and those near it.
    """
    faults = []
    for word in sorted(set(asked).difference(known)):
        do = advise_names(word, known)
        faults.append(Fault(parameter, repr(word), "one that the data set has", do))
    if faults:
        raise ParameterError(*faults)


def candidates(listed: dict[str, ListedImage], wanted: Iterable[str], notice: str = "") -> list[Candidate]:
    """Return where the wanted images are; the notice goes with every one.

    Raises
    ------
    DataError
        With one fault per id that the data set does not have.
    """
    wanted = list(wanted)
    require_listed(wanted, listed)
    return [
        Candidate(name, listed[name].file, archive=listed[name].archive, notice=notice) for name in wanted
    ]


def require_listed(wanted: Iterable[str], known: Collection[str]) -> None:
    """Raise a `DataError` with one fault per wanted image that is not among the known."""
    faults = [Fault(name, "no such image", "one of the data set") for name in wanted if name not in known]
    if faults:
        raise DataError(*faults)


def make_samples(manifest: Manifest, make: Callable[[ImageRow], Sample], expected: str) -> list[Sample]:
    """Make a sample of each image of a study; a ValueError of `make` says what is wrong with one.

    Raises
    ------
    DataError
        With every such fault; `expected` says what should be there instead.
    """
    made, faults = [], []
    for image in manifest.images:
        try:
            made.append(make(image))
        except ValueError as error:
            faults.append(Fault(f"{manifest.name}.csv, {image.id}", str(error), expected))
    if faults:
        raise DataError(*faults)
    return made


def check_files(manifest: Manifest, *known: str) -> None:
    """Raise a `DataError` where the manifest names files that the reader does not know."""
    unknown = sorted(manifest.files.keys() - set(known))
    if unknown:
        where = f"{manifest.name}.toml, files"
        raise DataError(Fault(where, ", ".join(unknown), f"some of {', '.join(known)}"))


def _unfit(path: str) -> str:
    """Return why a file is not listed as an image; an empty text where it is."""
    pure = PurePosixPath(path)
    if any(part.startswith(".") or part == "__MACOSX" for part in pure.parts):
        return "hidden"
    if pure.suffix.lower() not in IMAGE_SUFFIXES:
        return "no image, by its ending"
    if not path.isprintable() or path != path.strip():
        return "a name that cannot stand in a table"
    return ""


def _in_folder(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the path of each file, and why it is left out where it is a link to somewhere else."""
    root = folder.resolve()
    for base, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(base, name)
            outside = not path.resolve().is_relative_to(root)
            yield path.relative_to(folder).as_posix(), "a link out of the folder" if outside else ""
        for name in folders:
            if Path(base, name).is_symlink():
                yield Path(base, name).relative_to(folder).as_posix(), "a linked folder"


def _in_archive(archive: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the path of each file of an archive, its name there, and why it is left out."""
    try:
        members = list(_members(archive))
    except _BROKEN as error:
        fault = Fault(str(archive), f"no whole archive ({error})", "a zip or tar", "Fetch it again.")
        raise DataError(fault) from None
    climbing = [name for name, _ in members if name.startswith("/") or ".." in PurePosixPath(name).parts]
    if climbing:
        expected = "names inside the archive's folder"
        raise DataError(*(Fault(f"{archive}, member", repr(name), expected) for name in climbing))
    for name, why in members:
        yield PurePosixPath(name).as_posix(), name, why


def _members(archive: Path) -> Iterator[tuple[str, str]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            yield from ((entry.filename, "") for entry in opened.infolist() if not entry.is_dir())
        return
    with tarfile.open(archive) as opened_tar:
        for entry in opened_tar:
            if not entry.isdir():
                yield entry.name, "" if entry.isfile() else "a link"


# -- archives of images as distributed: where in them each image lies, without unpacking one.


ARCHIVE_PREFIX = "images"
"""How the names begin, among a manifest's files, of archives and folders of images."""


def archive_members(manifest: Manifest) -> dict[str, tuple[str, str]]:
    """Return archive and member of each image, by its folder and file: the last two parts of its name.

    An archive that is not there yet holds nothing.

    Raises
    ------
    DataError
        With each archive that cannot be read as one.
    """
    found: dict[str, tuple[str, str]] = {}
    faults = []
    for name, path in manifest.files.items():
        if not (name.startswith(ARCHIVE_PREFIX) and path.suffix == ".zip" and path.is_file()):
            continue
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except (OSError, zipfile.BadZipFile) as error:
            faults.append(Fault(str(path), f"no archive ({error})", "a zip of images"))
            continue
        place = path.relative_to(manifest.folder).as_posix()
        found.update({"/".join(member.split("/")[-2:]): (place, member) for member in names})
    if faults:
        raise DataError(*faults)
    return found
