"""Images that people annotate, each with its size and its credit, and the sessions in which they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.exercises.common.session import ItemView
from retrain_kit.exercises.common.study_exercise import StudyExercise, StudySession
from retrain_kit.imaging import decoding
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.samples import Sample, Size
    from retrain_kit.exercises.common.session import Screen
    from retrain_kit.studies.manifests import Manifest


@dataclass(frozen=True)
class ImageToAnnotate:
    """An image to annotate.

    Parameters
    ----------
    image
        Its id in the study.
    name
        A number: an id as `giraffe` would say what to see.
    size
        Of the upright image, in pixels.
    """

    image: str
    name: str
    size: Size
    panel: Panel
    credit: str


def images_to_annotate(
    samples: Iterable[Sample], manifest: Manifest, longest_px: int
) -> list[ImageToAnnotate]:
    """Return the images of samples, as previews at most `longest_px` wide and high."""
    return [_image(sample, manifest, longest_px, number) for number, sample in enumerate(samples, 1)]


def _image(sample: Sample, manifest: Manifest, longest_px: int, number: int) -> ImageToAnnotate:
    name = f"Image {number}"
    panel = Panel.from_image(decoding.load_sample(sample), "image", sample.alt or f"{name}.", longest_px)
    credit = figures.image_and_study_credit(sample, manifest)
    return ImageToAnnotate(sample.id, name, sample.size, panel, credit)


E = TypeVar("E", bound=StudyExercise)


class AnnotatingSession(StudySession[ImageToAnnotate, E]):
    """Images to annotate, in pixels of the upright image: a page needs its size as well."""

    def carried_item(self, index: int) -> dict[str, Any]:
        """Return what is asked of an image, and its size."""
        item = self.items[index]
        return {"asked": self.exercise.context(item.image), "size": list(item.size)}

    def _item(self, index: int, item: ImageToAnnotate) -> ItemView:
        title, size = gettext("Image {number}", number=index + 1), list(item.size)
        return ItemView.of_image(item.panel, image=item.image, title=title, size=size, credit=item.credit)

    def _image(self, screen: Screen) -> ImageToAnnotate:
        return self.items[screen.index]
