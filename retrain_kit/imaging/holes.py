"""Holes: an image without what was tagged, what was taken, the hole's shape alone, the hole moved elsewhere.

The moved hole is a control. A machine may lose its word for an image because the thing is gone, or because a
large part of any image is. So the same mask, of the same area and shape, is laid elsewhere, by one of two
rules:

* `wrapped`: it is shifted by any number of rows and columns; what leaves the frame on one side comes in on
  the other. All shifts but none are equally likely. It can always be done; a shape may be parted by the edge;
* `inside`: it is shifted so that all of it stays within the frame. All such places but its own are equally
  likely. A mask that reaches from edge to edge both ways cannot be moved: such an image has no control.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np
from PIL import Image, ImageStat

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.imaging.masking import Mask

Kind = Literal["whole", "residue", "taken", "shape", "moved"]
Move = Literal["wrapped", "inside"]
MEAN_GREY = "mean grey"
"""The fill that is the grey of the image's mean brightness."""

_FILLS = f"{MEAN_GREY}, blur, pixelate, or a colour, as white or #RRGGBB"


class ViewName(NamedTuple):
    """Which view of an image: its kind, its fill, and of `moved` which draw."""

    kind: Kind
    fill: str
    draw: int


@dataclass(frozen=True)
class HoleView:
    """Which view of an image.

    Parameters
    ----------
    kind
        `whole`: the image as it is. `residue`: without what was tagged. `taken`: that alone. `shape`: the
        hole in white on black, and nothing of the image. `moved`: without what lies under the moved mask.
    fill
        What takes the place of what is gone; empty for `whole` and `shape`.
    draw
        Which of the moved masks, from 0.
    mask
        Of the pixels that are gone; None for `whole`.
    """

    kind: Kind
    fill: str = ""
    draw: int = 0
    mask: Mask | None = None

    @property
    def name(self) -> ViewName:
        """Which view it is, without its mask."""
        return ViewName(self.kind, self.fill, self.draw)

    @cached_property
    def key(self) -> str:
        """The view as a text: its kind, its fill, and the digest of its mask; no draw, no seed."""
        if self.mask is None:
            return self.kind
        bits = np.packbits(self.mask).tobytes() + str(self.mask.shape).encode()
        kind = "residue" if self.kind == "moved" else self.kind
        return " ".join(filter(None, (kind, self.fill, hashlib.sha256(bits).hexdigest()[:24])))

    def of(self, image: Image.Image) -> Image.Image:
        """Return the view of an image, RGB.

        Raises
        ------
        ParameterError
            When the mask has another size than the image.
        """
        if self.mask is None:
            return _opaque(image)
        if self.kind == "shape":
            return masking.remove_pixels(Image.new("RGB", image.size, "black"), self.mask, "white")
        picture = _opaque(image)
        mask = ~self.mask if self.kind == "taken" else self.mask
        return _opaque(masking.remove_pixels(picture, mask, fill_of(picture, self.fill)))


def fill_of(image: Image.Image, fill: str) -> str:
    """Return a fill as `masking` knows it: for `mean grey` the colour it is in this image."""
    if fill != MEAN_GREY:
        return fill
    level = round(ImageStat.Stat(image.convert("L")).mean[0])
    return f"#{level:02x}{level:02x}{level:02x}"


def check_fills(fills: Sequence[str]) -> None:
    """Raise a `ParameterError` with each fill that is none: `mean grey`, a colour, blur or pixelate."""
    faults: list[Fault] = []
    for fill in fills:
        try:
            masking.check_fill_and_shape("white" if fill == MEAN_GREY else fill, "box")
        except ParameterError:
            faults.append(Fault("fills", repr(fill), _FILLS))
        if fill == "transparent":
            expected = "one that a machine can be shown"
            faults.append(Fault("fills", "transparent", expected, "White is what is seen of it."))
    if not fills:
        faults.append(Fault("fills", "none", "at least one", 'For example: fills = ["white"].'))
    if faults:
        raise ParameterError(*faults)


def hole_views(mask: Mask, fills: Sequence[str], moved: Sequence[Mask]) -> list[HoleView]:
    """Return all views of an image, without opening it.

    Parameters
    ----------
    mask
        Boolean (rows, columns), True where something is tagged.
    fills
        Each makes views of its own.
    moved
        The mask, moved elsewhere, as `moved_masks` gives it; the same for all fills.

    Returns
    -------
    list of HoleView
        `whole` alone where nothing is tagged.
    """
    views = [HoleView("whole")]
    if not mask.any():
        return views
    views.append(HoleView("shape", mask=mask))
    for fill in fills:
        views += [HoleView("residue", fill, mask=mask), HoleView("taken", fill, mask=mask)]
        views += [HoleView("moved", fill, draw, other) for draw, other in enumerate(moved)]
    return views


def moved_masks(mask: Mask, draws: int, seed: Sequence[int], move: Move = "wrapped") -> list[Mask]:
    """Return the mask, moved elsewhere as often as `draws`; none where the rule leaves it no other place.

    A mask that covers the whole frame has none by any rule.

    Raises
    ------
    ParameterError
        When there is no such rule.
    """
    if move not in get_args(Move):
        raise ParameterError(Fault("move", repr(move), "'wrapped' or 'inside'"))
    rows, columns = mask.shape
    down, right = (0, rows - 1), (0, columns - 1)
    if move == "inside" and mask.any():
        left_px, top_px, right_px, bottom_px = masking.bounding_box(mask)
        down, right = (-top_px, rows - bottom_px), (-left_px, columns - right_px)
    if mask.all():
        return []
    return [np.roll(mask, shift, (0, 1)) for shift in _shifts(down, right, draws, seed)]


def _shifts(
    down: tuple[int, int], right: tuple[int, int], draws: int, seed: Sequence[int]
) -> list[tuple[int, int]]:
    """Return shifts within two ranges, ends included, equally likely, and never none at all."""
    width = right[1] - right[0] + 1
    places = (down[1] - down[0] + 1) * width
    own = -down[0] * width - right[0]
    if places == 1:
        return []
    found = np.random.default_rng([*seed]).integers(0, places - 1, draws)
    found += found >= own
    return [(int(place) // width + down[0], int(place) % width + right[0]) for place in found]


def still_covered(mask: Mask, moved: Sequence[Mask]) -> float:
    """Return how much of what is under a mask is under the moved ones as well, the mean of them.

    It is nan where there is none.
    """
    area = np.count_nonzero(mask)
    shares = [np.count_nonzero(mask & other) / area for other in moved] if area else []
    return float(np.mean(shares)) if shares else float("nan")


def _opaque(image: Image.Image) -> Image.Image:
    """Return an image in RGB, on white where it is transparent."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
