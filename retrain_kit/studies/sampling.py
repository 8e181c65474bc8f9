"""Sampling: which images of a data set a study looks at, by a rule that anybody can follow again.

An image's place in a draw follows from the seed and its id alone. So a draw does not depend on the order of
a list, nor on which other images are in it, nor on what is already on the disk.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.annotations.samples import Sample


UNSTATED = "unknown"
"""What a study's table says where the source does not."""


@dataclass(frozen=True)
class Rule:
    """How the images of a study are chosen from the whole list of a data set.

    Parameters
    ----------
    n
        How many images.
    seed
        Another seed, other images.
    labels
        Only images that bear one of these words (or machine ids, synsets); all when empty.
    subset
        The part of the data set, by its own name for it (train, validation, …); empty where it has none.

    Raises
    ------
    ParameterError
        When `n` is below 1.
    """

    n: int
    seed: int
    labels: tuple[str, ...] = ()
    subset: str = ""

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ParameterError(Fault("n", str(self.n), "a number of images above 0"))


@dataclass(frozen=True)
class Candidate:
    """An image that a data set lists, before anybody has seen it here.

    Parameters
    ----------
    id
        The data set's own id, without slashes.
    file
        Where the image is, or will be, below the study's folder.
    url
        Where the data set says that the image can be fetched; empty where it does not.
    archive
        Where the image lies in an archive as distributed: the archive's path below the study's folder, the
        member's name, and where that is an archive too, the name in it; empty where it is a plain file.
    rotation_deg
        The data set's own word on how far to turn the stored image, as in `samples.Sample`.
    """

    id: str
    file: str
    url: str = ""
    archive: tuple[str, ...] = ()
    licence: str = UNSTATED
    author: str = UNSTATED
    source: str = UNSTATED
    note: str = ""
    alt: str = ""
    notice: str = ""
    rotation_deg: int | None = None


def draw_order(ids: Iterable[str], seed: int) -> list[str]:
    """Return the ids in the order in which a seed draws them, each once."""
    return sorted(set(ids), key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())


def draw_samples(samples: Iterable[Sample], n: int, seed: int) -> list[Sample]:
    """Return `n` samples, each once, in the order drawn; all where `n` is 0 or more than there are.

    Each sample's place in the draw follows from the seed and its id alone, so the draw does not depend on the
    order of the samples or on which others are there.

    Raises
    ------
    ParameterError
        When `n` is negative.
    """
    if n < 0:
        raise ParameterError(Fault("images", str(n), "a number of images, or 0 for all of them"))
    by_id = {sample.id: sample for sample in samples}
    drawn = [by_id[name] for name in draw_order(by_id, seed)]
    return drawn[:n] if n else drawn


def draw_in_words(drawn: Sequence[Sample], held: Sequence[Sample], studied: Sequence[Sample]) -> str:
    """Return how many images were drawn, of how many of those studied that hold what was asked for."""
    count = sum(len(sample.regions) for sample in drawn)
    regions = f"{count} {'region' if count == 1 else 'regions'}"
    if len(held) == len(studied):
        return f"{len(drawn)} of {len(studied)} images, {regions}."
    holding = f"{len(held)} of {len(studied)} images of the study hold what was asked for."
    return f"{holding} Drawn: {len(drawn)} of them, {regions}."
