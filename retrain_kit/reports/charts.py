"""Charts for notebooks and reports, on matplotlib, as vector images with alt texts.

Names of labels, images and annotators are anybody's texts. They are drawn as they are: no sign of them is
mathematics or markup, all scripts have a face, long ones are shortened, two that look alike have a bar each.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from retrain_kit.analysis import annotators, coverage, own_pace
from retrain_kit.analysis.box_geometry import SIZE_STEPS
from retrain_kit.display import figures, signs, tokens
from retrain_kit.display.tokens import COLOURS, HEAT, SOURCES
from retrain_kit.reports import typesetting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from retrain_kit.analysis.box_geometry import BoxGeometry
    from retrain_kit.analysis.co_occurrence import CoOccurrence
    from retrain_kit.analysis.own_pace import OwnPace
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

USED = ("paper", "ink", "quiet", "rim", "rest", "hue-1", "hue-3", "hue-4", "hue-5", *HEAT)
"""Names of the colours of charts; a page in the dark shows them as its own."""
INK, QUIET, RIM, PAPER = (COLOURS[name].light for name in ("ink", "quiet", "rim", "paper"))
STYLE: Any = {
    "text.parse_math": False,  # a $ in a name is a $
    "text.usetex": False,
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": RIM,
    "axes.facecolor": PAPER,
    "xtick.color": RIM,
    "xtick.labelcolor": QUIET,
    "ytick.color": RIM,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "retrain-kit",
    "figure.facecolor": PAPER,
}
TAKEN_COLOUR, LEFT_COLOUR = COLOURS["hue-1"].light, COLOURS["rest"].light
SOURCE_COLOURS = {source: COLOURS[name].light for source, name in SOURCES.items()}
MOST_BARS = 60
"""A chart of more images shows those at both ends."""
MOST_SIGNS = 44
"""Longer names are shortened in charts; tables have them whole."""
_DARK = 5
STEPS = ListedColormap([COLOURS[name].light for name in HEAT], "heat")


def coverage_bars(rows: Sequence[coverage.ImageCoverage], manifest: Manifest) -> figures.Figure:
    """Draw how much of each image is tagged and how much is left, one bar an image.

    Of many images those are drawn of which least is tagged, and those of which most is.
    """
    every = sorted(rows, key=lambda row: row.share_tagged)
    ordered = every if len(every) <= MOST_BARS else [*every[: MOST_BARS // 2], *every[-MOST_BARS // 2 :]]
    names = [_shown(row.sample) for row in ordered]
    tagged, left = [row.share_tagged for row in ordered], [row.share_left for row in ordered]
    with _drawing(names):
        canvas, axes = _canvas(8, 0.8 + 0.24 * len(ordered))
        places = range(len(names))
        axes.barh(places, tagged, tick_label=names, color=TAKEN_COLOUR, label="tagged")
        axes.barh(places, left, left=tagged, color=LEFT_COLOUR, label="left")
        _percent(axes, 1)
        axes.set(xlabel="share of the image", ylabel="image")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False)
        least, most = (f"{signs.visible(ordered[end].sample)} with {tagged[end]:.1%}" for end in (0, -1))
        alt = f"A bar for each of {len(rows)} images. The least is tagged of {least}, the most of {most}."
        between = len(every) - len(ordered)
        rest = f" {between:,} images lie between those at both ends." if between else ""
        return _figure(canvas, alt, f"What is tagged of each image, and what is left.{rest}", manifest)


def group_bars(
    rows: Sequence[coverage.GroupCoverage], name: str, manifest: Manifest, most: int = 20
) -> figures.Figure | figures.Note:
    """Draw the share of all images that each label or annotator covers, the largest first, with intervals.

    A sentence is returned where there are none.
    """
    if not rows:
        return figures.Note("This study has no regions.", ())
    shown = list(rows[:most])[::-1]
    names, shares = [_shown(row.name) for row in shown], [row.share_of_all for row in shown]
    ends = [row.interval_of_all.high if row.interval_of_all else row.share_of_all for row in shown]
    with _drawing(names):
        canvas, axes = _canvas(8, 0.8 + 0.26 * len(shown))
        axes.barh(range(len(names)), shares, tick_label=names, color=TAKEN_COLOUR)
        for place, (row, end) in enumerate(zip(shown, ends, strict=True)):
            if row.interval_of_all:
                axes.hlines(place, row.interval_of_all.low, end, color=INK, linewidth=1.2)
            axes.annotate(
                f"{row.share_of_all:.1%}",
                (end, place),
                (3, 0),
                textcoords="offset points",
                va="center",
                size=8,
            )
        _percent(axes, max(ends) * 1.15 or 1)
        axes.set(xlabel="share of an average image", ylabel=name)
        told = "; ".join(f"{signs.visible(row.name)} {row.share_of_all:.1%}" for row in shown[:-6:-1])
        alt = f"A bar for each {name}, the largest: {told}."
        rest = f" The {len(shown)} largest of {len(rows)}." if len(rows) > len(shown) else ""
        lines = (
            " A line across a bar's end is its 95% interval over images."
            if any(row.interval_of_all for row in shown)
            else ""
        )
        caption = f"The share of an average image that each {name} covers.{lines}{rest}"
        return _figure(canvas, alt, caption, manifest)


def tag_heat_map(grid: NDArray[np.float64], images: int, manifest: Manifest) -> figures.Figure:
    """Draw where on the frame tags sit."""
    with _drawing():
        canvas, axes = _canvas(6, 4.2)
        for step in range(1, STEPS.N):
            axes.add_patch(PathPatch(_areas(grid * STEPS.N >= step), facecolor=STEPS(step), linewidth=0))
        rows, columns = grid.shape
        axes.set(xlim=(0, columns), ylim=(rows, 0), facecolor=STEPS(0))
        axes.set(xticks=[], yticks=[], xlabel="left to right of the frame", ylabel="bottom to top")
        canvas.colorbar(
            ScalarMappable(cmap=STEPS),
            ax=axes,
            format=lambda share, _: f"{share:.0%}",
            label="tagged there, mean of all images",
        )
        middle = grid[rows // 3 : -rows // 3, columns // 3 : -columns // 3].mean()
        edge = (grid[0].mean() + grid[-1].mean() + grid[:, 0].mean() + grid[:, -1].mean()) / 4
        of = f"{images:,} images" if images != 1 else "1 image"
        told = f"Of its middle {middle:.0%} is tagged, of its rim {edge:.0%}, on average of {of}."
        return _figure(
            canvas,
            f"A map of the frame. {told}",
            "Where on the frame tags sit, all images laid over each other.",
            manifest,
        )


def annotation_source_bars(
    rows: Sequence[annotators.AnnotationCount], manifest: Manifest
) -> figures.Figure | figures.Note:
    """Draw from which sources the annotations of each kind came; return a sentence where there are none."""
    if not rows:
        return figures.Note("This study has no annotations.", ())
    of_kind = {row.kind: row.of_kind for row in reversed(rows)}
    shares = {source: dict.fromkeys(of_kind, 0.0) for source in annotators.ANNOTATION_SOURCES.values()}
    for row in rows:
        shares[row.annotator.source][row.kind] += row.annotations / row.of_kind
    with _drawing():
        canvas, axes = _canvas(8, 1.6 + 0.4 * len(of_kind))
        names = [f"{kind}s ({number:,})" for kind, number in of_kind.items()]
        before = [0.0] * len(names)
        for source, by_kind in shares.items():
            parts = list(by_kind.values())
            if any(parts):
                axes.barh(names, parts, left=before, color=SOURCE_COLOURS[source.name], label=source.words)
                before = [start + part for start, part in zip(before, parts, strict=True)]
        _percent(axes, 1)
        axes.set(xlabel="share of the annotations of a kind", ylabel="kind")
        canvas.legend(loc="outside upper left", ncols=2, frameon=False)
        alt = f"A bar for each kind of annotation. {_told_by_kind(shares, of_kind)}"
        return _figure(
            canvas, alt, "How the annotations of each kind were made, as far as is said.", manifest
        )


WRITTEN_ON = {
    name: "ink" if place < _DARK else "paper" for place, name in enumerate(HEAT) if place not in {0, _DARK}
}
"""What figures in a map are written in, by the colour of their place; on the one left out neither is read."""
MOST_PAIRED, MOST_PLACED = 12, 8
"""How many labels have a row in the map of those that meet, and how many a map of where their boxes lie."""


def co_occurrence_map(
    found: CoOccurrence, manifest: Manifest, most: int = MOST_PAIRED
) -> figures.Figure | figures.Note:
    """Draw of the images of each label how many have each other label too; a sentence where none meet.

    The labels in most images are drawn, the most first.
    """
    count = min(len(found.labels), most)
    together = found.together[:count, :count]
    if not np.triu(together, 1).any():
        return figures.Note("No image here has two labels.", ())
    names = [_shown(label) for label in found.labels[:count]]
    shares = together / together.diagonal()[:, np.newaxis]
    with _drawing(names):
        canvas, axes = _canvas(8, 2 + 0.42 * count)
        ranks = np.ceil(shares * len(WRITTEN_ON)).astype(int) * ~np.eye(count, dtype=bool)
        for rank, (step, _) in enumerate(WRITTEN_ON.items(), 1):
            if (ranks == rank).any():
                axes.add_patch(PathPatch(_areas(ranks == rank), facecolor=COLOURS[step].light, linewidth=0))
        for row, column in np.argwhere(together):
            same, place = row == column, (column + 0.5, row + 0.5)
            told = f"{together[row, column]:,}" if same else f"{shares[row, column]:.0%}"
            colour = "quiet" if same else list(WRITTEN_ON.values())[ranks[row, column] - 1]
            axes.text(*place, told, ha="center", va="center", size=8, color=COLOURS[colour].light)
        places = np.arange(count) + 0.5
        axes.set(xlim=(0, count), ylim=(count, 0), facecolor=STEPS(0))
        axes.set_xticks(places, names, rotation=40, ha="left", rotation_mode="anchor")
        axes.set_yticks(places, names)
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.tick_params(length=0, labelcolor=INK)
        axes.set(xlabel="… this label is in", ylabel="of the images with this label, …")
        told = "; ".join(
            f"{signs.visible(pair.one)} and {signs.visible(pair.other)} in {pair.together:,}"
            for pair in found.pairs[:5]
        )
        more = len(found.labels) + found.others - count
        rest = f" {more:,} labels more are in fewer images." if more else ""
        caption = (
            f"Of the images with a label, the share that has another too. On the diagonal: images.{rest}"
        )
        return _figure(canvas, f"A map of {count} labels. Those that meet most: {told}.", caption, manifest)


def box_sizes(found: BoxGeometry, manifest: Manifest) -> figures.Figure | figures.Note:
    """Draw how many boxes are how large, in steps that double; a sentence where there are none."""
    if not found.boxes:
        return figures.Note("No image here has a box.", ())
    counts = found.size_counts
    with _drawing():
        canvas, axes = _canvas(8, 3)
        axes.bar(range(len(counts)), counts, width=0.92, color=TAKEN_COLOUR)
        ends = ["0", *(f"{100 * end:.1f}".removesuffix(".0") + "%" for end in SIZE_STEPS)]
        axes.set_xticks([place - 0.5 for place in range(len(ends))], ends, size=9)
        axes.yaxis.set_major_formatter(lambda number, _: f"{number:,.0f}")
        axes.set(xlabel="share of the frame that a box takes, each step twice the one before", ylabel="boxes")
        low, middle, high = found.share_quartiles or (0, 0, 0)
        many = (
            "1 box takes {:.1%} of its"
            if found.boxes == 1
            else f"{found.boxes:,} boxes take {{:.1%}} of their"
        )
        told = f"Half of {many.format(middle)} frame or less"
        told += f"; the middle half from {low:.1%} to {high:.1%}."
        return _figure(canvas, f"A bar for each step of size. {told}", told, manifest)


def box_positions(
    rows: Sequence[BoxGeometry], manifest: Manifest, most: int = MOST_PLACED
) -> figures.Figure | figures.Note:
    """Draw where on the frame the boxes of each label lie, those with most boxes first."""
    shown = [row for row in rows if row.boxes][:most]
    if not shown:
        return figures.Note("No image here has a box.", ())
    names = [_shown(row.label) for row in shown]
    columns = min(4, len(shown))
    with _drawing(names):
        canvas = Canvas(figsize=(8, 0.6 + 2.05 * -(-len(shown) // columns)), layout="constrained")
        grid = canvas.subplots(-(-len(shown) // columns), columns, squeeze=False).ravel()
        for axes, row, name in zip(grid, shown, names, strict=False):
            _position_map(axes, row)
            count = f"{row.boxes:,} {'box' if row.boxes == 1 else 'boxes'}"
            axes.set_title(f"{signs.shortened(name, _MOST_TITLE)}\n{count}", size=9, color=INK)
        for axes in grid[len(shown) :]:
            axes.remove()
        canvas.supxlabel("left to right of the frame", size=9, color=QUIET)
        canvas.supylabel("bottom to top", size=9, color=QUIET)
        told = "; ".join(
            f"{signs.visible(row.label)} {row.middle_of_centres[0]:.0%} from the left"
            f" and {row.middle_of_centres[1]:.0%} from the top"
            for row in shown
            if row.middle_of_centres
        )
        rest = f" {len(rows) - len(shown):,} labels more have fewer boxes." if len(rows) > len(shown) else ""
        caption = (
            f"Where boxes of a label lie: the stronger the colour, the more; each map by its own most.{rest}"
        )
        return _figure(
            canvas, f"A map of the frame for each label. Middle of their boxes: {told}.", caption, manifest
        )


def _position_map(axes: Axes, row: BoxGeometry) -> None:
    grid = row.position_map()
    steps = np.ceil(grid / grid.max() * (STEPS.N - 1))
    for step in range(1, STEPS.N):
        if (steps == step).any():
            axes.add_patch(PathPatch(_areas(steps == step), facecolor=STEPS(step), linewidth=0))
    rows, columns = grid.shape
    axes.set(xlim=(0, columns), ylim=(rows, 0), facecolor=STEPS(0), xticks=[], yticks=[])
    axes.set_aspect(1)
    for spine in axes.spines.values():
        spine.set_visible(True)


_MOST_TITLE = 22


def _areas(cells: NDArray[np.bool_]) -> Path:
    """Return the cells that hold as one path, those beside each other as one piece."""
    edges = np.diff(cells, axis=1, prepend=False, append=False).nonzero()
    ends = zip(edges[0][::2], edges[1][::2], edges[1][1::2], strict=True)
    corners = [((a, row), (b, row), (b, row + 1), (a, row + 1), (a, row)) for row, a, b in ends]
    return Path(
        np.reshape(corners, (-1, 2)), [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(corners)
    )


def _told_by_kind(
    shares: Mapping[annotators.AnnotationSource, Mapping[str, float]], of_kind: Mapping[str, int]
) -> str:
    return " ".join(
        f"Of {number:,} {kind}s: "
        + ", ".join(
            f"{by_kind[kind]:.1%} {source.words}" for source, by_kind in shares.items() if by_kind[kind]
        )
        + "."
        for kind, number in of_kind.items()
    )


def _shown(name: str) -> str:
    """Return a name as charts have it: one short line of signs that have a face."""
    return typesetting.replace_unsettable(signs.shortened(signs.visible(name) or "“”", MOST_SIGNS))


def _drawing(names: Iterable[str] = ()) -> AbstractContextManager[None]:
    """Set charts up for these names: the one place that does."""
    plain = all(map(str.isascii, names))
    return mpl.rc_context(STYLE if plain else {**STYLE, "font.family": _faces()})


@cache
def _faces() -> list[str]:
    """Return matplotlib's own face, and those of the kit for every other script."""
    for path in sorted(typesetting.FONTS_FOLDER.glob("*.[to]tf")):
        font_manager.fontManager.addfont(path)
    ours = str(typesetting.FONTS_FOLDER)
    kit = [entry.name for entry in font_manager.fontManager.ttflist if entry.fname.startswith(ours)]
    # Unifont has the parts of Korean syllables, and would take them apart before another face is asked.
    return ["DejaVu Sans", *dict.fromkeys(sorted(kit, key=lambda name: name.startswith("Unifont")))]


