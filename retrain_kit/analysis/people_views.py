"""Views of images of people: some of them drawn, veiled and decanonized, and a detector tried on all.

Images have numbers here, for their names may be those of people. What is taken out is taken out of the veiled
image: two views of it say no more together than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis.found_faces import Misses, count_misses
from retrain_kit.analysis.people_in_images import veil_people
from retrain_kit.display import figures, views
from retrain_kit.display.figures import Figure, Note, Panel
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies.sampling import draw_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL import Image

    from retrain_kit.analysis.found_faces import FaceFinder, FoundFace
    from retrain_kit.analysis.people_in_images import PeopleInImages
    from retrain_kit.analysis.veiled_study import StudyVeil
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

    Numbered = tuple[int, Sample]


@dataclass(frozen=True)
class PeopleViews:
    """How images of people of one study are shown.

    Parameters
    ----------
    manifest
        The study.
    people
        What tells who is a person.
    words
        The veil over the study's words.
    veiled
        Whether people are made coarse.
    """

    manifest: Manifest
    people: PeopleInImages
    words: StudyVeil
    veiled: bool = True

    def figure(self, number: int, sample: Sample) -> Figure:
        """Return an image of people, and what is left of it without what was tagged."""
        told, credit = f"Image {number:,} of the study.", self._credit(sample)
        try:
            image = decoding.load_sample(sample)
        except DataError as error:
            said = f"{told} It cannot be shown: {figures.reason(error)}."
            sheet = views.unshown(sample.size, figures.PREVIEW_PX)
            return Figure((Panel.from_image(sheet, "", said),), said, credit)
        shown, coarse = self.veil(image, sample)
        left = masking.remove_regions(shown, sample.regions)
        panels = (
            Panel.from_image(shown, "people veiled" if coarse else "as it is", f"{told} {coarse}".strip()),
            Panel.from_image(left, "decanonized", f"{told} The same without what was tagged."),
        )
        return Figure(panels, f"{told} {coarse}".strip(), credit)

    def veil(self, image: Image.Image, sample: Sample) -> tuple[Image.Image, str]:
        """Return a sample's image as it is shown, and in a sentence what was veiled."""
        return veil_people(image, sample, self.people) if self.veiled else (image, "")

    def credits(self, drawn: Iterable[Numbered]) -> Note:
        """Return author and licence of each image shown, by its number."""
        lines = ((f"image {number:,}", figures.image_credit(self._named(each))) for number, each in drawn)
        return Note(figures.study_credit(self.words.manifest(self.manifest)), tuple(lines))

    def _credit(self, sample: Sample) -> str:
        study = figures.study_credit(self.words.manifest(self.manifest))
        return f"{figures.image_credit(self._named(sample))} {study}"

    def _named(self, sample: Sample) -> Sample:
        return self.words.sample(sample)


def draw_images_of_people(
    samples: Sequence[Sample], people: PeopleInImages, n: int, seed: int
) -> list[Numbered]:
    """Return images that are said to show people, each with its place in the study, from 1."""
    numbered = {sample.id: (number, sample) for number, sample in enumerate(samples, start=1)}
    found = (
        name
        for name, (_, sample) in numbered.items()
        if people.regions(sample)
        or people.phrases(sample)
        or people.somewhere(sample)
        or name in people.brushed
    )
    return [numbered[name] for name in draw_order(found, seed)[:n]]


def count_all_misses(samples: Iterable[Sample], people: PeopleInImages, finder: FaceFinder | None) -> Misses:
    """Return what a detector missed in all images of a study; nothing where there is none.

    An image that cannot be opened counts as one on which it failed.
    """
    total = Misses()
    if finder is None:
        return total
    for sample in samples:
        finds: tuple[FoundFace, ...] = ()
        try:
            finds = finder.find(decoding.load_sample(sample), sample)
        except DataError as error:
            finder.faults[sample.id] = error.faults[0]
        total += count_misses(sample, people, finds, failed=sample.id in finder.faults)
    return total
