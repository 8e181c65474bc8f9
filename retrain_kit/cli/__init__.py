"""The command line: studies pulled and drawn, reports from notebooks, a look at the installation.

Everything slow is loaded inside the functions that need it.
"""

from retrain_kit.cli import (
    answers,
    batch,
    cards,
    classroom,
    doctor,
    report,
    returns,
    reviews,
    studies,
    teaching,
    training,
)
from retrain_kit.cli.group import kit

__all__ = [
    "answers",
    "batch",
    "cards",
    "classroom",
    "doctor",
    "kit",
    "report",
    "returns",
    "reviews",
    "studies",
    "teaching",
    "training",
]
