"""Consented conversations: what people wrote and agreed to show; else an example that nobody wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.answers import load_records
from retrain_kit.exercises.common.consent import ConsentedAnswers
from retrain_kit.exercises.conversation.threads import EXERCISE

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.answers import Store

EXAMPLE_FILE = Path(__file__).with_name("example.jsonl")
"""A conversation made for demonstration: it says what a conversation is, and nobody said it."""


def consented_conversations(store: Store, studies: Collection[str], use: str = "class") -> ConsentedAnswers:
    """Return what was written about studies and may be shown for a use; the example where nothing was.

    Parameters
    ----------
    use
        One of `conversation.USES`.
    """
    every = [record for record in store.records(exercise=EXERCISE) if record.asked.study in studies]
    if not every:
        return ConsentedAnswers(load_records(EXAMPLE_FILE), demonstration=True)
    agreed = tuple(record for record in every if use in record.consent.agreed)
    return ConsentedAnswers(agreed, tuple(store.withdrawals()), withheld=len(every) - len(agreed))
