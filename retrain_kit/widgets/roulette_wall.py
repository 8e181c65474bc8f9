"""The roulette for a wall: one offline page, one screen for a room, which turns slowly by itself.

It has the turns it was made with, told under the veil, and asks no host for anything. Nothing can be brought
into it.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.analysis.roulette import WHY_NO_UPLOAD
from retrain_kit.analysis.told_turns import tell_turn
from retrain_kit.display import assets
from retrain_kit.widgets.roulette import wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.analysis.roulette import Turn, Wheel

FOLDER = Path(__file__).parent
WALL_PX = 900
"""The longer side of an image: more than half of a wall's width."""
TURN_S = 12
"""How long the image stays as it was tagged, and again without what was tagged."""
SHOWN, VEILED = (
    "People are shown as they are.",
    "Regions of people are made coarse; who was not tagged is not.",
)


def roulette_wall_html(turns: Iterable[Turn], wheel: Wheel, turn_s: float = TURN_S) -> str:
    """Return the page of these turns.

    Parameters
    ----------
    turns
        What is turned over, in this order, and then from the first again.
    wheel
        What they are of.
    turn_s
        How long each half of a turn stays, in seconds.
    """
    told = [wire(tell_turn(turn, wheel, WALL_PX)) for turn in turns]
    for each in told:
        for view in each["views"]:
            view["data"] = base64.b64encode(view["data"]).decode()
    licences = [f"{name}: {text}" for name, text in wheel.second.licences.items()]
    state = {"turns": told, "turn_s": turn_s, "why": WHY_NO_UPLOAD, "licences": licences}
    state["people"] = VEILED if wheel.people_veiled else SHOWN
    script = assets.inlined_script(FOLDER / "roulette_wall.js")
    style = assets.page_sheet(
        *(FOLDER / name for name in ("wall.css", "offline_wall.css", "roulette_wall.css"))
    )
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("roulette_wall.html.j2").render(
        title=wheel.veiled.told(wheel.manifest.title),
        data=Markup(json.dumps(state).replace("<", "\\u003c")),  # noqa: S704 - no < in it
        script=Markup(script),  # noqa: S704 - the kit's own
        style=Markup(style),  # noqa: S704 - the kit's own
        script_digest=assets.policy_digest(script),
        style_digest=assets.policy_digest(style),
        version=__version__,
    )
