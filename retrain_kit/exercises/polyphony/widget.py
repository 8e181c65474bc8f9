"""A widget at which several people write about pairs of images, and improve each other's sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.polyphony.polyphony import MOMENTS, PROMPT_KEYS
from retrain_kit.exercises.polyphony.session import Item, PolyphonySession
from retrain_kit.exercises.polyphony.turns import EXERCISE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Item", "RoundTable", "pairs_html"]

SIDES = 2


class RoundTable(ExerciseWidget):
    """Ask the people at one screen, one after the other, to write about pairs of images.

    Parameters
    ----------
    items
        The pairs to go through.
    language
        Which translation stands beside the English prompts; `en` for none.

    Raises
    ------
    ParameterError
        When there is no item, an item has not two panels, or there is no such language.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-polyphony-widget", Path(__file__).with_suffix(".css"))
    thing = "pair of images"

    def __init__(self, items: Sequence[Item], language: str = prompts.ORIGINAL_LANGUAGE) -> None:
        faults = [
            Fault(f"RoundTable, item {number}", f"{len(item.figure.panels)} panel(s)", "two")
            for number, item in enumerate(items, 1)
            if len(item.figure.panels) != SIDES
        ]
        if faults:
            raise ParameterError(*faults)
        super().__init__(PolyphonySession(items, language))

    def _plain(self) -> str:
        return "\n".join(["Polyphony", *(item.figure.title for item in self.items)])

    def _html(self) -> str:
        return pairs_html(self.items, self.setting["language"])


def pairs_html(items: Sequence[Item], language: str = prompts.ORIGINAL_LANGUAGE) -> str:
    """Return pairs and prompts as HTML without script or style: the widget's static twin."""
    words = prompts.prompts_of(EXERCISE)
    asked = "".join(
        f"<dt>Moment {moment}</dt><dd>"
        + "".join(
            static_twins.prompt_line("p", words[key].text, words[key].translation(language), language)
            for key in PROMPT_KEYS[step]
        )
        + "</dd>"
        for step, moment in MOMENTS.items()
    )
    notes = static_twins.unreviewed_note(language) + static_twins.credit_html(prompts.prompts_credit())
    body = f"<dl>{asked}</dl>{notes}"
    return "\n".join([*(item.figure.html for item in items), static_twins.prompt_note("Polyphony", body)])
