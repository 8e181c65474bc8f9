"""Training data, for the sceptical programmer: what people said, without making one answer of it.

>>> with open_store("answers") as store:
...     write_training_data(store, Path("training"), "soft-labels")
[PosixPath('training/soft-labels/README.md'), …]

Every export comes with a datasheet that says how it came about, and holds only what its authors agreed may be
published. A refusal is told and never becomes a label. No function here makes one label of several.
"""

from retrain_kit.answers.deriving import open_store
from retrain_kit.exercises.training.export import KINDS, write_training_data
from retrain_kit.exercises.training.selection import SelectedAnswers, select_answers

__all__ = ["KINDS", "SelectedAnswers", "open_store", "select_answers", "write_training_data"]
