"""The replay for a wall: one offline page with as many screens as there are images, and one sum of seconds.

It holds outlines, words under the veil and seconds, and no image, unless somebody asks for it at the end.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.display import assets
from retrain_kit.widgets.replay import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.analysis.study_replay import StudyReplay
    from retrain_kit.display.figures import Panel
    from retrain_kit.display.replay_screen import Ground

FOLDER = Path(__file__).parent


def replay_wall_html(
    replay: StudyReplay, ground: Ground = "dark", shown: Mapping[str, Panel] | None = None
) -> str:
    """Return the page of a replay.

    Parameters
    ----------
    replay
        What is played.
    ground
        Whether the page is dark or light.
    shown
        By the ids of images what is shown of them at the end; nothing of those that are not there.
    """
    state = {
        "given": wire(replay, shown or {}),
        "end": replay.play.end,
        "factor": replay.play.factor,
    }
    script = assets.inlined_script(FOLDER / "replay_wall.js")
    sheets = (FOLDER / name for name in ("wall.css", "offline_wall.css", "replay_wall.css"))
    style = f"{assets.page_sheet(*sheets)}\n:root {{ color-scheme: {ground}; }}\n"
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("replay_wall.html.j2").render(
        title=replay.title,
        ground=ground,
        data=Markup(json.dumps(state, separators=(",", ":")).replace("<", "\\u003c")),  # noqa: S704 - no < in it
        script=Markup(script),  # noqa: S704 - the kit's own
        style=Markup(style),  # noqa: S704 - the kit's own
        script_digest=assets.policy_digest(script),
        style_digest=assets.policy_digest(style),
        version=__version__,
    )
