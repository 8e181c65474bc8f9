"""Names: where the image of a file goes, so that no two ever meet.

A file keeps its name where its format stays; else the new ending is added to it, as in `cat.jpg.png`. A name
that might have come about so gets another ending, so that different files never come to one name, whichever
way each of them takes: `output_name` is injective, without looking at the other files.
"""

from __future__ import annotations

from pathlib import PurePosixPath

SUFFIXES_BY_FORMAT = {
    ".jpg": {".jpg", ".jpeg", ".jpe", ".jfif"},
    ".png": {".png"},
    ".webp": {".webp"},
}
"""The endings that say the same as the one a format is given here."""

IMAGE_SUFFIXES = {ending for same in SUFFIXES_BY_FORMAT.values() for ending in same} | {
    ".bmp",
    ".gif",
    ".tif",
    ".tiff",
    ".pgm",
    ".ppm",
}
MASK_SUFFIX = ".mask.png"
_BARE = ".image"


def output_name(file: str, ending: str) -> str:
    """Return the name for what is made of `file`, below the folder of the result.

    Parameters
    ----------
    file
        The image's path below its study's folder, with slashes.
    ending
        A key of `SUFFIXES_BY_FORMAT`, by what is written; empty where the file stays what it is.
    """
    path = PurePosixPath(file)
    own = path.suffix.lower()
    stays = own in (SUFFIXES_BY_FORMAT[ending] if ending else IMAGE_SUFFIXES)
    if stays and PurePosixPath(path.stem).suffix.lower() not in {*IMAGE_SUFFIXES, _BARE, ".mask"}:
        return file
    return file + ("" if own in IMAGE_SUFFIXES else _BARE) + (ending or own or ".bin")


def mask_name(output: str) -> str:
    """Return the name of the mask beside an image."""
    return output + MASK_SUFFIX
