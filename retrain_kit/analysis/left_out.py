"""One person left out: whether what the others said predicts that person better than one label.

Each person is left out in turn. From what all others said, five *arms* predict how this person weighed the
options of a place against each other:

- `RANGE`: the range of the others, as training data has it: the mean per cent of each option.
- `LABEL`: one label, the option that the others gave most, and nothing else.
- `SOFT_LABEL`: the same label with the weight that the tops of other ranges have; the rest is shared evenly.
- `OVERALL`: how likely the same wordings were found at all other places.
- `OTHER_RANGE`: the range of another place, its largest weight for the option that is first here, and so on.
  It is as soft as ranges are, and knows nothing of how soft *this* place is. Every other place, in turn.

A range knows more than a label only where it predicts better than *each* of the four others. One that beats
a hard label, and not the range of another place, has only been softer. All of this is fixed here, beforehand:
arms, scores, the part of the weight that every arm spreads evenly (`SPREAD`), and the rule.

Only what a person spoke of counts, and only where it is two options or more: nobody can tell what somebody
would have said of the others. What is drawn are people: the same images, and other people.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.intervals import LEVEL, Interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RANGE, LABEL, SOFT_LABEL = "the range of the others", "one label", "one label, softened"
OVERALL, OTHER_RANGE = "the overall frequencies", "the range of another image"
CONTROLS = (LABEL, SOFT_LABEL, OVERALL, OTHER_RANGE)
ARMS = (RANGE, *CONTROLS)

FEWEST_PEOPLE, FEWEST_PLACES, FEWEST_OPTIONS = 10, 5, 2
SPREAD = 0.05
DRAWS = 9999
SEED = 7
_TIE = 1e-12


@dataclass(frozen=True)
class WeighedPlace:
    """What people said of a place.

    Parameters
    ----------
    wordings
        Of its options. The same wording at two places is the same.
    per_cents
        float64 (people, options): how likely each person finds each option, from 0 to 100; NaN where somebody
        said nothing of it. The people are the same at all places, in the same order.
    """

    wordings: tuple[str, ...]
    per_cents: Floats


@dataclass(frozen=True)
class Scores:
    """How well an arm predicts: means over people of their means over places.

    Parameters
    ----------
    log_loss
        The cross-entropy of what a person said and what was predicted, in nats. Less is better.
    square_loss
        The sum of squares of the differences of weights. Less is better.
    hits
        The share of places at which the option with most weight is the person's own first; a tie counts in
        part.
    """

    log_loss: float
    square_loss: float
    hits: float


@dataclass(frozen=True)
class Gain:
    """How much less log loss the range has than a control, in nats, and where that lies with other people.

    The limits are those of means over chance parts of the people (J. Hartigan, "Using subsample values as
    typical values", 1969), which are those of a test by random signs; `p` is the share that is not above 0.
    """

    mean: float
    interval: Interval
    p: float

    @property
    def is_better(self) -> bool:
        """Whether the range predicts better, by the whole interval."""
        return self.interval.low > 0 and self.p <= (1 - LEVEL) / 2


@dataclass(frozen=True)
class Verdict:
    """What leaving people out has shown.

    Parameters
    ----------
    people, places, answers
        How many people were left out, at how many places, and how often in all.
    silent
        How often somebody spoke of a place and could not be left out there: of one option alone, with no
        weight on any, or of options that nobody else spoke of.
    scores, gains
        By arm and by control; empty where there is too little.
    """

    people: int
    places: int
    answers: int
    silent: int
    scores: Mapping[str, Scores]
    gains: Mapping[str, Gain]

    @property
    def is_enough(self) -> bool:
        """Whether there are people and places enough to say anything."""
        return self.people >= FEWEST_PEOPLE and self.places >= FEWEST_PLACES

    @property
    def knows_more(self) -> bool:
        """Whether the range predicts better than each of the controls."""
        return bool(self.gains) and all(gain.is_better for gain in self.gains.values())


def leave_people_out(places: Sequence[WeighedPlace], seed: int = SEED) -> Verdict:
    """Leave each person out in turn, and score what the others predict.

    Parameters
    ----------
    seed
        Of what is drawn by chance for the intervals.
    """
    count = len(places[0].per_cents) if places else 0
    scores = np.full((count, len(places), len(ARMS), 3), np.nan)
    crossed = np.full((count, len(places), len(places)), np.nan)
    for person in range(count):
        others = _Others(places, person)
        for index, place in enumerate(places):
            scores[person, index], crossed[person, index] = others.scored(index, place.per_cents[person])
    there = np.isfinite(scores[:, :, 0, 0])
    people, kept = there.any(axis=1), there.any(axis=0)
    spoke = sum(int(np.isfinite(place.per_cents).any(axis=1).sum()) for place in places)
    answers = int(there.sum())
    found = Verdict(int(people.sum()), int(kept.sum()), answers, spoke - answers, {}, {})
    if not found.is_enough:
        return found
    by_person = np.nanmean(scores[people], axis=1)
    table = np.nanmean(crossed[people][:, kept][:, :, kept], axis=0)
    return replace(found, scores=_scores(by_person), gains=_gains(by_person[:, :, 0], table, seed))


def typical_gain(differences: Floats, seed: int = SEED) -> Gain:
    """Return the mean of one difference a person, and where it lies with other people.

    Parameters
    ----------
    differences
        float64 (people,), one at least.
    """
    drawn = np.random.default_rng(seed).integers(0, 2, (DRAWS, len(differences))).astype(np.float64)
    sizes = drawn.sum(axis=1)
    means = (drawn @ differences)[sizes > 0] / sizes[sizes > 0]
    low, high = np.quantile(means, ((1 - LEVEL) / 2, (1 + LEVEL) / 2)).tolist()
    return Gain(float(differences.mean()), Interval(low, high), _share_at_most(means, 0))


def exchanged_p(table: Floats, seed: int = SEED) -> float:
    """Return the share of ways to hand ranges out to places that predict as well as their own places.

    Parameters
    ----------
    table
        float64 (places, places): the loss at each place (rows) under the range of each (columns).
    """
    count = len(table)
    orders = np.random.default_rng(seed).permuted(np.tile(np.arange(count), (DRAWS, 1)), axis=1)
    return _share_at_most(table[np.arange(count), orders].sum(axis=1), float(table.trace()))


def _share_at_most(drawn: Floats, limit: float) -> float:
    """Return p, which is never 0: what was seen counts among what was drawn."""
    return (1 + int((drawn <= limit + _TIE).sum())) / (1 + len(drawn))


def _scores(by_person: Floats) -> dict[str, Scores]:
    return {arm: Scores(*by_person[:, index].mean(axis=0).tolist()) for index, arm in enumerate(ARMS)}


def _gains(losses: Floats, table: Floats, seed: int) -> dict[str, Gain]:
    """Return the gains, of log losses (people, arms) and of those of each place under the range of each."""
    by_arm = dict(zip(ARMS, losses.T, strict=True))
    gains = {arm: typical_gain(by_arm[arm] - by_arm[RANGE], seed) for arm in CONTROLS}
    # All people share the luck of a range that was estimated from them; handing ranges out again has it, too.
    other = gains[OTHER_RANGE]
    gains[OTHER_RANGE] = replace(other, p=max(other.p, exchanged_p(table, seed)))
    return gains


class _Others:
    """What all people but one said, and what each arm makes of it."""

    def __init__(self, places: Sequence[WeighedPlace], person: int) -> None:
        self.places = places
        self.means = [_means(np.delete(place.per_cents, person, axis=0)) for place in places]
        self.shares = [_normed(np.nan_to_num(mean)) for mean in self.means]
        self.profiles = [np.sort(share)[::-1] for share in self.shares]

    def scored(self, index: int, per_cents: Floats) -> tuple[Floats, Floats]:
        """Return the scores of each arm, (arms, 3), and the log loss under each place's range, (places,).

        All are NaN where what the person said of this place says nothing that others could predict.
        """
        spoken = np.isfinite(per_cents) & np.isfinite(self.means[index])
        if spoken.sum() < FEWEST_OPTIONS or not per_cents[spoken].sum():
            return np.full((len(ARMS), 3), np.nan), np.full(len(self.places), np.nan)
        said, order = _normed(per_cents[spoken]), np.argsort(-self.shares[index], kind="stable")
        foretold = [*self._labels(index, order), self._overall(index)]
        under = np.array([_score(said, each[spoken]) for each in self._ranges(order)])
        elsewhere = np.delete(under, index, axis=0)
        rows = [under[index], *(_score(said, each[spoken]) for each in foretold)]
        return np.array([*rows, elsewhere.mean(axis=0) if len(elsewhere) else rows[0]]), under[:, 0]

    def _labels(self, index: int, order: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Return the first option alone, and with as much weight as first options have elsewhere."""
        tops = [profile[0] for other, profile in enumerate(self.profiles) if other != index]
        top = float(np.mean(tops)) if tops else 1.0
        label, soft = np.zeros(len(order)), np.full(len(order), (1 - top) / (len(order) - 1))
        label[order[0]], soft[order[0]] = 1, top
        return label, soft

    def _ranges(self, order: NDArray[np.intp]) -> Floats:
        """Return the range of each place over the options of this one, in its order: (places, options)."""
        ranges = np.zeros((len(self.profiles), len(order)))
        for row, profile in zip(ranges, self.profiles, strict=True):
            fitting = profile[: len(order)]
            row[order[: len(fitting)]] = fitting
        return ranges

    def _overall(self, index: int) -> Floats:
        """Return how likely each wording was found elsewhere; the mean of all where it was not."""
        said: defaultdict[str, list[float]] = defaultdict(list)
        for other, place in enumerate(self.places):
            for wording, mean in zip(place.wordings, self.means[other].tolist(), strict=True):
                if other != index and np.isfinite(mean):
                    said[wording].append(mean)
        every = [mean for means in said.values() for mean in means] or [1.0]
        return np.array([np.mean(said.get(wording, every)) for wording in self.places[index].wordings])


def _score(said: Floats, foretold: Floats) -> tuple[float, float, float]:
    weights = (1 - SPREAD) * _normed(foretold) + SPREAD / len(foretold)
    firsts, tops = said == said.max(), weights >= weights.max() - _TIE
    hits = float((firsts & tops).sum() / tops.sum())
    return float(-(said * np.log(weights)).sum()), float(((said - weights) ** 2).sum()), hits


def _normed(weights: Floats) -> Floats:
    """Return weights that sum to 1: even ones where there are none."""
    total = weights.sum()
    return weights / total if total > 0 else np.full(len(weights), 1 / max(1, len(weights)))


def _means(per_cents: Floats) -> Floats:
    """Return the mean over people; NaN for options that nobody spoke of."""
    counts = np.isfinite(per_cents).sum(axis=0)
    return np.where(counts > 0, np.nansum(per_cents, axis=0) / np.maximum(counts, 1), np.nan)
