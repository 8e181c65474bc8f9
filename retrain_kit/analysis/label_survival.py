"""Label survival: whether a machine keeps its word for an image when what was tagged is gone.

A machine says words of an image: a classifier its first word, a detector all that it has boxes of. Then it is
asked again of the image without what was tagged, of that alone, of the hole's shape, and, as the control, of
the image without as much elsewhere: see `imaging.holes`. A word survives in a view where it is said again.

What a machine says is no truth about an image. Here words are numbers; which they are is the affair of
whoever shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.intervals import Interval, mean_interval

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from retrain_kit.imaging.holes import Kind
    from retrain_kit.imaging.masking import Mask

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """What one machine said of a study's images.

    Parameters
    ----------
    whole
        Boolean (images, words): which words it said of each image as it is.
    views
        By kind of view and fill: boolean (images, draws, words), which it said of the view; draws is 1 but
        for `moved`.
    asked
        By the same: boolean (images,), of which images it was asked. An image without tags has no hole, and
        one whose mask cannot be moved no control.
    """

    whole: Bools
    views: Mapping[tuple[Kind, str], Bools]
    asked: Mapping[tuple[Kind, str], Bools] = field(default_factory=dict)

    def kept(self, kind: Kind, fill: str = "") -> Floats:
        """Return which part of its words for the whole image it says of the view too.

        Returns
        -------
        float64 (images,)
            The mean over draws; nan where it said no word of the whole image, or was not asked of the view.
        """
        if (kind, fill) not in self.views:
            return np.full(len(self.whole), np.nan)
        view = self.views[kind, fill]
        again = (view & self.whole[:, np.newaxis]).sum(axis=2).mean(axis=1)
        said = self.whole.sum(axis=1)
        asked = self.asked.get((kind, fill), np.ones(len(view), bool)) & (said > 0)
        return np.where(asked, again / np.maximum(said, 1), np.nan)

    def images_asked(self, kind: Kind, fill: str = "") -> int:
        """Return of how many images it was asked for a view."""
        view = self.views.get((kind, fill), ())
        return int(self.asked.get((kind, fill), np.ones(len(view), bool)).sum())

    @property
    def fills(self) -> tuple[str, ...]:
        """The fills of its residues, in their order."""
        return tuple(fill for kind, fill in self.views if kind == "residue")


@dataclass(frozen=True)
class Survival:
    """How often words survived in one kind of view.

    Parameters
    ----------
    name
        The view, the label or the word that is spoken of.
    fill
        What took the place of what is gone.
    images
        How many images have a part in `share`.
    share
        How much of the words survived, the mean over these images; nan without any.
    interval
        Of the share, over images.
    paired
        How many images have a part in the comparison with the control: those that have both views.
    control
        The share with the moved mask, of the same images.
    lost
        `control` minus `share`, image by image: what goes with the thing, beyond what goes with any hole.
    lost_interval
        Of `lost`, over images.
    """

    name: str
    fill: str
    images: int
    share: float
    interval: Interval | None
    paired: int = 0
    control: float = np.nan
    lost: float = np.nan
    lost_interval: Interval | None = None


def survival_by_view(said: Said) -> list[Survival]:
    """Return how often words survive in each kind of view, the residue paired with its control."""
    found = []
    for kind, fill in said.views:
        kept = said.kept(kind, fill)
        control = said.kept("moved", fill) if kind == "residue" else None
        found.append(_survival(kind, fill, kept, control))
    return found


def survival_by_label(said: Said, fill: str, bearing: Mapping[str, Bools], fewest: int = 1) -> list[Survival]:
    """Return how often the machine's words survive in residues of images that bear each label.

    Parameters
    ----------
    fill
        Of which residues.
    bearing
        By label: boolean (images,), which images bear it. Images bear several labels and count for each.
    fewest
        Labels with fewer images than so many are left out.

    Returns
    -------
    list of Survival
        The labels of most images first, then by name.
    """
    kept, control = said.kept("residue", fill), said.kept("moved", fill)
    rows = [
        _survival(label, fill, np.where(mine, kept, np.nan), np.where(mine, control, np.nan))
        for label, mine in bearing.items()
    ]
    return sorted((row for row in rows if row.images >= fewest), key=lambda row: (-row.images, row.name))


def _survival(name: str, fill: str, kept: Floats, control: Floats | None) -> Survival:
    shares = kept[~np.isnan(kept)]
    share = float(shares.mean()) if len(shares) else float("nan")
    row = (name, fill, len(shares), share, mean_interval(shares))
    if control is None:
        return Survival(*row)
    both = ~np.isnan(kept) & ~np.isnan(control)
    if not both.any():
        return Survival(*row)
    lost = control[both] - kept[both]
    return Survival(
        *row, int(both.sum()), float(control[both].mean()), float(lost.mean()), mean_interval(lost)
    )


@dataclass(frozen=True)
class Found:
    """In how many images a machine says a word, with and without what was tagged.

    Parameters
    ----------
    word
        Its number.
    whole
        In how many images as they are.
    residue
        In how many residues.
    stayed
        In how many of these residues it had said it of the whole image.
    control
        In how many images with the moved mask: the mean over draws, so it may be no whole number.
    """

    word: int
    whole: int
    residue: int
    stayed: int
    control: float

    @property
    def came(self) -> int:
        """In how many residues it says the word and had not said it of the whole image."""
        return self.residue - self.stayed


def found_in_residue(said: Said, fill: str, also: Collection[int] = ()) -> list[Found]:
    """Return what a machine finds where nobody tagged anything, the words of most residues first.

    Parameters
    ----------
    fill
        Of which residues.
    also
        Words by their numbers that are told of even where no residue has them.
    """
    residue = said.views["residue", fill][:, 0]
    whole = said.whole
    moved = said.views.get(("moved", fill), np.zeros((len(whole), 1, whole.shape[1]), bool))
    control = moved.mean(axis=1).sum(axis=0)
    rows = [
        Found(
            int(word),
            int(whole[:, word].sum()),
            int(residue[:, word].sum()),
            int((residue & whole)[:, word].sum()),
            float(control[word]),
        )
        for word in sorted({*np.flatnonzero(residue.any(axis=0)).tolist(), *also})
    ]
    return sorted(rows, key=lambda row: (-row.residue, row.word))


def said_in_words(words: Iterable[Sequence[Iterable[int]]], count: int, draws: int) -> Bools:
    """Return words by their numbers as an array: boolean (images, draws, count).

    Parameters
    ----------
    words
        For each image, for each draw: the numbers of the words that were said; fewer draws stay empty.
    """
    rows = list(words)
    said = np.zeros((len(rows), draws, count), bool)
    for row, drawn in enumerate(rows):
        for draw, numbers in enumerate(drawn):
            said[row, draw, list(numbers)] = True
    return said


def parting_share(tagged: Mask, boxed: Mask) -> float:
    """Return how far machine and annotators part ways over an image, from 0 to 1.

    Of all pixels that one or both have a region for, those that only one has; 0 where neither has any.
    No word has to be the same for it.

    Parameters
    ----------
    tagged, boxed
        Boolean (rows, columns): what annotators have regions for, and what the machine has boxes for.
    """
    either = np.count_nonzero(tagged | boxed)
    return np.count_nonzero(tagged ^ boxed) / either if either else 0.0
