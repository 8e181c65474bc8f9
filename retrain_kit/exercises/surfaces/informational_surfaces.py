"""*Informational surfaces*: a person tags and describes an image, and the way of their pointer is kept.

>>> exercise = InformationalSurfaces(store, "embedded-sample")
>>> said = exercise.keep(recording, Voice(consent))
>>> exercise.consented_recordings("class").recordings[0].recording.trace.seconds
12.4

Who refuses leaves no track: a refusal keeps nothing of a hand. Recordings of people and those made for
demonstration never come into one store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.annotations import narratives, recordings
from retrain_kit.answers import AnswerContext, deriving
from retrain_kit.answers.letters import visible_letters
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.exercises.common import consent
from retrain_kit.exercises.common.annotating import images_to_annotate
from retrain_kit.exercises.common.study_exercise import StudyExercise
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrain_kit.annotations.recordings import Recording
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.exercises.common.annotating import ImageToAnnotate
    from retrain_kit.exercises.common.consent import Voice
    from retrain_kit.studies.manifests import Manifest


EXERCISE = "informational-surfaces"
CONSENT_VERSION = "informational-surfaces-1"
USES = {
    "class": marked("My words, my boxes and the track of my hand may be shown to those who take part."),
    "publication": marked("My words, my boxes and the track of my hand may be published, with my pseudonym."),
}
"""What a person may agree to."""
TASKS = (
    marked("Tag the image: draw a box around what you would tag, and give it a word."),
    marked("Describe the image in your own words."),
)
"""What is asked, in the kit's own words: the source shows what came of the exercise, and no wording."""
RECORDING_NOTICE = marked(
    "While you do, the kit records where your pointer is on the image, and when: every place that the"
    " browser tells, and a drag a little beyond the edge. It keeps when each box was drawn, when you typed"
    " first and last, how large the image was on your screen, and whether you used mouse, pen, finger or"
    " keys. It records no sound, and of keys only where the arrows lead. It begins when you say so, and what"
    " you do not keep is gone."
)


@dataclass(frozen=True)
class KeptRecording:
    """A recording, and the answer in the store that holds it: author, time, consent, footnotes."""

    recording: Recording
    record: Record


@dataclass(frozen=True)
class ConsentedRecordings:
    """What is shown of the exercise.

    Parameters
    ----------
    recordings
        The recordings, in the order of time.
    refusals
        Answers like any other.
    withheld
        How many more there are, whose authors did not agree to this use.
    faults
        What cannot be read as a recording, as where another program has written it.
    demonstration
        Whether they are made for demonstration.
    """

    recordings: tuple[KeptRecording, ...] = ()
    refusals: tuple[Record, ...] = ()
    withheld: int = 0
    faults: tuple[Fault, ...] = ()
    demonstration: bool = False


class InformationalSurfaces(StudyExercise):
    """The exercise on the images of a study, with the store where recordings are kept."""

    name = EXERCISE

    def keep(self, recording: Recording, voice: Voice) -> SavedRecord:
        """Keep a recording: the description as text, all else as its details.

        Raises
        ------
        ParameterError
            When nothing is described, the recording is beyond what can be kept, or as `Store.say`.
        """
        details = recordings.to_details(recording)
        checked = _checked(recording.image, recording.text, details)
        if not visible_letters(recording.text):
            do = gettext("Who has nothing to say can refuse: that is an answer too.")
            expected = gettext("a few words on the image")
            raise ParameterError(Fault(gettext("description"), gettext("nothing"), expected, do))
        return self.store.say(
            recording.text,
            self.context(checked.image),
            voice.consent,
            voice.key,
            language=voice.language,
            details=details,
            once=voice.once,
        )

    def consented_recordings(self, use: str = "class") -> ConsentedRecordings:
        """Return what was recorded by people who have agreed to this use, and their refusals.

        Raises
        ------
        ParameterError
            When there is no such use.
        """
        consent.check_use(use)
        every = self.records()
        agreed = [record for record in every if use in record.consent.agreed]
        kept: list[KeptRecording] = []
        faults: list[Fault] = []
        for record in agreed:
            if not record.refusal:
                _read(record, kept, faults)
        refusals = tuple(record for record in agreed if record.refusal)
        return ConsentedRecordings(
            tuple(kept), refusals, len(every) - len(agreed), tuple(faults), self.store.demonstration
        )

    def export(self, folder: Path, use: str) -> tuple[Path, Path]:
        """Write what was recorded as Localized Narratives, and beside it what that format has no room for.

        The store remembers both files, so that withdrawing deletes them. What is made for demonstration
        says so in the names of the files and of the data set.

        Raises
        ------
        ParameterError
            When there is no such use.
        DataError
            When the files cannot be written.
        """
        seen = self.consented_recordings(use)
        prefix = "demonstration_" if seen.demonstration else ""
        name = f"{self.study}, demonstration" if seen.demonstration else self.study
        lines, beside = (
            folder / f"{prefix}{narratives.NARRATIVES_NAME}",
            folder / f"{prefix}{narratives.COMPANION_NAME}",
        )
        told = [
            narratives.narrative_record(each.recording, name, each.record.who) for each in seen.recordings
        ]
        names = deriving.ids_of(each.record for each in seen.recordings)
        for path, records in ((lines, told), (beside, [_beside(each, name) for each in seen.recordings])):
            with deriving.writing_noted(self.store, path, names) as temporary:
                temporary.write_text("".join(map(narratives.json_line, records)), encoding="utf-8")
        return lines, beside

    def context(self, image: str) -> AnswerContext:
        """Return what an answer answers, in the language that is spoken now."""
        asked = (shown for task in TASKS for shown in dict.fromkeys((task, gettext(task))))
        return AnswerContext(self.study, EXERCISE, "\n".join(asked), (image,))


def recording_of(record: Record) -> Recording:
    """Return the recording that an answer holds.

    Raises
    ------
    DataError
        When it holds none, with everything that is wrong.
    """
    return recordings.from_details(next(iter(record.asked.images), ""), record.text, record.details)


def recordings_credit(seen: ConsentedRecordings) -> str:
    """Return the line that stands under figures of recordings."""
    if seen.demonstration:
        return gettext("Demonstration: made by a rule, by nobody's hand.")
    return gettext("Recorded by those who took part, under pseudonyms.")


def _checked(image: str, text: str, details: dict[str, object]) -> Recording:
    try:
        return recordings.from_details(image, text, details)
    except DataError as error:
        raise ParameterError(*error.faults) from None


def _read(record: Record, kept: list[KeptRecording], faults: list[Fault]) -> None:
    try:
        kept.append(KeptRecording(recording_of(record), record))
    except DataError as error:
        faults += [
            Fault(f"record {record.id}, {each.where}", each.found, each.expected) for each in error.faults
        ]


def _beside(kept: KeptRecording, data_set: str) -> dict[str, object]:
    record = kept.record
    more = {"record": record.id, "when": record.when, "language": record.language}
    agreed = {"agreed": list(record.consent.agreed), "version": record.consent.version}
    footnotes = [note.text for note in record.footnotes]
    return narratives.companion_record(
        kept.recording, data_set, record.who, **more, consent=agreed, footnotes=footnotes
    )


LONGEST_PX = 1024


def images_to_tag(samples: Iterable[Sample], manifest: Manifest) -> list[ImageToAnnotate]:
    """Return the images of samples, as previews at most `LONGEST_PX` wide and high."""
    return images_to_annotate(samples, manifest, LONGEST_PX)
