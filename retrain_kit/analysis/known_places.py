"""Known places: where the images of a study were taken, as far as anybody says it.

Three may say it, and they are believed in this order: a file that the user names; the data set, as it came
with its images; EXIF, as a camera wrote it. Where two of them contradict each other the first is believed,
and the image is counted. What is no place is counted with its reason. No place is guessed, from an author, a
language, a title or what is seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.places import GeoPoint, Place
from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import gps

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import Sample

CountryAt = Callable[[GeoPoint], str]
Progress = Callable[[Sequence[Any], str], Iterable[Any]]

NAME_FIELDS = ("country", "metadata.country")
"""Under which names data sets say a country: of `metadata` Flickr-Faces-HQ, *where the photo was taken*."""
POINT_FIELDS = ("latitude", "longitude")
"""Under which names they give coordinates: iNaturalist in the manner of COCO, YFCC100M."""
_UNSAID = {"", "nan", "none", "null", "unknown"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class PlaceSource:
    """What one source says of where images were taken.

    Parameters
    ----------
    name
        The source, for readers.
    places
        The place of each image that it knows one of, by the image's id.
    unusable
        Why what it says is no place, by the id of the image, or of the row where that is of no image.
    unread
        Images that it could not be asked about, as their files are not here.
    unmatched
        How many of its rows are of no image of the study.
    """

    name: str
    places: Mapping[str, Place] = field(default_factory=dict)
    unusable: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    unmatched: int = 0

    @property
    def reasons(self) -> dict[str, int]:
        """How often each reason stands in `unusable`, the most frequent first."""
        return dict(Counter(self.unusable.values()).most_common())


@dataclass(frozen=True)
class KnownPlaces:
    """Where the images of a study were taken.

    Parameters
    ----------
    images
        The ids of all images, in their order.
    places
        The place of each image of which one is known.
    by
        The name of the source that is believed, by the image's id.
    sources
        What each source says, the one that is believed first comes first.
    contradicted
        The images of which a later source says something else.
    """

    images: tuple[str, ...]
    places: Mapping[str, Place]
    by: Mapping[str, str]
    sources: tuple[PlaceSource, ...]
    contradicted: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The images whose place nobody says."""
        return tuple(name for name in self.images if name not in self.places)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The images of each place, by what it is called; the place of most images first."""
        found: dict[str, list[str]] = {}
        for name in self.images:
            if name in self.places:
                found.setdefault(self.places[name].words, []).append(name)
        ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
        return {words: tuple(names) for words, names in ordered}


def unwatched(items: Sequence[Any], _: str) -> Iterable[Any]:
    """Return the items, with nothing that shows how far it is."""
    return items


def no_country(_: GeoPoint) -> str:
    """Return no country: coordinates stay coordinates."""
    return ""


def place_at(point: GeoPoint, country_at: CountryAt = no_country) -> Place:
    """Return a point as a place: under the country that it lies in, where that is asked; kept as a square."""
    return Place(country_at(point), point.square)


def known_places(samples: Iterable[Sample], sources: Sequence[PlaceSource]) -> KnownPlaces:
    """Return where images were taken; `sources` come in the order in which they are believed."""
    images = tuple(sample.id for sample in samples)
    places: dict[str, Place] = {}
    by: dict[str, str] = {}
    contradicted = []
    for name in images:
        said = [(source.name, source.places[name]) for source in sources if name in source.places]
        if said:
            by[name], places[name] = said[0]
            contradicted += [name] if any(not said[0][1].agrees(place) for _, place in said[1:]) else []
    return KnownPlaces(images, places, by, tuple(sources), tuple(contradicted))


def places_in_data_set(samples: Iterable[Sample], country_at: CountryAt = no_country) -> PlaceSource:
    """Return what a data set says in `NAME_FIELDS` and `POINT_FIELDS` of its images."""
    places: dict[str, Place] = {}
    unusable: dict[str, str] = {}
    for sample in samples:
        name = next(filter(None, (_name(sample.said, each) for each in NAME_FIELDS)), "")
        try:
            point = point_said(*(sample.said.get(each) for each in POINT_FIELDS))
        except DataError as error:
            point, unusable[sample.id] = None, why_no_place(error)
        if name or point:
            at = place_at(point, country_at) if point else Place(name)
            places[sample.id] = Place(name or at.name, at.square)
    return PlaceSource("the data set", places, unusable)


def places_in_files(
    samples: Sequence[Sample],
    country_at: CountryAt = no_country,
    progress: Progress = unwatched,
) -> PlaceSource:
    """Return what EXIF in the images' files says; `progress` shows how far the reading is."""
    places: dict[str, Place] = {}
    unusable: dict[str, str] = {}
    unread = []
    for sample in progress(samples, "reading places"):
        try:
            found = gps.read_gps(sample.path)
        except DataError:
            unread.append(sample.id)
            continue
        if found.point:
            places[sample.id] = place_at(found.point, country_at)
        elif found.unusable:
            unusable[sample.id] = found.unusable
    return PlaceSource("EXIF", places, unusable, tuple(unread))


def point_said(latitude: object, longitude: object) -> GeoPoint | None:
    """Return the point that two cells say; None where both are empty.

    Raises
    ------
    DataError
        When one is empty, no number or out of range, or when both are 0.
    """
    values = [_number(cell, name) for cell, name in zip((latitude, longitude), POINT_FIELDS, strict=True)]
    if values == [None, None]:
        return None
    if None in values:
        missing = POINT_FIELDS[values.index(None)]
        raise DataError(Fault(missing, "nothing", "both numbers, or none"))
    point = GeoPoint(*(value for value in values if value is not None))
    if point.is_nowhere:
        raise DataError(Fault("latitude, longitude", gps.NOWHERE, "a place", "Leave both empty, or name it."))
    return point


def why_no_place(error: DataError) -> str:
    """Return in words why what a source says is no place."""
    return "; ".join(f"{fault.where}: {fault.found}" for fault in error.faults)


def said_text(value: object) -> str:
    """Return a text that a source says, on one line; an empty one where it says nothing, or *unknown*."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if text.casefold() in _UNSAID else text


def _name(said: Mapping[str, Any], path: str) -> str:
    """Return the text under a name; a dot leads into a table."""
    name, _, rest = path.partition(".")
    value = said.get(path, said.get(name))
    if rest and isinstance(value, dict):
        return _name(value, rest)
    return "" if rest and value is not said.get(path) else said_text(value)


def _number(cell: object, name: str) -> float | None:
    text = "" if cell is None else str(cell).strip().replace("−", "-")
    if text.casefold() in _UNSAID:
        return None
    if not _NUMBER.fullmatch(text):
        do = "Write a point, not a comma." if "," in text else ""
        raise DataError(Fault(name, repr(text[:40]), "a number of degrees, as 48.85 or -0.12", do))
    return float(text)
