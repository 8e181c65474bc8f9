"""The probe: whether a classifier learns more from ranges of answers than from one label.

Embeddings are frozen: a softmax regression is trained over them, nothing else. Its targets are the *arms*:

- `ONE_LABEL`: the label that most people gave.
- `SMOOTHED`: the same, with as much of the weight spread evenly as ranges give to other labels.
- `OTHER_RANGE`: the range of another image with the same label, by chance: as soft, and of something else.
- `ONE_PERSON`: one answer, of one person, by chance.
- `FEW`: the range of `FEW_ANSWERS` answers, by chance.
- `MANY`: the range of all answers.

Arms, grid, split, scores and rule are fixed here beforehand, and all arms are always scored together: with a
grid for one arm alone any of them can be made to win. Half of the images train; a fifth of that half chooses
the weight of the penalty, for each arm by the same score, the log loss against all that people said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special  # type: ignore[import-untyped]
from tqdm.auto import tqdm

from retrain_kit.analysis.intervals import Interval, mean_interval
from retrain_kit.errors import DataError, Fault, count_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ONE_LABEL, SMOOTHED = "one label", "one label, smoothed"
OTHER_RANGE, ONE_PERSON = "the range of another image", "one answer of one person"
FEW_ANSWERS = 5
FEW, MANY = f"the range of {FEW_ANSWERS} answers", "the range of all answers"
ARMS = (ONE_LABEL, SMOOTHED, OTHER_RANGE, ONE_PERSON, FEW, MANY)
CONTROLS = (ONE_LABEL, SMOOTHED, OTHER_RANGE)

PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""The weights of the penalty that are tried, of the mean square of all coefficients."""
FEWEST_IMAGES, FEWEST_LABELS = 100, 2
AMBIGUOUS = 0.25
"""The share of images, those with the widest ranges, that are scored by themselves, too."""
BINS = 15
ROUNDS = 200
SEED = 7


@dataclass(frozen=True)
class SoftLabels:
    """What people said of images.

    Parameters
    ----------
    labels
        The names of the labels.
    counts
        float64 (images, labels): how many people gave each label, or the weight of each.
    left_out
        Of how many more places nobody gave any of the labels a weight.
    """

    labels: tuple[str, ...]
    counts: Floats
    left_out: int = 0

    @property
    def shares(self) -> Floats:
        """The weights of each image, which sum to 1."""
        shares: Floats = self.counts / self.counts.sum(axis=1, keepdims=True)
        return shares


@dataclass(frozen=True)
class ArmScores:
    """How well a probe predicts what people said of images that it was not trained with.

    Parameters
    ----------
    log_loss, ambiguous_log_loss
        The cross-entropy against all answers, in nats; of all images, and of those with the widest ranges.
    accuracy
        The share of images of which the label that most people gave is the first.
    calibration_error
        By how much the weight of first labels differs from how often they are right, over `BINS` bins.
    penalty
        What the grid chose.
    gain, interval
        By how much less log loss the range of all answers has than this arm, over images; no interval where
        there is none, and none for that range itself.
    """

    log_loss: float
    ambiguous_log_loss: float
    accuracy: float
    calibration_error: float
    penalty: float
    gain: float = 0
    interval: Interval | None = None


