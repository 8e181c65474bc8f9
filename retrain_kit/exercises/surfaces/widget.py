"""A widget in which a person tags and describes images while the way of their pointer is recorded.

The browser records, and replays; the kernel checks and keeps what a person chooses to keep.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.surfaces.informational_surfaces import RECORDING_NOTICE, TASKS
from retrain_kit.exercises.surfaces.session import SurfacesSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.common.annotating import ImageToAnnotate
    from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces


class Desk(ExerciseWidget):
    """Ask people to tag and describe images, and record their pointer while they do.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is recorded.
    items
        The images to go through.
    language
        The language that the widget starts in.

    Raises
    ------
    ParameterError
        When there is no image, or no such language.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-surfaces-widget", Path(__file__).with_suffix(".css"))
    thing = "image"

    def __init__(
        self,
        exercise: InformationalSurfaces,
        items: Sequence[ImageToAnnotate],
        language: str = prompts.ORIGINAL_LANGUAGE,
    ) -> None:
        super().__init__(SurfacesSession(exercise, items, language))

    def _plain(self) -> str:
        return "\n".join([SurfacesSession.title, *TASKS])

    def _html(self) -> str:
        return images_to_tag_html(self.items)


def images_to_tag_html(items: Sequence[ImageToAnnotate]) -> str:
    """Return what is asked and the images as HTML without script or style: the widget's static twin."""
    return static_twins.images_to_annotate(SurfacesSession.title, (*TASKS, RECORDING_NOTICE), items)
