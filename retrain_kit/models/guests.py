"""Guests: a model that is here and runs, and can be asked to classify, detect, embed or caption."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.models import inputs, outputs, runtimes
from retrain_kit.models.cards import PREFIX, find_card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from retrain_kit.models.cards import Card, Task
    from retrain_kit.models.inputs import Pixels, Placement
    from retrain_kit.models.runtimes import Run

    Floats = NDArray[np.float32]


class Detection(NamedTuple):
    """A box that a machine proposes.

    Parameters
    ----------
    left, top, right, bottom
        In pixels of the image; right and bottom are excluded.
    score
        From 0 to 1, as the model says.
    label
        Its word.
    """

    left: float
    top: float
    right: float
    bottom: float
    score: float
    label: str


class Guest:
    """A model that can be asked. Images are uint8 (rows, columns, 3), RGB, upright.

    Parameters
    ----------
    card
        What is known of it. Its files are here.

    Raises
    ------
    DataError
        When one of its files is missing or is another one than its card says, when its runtime is not
        installed, or cannot read it.
    """

    def __init__(self, card: Card) -> None:
        self.card = card
        faults = [_missing(card)] if card.missing else card.digest_faults()
        if faults:
            raise DataError(*faults)
        self._run: Run = runtimes.open_model(card)

    def classify(self, images: Iterable[Pixels]) -> Floats:
        """Return how likely each word is for each image, float32 (images, words).

        Raises
        ------
        ParameterError
            When it does something else.
        DataError
            When an image cannot be shown to it, or its answer does not fit its card.
        """
        self._check("classify")
        found = [outputs.word_probabilities(answer, self.card) for answer, _ in self._answers(images)]
        return np.concatenate(found) if found else np.zeros((0, len(self.card.labels)), np.float32)

    def embed(self, images: Iterable[Pixels]) -> Floats:
        """Return the features of each image, float32 (images, features).

        Raises
        ------
        ParameterError, DataError
            As `classify`.
        """
        self._check("embed")
        found = [answer[0].reshape(1, -1) for answer, _ in self._answers(images)]
        return np.concatenate(found) if found else np.zeros((0, 0), np.float32)

    def detect(self, image: Pixels) -> list[Detection]:
        """Return what it has boxes for in one image, the highest score first.

        Raises
        ------
        ParameterError, DataError
            As `classify`.
        """
        words = self.card.labels.words
        return [Detection(*row[:5], words[row[5]]) for row in self.numbered_boxes(image)]

    def numbered_boxes(self, image: Pixels) -> list[tuple[float, float, float, float, float, int]]:
        """Return the same with the number of each word, which tells words apart that are written alike.

        Raises
        ------
        ParameterError, DataError
            As `classify`.
        """
        self._check("detect")
        size = (image.shape[1], image.shape[0])
        found = []
        for answer, placement in self._answers([image]):
            for row in outputs.found_boxes(answer, self.card):
                box = placement.box(row[:4], size)
                if box[0] < box[2] and box[1] < box[3]:
                    found.append((*box, float(row[4]), int(row[5])))
        return found

    def caption(self, images: Iterable[Pixels]) -> list[str]:
        """Return a line for each image.

        Raises
        ------
        ParameterError, DataError
            As `classify`.
        """
        self._check("caption")
        return [outputs.line_of_tokens(answer[0], self.card) for answer, _ in self._answers(images)]

    def try_out(self) -> None:
        """Ask of one grey image, to find out whether what it says fits its card.

        Raises
        ------
        DataError
            When it does not. That of this image it says no number is no fault.
        """
        grey = np.full((2 * inputs.SMALLEST_PX, 2 * inputs.SMALLEST_PX, 3), 127, np.uint8)
        with suppress(runtimes.NoNumberError):
            if self.card.does == "detect":
                self.detect(grey)
            else:
                getattr(self, self.card.does)([grey])

    def _answers(self, images: Iterable[Pixels]) -> Iterator[tuple[list[Floats], Placement]]:
        """Yield the outputs for each image, and where the model's frame lies on it."""
        for image in images:
            values, placement = inputs.prepare_image(image, self.card.input)
            yield runtimes.run_model(self._run, self.card, values[np.newaxis]), placement

    def _check(self, task: Task) -> None:
        if self.card.does != task:
            found, expected = f"a model that can {self.card.does}", f"one that can {task}"
            raise ParameterError(Fault(f"model {self.card.name}", found, expected))


def invite(name: str) -> Guest:
    """Return the guest of a card, by its name or by the path of its TOML.

    Raises
    ------
    ParameterError
        When there is no such card.
    DataError
        As `Guest`, and with all that is wrong in the card.
    """
    return Guest(find_card(name))


def _missing(card: Card) -> Fault:
    names = ", ".join(file.path.name for file in card.missing)
    where = str(card.missing[0].path.parent)
    do = f"Type: retrain-kit pull {PREFIX}{card.name}" if card.package else "Put it there, beside its card."
    return Fault(where, f"no {names}", f"the weights of {card.title}", do)
