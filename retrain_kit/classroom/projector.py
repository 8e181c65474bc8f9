"""Beamers: what is shown to the whole class, as plain values that go to the beamer's page."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import segno

if TYPE_CHECKING:
    from retrain_kit.classroom.programme import Programme
    from retrain_kit.exercises.common.activity import Activity, Drawing


def projector_setup(room: Programme, link: str, code: str) -> dict[str, Any]:
    """Return how to join, and what can be shown."""
    return {
        "title": room.title,
        "link": link,
        "code": code,
        "image": segno.make(f"{link}#{code}", error="m").svg_data_uri(scale=4, border=2),
        "parts": [
            {
                "name": part.name,
                "title": part.session.title,
                "items": [sight.told["title"] for sight in part.session.told],
            }
            for part in room.parts
        ],
    }


def live_counts(room: Programme, present: int) -> dict[str, Any]:
    """Return how many people are here, and how many answers; refusals are answers."""
    said = {part.name: part.session.records for part in room.parts}
    every = [record for records in said.values() for record in records]
    return {
        "present": present,
        "answers": len(every),
        "refusals": sum(bool(record.refusal) for record in every),
        "each": {name: len(records) for name, records in said.items()},
    }


def projected_item(room: Programme, part: Activity, index: int) -> dict[str, Any]:
    """Return what is shown of an item."""
    found = part.wall(index)
    return {
        "title": found.title,
        "panels": [
            {"image": room.panels.index(panel), "name": panel.name, "alt": panel.alt}
            for panel in found.panels
        ],
        "drawings": [_drawing(drawing) for drawing in found.drawings],
        "lists": [{"title": title, "lines": lines} for title, lines in found.lists],
        "refusals": found.refusals,
        "credit": found.credit,
    }


def _drawing(drawing: Drawing) -> dict[str, str]:
    data = base64.b64encode(drawing.data).decode("ascii")
    address = f"data:{drawing.media_type};base64,{data}"
    return {"title": drawing.title, "words": drawing.words, "address": address}
