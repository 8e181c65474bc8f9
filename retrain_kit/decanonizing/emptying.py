"""The JPEG way: JPEG in, JPEG out, the blocks under the marks emptied, nothing decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.decanonizing import keeping
from retrain_kit.decanonizing.made import Made, asked, frame
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.jpegs import emptied

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.decanonizing.options import Options
    from retrain_kit.decanonizing.tasks import Task


def make(data: bytes, task: Task, options: Options) -> Made:
    """Take out what the marks cover, grown to the picture's block grid.

    Raises
    ------
    jpegs.refusals.RefusalError
        When that cannot be done exactly.
    DataError
        When the picture has another size than the study says.
    jpegs.turbo.LibraryError
        When the library is missing.
    """
    size = task.size or frame(task, data)
    mask = asked(task, size, options.shape)
    try:
        new = emptied.remove(data, mask, options.colour or (255, 255, 255), task.rotation_deg, task.id)
    except ParameterError as error:
        frame(task, data)
        raise DataError(*error.faults) from error
    turned = new.data if task.rotation_deg is None else keeping.turned(new.data, new.turn)
    fill = "#{:02x}{:02x}{:02x}".format(*new.fill)
    return Made("jpeg", ".jpg", turned, size, mask, fill, new.gone, (_share(new), lambda: new.effective))


def _share(new: emptied.Emptied) -> float:
    """Return the share of the frame that the emptied cells cover, without making the mask."""
    across, down = new.header.cell
    widths = _lengths(new.header.width_px, across)
    heights = _lengths(new.header.height_px, down)
    return round(int(heights @ new.cells @ widths) / (new.header.width_px * new.header.height_px), 6)


def _lengths(whole: int, part: int) -> NDArray[np.int64]:
    """Return the lengths of the parts that cover a whole, the last one cut."""
    return np.diff(np.append(np.arange(0, whole, part), whole))
