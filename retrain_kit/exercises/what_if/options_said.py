"""Options said: what people said could be in a blank area, as lines about its image."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from retrain_kit.annotations.written import DataSetText
from retrain_kit.exercises.what_if.aggregate import ADDED, EXERCISE

if TYPE_CHECKING:
    from retrain_kit.answers import Store

OPTION = "option in What If…?"


def options_said(store: Store, study: str, use: str = "class") -> dict[str, list[DataSetText]]:
    """Return the options that people added, by the image's id: those whose authors agreed to the use.

    Parameters
    ----------
    store
        Where the answers are.
    study
        The study they are about.
    use
        What the authors have to have agreed to.
    """
    found: dict[str, list[DataSetText]] = defaultdict(list)
    for record in store.records(study=study, exercise=EXERCISE):
        if record.details.get("act") == ADDED and use in record.consent.agreed and record.text.strip():
            for image in record.asked.images:
                found[image].append(DataSetText(record.text.strip(), OPTION, record.who))
    return dict(found)
