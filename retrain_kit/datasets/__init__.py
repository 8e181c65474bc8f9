"""Readers: one module for each foreign data set, and what fetches its files.

Each module with a function `read(manifest) -> list[Sample]` reads one data set; a manifest names it in
its field `dataset`. One that images can be drawn from has two more: `ids(manifest)`, all ids that the
manifest's rule allows, whatever is on the disk; and `describe(manifest, ids)`, for each of them a
`sampling.Candidate`: where the image is found and what the data set says of its licence and author.

`stream` is `read` for any number of images, part by part. A module has a function `stream(manifest)` of its
own where going through its files anew for every part would be too slow.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

IMAGES_PER_PART = 5000
"""So many images are read at once where not all can be held in memory."""


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, read by the module its `dataset` names.

    Raises
    ------
    DataError
        When the kit has no reader for that data set, or with the faults of its files.
    """
    samples: list[Sample] = reader_function(manifest, "read")(manifest)
    return samples


def stream(manifest: Manifest) -> Iterator[Sample]:
    """Yield what `read` returns, one sample after the other, in the memory that some of them need.

    Raises
    ------
    DataError
        At the end, with the faults of all parts; what several of them say is said once.
    """
    whole = _module_function(manifest, "stream")
    yield from whole(manifest) if whole else _by_parts(manifest)


def _by_parts(manifest: Manifest) -> Iterator[Sample]:
    reader, images, faults = reader_function(manifest, "read"), iter(manifest.images), list[Fault]()
    part = tuple(islice(images, IMAGES_PER_PART))
    while True:
        try:
            yield from reader(replace(manifest, images=part, part_of=manifest))
        except DataError as error:
            known = set(faults)
            faults += [fault for fault in error.faults if fault not in known]
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
    raise DataError(Fault(where, repr(manifest.dataset), can, "For your own images: folder."))


def _module_function(manifest: Manifest, name: str) -> Callable[..., Any] | None:
    path = f"{__name__}.{manifest.dataset.replace('-', '_')}"
    module = importlib.import_module(path) if importlib.util.find_spec(path) else None
    found: Callable[..., Any] | None = getattr(module, name, None)
    return found
