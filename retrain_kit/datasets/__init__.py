"""Readers: one module for each foreign data set, and what fetches its files.

Each module with a function `read(manifest) -> list[Sample]` reads one data set; a manifest names it in
its field `dataset`. One that images can be drawn from has two more: `ids(manifest)`, all ids that the
manifest's rule allows, whatever is on the disk; and `describe(manifest, ids)`, for each of them a
`sampling.Candidate`: where the image is found and what the data set says of its licence and author.

`stream` is `read` for any number of images, part by part. A module has a function `stream(manifest)` of its
own where going through its files anew for every part would be too slow.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault
from retrain_kit.studies import disclosure

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


_NO_DATA_SETS = {"formats", "pinning", "pulling", "transfer"}
