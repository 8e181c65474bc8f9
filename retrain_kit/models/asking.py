"""Asking: guests are shown the views of a study's images, one after the other; what they said is kept.

The work shows how far it is, and goes on where it was when it is started again. An image that cannot be shown
stops nothing: it is listed with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.analysis import label_survival
from retrain_kit.annotations.samples import Box
from retrain_kit.display import figures
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding, holes, masking
from retrain_kit.imaging.holes import HoleView
from retrain_kit.models import inputs
from retrain_kit.models.kept_answers import KeptAnswers
from retrain_kit.models.runtimes import NoNumberError
from retrain_kit.storage import files
from retrain_kit.widgets.progress import watched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.imaging.holes import Move, ViewName
    from retrain_kit.imaging.masking import Mask, Shape
    from retrain_kit.models.guests import Guest

FIRST = 5
"""So many of a classifier's words are kept, the likeliest first."""
CHANGED = "its file is another one than the study's table says"


@dataclass(frozen=True)
class Trial:
    """How images are shown: what is covered, with what, and how the control is drawn."""

    fills: tuple[str, ...] = ("white", holes.MEAN_GREY, "blur")
    draws: int = 4
    seed: int = 7
    shape: Shape = "box"
    move: Move = "wrapped"

    def __post_init__(self) -> None:
        holes.check_fills(self.fills)

    def mask(self, sample: Sample) -> Mask:
        """Return what is tagged of an image."""
        return masking.union_mask(sample.regions, sample.size, self.shape)

    def views(self, sample: Sample) -> list[HoleView]:
        """Return all views of an image; they follow from the image's id, its tags and the seed."""
        mask = self.mask(sample)
        return holes.hole_views(mask, self.fills, self.moved(sample, mask))

    def moved(self, sample: Sample, mask: Mask) -> list[Mask]:
        """Return the moved masks of an image."""
        if not mask.any():
            return []
        return holes.moved_masks(mask, self.draws, [self.seed, *sample.id.encode()], self.move)


@dataclass(frozen=True)
class Answered:
    """What one guest said of a study.

    Parameters
    ----------
    guest
        It.
    samples
        The images that it was shown.
    views
        For each of them its views, `whole` first.
    answers
        For each of these what it said. Of a classifier pairs of a word's number and its probability, the
        likeliest first; of a detector rows of left, top, right, bottom in pixels, score and word's number.
    left_out
        Why an image was not shown, by its id.
    """

    guest: Guest
    samples: list[Sample]
    views: list[list[ViewName]]
    answers: list[list[Any]]
    left_out: dict[str, str] = field(default_factory=dict)

    def said(self, first: int = 1) -> label_survival.Said:
        """Return which words it said of which view.

        Parameters
        ----------
        first
            How many of a classifier's words count for a view. Of the whole image its first counts alone.
        """
        words = len(self.guest.card.labels)
        rows = [
            {
                view: self._numbers(answer, first if view.kind != "whole" else 1)
                for view, answer in zip(views, answers, strict=True)
            }
            for views, answers in zip(self.views, self.answers, strict=True)
        ]
        kinds = dict.fromkeys((view.kind, view.fill) for views in self.views for view in views)
        said, asked = {}, {}
        for kind, fill in kinds:
            draws = [[row[key] for key in sorted(row) if key[:2] == (kind, fill)] for row in rows]
            most = max(map(len, draws), default=0)
            said[kind, fill] = label_survival.said_in_words(draws, words, most)
            asked[kind, fill] = np.array([len(drawn) == most for drawn in draws], bool)
        whole = said.pop(("whole", ""), np.zeros((0, 1, words), bool))[:, 0]
        return label_survival.Said(whole, said, asked)

    def boxed(self, place: int) -> Mask:
        """Return what a detector has boxes for in one whole image."""
        size = self.samples[place].size
        mask = np.zeros((size[1], size[0]), bool)
        for row in self.answers[place][0]:
            mask |= masking.box_mask(box_of(row), size)
        return mask

    def _numbers(self, answer: list[Any], first: int) -> list[int]:
        if self.guest.card.does == "detect":
            return [int(row[5]) for row in answer]
        return [int(number) for number, _ in answer[:first]]


