"""*Living with images*: two timed descriptions of an image, one at first sight, one after living with it.

>>> exercise = LivingWithImages(store, "embedded-sample")
>>> said = exercise.describe("coffee", FIRST, "A cup of coffee", WritingTime(20, 20), Voice(consent))
>>> exercise.describe("coffee", SECOND, "A cup that waits", WritingTime(30, 26.5), Voice(consent, said.key))
>>> exercise.described("coffee", said.record.who).second.text
'A cup that waits'

The exercise is Gabriel Pereira's and Bruno Moreschi's. A text stays as it was when the time was up. Who needs
more time takes it; that it was taken is kept with the answer, and stands in no figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.answers import AnswerContext, author_of, messages
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common.study_exercise import InStore
from retrain_kit.exercises.living_with_images import descriptions
from retrain_kit.exercises.living_with_images.descriptions import (
    EXERCISE,
    FIRST,
    SECOND,
    TIME_LIMITS_S,
    WHICH,
    DescriptionPair,
)
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from retrain_kit.answers import SavedRecord
    from retrain_kit.exercises.common.consent import Voice

CONSENT_VERSION = "living-with-images-1"
MAX_TEXT_CHARS = 4000
_FAULTY = {FIRST: marked("first description"), SECOND: marked("second description")}


@dataclass(frozen=True)
class WritingTime:
    """How long somebody had, and how long they wrote.

    Parameters
    ----------
    seconds
        The limit, at least that of the exercise; None where there was none.
    typed_seconds
        From the start to the end of writing.
    """

    seconds: float | None
    typed_seconds: float

    def faults(self, which: str) -> list[Fault]:
        """Return what is wrong with it for a description."""
        least, found = TIME_LIMITS_S.get(which, 0), []
        if self.seconds is not None and not (_is_number(self.seconds) and self.seconds >= least):
            found.append(
                Fault(
                    "seconds",
                    repr(self.seconds),
                    gettext("at least {count}, or none for no limit", count=least),
                )
            )
        most = math.inf if found or self.seconds is None else self.seconds
        if not (_is_number(self.typed_seconds) and 0 <= self.typed_seconds <= most):
            found.append(Fault("typed_seconds", repr(self.typed_seconds), gettext("from 0 to the limit")))
        return found

    def details(self, which: str) -> dict[str, object]:
        """Return what is kept of it: the limit in seconds, none as 0, and what the exercise asks for."""
        usual = TIME_LIMITS_S[which]
        kind = "off" if self.seconds is None else "as asked" if self.seconds == usual else "extended"
        return {
            "which": which,
            "asked_seconds": usual,
            "seconds": self.seconds or 0,
            "limit": kind,
            "typed_seconds": round(self.typed_seconds, 1),
        }


class LivingWithImages(InStore):
    """The two descriptions of the images of a study."""

    def describe(self, image: str, which: str, text: str, time: WritingTime, voice: Voice) -> SavedRecord:
        """Keep a description as it stood when the writing ended.

        Parameters
        ----------
        which
            `FIRST` or `SECOND`.

        Raises
        ------
        ParameterError
            When it is empty or long, comes twice, or is a first one after the second; when the time is none;
            all together.
        """
        with self.turn:
            faults = [*self._turn_faults(image, which, voice), *_text_faults(text, least=1)]
            _refuse([*faults, *time.faults(which)])
            return self.store.say(
                text,
                self.context(image, which),
                voice.consent,
                voice.key,
                language=voice.language,
                details=time.details(which),
                once=voice.once,
            )

    def refuse(self, image: str, which: str, refusal: str, voice: Voice, text: str = "") -> SavedRecord:
        """Refuse a description, in one of the ways of `answers.REFUSALS`: that is an answer too.

        Raises
        ------
        ParameterError
            When there is no such way, or as `describe`.
        """
        with self.turn:
            _refuse([*self._turn_faults(image, which, voice), *_text_faults(text)])
            return self._keep_refusal(refusal, self.context(image, which), voice, text, {"which": which})

    def described(self, image: str, who: str) -> DescriptionPair:
        """Return what somebody wrote about an image so far."""
        own = self.store.records(study=self.study, exercise=EXERCISE, who=who) if who else []
        found = (pair for pair in descriptions.description_pairs(own) if pair.image == image)
        return next(found, DescriptionPair(image, who))

    def context(self, image: str, which: str) -> AnswerContext:
        """Return what a description answers."""
        return AnswerContext(self.study, EXERCISE, descriptions.description_prompts()[which].text, (image,))

    def _turn_faults(self, image: str, which: str, voice: Voice) -> list[Fault]:
        if which not in WHICH:
            return [Fault("description", repr(which), f"one of {', '.join(WHICH)}")]
        said = self.described(image, author_of(voice.key).who) if voice.key else DescriptionPair(image, "")
        earlier = said[which]
        if earlier and earlier.id != voice.once:
            do = gettext("Add a footnote, or withdraw the one that is there.")
            found, expected = gettext("one that is there already"), gettext("one of each image")
            return [Fault(gettext(_FAULTY[which]), found, expected, do)]
        if which == FIRST and said[SECOND] and not earlier:
            do = gettext("What one sees at first sight cannot be written afterwards.")
            found, expected = gettext("a second one that is there already"), gettext("the first before it")
            return [Fault(gettext(_FAULTY[FIRST]), found, expected, do)]
        return []


def _text_faults(text: str, least: int = 0) -> list[Fault]:
    do = gettext(messages.REFUSE_INSTEAD)
    return messages.length_faults(gettext("text"), text, MAX_TEXT_CHARS, least=least, do=do)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise ParameterError(*faults)
