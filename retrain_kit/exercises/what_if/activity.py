"""What If…? in a class, and what the projector shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.activity import Activity, ProjectedView
from retrain_kit.exercises.what_if.session import WhatIfSession, list_notes
from retrain_kit.exercises.what_if.wall import RangePages
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.exercises.what_if.areas import BlankArea
    from retrain_kit.exercises.what_if.what_if import WhatIf

REST = 10


def what_if_activity(exercise: WhatIf, areas: Sequence[BlankArea], language: str) -> Activity:
    """Return the exercise on blank areas, for a class."""
    session = WhatIfSession(exercise, areas, language, rest=REST)
    return Activity(
        session,
        lambda index, withheld: _shown(session, index, withheld),
        "exercises/what_if/wall.js",
    )


def _shown(session: WhatIfSession, index: int, withheld: AbstractSet[str]) -> ProjectedView:
    """Return the range of a place."""
    area = session.items[index]
    found = session.exercise.range(area.place, withheld=withheld)
    not_agreed = gettext(
        "Not shown, since their authors have not agreed to it: {count}.", count=found.withheld
    )
    asked = session.exercise.asked(area.place, session.spoken)
    return ProjectedView(
        area.told[0],
        RangePages(found, session.spoken),
        tuple((line.text, line.beside) for line in asked),
        (area.panel,),
        notes=(not_agreed,) if found.withheld else (),
        refusals=tuple(map(refusals.refusal_in_words, found.refusals)),
        credit=" ".join((area.credit, prompts.prompts_credit(), *list_notes(found.start, asked))),
    )
