"""People in images: which regions are said to be of people, and the veil that makes them coarse.

One veil for all who show images of people: the roulette, *Training Humans*, the wall. It covers, together,

* the boxes of all regions whose label stands at or below *person*, in the label system or among the words
  that data sets use for people;
* where there are none, the boxes of phrases that speak of people;
* where nothing says where, but a label or a point says that there is a person, or the data set is one of
  faces: the whole image;
* what somebody brushed by hand, see `studies.brushed`;
* what a detector of the user's took for a face, see `analysis.found_faces`: it adds to the rest and never
  takes the place of a box.

Nobody is recognised. Who was not tagged, not brushed and not found is not veiled. What is coarse, and what
remains of it, is told in `imaging.coarse`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from retrain_kit.analysis.label_use import synsets_meant
from retrain_kit.analysis.own_labels import BELOW_PERSON
from retrain_kit.analysis.person_words import find_person_words
from retrain_kit.annotations.samples import Box, Region
from retrain_kit.annotations.veil import SIGN
from retrain_kit.imaging import coarse, masking
from retrain_kit.studies.brushed import load_brushed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from PIL import Image

    from retrain_kit.annotations.samples import ImageLabel, Phrase, PointLabel, Sample
    from retrain_kit.annotations.taxonomy import Taxonomy
    from retrain_kit.annotations.veil import Veil
    from retrain_kit.imaging.masking import Mask
    from retrain_kit.studies.manifests import Manifest

    Annotation = Region | ImageLabel | PointLabel

DATA_SETS_OF_FACES = ("ffhq", "lfw")
"""Readers whose every image is a face, which no region says."""
FACES = frozenset({"face", "human face", "/m/0dzct"})
"""Words for faces, and Open Images' id of its own."""
PARTS = frozenset({"human head", "head", "human body"})
PERSONS = frozenset(
    {
        *("person", "persons", "people", "human", "pedestrian", "pedestrians", "rider", "cyclist"),
        *("person sitting", "person group", "crowd", "man", "men", "woman", "women", "boy", "boys"),
        *("girl", "girls", "child", "children", "kid", "kids", "baby", "babies"),
    }
)
"""Words for people in data sets whose label system does not say what stands above them."""
_WORD_FOR_PEOPLE = re.compile(rf"\b(?:{'|'.join(sorted(PERSONS | {'face', 'faces'}))})\b|{SIGN}")


class Find(Protocol):
    """What a detector took for a face."""

    @property
    def veiled(self) -> Box:
        """What of the image is made coarse for it."""


class Finder(Protocol):
    """What asks a detector, as `found_faces.FaceFinder` does."""

    def find(self, image: Image.Image, sample: Sample) -> Sequence[Find]:
        """Return what is found in a sample's image."""


@dataclass(frozen=True)
class PeopleInImages:
    """What tells which annotations of a study are of people.

    Parameters
    ----------
    taxonomy
        The label system.
    words
        The ids of its words that count as words for people.
    ids
        The system's own ids by the names that the source may give in their place.
    everywhere
        Whether each image is one of people as a whole, as in a data set of faces.
    brushed
        What somebody covered by hand, by the image's id: boolean (rows, columns), stretched over the frame.
    finder
        What asks a detector of the user's for more; None without one.
    """

    taxonomy: Taxonomy
    words: frozenset[str]
    ids: Mapping[str, str] = field(default_factory=dict)
    everywhere: bool = False
    brushed: Mapping[str, Mask] = field(default_factory=dict)
    finder: Finder | None = None

    def are_meant(self, annotation: Annotation) -> bool:
        """Return whether an annotation means people, or may mean them."""
        word = plain_word(annotation.label)
        if word.startswith(SIGN):
            return True  # veiled words are those for people
        if word in FACES | PARTS | PERSONS or BELOW_PERSON.fullmatch(word):
            return True
        meant = synsets_meant(self.taxonomy, annotation, self.ids)
        several = (synset.id for synset in self.taxonomy.named(annotation.label.lower()))
        return any(name in self.words for name in meant or several)

    def regions(self, sample: Sample) -> tuple[Region, ...]:
        """Return the regions of an image that are of people, in their order."""
        return tuple(region for region in sample.regions if self.are_meant(region))

    def phrases(self, sample: Sample) -> tuple[Phrase, ...]:
        """Return the phrases of an image that speak of people by one of the words above, in their order."""
        return tuple(each for each in sample.phrases if _WORD_FOR_PEOPLE.search(each.text.casefold()))

    def somewhere(self, sample: Sample) -> bool:
        """Return whether an image is said to show people, and no region and no phrase says where."""
        if self.regions(sample) or self.phrases(sample):
            return False
        labels: tuple[ImageLabel | PointLabel, ...] = (*sample.labels, *sample.points)
        return self.everywhere or any(each.present and self.are_meant(each) for each in labels)


