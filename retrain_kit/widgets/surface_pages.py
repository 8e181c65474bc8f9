"""Surface pages: what the widget of *Informational surfaces* shows, as plain values."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import REFUSALS
from retrain_kit.exercises import prompts, range_figures, what_if
from retrain_kit.exercises.informational_surfaces import ASKED, RECORDED, USES
from retrain_kit.traces import narratives, received, recordings, surface_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.informational_pictures import Picture
    from retrain_kit.exercises.informational_surfaces import Surfaces
    from retrain_kit.traces.recordings import Recording

TITLE = "Informational surfaces"


def setting(exercise: Surfaces) -> dict[str, Any]:
    """Return what stays the same while the widget is shown."""
    return {
        "asked": list(ASKED),
        "recorded": RECORDED,
        "uses": list(USES.items()),
        "refusals": [[name, range_figures.REFUSALS[name]] for name in REFUSALS],
        "languages": list(prompts.languages().items()),
        "devices": list(recordings.DEVICES),
        "study": exercise.study,
        "files": [narratives.NAME, narratives.BESIDE],
        "most": {
            "text": received.MOST_LETTERS,
            "label": received.MOST_LABEL_LETTERS,
            "tags": received.MOST_TAGS,
            "note": what_if.MOST_LETTERS,
        },
    }


def static_html(items: Sequence[Picture]) -> str:
    """Return what is asked and the pictures as HTML without script or style: the widget's static twin."""
    asked = "".join(f"<p>{escape(line)}</p>" for line in (*ASKED, RECORDED))
    views = "".join(
        f'<figure class="rk-view">{item.panel.html}<figcaption>{escape(item.name)}<br>'
        f"<small>{escape(item.credit)}</small></figcaption></figure>"
        for item in items
    )
    note = f'<section class="rk-note"><h3>{TITLE}</h3>{asked}</section>'
    return f'{note}<figure class="rk-figure"><div class="rk-views">{views}</div></figure>'


def views(recording: Recording) -> list[dict[str, str]]:
    """Return the map of where the hand stayed longest, as the kit draws it for everybody."""
    if not recording.trace.seconds:
        return []
    figure = surface_figures.surface(recording.trace, recording.size, "of the person who made it")
    return [
        {
            "name": panel.name,
            "alt": panel.alt,
            "src": f"data:{panel.media_type};base64,{base64.b64encode(panel.data).decode('ascii')}",
        }
        for panel in figure.panels[1:]
    ]


def own(record: Record) -> dict[str, Any]:
    """Return an answer as its author sees it in the list of their own."""
    refusal = range_figures.refused(record) if record.refusal else ""
    return {"record": record.id, "text": refusal or record.text, "refusal": bool(refusal)}


def wire(item: Picture) -> dict[str, Any]:
    """Return a picture as the browser reads it; the bytes travel as a binary buffer."""
    width, height = item.panel.size
    return {
        "image": item.image,
        "title": item.name,
        "size": list(item.size),
        "credit": item.credit,
        "alt": item.panel.alt,
        "data": item.panel.data,
        "media_type": item.panel.media_type,
        "width": width,
        "height": height,
    }
