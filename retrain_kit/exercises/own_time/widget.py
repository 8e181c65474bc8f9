"""A widget in which a person annotates images, and sees how long each piece took them.

The browser draws and notes moments; the kernel counts the time, and keeps what a person chooses to keep.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.annotations import working_time
from retrain_kit.display import assets
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.own_time.own_time import RULE, TASK
from retrain_kit.exercises.own_time.session import OwnTimeSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.common.annotating import ImageToAnnotate
    from retrain_kit.exercises.own_time.own_time import OwnTime
    from retrain_kit.studies.labour_figures import LabourFigure


class Workplace(ExerciseWidget):
    """Ask people to annotate images, and tell them how long it took.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is drawn.
    items
        The images to go through.
    figures
        The published figures that stand beside one's own seconds.
    language
        The language that the widget starts in.

    Raises
    ------
    ParameterError
        When there is no image, or no such language.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-own-time-widget", Path(__file__).with_suffix(".css"))
    thing = "image"

    def __init__(
        self,
        exercise: OwnTime,
        items: Sequence[ImageToAnnotate],
        figures: Sequence[LabourFigure] = (),
        language: str = prompts.ORIGINAL_LANGUAGE,
    ) -> None:
        super().__init__(OwnTimeSession(exercise, items, figures, language))

    @property
    def who(self) -> str:
        """The pseudonym of whoever sits here; empty before they have kept anything."""
        return self.screen.who

    def _plain(self) -> str:
        return "\n".join([OwnTimeSession.title, *_lines()])

    def _html(self) -> str:
        return images_to_draw_html(self.items)


def images_to_draw_html(items: Sequence[ImageToAnnotate]) -> str:
    """Return what is asked and the images as HTML without script or style: the widget's static twin."""
    return static_twins.images_to_annotate(OwnTimeSession.title, _lines(), items)


def _lines() -> tuple[str, str]:
    return TASK, RULE.format(seconds=f"{working_time.IDLE_AFTER_S:g}")
