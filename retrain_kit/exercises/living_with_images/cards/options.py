"""Options: how cards are printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.living_with_images.cards.layout import FORMATS, Duplex

Back = Literal["postcard", "notes", "none"]
"""What a card's other side has room for, beside where the image comes from; `none`: there is none."""


@dataclass(frozen=True)
class CardOptions:
    """How cards are printed.

    Parameters
    ----------
    format
        One of `FORMATS`.
    back
        What the other side has room for.
    duplex
        Over which edge the printer turns the sheet.
    decanonized
        Whether the tagged areas are taken out of the images.

    Raises
    ------
    ParameterError
        When one of them is unknown; all faults together.
    """

    format: str = "a5"
    back: Back = "notes"
    duplex: Duplex = "long"
    decanonized: bool = False

    def __post_init__(self) -> None:
        choices = (
            ("format", self.format, tuple(FORMATS)),
            ("back", self.back, get_args(Back)),
            ("duplex", self.duplex, get_args(Duplex)),
        )
        faults = [
            Fault(name, repr(value), f"one of {', '.join(known)}")
            for name, value, known in choices
            if value not in known
        ]
        if faults:
            raise ParameterError(*faults)
