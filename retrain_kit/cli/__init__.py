"""The command line: studies pulled and drawn, reports from notebooks, a look at the installation.

Everything slow is loaded inside the functions that need it.
"""

from retrain_kit.cli import (
    answers,
    app,
    batch,
    city,
    classroom,
    conversation,
    doctor,
    duplicates,
    export,
    handout,
    ledger,
    living_with_images,
    models,
    nutrition_label,
    own_study,
    replay,
    report,
    roulette,
    studies,
    voices,
    what_it_took,
    words,
)
from retrain_kit.cli.group import kit

__all__ = [
    "answers",
    "app",
    "batch",
    "city",
    "classroom",
    "conversation",
    "doctor",
    "duplicates",
    "export",
    "handout",
    "kit",
    "ledger",
    "living_with_images",
    "models",
    "nutrition_label",
    "own_study",
    "replay",
    "report",
    "roulette",
    "studies",
    "voices",
    "what_it_took",
    "words",
]
