"""A widget in which people write with each other about subjects, read again, and add footnotes."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.conversation.session import ConversationSession
from retrain_kit.exercises.conversation.subjects import OWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.conversation.conversation import Conversation
    from retrain_kit.exercises.conversation.subjects import Subject


class Talk(ExerciseWidget):
    """Let the people at one screen, one after the other, write with each other.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is written.
    subjects
        The subjects to go through.
    language
        Which translation stands beside the English questions; `en` for none.

    Raises
    ------
    ParameterError
        When there is no subject, or no such language.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-conversation-widget", Path(__file__).with_suffix(".css"))
    thing = "subject"

    def __init__(
        self, exercise: Conversation, subjects: Sequence[Subject], language: str = prompts.ORIGINAL_LANGUAGE
    ) -> None:
        super().__init__(ConversationSession(exercise, subjects, language))

    def _plain(self) -> str:
        return "\n".join(["A conversation", *(subject.question.text for subject in self.items)])

    def _html(self) -> str:
        return subjects_html(self.items, self.setting["language"])


def subjects_html(subjects: Sequence[Subject], language: str = prompts.ORIGINAL_LANGUAGE) -> str:
    """Return subjects and what is asked as HTML without script or style: the widget's static twin."""
    asked = prompts.prompts_of(OWN)
    lines = "".join(
        static_twins.prompt_line("p", asked[key].text, asked[key].translation(language), language)
        for key in ("write", "reread")
    )
    words, views = (
        "".join(_subject(each, language) for each in subjects if bool(each.panel) is seen)
        for seen in (False, True)
    )
    unreviewed = static_twins.unreviewed_note(language)
    return static_twins.prompt_note("A conversation", f"{words}{lines}{unreviewed}") + views


def _subject(subject: Subject, language: str) -> str:
    beside = subject.question.translation(language)
    question = static_twins.prompt_line("p", subject.question.text, beside, language)
    if not subject.panel:
        return question + static_twins.credit_html(subject.credit)
    image = subject.panel.html
    if subject.notice:
        image = f"<details><summary>{escape(subject.notice)}</summary>{image}</details>"
    view = static_twins.image_view(image, subject.panel.name, subject.credit)
    return question + static_twins.views_side_by_side([view])
