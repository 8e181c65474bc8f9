"""GPS: where a camera says that it was, in the EXIF of an image's file; no pixel is decoded.

Latitude and longitude are read, as degrees, minutes and seconds with the side of the globe. Height, direction
and time are not. What stands there and is no place is said with the reason, and nothing is put in its stead.
Of a PNG that is read which stands before its pixels.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import ExifTags, Image

from retrain_kit.annotations.places import GeoPoint
from retrain_kit.errors import DataError
from retrain_kit.imaging import opening

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PARTS, _SIXTY = 3, 60
_AXES = (
    ("latitude", ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "NS"),
    ("longitude", ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "EW"),
)
NOWHERE = "0, 0: programs write this where no place is known"


@dataclass(frozen=True)
class GpsReading:
    """What a file says of where it was taken.

    Parameters
    ----------
    point
        The place; None where it says none that can be used.
    unusable
        Why what stands there is no place; empty where it is one, and where nothing stands there.
    """

    point: GeoPoint | None = None
    unusable: str = ""


def read_gps(path: Path) -> GpsReading:
    """Return where a file says that it was taken.

    Raises
    ------
    DataError
        When it is missing or no image.
    """
    with warnings.catch_warnings(action="ignore"), opening.open_image(path) as file:
        try:
            exif = Image.Image.getexif(file) if file.format == "PNG" else file.getexif()
            said = exif.get_ifd(ExifTags.IFD.GPSInfo)
        except opening.DECODER_ERRORS:
            return GpsReading(unusable="EXIF that cannot be read")
    return _reading(said)


def _reading(said: Mapping[int, Any]) -> GpsReading:
    if not any(said.get(tag) for _, tag, _, _ in _AXES):
        return GpsReading()
    try:
        point = GeoPoint(
            *(_degrees(said.get(tag), said.get(ref), name, sides) for name, tag, ref, sides in _AXES)
        )
    except ValueError as error:
        return GpsReading(unusable=str(error))
    except DataError as error:
        return GpsReading(unusable="; ".join(f"{fault.where} {fault.found}" for fault in error.faults))
    return GpsReading(unusable=NOWHERE) if point.is_nowhere else GpsReading(point)


def _degrees(parts: Any, side: Any, name: str, sides: str) -> float:  # noqa: ANN401 - whatever EXIF holds
    """Return signed degrees.

    Raises
    ------
    ValueError
        When they are not three numbers with a side; the text says what is wrong.
    """
    try:
        degrees, minutes, seconds = map(float, parts)
    except (TypeError, ValueError, ArithmeticError):
        raise ValueError(f"{name}: not degrees, minutes and seconds") from None
    if not all(map(math.isfinite, (degrees, minutes, seconds))):
        raise ValueError(f"{name}: a part divided by 0")
    if min(degrees, minutes, seconds) < 0 or max(minutes, seconds) > _SIXTY:
        raise ValueError(f"{name}: a part below 0, or minutes or seconds above {_SIXTY}")
    letter = str(side).strip("\0 ").upper() if isinstance(side, str) else ""
    if not letter or letter not in sides:
        raise ValueError(f"{name}: it is not said whether {' or '.join(sides)}")
    return (1 if letter == sides[0] else -1) * (degrees + minutes / _SIXTY + seconds / _SIXTY**2)
