"""Names: where the picture of a file goes, so that no two ever meet.

A file keeps its name where its format stays; else the new ending is added to it, as in `cat.jpg.png`. A name
that might have come about so gets another ending, so that different files never come to one name, whichever
way each of them takes: `written` is injective, without looking at the other files.
"""

from __future__ import annotations

from pathlib import PurePosixPath

ENDINGS = {
    ".jpg": {".jpg", ".jpeg", ".jpe", ".jfif"},
    ".png": {".png"},
    ".webp": {".webp"},
}
"""The endings that say the same as the one a format is given here."""

PICTURES = {ending for same in ENDINGS.values() for ending in same} | {
    ".bmp",
    ".gif",
    ".tif",
    ".tiff",
    ".pgm",
    ".ppm",
}
MASK = ".mask.png"
_BARE = ".picture"


def written(file: str, ending: str) -> str:
    """Return the name for what is made of `file`, below the folder of the result.

    Parameters
    ----------
    file
        The picture's path below its study's folder, with slashes.
    ending
        A key of `ENDINGS`, by what is written; empty where the file stays what it is.
    """
    path = PurePosixPath(file)
    own = path.suffix.lower()
    stays = own in (ENDINGS[ending] if ending else PICTURES)
    if stays and PurePosixPath(path.stem).suffix.lower() not in {*PICTURES, _BARE, ".mask"}:
        return file
    return file + ("" if own in PICTURES else _BARE) + (ending or own or ".bin")


def mask(output: str) -> str:
    """Return the name of the mask beside a picture."""
    return output + MASK
