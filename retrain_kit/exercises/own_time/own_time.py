"""*One's own time*: a person annotates an image, and how long each piece took is theirs.

>>> exercise = OwnTime(store, "embedded-sample")
>>> said = exercise.keep(drawing, Voice(consent, key))
>>> exercise.drawings(said.record.who)[0].drawing.drawn[0].shape.active_s
7.25

Nothing is kept before a person agrees to it, and times only where they agree to that as well. What is kept is
seen by its author and by whoever keeps the store. No function here takes the times of two people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.annotations import drawings
from retrain_kit.answers import AnswerContext
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.common.annotating import images_to_annotate
from retrain_kit.exercises.common.study_exercise import StudyExercise
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.drawings import Drawing
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.errors import Fault
    from retrain_kit.exercises.common.annotating import ImageToAnnotate
    from retrain_kit.exercises.common.consent import Voice
    from retrain_kit.studies.manifests import Manifest


EXERCISE = "own-time"
CONSENT_VERSION = "own-time-1"
KEEP, TIMES, PUBLICATION = "keep", "times", "publication"
USES = {
    KEEP: marked("What I draw, and my words for it, may be kept here under a pseudonym."),
    TIMES: marked("My active and idle seconds may be kept with each piece."),
    PUBLICATION: marked(
        "What is kept may be written as annotations of the image, as any data set has them, with my pseudonym"
        " as the annotator, and published."
    ),
}
"""What a person may agree to."""
NEEDS = {KEEP: marked("Nothing is kept as long as you do not agree to it. You can go on without.")}
TASK = marked("Annotate the image: draw around what you would tag, and give it a word.")
RULE = marked(
    "The clock runs from when you say so. The time up to each move of your hand, and to each key, belongs to"
    " the piece that you are at, so that looking for a thing belongs to its box. A pause of more than"
    " {seconds} seconds is idle, from its start. While this page is hidden, or you are at another image, no"
    " time counts. What you do not keep is gone when the page is closed."
)
"""The rule of `working_time`, as it is said to people."""


@dataclass(frozen=True)
class KeptDrawing:
    """A drawing, and the answer in the store that holds it."""

    drawing: Drawing
    record: Record


class OwnTime(StudyExercise):
    """The exercise on the images of a study, with the store where drawings are kept."""

    name = EXERCISE

    def keep(self, drawing: Drawing, voice: Voice) -> SavedRecord:
        """Keep a drawing: its words as text, all else as details; times only where their author agrees.

        Raises
        ------
        ParameterError
            When it is beyond what can be kept, or as `Store.say`.
        """
        kept = drawing if TIMES in voice.consent.agreed else drawing.untimed
        details = drawings.to_details(kept)
        try:
            checked = drawings.from_details(drawing.image, details)
        except DataError as error:
            raise ParameterError(*error.faults) from None
        return self.store.say(
            checked.words,
            self.context(drawing.image),
            voice.consent,
            voice.key,
            language=voice.language,
            details=details,
            once=voice.once,
        )

    def drawings(self, who: str) -> list[KeptDrawing]:
        """Return what one person has kept, in the order of time; what cannot be read is left out."""
        return find_drawings(self.records(who))[0] if who else []

    def context(self, image: str) -> AnswerContext:
        """Return what an answer answers, in the language that is spoken now."""
        asked = "\n".join(dict.fromkeys((TASK, gettext(TASK))))
        return AnswerContext(self.study, EXERCISE, asked, (image,))


def find_drawings(records: Iterable[Record]) -> tuple[list[KeptDrawing], list[Fault]]:
    """Return the drawings among answers, and what is wrong with those that cannot be read."""
    kept: list[KeptDrawing] = []
    faults: list[Fault] = []
    for record in records:
        if record.refusal or record.asked.exercise != EXERCISE:
            continue
        try:
            image = next(iter(record.asked.images), "")
            kept.append(KeptDrawing(drawings.from_details(image, record.details), record))
        except DataError as error:
            faults += error.faults
    return kept, faults


LONGEST_PX = 1600
"""A preview is no larger. Places are in the image's own pixels all the same."""


def images_to_draw(samples: Iterable[Sample], manifest: Manifest) -> list[ImageToAnnotate]:
    """Return the images of samples, as previews at most `LONGEST_PX` wide and high."""
    return images_to_annotate(samples, manifest, LONGEST_PX)
