"""A widget in which a person adds an option to the growing list of a blank area."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.what_if import what_if
from retrain_kit.exercises.what_if.session import WhatIfSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.what_if.areas import BlankArea
    from retrain_kit.exercises.what_if.ranges import BlankPlace
    from retrain_kit.exercises.what_if.what_if import WhatIf


class BlankAreas(ExerciseWidget):
    """Ask people what might exist in the blank areas of images.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is said.
    items
        The blank areas to go through.
    language
        Which translation stands beside the English prompts; `en` for none.

    Raises
    ------
    ParameterError
        When there is no item, or no such language.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-what-if-widget", Path(__file__).with_suffix(".css"))
    thing = "blank area"

    def __init__(
        self, exercise: WhatIf, items: Sequence[BlankArea], language: str = prompts.ORIGINAL_LANGUAGE
    ) -> None:
        super().__init__(WhatIfSession(exercise, items, language))

    @property
    def place(self) -> BlankPlace:
        """The place that is shown."""
        found: BlankPlace = self.items[self.screen.index].place
        return found

    def _plain(self) -> str:
        return "\n".join(["What If…?", *(english for english, _ in self.setting["asked"])])

    def _html(self) -> str:
        return blank_areas_html(self.items, self.setting["language"])


def blank_areas_html(items: Sequence[BlankArea], language: str = prompts.ORIGINAL_LANGUAGE) -> str:
    """Return prompts, the original's list and the images as HTML without script or style."""
    asked = "".join(
        static_twins.prompt_line("p", english, beside, language)
        for english, beside in what_if.prompts_in(language)
    )
    listed = "".join(
        static_twins.prompt_line("li", prompt.text, prompt.translation(language), language)
        for prompt in prompts.prompts_of("what-if-options").values()
    )
    notes = static_twins.unreviewed_note(language) + static_twins.credit_html(prompts.prompts_credit())
    body = f"{asked}<ul>{listed}</ul>{notes}"
    return static_twins.prompt_note("What If…?", body) + static_twins.image_views(
        (item.panel, item.name, item.credit) for item in items
    )
