"""Written: the lines that a data set has about an image: captions, narratives, phrases for parts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.annotations.samples import Phrase, Sample

SAID_CAPTIONS, SAID_NARRATIVES = "captions", "localized_narratives"
"""Under which names lines about an image are kept in what is said of it: of COCO, of Localized Narratives."""
CAPTION, NARRATIVE, PHRASE = "caption", "narrative", "phrase for a part of the image"


@dataclass(frozen=True)
class DataSetText:
    """A line of a data set about an image.

    Parameters
    ----------
    text
        As the data set has it.
    kind
        `CAPTION`, `NARRATIVE` or `PHRASE`.
    annotator
        Who or what made it, in the source's word; `UNKNOWN` where it does not say.
    """

    text: str
    kind: str
    annotator: str = UNKNOWN

    @property
    def kind_and_annotator(self) -> str:
        """Kind and annotator in words."""
        return f"{self.kind}; {'who made it is not said' if self.annotator == UNKNOWN else self.annotator}"


@dataclass(frozen=True)
class TrainingWords:
    """The words that a machine was trained with, and can say; it has no other.

    Parameters
    ----------
    count
        How many they are.
    present, absent
        Words that were looked for: those that are among them, and those that are not.
    """

    count: int
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = [ngettext("It has {count} word.", "It has {count:,} words.", self.count)]
        if self.absent:
            told.append(gettext("Not among them: {words}.", words=", ".join(self.absent)))
        if self.present:
            told.append(gettext("Among them: {words}.", words=", ".join(self.present)))
        return " ".join(told)


@dataclass(frozen=True)
class CreditedLine:
    """One line about an image that is not the data set's: a machine's, or of whoever a table credits.

    Parameters
    ----------
    text
        The line.
    credit
        Who or what wrote it; empty where that is not stated.
    words
        The words that it has to say anything with; None where that is not known, or it has all of a language.
    """

    text: str
    credit: str = ""
    words: TrainingWords | None = None


def texts_about(sample: Sample) -> list[DataSetText]:
    """Return the lines about an image, the one that stands for the whole image first.

    Captions come before narratives, in the source's order, and both before phrases; of these, the one with
    the largest box comes first.
    """
    return [*_captions(sample), *_narratives(sample), *_phrases(sample)]


def _captions(sample: Sample) -> Iterator[DataSetText]:
    for row in sample.said.get(SAID_CAPTIONS) or ():
        if text := str(row.get("caption", "")).strip():
            yield DataSetText(text, CAPTION)


def _narratives(sample: Sample) -> Iterator[DataSetText]:
    for row in sample.said.get(SAID_NARRATIVES) or ():
        if text := str(row.get("caption", "")).strip():
            yield DataSetText(
                text, NARRATIVE, f"annotator {row['annotator_id']}" if "annotator_id" in row else UNKNOWN
            )


def _phrases(sample: Sample) -> Iterator[DataSetText]:
    for phrase in sorted(sample.phrases, key=_area, reverse=True):
        if text := phrase.text.strip():
            yield DataSetText(text, PHRASE, phrase.annotator)


def _area(phrase: Phrase) -> float:
    return phrase.box.width_px * phrase.box.height_px
