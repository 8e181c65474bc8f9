"""Options: what is done to every image of a batch, and what a batch must keep to when it goes on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from PIL import ImageColor

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.imaging import masking
from retrain_kit.imaging.masking import FILL_EFFECTS, Shape

Way = Literal["auto", "jpeg", "exact", "beside", "pixel"]
"""How an image's pixels are taken out; see `DecanonizeOptions`."""

LosslessFormat = Literal["png", "webp"]


@dataclass(frozen=True)
class DecanonizeOptions:
    """What is done to every image.

    Parameters
    ----------
    way
        `auto`: JPEGs the lossless JPEG way; whatever it refuses, and all others, the exact way.
        `jpeg`: the lossless JPEG way alone; what it refuses is skipped. The removed area grows to the block
        grid, everything else stays the original's own.
        `exact`: decoded and written without loss, exact to the pixel.
        `beside`: the untouched original beside a one-bit mask, a working copy that holds what was removed.
        `pixel`: JPEGs decoded and encoded again with their own tables, which changes some other pixels a
        little; what it refuses, and all others, the exact way.
    fill
        What takes the place of what is removed, as for `masking.remove_pixels`. Transparency and effects take
        the exact way or the working copy.
    shape
        `box` or `outline`, as for `masking.union_mask`.
    lossless
        The format of the exact way.
    masks
        Whether the mask of what is gone is written beside every image, as working copies have it anyway.
    """

    way: Way = "auto"
    fill: str = "white"
    shape: Shape = "box"
    lossless: LosslessFormat = "png"
    masks: bool = False

    @property
    def colour(self) -> tuple[int, int, int] | None:
        """The fill as red, green and blue; None where it is no colour."""
        return None if self.fill in FILL_EFFECTS else ImageColor.getrgb(self.fill)[:3]

    def check(self) -> None:
        """Raise a `ParameterError` with all that is wrong."""
        faults = [
            Fault(name, repr(value), f"one of {', '.join(known)}")
            for name, value, known in (
                ("way", self.way, get_args(Way)),
                ("lossless", self.lossless, get_args(LosslessFormat)),
            )
            if value not in known
        ]
        try:
            masking.check_fill_and_shape(self.fill, self.shape)
        except ParameterError as error:
            faults.extend(error.faults)
        if not faults and self.way in {"jpeg", "pixel"} and self.colour is None:
            expected = f"a colour: the way {self.way} has nothing else"
            faults.append(Fault("fill", repr(self.fill), expected, "Or choose the way exact."))
        if faults:
            raise ParameterError(*faults)

    def record(self) -> dict[str, object]:
        """Return the options as plain values."""
        return asdict(self)
