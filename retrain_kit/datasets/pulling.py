"""Pulling: bring what a study needs onto this machine, and pin what it looks at.

What is already here is never fetched again. A pull that was cut goes on where it was: tables and images
that are whole stay, a half one is continued. The study's own files are written at the end, or not at all.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit import datasets
from retrain_kit.datasets import pinning
from retrain_kit.datasets.transfer import archives, download
from retrain_kit.errors import DataError, Fault, KitError
from retrain_kit.imaging import decoding
from retrain_kit.storage import files
from retrain_kit.studies import manifests, sampling
from retrain_kit.studies.manifests import ImageRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    import tomlkit

    from retrain_kit.studies.data_access import Download
    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.sampling import Candidate

MAX_SIZE_QUERIES = 50
"""So many images at most are asked for their size beforehand; the rest is estimated from them."""


@dataclass(frozen=True)
class FileToFetch:
    """Something to be fetched: what it is, where it goes, and its size in bytes, where the server says it."""

    what: str
    size_bytes: int | None

    def __str__(self) -> str:
        return f"{self.what}: {size_in_words(self.size_bytes)}"


def size_in_words(size_bytes: int | None) -> str:
    """Return a number of bytes in words."""
    if size_bytes is None:
        return "size not stated"
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.1f} {unit}"
    return f"{size_bytes} bytes"


def files_to_fetch(manifest: Manifest) -> list[FileToFetch]:
    """Return the files that the study still has to fetch, with their sizes; images come after them.

    Raises
    ------
    DataError
        When the data set was withdrawn, or when files are missing that cannot be fetched, with what to do.
    """
    access = manifest.access
    if access.status == "withdrawn":
        raise DataError(Fault(manifest.name, "a data set that was withdrawn", "nothing to pull", access.how))
    missing = _missing(manifest)
    faults = [
        Fault(str(manifest.folder / each.file), "no file", "the data set's own, put there by you", access.how)
        for each in missing
        if not each.url and not (manifest.folder / each.file).is_file()
    ]
    if faults:
        raise DataError(*faults)
    fetched = [each for each in missing if not (manifest.folder / each.file).is_file()]
    return [
        FileToFetch(f"{each.url} → {manifest.folder / each.file}", download.remote_size(each.url))
        for each in fetched
    ]


def pull_study(
    manifest: Manifest, document: tomlkit.TOMLDocument, place: Path, say: Callable[[str], None] = print
) -> int:
    """Fetch the files and the images of a study, and pin it where that has not been done.

    Parameters
    ----------
    manifest
        The study, pinned or not.
    document
        Its TOML.
    place
        Where the pinned TOML goes, its table beside it.
    say
        Receives one line a step.

    Returns
    -------
    int
        How many images the study has.

    Raises
    ------
    DataError
        When something could not be fetched, or is not what its digest says.
    """
    digests = _fetch_files(manifest)
    if manifest.pinned:
        _fetch_pinned(manifest, say)
        manifests.verify_files(manifest, lambda images: tqdm(images, desc="verifying", delay=1, leave=False))
        return len(manifest.images)
    images, withdrawn = _draw(manifest, say)
    today = datetime.now(UTC).date()
    pinning.write_pinned(place, document, pinning.Pins(tuple(images), digests, withdrawn, today))
    return len(images)


# The files


def _missing(manifest: Manifest) -> list[Download]:
    """Return the downloads that are not here yet."""
    return [each for each in manifest.downloads.values() if not (manifest.folder / each.result).exists()]


def _fetch_files(manifest: Manifest) -> dict[str, str]:
    """Fetch and unpack what is missing; return the digest of each download."""
    missing = _missing(manifest)
    download.fetch_files([_target(manifest, each) for each in missing if each.url])
    for each in missing:
        if each.unpack:
            archives.unpack_archive(manifest.folder / each.file, manifest.folder / each.unpack)
    return _verified(manifest)


def _verified(manifest: Manifest) -> dict[str, str]:
    """Return the digest of each download that is here; a fault where the study states another."""
    paths = {each.name: manifest.folder / each.file for each in manifest.downloads.values()}
    here = {name: path for name, path in paths.items() if path.is_file()}
    bar = tqdm(here.items(), desc="verifying files", delay=1, leave=False)
    found = {name: files.sha256(path) for name, path in bar}
    stated = {name: manifest.downloads[name].sha256 or digest for name, digest in found.items()}
    do = "Another version of the file? Move it away and pull again."
    faults = [
        Fault(str(here[name]), f"sha256 {found[name][:12]}…", f"{digest[:12]}…", do)
        for name, digest in stated.items()
        if digest != found[name]
    ]
    if faults:
        raise DataError(*faults)
    return found


def _target(manifest: Manifest, each: Download) -> download.DownloadTarget:
    return download.DownloadTarget(each.url, manifest.folder / each.file, each.sha256, each.md5)


# The images


def _fetch_pinned(manifest: Manifest, say: Callable[[str], None]) -> None:
    missing = {image.id: image for image in manifest.images if not manifest.path(image).is_file()}
    if not missing:
        return
    candidates = [
        replace(candidate, file=missing[candidate.id].file) for candidate in _candidates(manifest, missing)
    ]
    gone = _bring(manifest, candidates, say, {image.id: image.sha256 for image in missing.values()})
    faults = [
        Fault(manifest.name, f"{name}: {why}", "the image that the study lists") for name, why in gone.items()
    ]
    if faults:
        raise DataError(*faults)


def _candidates(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    found: list[Candidate] = datasets.reader_function(manifest, "describe")(manifest, ids)
    return found


def _draw(manifest: Manifest, say: Callable[[str], None]) -> tuple[list[ImageRow], dict[str, str]]:
    """Return the images that the rule draws; where one cannot be had, why, and the next takes its place."""
    rule = manifest.draw
    if rule is None:
        raise DataError(Fault(f"{manifest.name}.toml, draw", "nothing", "the rule of a draw, or a table"))
    order = sampling.draw_order(datasets.reader_function(manifest, "ids")(manifest), rule.seed)
    say(f"drawing {min(rule.n, len(order))} of {len(order)} images with seed {rule.seed}")
    images: list[ImageRow] = []
    withdrawn: dict[str, str] = {}
    while order and len(images) < rule.n:
        lot, order = order[: rule.n - len(images)], order[rule.n - len(images) :]
        found = {candidate.id: candidate for candidate in _candidates(manifest, lot)}
        candidates = [found[name] for name in lot]
        gone = _bring(manifest, candidates, say, {})
        for candidate in candidates:
            image = None if candidate.id in gone else _image(manifest, candidate, gone)
            images += [image] if image else []
        withdrawn |= gone
    return images, withdrawn


def _bring(
    manifest: Manifest,
    candidates: Collection[Candidate],
    say: Callable[[str], None],
    digests: Mapping[str, str],
) -> dict[str, str]:
    """Bring images into the study's folder; return why those that cannot be had are missing, by id."""
    _check_places(manifest, candidates)
    absent = [each for each in candidates if not (manifest.folder / each.file).is_file()]
    _extract(manifest, [each for each in absent if each.archive])
    loose = [each for each in absent if not each.archive]
    targets = {_image_target(manifest, each, digests): each.id for each in loose if _url(manifest, each)}
    if targets:
        say(f"fetching {len(targets)} images: {_about(targets)}")
    missing = download.fetch_files(targets, at_once=download.PARALLEL_DOWNLOADS, missing_ok=True)
    gone = {targets[target]: error.faults[0].found for target, error in missing.items()}
    nowhere = [each for each in loose if not _url(manifest, each)]
    return gone | {each.id: f"no file {each.file}, and no address to fetch it from" for each in nowhere}


