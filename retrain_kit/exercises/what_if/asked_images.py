"""Asked images: which images of a study are asked about, and which are too blank.

Of an image that is almost all blank nothing is left to look at: whatever is said of it fits any other too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError, advise_names
from retrain_kit.imaging import masking
from retrain_kit.studies import sampling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.imaging.masking import Shape

MOST_BLANK_PERCENT = 80
"""Images of which more than so much is blank are not asked about."""


@dataclass(frozen=True)
class AskedImages:
    """The images that are asked about.

    Parameters
    ----------
    samples
        In the order of the draw, or as they were named.
    too_blank
        Those that were drawn before them and are too blank: what share of each is, by id.
    most_percent
        The share from which on they are.
    """

    samples: list[Sample]
    too_blank: Mapping[str, float] = field(default_factory=dict)
    most_percent: float = MOST_BLANK_PERCENT

    def __str__(self) -> str:
        """Which images are not asked about, and why; nothing where there are none."""
        if not self.too_blank:
            return ""
        named = ", ".join(f"{image} ({share:.1%})" for image, share in self.too_blank.items())
        return f"Not asked about, since more than {self.most_percent:g} % of them is blank: {named}."


def blank_share(sample: Sample, shape: Shape = "box") -> float:
    """Return what share of an image is blank, from 0 to 1."""
    return float(masking.union_mask(sample.regions, sample.size, shape).mean())


def draw_asked(
    samples: Iterable[Sample],
    count: int,
    seed: int,
    most_percent: float = MOST_BLANK_PERCENT,
    shape: Shape = "box",
) -> AskedImages:
    """Return `count` images to ask about, drawn by a seed; all that can be asked about where it is 0.

    Raises
    ------
    ParameterError
        When the count is negative.
    """
    sampling.draw_samples((), count, seed)  # what a count may be
    found: list[Sample] = []
    too_blank: dict[str, float] = {}
    for sample in sampling.draw_samples((each for each in samples if each.regions), 0, seed):
        if count and len(found) == count:
            break
        share = blank_share(sample, shape)
        if 100 * share > most_percent:
            too_blank[sample.id] = share
        elif share:
            found.append(sample)
    return AskedImages(found, too_blank, most_percent)


def choose_asked(
    samples: Iterable[Sample],
    names: Sequence[str],
    most_percent: float = MOST_BLANK_PERCENT,
    shape: Shape = "box",
) -> AskedImages:
    """Return the images of these ids, in their order.

    Raises
    ------
    ParameterError
        With each name that no image has, and each image with nothing blank, or too much.
    """
    by_id = {sample.id: sample for sample in samples}
    faults, found = [], []
    for name in dict.fromkeys(names):
        if name not in by_id:
            do = advise_names(name, by_id)
            faults.append(Fault("image", repr(name), "the id of an image of the study", do))
            continue
        share = blank_share(by_id[name], shape)
        if not share:
            do = "Choose one that has annotations."
            faults.append(Fault(f"image {name}", "nothing blank", "an image with a blank area", do))
        elif 100 * share > most_percent:
            blank = f"{share:.1%} of it blank"
            expected = f"{most_percent:g} % at most"
            faults.append(Fault(f"image {name}", blank, expected, "Choose another, or allow more."))
        else:
            found.append(by_id[name])
    if faults:
        raise ParameterError(*faults)
    return AskedImages(found, {}, most_percent)
