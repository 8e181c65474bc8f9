"""Pages on which pictures are looked at without a notebook: one offline file, and decisions to download."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from retrain_kit import __version__, scripts
from retrain_kit.display import styles
from retrain_kit.manifests import PACKAGE
from retrain_kit.widgets import review

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.widgets.review import Shown

TEMPLATES = PACKAGE / "templates" / "review"
TAKE = "retrain-kit review --take review.jsonl"


def html(
    shown: Sequence[Shown], by: str = "", pictures: Iterable[Shown] | None = None, take: str = TAKE
) -> str:
    """Return the page of these pictures: one file with its script, its style and its pictures in it.

    Parameters
    ----------
    shown
        The pictures, in the order in which they are looked at.
    by
        Who looks: a name of their choice, or nothing.
    pictures
        The same once more, where somebody wants to watch how they are read.
    take
        The command that takes the decisions in, which the page tells.
    """
    items = [each.wire() for each in (shown if pictures is None else pictures)]
    for item in items:
        item["data"] = base64.b64encode(item["data"]).decode()
    state = {"items": items, "decided": review.standing(shown), "notice": review.notices(shown), "by": by}
    script = scripts.whole(TEMPLATES / "page.js")
    style = styles.page() + review.SHEET + (TEMPLATES / "style.css").read_text(encoding="utf-8")
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("page.html.j2").render(
        data=Markup(json.dumps(state).replace("<", "\\u003c")),  # noqa: S704 - no < in it
        script=Markup(script),  # noqa: S704 - the kit's own
        style=Markup(style),  # noqa: S704 - the kit's own
        take=take,
        script_digest=_digest(script),
        style_digest=_digest(style),
        version=__version__,
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
