"""Soft labels: for each place a distribution over all options that were spoken of, with its spread.

The elephant is outside the distribution until somebody lets it in by a named act; who did is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.exercises.reading import LET_IN
from retrain_kit.training import shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from polars._typing import PolarsDataType

    from retrain_kit.exercises.ranges import Option, Range
    from retrain_kit.manifests import Image
    from retrain_kit.training.gathering import Gathered

    Schema = dict[str, PolarsDataType]

TEXTS, NUMBERS, COUNTS = pl.List(pl.String), pl.List(pl.Float64), pl.List(pl.Int64)
SCHEMA: Schema = {
    "study": pl.String,
    "image_id": pl.String,
    "sha256": pl.String,
    "hole": pl.String,
    "options": pl.List(TEXTS),
    "footnotes": pl.List(TEXTS),
    "weights": NUMBERS,
    "lows": NUMBERS,
    "highs": NUMBERS,
    "people": COUNTS,
    "unspoken": TEXTS,
    "outside": pl.String,
    "let_in_by": TEXTS,
    "refusals": TEXTS,
}


def table(gathered: Gathered, images: Mapping[tuple[str, str], Image]) -> pl.DataFrame:
    """Return one row a place, by study, picture and hole.

    Parameters
    ----------
    images
        What is known of the pictures, by study and id; may know none.
    """
    rows = [
        {**_picture(study, found, images), **row(found)}
        for study in gathered.studies
        for found in gathered.ranges(study)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def row(found: Range) -> dict[str, object]:
    """Return what was said of a place."""
    options = shares.spoken(found)
    spans = [span for option in options if (span := option.span)]
    acts = [act.record.who for act in found.acts if act.kind == LET_IN]
    return {
        "options": [list(shares.named(option)) for option in options],
        "footnotes": [_footnotes(option) for option in options],
        "weights": shares.weights(found),
        "lows": [low for low, _ in spans],
        "highs": [high for _, high in spans],
        "people": [option.people for option in options],
        "unspoken": [" / ".join(named) for option in found.options if (named := _silent(option))],
        "outside": " / ".join(found.outside.texts) if found.outside else "",
        "let_in_by": sorted(set(acts)),
        "refusals": sorted(record.refusal for record in found.refusals),
    }


def _footnotes(option: Option) -> list[str]:
    return [note.text for wording in option.wordings for note in wording.footnotes]


def _silent(option: Option) -> tuple[str, ...]:
    """Return the wordings of an option that nobody spoke of; nothing for any other."""
    return () if option.degrees else shares.named(option)


def _picture(study: str, found: Range, images: Mapping[tuple[str, str], Image]) -> dict[str, str]:
    image = images.get((study, found.place.image))
    return {
        "study": study,
        "image_id": found.place.image,
        "sha256": image.sha256 if image else "",
        "hole": found.place.hole,
    }
