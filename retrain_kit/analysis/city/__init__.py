"""The city: a whole data set as a landscape, each image a house, as high as others worked at it."""

from retrain_kit.analysis.city.city import METRES_A_MINUTE, City, District, DistrictWork, build_city
from retrain_kit.analysis.city.houses import NO_LABEL, Houses, Storey, count_houses

__all__ = [
    "METRES_A_MINUTE",
    "NO_LABEL",
    "City",
    "District",
    "DistrictWork",
    "Houses",
    "Storey",
    "build_city",
    "count_houses",
]
