"""Readers: one module for each foreign data set, and what fetches its files.

Each module with a function `read(manifest) -> list[Sample]` reads one data set; a manifest names it in
its field `dataset`. One that images can be drawn from has two more: `ids(manifest)`, all ids that the
manifest's rule allows, whatever is on the disk; and `describe(manifest, ids)`, for each of them a
`sampling.Candidate`: where the image is found and what the data set says of its licence and author.

`stream` is `read` for any number of images, part by part. A module has a function `stream(manifest)` of its
own where going through its files anew for every part would be too slow.

What a source lists as an annotation and a reader cannot take is listed in `Sample.rejected`. So is what has
no word, and what covers nothing in its image, as its box or outline is empty or lies outside: no reader has
to look for it. Where its image is none of the data set's, it comes into the list `unmatched`: a second
parameter of those readers that can tell.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations import rejections
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import masking
from retrain_kit.studies import disclosure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

IMAGES_PER_PART = 5000
"""So many images are read at once where not all can be held in memory."""


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, read by the module its `dataset` names.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the annotations go that match no image of the data set.

    Raises
    ------
    DataError
        When the kit has no reader for that data set, or with the faults of its files.
    """
    lost = [] if unmatched is None else unmatched
    if manifest.unveiled and manifest.veil:
        veil, found = manifest.veil, list[RejectedAnnotation]()
        samples = [veil.sample(sample) for sample in read_quietly(manifest.unveiled, found)]
        lost += map(veil.rejected, found)
    else:
        samples = read_quietly(manifest, lost)
    rejections.note_rejections(manifest.name, Rejections.of_samples(samples, lost))
    return samples


def read_quietly(manifest: Manifest, unmatched: list[RejectedAnnotation]) -> list[Sample]:
    """Return the samples of a study, and say to nobody what could not be taken of them."""
    return [_checked(sample) for sample in _call(reader_function(manifest, "read"), manifest, unmatched)]


def stream(
    manifest: Manifest,
    unmatched: list[RejectedAnnotation] | None = None,
    rejected: list[RejectedAnnotation] | None = None,
) -> Iterator[Sample]:
    """Yield what `read` returns, one sample after the other, in the memory that some of them need.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the annotations go that match no image of the data set; whole when the last sample was taken.
    rejected
        Where what could not be taken of the samples is listed as well, sample by sample.

    Raises
    ------
    DataError
        At the end, with the faults of all parts; what several of them say is said once.
    """
    lost, of_images = [] if unmatched is None else unmatched, [] if rejected is None else rejected
    found = list[RejectedAnnotation]()
    veil = manifest.veil if manifest.unveiled else None
    for each in stream_quietly(manifest.unveiled or manifest, found):
        sample = veil.sample(each) if veil else each
        of_images += sample.rejected
        yield sample
    lost += map(veil.rejected, found) if veil else found
    rejections.note_rejections(manifest.name, Rejections(tuple(of_images), tuple(lost)))


def stream_quietly(manifest: Manifest, unmatched: list[RejectedAnnotation]) -> Iterator[Sample]:
    """Yield the samples of a study, and say to nobody what could not be taken of them."""
    whole = _module_function(manifest, "stream")
    yield from map(_checked, _call(whole, manifest, unmatched) if whole else _by_parts(manifest, unmatched))


def _checked(sample: Sample) -> Sample:
    """Return a sample with those of its annotations listed among the rejected that have no word or area."""
    wordless = [] if _all_have_words(sample) else _wordless(sample)
    empty = [
        RejectedAnnotation(sample.id, reason, region.id, region.label, kept=kept)
        for region, reason, kept in masking.covering_nothing(sample)
    ]
    if not (wordless or empty or sample.relationships):
        return sample
    rejected = (*wordless, *empty, *_loose(sample))
    return replace(sample, rejected=(*sample.rejected, *rejected)) if rejected else sample


def _all_have_words(sample: Sample) -> bool:
    """Say whether every annotation has a word: each word is looked at once."""
    words = {each.label for each in sample.regions}
    words.update([each.text for each in sample.phrases])
    words.update([each.label for each in sample.labels])
    words.update([each.predicate for each in sample.relationships])
    return all(map(str.strip, words))


