"""What If…? on the wall of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.exercises import prompts, range_drawings
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.what_if import WhatIf
from retrain_kit.exercises.what_if_session import WhatIfSession
from retrain_kit.figures import SVG
from retrain_kit.web.parts import Drawing, Part, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.areas import Area
    from retrain_kit.web.stores import SharedStore

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
    drawing = Drawing(LEGEND, range_drawings.alt(found), range_drawings.svg(found).encode(), SVG)
    aside = (f"Not shown, since their authors have not agreed to it: {found.aside}.",)
    return Shown(
        area.name,
        (area.panel,),
        (drawing,),
        (("", aside),) if found.aside else (),
        tuple(map(refusals.answer, found.refusals)),
        f"{area.credit} {prompts.credit()}",
    )
