"""The exact way: decoded, and written without loss; every pixel outside the mask is the original's."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

from retrain_kit import masking, pictures
from retrain_kit.decanonizing import keeping
from retrain_kit.decanonizing.made import Made, Named, asked, check_size

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from retrain_kit.decanonizing.options import Options
    from retrain_kit.decanonizing.tasks import Task

_WEBP_LIMIT_PX = 16383


def make(data: bytes, task: Task, options: Options) -> Made:
    """Take out what the marks cover, exact to the pixel.

    Raises
    ------
    DataError
        When the picture cannot be decoded or has another size than the study says.
    """
    picture = pictures.load(cast("Path", Named(data, task.id)), task.rotation_deg)
    check_size(task, picture.size)
    mask = asked(task, picture.size, options.shape)
    bare = masking.remove_regions(picture, task.regions, options.fill, options.shape)
    with keeping.opened(data) as file:
        kept = keeping.kept(file, bare.mode, bare.size)
    webp = options.lossless == "webp" and max(bare.size) <= _WEBP_LIMIT_PX
    ending = ".webp" if webp else ".png"
    coded = _coded(bare, ending, kept)
    return Made("exact", ending, coded, bare.size, mask, options.fill, kept.gone)


def _coded(picture: Image.Image, ending: str, kept: keeping.Kept) -> bytes:
    coded = io.BytesIO()
    if ending == ".webp":
        picture.save(coded, "WEBP", lossless=True, quality=0, method=0, exact=True, **kept.parameters())
    else:
        picture.save(coded, "PNG", compress_level=1, **kept.parameters())
    return coded.getvalue()
