"""Working copies: the untouched original beside a one-bit mask, read back as one image.

The quickest way to something exact to the pixel, for one's own work: the original still holds what was
removed. The mask `cat.jpg.mask.png` lies in the upright frame and carries the fill, and the data set's word
on the turn. Where it can, the original is linked and not copied: never write into it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from retrain_kit.batch.decanonize import file_names
from retrain_kit.batch.decanonize.encoded import EncodedImage, frame_size, requested_mask
from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import decoding, masking

if TYPE_CHECKING:
    from retrain_kit.batch.decanonize.inputs import Task
    from retrain_kit.batch.decanonize.options import DecanonizeOptions

_FILL, _ROTATION = "fill", "rotation_deg"


def encode_beside(data: bytes, task: Task, options: DecanonizeOptions) -> EncodedImage:
    """Look at the image's header and make the mask; nothing is decoded.

    Raises
    ------
    DataError
        When it is no image or has another size than the study says.
    """
    size = frame_size(task, data)
    return EncodedImage("beside", "", data, size, requested_mask(task, size, options.shape), options.fill)


def mask_notes(task: Task, options: DecanonizeOptions) -> PngInfo:
    """Return what the mask says of itself, for `load_working_copy`."""
    info = PngInfo()
    info.add_text(_FILL, options.fill)
    if task.rotation_deg is not None:
        info.add_text(_ROTATION, str(task.rotation_deg))
    return info


def load_working_copy(path: Path) -> Image.Image:
    """Read a working copy back: the original, upright, with what its mask covers filled.

    Parameters
    ----------
    path
        The original's file, beside which its mask lies.

    Returns
    -------
    PIL.Image.Image
        Mode RGB, or RGBA where the original or the fill is transparent.

    Raises
    ------
    DataError
        When one of the two files is missing or broken, or their sizes differ.
    """
    place = Path(file_names.mask_name(str(path)))
    mask, said = _mask(place)
    rotation = said.get(_ROTATION)
    image = decoding.load_image(path, None if rotation is None else int(rotation))
    if mask.shape != (image.height, image.width):
        expected = f"a mask of {image.width} × {image.height} px"
        raise DataError(Fault(str(place), f"{mask.shape[1]} × {mask.shape[0]} px", expected))
    return masking.remove_pixels(image, mask, said.get(_FILL, "white"))


def _mask(path: Path) -> tuple[masking.Mask, dict[str, str]]:
    try:
        with Image.open(path, formats=["PNG"]) as file:
            said = {str(key): str(value) for key, value in file.info.items()}
            return np.asarray(file.convert("1")), said
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        do = "Without its mask a working copy is the original, with all that was removed."
        raise DataError(Fault(str(path), f"no mask ({error})", "a one-bit PNG", do)) from None