def _canvas(width_in: float, height_in: float) -> tuple[Canvas, Axes]:
    canvas = Canvas(figsize=(width_in, height_in), layout="constrained")
    return canvas, canvas.add_subplot()


def _percent(axes: Axes, most: float) -> None:
    axes.set_xlim(0, most)
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.tick_params(axis="y", length=0)
    axes.margins(y=0.02)


def _figure(canvas: Canvas, alt: str, caption: str, manifest: Manifest) -> figures.Figure:
    panel = figures.Panel("", alt, _svg(canvas), figures.SVG_MEDIA_TYPE)
    return figures.Figure((panel,), caption, figures.study_credit(manifest))


def _svg(canvas: Canvas) -> bytes:
    buffer = io.StringIO()
    canvas.savefig(buffer, format="svg", metadata={"Date": None})
    return tokens.with_page_colours(buffer.getvalue(), USED).encode()


def own_seconds(
    paces: Sequence[OwnPace], manifest: Manifest, *, demonstration: bool = False
) -> figures.Figure | figures.Note:
    """Draw each piece of one person's own work on a line of seconds, above what was published of such work.

    A step to the right is twice as long. Pieces of less than a tenth of a second stand at a tenth.
    """
    if not paces:
        return figures.Note("No time of yours is kept, and there is nothing to draw.", ())
    whose = "made by a rule" if demonstration else "yours"
    rows: list[OwnPace | LabourFigure] = []
    for pace in reversed(paces):
        rows += [*reversed(pace.figures), pace]
    with _drawing():
        canvas, axes = _canvas(8, 1.2 + 0.27 * len(rows))
        for place, row in enumerate(rows):
            _seconds_row(axes, place, row)
        names = [f"{row.kind}: {whose}" if isinstance(row, own_pace.OwnPace) else row.id for row in rows]
        axes.set_yticks(range(len(rows)), names)
        axes.tick_params(axis="y", length=0)
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter(lambda seconds, _: f"{seconds:g}")
        axes.set(xlabel="seconds for a piece")
        told = " ".join(f"{pace.kind}, {whose}: {_told_pace(pace)}." for pace in paces)
        caption = "Dots are pieces of work; bars are what was published. Nobody else's pieces are here."
        return _figure(canvas, f"A line of seconds for each kind of work. {told}", caption, manifest)


