"""A city: houses in their districts, each on its lot, and what all of it comes to.

Within a district houses stand by the most time that they may have taken, then by the least, then by their
work: the lowest along its streets, the highest in its middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis import ledger
from retrain_kit.analysis.city import plan
from retrain_kit.analysis.city.houses import NO_LABEL
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.studies.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from retrain_kit.analysis.city.houses import Houses, Storey
    from retrain_kit.analysis.city.plan import Plot
    from retrain_kit.studies.quantities import Time

METRES_A_MINUTE = 12.0
"""How high a minute of work is: four storeys, in every city, so that one can be held against another."""
_LOT_M, _SLENDER = 6.0, 7
"""How wide and deep a lot is at least, and by how much the middle house may be higher than that."""


@dataclass(frozen=True)
class District:
    """The images that stand under one label.

    Parameters
    ----------
    label
        The label; `NO_LABEL` for images without any.
    plot
        Its ground.
    first, end
        The numbers of its first house, and of the one after its last.
    """

    label: str
    plot: Plot
    first: int
    end: int

    @property
    def houses(self) -> int:
        """How many images stand in it."""
        return self.end - self.first


@dataclass(frozen=True)
class DistrictWork:
    """What a district comes to: pieces of work, those of which no figure is known, the time of the others.

    By hand it would have taken at most so much more: that is of what machines made alone, and nobody's time.
    """

    label: str
    images: int
    pieces: int
    untimed: int
    time: Quantity[Time]
    by_hand_s: float


@dataclass(frozen=True)
class City:
    """A data set as a landscape. Houses are numbered in the order of districts, in each from the lowest on.

    Parameters
    ----------
    ids
        The id of each house's image.
    storeys
        The kinds of work, from the ground up.
    counts
        Pieces of work: (houses, storeys).
    districts
        The largest first.
    strips
        The districts that lie in a row: the number of the first, and of the one after the last.
    stripe_starts, stripes
        The other labels of each house, by numbers in `labels`: see `houses.Houses`.
    labels
        All labels: those of districts in their order, then those under which no image stands.
    """

    ids: Sequence[str]
    storeys: tuple[Storey, ...]
    counts: NDArray[np.uint32]
    districts: tuple[District, ...]
    strips: tuple[tuple[int, int], ...]
    stripe_starts: NDArray[np.int64]
    stripes: NDArray[np.int32]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each district."""
        return tuple(each.label for each in self.districts)

    @cached_property
    def low_s(self) -> NDArray[np.float64]:
        """The least time of each house, in seconds."""
        return np.asarray(self.counts @ np.array([storey.low_s for storey in self.storeys]))

    @cached_property
    def high_s(self) -> NDArray[np.float64]:
        """The most time of each house, in seconds."""
        return np.asarray(self.counts @ np.array([storey.high_s for storey in self.storeys]))

    @cached_property
    def by_hand_s(self) -> NDArray[np.float64]:
        """The most time that hands would have taken for what machines made of each house, in seconds."""
        return np.asarray(self.counts @ np.array([storey.by_hand_s[1] for storey in self.storeys]))

    @property
    def is_by_machines(self) -> bool:
        """Whether nothing here took any time of an annotator's, and machines made something."""
        return not self.high_s.any() and bool(self.by_hand_s.any())

    @cached_property
    def lot_m(self) -> float:
        """How wide and deep a lot is: twice as wide, and twice again, until houses are no needles."""
        tops = self.by_hand_s if self.is_by_machines else self.high_s
        slender = float(np.median(tops)) / 60 * METRES_A_MINUTE / _LOT_M / _SLENDER
        return float(_LOT_M * 2 ** np.ceil(np.log2(max(slender, 1))))

    @property
    def time(self) -> Quantity[Time]:
        """The time of all houses."""
        return Quantity.seconds(float(self.low_s.sum()), float(self.high_s.sum()))

    @property
    def time_told(self) -> str:
        """The time of all houses as people say it; that machines made all of it, or that nobody timed it."""
        if self.is_by_machines:
            return "no annotator's time; glass stands as high as if hands had made it"
        pieces = self.counts.sum(axis=0, dtype=np.int64)
        untimed = pieces[[not storey.timed for storey in self.storeys]]
        return ledger.time_in_words(self.time, int(pieces.sum()), int(untimed.sum()))

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """The lot of each house, x and y: (houses, 2)."""
        found = np.zeros((len(self), 2), np.int64)
        for district in self.districts:
            plot = district.plot
            columns, rows = plan.lots(plot.columns, plot.rows, district.houses)
            found[district.first : district.end, 0] = plot.left + plan.offset(columns)
            found[district.first : district.end, 1] = plot.top + plan.offset(rows)
        return found

    @cached_property
    def bounds(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the ground, in lots."""
        return plan.Plan(tuple(each.plot for each in self.districts), self.strips).bounds

    def house(self, image: str) -> int:
        """Return the number of an image's house.

        Raises
        ------
        ParameterError
            When no house is of that image.
        """
        try:
            return list(self.ids).index(image)
        except ValueError:
            raise ParameterError(Fault("image", image, "an image of this city")) from None

    def district_of(self, house: int) -> District:
        """Return the district in which a house stands."""
        ends = [district.end for district in self.districts]
        return self.districts[int(np.searchsorted(ends, house, side="right"))]

    def other_labels(self, house: int) -> list[str]:
        """Return the stripes of a house: its labels but that of its district."""
        start, end = self.stripe_starts[house : house + 2]
        return [self.labels[number] for number in self.stripes[start:end]]

    def by_district(self) -> list[DistrictWork]:
        """Return what each district comes to, the one with the most images first."""
        untimed = self.counts @ np.array([not storey.timed for storey in self.storeys], np.int64)
        pieces = self.counts.sum(axis=1, dtype=np.int64)
        rows = []
        for each in self.districts:
            part = slice(each.first, each.end)
            time = Quantity.seconds(float(self.low_s[part].sum()), float(self.high_s[part].sum()))
            numbers = (int(pieces[part].sum()), int(untimed[part].sum()))
            by_hand_s = float(self.by_hand_s[part].sum())
            rows.append(DistrictWork(each.label, each.houses, *numbers, time, by_hand_s))
        return rows


def build_city(houses: Houses) -> City:
    """Return the city of all houses.

    Raises
    ------
    ParameterError
        When there is no image.
    """
    if not len(houses):
        raise ParameterError(Fault("city", "no image", "one image at least"))
    order, numbers, sizes = _districts(houses)
    laid = plan.plan_districts(sizes)
    labels = (*houses.labels, NO_LABEL)
    ends = np.cumsum(sizes).tolist()
    districts = tuple(
        District(labels[number], plot, end - size, end)
        for number, plot, end, size in zip(numbers, laid.plots, ends, sizes, strict=True)
    )
    renumbered = np.full(len(labels), -1, np.int32)
    renumbered[numbers] = np.arange(len(numbers))
    others = np.flatnonzero(renumbered[: len(houses.labels)] < 0)
    renumbered[others] = np.arange(len(numbers), len(numbers) + len(others))
    starts, flat = _stripes(houses, order)
    return City(
        [houses.ids[place] for place in order.tolist()],
        houses.storeys,
        houses.counts[order],
        districts,
        laid.strips,
        starts,
        renumbered[flat],
        (*(each.label for each in districts), *(labels[each] for each in others.tolist())),
    )


def _districts(
    houses: Houses,
) -> tuple[NDArray[np.int64], list[int], list[int]]:
    """Return the order of all houses, and the labels of districts with their sizes, the largest first."""
    none = len(houses.labels)
    starts, bare = houses.label_starts, np.diff(houses.label_starts) == 0
    first = np.full(len(houses), none, np.int64)
    first[~bare] = houses.label_numbers[starts[:-1][~bare]]
    sizes = np.bincount(first, minlength=none + 1)
    labels = (*houses.labels, NO_LABEL)
    numbers = sorted(np.flatnonzero(sizes).tolist(), key=lambda each: (-sizes[each], labels[each]))
    rank = np.zeros(none + 1, np.int64)
    rank[numbers] = np.arange(len(numbers))
    second = np.full(len(houses), -1, np.int64)
    several = np.diff(starts) > 1
    second[several] = houses.label_numbers[starts[:-1][several] + 1]
    seconds = np.array([(each.low_s, each.high_s, each.by_hand_s[1]) for each in houses.storeys], np.float64)
    low, high, by_hand = (houses.counts @ seconds.reshape(len(houses.storeys), 3)).T
    keys = (np.diff(starts), second, *houses.counts.T[::-1], by_hand, low, high, rank[first])
    return np.lexsort(keys), numbers, sizes[numbers].tolist()


def _stripes(houses: Houses, order: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the other labels of each house begin, in the order of the city, and their old numbers."""
    many = np.diff(houses.label_starts)
    more = np.maximum(many - 1, 0)[order]
    starts = np.concatenate([[0], np.cumsum(more)])
    begin = houses.label_starts[:-1][order] + 1
    places = np.repeat(begin - starts[:-1], more) + np.arange(starts[-1])
    return starts, houses.label_numbers[places].astype(np.int64)