def ask_guest(
    guest: Guest, samples: Sequence[Sample], trial: Trial, kept: KeptAnswers | None = None
) -> Answered:
    """Return what a guest says of all views of a study's images.

    Parameters
    ----------
    guest
        A classifier or a detector.
    samples
        The images.
    trial
        How they are shown.
    kept
        What it said before; that of the user's data when None.

    Raises
    ------
    DataError
        When an answer does not fit the guest's card.
    """
    kept = KeptAnswers(guest.card.digest) if kept is None else kept
    found = Answered(guest, [], [], [])
    for sample in watched(samples, f"asking {guest.card.name}, images"):
        why, digest = _unshowable(sample)
        views = [] if why else trial.views(sample)
        new = {(digest, view.key): view for view in views if (digest, view.key) not in kept}
        if why := why or (_ask(guest, sample, new, kept) if new else ""):
            found.left_out[sample.id] = why
            continue
        found.samples.append(sample)
        found.views.append([view.name for view in views])
        found.answers.append([kept[digest, view.key] for view in views])
    return found


def line_of(guest: Guest, sample: Sample) -> tuple[str, str]:
    """Return the line of a model that writes captions about an image, and in words why there is none.

    Raises
    ------
    DataError
        When its answer does not fit its card.
    """
    why, _ = _unshowable(sample)
    image, why = (None, why) if why else _opened(sample)
    if image is None:
        return "", why
    try:
        (line,) = guest.caption([np.asarray(HoleView("whole").of(image))])
    except NoNumberError as error:
        return "", figures.reason(error)
    return line, "" if line else "it wrote nothing"


def box_of(row: Sequence[float]) -> Box:
    """Return the box of a detector's answer."""
    left, top, right, bottom = row[:4]
    return Box(left, top, right, bottom)


def _unshowable(sample: Sample) -> tuple[str, str]:
    """Return why an image cannot be shown to a machine, and the digest of its file, with how it is turned."""
    if min(sample.size) < inputs.SMALLEST_PX:
        return f"an image of {sample.width_px} × {sample.height_px} pixels shows a machine nothing", ""
    try:
        digest = files.sha256(sample.path)
    except OSError as error:
        return f"a file that cannot be read ({error.strerror})", ""
    turned = f" {sample.rotation_deg % 360}" if sample.rotation_deg is not None else ""
    return (CHANGED if sample.provenance.sha256 not in {"", digest} else ""), f"{digest}{turned}"


def _ask(guest: Guest, sample: Sample, new: Mapping[tuple[str, str], HoleView], kept: KeptAnswers) -> str:
    """Show a guest views of an image that it has not seen yet; return why it cannot be shown."""
    image, why = _opened(sample)
    if image is None:
        return why
    pictures = (np.asarray(view.of(image)) for view in new.values())
    try:
        answers: list[Any] = (
            [_boxes(guest, picture) for picture in pictures]
            if guest.card.does == "detect"
            else [_likeliest(row) for row in guest.classify(pictures)]
        )
    except NoNumberError as error:
        return figures.reason(error)
    kept.add(zip(new, answers, strict=True))
    return ""


def _opened(sample: Sample) -> tuple[Image.Image | None, str]:
    """Return an image as its study says it is, or None, and in words why."""
    try:
        image = decoding.load_sample(sample)
    except DataError as error:
        return None, figures.reason(error)
    if image.size != sample.size:
        return None, f"its file has {image.width} × {image.height} pixels, the study says otherwise"
    return image, ""


def _boxes(guest: Guest, picture: inputs.Pixels) -> list[list[float]]:
    return [
        [*(round(edge, 1) for edge in edges), round(score, 4), number]
        for *edges, score, number in guest.numbered_boxes(picture)
    ]


def _likeliest(row: Any) -> list[list[float]]:  # noqa: ANN401 - float32 (words,)
    """Return the likeliest words of a row; of words that are equally likely the first in the list."""
    numbers = np.argsort(-row, kind="stable")[:FIRST]
    return [[int(number), round(float(row[number]), 4)] for number in numbers]
