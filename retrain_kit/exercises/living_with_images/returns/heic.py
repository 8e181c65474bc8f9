"""HEIC: photos as phones keep them, made into JPEGs that all browsers show and that tell nothing of anybody.

Such a file is a maze of boxes, and whoever is in a class may send one. So it is decoded in a process of its
own, in bounded time and memory: what would end a program ends that one alone.
"""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import opening, profiles
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from PIL import Image

MAX_SECONDS = 30
MAX_MEMORY_BYTES = 3_000_000_000
_QUALITY = 92


def jpeg_from_heic(data: bytes) -> bytes:
    """Return a HEIC image as a JPEG: upright, its colours in sRGB, with nothing in it but the image.

    Raises
    ------
    DataError
        When it is none, is broken, takes too long, or has more than `opening.MAX_PIXELS` pixels.
    """
    command = [sys.executable, "-m", __name__ if __name__ != "__main__" else __spec__.name]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MAX_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        done = None
    if not done or done.returncode or not done.stdout:
        do = gettext("On the phone, save it as a JPEG, or take a screenshot of it.")
        found = gettext("a HEIC image that cannot be read")
        raise DataError(Fault(gettext("image"), found, gettext("a whole one"), do))
    return done.stdout


def _converted(data: bytes) -> bytes:
    """Return what `jpeg_from_heic` does; in this process."""
    import pi_heif  # noqa: PLC0415 - its decoder is loaded in the process that decodes, and in no other

    found = pi_heif.open_heif(io.BytesIO(data))
    width, height = found.size
    if width * height > opening.MAX_PIXELS:
        raise ValueError(found.size)
    image: Image.Image = found.to_pillow()
    stated = found.info.get("nclx_profile") or {}
    image.info["cicp"] = stated.get("color_primaries", 0), stated.get("transfer_characteristics", 0)
    upright = image if image.mode in {"RGB", "RGBA"} else image.convert("RGB")
    shown = profiles.to_srgb(upright, profiles.read_colours(image)).convert("RGB")
    shown.info = {}
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def _limit() -> None:
    """Bound this process, where the system can."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit()
    sys.stdout.buffer.write(_converted(sys.stdin.buffer.read()))
