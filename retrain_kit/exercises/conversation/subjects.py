"""Subjects: what a conversation is about, an image of the study or an open question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.answers import messages
from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.common.prompts import Prompt
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.answers import Record
    from retrain_kit.studies.manifests import Manifest

SOURCE, OWN = "conversation", "conversation-own"
"""The prompts of the source, and the kit's own."""
CREDIT = marked(
    "After Exch w/ Turkers by Bruno Moreschi. Question about images: the kit's own. "
    "Translations: made for this kit, not reviewed."
)
CREDIT_OPEN = marked(
    "After Exch w/ Turkers by Bruno Moreschi, whose question this is. "
    "Translations: made for this kit, not reviewed."
)
CREDIT_ASKED = marked(
    "After Exch w/ Turkers by Bruno Moreschi. The question is that of whoever holds this conversation."
)


@dataclass(frozen=True)
class Subject:
    """What a conversation is about.

    Parameters
    ----------
    question
        What is asked, with its translations.
    credit
        Whose question and whose image it is.
    image
        The image's id; empty where there is none.
    panel
        The image; None where there is none.
    notice
        What should be known before one looks at it.
    """

    question: Prompt
    credit: str
    image: str = ""
    panel: Panel | None = None
    notice: str = ""

    @property
    def images(self) -> tuple[str, ...]:
        """The image, as answers keep it."""
        return (self.image,) if self.image else ()

    def is_of(self, record: Record) -> bool:
        """Say whether a record speaks of it: of its image, or, where there is none, to its question."""
        return record.asked.images == self.images and (
            bool(self.image) or record.asked.prompt == self.question.text
        )


def open_subject() -> Subject:
    """Return the question of the source, about no image."""
    return Subject(prompts.prompts_of(SOURCE)["open"], CREDIT_OPEN)


def asked_subject(question: str) -> Subject:
    """Return a question of whoever holds the conversation, in their words."""
    return Subject(Prompt("asked", question, {}), CREDIT_ASKED)


def image_subjects(samples: Iterable[Sample], manifest: Manifest) -> list[Subject]:
    """Return images of a study to write about."""
    return [_of(number, sample, manifest) for number, sample in enumerate(samples, 1)]


def check_questions(questions: Iterable[str]) -> None:
    """Raise a `ParameterError` when a question is empty, or has more letters than a wall has room for."""
    most = messages.MAX_SHORT_CHARS
    faults = [
        fault for each in questions for fault in messages.length_faults("question", each, most, least=1)
    ]
    if faults:
        raise ParameterError(*faults)


def subjects_of(
    samples: Iterable[Sample], manifest: Manifest, questions: Sequence[str] = ()
) -> list[Subject]:
    """Return subjects: questions first, the source's where nobody states one; then images.

    Raises
    ------
    ParameterError
        As `check_questions`.
    """
    check_questions(questions)
    asked = [asked_subject(question) for question in dict.fromkeys(questions)] or [open_subject()]
    return [*asked, *image_subjects(samples, manifest)]


def _of(number: int, sample: Sample, manifest: Manifest) -> Subject:
    name = gettext("Image {number}", number=number)
    panel = Panel.from_sample(sample, name, sample.alt or f"{name}.")
    credit = f"{figures.image_and_study_credit(sample, manifest)} {gettext(CREDIT)}"
    return Subject(prompts.prompts_of(OWN)["image"], credit, sample.id, panel, sample.notice)
