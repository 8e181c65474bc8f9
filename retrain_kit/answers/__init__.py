"""Answers: what people say is kept as they said it, amended, refused, withdrawn for good, and merged.

>>> store = Store("answers")
>>> said = store.say("a kite", AnswerContext("nature", "what-if", images=("0a1b",)), consent, language="en")
>>> store.amend(said.record.id, "or a drone", said.key)
>>> store.withdraw(said.record.id, said.key)
"""

from retrain_kit.answers.authors import AbsentAuthor, Author, Key, author_of
from retrain_kit.answers.log import MergeResult
from retrain_kit.answers.merge import load_records, merge_files
from retrain_kit.answers.records import (
    REFUSALS,
    AnswerContext,
    Consent,
    DerivedDataset,
    Footnote,
    ReachedFiles,
    Record,
    SavedRecord,
    Withdrawal,
    WithdrawalResult,
)
from retrain_kit.answers.store import Store

__all__ = [
    "REFUSALS",
    "AbsentAuthor",
    "AnswerContext",
    "Author",
    "Consent",
    "DerivedDataset",
    "Footnote",
    "Key",
    "MergeResult",
    "ReachedFiles",
    "Record",
    "SavedRecord",
    "Store",
    "Withdrawal",
    "WithdrawalResult",
    "author_of",
    "load_records",
    "merge_files",
]
