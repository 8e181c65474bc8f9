"""Intervals: how far a mean over images would move with other images of the same kind, by the bootstrap.

Images are drawn again from those that are there, with replacement and as many, and the mean is taken anew;
an interval holds 95 % of these means. It is widened for few images as T. Hesterberg proposes ("What teachers
should know about the bootstrap", 2015): by Student's t and by n / (n - 1), else it would hold the true mean
less often than it says.

An interval is about the list that the images were drawn from, if they were drawn by chance, and about
nothing else: see `retrain_kit.analysis.reach`. Where images do not differ, or fewer than `FEWEST_IMAGES` of
them have a part in the mean, there is none: too little tells how far it would move.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.95
FEWEST_IMAGES = 5
RESAMPLES = 4000
MOST_GROUPS = 1000
SEED = 7
_NO_SPREAD = 1e-12
DASH = "–"
"""What a table shows where there is no figure."""


@dataclass(frozen=True)
class Interval:
    """The limits between which a mean lies, in `LEVEL` of all draws."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        """Return whether a value lies within the limits."""
        return self.low <= value <= self.high

    @property
    def percent(self) -> str:
        """The limits of a share, as a table shows them.

        Examples
        --------
        >>> Interval(0.123, 0.4).percent
        '12.3–40.0%'
        """
        return f"{self.low:.1%}".removesuffix("%") + f"–{self.high:.1%}"

    @property
    def times(self) -> str:
        """The limits of how many times as often, as a table shows them.

        Examples
        --------
        >>> Interval(0.8, 12.34).times
        '0.8–12.3 ×'
        """
        return f"{self.low:.1f}–{self.high:.1f} ×"

    @property
    def points(self) -> str:
        """The limits of a difference of shares, in points."""
        return f"{points(self.low)} to {points(self.high)}"

    def signed(self, digits: int) -> str:
        """Return the limits of a difference with their signs, to so many digits behind the point."""
        return f"{signed(self.low, digits)} to {signed(self.high, digits)}"


def percent_or_dash(interval: Interval | None) -> str:
    """Return the limits of a share as a table shows them, or that there are none."""
    return interval.percent if interval else DASH


def points(share: float) -> str:
    """Return a difference of shares in points, with its sign.

    Examples
    --------
    >>> points(-0.0432)
    '−4.3'
    """
    return signed(100 * share, 1)


def signed(value: float, digits: int) -> str:
    """Return a number with its sign, to so many digits behind the point; what is rounded to 0 has none.

    Examples
    --------
    >>> signed(-0.0432, 3), signed(-0.0004, 3)
    ('−0.043', '0.000')
    """
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def share_interval(part: int, whole: int, level: float = LEVEL) -> Interval:
    """Return the interval of a share by E. B. Wilson's method (1927); from 0 to 1 where there is no whole.

    Unlike those of the bootstrap it is there for few, and for a share of 0 or 1.

    Examples
    --------
    >>> share_interval(0, 10).percent, share_interval(5, 10).percent
    ('0.0–27.8%', '23.7–76.3%')
    """
    if not whole:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, weight = part / whole, z**2 / whole
    middle = (share + weight / 2) / (1 + weight)
    reach = math.sqrt(share * (1 - share) * weight + weight**2 / 4) / (1 + weight)
    return Interval(max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach)))


def share_difference_interval(
    first: tuple[int, int], second: tuple[int, int], level: float = LEVEL
) -> Interval:
    """Return the interval of the difference of two shares, the second taken from the first.

    R. G. Newcombe's method 10 ("Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17, 1998): what both Wilson intervals reach, squared and added.

    Parameters
    ----------
    first, second
        How many of how many, of how many at least one.
    level
        How often the true difference is to lie within, of all draws.

    Examples
    --------
    >>> share_difference_interval((56, 70), (48, 80)).points  # the paper's first example
    '+5.2 to +33.4'
    """
    one, other = first[0] / first[1], second[0] / second[1]
    of_one, of_other = share_interval(*first, level), share_interval(*second, level)
    return Interval(
        one - other - math.hypot(one - of_one.low, of_other.high - other),
        one - other + math.hypot(of_one.high - one, other - of_other.low),
    )


def mean_interval(values: Sequence[float] | Floats, seed: int = SEED) -> Interval | None:
    """Return the interval of the mean of one value an image, in whatever order; None where there is none."""
    if not len(values):
        return None
    values = np.sort(values)
    groups = group_images(len(values), seed)
    sums = np.bincount(groups, values).astype(np.float64)
    counts = np.bincount(groups).astype(np.float64)
    return ratio_intervals(sums[:, np.newaxis], counts[:, np.newaxis], seed)[0]


def ratio_intervals(parts: Floats, wholes: Floats, seed: int = SEED) -> list[Interval | None]:
    """Return the interval of the ratio of two sums over images, for each column; None where there is none.

    With 1 for each image as the whole, the ratio is a mean; with 1 where a label is, that of those images.

    Parameters
    ----------
    parts, wholes
        float64 (n, columns): a row for each image, or for each group of `group_images`. Images whose whole is
        0 do not count.
    seed
        Another seed draws other images again.
    """
    rows = len(parts)
    if rows < FEWEST_IMAGES:
        return [None] * parts.shape[1]
    again = _times_drawn(rows, seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (again @ parts) / (again @ wholes)
        single = parts / wholes
    return [
        _limits(found[:, column], single[wholes[:, column] > 0, column]) for column in range(parts.shape[1])
    ]


def difference_interval(
    values: Sequence[float] | Floats, others: Sequence[float] | Floats, seed: int = SEED
) -> Interval | None:
    """Return the interval of the difference of two means, the second taken from the first; None without one.

    The images of each side are drawn again by themselves: no image of one belongs to an image of the other.
    It is widened as for the side with fewer images.

    Parameters
    ----------
    values, others
        One value an image, in whatever order.
    seed
        Another seed draws other images again.
    """
    both = (np.sort(values), np.sort(others))
    if min(map(len, both)) < FEWEST_IMAGES or max(map(np.ptp, both)) <= _NO_SPREAD:
        return None
    first, second = (_resampled_means(side, seed + place) for place, side in enumerate(both))
    tail = _tail(min(map(len, both)))
    low, high = np.quantile(first - second, (tail, 1 - tail)).tolist()
    return Interval(low, high)


def _resampled_means(values: Floats, seed: int) -> Floats:
    """Return the mean of the values in each resample, float64 (resamples,)."""
    groups = group_images(len(values), seed)
    again = _times_drawn(int(groups.max()) + 1, seed)
    sums, counts = np.bincount(groups, values), np.bincount(groups).astype(float)
    return np.asarray((again @ sums) / (again @ counts), dtype=np.float64)


def lift_intervals(
    held: NDArray[np.bool_], chosen: NDArray[np.bool_], seed: int = SEED
) -> list[Interval | None]:
    """Return how many times as often chosen images hold something as all images do: intervals, or None.

    All images are drawn again; those that are chosen stay chosen. It is widened as for so many images as are
    chosen. There is none where fewer than `FEWEST_IMAGES` of the chosen hold it, or where all images do.

    Parameters
    ----------
    held
        bool (images, columns): what each image holds.
    chosen
        bool (images,): which images are chosen.
    seed
        Another seed draws other images again.
    """
    counts = np.count_nonzero(held[chosen], axis=0)
    told = (counts >= FEWEST_IMAGES) & ~held.all(axis=0)
    found: list[Interval | None] = [None] * held.shape[1]
    if not told.any():
        return found
    groups = group_images(len(chosen), seed)
    again = _times_drawn(int(groups.max()) + 1, seed)
    here, everywhere = (
        np.stack([np.bincount(groups, weights) for weights in columns.T], axis=1)
        for columns in (held[:, told] & chosen[:, np.newaxis], held[:, told])
    )
    ones = np.ones(len(chosen))
    of_chosen, of_all = (again @ np.bincount(groups, weights) for weights in (chosen, ones))
    with np.errstate(invalid="ignore", divide="ignore"):
        lifts = (again @ here) / (again @ everywhere) * (of_all / of_chosen)[:, np.newaxis]
    tail = _tail(int(np.count_nonzero(chosen)))
    limits = np.nanquantile(lifts, (tail, 1 - tail), axis=0).T.tolist()
    for column, (low, high) in zip(np.flatnonzero(told), limits, strict=True):
        found[column] = Interval(low, high)
    return found


def group_images(images: int, seed: int = SEED) -> NDArray[np.int64]:
    """Return the group of each of so many images: one each, or `MOST_GROUPS` by chance where there are more.

    Means of groups spread as means of images do, so that intervals of a million images take no more memory.
    """
    if images <= MOST_GROUPS:
        return np.arange(images)
    return np.random.default_rng(seed).permutation(images) % MOST_GROUPS


@lru_cache(maxsize=1)
def _times_drawn(rows: int, seed: int) -> Floats:
    """Return how often each row is drawn in each resample, float64 (resamples, rows), to be read alone.

    It is kept, 32 MB at most: a page asks for the means of many labels and annotators over the same images.
    """
    drawn = np.random.default_rng(seed).integers(0, rows, (RESAMPLES, rows))
    drawn += rows * np.arange(RESAMPLES)[:, np.newaxis]
    times = np.bincount(drawn.ravel(), minlength=RESAMPLES * rows).reshape(RESAMPLES, rows).astype(float)
    times.flags.writeable = False
    return times


def _limits(found: Floats, single: Floats) -> Interval | None:
    if np.count_nonzero(single) < FEWEST_IMAGES or np.ptp(single) <= _NO_SPREAD:
        return None
    tail = _tail(len(single))
    low, high = np.nanquantile(found, (tail, 1 - tail)).tolist()
    return Interval(low, high)


def _tail(images: int) -> float:
    """Return how much is cut off on either side: less for few images.

    Student's t is by its expansion around the normal distribution (Abramowitz and Stegun, 26.7.5), which at
    four degrees of freedom is off by less than 0.01.
    """
    z, free = NormalDist().inv_cdf((1 + LEVEL) / 2), images - 1
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    student = z + sum(term / free**power for power, term in enumerate(terms, 1))
    return NormalDist().cdf(-student * math.sqrt(images / free))
