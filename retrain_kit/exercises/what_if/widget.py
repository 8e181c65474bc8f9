"""A widget in which a person adds an option to the growing list of a blank area."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.what_if import session as what_if_session
from retrain_kit.exercises.what_if import start_lists, what_if
from retrain_kit.exercises.what_if.session import WhatIfSession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrain_kit.exercises.what_if.areas import BlankArea
    from retrain_kit.exercises.what_if.ranges import BlankPlace
    from retrain_kit.exercises.what_if.start_lists import StartList
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
        self._exercise = exercise
        super().__init__(WhatIfSession(exercise, items, language))

    @property
    def place(self) -> BlankPlace:
        """The place that is shown."""
        found: BlankPlace = self.items[self.screen.index].place
        return found

    def _plain(self) -> str:
        return "\n".join(["What If…?", *(line for line, _ in self.session.page(self.screen)["prompts"])])

    def _html(self) -> str:
        return blank_areas_html(self.items, self.setting["language"], self._exercise.start)


def blank_areas_html(
    items: Sequence[BlankArea],
    language: str = prompts.ORIGINAL_LANGUAGE,
    start_of: Callable[[BlankPlace], StartList] = lambda _: start_lists.source_list(),
) -> str:
    """Return prompts, lists as they stand at first and the images as HTML without script or style.

    Images that begin with the same list stand together below it.
    """
    starts = [(item, start_of(item.place)) for item in items]
    groups: list[tuple[StartList, list[BlankArea]]] = []
    for item, start in starts:
        if not (groups and groups[-1][0] == start):
            groups.append((start, []))
        groups[-1][1].append(item)
    return "".join(_list_html(start, language) + _images_html(together) for start, together in groups)


def _list_html(start: StartList, language: str) -> str:
    lines = what_if.asked_lines(start, language, listed=bool(start.options))
    asked = "".join(static_twins.prompt_line("p", line.text, line.beside, language) for line in lines)
    listed = "".join(
        static_twins.prompt_line("li", text, start_lists.translation_of(ref, language), language)
        for ref, text in start.texts.items()
    )
    told = "".join(f"<p>{escape(note)}</p>" for note in what_if_session.list_notes(start, lines))
    notes = static_twins.unreviewed_note(language) + static_twins.credit_html(prompts.prompts_credit())
    body = f"{asked}{f'<ul>{listed}</ul>' if listed else ''}{told}{notes}"
    return static_twins.prompt_note("What If…?", body)


def _images_html(items: Sequence[BlankArea]) -> str:
    return static_twins.image_views((item.panel, item.name, item.credit) for item in items)
