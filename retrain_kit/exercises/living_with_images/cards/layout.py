"""Layout: where cards stand on pages, front and back, in millimetres from the top left of a page.

The two sides of a sheet meet: whichever edge the printer turns it over, each back lies exactly behind its
front, and is upright when the card is turned like a page of a book.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Literal, get_args

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrain_kit.annotations.samples import Size


Duplex = Literal["long", "short"]
"""Over which edge the printer turns the sheet."""

MM_PER_INCH = 25.4
_MARGIN, _FOOTER = 0.075, 0.095  # of a card's shorter side
_CROP_MARK_MM = 4.0
_SHEET_MARGIN_MM = 6.0


@dataclass(frozen=True)
class SheetFormat:
    """A kind of sheet.

    Parameters
    ----------
    description
        What it is, in a few words.
    width_mm, height_mm
        The sheet, upright.
    columns, rows
        How many cards are cut from it; 1 and 1 for a card that is the sheet.
    sheet_per_person
        Whether each person has a sheet with their whole set, which nobody cuts.
    """

    description: str
    width_mm: float
    height_mm: float
    columns: int = 1
    rows: int = 1
    sheet_per_person: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether cards are cut from it."""
        return self.columns * self.rows > 1


FORMATS = {
    "a5": SheetFormat("A5, one image a page", 148, 210),
    "a6": SheetFormat("A6 postcards, four on A4 with crop marks", 210, 297, 2, 2),
    "a4": SheetFormat("A4, one sheet a person", 210, 297, sheet_per_person=True),
    "half-letter": SheetFormat("half a US letter, one image a page", 139.7, 215.9),
    "quarter-letter": SheetFormat("postcards, four on US letter with crop marks", 215.9, 279.4, 2, 2),
    "letter": SheetFormat("US letter, one sheet a person", 215.9, 279.4, sheet_per_person=True),
}


@dataclass(frozen=True)
class CardSide:
    """One side of a card on a page: its centre, its size as one reads it, its turn clockwise."""

    card: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    angle_deg: int = 0


@dataclass(frozen=True)
class SheetSide:
    """One side of a sheet; `crop_marks` are lines to cut along, (x, y, x, y) each."""

    width_mm: float
    height_mm: float
    card_sides: tuple[CardSide, ...]
    crop_marks: tuple[tuple[float, float, float, float], ...] = ()
    back: bool = False


@dataclass(frozen=True)
class CardFrame:
    """What a card's front holds: its margin, and the image's size on paper and resolution."""

    margin_mm: float
    width_mm: float
    height_mm: float
    pixels_per_inch: float


def front_sides(name: str, sizes: Sequence[Sequence[Size]]) -> tuple[SheetSide, ...]:
    """Return the fronts of all sheets.

    Parameters
    ----------
    name
        One of `FORMATS`.
    sizes
        For each person the sizes of their images in pixels; cards are numbered through.

    Raises
    ------
    ParameterError
        When there is no such format.
    """
    if name not in FORMATS:
        raise ParameterError(Fault("format", repr(name), f"one of {', '.join(FORMATS)}"))
    sheet = FORMATS[name]
    flat = list(chain.from_iterable(sizes))
    if sheet.sheet_per_person:
        return tuple(_whole_sets(sheet, sizes))
    if sheet.is_cut:
        cells = sheet.columns * sheet.rows
        starts = range(0, len(flat), cells)
        return tuple(_cut_sheet(sheet, flat[start : start + cells], start) for start in starts)
    return tuple(_single(sheet, number, size) for number, size in enumerate(flat))


def back_side(front: SheetSide, duplex: Duplex) -> SheetSide:
    """Return the page that lies behind a front when the sheet is turned over its long or short edge."""
    sideways = (duplex == "long") == (front.height_mm >= front.width_mm)

    def behind(x: float, y: float) -> tuple[float, float]:
        return (front.width_mm - x, y) if sideways else (x, front.height_mm - y)

    card_sides = []
    for spot in front.card_sides:
        x, y = behind(spot.x_mm, spot.y_mm)
        angle = -spot.angle_deg if sideways else 180 - spot.angle_deg
        card_sides.append(replace(spot, x_mm=x, y_mm=y, angle_deg=angle % 360))
    crop_marks = tuple((*behind(*line[:2]), *behind(*line[2:])) for line in front.crop_marks)
    return replace(front, card_sides=tuple(card_sides), crop_marks=crop_marks, back=True)


