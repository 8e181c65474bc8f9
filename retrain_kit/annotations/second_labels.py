"""Second labels: what others have said of images that a data set had labelled already.

ReaL asked people again which of the thousand labels of ImageNet's challenge an image may bear; ImageNet-X has
an annotator's own sentence on what an image shows, and what is unusual in it. Both speak of images by the
names of ImageNet's files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.annotations.samples import Sample

_NAME = re.compile(r"ILSVRC2012_val_[0-9]{8}|n[0-9]{8}_[0-9]+(?![0-9])")
"""An image of ImageNet's validation, or of its training."""


@dataclass(frozen=True)
class AnnotatorSentence:
    """What an annotator wrote of an image, and what they marked of it.

    Parameters
    ----------
    sentence, word
        Their own words; empty where they wrote none.
    factors
        What they marked as unusual in the image, under the source's names.
    """

    sentence: str
    word: str
    factors: tuple[str, ...]


@dataclass(frozen=True)
class SecondLabels:
    """What others have said, by the names of ImageNet's images.

    Parameters
    ----------
    labels
        The ids of the synsets that an image may bear. None of them where no label was found to fit.
    sentences
        What an annotator wrote.
    licences
        Under which licence each of the two is, by what it is called.
    """

    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sentences: Mapping[str, AnnotatorSentence] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)

    def labels_of(self, sample: Sample) -> tuple[str, ...] | None:
        """Return the labels that others gave an image; None where nobody was asked about it."""
        return self.labels.get(imagenet_name(sample))

    def sentence_of(self, sample: Sample) -> AnnotatorSentence | None:
        """Return what an annotator wrote of an image; None where nobody did."""
        return self.sentences.get(imagenet_name(sample))


def imagenet_name(sample: Sample) -> str:
    """Return the name that ImageNet has for an image, by its id or its file; an empty text where it has none.

    What stands around the name, as a folder or a synset behind it, says nothing.
    """
    found = _NAME.search(sample.id) or _NAME.search(sample.path.stem)
    return found[0] if found else ""
