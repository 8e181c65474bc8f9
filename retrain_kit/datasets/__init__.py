"""Edge: foreign formats, FiftyOne and its database.

Each module with a function `read(manifest) -> list[Sample]` reads one data set; a manifest names it in
its field `dataset`.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

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
    name = f"{__name__}.{manifest.dataset.replace('-', '_')}"
    module = importlib.import_module(name) if importlib.util.find_spec(name) else None
    reader: Callable[[Manifest], list[Sample]] | None = getattr(module, "read", None)
    if reader is None:
        where = f"{manifest.name}.toml, dataset"
        raise DataError(
            Fault(where, repr(manifest.dataset), "a data set the kit reads", "For your own pictures: folder.")
        )
    return reader(manifest)