def probe(embeddings: Floats, said: SoftLabels, seed: int = SEED) -> dict[str, ArmScores]:
    """Train and score a probe for each arm; the same seed gives the same scores.

    Parameters
    ----------
    embeddings
        float64 (images, dimensions), a row for each row of `said`.
    said
        What people said of the images.

    Raises
    ------
    DataError
        When rows do not match, are fewer than `FEWEST_IMAGES`, or hold what is no number.
    """
    check_rows(embeddings, said)
    random = np.random.default_rng(seed)
    train, test = _halves(len(embeddings), random)
    inner = train[: len(train) // 5]
    outer = train[len(train) // 5 :]
    standard = _standardised(embeddings, outer)
    losses, scores = {}, {}
    for arm, targets in tqdm(arm_targets(said, train, random).items(), desc="training", delay=1, leave=False):
        fits = {each: fit(standard[outer], targets[len(inner) :], each) for each in PENALTIES}
        chosen = min(
            PENALTIES, key=lambda each: _losses(fits[each], standard[inner], said.shares[inner]).mean()
        )
        weights = predict(fits[chosen], standard[test])
        losses[arm] = _cross_entropy(weights, said.shares[test])
        scores[arm] = _scored(weights, said.shares[test], losses[arm], chosen)
    return {arm: _compared(scores[arm], losses[arm] - losses[MANY]) for arm in ARMS}


def controls_as_good(scores: Mapping[str, ArmScores]) -> list[str]:
    """Return the controls that the range of all answers was not shown to beat, by the whole interval."""
    intervals = {arm: scores[arm].interval for arm in CONTROLS}
    return [arm for arm, each in intervals.items() if each is None or each.low <= 0]


def without_another(said: SoftLabels, seed: int = SEED) -> int:
    """Return how many images train of which no other has the same first label: they keep their own range."""
    train, _ = _halves(len(said.counts), np.random.default_rng(seed))
    return int((np.bincount(said.counts[train].argmax(axis=1)) == 1).sum())


def _halves(images: int, random: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which images train and which are scored."""
    order = random.permutation(images)
    return order[: images // 2], order[images // 2 :]


def arm_targets(said: SoftLabels, images: NDArray[np.intp], random: np.random.Generator) -> dict[str, Floats]:
    """Return the targets of each arm for these images, float64 (images, labels), rows that sum to 1."""
    shares = said.shares[images]
    firsts = shares.argmax(axis=1)
    hard = np.eye(shares.shape[1])[firsts]
    spread = float(1 - shares.max(axis=1).mean())
    rest = (1 - hard) / max(1, shares.shape[1] - 1)
    return {
        ONE_LABEL: hard,
        SMOOTHED: (1 - spread) * hard + spread * rest,
        OTHER_RANGE: shares[_others(firsts, random)],
        ONE_PERSON: _drawn(shares, 1, random),
        FEW: _drawn(shares, FEW_ANSWERS, random),
        MANY: shares,
    }


def fit(embeddings: Floats, targets: Floats, penalty: float) -> Floats:
    """Return the coefficients of a softmax regression, float64 (dimensions + 1, labels).

    Parameters
    ----------
    embeddings
        float64 (images, dimensions).
    targets
        float64 (images, labels), rows that sum to 1.
    penalty
        The weight of the mean square of all coefficients but the constants.
    """
    rows, shape = len(embeddings), (embeddings.shape[1] + 1, targets.shape[1])

    def loss(flat: Floats) -> tuple[float, Floats]:
        coefficients = flat.reshape(shape)
        logits = special.log_softmax(embeddings @ coefficients[:-1] + coefficients[-1], axis=1)
        differences = (np.exp(logits) - targets) / rows
        gradient = np.vstack([embeddings.T @ differences, differences.sum(axis=0)])
        gradient[:-1] += 2 * penalty * coefficients[:-1] / shape[0]
        square = float((coefficients[:-1] ** 2).sum()) / shape[0]
        return float(-(targets * logits).sum() / rows + penalty * square), gradient.ravel()

    found = optimize.minimize(
        loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}
    )
    coefficients: Floats = found.x.reshape(shape)
    return coefficients


def predict(coefficients: Floats, embeddings: Floats) -> Floats:
    """Return the weights of labels, float64 (images, labels), rows that sum to 1."""
    weights: Floats = special.softmax(embeddings @ coefficients[:-1] + coefficients[-1], axis=1)
    return weights


def check_rows(embeddings: Floats, said: SoftLabels) -> None:
    """Check that embeddings and answers are of the same images, and that there are enough.

    Raises
    ------
    DataError
        With all that is wrong.
    """
    faults = []
    if len(embeddings) != len(said.counts):
        found = f"{len(embeddings):,} embeddings, {len(said.counts):,} images with answers"
        faults.append(Fault("probe", found, "a row of each for every image"))
    elif len(embeddings) < FEWEST_IMAGES:
        faults.append(Fault("probe", f"{len(embeddings):,} images", f"{FEWEST_IMAGES} at least"))
    bad = np.flatnonzero(~np.isfinite(embeddings).all(axis=1))
    if len(bad):
        faults.append(Fault(f"embeddings, row {bad[0]}", "what is no number", "numbers"))
    counts = said.counts
    are_counts = (np.isfinite(counts) & (counts >= 0)).all(axis=1)
    silent = np.flatnonzero(~(are_counts & (counts.sum(axis=1) > 0)))
    if len(silent) and said.labels:
        found = "no answer, fewer than none, or what is no number"
        faults.append(Fault(f"answers, row {silent[0]}", found, "one answer at least"))
    if len(said.labels) < FEWEST_LABELS:
        found = count_in_words(len(said.labels), "label")
        faults.append(Fault("answers", found, "two at least, each of more than one image"))
    if faults:
        raise DataError(*faults)


def _standardised(embeddings: Floats, train: NDArray[np.intp]) -> Floats:
    """Return the embeddings with mean 0 and spread 1 over the training images."""
    mean, spread = embeddings[train].mean(axis=0), embeddings[train].std(axis=0)
    standard: Floats = (embeddings - mean) / np.where(spread > 0, spread, 1)
    return standard


def _others(firsts: NDArray[np.intp], random: np.random.Generator) -> NDArray[np.intp]:
    """Return for each image another one with the same label, by chance; itself where there is no other."""
    others = np.arange(len(firsts))
    for label in np.unique(firsts):
        rows = random.permutation(np.flatnonzero(firsts == label))
        others[rows] = np.roll(rows, 1)
    return others


def _drawn(shares: Floats, answers: int, random: np.random.Generator) -> Floats:
    drawn: Floats = random.multinomial(answers, shares) / answers
    return drawn


def _cross_entropy(weights: Floats, shares: Floats) -> Floats:
    losses: Floats = -(shares * np.log(np.maximum(weights, np.finfo(float).tiny))).sum(axis=1)
    return losses


def _losses(coefficients: Floats, embeddings: Floats, shares: Floats) -> Floats:
    return _cross_entropy(predict(coefficients, embeddings), shares)


def _scored(weights: Floats, shares: Floats, losses: Floats, penalty: float) -> ArmScores:
    spread = special.entr(shares).sum(axis=1)
    ambiguous = spread >= np.quantile(spread, 1 - AMBIGUOUS)
    right = (weights.argmax(axis=1) == shares.argmax(axis=1)).astype(np.float64)
    error = _calibration_error(weights.max(axis=1), right)
    return ArmScores(
        float(losses.mean()), float(losses[ambiguous].mean()), float(right.mean()), error, penalty
    )


def _calibration_error(confidence: Floats, right: Floats) -> float:
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    sums = np.bincount(bins, confidence - right, BINS)
    return float(np.abs(sums).sum() / len(right))


def _compared(scores: ArmScores, more: Floats) -> ArmScores:
    """Return scores with how much more log loss they have than the range of all answers."""
    return replace(scores, gain=float(more.mean()), interval=mean_interval(more))
