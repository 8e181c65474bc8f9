"""Track figures: tracks of hands as figures, each told in words, and the test of the claim in sentences."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis import attention, intervals
from retrain_kit.annotations.traces import CORRECTIVE_CLICKS, EXTREME_CLICKS, NARRATIVE_TRACE
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.exercises.common.figures import HtmlView
from retrain_kit.exercises.surfaces import drawing
from retrain_kit.exercises.surfaces.drawing import DEFAULT_PEN, Pen, growth_moments, track_until
from retrain_kit.storage.languages import gettext, marked, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from retrain_kit.analysis.chance import Comparison, PooledComparison
    from retrain_kit.annotations.samples import Size
    from retrain_kit.annotations.traces import SourceTrace, Trace


MAX_FIGURE_PX, BLUR_CELLS = 640, 1
STILL_COUNT = 4
HANDS = (marked("pointer"), marked("focus"))
"""What leaves tracks."""
_NINTHS = (
    (marked("the top left"), marked("the top"), marked("the top right")),
    (marked("the left"), marked("the middle"), marked("the right")),
    (marked("the bottom left"), marked("the bottom"), marked("the bottom right")),
)
_KINDS = {
    NARRATIVE_TRACE: "the pointer of annotator {} while speaking (Localized Narratives)",
    EXTREME_CLICKS: "the clicks from which the box {} was made",
    CORRECTIVE_CLICKS: "the clicks that corrected the mask {}; dots say it belongs, rings that it does not",
}


def track_figure(  # noqa: PLR0913 - the last three are seldom given
    trace: Trace, size: Size, credit: str, title: str = "", pen: Pen = DEFAULT_PEN, *, what: str = "pointer"
) -> Figure:
    """Return the track and the map of where it stayed longest; no image is shown.

    Clicks, which take no time, are counted instead.

    Parameters
    ----------
    size
        Of the frame; it is drawn at most `MAX_FIGURE_PX` wide and high.
    what
        What left the track, in words.
    """
    size = fitted_frame(size)
    timed = trace.seconds > 0
    grid = attention.dwell_time_grid(trace, blur_cells=BLUR_CELLS) if timed else attention.click_grid(trace)
    panels = (
        _panel(drawing.draw_track(trace, size, pen), gettext("only the track"), track_in_words(trace, what)),
        _panel(drawing.draw_heat_map(grid, size, "s" if timed else "clicks"), *_map(trace, grid)),
    )
    return Figure(panels, _caption(trace, grid, pen), credit, title)


def growth_stills(trace: Trace, size: Size, credit: str, title: str = "", pen: Pen = DEFAULT_PEN) -> Figure:
    """Return how the track grew, in `STILL_COUNT` images the same time apart; the last is the whole track."""
    times, size = growth_moments(trace), fitted_frame(size)
    chosen = [
        times[0] + (times[-1] - times[0]) * number / STILL_COUNT for number in range(1, STILL_COUNT + 1)
    ]
    whole = track_in_words(trace)
    panels = tuple(
        _panel(
            track_until(trace, size, moment, pen), f"{moment:.1f} s", f"The track after {moment:.1f} seconds."
        )
        for moment in chosen[:-1]
    )
    last = _panel(drawing.draw_track(trace, size, pen), f"{chosen[-1]:.1f} s", whole)
    return Figure((*panels, last), f"How the track grew. {_pace(trace)}".strip(), credit, title)


def fitted_frame(size: Size) -> Size:
    """Return the size of a frame scaled down to at most `MAX_FIGURE_PX` on either side."""
    scale = min(1.0, MAX_FIGURE_PX / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def track_in_words(trace: Trace, what: str = "pointer") -> str:
    """Return a track in words, for those who cannot see it."""
    ways = [piece for piece in trace.pieces if len(piece)]
    texts = []
    if ways:
        first, last = (_ninth(*place[:2]) for place in (ways[0][0], ways[-1][-1]))
        texts.append(
            ngettext(
                "A line on white. The {what} came once, for {seconds} seconds in all.",
                "A line on white. The {what} came {count} times, for {seconds} seconds in all.",
                len(ways),
                what=gettext(what),
                seconds=f"{trace.seconds:.1f}",
            )
        )
        texts.append(gettext("It began in {first} and ended in {last}.", first=first, last=last))
    if trace.clicks:
        places = ", ".join(_ninth(click.x, click.y) for click in trace.clicks)
        texts.append(
            ngettext(
                "{count} click on white, in this order: {places}.",
                "{count} clicks on white, in this order: {places}.",
                len(trace.clicks),
                places=places,
            )
        )
    return " ".join(texts) or gettext("White: there is no track.")


def trace_origin(hand: SourceTrace) -> str:
    """Return in words which hand of a data set it is, as far as its source says."""
    return f"A trace that was in the data all along: {_KINDS[hand.kind].format(hand.name)}."


def comparison_in_words(rows: Sequence[Comparison]) -> str:
    """Return what `chance.compare_with_chance` found, a sentence for all boxes and one for each label."""
    return " ".join(
        f"{row.inside:.1%} of the time within the frame the pointer was inside"
        f" {'the boxes' if row.label is None else f'boxes of {row.label}'}, which cover {row.area:.1%} of it;"
        f" moved at random {row.chance:.1%} ({row.chance_low:.1%} to {row.chance_high:.1%} in 95 % of"
        f" {row.permutations} moves, seed {row.seed}); {_as_much(row.p, row.p_low, row.p_high)}"
        + (f"; {row.p_of_all:.3f} corrected for {_labels(len(rows) - 1)}." if row.label is not None else ".")
        for row in rows
    )


def pooled_comparison_in_words(found: PooledComparison) -> str:
    """Return what `chance.compare_pooled` found in a sentence."""
    points = [f"{100 * share:.1f}" for share in (found.excess, found.excess_low, found.excess_high)]
    enough = found.readings >= intervals.FEWEST_IMAGES
    held = f"{points[1]} to {points[2]}, 95 % confidence" if enough else "too few readings for an interval"
    return (
        f"Over {found.readings} readings the pointer was {found.inside:.1%} of the time within the frame"
        f" inside the boxes of its own image, and {found.chance:.1%} inside those of the others, laid under"
        f" it: a difference of {points[0]} points ({held});"
        f" {_as_much(found.p, found.p_low, found.p_high)} ({found.permutations} permutations,"
        f" seed {found.seed})."
    )


def _labels(count: int) -> str:
    return "1 label" if count == 1 else f"{count} labels"


def _as_much(p: float, low: float, high: float) -> str:
    return f"as much or more by chance: p = {p:.3f} ({low:.3f} to {high:.3f})"


def _panel(image: Image.Image, name: str, alt: str) -> Panel:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return Panel(name, alt, buffer.getvalue(), "image/png")


def _map(trace: Trace, grid: drawing.Floats) -> tuple[str, str]:
    """Return name and alternative text of the map of stays, or of clicks."""
    most = f"{grid.max(initial=0):.3g}"
    if trace.seconds > 0:
        ninths = attention.dwell_time_grid(trace, (3, 3))
        row, column = np.unravel_index(ninths.argmax(), ninths.shape)
        told = gettext(
            "A map of the frame. {within} of {seconds} seconds were within the frame; the longest, {longest} "
            "seconds, in {place} ninth. The scale goes from 0 to {most} seconds a cell.",
            within=f"{ninths.sum():.1f}",
            seconds=f"{trace.seconds:.1f}",
            longest=f"{ninths.max():.1f}",
            place=gettext(_NINTHS[row][column]),
            most=most,
        )
        return gettext("where it stayed longest"), told
    told = gettext("A map of the frame. The scale goes from 0 to {most} clicks a cell.", most=most)
    return gettext("where the clicks are"), told


def _caption(trace: Trace, grid: drawing.Floats, pen: Pen) -> str:
    columns, rows = attention.GRID_CELLS
    timed = trace.seconds > 0
    unit = "seconds a cell, smoothed to its neighbours" if timed else "clicks a cell"
    cells = f"The map has {columns} × {rows} cells, from 0 to {grid.max(initial=0):.3g} {unit}."
    slow = " The line is thicker where the pointer was slower." if pen.by_slowness else ""
    return f"Only the track of a hand; the image is not shown. {cells}{slow} {_pace(trace)}".strip()


def _pace(trace: Trace) -> str:
    if all(click.t is not None for click in trace.clicks):
        return ""
    unsaid = "The source has no times of its clicks and does not say whether their order is that of the hand."
    return f"{unsaid} Where they appear one by one, they do so every {drawing.CLICK_PACE_S:g} seconds."


def _ninth(x: float, y: float) -> str:
    """Return where on the frame a place is, in words; what lies beyond it counts to what is nearest."""
    row, column = (min(2, max(0, int(3 * share))) for share in (y, x))
    return gettext(_NINTHS[row][column])


# -- comparisons: a table of the time that a pointer was inside boxes, beside chance.


COMPARISON_COLUMNS = (
    "boxes",
    "time inside",
    "they cover",
    "by chance (95 % of moves)",
    "p (95 %)",
    "p, for all words",
)


def comparison_table(rows: Sequence[Comparison], title: str) -> HtmlView:
    """Return a table of what `chance.compare_with_chance` found: a row for all boxes, one for each word."""
    head = "".join(f'<th scope="col">{name}</th>' for name in COMPARISON_COLUMNS)
    body = "".join(_row(row) for row in rows)
    told = f"{title}. {rows[0].permutations} moves, seed {rows[0].seed}."
    caption = f"<caption>{escape(told)}</caption>"
    html = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return HtmlView(html, f"{title}. {comparison_in_words(rows)}")


def _row(row: Comparison) -> str:
    of_all = "" if row.label is None else f"{row.p_of_all:.3f}"
    cells = (
        f"{row.inside:.1%}",
        f"{row.area:.1%}",
        f"{row.chance:.1%} ({row.chance_low:.1%} to {row.chance_high:.1%})",
        f"{row.p:.3f} ({row.p_low:.3f} to {row.p_high:.3f})",
        of_all,
    )
    name = "all of them" if row.label is None else row.label
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row"><bdi>{escape(name)}</bdi></th>{told}</tr>'
