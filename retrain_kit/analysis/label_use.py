"""Label use: in how many images each synset of a label system is, it alone and with all below it.

A synset is in an image where a region bears it, or where the source says that it is there, of a point or of
the whole image. A label that is denied, or left open, is not. Images and annotations count once at each
synset, however many ways lead there: nothing is counted twice where a synset has two parents.

An annotation names its synsets by ids where its source gives them, else by its word. A word that means
nothing in the system, or several things, counts for no synset: it is listed. A word is looked for as it is
written and in small letters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrain_kit.annotations.samples import ImageLabel, PointLabel, Region, Sample
    from retrain_kit.annotations.taxonomy import Synset, Taxonomy

ID_FIELDS = ("synset", "synsets", "LabelName")
"""Under which names sources give a synset's id: ImageNet, Visual Genome, Open Images."""

PRESENTATIONS = ("GenderPresentation", "AgePresentation")
"""Under which names MIAP keeps what people seemed to be to whoever was asked."""


@dataclass(frozen=True)
class LabelUse:
    """How a study uses a label system. What is not in a mapping is 0.

    Parameters
    ----------
    images, annotations
        In how many images each synset itself is, and how many annotations bear it, by its id.
    images_below, annotations_below
        The same for the synset and all below it.
    samples
        Ids of the images that each synset itself is in, in the order given.
    without_synset
        Words that mean nothing in the system, and how many annotations bear them.
    ambiguous
        Words that mean several things in it, and how many annotations bear them.
    all_images
        How many images were looked at.
    """

    images: Mapping[str, int]
    annotations: Mapping[str, int]
    images_below: Mapping[str, int]
    annotations_below: Mapping[str, int]
    samples: Mapping[str, tuple[str, ...]]
    without_synset: Mapping[str, int]
    ambiguous: Mapping[str, int]
    all_images: int

    def unused_siblings(self, taxonomy: Taxonomy, name: str) -> tuple[str, ...]:
        """Return the synsets beside one, below any of its parents, that no image bears at or below."""
        beside = (each for parent in taxonomy.parents(name) for each in taxonomy.children(parent))
        return tuple(
            dict.fromkeys(each for each in beside if each != name and not self.images_below.get(each))
        )


class Naming(NamedTuple):
    """What an annotation calls a thing.

    Parameters
    ----------
    names
        Its words, the label first: Visual Genome has objects of several names.
    ids
        What its source gives for synsets.
    """

    names: tuple[str, ...]
    ids: tuple[str, ...]


class ImageNamings(NamedTuple):
    """What the annotations of an image call things: of a data set's words nothing else is needed."""

    image: str
    namings: Sequence[Naming]


def image_namings(samples: Iterable[Sample]) -> Iterator[ImageNamings]:
    """Yield what the annotations of each image call things that they say are there."""
    for sample in samples:
        yield ImageNamings(sample.id, [*map(_naming, said_to_be_there(sample))])


def _naming(annotation: Region | ImageLabel | PointLabel) -> Naming:
    more = annotation.said.get("names")
    listed = [each for each in more if isinstance(each, str)] if isinstance(more, list) else []
    names = tuple(dict.fromkeys((annotation.label, *listed)))
    return Naming(names, (*_presented(annotation), *stated_ids(annotation)))


def count_label_use(
    taxonomy: Taxonomy, samples: Iterable[Sample], ids: Mapping[str, str] | None = None
) -> LabelUse:
    """Return in how many images, and annotations, each synset is.

    Parameters
    ----------
    taxonomy
        The label system.
    samples
        The images.
    ids
        The system's own ids by the names that the source may give in their place.
    """
    return count_namings(taxonomy, image_namings(samples), ids)


def count_namings(
    taxonomy: Taxonomy, rows: Iterable[ImageNamings], ids: Mapping[str, str] | None = None
) -> LabelUse:
    """Return the same from words alone; memory is bounded by images and by different words."""
    counting = UseCounting(taxonomy, ids)
    for row in rows:
        counting.take(row)
    return counting.result()


