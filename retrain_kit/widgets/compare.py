"""A widget that lays two views of one frame side by side, under a divider, or one upon the other."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from PIL import ExifTags, Image
from traitlets import TraitType

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MODES = ("side", "swipe", "flip")
MEDIA_TYPES = ("image/avif", "image/gif", "image/jpeg", "image/png", "image/webp")

# One flash is two changes of picture: at 170 ms a change there are fewer than three flashes a second.
FASTEST_MS, SLOWEST_MS = 170, 4000


@dataclass(frozen=True)
class View:
    """One picture of a frame.

    Parameters
    ----------
    name
        What the view is called in the widget, such as ``tagged``; its own within an item.
    alt
        What the picture shows, for readers who do not see it.
    data
        The encoded picture.
    media_type
        One of `MEDIA_TYPES`.
    """

    name: str
    alt: str
    data: bytes
    media_type: str

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels as browsers show them: turned as EXIF says."""
        with Image.open(io.BytesIO(self.data)) as picture:
            turned = picture.getexif().get(ExifTags.Base.Orientation, 1) in _QUARTER_TURNS
            return (picture.height, picture.width) if turned else picture.size


_QUARTER_TURNS = (5, 6, 7, 8)


@dataclass(frozen=True)
class Item:
    """One frame and its views, at least two, all of one size."""

    title: str
    views: tuple[View, ...]
    caption: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the views, in their order."""
        return tuple(view.name for view in self.views)


class CompareError(ParameterError, traitlets.TraitError):
    """A wrong value; traitlets knows it and takes back all changes made together with it."""


class Compare(anywidget.AnyWidget):
    """Compare two views of a frame, one item of a list at a time.

    Parameters
    ----------
    items
        The frames to go through.
    **traits
        Initial values of the traits below.

    Attributes
    ----------
    items : tuple of Item
    index : int
        Which item is shown, from 0.
    mode : str
        ``side`` (side by side), ``swipe`` (a divider) or ``flip`` (one upon the other).
    left, right : str
        Names of the two views compared. They always differ: giving one the name of the other swaps them;
        where an item has no view of that name, its first other view takes the place.
    divider : float
        Where the divider stands, from 0 (left edge) to 1.
    pace_ms : int
        How long each picture stays while flipping, from 170 to 4000.

    Raises
    ------
    ParameterError
        When there is no item, an item cannot be compared, or a trait has a wrong value.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")

    # Plain traits: the validators below check everything, so that every refusal is a ParameterError.
    items: TraitType[tuple[Item, ...], Sequence[Item]] = TraitType(()).tag(
        sync=True, to_json=lambda items, _: _wire(items)
    )
    index: TraitType[int, int] = TraitType(0).tag(sync=True)
    mode: TraitType[str, str] = TraitType("side").tag(sync=True)
    left: TraitType[str, str] = TraitType("").tag(sync=True)
    right: TraitType[str, str] = TraitType("").tag(sync=True)
    divider: TraitType[float, float] = TraitType(0.5).tag(sync=True)
    pace_ms: TraitType[int, int] = TraitType(800).tag(sync=True)

    def __init__(self, items: Sequence[Item], **traits: Any) -> None:  # noqa: ANN401 - the traits' own values
        super().__init__(items=items, **traits)

    @property
    def item(self) -> Item:
        """The item that is shown."""
        return self.items[self.index]

    @traitlets.validate("items")
    def _check_items(self, proposal: dict[str, Any]) -> tuple[Item, ...]:
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
        twins = {"text/plain": _plain(self.items), "text/html": static_html(self.items)}
        return {**data, **twins}, metadata


def static_html(items: Iterable[Item]) -> str:
    """Return the items as HTML without script or style: a figure each, with all its views.

    Parameters
    ----------
    items
        The frames; their pictures are embedded.

    Returns
    -------
    str
        One ``<div class="rk-compare">``; the classes ``rk-item``, ``rk-views``, ``rk-view``, ``rk-title``
        and ``rk-caption`` are there for the page's own style.
    """
    figures = "\n".join(_figure(item) for item in items)
    return f'<div class="rk-compare">\n{figures}\n</div>'


