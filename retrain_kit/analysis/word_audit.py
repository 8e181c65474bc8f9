"""An audit of words: what a data set calls things, what its label system has for it, and what it lacks.

It needs the words alone, not the images, and goes through them once: names first, then the lines about each
image. Memory is bounded by how many images and different words there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis.free_names import NameCounting
from retrain_kit.analysis.label_use import UseCounting, image_namings
from retrain_kit.analysis.vocabulary import label_vocabulary
from retrain_kit.analysis.written_words import ImageWords, count_written_words
from retrain_kit.annotations import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrain_kit.analysis.free_names import FreeNames
    from retrain_kit.analysis.label_use import ImageNamings, LabelUse
    from retrain_kit.analysis.vocabulary import Vocabulary
    from retrain_kit.analysis.written_words import WrittenWord, WrittenWords
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Taxonomy
    from retrain_kit.annotations.written import DataSetText

    Lines = tuple[str, Sequence[DataSetText]]


@dataclass(frozen=True)
class WordAudit:
    """What was counted of the words of a data set.

    Parameters
    ----------
    use
        In how many images, and annotations, each synset is.
    names
        The names that people gave, and to which synsets they were led.
    written
        What is written of the images, and whether a label has it.
    vocabulary
        The words of its labels and of the system.
    """

    use: LabelUse
    names: FreeNames
    written: WrittenWords
    vocabulary: Vocabulary

    @property
    def lacking(self) -> list[WrittenWord]:
        """Things that people wrote down and that neither a label nor the label system has a word for."""
        return [each for each in self.written.unlabelled if each.key not in self.vocabulary.names]

    @property
    def unused(self) -> list[WrittenWord]:
        """Things that people wrote down, that the system has a word for, and that no label names."""
        return [each for each in self.written.unlabelled if each.key in self.vocabulary.names]


def audit_samples(
    samples: Sequence[Sample], taxonomy: Taxonomy, ids: Mapping[str, str] | None = None
) -> WordAudit:
    """Return the audit of a study's samples: all that is written of them is read."""
    lines = ((sample.id, written.texts_about(sample)) for sample in samples)
    return audit_words(image_namings(samples), lines, taxonomy, ids)


def audit_words(
    namings: Iterable[ImageNamings],
    lines: Iterable[Lines],
    taxonomy: Taxonomy,
    ids: Mapping[str, str] | None = None,
) -> WordAudit:
    """Return the audit of words that come by, image by image.

    Parameters
    ----------
    namings
        What the annotations of each image call things.
    lines
        What is written of each image; it need not have the same order, nor all images.
    taxonomy, ids
        As for `label_use.count_label_use`.
    """
    use, names = UseCounting(taxonomy, ids), NameCounting()
    labels: dict[str, tuple[str, ...]] = {}
    for row in namings:
        use.take(row)
        names.take(row)
        labels[row.image] = tuple({each.names[0] for each in row.namings})
    vocabulary = _vocabulary(use, taxonomy)
    counts = count_written_words(_beside(lines, labels), vocabulary)
    return WordAudit(use.result(), names.result(), counts, vocabulary)


def _vocabulary(use: UseCounting, taxonomy: Taxonomy) -> Vocabulary:
    used: Counter[str] = Counter()
    meant: dict[str, set[str]] = defaultdict(set)
    for label, count, found in use.labels():
        used[label] += count
        meant[label].update(found)
    return label_vocabulary(taxonomy, used, meant)


def _beside(lines: Iterable[Lines], labels: Mapping[str, tuple[str, ...]]) -> Iterator[ImageWords]:
    """Yield the lines of each image with its labels; at the end the images of which nothing is written."""
    met: set[str] = set()
    for image, texts in lines:
        met.add(image)
        yield ImageWords(image, labels.get(image, ()), texts)
    for image, said in labels.items():
        if image not in met:
            yield ImageWords(image, said, ())