class UseCounting:
    """Counts label use as images come by.

    Parameters
    ----------
    taxonomy, ids
        As for `count_label_use`.
    """

    def __init__(self, taxonomy: Taxonomy, ids: Mapping[str, str] | None = None) -> None:
        self.taxonomy, self.ids = taxonomy, ids or {}
        self.samples: dict[str, list[str]] = defaultdict(list)
        self.images_below: Counter[str] = Counter()
        self.said: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.known: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self.all_images = 0
        self.above: dict[str, tuple[str, ...]] = {}

    def take(self, row: ImageNamings) -> None:
        """Count one image more."""
        self.all_images += 1
        said = [(names[0], ids) for names, ids in row.namings]
        self.said.update(said)
        borne = dict.fromkeys(name for each in dict.fromkeys(said) for name in self.synsets(each))
        for name in borne:
            self.samples[name].append(row.image)
        self.images_below.update({each for name in borne for each in self.upwards(name)})

    def synsets(self, said: tuple[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Return the ids of what a label and the ids of its source mean, each once."""
        if said not in self.known:
            self.known[said] = _meant(self.taxonomy, *said, self.ids)
        return self.known[said]

    def labels(self) -> Iterator[tuple[str, int, tuple[str, ...]]]:
        """Yield each label, how many annotations bear it with the same ids, and the synsets it means so."""
        for said, count in self.said.items():
            yield said[0], count, self.synsets(said)

    def upwards(self, name: str) -> tuple[str, ...]:
        """Return a synset and all above it."""
        if name not in self.above:
            self.above[name] = (name, *self.taxonomy.ancestors(name))
        return self.above[name]

    def result(self) -> LabelUse:
        """Return what was counted."""
        annotations, below = Counter[str](), Counter[str]()
        without, ambiguous = Counter[str](), Counter[str]()
        for said, count in self.said.items():
            found = self.synsets(said)
            annotations.update(dict.fromkeys(found, count))
            below.update(dict.fromkeys((each for name in found for each in self.upwards(name)), count))
            if not found:
                (ambiguous if synsets_named(self.taxonomy, said[0]) else without)[said[0]] += count
        samples = {name: tuple(ids) for name, ids in self.samples.items()}
        images = {name: len(ids) for name, ids in samples.items()}
        return LabelUse(
            images,
            annotations,
            self.images_below,
            below,
            samples,
            dict(without.most_common()),
            dict(ambiguous.most_common()),
            self.all_images,
        )


def synsets_meant(
    taxonomy: Taxonomy, annotation: Region | ImageLabel | PointLabel, ids: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the ids of what an annotation means, each once.

    None where its word has no meaning in the system, or several.
    """
    return _meant(taxonomy, annotation.label, (*_presented(annotation), *stated_ids(annotation)), ids or {})


def _meant(
    taxonomy: Taxonomy, label: str, stated: tuple[str, ...], ids: Mapping[str, str]
) -> tuple[str, ...]:
    named = (ids.get(name, name) for name in stated)
    if known := tuple(dict.fromkeys(name for name in named if name in taxonomy)):
        return known
    found = synsets_named(taxonomy, label)
    return (found[0].id,) if len(found) == 1 else ()


def synsets_named(taxonomy: Taxonomy, label: str) -> list[Synset]:
    """Return the synsets that a label may mean, as it is written and in small letters.

    *Orange* is a river, and where labels begin with a capital it is a fruit and a colour as well.
    """
    found = [*taxonomy.named(label), *taxonomy.named(label.lower())]
    return [*{synset.id: synset for synset in found}.values()]


def said_to_be_there(sample: Sample) -> Iterator[Region | ImageLabel | PointLabel]:
    """Yield the annotations by which a word is in an image."""
    yield from sample.regions
    yield from (label for label in sample.labels if label.present)
    yield from (point for point in sample.points if point.present)


def stated_ids(annotation: Region | ImageLabel | PointLabel) -> tuple[str, ...]:
    """Return the ids that the source gives, each once."""
    given = [annotation.said[name] for name in ID_FIELDS if annotation.said.get(name)]
    lists = [[each] if isinstance(each, str) else each for each in given]
    return tuple(dict.fromkeys(name for names in lists for name in names if isinstance(name, str)))


def _presented(annotation: Region | ImageLabel | PointLabel) -> Iterator[str]:
    """Yield what MIAP says that a person seemed to be, as `datasets.label_systems` names it."""
    for name in PRESENTATIONS:
        if value := annotation.said.get(name):
            yield f"{name}: {value}"
