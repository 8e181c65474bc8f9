"""Place tables: a file of the user's that says where images of a study were taken.

Either a table, an image a row, with any of the other columns:

    image,latitude,longitude,country,place
    bison,44.6,-110.5,,
    mosque,,,Türkiye,Edirne

`image` is its id in the study. Names stand as they are written; where there are both, `country` tells places
apart. An empty row says that the place is not known. A row of an image that the study has not is counted: the
table may be that of a whole data set. Everything else that is wrong is a fault, and all come together.

Or what Flickr has answered about its photos, as JSON: the object of `photos.getInfo` or
`photos.geo.getLocation`, the list of `photos.search` asked for `geo`, or a list of any of them, also one a
line. A photo is an image of the study where the study names its number on Flickr, or its page or file there.
Flickr's answers are not the user's to mend: what is no place in them is counted, with its reason. A point
that Flickr calls less accurate than `LEAST_ACCURACY` is none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis.known_places import (
    PlaceSource,
    no_country,
    place_at,
    point_said,
    said_text,
    why_no_place,
)
from retrain_kit.analysis.trajectories import flickr_photos
from retrain_kit.annotations.places import Place
from retrain_kit.datasets.formats import values
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from retrain_kit.analysis.known_places import CountryAt
    from retrain_kit.annotations.samples import Sample

COLUMNS = ("image", "latitude", "longitude", "country", "place")
LEAST_ACCURACY = 3
"""Flickr's 1 is the world, about 3 a country, 6 a region, 11 a city, 16 a street."""
_JSON_ENDINGS = (".json", ".jsonl")


def read_places(path: Path, samples: Iterable[Sample], country_at: CountryAt = no_country) -> PlaceSource:
    """Return what a file of the user's says of where images were taken.

    Parameters
    ----------
    path
        A table, or Flickr's JSON, told apart by the ending of its name.
    samples
        The images of the study.
    country_at
        What names the country of a point that has no name.

    Raises
    ------
    DataError
        With all faults of a table; when it has no row, or a JSON holds no photo.
    """
    if path.suffix.lower() in _JSON_ENDINGS:
        return _flickr(path, samples, country_at)
    return _table(path, texts.NamesAlike(sample.id for sample in samples), country_at)


def _table(path: Path, ids: texts.NamesAlike, country_at: CountryAt) -> PlaceSource:
    faults: list[Fault] = []
    found: dict[str, tuple[int, Place]] = {}
    unmatched = rows = 0
    for line, cells in texts.table_rows(path, COLUMNS, ("image",), faults):
        rows += 1
        name = ids.find(cells["image"])
        unmatched += bool(cells["image"]) and not name
        where = f"{path}, line {line}"
        place = _place(cells, where, country_at, faults)
        if place and name in found and found[name][1] != place:
            told = f"another place of {name!r} than in line {found[name][0]}"
            faults.append(Fault(where, told, "one place an image"))
        elif place and name:
            found.setdefault(name, (line, place))
    if not rows and not faults:
        faults.append(Fault(str(path), "a table without rows", "an image a row"))
    if faults:
        raise DataError(*faults)
    return PlaceSource(path.name, {name: place for name, (_, place) in found.items()}, {}, (), unmatched)


def _place(cells: Mapping[str, str], where: str, country_at: CountryAt, faults: list[Fault]) -> Place | None:
    """Return the place of a row, None where it says none; list what is wrong with it."""
    if not cells["image"]:
        faults.append(Fault(where, "no image", "the id of an image in each row"))
    try:
        point = point_said(cells["latitude"], cells["longitude"])
    except DataError as error:
        faults += [
            Fault(f"{where}, {each.where}", each.found, each.expected, each.do) for each in error.faults
        ]
        return None
    name = said_text(cells["country"]) or said_text(cells["place"])
    if point is None:
        return Place(name) if name else None
    at = place_at(point, country_at)
    return Place(name or at.name, at.square)


# -- Flickr's answers


def _flickr(path: Path, samples: Iterable[Sample], country_at: CountryAt) -> PlaceSource:
    images = _images_of_photos(samples)
    places: dict[str, Place] = {}
    unusable: dict[str, str] = {}
    unmatched = count = 0
    for count, photo in enumerate(_photos(_contents(path)), start=1):  # noqa: B007 - the last one is the count
        number = values.number_id(photo.get("id")) or ""
        unmatched += number not in images
        for name in images.get(number, ()):
            try:
                place = _flickr_place(photo, country_at)
            except DataError as error:
                unusable[name] = why_no_place(error)
                continue
            if place and name in places and not place.agrees(places[name]):
                unusable[name] = "Flickr's answers name two places; the first is taken"
            elif place:
                places.setdefault(name, place)
    if not count:
        raise DataError(Fault(str(path), "no photo of Flickr's", "answers of photos.getInfo, as JSON"))
    return PlaceSource(f"Flickr, by {path.name}", places, unusable, (), unmatched)


def _images_of_photos(samples: Iterable[Sample]) -> dict[str, list[str]]:
    """Return the ids of images by the numbers of their photos on Flickr; several may be cut out of one."""
    found: dict[str, list[str]] = {}
    for sample in samples:
        for photo in flickr_photos(sample):
            found.setdefault(photo, []).append(sample.id)
    return found


def _contents(path: Path) -> list[Any]:
    """Return what a JSON holds, or each line of it.

    Raises
    ------
    DataError
        With each line that is no JSON.
    """
    text = texts.read_text(path)
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError) as whole:
        faults, found = [], []
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                found += [json.loads(line)] if line.strip() else []
            except (ValueError, RecursionError) as error:
                faults.append(Fault(f"{path}, line {number}", f"no JSON ({error})", "an answer of Flickr's"))
        if not found:  # then it is one text that is broken
            raise DataError(Fault(str(path), f"no JSON ({whole})", "answers of Flickr's")) from None
        if faults:
            raise DataError(*faults) from None
        return found


def _photos(content: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    """Yield the photos in an answer, however deep they lie in lists and under `photo` and `photos`."""
    ahead = [content]
    while ahead:
        node = ahead.pop()
        if isinstance(node, list):
            ahead += reversed(node)
        elif isinstance(node, dict):
            inner = [node[name] for name in ("photos", "photo") if isinstance(node.get(name), dict | list)]
            if inner:
                ahead += reversed(inner)
            elif values.number_id(node.get("id")):
                yield node


def _flickr_place(photo: Mapping[str, Any], country_at: CountryAt) -> Place | None:
    """Return the place of a photo, None where Flickr says none.

    Raises
    ------
    DataError
        When what it says is no place.
    """
    said = photo.get("location", photo)
    if not isinstance(said, dict):
        return None
    country = said.get("country")
    name = said_text(country.get("_content") if isinstance(country, dict) else country)
    accuracy = values.number_id(said.get("accuracy"))
    if accuracy == "0" and not name:  # so Flickr writes that a photo has no location
        return None
    point = point_said(said.get("latitude"), said.get("longitude"))
    if point and accuracy and int(accuracy) < LEAST_ACCURACY:
        point = None
        if not name:
            found = f"accuracy {accuracy}, coarser than a country"
            raise DataError(Fault("accuracy", found, f"{LEAST_ACCURACY} or more"))
    if point is None:
        return Place(name) if name else None
    at = place_at(point, country_at)
    return Place(name or at.name, at.square)
