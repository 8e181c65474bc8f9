"""*Recoding Art*: people describe a work, and say whether they consider it to be art.

>>> exercise = RecodingArt(store, "works")
>>> said = exercise.say("slashed", WorkAnswer("A cut in a cloth", "I don't know"), Voice(consent))
>>> answer_of(said.record)
WorkAnswer(description='A cut in a cloth', art="I don't know")

The exercise is after Gabriel Pereira's and Bruno Moreschi's film and article: machines had failed to take a
museum's works for art, and at the end workers were asked. Either question may stay open, and both may be
refused. Nobody decides here what art is: answers are counted, and no count is a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.answers import AnswerContext, author_of, messages
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.common.study_exercise import StudyExercise
from retrain_kit.storage.languages import chosen_language, gettext, marked

if TYPE_CHECKING:
    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.exercises.common.consent import Voice

EXERCISE = "recoding-art"
CONSENT_VERSION = "recoding-art-1"
DESCRIBE, IS_ART = "describe", "art"
"""The two prompts, by key."""
YES, NO, UNKNOWN = ART_ANSWERS = ("yes", "no", "I don't know")
"""What may be said of whether it is art, beside a refusal."""
ANSWER_PROMPTS = {YES: "yes", NO: "no", UNKNOWN: "unknown"}
"""By answer, the key of its words in several languages."""
MAX_TEXT_CHARS = 2000
CREDIT = marked(
    "After Recoding Art, a film and an article by Gabriel Pereira and Bruno Moreschi; the questions are put"
    " in the kit's own words. Translations: made for this kit, not reviewed."
)


@dataclass(frozen=True)
class WorkAnswer:
    """What somebody says of a work; None where they leave a question open.

    Parameters
    ----------
    art
        One of `ART_ANSWERS`.
    """

    description: str | None = None
    art: str | None = None

    @property
    def details(self) -> dict[str, object]:
        """What is kept beside the text."""
        return {"described": self.description is not None, "art": self.art or ""}

    @property
    def text(self) -> str:
        """What is kept as the text: the description, or where there is none the other answer."""
        return self.description if self.description is not None else self.art or ""


class RecodingArt(StudyExercise):
    """The exercise on the works of a study, with the store where answers are kept."""

    name = EXERCISE

    def say(self, image: str, answer: WorkAnswer, voice: Voice) -> SavedRecord:
        """Keep what somebody says of a work: one answer to each question, together or one after the other.

        Raises
        ------
        ParameterError
            When nothing is said, a description is empty or long, the other answer is none of `ART_ANSWERS`, a
            question is answered already, or the work was refused; all together.
        """
        with self.turn:
            _refuse([*self._turn_faults(image, answer, voice), *_faults(answer)])
            return self.store.say(
                answer.text,
                self.context(image),
                voice.consent,
                voice.key,
                language=voice.language if answer.description is not None else "",
                details=answer.details,
                once=voice.once,
            )

    def context(self, image: str) -> AnswerContext:
        """Return what an answer answers, in English and in the language that is spoken now."""
        spoken = chosen_language() or prompts.ORIGINAL_LANGUAGE
        asked = "\n".join(line for pair in asked_lines(spoken) for line in pair if line)
        return AnswerContext(self.study, EXERCISE, asked, (image,))

    def _turn_faults(self, image: str, answer: WorkAnswer, voice: Voice) -> list[Fault]:
        """Return what somebody may not say now, as it is answered already."""
        own = self._earlier(image, voice)
        if any(record.refusal for record in own):
            do = gettext("Withdraw the refusal first.")
            return [Fault(gettext("answer"), gettext("a refusal that is there already"), gettext("none"), do)]
        known, faults = together(own), []
        if known.description is not None and answer.description is not None:
            faults.append(_second(gettext("description")))
        if known.art is not None and answer.art is not None:
            faults.append(_second(gettext("answer")))
        return faults

    def _refusal_faults(self, image: str, voice: Voice) -> list[Fault]:
        own = self._earlier(image, voice)
        known = together(own)
        whole = known.description is not None and known.art is not None
        if whole or any(record.refusal for record in own):
            return [_second(gettext("answer"))]
        return []

    def _earlier(self, image: str, voice: Voice) -> list[Record]:
        """Return what whoever speaks answered before, but for what is being said now."""
        own = self.own_records(image, author_of(voice.key).who) if voice.key else []
        return [record for record in own if record.id != voice.once]


def answer_of(record: Record) -> WorkAnswer:
    """Return what a record says of a work; of a refusal, nothing.

    Raises
    ------
    DataError
        When it is no answer to these questions, as where another program has written it.
    """
    described, art = record.details.get("described"), record.details.get("art")
    if record.refusal:
        return WorkAnswer()
    if not isinstance(described, bool) or art not in ("", *ART_ANSWERS) or not (described or art):
        expected = f"whether it is described, and one of {', '.join(ART_ANSWERS)} or nothing"
        raise DataError(Fault(f"record {record.id}", repr(dict(record.details)), expected))
    return WorkAnswer(record.text if described else None, str(art) or None)


def together(records: list[Record]) -> WorkAnswer:
    """Return what one person's answers to a work come to: the latest to each question.

    There is more than one to a question where answers were given in two places, and came together later.
    """
    description = art = None
    for record in records:
        try:
            answer = answer_of(record)
        except DataError:
            continue
        description = description if answer.description is None else answer.description
        art = art if answer.art is None else answer.art
    return WorkAnswer(description, art)


def asked_lines(language: str) -> list[tuple[str, str]]:
    """Return what is asked, in its order: in English, and what stands beside it in a language."""
    asked = prompts.prompts_of(EXERCISE)
    return [(asked[key].text, asked[key].translation(language)) for key in (DESCRIBE, IS_ART)]


def both_asked(language: str) -> tuple[str, str]:
    """Return the two questions as one line, as a wall has them: in English, and in a language."""
    english, beside = zip(*asked_lines(language), strict=True)
    return " ".join(english), " ".join(beside).strip()


def answer_words(language: str) -> dict[str, tuple[str, str]]:
    """Return the words of `ART_ANSWERS`: in English, and what stands beside them in a language."""
    asked = prompts.prompts_of(EXERCISE)
    return {
        answer: (asked[key].text, asked[key].translation(language)) for answer, key in ANSWER_PROMPTS.items()
    }


def exercise_credit() -> str:
    """Return whose exercise it is, and whose words."""
    return gettext(CREDIT)


def _faults(answer: WorkAnswer) -> list[Fault]:
    """Return what is wrong with an answer by itself."""
    do = gettext(messages.REFUSE_INSTEAD)
    if answer.description is None and answer.art is None:
        expected = gettext("a description, or whether it is art")
        return [Fault(gettext("answer"), gettext("nothing"), expected, do)]
    faults = []
    if answer.description is not None:
        name = gettext("description")
        faults += messages.length_faults(name, answer.description, MAX_TEXT_CHARS, least=1, do=do)
    if answer.art is not None and answer.art not in ART_ANSWERS:
        faults.append(Fault(gettext("answer"), repr(answer.art), f"one of {', '.join(ART_ANSWERS)}"))
    return faults


def _second(name: str) -> Fault:
    do = gettext("Add a footnote, or withdraw the one that is there.")
    return Fault(name, gettext("one that is there already"), gettext("one of each image"), do)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise ParameterError(*faults)
