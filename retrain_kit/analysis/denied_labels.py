"""Denied labels: what people were asked about an image and said that it is not there, or did not agree on.

A label is *denied* in an image where the source says that it is absent, of the image or of a point in it, and
nothing there says that it is present. It is *disputed* where both are said of one image, by two annotations
or by the votes on one point. A region that bears a denied label disputes it as well. Who was asked, and
whether they were people, is said only where the source says it: the annotators stand beside.

What nobody was asked about is in no count here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrain_kit.annotations.samples import Sample


@dataclass(frozen=True)
class DeniedLabel:
    """A label that was denied or disputed: the ids of images, in their own order.

    Parameters
    ----------
    label
        The word of the data set.
    said
        Images in which its presence is said, and nothing denies it.
    denied
        Images in which it is denied, and nothing says that it is there.
    disputed
        Images in which both are said.
    by
        Who denied it, in the source's words, those who denied it in most images first.
    """

    label: str
    said: tuple[str, ...]
    denied: tuple[str, ...]
    disputed: tuple[str, ...]
    by: tuple[str, ...]

    @property
    def asked(self) -> int:
        """In how many images anything is said of it."""
        return len(self.said) + len(self.denied) + len(self.disputed)


@dataclass(frozen=True)
class DeniedLabels:
    """What was denied in a study.

    Parameters
    ----------
    rows
        Labels that were denied or disputed anywhere: those denied in most images first.
    images, asked_images
        How many images there are, and in how many of them anything was asked of a label or a point.
    left_open
        How many answers say neither yes nor no.
    """

    rows: tuple[DeniedLabel, ...]
    images: int
    asked_images: int
    left_open: int


_SAID, _DENIED = 1, 2


def denied_labels(samples: Iterable[Sample]) -> DeniedLabels:
    """Return which labels were denied, and where; samples are gone through once."""
    found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    by: dict[str, dict[str, int]] = defaultdict(dict)
    images = asked_images = left_open = 0
    for sample in samples:
        images += 1
        asked_images += bool(sample.labels or sample.points)
        said: dict[str, int] = dict.fromkeys((region.label for region in sample.regions), _SAID)
        for label, answer, annotator in _answers(sample):
            left_open += not answer
            said[label] = said.get(label, 0) | answer
            if answer & _DENIED:
                by[label][annotator] = by[label].get(annotator, 0) + 1
        for label, answer in said.items():
            found[label][answer].append(sample.id)
    rows = [_row(label, found[label], by[label]) for label in by]
    rows.sort(key=lambda row: (-len(row.denied), -len(row.disputed), row.label))
    return DeniedLabels(tuple(rows), images, asked_images, left_open)


def _row(label: str, ids: Mapping[int, list[str]], by: Mapping[str, int]) -> DeniedLabel:
    said, denied, disputed = (tuple(ids.get(each, ())) for each in (_SAID, _DENIED, _SAID | _DENIED))
    return DeniedLabel(label, said, denied, disputed, tuple(sorted(by, key=lambda name: (-by[name], name))))


def _answers(sample: Sample) -> Iterator[tuple[str, int, str]]:
    """Yield each label that was asked about, what was said of it, and by whom."""
    for label in sample.labels:
        yield label.label, _answer(label.present), label.annotator
    for point in sample.points:
        votes = point.votes
        voted = (_SAID if votes.yes else 0) | (_DENIED if votes.no else 0) if votes else 0
        yield point.label, _answer(point.present) | voted, point.annotator


def _answer(present: bool | None) -> int:  # noqa: FBT001 - what the source says
    return 0 if present is None else _SAID if present else _DENIED