def card_frame(spot: CardSide, size: Size) -> CardFrame:
    """Return how large an image stands on a card: as large as its margin and its footer let it."""
    short = min(spot.width_mm, spot.height_mm)
    margin = round(short * _MARGIN, 2)
    wide, high = spot.width_mm - 2 * margin, spot.height_mm - 2 * margin - short * _FOOTER
    scale = min(wide / size[0], high / size[1])
    return CardFrame(margin, round(size[0] * scale, 3), round(size[1] * scale, 3), MM_PER_INCH / scale)


def _single(sheet: SheetFormat, number: int, size: Size) -> SheetSide:
    """Return a page that is a card, lying where its image does."""
    edges = sheet.width_mm, sheet.height_mm
    width, height = edges[::-1] if size[0] > size[1] else edges
    return SheetSide(width, height, (CardSide(number, width / 2, height / 2, width, height),))


def _cut_sheet(sheet: SheetFormat, sizes: Iterable[Size], start: int) -> SheetSide:
    """Return a sheet of cards to cut, numbered from `start`; the card of a lying image is turned."""
    width, height = sheet.width_mm / sheet.columns, sheet.height_mm / sheet.rows
    card_sides = []
    for place, size in enumerate(sizes):
        x, y = (place % sheet.columns + 0.5) * width, (place // sheet.columns + 0.5) * height
        lying = size[0] > size[1]
        edges = (height, width) if lying else (width, height)
        card_sides.append(CardSide(start + place, x, y, *edges, 90 if lying else 0))
    return SheetSide(sheet.width_mm, sheet.height_mm, tuple(card_sides), tuple(_crop_marks(sheet)))


def _crop_marks(sheet: SheetFormat) -> Iterator[tuple[float, float, float, float]]:
    """Yield short lines at the edges of the sheet and crosses inside, where the cuts go."""
    downs = [column * sheet.width_mm / sheet.columns for column in range(1, sheet.columns)]
    acrosses = [row * sheet.height_mm / sheet.rows for row in range(1, sheet.rows)]
    for x in downs:
        yield x, 0, x, _CROP_MARK_MM
        yield x, sheet.height_mm - _CROP_MARK_MM, x, sheet.height_mm
        yield from ((x, y - _CROP_MARK_MM / 2, x, y + _CROP_MARK_MM / 2) for y in acrosses)
    for y in acrosses:
        yield 0, y, _CROP_MARK_MM, y
        yield sheet.width_mm - _CROP_MARK_MM, y, sheet.width_mm, y
        yield from ((x - _CROP_MARK_MM / 2, y, x + _CROP_MARK_MM / 2, y) for x in downs)


def _whole_sets(sheet: SheetFormat, sizes: Iterable[Sequence[Size]]) -> Iterator[SheetSide]:
    """Yield a sheet for each person, their images one below the other or in columns."""
    number = 0
    for hand in sizes:
        columns = max(1, math.ceil(math.sqrt(len(hand) / 3)))
        rows = max(1, math.ceil(len(hand) / columns))
        width = (sheet.width_mm - 2 * _SHEET_MARGIN_MM) / columns
        height = (sheet.height_mm - 2 * _SHEET_MARGIN_MM) / rows
        card_sides = []
        for place in range(len(hand)):
            x = _SHEET_MARGIN_MM + (place % columns + 0.5) * width
            y = _SHEET_MARGIN_MM + (place // columns + 0.5) * height
            card_sides.append(CardSide(number + place, x, y, width, height))
        number += len(hand)
        yield SheetSide(sheet.width_mm, sheet.height_mm, tuple(card_sides))


# -- options: how cards are printed.


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
    answers_sheet
        Whether a PDF is written beside the cards that says what is known of each image, by the card's code.

    Raises
    ------
    ParameterError
        When one of them is unknown; all faults together.
    """

    format: str = "a5"
    back: Back = "notes"
    duplex: Duplex = "long"
    decanonized: bool = False
    answers_sheet: bool = False

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
