"""Edge: foreign formats, FiftyOne and its database.

Each module with a function `read(manifest) -> list[Sample]` reads one data set; a manifest names it in
its field `dataset`. One that pictures can be drawn from has two more: `ids(manifest)`, all ids that the
manifest's rule allows, whatever is on the disk; and `describe(manifest, ids)`, for each of them a
`draws.Candidate`: where the picture is found and what the data set says of its licence and author.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Sample


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, read by the module its `dataset` names.

    Raises
    ------
    DataError
        When the kit has no reader for that data set, or with the faults of its files.
    """
    samples: list[Sample] = function(manifest, "read")(manifest)
    return samples


def function(manifest: Manifest, name: str) -> Callable[..., Any]:
    """Return a function of the module that a study's `dataset` names: `read`, `ids` or `describe`.

    Raises
    ------
    DataError
        When the kit has no such module, or the module no such function.
    """
    path = f"{__name__}.{manifest.dataset.replace('-', '_')}"
    module = importlib.import_module(path) if importlib.util.find_spec(path) else None
    found: Callable[..., Any] | None = getattr(module, name, None)
    if found:
        return found
    where = f"{manifest.name}.toml, dataset"
    can = "a data set the kit reads" if name == "read" else "a data set that the kit draws pictures from"
    raise DataError(Fault(where, repr(manifest.dataset), can, "For your own pictures: folder."))
