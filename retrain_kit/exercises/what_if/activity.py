"""What If…? in a class, and what the projector shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.display.figures import SVG_MEDIA_TYPE
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.activity import Activity, Drawing, ProjectedView
from retrain_kit.exercises.what_if import figures
from retrain_kit.exercises.what_if.session import WhatIfSession
from retrain_kit.exercises.what_if.what_if import WhatIf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.exercises.what_if.areas import BlankArea

REST = 10
LEGEND = "A dot is a number one person said, a line the interval of a word."


def what_if_activity(store: CachedStore, study: str, areas: Sequence[BlankArea], language: str) -> Activity:
    """Return the exercise on blank areas, for a class."""
    session = WhatIfSession(WhatIf(store, study), areas, language, rest=REST)
    return Activity(session, lambda index, withheld: _shown(session, index, withheld))


def _shown(session: WhatIfSession, index: int, withheld: frozenset[str]) -> ProjectedView:
    """Return the range of a place."""
    area = session.items[index]
    found = session.exercise.range(area.place, withheld=withheld)
    drawing = Drawing(LEGEND, figures.range_alt(found), figures.range_svg(found).encode(), SVG_MEDIA_TYPE)
    not_agreed = (f"Not shown, since their authors have not agreed to it: {found.withheld}.",)
    return ProjectedView(
        area.name,
        (area.panel,),
        (drawing,),
        (("", not_agreed),) if found.withheld else (),
        tuple(map(refusals.refusal_in_words, found.refusals)),
        f"{area.credit} {prompts.prompts_credit()}",
    )
