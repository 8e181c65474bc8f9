"""Pulling: bring what a study needs onto this machine, and pin what it looks at.

What is already here is never fetched again. A pull that was cut goes on where it was: tables and images
that are whole stay, a half one is continued. The study's own files are written at the end, or not at all.

An image that its source took back (404 and 410 alone say so) is noted as withdrawn. What is broken, or what a
server refuses, is left out and listed. What only is not here is an error, and so is a draw of nothing.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from tqdm.auto import tqdm

from retrain_kit import datasets
from retrain_kit.datasets import digests as digests_pass
from retrain_kit.datasets import pinning
from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.transfer import archives, download
from retrain_kit.errors import DataError, Fault, KitError, names_in_words, without_secrets
from retrain_kit.imaging import decoding
from retrain_kit.storage import files
from retrain_kit.storage.files import size_in_words
from retrain_kit.studies import image_table, manifests, sampling, starts
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
    """Something to be fetched.

    Parameters
    ----------
    what
        Its address and where it goes.
    size_bytes
        Its size; None where nobody says it.
    asked
        Whether its server could be asked for the size.
    """

    what: str
    size_bytes: int | None
    asked: bool = True

    def __str__(self) -> str:
        return f"{self.what}: {size_in_words(self.size_bytes) if self.asked else 'size unknown'}"


def total_in_words(parts: Collection[FileToFetch]) -> str:
    """Return how large files are together, as far as that is known."""
    known = [part.size_bytes for part in parts if part.size_bytes is not None]
    unknown = len(parts) - len(known)
    if not unknown:
        return size_in_words(sum(known))
    rest = f"{unknown} of unknown size"
    return f"{size_in_words(sum(known))}, and {rest}" if known else rest


def files_to_fetch(manifest: Manifest) -> list[FileToFetch]:
    """Return the files that the study still has to fetch, with their sizes; images come after them.

    Without a network they are named all the same, their sizes unknown.

    Raises
    ------
    DataError
        When the data set was withdrawn; when files are missing that cannot be fetched, with what to do; when
        a server says that it has one of them no more.
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
    sizes = download.remote_sizes(each.url for each in fetched)
    return [
        FileToFetch(
            f"{without_secrets(each.url)} → {manifest.folder / each.file}",
            sizes.get(each.url),
            each.url in sizes,
        )
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
        done = digests_pass.compute_digests(manifest)
        for line in done.in_words():
            say(line)
        return len(manifest.images) - len(done.left_out)
    images, absent = _draw(manifest, say)
    for line in absent.in_words():
        say(line)
    today = datetime.now(UTC).date()
    pins = pinning.Pins(tuple(images), digests, absent.withdrawn, today, absent.left_out)
    pinning.write_pinned(place, document, pins)
    starts.keep_starts(manifest.toml, place, {image.id for image in images})
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


@dataclass
class AbsentImages:
    """What is not among a study's images, and why: by ids what its source took back, and what is left out."""

    withdrawn: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def add(self, other: AbsentImages) -> None:
        """Take in what another lot lacks."""
        self.withdrawn |= other.withdrawn
        self.left_out |= other.left_out

    def in_words(self) -> list[str]:
        """Return a line for each reason: how many, and the first of them by name."""
        taken_back = names_in_words(sorted(self.withdrawn))
        count = len(self.withdrawn)
        lines = [f"taken back by their source: {count:,}: {taken_back}"] if count else []
        return lines + listings.left_out_in_words(self.left_out)


def _fetch_pinned(manifest: Manifest, say: Callable[[str], None]) -> None:
    missing = {image.id: image for image in manifest.images if not manifest.path(image).is_file()}
    if not missing:
        return
    paths = [manifest.path(image) for image in missing.values()]
    try:
        described = _candidates(manifest, missing)
    except DataError:
        if manifest.image_url:
            raise
        raise DataError(manifests.missing_files(manifest.folder, paths, len(manifest.images))) from None
    candidates = [replace(candidate, file=missing[candidate.id].file) for candidate in described]
    absent = _bring(manifest, candidates, say, {image.id: image.sha256 for image in missing.values()})
    faults = [
        Fault(manifest.name, f"{name}: {why}", "the image that the study lists")
        for name, why in (absent.withdrawn | absent.left_out).items()
    ]
    if faults:
        raise DataError(*faults)


def _candidates(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    found: list[Candidate] = datasets.reader_function(manifest, "describe")(manifest, ids)
    return found


TRIED_AT_LEAST = 20
"""So many images are asked for, at least, before a draw of which none can be had is given up."""


def _draw(manifest: Manifest, say: Callable[[str], None]) -> tuple[list[ImageRow], AbsentImages]:
    """Return the images that the rule draws; where one cannot be had, why, and the next takes its place.

    Raises
    ------
    DataError
        When images are not where the study says, or when none can be had.
    """
    rule = manifest.draw
    if rule is None:
        raise DataError(Fault(f"{manifest.name}.toml, draw", "nothing", "the rule of a draw, or a table"))
    order = sampling.draw_order(datasets.reader_function(manifest, "ids")(manifest), rule.seed)
    say(f"drawing {min(rule.n, len(order))} of {len(order)} images with seed {rule.seed}")
    images: list[ImageRow] = []
    absent, tried = AbsentImages(left_out=datasets.reasons_left_out(manifest)), 0
    while order and len(images) < rule.n and (images or tried < max(rule.n, TRIED_AT_LEAST)):
        lot, order = order[: rule.n - len(images)], order[rule.n - len(images) :]
        tried += len(lot)
        found = {candidate.id: candidate for candidate in _candidates(manifest, lot)}
        candidates = [_as_it_is_there(manifest, found[name]) for name in lot]
        gone = _bring(manifest, candidates, say, {})
        for candidate in candidates:
            here = candidate.id not in gone.withdrawn and candidate.id not in gone.left_out
            image = _image(manifest, candidate, gone) if here else None
            images += [image] if image else []
        absent.add(gone)
    if not images:
        raise DataError(_nothing_drawn(manifest, tried, absent))
    return images, absent


def _nothing_drawn(manifest: Manifest, tried: int, absent: AbsentImages) -> Fault:
    """Return the fault of a draw that found no image, with the reasons."""
    reasons = [f"{name}: {why}" for name, why in list(absent.withdrawn.items())[:REASONS_SHOWN]]
    why = "; ".join([*reasons, *listings.left_out_in_words(absent.left_out)])
    found = f"none of the {tried:,} images asked for" if tried else "no images to draw from"
    do = "Is the address, or the path, right? Nothing was pinned, nothing counts as withdrawn."
    expected = "at least one image"
    return Fault(str(manifest.toml), f"{found} ({why})" if why else found, expected, do)


REASONS_SHOWN = 3


def _as_it_is_there(manifest: Manifest, candidate: Candidate) -> Candidate:
    """Return a candidate with its file's name as the disk has it, where Unicode has two forms of it."""
    path = files.find_file(manifest.folder, candidate.file)
    return replace(candidate, file=path.relative_to(manifest.folder).as_posix())


def _bring(
    manifest: Manifest,
    candidates: Collection[Candidate],
    say: Callable[[str], None],
    digests: Mapping[str, str],
) -> AbsentImages:
    """Bring images into the study's folder; return those that their servers do not have or give.

    Raises
    ------
    DataError
        When a name leads out of the folder, a server does not answer, or images are to be here and are not.
    """
    _check_places(manifest, candidates)
    absent = [each for each in candidates if not (manifest.folder / each.file).is_file()]
    loose = [each for each in absent if not each.archive]
    alone = absent if manifest.read_only else [each for each in loose if not _url(manifest, each)]
    nowhere = [manifest.folder / each.file for each in alone]
    if nowhere:
        raise DataError(manifests.missing_files(manifest.folder, nowhere, len(candidates)))
    _extract(manifest, [each for each in absent if each.archive])
    targets = {_image_target(manifest, each, digests): each.id for each in loose}
    if targets:
        say(f"fetching {len(targets)} images: {_about(targets)}")
    missing = download.fetch_files(targets, at_once=download.PARALLEL_DOWNLOADS, missing_ok=True)
    gone = AbsentImages()
    for target, error in missing.items():
        taken_back = isinstance(error, download.TakenBackError)
        kept = gone.withdrawn if taken_back else gone.left_out
        kept[targets[target]] = f"{error.faults[0].found}, says {without_secrets(target.url)}"
    return gone


def _image_target(
    manifest: Manifest, candidate: Candidate, digests: Mapping[str, str]
) -> download.DownloadTarget:
    url, path = _url(manifest, candidate), manifest.folder / candidate.file
    return download.DownloadTarget(url, path, digests.get(candidate.id, ""))


def _check_places(manifest: Manifest, candidates: Iterable[Candidate]) -> None:
    """Raise where the data set's own names lead out of the study's folder."""
    faults: list[Fault] = []
    for each in candidates:
        where = f"{manifest.name}, image {each.id!r}"
        image_table.path_inside(manifest.folder, each.file, where, faults)
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
    words = {"id": quote(candidate.id, ""), "file": quote(candidate.file), "subset": quote(subset)}
    words["url"] = candidate.url
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


def _image(manifest: Manifest, candidate: Candidate, gone: AbsentImages) -> ImageRow | None:
    """Return the row of an image that is here; note it as left out where it is no image."""
    path = manifest.folder / candidate.file
    try:
        width_px, height_px = decoding.image_size(path, candidate.rotation_deg)
    except KitError as error:
        gone.left_out[candidate.id] = error.faults[0].found
        return None
    except Exception as error:  # noqa: BLE001 - one strange image must not stop the others
        gone.left_out[candidate.id] = f"an image that cannot be read ({type(error).__name__}: {error})"
        return None
    words = {
        name: getattr(candidate, name)
        for name in ("id", "file", "licence", "author", "source", "note", "alt", "notice")
    }
    return ImageRow(**words, sha256=files.sha256(path), width_px=width_px, height_px=height_px)
