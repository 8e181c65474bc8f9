"""Inputs: an image as a model takes it, and the way back from its coordinates to the image's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.models.cards import Input

    Pixels = NDArray[np.uint8]

SMALLEST_PX = 8
"""An image with a shorter side shows a model nothing: it would say a word all the same."""


@dataclass(frozen=True)
class Placement:
    """Where a model's frame lies on an image: its left and upper edge, its width and height, in pixels.

    With `pad` it reaches beyond the image.
    """

    left_px: float
    top_px: float
    width_px: float
    height_px: float

    def box(self, edges: NDArray[np.float64], size: tuple[int, int]) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom in pixels of the image, cut at its edges.

        Parameters
        ----------
        edges
            float64 (4,): left, top, right, bottom as shares of the model's frame.
        size
            Width and height of the image.
        """
        x = np.clip(self.left_px + edges[[0, 2]] * self.width_px, 0, size[0])
        y = np.clip(self.top_px + edges[[1, 3]] * self.height_px, 0, size[1])
        return float(x[0]), float(y[0]), float(x[1]), float(y[1])


def check_image(image: Pixels) -> None:
    """Raise a `DataError` unless it is an image that a model can be shown.

    Parameters
    ----------
    image
        uint8 (rows, columns, 3), at least `SMALLEST_PX` on either side.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:  # noqa: PLR2004 - three axes, three channels
        found = f"{' × '.join(map(str, image.shape))} numbers of {image.dtype}"
        raise DataError(Fault("image", found, "rows × columns × 3 numbers of uint8, as RGB"))
    rows, columns = image.shape[:2]
    if min(rows, columns) < SMALLEST_PX:
        found, least = f"an image of {columns} × {rows} pixels", f"{SMALLEST_PX} × {SMALLEST_PX}"
        raise DataError(Fault("image", found, f"at least {least}", "A model is shown no smaller one."))


def prepare_image(image: Pixels, told: Input) -> tuple[NDArray[np.float32], Placement]:
    """Return an image as a model takes it, float32 in the layout of its card, and where its frame lies.

    Images are made smaller and larger by Pillow's bilinear filter, which averages all pixels it passes over.

    Raises
    ------
    DataError
        When it is no image that a model can be shown.
    """
    check_image(image)
    placement = _placement(image.shape[1], image.shape[0], told)
    picture = Image.fromarray(image)
    size = (told.width_px, told.height_px)
    if told.fit == "pad":
        picture = _padded(picture, size)
    else:
        whole = np.array((0, 0, 1, 1), np.float64)
        picture = picture.resize(size, Image.Resampling.BILINEAR, placement.box(whole, picture.size))
    values: NDArray[np.float32] = np.asarray(picture, np.float32)
    if told.colours == "bgr":
        values = values[:, :, ::-1]
    mean, std = np.array((told.mean, told.std), np.float32)
    values = (values - mean) / std
    if told.layout == "nchw":
        values = values.transpose(2, 0, 1)
    return np.ascontiguousarray(values, np.float32), placement


def _placement(width_px: int, height_px: int, told: Input) -> Placement:
    if told.fit == "stretch":
        return Placement(0, 0, width_px, height_px)
    ratios = width_px / told.width_px, height_px / told.height_px
    scale = min(ratios) if told.fit == "crop" else max(ratios)
    frame = told.width_px * scale, told.height_px * scale
    return Placement((width_px - frame[0]) / 2, (height_px - frame[1]) / 2, *frame)


def _padded(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    scale = min(size[0] / picture.width, size[1] / picture.height)
    fitted = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    frame = Image.new("RGB", size)
    small = picture.resize(fitted, Image.Resampling.BILINEAR)
    frame.paste(small, ((size[0] - fitted[0]) // 2, (size[1] - fitted[1]) // 2))
    return frame
