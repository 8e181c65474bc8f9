"""Charts for notebooks and reports, on matplotlib, as vector images with alt texts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from retrain_kit.analysis import annotators, coverage
from retrain_kit.display import figures, tokens
from retrain_kit.display.tokens import COLOURS, HEAT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from retrain_kit.studies.manifests import Manifest

USED = ("paper", "ink", "quiet", "rim", "rest", "hue-1", "hue-3", "hue-4", "hue-5", *HEAT)
"""Names of the colours of charts; a page in the dark shows them as its own."""
INK, QUIET, RIM, PAPER = (COLOURS[name].light for name in ("ink", "quiet", "rim", "paper"))
STYLE: Any = {
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
SOURCE_COLOURS = {
    "hand": TAKEN_COLOUR,
    "checked": COLOURS["hue-3"].light,
    "people": COLOURS["hue-5"].light,
    "machine": COLOURS["hue-4"].light,
    "unknown": LEFT_COLOUR,
}
STEPS = ListedColormap([COLOURS[name].light for name in HEAT], "heat")


def coverage_bars(rows: Sequence[coverage.ImageCoverage], manifest: Manifest) -> figures.Figure:
    """Draw how much of each image is tagged and how much is left, one bar an image."""
    ordered = sorted(rows, key=lambda row: row.share_tagged)
    with mpl.rc_context(STYLE):
        canvas, axes = _canvas(8, 0.8 + 0.24 * len(ordered))
        names = [row.sample for row in ordered]
        axes.barh(names, [row.share_tagged for row in ordered], color=TAKEN_COLOUR, label="tagged")
        axes.barh(
            names,
            [row.share_left for row in ordered],
            left=[row.share_tagged for row in ordered],
            color=LEFT_COLOUR,
            label="left",
        )
        _percent(axes, 1)
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False)
        least, most = (f"{row.sample} with {row.share_tagged:.1%}" for row in (ordered[0], ordered[-1]))
        alt = f"A bar for each of {len(rows)} images. The least is tagged of {least}, the most of {most}."
        return _figure(canvas, alt, "What is tagged of each image, and what is left.", manifest)


def group_bars(
    rows: Sequence[coverage.GroupCoverage], name: str, manifest: Manifest, most: int = 20
) -> figures.Figure:
    """Draw the share of all images that each label or annotator covers, the largest first."""
    shown = list(rows[:most])[::-1]
    with mpl.rc_context(STYLE):
        canvas, axes = _canvas(8, 0.8 + 0.26 * len(shown))
        bars = axes.barh([row.name for row in shown], [row.share_of_all for row in shown], color=TAKEN_COLOUR)
        axes.bar_label(bars, [f"{row.share_of_all:.1%}" for row in shown], padding=3, fontsize=8)
        _percent(axes, max((row.share_of_all for row in shown), default=0) * 1.15 or 1)
        told = "; ".join(f"{row.name} {row.share_of_all:.1%}" for row in shown[:-6:-1])
        alt = f"A bar for each {name}, the largest: {told}."
        rest = f" The {len(shown)} largest of {len(rows)}." if len(rows) > len(shown) else ""
        return _figure(canvas, alt, f"The share of an average image that each {name} covers.{rest}", manifest)


def tag_heat_map(grid: NDArray[np.float64], images: int, manifest: Manifest) -> figures.Figure:
    """Draw where on the frame tags sit."""
    with mpl.rc_context(STYLE):
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
            label="images tagged there",
        )
        middle = grid[rows // 3 : -rows // 3, columns // 3 : -columns // 3].mean()
        edge = (grid[0].mean() + grid[-1].mean() + grid[:, 0].mean() + grid[:, -1].mean()) / 4
        told = f"Its middle is tagged in {middle:.0%} of {images} images, its rim in {edge:.0%}."
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
    with mpl.rc_context(STYLE):
        canvas, axes = _canvas(8, 1.6 + 0.4 * len(of_kind))
        names = [f"{kind}s ({number:,})" for kind, number in of_kind.items()]
        before = [0.0] * len(names)
        for source, by_kind in shares.items():
            parts = list(by_kind.values())
            if any(parts):
                axes.barh(names, parts, left=before, color=SOURCE_COLOURS[source.name], label=source.words)
                before = [start + part for start, part in zip(before, parts, strict=True)]
        _percent(axes, 1)
        canvas.legend(loc="outside upper left", ncols=2, frameon=False)
        alt = f"A bar for each kind of annotation. {_told_by_kind(shares, of_kind)}"
        return _figure(
            canvas, alt, "How the annotations of each kind were made, as far as is said.", manifest
        )


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


def _canvas(width_in: float, height_in: float) -> tuple[Canvas, Axes]:
    canvas = Canvas(figsize=(width_in, height_in), layout="constrained")
    return canvas, canvas.add_subplot()


def _percent(axes: Axes, most: float) -> None:
    axes.set_xlim(0, most)
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.tick_params(axis="y", length=0)
    axes.margins(y=0.02)


def _figure(canvas: Canvas, alt: str, caption: str, manifest: Manifest) -> figures.Figure:
    buffer = io.StringIO()
    canvas.savefig(buffer, format="svg", metadata={"Date": None})
    panel = figures.Panel(
        "", alt, tokens.with_page_colours(buffer.getvalue(), USED).encode(), figures.SVG_MEDIA_TYPE
    )
    return figures.Figure((panel,), caption, figures.study_credit(manifest))


def residue_histogram(counts: Sequence[int] | NDArray[np.int64], manifest: Manifest) -> figures.Figure:
    """Draw how many images have how much left, from nothing to all, in steps of the same width."""
    steps, every = len(counts), max(int(sum(counts)), 1)
    with mpl.rc_context(STYLE):
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
