"""Consent: what people agree to, and who speaks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers import Consent, Footnote, Key, Record, Withdrawal


USES = {
    "class": marked("It may be shown to those who take part."),
    "publication": marked("It may be published, with my pseudonym."),
}
"""What a person may agree to. An exercise may put the same uses into words of its own."""
BOOK = "book"
"""A use of its own, where words can be bound as a book: who agrees to it agrees to nothing else."""


@dataclass(frozen=True)
class Voice:
    """Who speaks: what they agree to, their key where they have one, their language; `once` as in `Store`."""

    consent: Consent
    key: Key = ""
    language: str = prompts.ORIGINAL_LANGUAGE
    once: str = ""


class ConsentNeededError(ParameterError):
    """Something cannot be kept, since its author has not agreed to a use of it."""

    def __init__(self, use: str) -> None:
        self.use = use
        super().__init__(Fault("consent", f"none to the use {use!r}", "one", "Agree to it first."))


def check_use(use: str) -> None:
    """Raise a `ParameterError` unless a use is one that people are asked about."""
    if use not in USES:
        raise ParameterError(Fault("use", repr(use), f"one of {', '.join(USES)}"))


# -- consented: what may be shown of what people said, and how much is not.


DEMONSTRATION = marked("Demonstration: said by nobody.")


def withheld_in_words(count: int) -> str:
    """Return how many answers are not shown, since their authors have not agreed; nothing of none."""
    if not count:
        return ""
    return gettext("Not shown, since their authors have not agreed to it: {count}.", count=count)


@dataclass(frozen=True)
class Withheld:
    """What whoever leads a class keeps from others.

    Parameters
    ----------
    ids
        Of records and footnotes that nobody but their authors is shown now.
    hidden
        Those of them that were taken away, and wait for nothing.
    """

    ids: AbstractSet[str] = frozenset()
    hidden: frozenset[str] = frozenset()


NOTHING_WITHHELD = Withheld()


def shown(records: Iterable[Record], withheld: AbstractSet[str]) -> Iterator[Record]:
    """Yield the records that are not withheld, without those of their footnotes that are."""
    for record in records:
        if record.id in withheld:
            continue
        if withheld.isdisjoint(note.id for note in record.footnotes):
            yield record
        else:
            yield replace(record, footnotes=shown_notes(record.footnotes, withheld))


def shown_notes(notes: Iterable[Footnote], withheld: AbstractSet[str]) -> tuple[Footnote, ...]:
    """Return the footnotes that are not withheld."""
    return tuple(note for note in notes if note.id not in withheld)


@dataclass(frozen=True)
class ConsentedAnswers:
    """What is shown of an exercise.

    Parameters
    ----------
    records
        In the order of time, refusals among them.
    withdrawals
        What is left of everything that was withdrawn from the store, whichever exercise it was of.
    demonstration
        Whether nobody said it.
    withheld
        How many more there are, whose authors did not agree to this use.
    """

    records: tuple[Record, ...]
    withdrawals: tuple[Withdrawal, ...] = ()
    demonstration: bool = False
    withheld: int = 0

    @property
    def credit(self) -> str:
        """The line under each figure."""
        said = gettext("Said by those who took part, under pseudonyms.")
        return gettext(DEMONSTRATION) if self.demonstration else said
