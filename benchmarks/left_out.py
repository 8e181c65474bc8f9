"""People left out, simulated people of whom it is known what their ranges know: false alarms, power, time.

`python benchmarks/left_out.py` takes about two minutes. Five worlds of 30 people and 8 images, and of 10
people and 5 images, the fewest that say anything, 200 times each. In three of the worlds the range knows no
more than one of the controls; in two, images differ in how sharp their ranges are: the weights of each are
raised to a power between 0.7 and 1.3, or between 0.5 and 1.5.
"""

import time

import numpy as np

from retrain_kit.analysis.left_out import WeighedPlace, leave_people_out
from retrain_kit.exercises.training.predicted_people import (
    SIMULATED_WEIGHTS,
    simulated_per_cents,
    simulated_weights,
)

TIMES = 200
WORLDS = {
    "all images are alike": 0,
    "a label is all there is": 0,
    "images differ in their order alone": 0,
    "images differ in how sharp they are, by 30 %": 0.3,
    "images differ in how sharp they are, by 50 %": 0.5,
}


def truth(random: np.random.Generator, world: str) -> np.ndarray:
    """Return the weights of an image's options."""
    if world.startswith("all"):
        return SIMULATED_WEIGHTS
    if world.startswith("a label"):
        return random.permutation(np.array([0.7, *[0.15] * 5]))
    return simulated_weights(random, WORLDS[world])


def place(random: np.random.Generator, world: str, people: int, number: int) -> WeighedPlace:
    """Return what people say of an image; where all images are alike, their wordings are the same."""
    said = simulated_per_cents(random, truth(random, world), people)
    where = "" if world.startswith("all") else f"{number}."
    return WeighedPlace(tuple(f"{where}{k}" for k in range(said.shape[1])), said)


def main() -> None:
    """Print how often the range is said to know more, in each world."""
    for people, places in ((30, 8), (10, 5)):
        for world in WORLDS:
            began, found = time.process_time(), 0
            for seed in range(TIMES):
                random = np.random.default_rng(seed)
                found += leave_people_out([place(random, world, people, n) for n in range(places)]).knows_more
            cost = (time.process_time() - began) / TIMES
            print(f"{people} people, {places} images, {world}: {found} of {TIMES}; {cost:.2f} s of CPU each")


if __name__ == "__main__":
    main()
