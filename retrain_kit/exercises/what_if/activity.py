"""What If…? on the wall of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.display.figures import SVG
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.activity import Drawing, Part, Shown
from retrain_kit.exercises.what_if import figures
from retrain_kit.exercises.what_if.session import WhatIfSession
from retrain_kit.exercises.what_if.what_if import WhatIf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.answers.cached import SharedStore
    from retrain_kit.exercises.what_if.areas import Area

REST = 10
LEGEND = "A dot is a number one person said, a line the interval of a word."


def part(store: SharedStore, study: str, areas: Sequence[Area], language: str) -> Part:
    """Return the exercise on blank areas."""
    session = WhatIfSession(WhatIf(store, study), areas, language, rest=REST)
    return Part(session, lambda index: _shown(session, index))


def _shown(session: WhatIfSession, index: int) -> Shown:
    """Return the range of a place."""
    area = session.items[index]
    found = session.exercise.range(area.place)
    drawing = Drawing(LEGEND, figures.alt(found), figures.svg(found).encode(), SVG)
    aside = (f"Not shown, since their authors have not agreed to it: {found.aside}.",)
    return Shown(
        area.name,
        (area.panel,),
        (drawing,),
        (("", aside),) if found.aside else (),
        tuple(map(refusals.answer, found.refusals)),
        f"{area.credit} {prompts.credit()}",
    )
