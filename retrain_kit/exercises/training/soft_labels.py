"""Soft labels: for each place a distribution over all options that were spoken of, with its spread.

The elephant is outside the distribution until somebody lets it in by a named act; who did is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.exercises.what_if.aggregate import LETTING_IN
from retrain_kit.exercises.what_if.ranges import WITHDRAWN_WORDING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from polars._typing import PolarsDataType

    from retrain_kit.exercises.training.selection import SelectedAnswers
    from retrain_kit.exercises.what_if.ranges import Degree, Option, Range
    from retrain_kit.studies.manifests import ImageRow

    Schema = dict[str, PolarsDataType]


@dataclass(frozen=True)
class PersonDegrees:
    """What one person said of one option.

    Parameters
    ----------
    degrees
        In the order of time; several where wordings were called the same of which this person spoke apart.
    """

    who: str
    option: Option
    degrees: tuple[Degree, ...]

    @property
    def low(self) -> float:
        """The lowest per cent that was said."""
        return min(degree.likelihood.low for degree in self.degrees)

    @property
    def high(self) -> float:
        """The highest per cent that was said."""
        return max(degree.likelihood.high for degree in self.degrees)

    @property
    def middle_per_cent(self) -> float:
        """The per cent in the middle of what was said."""
        return (self.low + self.high) / 2


def shown_wordings(option: Option) -> tuple[str, ...]:
    """Return the wordings of an option that can be shown: not those that are withdrawn or not agreed to."""
    return tuple(text for text in option.texts if text != WITHDRAWN_WORDING)


def spoken_options(found: Range) -> list[Option]:
    """Return the options that have a name and a degree, in the order of the list; the elephant if let in."""
    return [option for option in found.options if option.degrees and shown_wordings(option)]


def degrees_by_person(option: Option) -> list[PersonDegrees]:
    """Return what each person said of an option, by pseudonym."""
    people = sorted({degree.who for degree in option.degrees})
    return [
        PersonDegrees(who, option, tuple(degree for degree in option.degrees if degree.who == who))
        for who in people
    ]


def option_weights(found: Range) -> list[float]:
    """Return the weight of each option of `spoken_options`: they sum to 1.

    Empty where nobody spoke of any, or nobody gave any more than 0 per cent.
    """
    said = [
        [voice.middle_per_cent for voice in degrees_by_person(option)] for option in spoken_options(found)
    ]
    means = [fsum(middles) / len(middles) for middles in said]
    total = fsum(means)
    return [mean / total for mean in means] if total else []


TEXTS, NUMBERS, COUNTS = pl.List(pl.String), pl.List(pl.Float64), pl.List(pl.Int64)
SOFT_LABEL_SCHEMA: Schema = {
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


def soft_label_table(selected: SelectedAnswers, images: Mapping[tuple[str, str], ImageRow]) -> pl.DataFrame:
    """Return one row a place, by study, image and hole.

    Parameters
    ----------
    images
        What is known of the images, by study and id; may know none.
    """
    rows = [
        {
            **image_columns((study, found.place.image), images),
            "hole": found.place.hole,
            **soft_label_row(found),
        }
        for study in selected.studies
        for found in selected.ranges(study)
    ]
    return pl.DataFrame(rows, schema=SOFT_LABEL_SCHEMA)


def soft_label_row(found: Range) -> dict[str, object]:
    """Return what was said of a place."""
    options = spoken_options(found)
    spans = [span for option in options if (span := option.span)]
    acts = [act.record.who for act in found.acts if act.kind in LETTING_IN]
    return {
        "options": [list(shown_wordings(option)) for option in options],
        "footnotes": [_footnotes(option) for option in options],
        "weights": option_weights(found),
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
    return () if option.degrees else shown_wordings(option)


def image_columns(key: tuple[str, str], images: Mapping[tuple[str, str], ImageRow]) -> dict[str, str]:
    """Return what a row says of its image, by study and id; no digest where nothing is known of it."""
    image = images.get(key)
    return {"study": key[0], "image_id": key[1], "sha256": image.sha256 if image else ""}
