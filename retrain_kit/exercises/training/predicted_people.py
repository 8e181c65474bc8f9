"""Predicted people: whether a class's ranges predict the next person, told in words, and in words alone.

What is compared, how, and when a range is said to know more is fixed in `analysis.left_out`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.intervals import LEVEL, signed
from retrain_kit.analysis.left_out import (
    FEWEST_PEOPLE,
    FEWEST_PLACES,
    OVERALL,
    SPREAD,
    WeighedPlace,
    leave_people_out,
)
from retrain_kit.errors import count_in_words
from retrain_kit.exercises.training.soft_labels import degrees_by_person, shown_wordings, spoken_options
from retrain_kit.exercises.what_if.aggregate import wording_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from retrain_kit.analysis.left_out import Verdict
    from retrain_kit.exercises.training.selection import SelectedAnswers
    from retrain_kit.exercises.what_if.ranges import Range

DEMONSTRATION = "Made for demonstration: nobody said any of it."


def predict_people(selected: SelectedAnswers, study: str) -> Verdict:
    """Leave each person of a study out, and predict them from what the others said in *What If…?*."""
    return leave_people_out(weighed_places(selected.ranges(study)))


def weighed_places(ranges: Iterable[Range]) -> list[WeighedPlace]:
    """Return what people said of each place, by the middle of what a word stands for; refusals are none."""
    spoken = [options for found in ranges if (options := spoken_options(found))]
    people = sorted({degree.who for options in spoken for option in options for degree in option.degrees})
    row_of = {who: row for row, who in enumerate(people)}
    places = []
    for options in spoken:
        per_cents = np.full((len(people), len(options)), np.nan)
        for column, option in enumerate(options):
            for voice in degrees_by_person(option):
                per_cents[row_of[voice.who], column] = voice.middle_per_cent
        places.append(
            WeighedPlace(tuple(wording_key(shown_wordings(each)[0]) for each in options), per_cents)
        )
    return places


def verdict_rows(verdict: Verdict) -> list[dict[str, str]]:
    """Return the scores of all arms, the range first, each with how much better the range is."""
    rows = []
    for arm, scores in verdict.scores.items():
        gain = verdict.gains.get(arm)
        rows.append(
            {
                "predicted by": arm,
                "log loss": f"{scores.log_loss:.3f}",
                "square loss": f"{scores.square_loss:.3f}",
                "first option hit": f"{scores.hits:.0%}",
                "the range is better by": signed(gain.mean, 3) if gain else "",
                "with other people": gain.interval.signed(3) if gain else "",
                "p": f"{gain.p:.4f}" if gain else "",
            }
        )
    return rows


def verdict_words(verdict: Verdict, *, demonstration: bool = False) -> list[str]:
    """Return what leaving people out has shown, a paragraph each; null results are results."""
    people = "1 person" if verdict.people == 1 else f"{verdict.people:,} people"
    images, times = count_in_words(verdict.places, "image"), count_in_words(verdict.answers, "time")
    told = [DEMONSTRATION] if demonstration else []
    told.append(f"{people} left out, at {images}, {times} in all.")
    if verdict.silent:
        told.append(f"{count_in_words(verdict.silent, 'time')} {_SILENT}")
    return [*told, _shown(verdict) if verdict.is_enough else _TOO_LITTLE]


_SILENT = (
    "somebody spoke of an image in a way that others cannot predict: of one option alone, with no weight on "
    "any, or of none that anybody else spoke of."
)
_TOO_LITTLE = (
    f"That is too little to say anything: {FEWEST_PEOPLE} people at {FEWEST_PLACES} images are the fewest."
)
_BETTER = "The range of the others predicts the next person better than each of the four controls."
_NULL = (
    "By the rule that was fixed beforehand, no range was shown to know more than a label. That is a result."
)


def _shown(verdict: Verdict) -> str:
    as_good = [arm for arm, gain in verdict.gains.items() if not gain.is_better]
    if not as_good:
        return _BETTER
    return f"The range of the others was not shown to predict better than {_either(as_good)}. {_NULL}"


READ_AS = (
    f"Log loss: less is better. Who knows nothing of two options has {math.log(2):.3f}. Every arm spreads "
    f"{SPREAD:.0%} of its weight evenly. By how much the range is better stands with the limits between "
    "which that lies with other people, in 95 % of all draws. It was shown to be better where both limits "
    f"are above 0 and p is at most {(1 - LEVEL) / 2:.3f}. Where images have no wordings in common, "
    f"{OVERALL} know nothing."
)
"""How the figures are to be read."""


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def simulated_places(sharpness: float, seed: int, people: int = 30, places: int = 8) -> list[WeighedPlace]:
    """Return what people who do not exist say of places, of whom it is known what their ranges know.

    Parameters
    ----------
    sharpness
        How much places differ in how sharp their ranges are: the weights of each are raised to a power
        between 1 − sharpness and 1 + sharpness. With 0, places differ in the order of their options alone,
        and a range knows nothing that the range of another place does not.
    """
    random = np.random.default_rng(seed)
    return [
        WeighedPlace(
            tuple(f"{place}.{option}" for option in range(len(SIMULATED_WEIGHTS))),
            simulated_per_cents(random, simulated_weights(random, sharpness), people),
        )
        for place in range(places)
    ]


SIMULATED_WEIGHTS = np.array([0.6, 0.3, 0.15, 0.1, 0.05, 0.05])
"""The weights of a place's options, before they are made sharper or less sharp, and put in an order."""
_NOISE, _SPOKEN = 0.6, 0.8


def simulated_weights(random: np.random.Generator, sharpness: float) -> NDArray[np.float64]:
    """Return the weights of a place's options, float64 (options,): see `simulated_places`."""
    return random.permutation(SIMULATED_WEIGHTS ** random.uniform(1 - sharpness, 1 + sharpness))


def simulated_per_cents(
    random: np.random.Generator, weights: NDArray[np.float64], people: int
) -> NDArray[np.float64]:
    """Return per cents (people, options): each of most options, by a factor of one's own."""
    noise = np.exp(_NOISE * random.standard_normal((people, len(weights))))
    said = np.round(100 * np.clip(weights * noise, 0, 1))
    return np.where(random.random(said.shape) > _SPOKEN, np.nan, said)