_LEAST_S, _POINT_SHARE = 0.1, 1.04
"""The shortest time that is drawn, and how far a published time that is one number reaches to both sides."""


def _seconds_row(axes: Axes, place: int, row: OwnPace | LabourFigure) -> None:
    if isinstance(row, own_pace.OwnPace):
        seconds = [max(each.active_s, _LEAST_S) for each in row.spent]
        axes.scatter(seconds, [place] * len(seconds), s=36, color=TAKEN_COLOUR, edgecolors=INK, zorder=3)
        axes.axhline(place, color=RIM, linewidth=0.6, zorder=1)
    else:
        low, high = row.quantity.low / _POINT_SHARE, row.quantity.high * _POINT_SHARE
        axes.barh(place, high - low, left=low, height=0.6, color=QUIET)


def _told_pace(pace: OwnPace) -> str:
    own = f"{pace.own.low:.1f} to {pace.own.high:.1f} seconds"
    if pace.published is None:
        return f"{own}; nothing is published"
    return f"{own}; published: {pace.published.low:.1f} to {pace.published.high:.1f}"


def residue_histogram(counts: Sequence[int] | NDArray[np.int64], manifest: Manifest) -> figures.Figure:
    """Draw how many images have how much left, from nothing to all, in steps of the same width."""
    steps, every = len(counts), max(int(sum(counts)), 1)
    with _drawing():
        canvas, axes = _canvas(8, 3)
        axes.bar(
            [(step + 0.5) / steps for step in range(steps)], counts, width=0.92 / steps, color=TAKEN_COLOUR
        )
        _percent(axes, 1)
        axes.yaxis.set_major_formatter(lambda number, _: f"{number:,.0f}")
        axes.set(xlabel="left of the image", ylabel="images")
        quarters = [int(sum(counts[: steps * part // 4])) / every for part in (1, 2, 3)]
        told = ", ".join(
            f"less than {part}: {share:.0%}" for part, share in zip(_PARTS, quarters, strict=True)
        )
        alt = f"{steps} bars. Images of which is left {told}."
        return _figure(canvas, alt, f"How much is left of {sum(counts):,} images.", manifest)


_PARTS = ("a quarter", "half", "three quarters")


MORE_POINTS = (5, 10, 20, 30, 40)
"""From how many points on a place of the frame is drawn one step stronger, in a map of differences."""


def frame_maps(
    first: NDArray[np.float64], second: NDArray[np.float64], names: tuple[str, str], credit: str
) -> figures.Figure:
    """Draw where on the frame two studies are tagged, and where more in one than in the other.

    Parameters
    ----------
    first, second
        float64 (rows, columns) of the same shape, as `coverage.heat_map` gives them.
    names
        What the two are called.
    credit
        The studies the maps are made of.
    """
    more, less = (_shown(name) for name in names)
    gap = 100 * (first - second)
    steps = [(STEPS(step), grid * STEPS.N >= step) for grid in (first, second) for step in range(1, STEPS.N)]
    half = len(steps) // 2
    apart = [(TAKEN_COLOUR, gap >= least) for least in MORE_POINTS]
    apart += [(SOURCE_COLOURS["machine"], -gap >= least) for least in MORE_POINTS]
    told = [
        f"{grid.mean():.0%} of the frame on average, {grid.max():.0%} at most" for grid in (first, second)
    ]
    most, least = (f"{abs(edge):.0f} points" for edge in (max(gap.max(), 0), min(gap.min(), 0)))
    panels = (
        _frame_panel(steps[:half], first.shape, more, f"A map of the frame of {more}: {told[0]}."),
        _frame_panel(steps[half:], first.shape, less, f"A map of the frame of {less}: {told[1]}."),
        _frame_panel(
            apart,
            first.shape,
            "the first less the second",
            f"A map of the difference: up to {most} more in {more}, up to {least} more in {less}.",
            opacity=1 / len(MORE_POINTS),
        ),
    )
    caption = (
        f"Where on the frame images are tagged: the stronger a place, the more, in steps of an eighth. "
        f"Third: red where {more} has more (up to {most}), blue where {less} has more (up to {least}); "
        f"steps at {', '.join(map(str, MORE_POINTS))} points."
    )
    return figures.Figure(panels, caption, credit)


def _frame_panel(
    layers: Iterable[tuple[Any, NDArray[np.bool_]]],
    shape: tuple[int, ...],
    name: str,
    alt: str,
    opacity: float = 1,
) -> figures.Panel:
    with _drawing([name]):
        canvas, axes = _canvas(4, 3.4)
        for colour, cells in layers:
            if cells.any():
                axes.add_patch(PathPatch(_areas(cells), facecolor=colour, alpha=opacity, linewidth=0))
        axes.set(xlim=(0, shape[1]), ylim=(shape[0], 0), facecolor=STEPS(0), xticks=[], yticks=[])
        axes.set(xlabel="left to right of the frame", ylabel="bottom to top")
        for spine in axes.spines.values():
            spine.set_visible(True)
        drawing = _svg(canvas)
    return figures.Panel(name, alt, drawing, figures.SVG_MEDIA_TYPE)
