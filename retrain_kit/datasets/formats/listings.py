"""Listings: which images a data set has, read off its folders or off its archives as distributed.

The manifest's `images` is a folder or an archive (zip, or tar in any compression); without it, the
study's own folder. Nothing is unpacked. Hidden files, files that are no image by their ending, what is no
file and links that lead out of the folder are left out, with the reason.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault, ParameterError, advise_names, names_in_words, reason_of
from retrain_kit.studies import manifests
from retrain_kit.studies.sampling import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest

    Words = Callable[["ListedImage"], Collection[str]]


_ENDINGS = """
apng avif avifs bmp dib gif heic heif hif j2k jfif jp2 jpe jpeg jpf jpg jpx jxl mpo pbm pcx pgm png pnm ppm
qoi sgi tga tif tiff webp xbm
"""
IMAGE_SUFFIXES = frozenset(f".{name}" for name in _ENDINGS.split())
"""The endings of images; whether this machine can decode one shows when it is opened."""
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


def left_out_in_words(left_out: Mapping[str, str]) -> list[str]:
    """Return a line for each reason why files were left out: how many, and the first of them by name."""
    grouped: dict[str, list[str]] = {}
    for path, why in left_out.items():
        grouped.setdefault(reason_in_short(why), []).append(path)
    lines = [(len(paths), why, names_in_words(sorted(paths))) for why, paths in sorted(grouped.items())]
    return [f"left out: {count:,} ({why}): {names}" for count, why, names in lines]


def reason_in_short(why: str) -> str:
    """Return a reason without what is said of the one file alone, in brackets."""
    return why.partition(" (")[0].partition(": ")[0]


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
        members = [(path, "", why) for path, why in sorted(files_in_folder(place))]
    elif place.is_file():
        members = list(_in_archive(place))
    else:
        do = manifest.access.how
        raise DataError(Fault(str(place), "nothing", "a folder of images, or an archive of one", do))
    here = place.relative_to(manifest.folder).as_posix()
    own = {str(each) for each in (*manifests.own_files(manifest.toml), *manifest.files.values())}
    images, left_out = [], {}
    for path, member, why in members:
        if str(place / path) in own:
            continue
        if why := why_left_out(path, why):
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


def why_unfit(path: str) -> str:
    """Return why a file is not listed as an image, by its name; an empty text where it is."""
    parts = path.split("/")
    if any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return HIDDEN
    _, dot, ending = parts[-1].rstrip(" .").rpartition(".")
    if f"{dot}{ending}".lower() not in IMAGE_SUFFIXES:
        return "no image, by its ending"
    if path.isascii():
        return ""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "a name that is no text in UTF-8"
    return ""


def why_left_out(path: str, why: str) -> str:
    """Return why a file is left out: hidden before all else, then for what it is, then by its name."""
    unfit = why_unfit(path)
    return unfit if unfit == HIDDEN or not why else why


HIDDEN, OUTSIDE, LINKED_FOLDER = "hidden", "a link out of the folder", "a linked folder"


def files_in_folder(folder: Path, besides: Path | None = None) -> Iterator[tuple[str, str]]:
    """Yield the path of each file below a folder, and why it is left out where it is none to be read.

    Parameters
    ----------
    folder
        The folder; those in it are gone through too, in any order.
    besides
        A folder in it that is passed over.
    """
    root = folder.resolve()
    left = [(folder, "")]
    while left:
        place, below = left.pop()
        try:
            with os.scandir(place) as found:
                for entry in found:
                    path = below + entry.name
                    if not entry.is_dir(follow_symlinks=False):
                        yield path, why_no_file(entry, root)
                    elif Path(entry.path) != besides:
                        left.append((Path(entry.path), f"{path}/"))
                        if PurePosixPath(entry.name).suffix.lower() in IMAGE_SUFFIXES:
                            yield path, "a folder by the name of an image"
        except OSError as error:
            yield below.rstrip("/") or ".", f"a folder that cannot be read ({error.strerror})"


def why_no_file(entry: os.DirEntry[str], root: Path) -> str:
    """Return why an entry of a folder is no file to be read; an empty text where it is."""
    try:
        if entry.is_symlink():
            target = Path(os.path.realpath(entry.path))
            if entry.is_dir():
                return LINKED_FOLDER
            if not target.exists():
                return "a link to nothing"
            if not target.is_relative_to(root):
                return OUTSIDE
        return "" if entry.is_file() else "no file, but a pipe or a device"
    except OSError as error:
        return f"a file that cannot be read ({error.strerror})"


def _in_archive(archive: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the path of each file of an archive, its name there, and why it is left out."""
    try:
        members = list(_members(archive))
    except _BROKEN as error:
        fault = Fault(
            str(archive), f"no whole archive ({reason_of(error)})", "a zip or tar", "Fetch it again."
        )
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
            faults.append(Fault(str(path), f"no archive ({reason_of(error)})", "a zip of images"))
            continue
        place = path.relative_to(manifest.folder).as_posix()
        found.update({"/".join(member.split("/")[-2:]): (place, member) for member in names})
    if faults:
        raise DataError(*faults)
    return found
