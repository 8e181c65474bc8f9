"""Files of soft labels and of embeddings, as their makers publish them and as the kit writes them.

- Counts as NumPy's `.npy`, a row an image and a column a label: CIFAR-10H's `cifar10h-counts.npy`, for one.
- `soft-labels.parquet` of `retrain-kit training … --as soft-labels`: each place has options of its
  own; a label is a wording that stands at several places.
- Embeddings as `.npy`, rows in the order of counts; or as `.npz` with `ids` and `embeddings`, rows found by
  ids, as answers of the kit need.

Nothing that could run when it is read is taken: no pickles, within files or by themselves.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from retrain_kit.errors import DataError, Fault, count_in_words
from retrain_kit.exercises.training.probe import SoftLabels
from retrain_kit.exercises.what_if.aggregate import wording_key

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ids = tuple[str, ...]

TABLE, SEVERAL = 2, 2
_NOT_READ = (OSError, ValueError, zipfile.BadZipFile, EOFError, MemoryError)
_NOT_OF_THE_KIT = (TypeError, ValueError, IndexError, OSError, pl.exceptions.PolarsError)
_OFF_1 = 0.01
"""By so much may the weights of a place fail to sum to 1: they are rounded."""


def read_soft_labels(path: Path) -> tuple[Ids, SoftLabels]:
    """Return the ids of images and what people said of them; ids are numbers from 0 where the file has none.

    Raises
    ------
    DataError
        When it is no such file.
    """
    if is_of_the_kit(path):
        return _from_parquet(path)
    counts = _table(path, _loaded(path))
    return tuple(map(str, range(len(counts)))), SoftLabels(tuple(map(str, range(counts.shape[1]))), counts)


def is_of_the_kit(path: Path) -> bool:
    """Say whether a file is one of the kit's own, whose images have ids and no order."""
    return path.suffix.lower() == ".parquet"


def read_embeddings(path: Path, ids: Ids, *, in_order: bool = True) -> Floats:
    """Return the embedding of each image, float64 (images, dimensions), in the order of `ids`.

    Parameters
    ----------
    in_order
        Whether the images have an order, so that rows without ids can be taken for theirs.

    Raises
    ------
    DataError
        When it is no such file, or has no embedding of some images: the first are named.
    """
    loaded = _loaded(path)
    if isinstance(loaded, np.ndarray):
        if not in_order:
            expected = "an .npz of ids and embeddings: answers of the kit have ids, and no order"
            raise DataError(Fault(str(path), "embeddings without ids", expected))
        return _table(path, loaded)
    if missing := {"ids", "embeddings"} - set(loaded):
        raise DataError(Fault(str(path), f"no {' and no '.join(sorted(missing))}", "arrays of both names"))
    names = [str(name) for name in loaded["ids"].ravel().tolist()]
    rows = {name: row for row, name in enumerate(names)}
    if len(rows) < len(names):
        twice = next(name for name, count in Counter(names).items() if count > 1)
        raise DataError(Fault(f"{path}, ids", f"{twice} more than once", "each image once"))
    table = _table(path, loaded["embeddings"])
    if len(names) != len(table):
        raise DataError(Fault(str(path), f"{len(names):,} ids, {len(table):,} embeddings", "as many of both"))
    if absent := [name for name in ids if name not in rows]:
        found = f"no embedding of {count_in_words(len(absent), 'image')}, {absent[0]} for one"
        raise DataError(Fault(str(path), found, "one of each image with answers"))
    return table[[rows[name] for name in ids]]


def _from_parquet(path: Path) -> tuple[Ids, SoftLabels]:
    """Return the labels that stand at several places, and the places at which one of them has weight."""
    expected = "soft-labels.parquet as retrain-kit training writes it"
    try:
        table = pl.read_parquet(path, columns=["study", "image_id", "options", "weights", "people"])
        read = [_weights(row) for row in table.iter_rows(named=True)]
    except _NOT_OF_THE_KIT as error:
        is_read = isinstance(error, TypeError | ValueError | IndexError)
        found = (
            "rows of another kind"
            if is_read
            else f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        )
        raise DataError(Fault(str(path), found, expected)) from None
    rows = [row for row in read if row is not None]
    if odd := [number for number, row in enumerate(read) if row is None]:
        found = f"weights that are none, in {count_in_words(len(odd), 'row')}, {odd[0]} for one"
        raise DataError(Fault(str(path), found, "for each option one from 0 to 1, together 1"))
    studies = table.group_by("image_id").agg(pl.col("study").n_unique()).filter(pl.col("study") > 1)
    if names := sorted(studies["image_id"].to_list()):
        found = f"images of several studies by one id, {names[0]} for one"
        do = "Write each study by itself: retrain-kit training … --study NAME."
        raise DataError(Fault(str(path), found, "each id once: embeddings are found by it alone", do))
    places = Counter(wording for row in rows for wording in row)
    labels = tuple(wording for wording, count in places.items() if count >= SEVERAL)
    counts = np.array([[row.get(label, 0) for label in labels] for row in rows]).reshape(
        len(rows), len(labels)
    )
    kept = counts.sum(axis=1) > 0
    ids = tuple(name for name, one in zip(table["image_id"].to_list(), kept, strict=True) if one)
    return ids, SoftLabels(labels, counts[kept], int((~kept).sum()))


def _weights(row: dict[str, Any]) -> dict[str, float] | None:
    """Return the weight of each option by its first wording: all together, how many people spoke.

    Options of one wording, which nobody called the same, are one here. Nothing where nobody gave any weight;
    None where the weights are none.
    """
    options, weights, people = row["options"], row["weights"], max(row["people"], default=0)
    if not weights:
        return {}
    if len(options) != len(weights) or not all(0 <= weight <= 1 for weight in weights):
        return None
    if abs(sum(weights) - 1) > _OFF_1:
        return None
    found: dict[str, float] = {}
    for wordings, weight in zip(options, weights, strict=True):
        name = wording_key(wordings[0])
        found[name] = found.get(name, 0) + people * weight
    return found


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
