"""Exercises on the images of a study, and their sessions: what those have in common that keep one store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from threading import RLock
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from retrain_kit.answers import Store, messages
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.common.session import Session, T
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any, Self

    from retrain_kit.answers import AnswerContext, Record, SavedRecord
    from retrain_kit.errors import Fault
    from retrain_kit.exercises.common.consent import Voice


class InStore:
    """An exercise whose answers are all in one store, under the name of one study.

    Parameters
    ----------
    store
        Where answers are kept.
    study
        The study's name.

    Attributes
    ----------
    turn
        Held from the look at what is there already until what follows is kept: in a class one person may have
        two pages, which ask at the same moment.
    """

    def __init__(self, store: Store, study: str) -> None:
        self.store = store
        self.study = study
        self.turn = RLock()

    def _keep_refusal(
        self,
        refusal: str,
        asked: AnswerContext,
        voice: Voice,
        text: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> SavedRecord:
        """Keep a refusal as somebody speaks; without words it has no language."""
        return self.store.refuse(
            refusal,
            asked,
            voice.consent,
            voice.key,
            text=text,
            language=voice.language if text else "",
            details=details,
            once=voice.once,
        )


class InFolder(InStore):
    """An exercise that opens its store, and closes it at the end of a `with`.

    Parameters
    ----------
    folder
        The store's folder; or the store, where it is open already.
    study
        The study's name.
    demonstration
        Whether the store's answers are made for demonstration.

    Raises
    ------
    DataError
        As `answers.Store`.
    """

    def __init__(self, folder: Path | str | Store, study: str, *, demonstration: bool = False) -> None:
        store = folder if isinstance(folder, Store) else Store(folder, demonstration=demonstration)
        super().__init__(store, study)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()


class StudyExercise(InStore, ABC):
    """An exercise on the images of a study, each asked about alone.

    Attributes
    ----------
    name
        The exercise's, as answers have it.
    """

    name: ClassVar[str]

    def refuse(self, image: str, refusal: str, voice: Voice, text: str = "") -> SavedRecord:
        """Refuse, in one of the ways of `answers.REFUSALS`; nothing but the words is kept of it.

        Raises
        ------
        ParameterError
            When there is no such way to refuse, the words are too many, or nothing is left to refuse.
        """
        with self.turn:
            faults = self._refusal_faults(image, voice)
            faults += messages.length_faults(gettext("text"), text, messages.MAX_SHORT_CHARS)
            if faults:
                raise ParameterError(*faults)
            return self._keep_refusal(refusal, self.context(image), voice, text)

    def records(self, who: str | None = None) -> list[Record]:
        """Return the answers to this exercise, refusals among them; one author's where `who` is given."""
        return self.store.records(study=self.study, exercise=self.name, who=who)

    def own_records(self, image: str, who: str) -> list[Record]:
        """Return what somebody answered to an image, refusals among it, in the order of time."""
        every = self.records(who) if who else []
        return [record for record in every if record.asked.images == (image,)]

    @abstractmethod
    def context(self, image: str) -> AnswerContext:
        """Return what an answer answers, in the language that is spoken now."""

    def _refusal_faults(self, image: str, voice: Voice) -> list[Fault]:  # noqa: ARG002 - for those that need them
        """Return why somebody may not refuse an image now; most exercises allow it at any time."""
        return []


E = TypeVar("E", bound=InStore)


class StudySession(Session[T], Generic[T, E]):
    """An exercise on one study at work.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is said.
    items
        What is gone through, in its order.
    language
        The language of whoever has chosen none; where translations stand beside prompts, theirs.

    Raises
    ------
    ParameterError
        When there is no such language.
    """

    def __init__(self, exercise: E, items: Sequence[T], language: str = prompts.ORIGINAL_LANGUAGE) -> None:
        prompts.check_language(language)
        super().__init__(items)
        self.exercise, self.beside = exercise, language

    @property
    def stores(self) -> tuple[Store, ...]:
        """The exercise's."""
        return (self.exercise.store,)

    @property
    def records(self) -> list[Record]:
        """What was said of the study, refusals among it."""
        return self.exercise.store.records(study=self.exercise.study, exercise=self.name)

    @property
    def tally(self) -> tuple[int, int]:
        """How many answers there are, and how many of them are refusals; counted as they come."""
        return self.exercise.store.tally(self.exercise.study, self.name)
