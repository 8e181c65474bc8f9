"""Lines: what a data set says of an image in running words, and who said it, only as the source says.

Captions (COCO), narratives (Localized Narratives) and phrases for parts of an image (Visual Genome). Most of
them were written by people, whom the source rarely names; to a model that learns from them they are all there
is to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.samples import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.samples import Phrase, Sample

CAPTION, NARRATIVE, PHRASE = "caption", "narrative", "phrase for a part of the image"


@dataclass(frozen=True)
class Line:
    """A line of a data set about an image.

    Parameters
    ----------
    text
        As the data set has it.
    kind
        `CAPTION`, `NARRATIVE` or `PHRASE`.
    maker
        Who or what made it, in the source's word; `UNKNOWN` where it does not say.
    """

    text: str
    kind: str
    maker: str = UNKNOWN

    @property
    def told(self) -> str:
        """Kind and maker in words."""
        return f"{self.kind}; {'who made it is not said' if self.maker == UNKNOWN else self.maker}"


def of(sample: Sample) -> list[Line]:
    """Return the lines about an image, the one that stands for the whole image first.

    Captions come before narratives, in the source's order, and both before phrases; of these, the one with
    the largest box comes first.
    """
    return [*_captions(sample), *_narratives(sample), *_phrases(sample)]


def _captions(sample: Sample) -> Iterator[Line]:
    for row in sample.said.get("captions") or ():
        if text := str(row.get("caption", "")).strip():
            yield Line(text, CAPTION)


def _narratives(sample: Sample) -> Iterator[Line]:
    for row in sample.said.get("localized_narratives") or ():
        if text := str(row.get("caption", "")).strip():
            yield Line(
                text, NARRATIVE, f"annotator {row['annotator_id']}" if "annotator_id" in row else UNKNOWN
            )


def _phrases(sample: Sample) -> Iterator[Line]:
    for phrase in sorted(sample.phrases, key=_area, reverse=True):
        if text := phrase.text.strip():
            yield Line(text, PHRASE, phrase.maker)


def _area(phrase: Phrase) -> float:
    return phrase.box.width_px * phrase.box.height_px