def _figure(item: Item) -> str:
    views = "\n".join(_picture(view) for view in item.views)
    title = f'<strong class="rk-title">{escape(item.title)}</strong>'
    caption = f'<br>\n<span class="rk-caption">{escape(item.caption)}</span>' if item.caption else ""
    return (
        f'<figure class="rk-item">\n<div class="rk-views">\n{views}\n</div>\n'
        f"<figcaption>{title}{caption}</figcaption>\n</figure>"
    )


def _picture(view: View) -> str:
    width, height = view.size
    source = f"data:{escape(view.media_type)};base64,{base64.b64encode(view.data).decode()}"
    image = f'<img src="{source}" alt="{escape(view.alt)}" width="{width}" height="{height}">'
    return f'<figure class="rk-view">{image}<figcaption>{escape(view.name)}</figcaption></figure>'


def _plain(items: Sequence[Item]) -> str:
    lines = (f"{number}. {item.title}: {', '.join(item.names)}" for number, item in enumerate(items, 1))
    return "\n".join(("Compare", *lines))


def _wire(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Return the items as the browser reads them; the bytes travel as binary buffers."""
    return [
        {
            "title": item.title,
            "caption": item.caption,
            "width": item.views[0].size[0],
            "height": item.views[0].size[1],
            "views": [{field: getattr(view, field) for field in _VIEW_FIELDS} for view in item.views],
        }
        for item in items
    ]


_VIEW_FIELDS = ("name", "alt", "data", "media_type")


def _checked(items: object) -> tuple[Item, ...]:
    """Return the items as a tuple, or raise all that is wrong with them."""
    found = tuple(items) if isinstance(items, Iterable) else (items,)
    if not found:
        raise CompareError(Fault("Compare, items", "none", "at least one item"))
    if faults := [fault for number, item in enumerate(found, 1) for fault in _item_faults(number, item)]:
        raise CompareError(*faults)
    return found


def _item_faults(number: int, item: object) -> Iterator[Fault]:
    if not isinstance(item, Item):
        yield Fault(f"Compare, item {number}", f"an object of type {type(item).__name__}", "an Item")
        return
    where = f"Compare, item {number} ({item.title})"
    if len(item.views) < len(("left", "right")):
        yield Fault(where, f"{len(item.views)} view(s)", "at least two views")
    if len(set(item.names)) < len(item.names):
        yield Fault(where, f"views named {', '.join(item.names)}", "a name of its own for each view")
    faults = [fault for view in item.views for fault in _view_faults(f"{where}, view {view.name!r}", view)]
    yield from faults
    if not faults and len({view.size for view in item.views}) > 1:
        sizes = ", ".join(f"{view.name} {view.size[0]} x {view.size[1]}" for view in item.views)
        yield Fault(where, sizes, "views of one size", "Make all views from the same frame.")


def _view_faults(where: str, view: View) -> Iterator[Fault]:
    if not view.name:
        yield Fault(where, "no name", "a name")
    if not view.alt:
        yield Fault(where, "no alternative text", "a sentence saying what the picture shows")
    if view.media_type not in MEDIA_TYPES:
        yield Fault(where, f"media type {view.media_type!r}", f"one of {', '.join(MEDIA_TYPES)}")
    try:
        _ = view.size
    except OSError:
        yield Fault(where, f"{len(view.data)} bytes that are no picture", "an encoded picture")


def _one_of(trait: str, value: object, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise CompareError(Fault(f"Compare, {trait}", repr(value), f"one of {', '.join(choices)}"))
    return value


def _whole(trait: str, value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise CompareError(Fault(f"Compare, {trait}", repr(value), f"a whole number from {least} to {most}"))
    return value
