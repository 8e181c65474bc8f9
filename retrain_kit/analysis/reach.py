"""Reach: of which images the figures of a study speak, and of which they say nothing.

A draw by chance from a whole list tells about that list, within an interval. Images that were chosen in any
other way tell of themselves alone, and images drawn among those that bear a label tell of such images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis.intervals import FEWEST_IMAGES
from retrain_kit.display.figures import Note
from retrain_kit.errors import count_in_words

if TYPE_CHECKING:
    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.sampling import Rule

TITLE = "Of which images these figures speak"
_SUCH = "in about 95 of 100 such draws"


def reach_note(manifest: Manifest, counted: int, of: int, studied: int | None = None) -> Note:
    """Return of which images figures speak.

    Parameters
    ----------
    manifest
        The study.
    counted
        How many images the figures were counted on.
    of
        How many images they were drawn from.
    studied
        How many images the study has, where only those that hold some labels or annotators were drawn from;
        None where all were.
    """
    kept = studied is not None and of < studied
    lines = (
        ("counted", _counted(counted, of, kept=kept)),
        ("how the study's images were chosen", choice_in_words(manifest)),
        ("an interval holds", _held(manifest.draw, counted, of, kept=kept)),
        ("of other images", _others(manifest.draw, kept=kept)),
        ("not to be had", _missing(manifest)),
    )
    return Note(TITLE, lines)


def _counted(counted: int, of: int, *, kept: bool) -> str:
    which = " that hold what was chosen" if kept else ""
    if counted < of:
        return f"{counted:,} of the study's {count_in_words(of, 'image')}{which}, drawn by chance"
    if of == 1:
        return f"the one image of the study{which.replace('hold', 'holds')}"
    return f"all {count_in_words(of, 'image')} of the study{which}"


def choice_in_words(manifest: Manifest) -> str:
    """Return how the images of a study were chosen, as far as it says."""
    rule = manifest.draw
    if rule is None:
        return "not by chance, as far as the study says"
    part = f", {rule.subset}" if rule.subset else ""
    bearing = f"the images that bear {' or '.join(rule.labels)}" if rule.labels else "the whole list"
    return f"drawn by chance from {bearing} in {manifest.dataset} {manifest.version}{part}"


def _held(rule: Rule | None, counted: int, of: int, *, kept: bool) -> str:
    if counted < FEWEST_IMAGES:
        return f"nothing: there is none below {FEWEST_IMAGES} images"
    such = ", as far as they hold what was chosen" if kept else ""
    if rule and rule.labels:
        return f"the mean over all images that bear {' or '.join(rule.labels)}{such}, {_SUCH}"
    if rule:
        return f"the mean over all images of the whole list{such}, {_SUCH}"
    if counted < of:
        every = f"all {count_in_words(of, 'image')} of the study"
        return f"the mean over {every}{such and ' that hold what was chosen'}, {_SUCH}"
    return "the mean, if these images are drawn again and again from themselves: how much single ones weigh"


def _others(rule: Rule | None, *, kept: bool) -> str:
    if kept:
        return "These figures say nothing about images that do not hold what was chosen."
    if rule is None:
        return "These figures say nothing about images outside the study."
    if rule.labels:
        return "These figures say nothing about images without these labels."
    return "These figures say nothing about images that are not in this list."


def _missing(manifest: Manifest) -> str:
    if manifest.draw is None or not manifest.withdrawn:
        return ""
    gone = count_in_words(len(manifest.withdrawn), "image")
    return f"{gone} of the draw; whether they are like the others is not known"
