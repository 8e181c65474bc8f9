"""Features: what a network makes of many small images, for a layer that is trained over them.

Images come as an array of NumPy's, uint8 (images, rows, columns, 3), or as CIFAR-10's binary files, whose
rows are a byte for the label and 3,072 for red, green and blue (A. Krizhevsky, *Learning multiple layers of
features from tiny images*, 2009). A model that embeds gives its features; of one that classifies, the
logarithms of how likely it finds each of its words are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tqdm.auto import tqdm

from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.models.guests import invite

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.models.guests import Guest

    Images = NDArray[np.uint8]

CIFAR_PX, CIFAR_ROW = 32, 1 + 3 * 32 * 32
AT_ONCE = 64
_AXES, _CHANNELS = 4, 3
_NOT_READ = (OSError, ValueError, EOFError, MemoryError)


def image_features(path: Path, model: str, count: int | None = None) -> NDArray[np.float64]:
    """Return the features of each image of a file, float64 (images, features), in its order.

    Parameters
    ----------
    count
        How many images there are to be; any number when None.

    Raises
    ------
    DataError
        When the file holds something else, or another number of images, or the model is not here.
    ParameterError
        When there is no such model, or it neither embeds nor classifies.
    """
    guest = invite(model)
    if guest.card.does not in ("embed", "classify"):
        found = f"one that can {guest.card.does}"
        raise ParameterError(Fault("model", found, "one that can embed or classify"))
    images = read_images(path)
    if count not in {None, len(images)}:
        raise DataError(Fault(str(path), f"{len(images):,} images", f"{count:,}, one for each with answers"))
    parts = [
        _features(guest, images[first : first + AT_ONCE])
        for first in tqdm(range(0, len(images), AT_ONCE), desc="taking features", delay=1, leave=False)
    ]
    return np.concatenate(parts)


def read_images(path: Path) -> Images:
    """Return images, uint8 (images, rows, columns, 3), RGB; CIFAR-10's files are read by their ending `.bin`.

    Raises
    ------
    DataError
        When the file holds something else, or nothing.
    """
    if path.suffix.lower() == ".bin":
        return _cifar(path)
    try:
        images: Images = np.load(path, mmap_mode="r", allow_pickle=False)
    except _NOT_READ as error:
        raise DataError(Fault(str(path), str(error), "an array of images, .npy")) from error
    if images.dtype != np.uint8 or images.ndim != _AXES or images.shape[-1] != _CHANNELS or not images.size:
        found = f"{images.dtype} {images.shape}"
        raise DataError(Fault(str(path), found, "uint8 (images, rows, columns, 3)"))
    return images


def own_labels_of(path: Path) -> NDArray[np.uint8]:
    """Return the label that a file of CIFAR-10 has of each image, uint8 (images,); none of another file.

    Raises
    ------
    DataError
        When it ends in `.bin` and is no such file.
    """
    return _cifar_rows(path)[:, 0] if path.suffix.lower() == ".bin" else np.zeros(0, np.uint8)


def _cifar(path: Path) -> Images:
    colours = _cifar_rows(path)[:, 1:].reshape(-1, _CHANNELS, CIFAR_PX, CIFAR_PX)
    return colours.transpose(0, 2, 3, 1)


def _cifar_rows(path: Path) -> NDArray[np.uint8]:
    try:
        data = np.fromfile(path, dtype=np.uint8)
    except OSError as error:
        raise DataError(Fault(str(path), str(error), "a binary file of CIFAR-10")) from error
    if not len(data) or len(data) % CIFAR_ROW:
        expected = f"rows of {CIFAR_ROW:,} bytes, as CIFAR-10 has them"
        raise DataError(Fault(str(path), f"{len(data):,} bytes", expected))
    return data.reshape(-1, CIFAR_ROW)


def _features(guest: Guest, images: Images) -> NDArray[np.float64]:
    pictures = [np.ascontiguousarray(image) for image in images]
    if guest.card.does == "embed":
        return guest.embed(pictures).astype(np.float64)
    likely = guest.classify(pictures).astype(np.float64)
    return np.log(np.maximum(likely, np.finfo(np.float32).tiny))
