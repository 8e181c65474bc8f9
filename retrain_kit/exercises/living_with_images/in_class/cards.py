"""The cards of a class: the images of a study, each found by the code that stands on its card.

People have the card in their hands. So a phone is told no more of an image than what is printed beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.languages import gettext
from retrain_kit.studies import codes, reviews

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest


@dataclass(frozen=True, eq=False)
class Card:
    """A card; the first of all is none, and stands for whoever has not said which is theirs.

    Parameters
    ----------
    image
        The image's id; empty for none.
    code
        What stands on the card.
    credit, notice
        What stands beside the image.
    sample
        The image.
    """

    image: str = ""
    code: str = ""
    credit: str = ""
    notice: str = ""
    sample: Sample | None = None

    @property
    def title(self) -> str:
        """What it is called on the wall."""
        return f"Card {self.code}"

    @cached_property
    def panel(self) -> Panel | None:
        """The image, small; drawn when it is first asked for."""
        sample = self.sample
        return Panel.from_sample(sample, self.title, sample.alt or f"{self.title}.") if sample else None


class ClassCards:
    """The cards of a study, in its order, after the one that is none.

    Parameters
    ----------
    manifest
        The study.
    samples
        Its images. Those that somebody has set aside on looking are on no card.
    """

    def __init__(self, manifest: Manifest, samples: Iterable[Sample]) -> None:
        review = reviews.load_reviews(manifest)
        aside = {*review.replaced, *review.removed}
        study = figures.study_credit(manifest)
        self.study = manifest.name
        self.every = (
            Card(),
            *(
                Card(
                    sample.id,
                    codes.card_code(manifest.name, sample.id),
                    f"{figures.image_credit(sample)} {study}",
                    sample.notice,
                    sample,
                )
                for sample in samples
                if sample.id not in aside
            ),
        )
        self._by_code = {card.code: place for place, card in enumerate(self.every) if card.code}
        self._by_image = {card.image: place for place, card in enumerate(self.every) if card.image}

    def place_of_code(self, typed: str) -> int:
        """Return the place of the card with a code, as people type it.

        Raises
        ------
        ParameterError
            When it is no code, or of no card of this class.
        """
        code = codes.parse_card_code(typed)
        if code not in self._by_code:
            do = gettext("Look at the card again. It may be of another class: ask whoever runs this one.")
            raise ParameterError(
                Fault(gettext("code"), code, gettext("the code of a card of this class"), do)
            )
        return self._by_code[code]

    def place_of_image(self, image: str) -> int | None:
        """Return the place of the card of an image; None where it has none."""
        return self._by_image.get(image)

    def image(self, place: int) -> str:
        """Return the image of a card.

        Raises
        ------
        ParameterError
            When it is the card that is none.
        """
        if not place:
            do = gettext("It stands on the card. Type it first.")
            raise ParameterError(
                Fault(gettext("card"), gettext("none"), gettext("the code of your card"), do)
            )
        return self.every[place].image
