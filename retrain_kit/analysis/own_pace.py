"""One's own pace: the seconds of one person's own work, beside those that were published of like work.

It takes the work of one person and of nobody else: there is no function for two. Nothing is subtracted from
anything, no share is taken, and nobody is slow. Each figure is an interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis import ledger
from retrain_kit.annotations import working_time
from retrain_kit.annotations.drawings import BOX, DRAWN_KINDS, EXTREME, OUTLINE, WORD
from retrain_kit.studies import quantities
from retrain_kit.studies.quantities import SECONDS, Quantity, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrain_kit.annotations.drawings import Drawing
    from retrain_kit.annotations.working_time import Spent
    from retrain_kit.studies.labour_figures import LabourFigure

WORK_OF = {BOX: "box", EXTREME: "box", OUTLINE: "outline", WORD: "image label"}
"""Which work each kind of drawing is, as figures call it."""
EXTREME_FIGURES = ("extreme-clicking-voc07", "extreme-clicking-voc12", "open-images-extreme-clicking")
"""The kit's figures that are of boxes by extreme clicks."""


@dataclass(frozen=True)
class OwnPace:
    """How long one kind of work took one person, and what was published of it.

    Parameters
    ----------
    kind
        One of `drawings.DRAWN_KINDS`; to a `WORD` belong the words for shapes, too.
    spent
        The time of each piece.
    figures
        What was published of such work, the shortest first.
    """

    kind: str
    spent: tuple[Spent, ...]
    figures: tuple[LabourFigure, ...] = ()

    @property
    def own(self) -> Quantity:
        """The active seconds of a piece, from the least to the most."""
        active = [each.active_s for each in self.spent]
        return Quantity(min(active), max(active), Unit.of({"s": 1, WORK_OF[self.kind]: -1}))

    @property
    def total(self) -> Spent:
        """All of it together."""
        return working_time.total_spent(self.spent)

    @property
    def published(self) -> Quantity | None:
        """The seconds of a piece as published, from the least to the most; None where nobody did."""
        return quantities.around_all(figure.quantity for figure in self.figures) if self.figures else None


def own_paces(drawings: Iterable[Drawing], figures: Sequence[LabourFigure]) -> list[OwnPace]:
    """Return one person's pace in each kind of work that they did and have times of.

    Parameters
    ----------
    drawings
        One person's.
    figures
        Those that are chosen.
    """
    found: dict[str, list[Spent]] = {kind: [] for kind in DRAWN_KINDS}
    for kind, spent in _pieces(drawings):
        found[kind].append(spent)
    return [OwnPace(kind, tuple(spent), _figures_of(kind, figures)) for kind, spent in found.items() if spent]


def _pieces(drawings: Iterable[Drawing]) -> Iterator[tuple[str, Spent]]:
    for drawing in drawings:
        for each in drawing.drawn:
            if each.shape is not None:
                yield each.kind, each.shape
            if each.word is not None and each.word.whole_s:
                yield WORD, each.word


def _figures_of(kind: str, figures: Sequence[LabourFigure]) -> tuple[LabourFigure, ...]:
    fitting = [each for each in figures if each.about == "time" and each.work == WORK_OF[kind]]
    if kind == EXTREME:
        fitting = [each for each in fitting if each.id in EXTREME_FIGURES]
    return tuple(sorted(fitting, key=lambda each: (each.quantity.low, each.quantity.high, each.id)))


def hour_at(pace: OwnPace, pay: Quantity) -> Quantity | None:
    """Return what an hour at one's own pace would have earned, had each piece been paid as it was published.

    A piece was paid by the time that it took others: pay for a time, times the published time of a piece. An
    hour holds as many pieces as one's own active seconds allow.

    Parameters
    ----------
    pay
        Money for each second, as figures of pay have it.

    Returns
    -------
    Quantity or None
        Money; None where nothing is published of such work, or a piece took no time at all.

    Raises
    ------
    ParameterError
        When it is no pay for a time.
    """
    if pace.published is None or pace.own.low <= 0:
        return None
    hour, work = SECONDS["h"], Unit.of({WORK_OF[pace.kind]: 1})
    pieces = Quantity(hour / pace.own.high, hour / pace.own.low, work)
    return ledger.earned(pieces * pace.published, pay)
