"""Consented: what may be shown of what people said, and how much is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrain_kit.answers import Record, Withdrawal


DEMONSTRATION = "Demonstration: said by nobody."


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
    aside
        How many more there are, whose authors did not agree to this use.
    """

    records: tuple[Record, ...]
    withdrawals: tuple[Withdrawal, ...] = ()
    demonstration: bool = False
    aside: int = 0

    @property
    def credit(self) -> str:
        """The line under each figure."""
        return DEMONSTRATION if self.demonstration else "Said by those who took part, under pseudonyms."
