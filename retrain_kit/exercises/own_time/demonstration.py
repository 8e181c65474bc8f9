"""Demonstration of *One's own time*: drawings and times that are nobody's, made by a rule.

The rule goes over the first regions that a data set has on each image, two at most. The first it draws as a
box, the second by extreme clicks, or as the outline that the data set has, 3 seconds for each point; once on
each image it waits for 12. Then it takes 2 seconds for the word. No person ever did so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.annotations import drawings
from retrain_kit.annotations.drawings import BOX, EXTREME, OUTLINE, WORD_PART
from retrain_kit.annotations.working_time import ACT
from retrain_kit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.annotations.drawings import Drawing
    from retrain_kit.annotations.samples import Point, Region, Sample

POINT_S, WAIT_S, WORD_S = 3.0, 12.0, 2.0
MOST = 2


def example_drawings(samples: Iterable[Sample]) -> list[Drawing]:
    """Return what the rule draws; images without a region that can be drawn have none."""
    made = (example_drawing(sample) for sample in samples)
    return [each for each in made if each]


def example_drawing(sample: Sample) -> Drawing | None:
    """Return what the rule draws on an image; None where there is nothing to go over."""
    rows = [row for place, region in enumerate(sample.regions) if (row := _row(region, place))]
    pieces = [{**row, "name": str(number)} for number, row in enumerate(rows[:MOST], 1)]
    try:
        return drawings.from_sent(
            sample.id, sample.size, {"drawn": pieces, "moments": list(_moments(pieces))}
        )
    except DataError:
        return None


def _row(region: Region, place: int) -> dict[str, object] | None:
    """Return a region as somebody would draw it; None where it has no area or no word."""
    if not region.label.strip() or region.box.width_px < 1 or region.box.height_px < 1:
        return None
    kind, points = _points(region) if place else (BOX, _corners(region))
    label = region.label.strip()[: drawings.MAX_LABEL_CHARS]
    return {"kind": kind, "label": label, "points": [list(point) for point in points]}


def _points(region: Region) -> tuple[str, tuple[Point, ...]]:
    if region.polygons:
        return OUTLINE, region.polygons[0]
    left, top, right, bottom = region.box.edges
    across, down = (left + right) / 2, (top + bottom) / 2
    return EXTREME, ((across, top), (left, down), (across, bottom), (right, down))


def _corners(region: Region) -> tuple[Point, ...]:
    left, top, right, bottom = region.box.edges
    return (left, top), (right, bottom)


def _moments(pieces: Iterable[dict[str, object]]) -> Iterator[list[object]]:
    """Yield when the rule does what: seconds, kind, and the piece."""
    now = 0.0
    yield [now, ACT, "1"]
    for piece in pieces:
        name, points = str(piece["name"]), piece["points"]
        for number in range(len(points) if isinstance(points, list) else 0):
            now += WAIT_S if (name, number) == ("1", 1) else POINT_S
            yield [now, ACT, name]
        now += WORD_S
        yield [now, ACT, f"{name}:{WORD_PART}"]
