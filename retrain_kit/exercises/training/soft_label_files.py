"""Files of soft labels and of embeddings, as their makers publish them and as the kit writes them.

- Counts as NumPy's `.npy`, a row an image and a column a label: CIFAR-10H's `cifar10h-counts.npy`, for one.
- `soft-labels.parquet` of `retrain-kit training … --as soft-labels`: each place has options of its
  own; a label is a wording that stands at several places.
- Embeddings as `.npy`, rows in the same order; or as `.npz` with `ids` and `embeddings`, rows found by ids.

Nothing that could run when it is read is taken: no pickles, within files or by themselves.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from retrain_kit.errors import DataError, Fault
from retrain_kit.exercises.training.probe import SoftLabels

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ids = tuple[str, ...]

TABLE, SEVERAL = 2, 2
_NOT_READ = (OSError, ValueError, zipfile.BadZipFile, EOFError)


def read_soft_labels(path: Path) -> tuple[Ids, SoftLabels]:
    """Return the ids of images and what people said of them; ids are numbers from 0 where the file has none.

    Raises
    ------
    DataError
        When it is no such file.
    """
    if path.suffix == ".parquet":
        return _from_parquet(path)
    counts = _table(path, _loaded(path))
    return tuple(map(str, range(len(counts)))), SoftLabels(tuple(map(str, range(counts.shape[1]))), counts)


def read_embeddings(path: Path, ids: Ids) -> Floats:
    """Return the embedding of each image, float64 (images, dimensions), in the order of `ids`.

    Raises
    ------
    DataError
        When it is no such file, or has no embedding of some images: the first are named.
    """
    loaded = _loaded(path)
    if isinstance(loaded, np.ndarray):
        return _table(path, loaded)
    if missing := {"ids", "embeddings"} - set(loaded):
        raise DataError(Fault(str(path), f"no {' and no '.join(sorted(missing))}", "arrays of both names"))
    rows = {str(name): row for row, name in enumerate(loaded["ids"].tolist())}
    table = _table(path, loaded["embeddings"])
    if absent := [name for name in ids if rows.get(name, len(table)) >= len(table)]:
        found = f"no embedding of {len(absent):,} images, {absent[0]} for one"
        raise DataError(Fault(str(path), found, "one of each image with answers"))
    return table[[rows[name] for name in ids]]


def _from_parquet(path: Path) -> tuple[Ids, SoftLabels]:
    """Return the labels that stand at several places, and the places at which one of them has weight."""
    try:
        table = pl.read_parquet(path, columns=["image_id", "options", "weights", "people"])
    except (OSError, pl.exceptions.PolarsError) as error:
        expected = "soft-labels.parquet as retrain-kit training writes it"
        raise DataError(Fault(str(path), type(error).__name__, expected)) from error
    rows = [_weights(row) for row in table.iter_rows(named=True)]
    places = Counter(wording for row in rows for wording in row)
    labels = tuple(wording for wording, count in places.items() if count >= SEVERAL)
    counts = np.array([[row.get(label, 0) for label in labels] for row in rows]).reshape(
        len(rows), len(labels)
    )
    kept = counts.sum(axis=1) > 0
    ids = tuple(name for name, one in zip(table["image_id"].to_list(), kept, strict=True) if one)
    return ids, SoftLabels(labels, counts[kept])


def _weights(row: dict[str, Any]) -> dict[str, float]:
    """Return the weight of each option by its first wording: all together, how many people spoke."""
    people = max(row["people"], default=0)
    pairs = zip(row["options"], row["weights"], strict=False)
    return {wordings[0]: people * weight for wordings, weight in pairs}


def _loaded(path: Path) -> NDArray[np.generic] | dict[str, NDArray[np.generic]]:
    try:
        loaded = np.load(path, allow_pickle=False)
        return loaded if isinstance(loaded, np.ndarray) else dict(loaded)
    except _NOT_READ as error:
        raise DataError(
            Fault(str(path), str(error) or type(error).__name__, "an array of NumPy's, .npy or .npz")
        ) from error


def _table(path: Path, array: object) -> Floats:
    """Return an array as a table of numbers."""
    is_table = isinstance(array, np.ndarray) and array.ndim == TABLE and array.dtype.kind in "iuf"
    if not is_table:
        found = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else "several arrays"
        raise DataError(Fault(str(path), found, "a table of numbers, a row an image"))
    return np.asarray(array, dtype=np.float64)
