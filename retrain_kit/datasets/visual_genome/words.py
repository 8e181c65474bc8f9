"""The words of Visual Genome alone: names of objects with their synsets, and phrases, image by image.

Boxes, sizes, attributes and relationships are passed over, and no image is asked for: an audit of all words
runs over the whole data set, in the memory of its different words. What the reader of samples lists as
rejected for its word is listed here, too; what it rejects for its box is a word all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.analysis.label_use import ImageNamings, Naming
from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.annotations.written import PHRASE, DataSetText
from retrain_kit.datasets.formats import values
from retrain_kit.datasets.visual_genome import entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest


def stream_namings(
    manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None
) -> Iterator[ImageNamings]:
    """Yield what the objects of each image are called, in the order of `objects`.

    Parameters
    ----------
    manifest
        A study of the data set: its files are read whole, whichever images it looks at.
    unmatched
        Where that goes which names no image, and objects without a word.

    Raises
    ------
    DataError
        When there is no `objects`, or it cannot be read.
    """
    path = entries.file_of(manifest, "objects")
    kept: dict[str, str] = {}
    for image, entry in entries.by_image(path, unmatched):
        namings = []
        for number, row in enumerate(_rows(entry, "objects"), start=1):
            names, ids = _texts(row, "names", "name"), _texts(row, "synsets")
            if names and names[0].strip():
                namings.append(Naming(_interned(names, kept), _interned(ids, kept)))
            elif unmatched is not None:
                unmatched.append(_wordless(path, image, number, row, "names"))
        yield ImageNamings(image, namings)


def stream_phrases(
    manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Yield the phrases of each image, in the order of `region_descriptions`.

    Parameters
    ----------
    manifest, unmatched
        As for `stream_namings`.

    Raises
    ------
    DataError
        When there is no `region_descriptions`, or it cannot be read.
    """
    path = entries.file_of(manifest, "region_descriptions")
    for image, entry in entries.by_image(path, unmatched):
        phrases = []
        for number, row in enumerate(_rows(entry, "regions"), start=1):
            text = row.get("phrase") if isinstance(row, dict) else None
            if isinstance(text, str) and text.strip():
                phrases.append(text)
            elif unmatched is not None:
                unmatched.append(_wordless(path, image, number, row, "phrase"))
        yield image, phrases


def stream_lines(
    manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None
) -> Iterator[tuple[str, list[DataSetText]]]:
    """Yield the phrases of each image as lines about it, see `stream_phrases`."""
    for image, phrases in stream_phrases(manifest, unmatched):
        yield image, [DataSetText(text, PHRASE) for text in phrases]


def _rows(entry: Mapping[str, Any], name: str) -> list[Any]:
    rows = entry.get(name)
    return rows if isinstance(rows, list) else []


def _texts(row: Any, *names: str) -> tuple[str, ...]:  # noqa: ANN401 - whatever JSON holds
    """Return the texts under the first of these names that a row has."""
    found = next((row[name] for name in names if row.get(name)), ()) if isinstance(row, dict) else ()
    listed = [found] if isinstance(found, str) else found
    return tuple(each for each in listed if isinstance(each, str)) if isinstance(listed, list) else ()


def _interned(texts: tuple[str, ...], kept: dict[str, str]) -> tuple[str, ...]:
    """Return the same texts, each in memory once."""
    return tuple([kept.setdefault(each, each) for each in texts])


def _wordless(path: Path, image: str, number: int, row: object, name: str) -> RejectedAnnotation:
    held = row.get(name) if isinstance(row, dict) else row
    reason = f"{name}: {values.shown(held)}, no word"
    return RejectedAnnotation(image, reason, place=f"{path.name}, image {image}, row {number}")
