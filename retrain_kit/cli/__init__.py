"""The command line: studies pulled and drawn, reports from notebooks, a look at the installation.

Everything slow is loaded inside the functions that need it.
"""

from retrain_kit.cli import (
    answers,
    classes,
    installation,
    report,
    returns,
    reviews,
    sheets,
    studies,
    teaching,
    training,
    wholes,
)
from retrain_kit.cli.group import kit

__all__ = [
    "answers",
    "classes",
    "installation",
    "kit",
    "report",
    "returns",
    "reviews",
    "sheets",
    "studies",
    "teaching",
    "training",
    "wholes",
]
