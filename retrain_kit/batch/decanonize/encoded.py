"""What a way makes of an image, and what all ways share."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import decoding, masking

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.PngImagePlugin import PngInfo

    from retrain_kit.annotations.samples import Size
    from retrain_kit.batch.decanonize.inputs import Task
    from retrain_kit.imaging.masking import Mask, Shape


@dataclass(frozen=True)
class EncodedImage:
    """What a way makes of an image.

    Parameters
    ----------
    way
        The way it took.
    ending
        Of the format written; empty where the file is the original.
    data
        The file's bytes.
    size
        Width and height of the upright image.
    asked
        What the annotations cover, in the upright frame.
    fill
        What stands there now.
    gone
        What of the file went, by name: metadata, frames after the first, bits and colours that are not kept.
    grown
        Where more than the annotations cover had to go: the share of the frame, and the mask when it is
        called.
    """

    way: str
    ending: str
    data: bytes = field(repr=False)
    size: Size
    asked: Mask = field(repr=False)
    fill: str
    gone: tuple[str, ...] = ()
    grown: tuple[float, Callable[[], Mask]] | None = None

    @property
    def original(self) -> bool:
        """Whether the file is the untouched original."""
        return not self.ending

    @cached_property
    def removed(self) -> float:
        """The share of the frame that the annotations cover."""
        return covered_share(self.asked)

    @property
    def effective(self) -> float:
        """The share of the frame that is gone."""
        return self.grown[0] if self.grown else self.removed

    def mask_png(self, info: PngInfo) -> bytes:
        """Return the mask of what is gone as a one-bit PNG, white where something is gone."""
        coded = io.BytesIO()
        mask = self.grown[1]() if self.grown else self.asked
        Image.fromarray(np.ascontiguousarray(mask)).save(coded, "PNG", compress_level=1, pnginfo=info)
        return coded.getvalue()


class NamedBytes(io.BytesIO):
    """A file's bytes that bear the image's id, so that messages speak of it."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self._name = name

    def __repr__(self) -> str:
        return self._name


def frame_size(task: Task, data: bytes) -> Size:
    """Return the size of the upright image by its header.

    Raises
    ------
    DataError
        When it is no image, or has another size than the study says.
    """
    found = decoding.image_size(NamedBytes(data, task.id), task.rotation_deg)
    check_stated_size(task, found)
    return found


def check_stated_size(task: Task, found: Size) -> None:
    """Raise a `DataError` when an image has another size than the study says."""
    if task.size and task.size != found:
        expected = f"{task.size[0]} × {task.size[1]} px, as the data set says"
        raise DataError(
            Fault(task.id, f"{found[0]} × {found[1]} px", expected, "The annotations would not fit.")
        )


def requested_mask(task: Task, size: Size, shape: Shape) -> Mask:
    """Return what the annotations cover."""
    return masking.union_mask(task.regions, size, shape)


def covered_share(mask: Mask) -> float:
    """Return the share of the frame that a mask covers, to six places."""
    return round(int(np.count_nonzero(mask)) / mask.size, 6)
