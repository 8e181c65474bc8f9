"""What was heard of works: the answers whose authors agreed to a use, and how many people said what.

>>> heard = consented_answers(store, "works")
>>> counted(heard.of("slashed"))
ArtCounts(yes=4, no=2, unknown=3, refused=1, open=1)

Counts stand beside each other and add up to the people who spoke of a work. Nothing here says which of them
is the largest.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault
from retrain_kit.exercises.common import consent
from retrain_kit.exercises.recoding_art import recoding_art
from retrain_kit.exercises.recoding_art.recoding_art import EXERCISE, NO, UNKNOWN, YES
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers import Record, Store


@dataclass(frozen=True)
class HeardAnswer:
    """What somebody said of a work, and the record that holds it: author, time, consent, footnotes.

    Parameters
    ----------
    image
        The work's id in the study.
    description
        None where there is none.
    art
        One of `recoding_art.ART_ANSWERS`; None where that is left open, or refused.
    """

    image: str
    description: str | None
    art: str | None
    record: Record

    @property
    def refusal(self) -> str:
        """How somebody refused; empty where they did not."""
        return self.record.refusal


@dataclass(frozen=True)
class HeardAnswers:
    """What may be shown of the exercise.

    Parameters
    ----------
    answers
        In the order of time, refusals among them.
    withheld
        How many more there are, whose authors did not agree to this use.
    faults
        What cannot be read as an answer to these questions, as where another program has written it.
    demonstration
        Whether nobody said it.
    """

    answers: tuple[HeardAnswer, ...] = ()
    withheld: int = 0
    faults: tuple[Fault, ...] = ()
    demonstration: bool = False

    def of(self, image: str) -> tuple[HeardAnswer, ...]:
        """Return what was said of a work."""
        return tuple(answer for answer in self.answers if answer.image == image)

    @property
    def images(self) -> tuple[str, ...]:
        """The works that somebody spoke of, each once, in the order of time."""
        return tuple(dict.fromkeys(answer.image for answer in self.answers))

    @property
    def credit(self) -> str:
        """The line under what is shown."""
        if self.demonstration:
            return gettext(consent.DEMONSTRATION)
        return gettext("Said by those who took part, under pseudonyms.")


@dataclass(frozen=True)
class ArtCounts:
    """How many people said of a work that it is art, that it is none, that they don't know, or refused.

    Each person counts once. `open` are those who described it and left this question open.
    """

    yes: int = 0
    no: int = 0
    unknown: int = 0
    refused: int = 0
    open: int = 0

    @property
    def people(self) -> int:
        """How many people spoke of it."""
        return sum(getattr(self, each.name) for each in fields(self))

    @property
    def by_answer(self) -> dict[str, int]:
        """How many people gave each of `recoding_art.ART_ANSWERS`, in their order."""
        return {YES: self.yes, NO: self.no, UNKNOWN: self.unknown}


def consented_answers(
    store: Store,
    study: str,
    use: str = "class",
    *,
    withheld: AbstractSet[str] = frozenset(),
    image: str | None = None,
) -> HeardAnswers:
    """Return what people said of a study's works and agreed to show for a use.

    Parameters
    ----------
    withheld
        The ids of records and footnotes that are left out, and not counted.
    image
        Of this work alone.

    Raises
    ------
    ParameterError
        When there is no such use.
    """
    consent.check_use(use)
    records = consent.shown(store.records(study=study, exercise=EXERCISE), withheld)
    every = [record for record in records if image is None or record.asked.images == (image,)]
    agreed = [record for record in every if use in record.consent.agreed]
    read = read_answers(agreed)
    return replace(read, withheld=len(every) - len(agreed), demonstration=store.demonstration)


def read_answers(records: Iterable[Record]) -> HeardAnswers:
    """Return what records say of works, in their order, and which of them cannot be read."""
    answers: list[HeardAnswer] = []
    faults: list[Fault] = []
    for record in records:
        try:
            said = recoding_art.answer_of(record)
        except DataError as error:
            faults += error.faults
        else:
            image = next(iter(record.asked.images), "")
            answers.append(HeardAnswer(image, said.description, said.art, record))
    return HeardAnswers(tuple(answers), faults=tuple(faults))


def counted(answers: Iterable[HeardAnswer]) -> ArtCounts:
    """Return how many people said what of one work; of two answers of a person, the later one counts."""
    by_person: dict[str, list[Record]] = {}
    for answer in answers:
        by_person.setdefault(answer.record.who, []).append(answer.record)
    names = {YES: "yes", NO: "no", UNKNOWN: "unknown"}
    counts = dict.fromkeys((each.name for each in fields(ArtCounts)), 0)
    for records in by_person.values():
        said = recoding_art.together(records).art
        refused = any(record.refusal for record in records)
        counts[names[said] if said else "refused" if refused else "open"] += 1
    return ArtCounts(**counts)