def _image_target(
    manifest: Manifest, candidate: Candidate, digests: Mapping[str, str]
) -> download.DownloadTarget:
    url, path = _url(manifest, candidate), manifest.folder / candidate.file
    return download.DownloadTarget(url, path, digests.get(candidate.id, ""))


def _check_places(manifest: Manifest, candidates: Iterable[Candidate]) -> None:
    """Raise where the data set's own names lead out of the study's folder."""
    root = manifest.folder.resolve()
    faults = [
        Fault(f"{manifest.name}, image {each.id!r}", repr(each.file), "a file in the study's folder")
        for each in candidates
        if not (root / each.file).resolve().is_relative_to(root)
    ]
    if faults:
        raise DataError(*faults)


def _extract(manifest: Manifest, candidates: Iterable[Candidate]) -> None:
    wanted: dict[str, dict[tuple[str, ...], Path]] = {}
    for each in candidates:
        wanted.setdefault(each.archive[0], {})[each.archive[1:]] = manifest.folder / each.file
    for archive, members in wanted.items():
        archives.extract_members(manifest.folder / archive, members)


def _url(manifest: Manifest, candidate: Candidate) -> str:
    """Return where an image can be fetched; an empty string where that is not known."""
    if not manifest.image_url:
        return candidate.url
    subset = manifest.draw.subset if manifest.draw else ""
    words = {"id": candidate.id, "file": candidate.file, "subset": subset, "url": candidate.url}
    return re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), manifest.image_url)


def _about(targets: Collection[download.DownloadTarget]) -> str:
    """Return how large the images are, estimated from the first of them where they are many."""
    sizes = [_size(target) for target in list(targets)[:MAX_SIZE_QUERIES]]
    known = [size for size in sizes if size is not None]
    if not known:
        return "size not stated"
    total = size_in_words(round(sum(known) / len(known) * len(targets)))
    return total if len(known) == len(targets) else f"about {total}"


def _size(target: download.DownloadTarget) -> int | None:
    with suppress(download.MissingError):
        return download.remote_size(target.url)
    return None


def _image(manifest: Manifest, candidate: Candidate, gone: dict[str, str]) -> ImageRow | None:
    """Return the row of an image that is here; note it as gone where it is no image."""
    path = manifest.folder / candidate.file
    try:
        width_px, height_px = decoding.image_size(path, candidate.rotation_deg)
    except KitError as error:
        gone[candidate.id] = error.faults[0].found
        return None
    words = {
        name: getattr(candidate, name)
        for name in ("id", "file", "licence", "author", "source", "note", "alt", "notice")
    }
    return ImageRow(**words, sha256=files.sha256(path), width_px=width_px, height_px=height_px)
