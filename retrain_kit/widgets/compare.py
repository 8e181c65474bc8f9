"""A widget that lays two panels of a figure side by side, under a divider, or one upon the other.

Its static twin is the figures themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from traitlets import TraitType

from retrain_kit.display import assets
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.errors import DataError, Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MODES = ("side", "swipe", "flip")
MEDIA_TYPES = ("image/avif", "image/gif", "image/jpeg", "image/png", "image/webp")

# One flash is two changes of image: at 170 ms a change there are fewer than three flashes a second.
FASTEST_MS, SLOWEST_MS = 170, 4000


class CompareError(ParameterError, traitlets.TraitError):
    """A wrong value; traitlets knows it and takes back all changes made together with it."""


class Compare(anywidget.AnyWidget):
    """Compare two panels of a figure, one figure of a list at a time.

    Parameters
    ----------
    items
        The figures to go through, each with at least two panels of one size.
    **traits
        Initial values of the traits below.

    Attributes
    ----------
    items : tuple of Figure
    index : int
        Which item is shown, from 0.
    mode : str
        ``side`` (side by side), ``swipe`` (a divider) or ``flip`` (one upon the other).
    left, right : str
        Names of the two panels compared. They always differ: giving one the name of the other swaps them;
        where a figure has no panel of that name, its first other panel takes the place.
    divider : float
        Where the divider stands, from 0 (left edge) to 1.
    pace_ms : int
        How long each image stays while flipping, from 170 to 4000.

    Raises
    ------
    ParameterError
        When there is no item, an item cannot be compared, or a trait has a wrong value.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-compare-widget", Path(__file__).with_suffix(".css"))

    # Plain traits: the validators below check everything, so that every refusal is a ParameterError.
    items: TraitType[tuple[Figure, ...], Sequence[Figure]] = TraitType(()).tag(
        sync=True, to_json=lambda items, _: _wire(items)
    )
    index: TraitType[int, int] = TraitType(0).tag(sync=True)
    mode: TraitType[str, str] = TraitType("side").tag(sync=True)
    left: TraitType[str, str] = TraitType("").tag(sync=True)
    right: TraitType[str, str] = TraitType("").tag(sync=True)
    divider: TraitType[float, float] = TraitType(0.5).tag(sync=True)
    pace_ms: TraitType[int, int] = TraitType(800).tag(sync=True)

    def __init__(self, items: Sequence[Figure], **traits: Any) -> None:  # noqa: ANN401 - the traits' own values
        super().__init__(items=items, **traits)

    @property
    def item(self) -> Figure:
        """The figure that is shown."""
        return self.items[self.index]

    @traitlets.validate("items")
    def _check_items(self, proposal: dict[str, Any]) -> tuple[Figure, ...]:
        return _checked(proposal["value"])

    @traitlets.validate("index")
    def _check_index(self, proposal: dict[str, Any]) -> int:
        return _whole("index", proposal["value"], 0, len(_checked(self.items)) - 1)

    @traitlets.validate("mode")
    def _check_mode(self, proposal: dict[str, Any]) -> str:
        return _one_of("mode", proposal["value"], MODES)

    @traitlets.validate("left", "right")
    def _check_view(self, proposal: dict[str, Any]) -> str:
        # Of values set together, traitlets checks any first: items and index may still be wrong here.
        items = _checked(self.items)
        index = _whole("index", self.index, 0, len(items) - 1)
        return _one_of(proposal["trait"].name, proposal["value"], items[index].names)

    @traitlets.validate("divider")
    def _check_divider(self, proposal: dict[str, Any]) -> float:
        value = proposal["value"]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise CompareError(Fault("Compare, divider", repr(value), "a number from 0 to 1"))
        return float(value)

    @traitlets.validate("pace_ms")
    def _check_pace(self, proposal: dict[str, Any]) -> int:
        return _whole("pace_ms", proposal["value"], FASTEST_MS, SLOWEST_MS)

    @traitlets.observe("items", "index", "left", "right")
    def _settle(self, change: dict[str, Any]) -> None:
        """Keep the index within the items, and two different views of the item chosen."""
        if self.index >= len(self.items):
            self.index = 0
        names = self.item.names
        kept, moved = ("right", "left") if change["name"] == "right" else ("left", "right")
        if getattr(self, kept) not in names:
            setattr(self, kept, next(name for name in names if name != getattr(self, moved)))
        if getattr(self, moved) not in names or self.left == self.right:
            others = [name for name in names if name != getattr(self, kept)]
            setattr(self, moved, change["old"] if change["old"] in others else others[0])

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        twins = {"text/plain": _plain(self.items), "text/html": figures_html(self.items)}
        return {**data, **twins}, metadata