def _wordless(sample: Sample) -> list[RejectedAnnotation]:
    found = [
        *((each.id, each.label, "the box") for each in sample.regions if not each.label.strip()),
        *((each.id, each.text, "the box") for each in sample.phrases if not each.text.strip()),
        *(("", each.label, "the answer") for each in sample.labels if not each.label.strip()),
        *(
            (each.id, each.predicate, "the regions")
            for each in sample.relationships
            if not each.predicate.strip()
        ),
    ]
    return [
        RejectedAnnotation(sample.id, f"its word: {shown(word)}, no word", name, kept=kept)
        for name, word, kept in found
    ]


def _loose(sample: Sample) -> Iterator[RejectedAnnotation]:
    """Yield the relationships of which an end is no region of the sample."""
    there = {region.id for region in sample.regions}
    for link in sample.relationships:
        lost = [name for name in (link.subject, link.object) if name not in there]
        if lost:
            reason = f"between regions: {shown(lost[0])}, none that could be taken of this image"
            yield RejectedAnnotation(sample.id, reason, link.id, link.predicate, kept="the word")


def _call(
    function: Callable[..., Any], manifest: Manifest, unmatched: list[RejectedAnnotation] | None
) -> Any:  # noqa: ANN401 - samples, as a list or one by one
    """Call a reader, with the list of what matches no image where it can tell."""
    if unmatched is None or "unmatched" not in inspect.signature(function).parameters:
        return function(manifest)
    return function(manifest, unmatched)


def _by_parts(manifest: Manifest, unmatched: list[RejectedAnnotation]) -> Iterator[Sample]:
    reader, images, faults = reader_function(manifest, "read"), iter(manifest.images), list[Fault]()
    part = tuple(islice(images, IMAGES_PER_PART))
    listed: list[RejectedAnnotation] | None = unmatched
    while True:
        try:
            yield from _call(reader, replace(manifest, images=part, part_of=manifest), listed)
        except DataError as error:
            known = set(faults)
            faults += [fault for fault in error.faults if fault not in known]
        listed = None  # every part finds the same
        if not (part := tuple(islice(images, IMAGES_PER_PART))):
            break
    if faults:
        raise DataError(*faults)


def reader_function(manifest: Manifest, name: str) -> Callable[..., Any]:
    """Return a function of the module that a study's `dataset` names: `read`, `ids` or `describe`.

    Raises
    ------
    DataError
        When the kit has no such module, or the module no such function.
    """
    if found := _module_function(manifest, name):
        return found
    where = f"{manifest.name}.toml, dataset"
    can = "a data set the kit reads" if name == "read" else "a data set that the kit draws images from"
    do = f"For your own images: folder, or images. There are: {', '.join(_names())}."
    raise DataError(Fault(where, disclosure.shown(manifest.dataset), can, do))


def reasons_left_out(manifest: Manifest) -> dict[str, str]:
    """Return why files that lie where a study's images lie are not among them, by their paths.

    Readers that list images off a folder or an archive know it.
    """
    function = _module_function(manifest, "reasons_left_out")
    return function(manifest) if function else {}


def _module_function(manifest: Manifest, name: str) -> Callable[..., Any] | None:
    module_name = manifest.dataset.replace("-", "_")
    known = module_name in {each.replace("-", "_") for each in _names()}
    module = importlib.import_module(f"{__name__}.{module_name}") if known else None
    found: Callable[..., Any] | None = getattr(module, name, None)
    return found


@cache
def _names() -> tuple[str, ...]:
    """Return the names of all data sets: of this folder's modules those that no other needs to be one."""
    names = (each.name for each in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.replace("_", "-") for name in names if name not in _NO_DATA_SETS))


_NO_DATA_SETS = {
    *(
        "countries",
        "digests",
        "formats",
        "label_sources",
        "label_systems",
        "layouts",
        "pinning",
        "place_tables",
    ),
    *("pulling", "seen_images", "transfer", "veil", "withdrawn_words", "work_tables"),
}
