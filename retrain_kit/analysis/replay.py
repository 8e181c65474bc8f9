"""The replay: how the annotations of an image came, point by point, at the pace of published seconds.

What is the data's own and what is made up is told apart. Clicks that made a box, or corrected a mask, come
in the source's order; traces come at their own times; vertices of an outline come as the source lists them. A
box without clicks, and the outline of a mask, are drawn from their upper left corner, which is made up. So is
which annotation came first, but of traces: sources list them, and do not say when. `ORDERS` are the rules.

How long a drawing took is what the ledger says of one such piece of work (see `analysis.ledger`), from the
least to the most; within it, points come after equal times, or after equal ways where they are many or made
up. What a machine made alone took nobody's time and is there at once; so is what people only checked, while
the time of a check passes. The outline that a machine computed from corrective clicks comes with the last of
them. What nobody has timed is there at once, too, and is counted. Where people had their own time counted, it
is played, and no figure is asked.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from retrain_kit.analysis import ledger
from retrain_kit.analysis.annotators import CHECKED, HAND, MACHINE, UNKNOWN_SOURCE
from retrain_kit.annotations import traces
from retrain_kit.annotations.recordings import DRAWN
from retrain_kit.annotations.samples import Box, Region
from retrain_kit.annotations.timelines import Drawing, Stroke, Timeline
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.imaging import contours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrain_kit.analysis.annotators import Annotation, Annotator
    from retrain_kit.annotations.recordings import Recording
    from retrain_kit.annotations.samples import Click, Phrase, PointLabel, Sample, Size
    from retrain_kit.annotations.timelines import StrokeKind
    from retrain_kit.studies.labour_figures import LabourFigure

    Floats = NDArray[np.float64]

Order = Literal["largest", "listed", "lot"]
ORDERS: dict[Order, str] = {
    "largest": "the largest first: this order is made up",
    "listed": "as the source lists them: whether they were drawn so, it does not say",
    "lot": "by lot: this order is made up",
}
"""By which rule the annotations of an image come, and what is said of it."""
RECORDED = "as it was recorded"
RECORDED_IN_PART = f"{RECORDED}; boxes whose time is not said come last"
ALONE = "there is only one drawing"
OWN_SECONDS = ("active_s", "word_active_s")
"""Under these names a region says how long it took, where people had their own time counted."""
NARRATIVE = "narrative"
"""The work of somebody who spoke of an image, and pointed meanwhile."""
NO_PLACE = "of the whole image, or between regions: they have no place of their own"
_CLICK_STROKES: dict[bool | None, StrokeKind] = {None: "click", True: "yes", False: "no"}


class Pace:
    """How long one piece of work takes, by the figures that are chosen: asked once for each kind of work.

    Parameters
    ----------
    figures
        As for `ledger.make_ledger`.
    by_hand
        Whether what a machine made alone is given the time that a hand would have needed.

    Attributes
    ----------
    used : dict of str to tuple of LabourFigure
        The figures behind each kind of work that was asked for, the shortest first.
    """

    def __init__(self, figures: Sequence[LabourFigure], *, by_hand: bool = False) -> None:
        self._figures, self.by_hand = figures, by_hand
        self._known: dict[tuple[str, str], dict[str, Any]] = {}
        self.used: dict[str, tuple[LabourFigure, ...]] = {}

    def times(self, work: str, source: str) -> dict[str, Any]:
        """Return the times of a piece of work of an annotation source, as a `Drawing` has them."""
        key = work, source
        if key not in self._known:
            supposed = self.by_hand and source == MACHINE.name
            entry = ledger.make_ledger({(work, HAND.name if supposed else source): 1}, self._figures)
            (found,) = entry.entries
            told = {"work": work, "source": source, "supposed": supposed and found.time is not None}
            if found.figures:
                self.used[work] = found.figures
            if found.time is not None:
                told |= {"low_s": found.time.low, "high_s": found.time.high, "timed": True}
            self._known[key] = told
        return self._known[key]


def make_timeline(
    sample: Sample,
    known: Callable[[str], Annotator],
    pace: Pace,
    order: Order = "largest",
    seed: int = 7,
) -> Timeline:
    """Return how the annotations of an image come.

    Parameters
    ----------
    sample
        The image, under the veil where there is one: labels are taken as they are.
    known
        What tells an annotator by the data set's word, as `annotators.annotator_lookup` returns it.
    pace
        How long each takes.
    order
        Which comes first: one of `ORDERS`. Where all have their own seconds, they come as they are listed.
        Traces with times come after the rest, one after the other.
    seed
        For `lot`: another draws another order.

    Raises
    ------
    ParameterError
        When there is no such order.
    """
    if order not in ORDERS:
        raise ParameterError(Fault("order", repr(order), f"one of {', '.join(get_args(Order))}"))
    placed: list[Region | Phrase | PointLabel] = [*sample.regions, *sample.phrases, *sample.points]
    own = bool(placed) and all(_own_s(each) is not None for each in placed)
    chosen = "listed" if own else order
    drawings = [_drawing(each, known, pace) for each in _ordered(placed, chosen, f"{seed} {sample.id}")]
    told = list(_narratives(sample))
    left = Counter({NO_PLACE: len(sample.labels) + len(sample.relationships)})
    recorded = own or not drawings
    rule = ORDERS[order] if not recorded else RECORDED if drawings or told else ""
    if len(drawings) == 1 and not (own or told):
        rule = ALONE
    return Timeline(sample.id, sample.size, (*drawings, *told), rule, recorded, dict(+left))


def recorded_timeline(recording: Recording) -> Timeline:
    """Return one sitting of a person before an image: the pointer's way and the boxes, at their own times.

    A box whose time is not said comes at the end.
    """
    tracks = [*_track(recording.trace, recording.size, 0.0)]
    end = recording.seconds
    boxes = [
        Drawing(
            (_box_stroke(region.box, at_once=True),),
            label=region.label,
            annotator=region.annotator,
            work=ledger.BOX,
            timed=True,
            recorded=tag.t is not None,
            ordered=tag.t is not None,
            start_s=end if tag.t is None else tag.t,
        )
        for tag, region in zip(recording.tags, recording.regions, strict=True)
    ]
    drawings = sorted([*tracks, *boxes], key=lambda each: each.start_s or 0.0)
    timed = all(each.recorded for each in drawings)
    rule = RECORDED if timed else RECORDED_IN_PART
    return Timeline(recording.image, recording.size, tuple(drawings), rule, ordered=timed)


def _ordered(
    placed: Sequence[Region | Phrase | PointLabel], order: Order, seed: str
) -> Sequence[Region | Phrase | PointLabel]:
    if order == "lot":
        return random.Random(seed).sample(placed, len(placed))  # noqa: S311 - a draw that can be repeated
    return sorted(placed, key=_area_px, reverse=True) if order == "largest" else placed


def _area_px(annotation: Region | Phrase | PointLabel) -> float:
    box = getattr(annotation, "box", None)
    return box.width_px * box.height_px if isinstance(box, Box) else 0.0


def _drawing(
    annotation: Region | Phrase | PointLabel, known: Callable[[str], Annotator], pace: Pace
) -> Drawing:
    annotator = known(annotation.annotator)
    work = ledger.work_of(_kind(annotation), annotation, annotator.source.name)
    strokes = tuple(_strokes(annotation, at_once=annotator.source == CHECKED))
    own = isinstance(annotation, Region) and bool(annotation.clicks or annotation.polygons)
    own_s, source = _own_s(annotation), annotator.source.name
    times = pace.times(work, source) if own_s is None else _recorded(work, source, own_s)
    return Drawing(
        strokes,
        label=getattr(annotation, "label", ""),
        annotator=annotator.word,
        ordered=own or len(strokes[0].points) == 1,
        **times,
    )


def _own_s(annotation: Region | Phrase | PointLabel) -> float | None:
    """Return how long an annotation took by its own account; None where it says nothing."""
    found = [annotation.said[name] for name in OWN_SECONDS if name in annotation.said]
    wrong = [each for each in found if not isinstance(each, int | float) or not 0 <= each < math.inf]
    return None if wrong or not found else float(sum(found))


def _recorded(work: str, source: str, own_s: float) -> dict[str, Any]:
    return {"work": work, "source": source, "low_s": own_s, "high_s": own_s, "timed": True, "recorded": True}


def _kind(annotation: Annotation) -> str:
    if isinstance(annotation, Region):
        return "region"
    return "point" if hasattr(annotation, "x") else "phrase"


def _strokes(annotation: Region | Phrase | PointLabel, *, at_once: bool) -> Iterator[Stroke]:
    """Yield what is drawn of an annotation, one stroke at least."""
    if not isinstance(annotation, Region):
        box = getattr(annotation, "box", None)
        if isinstance(box, Box):
            yield _box_stroke(box, at_once=at_once)
        else:
            yield Stroke(np.array([[annotation.x, annotation.y, 1.0]]), "click")  # type: ignore[union-attr] # it is a point
        return
    outlines = _outlines(annotation)
    if annotation.clicks and not (annotation.polygons and annotation.mask is None):
        yield from _clicked(annotation.clicks)
        yield from (_loop(outline, 1.0, 1.0) for outline in outlines or [_edges(annotation.box)])
    elif not outlines:
        yield _box_stroke(annotation.box, at_once=at_once)
    else:
        evenly = annotation.mask is None
        yield from _one_after_the_other(outlines, evenly=evenly, at_once=at_once)


def _outlines(region: Region) -> list[Floats]:
    """Return the outlines of a region, in pixels, float64 (points, 2): of its mask, else its polygons."""
    if region.mask is not None:
        found = contours.mask_contours(region.mask)
        return [contours.stretched(each, region.mask, region.box) for each in found]
    return [np.array(polygon, dtype=np.float64) for polygon in region.polygons if polygon]


def _clicked(clicks: Sequence[Click]) -> Iterator[Stroke]:
    """Yield clicks in their order, each after the same time as the one before."""
    for number, click in enumerate(clicks, 1):
        yield Stroke(np.array([[click.x, click.y, number / len(clicks)]]), _CLICK_STROKES[click.on])


def _box_stroke(box: Box, *, at_once: bool) -> Stroke:
    return _loop(_edges(box), 0.0, 0.0 if at_once else 1.0)


def _edges(box: Box) -> Floats:
    """Return the corners of a box, clockwise from the upper left."""
    left, top, right, bottom = box.edges
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float64)


def _loop(outline: Floats, start: float, end: float, *, evenly: bool = False) -> Stroke:
    """Return an outline whose points appear from one share of the time to another, and then its way back."""
    if evenly:
        shares = np.arange(len(outline)) / len(outline)
    else:
        ways = _ways(outline)
        shares = (np.cumsum(ways) - ways) / (ways.sum() or 1.0)
    return Stroke(np.column_stack([outline, start + np.clip(shares, 0, 1) * (end - start)]))


def _one_after_the_other(outlines: Sequence[Floats], *, evenly: bool, at_once: bool) -> Iterator[Stroke]:
    """Yield outlines in turn; each takes as much of the time as it has points, or as its way is long."""
    if at_once:
        yield from (_loop(outline, 0.0, 0.0) for outline in outlines)
        return
    sizes = [len(each) if evenly else _ways(each).sum() for each in outlines]
    ends = np.cumsum(sizes) / (sum(sizes) or 1.0)
    for outline, start, end in zip(outlines, [0.0, *ends[:-1]], ends, strict=True):
        yield _loop(outline, float(start), float(end), evenly=evenly)


def _ways(outline: Floats) -> Floats:
    """Return how far it is from each point to the next, in any unit: no number is too great for it."""
    unit = abs(outline).max(initial=0) or 1.0
    found: Floats = np.hypot(*np.diff(outline / unit, axis=0, append=outline[:1] / unit).T) * min(unit, 1e9)
    return found


# -- traces: what was recorded with its times.


def _narratives(sample: Sample) -> Iterator[Drawing]:
    """Yield the ways of those who spoke of an image, each from its own beginning."""
    for hand in traces.source_traces(sample):
        if hand.kind == traces.NARRATIVE_TRACE:
            yield from _track(hand.trace, sample.size)


def _track(trace: traces.Trace, size: Size, start_s: float | None = None) -> Iterator[Drawing]:
    """Yield a trace with a way, from its first moment to its last; nothing where it has none.

    With `start_s` it is of a recording, which began then; who made it is said as recordings say it.
    """
    pieces = [piece for piece in trace.pieces if len(piece)]
    if not pieces:
        return
    first, last = min(float(piece[0, 2]) for piece in pieces), max(float(piece[-1, 2]) for piece in pieces)
    long_s = last - first
    scale = np.array([*size, 1 / long_s if long_s else 0.0])
    yield Drawing(
        tuple(Stroke((piece - np.array([0, 0, first])) * scale, "line") for piece in pieces),
        annotator=UNKNOWN_SOURCE.words if start_s is None else DRAWN,
        ordered=True,
        start_s=None if start_s is None else start_s + first,
        **_recorded(NARRATIVE, HAND.name, long_s),
    )