def figures_html(figures: Iterable[Figure]) -> str:
    """Return the figures one below the other, as HTML without script or style: the widget's static twin."""
    return "\n".join(figure.html for figure in figures)


def _plain(figures: Sequence[Figure]) -> str:
    lines = (
        f"{number}. {figure.title}: {', '.join(figure.names)}" for number, figure in enumerate(figures, 1)
    )
    return "\n".join(("Compare", *lines))


def _wire(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return the figures as the browser reads them; the bytes travel as binary buffers."""
    return [
        {
            "title": figure.title,
            "caption": figure.caption,
            "credit": figure.credit,
            "legend": [{field: getattr(key, field) for field in _KEY_FIELDS} for key in figure.legend],
            "width": figure.panels[0].size[0],
            "height": figure.panels[0].size[1],
            "views": [{field: getattr(panel, field) for field in _PANEL_FIELDS} for panel in figure.panels],
        }
        for figure in figures
    ]


_FEWEST_PANELS = 2
_PANEL_FIELDS = ("name", "alt", "data", "media_type")
_KEY_FIELDS = ("number", "shown", "colour", "text_colour", "regions")


def _checked(items: object) -> tuple[Figure, ...]:
    """Return the figures as a tuple, or raise all that is wrong with them."""
    found = tuple(items) if isinstance(items, Iterable) else (items,)
    if not found:
        raise CompareError(Fault("Compare, items", "none", "at least one figure"))
    if faults := [fault for number, item in enumerate(found, 1) for fault in _figure_faults(number, item)]:
        raise CompareError(*faults)
    return found


def _figure_faults(number: int, figure: object) -> Iterator[Fault]:
    if not isinstance(figure, Figure):
        yield Fault(f"Compare, item {number}", f"an object of type {type(figure).__name__}", "a Figure")
        return
    where = f"Compare, item {number} ({figure.title})"
    if len(figure.panels) < _FEWEST_PANELS:
        yield Fault(where, f"{len(figure.panels)} panel(s)", "at least two panels")
    if len(set(figure.names)) < len(figure.names):
        yield Fault(where, f"panels named {', '.join(figure.names)}", "a name of its own for each panel")
    faults = [
        fault for panel in figure.panels for fault in _panel_faults(f"{where}, panel {panel.name!r}", panel)
    ]
    yield from faults
    if not faults and len({panel.size for panel in figure.panels}) > 1:
        sizes = ", ".join(f"{panel.name} {panel.size[0]} x {panel.size[1]}" for panel in figure.panels)
        yield Fault(where, sizes, "panels of one size", "Make all panels from the same frame.")


def _panel_faults(where: str, panel: Panel) -> Iterator[Fault]:
    if not panel.name:
        yield Fault(where, "no name", "a name")
    if not panel.alt:
        yield Fault(where, "no alternative text", "a sentence saying what the image shows")
    if panel.media_type not in MEDIA_TYPES:
        yield Fault(where, f"media type {panel.media_type!r}", f"one of {', '.join(MEDIA_TYPES)}")
        return
    try:
        _ = panel.size
    except DataError:
        yield Fault(where, f"{len(panel.data)} bytes that are no image", "an encoded image")


def _one_of(trait: str, value: object, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise CompareError(Fault(f"Compare, {trait}", repr(value), f"one of {', '.join(choices)}"))
    return value


def _whole(trait: str, value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise CompareError(Fault(f"Compare, {trait}", repr(value), f"a whole number from {least} to {most}"))
    return value
