"""A widget in which a person describes works, and says whether they consider them to be art."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.recoding_art import recoding_art
from retrain_kit.exercises.recoding_art.session import RecodingArtSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.recoding_art.recoding_art import RecodingArt
    from retrain_kit.exercises.recoding_art.works import WorkToSee


class Works(ExerciseWidget):
    """Ask people to describe works, and whether they consider them to be art.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is said.
    items
        The works to go through.
    language
        Which translation stands beside the English prompts; `en` for none.

    Raises
    ------
    ParameterError
        When there is no work, or no such language.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-recoding-art-widget", Path(__file__).with_suffix(".css"))
    thing = "work"

    def __init__(
        self, exercise: RecodingArt, items: Sequence[WorkToSee], language: str = prompts.ORIGINAL_LANGUAGE
    ) -> None:
        super().__init__(RecodingArtSession(exercise, items, language))

    def _plain(self) -> str:
        asked = (english for english, _ in self.setting["asked"])
        return "\n".join([RecodingArtSession.title, *asked, *(work.name for work in self.items)])

    def _html(self) -> str:
        return works_to_see_html(self.items, self.setting["language"])


def works_to_see_html(items: Sequence[WorkToSee], language: str = prompts.ORIGINAL_LANGUAGE) -> str:
    """Return what is asked and the works as HTML without script or style: the widget's static twin.

    What the museum and machines say of a work stands below it, folded: it is read after answering.
    """
    asked = "".join(
        static_twins.prompt_line("p", *lines, language) for lines in recoding_art.asked_lines(language)
    )
    ways = "".join(
        static_twins.prompt_line("li", *lines, language)
        for lines in recoding_art.answer_words(language).values()
    )
    credit = static_twins.credit_html(recoding_art.exercise_credit())
    body = f"{asked}<ul>{ways}</ul>{static_twins.unreviewed_note(language)}{credit}"
    views = static_twins.image_views(
        (work.panel, work.name, static_twins.noticed_credit(work.notice, work.credit)) for work in items
    )
    return static_twins.prompt_note(RecodingArtSession.title, body) + views + "".join(map(_beside, items))


def _beside(work: WorkToSee) -> str:
    """Return what is said of a work, folded; nothing where nothing is."""
    told = work.told
    lines = [("written beside it", told["label"], "")] if told["label"] else []
    lines += [(line["credit"], line["text"], line["words"]) for line in told["lines"]]
    if not lines:
        return ""
    items = "".join(
        f"<dt>{escape(credit)}</dt><dd><q>{escape(text)}</q> <small>{escape(words)}</small></dd>"
        for credit, text, words in lines
    )
    return f"<details><summary>{escape(work.name)}: what is said of it</summary><dl>{items}</dl></details>"