def people_of_study(
    manifest: Manifest,
    taxonomy: Taxonomy,
    veil: Veil,
    ids: Mapping[str, str] | None = None,
    persons: Collection[str] | None = None,
) -> PeopleInImages:
    """Return what tells who is a person in a study: words at and below *person*, and those that may wound.

    Parameters
    ----------
    manifest
        The study; what somebody brushed in its images is read from beside it.
    taxonomy
        The label system.
    veil
        Its words that may wound. Samples are to be those of the study itself, not veiled ones: an image whose
        name is veiled has another id.
    ids
        The system's own ids by the names that the source may give in their place.
    persons
        The ids that count as *person*, see `own_labels.persons_meant`.

    Raises
    ------
    DataError
        When what was brushed cannot be read.
    """
    words = frozenset(find_person_words(taxonomy, persons).ids) | veil.ids
    everywhere = manifest.dataset in DATA_SETS_OF_FACES
    return PeopleInImages(taxonomy, words, ids or {}, everywhere, load_brushed(manifest))


def plain_word(label: str) -> str:
    """Return a label as the lists of words above have it: small letters, and spaces for _ and -."""
    return label.casefold().replace("_", " ").replace("-", " ").strip()


def veil_people(
    image: Image.Image, sample: Sample, people: PeopleInImages, boxes: Sequence[Region] = ()
) -> tuple[Image.Image, str]:
    """Return an image with people made coarse, and in a sentence what was; nothing where nothing was.

    Parameters
    ----------
    image
        The sample's image in its own size, RGB or RGBA.
    sample
        The image and what is said of it.
    people
        What tells who is a person.
    boxes
        What a machine calls a person: it is veiled as its find, and not said to be people.
    """
    mask = masking.union_mask((), sample.size)
    told = []
    for what, part in (*_tagged(sample, people), *_found(sample, boxes), *_added(image, sample, people)):
        mask |= part
        told.append(what)
    if not told:
        return image, ""
    said = f"{' and '.join(told)} made coarse."
    return coarse.coarsen(image, mask), said[0].upper() + said[1:]


def _tagged(sample: Sample, people: PeopleInImages) -> Iterator[tuple[str, Mask]]:
    """Yield what annotations say is to be veiled, in words and as a mask."""
    if regions := people.regions(sample):
        count = len(regions)
        what = f"{count:,} {'region' if count == 1 else 'regions'} of people"
        yield what, masking.union_mask(regions, sample.size)
    elif phrases := people.phrases(sample):
        count = len(phrases)
        what = f"{count:,} {'phrase' if count == 1 else 'phrases'} about people"
        yield what, masking.union_mask((Region("", phrase.box) for phrase in phrases), sample.size)
    elif people.somewhere(sample):
        why = "of a data set of faces" if people.everywhere else "labelled as one of people"
        yield f"The whole image, {why},", ~masking.union_mask((), sample.size)


def _found(sample: Sample, boxes: Sequence[Region]) -> Iterator[tuple[str, Mask]]:
    """Yield the boxes that a machine calls a person, in words and as a mask."""
    if boxes:
        count = len(boxes)
        what = f"{count:,} {'box' if count == 1 else 'boxes'} that a machine calls a person"
        yield what, masking.union_mask(boxes, sample.size)


def _added(image: Image.Image, sample: Sample, people: PeopleInImages) -> Iterator[tuple[str, Mask]]:
    """Yield what a person and a detector add, in words and as a mask."""
    grid = people.brushed.get(sample.id)
    if grid is not None and grid.any():
        yield "parts covered by hand", masking.instance_mask(grid, Box(0, 0, *sample.size), sample.size)
    finds = people.finder.find(image, sample) if people.finder else ()
    if finds:
        count = len(finds)
        what = f"{count:,} {'find' if count == 1 else 'finds'} of a face detector"
        veiled = (Region("", find.veiled) for find in finds)
        yield what, masking.union_mask(veiled, sample.size)
