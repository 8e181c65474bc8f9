"""Consented sentences: what people have said of pairs, for a use that they agreed to; else examples.

Where nobody has said anything yet, the knife case speaks: sentences made for demonstration, said by nobody,
after a case that Bruno Moreschi tells. They are in a file of their own and never come into a store of real
ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.answers import load_records
from retrain_kit.exercises.common.consent import ConsentedAnswers
from retrain_kit.exercises.polyphony.turns import EXERCISE, step_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.answers import Store


KNIFE_FILE = Path(__file__).with_name("knife.jsonl")
"""The knife case, as a file of answers made for demonstration."""


def consented_sentences(store: Store, studies: Collection[str], use: str = "class") -> ConsentedAnswers:
    """Return what was said about pairs of studies; the knife case where nothing was."""
    told = store.records(exercise=EXERCISE)
    every = [record for record in told if step_of(record) and record.asked.study in studies]
    if not every:
        return knife_case()
    agreed = tuple(record for record in every if use in record.consent.agreed)
    return ConsentedAnswers(agreed, tuple(store.withdrawals()), withheld=len(every) - len(agreed))


def knife_case() -> ConsentedAnswers:
    """Return the knife case."""
    return ConsentedAnswers(load_records(KNIFE_FILE), demonstration=True)
