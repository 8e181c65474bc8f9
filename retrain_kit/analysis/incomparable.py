"""Incomparable: what of two studies can be laid side by side, and not be subtracted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis import reach
from retrain_kit.analysis.two_studies import count_in_words, units
from retrain_kit.display.figures import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.analysis.shared_words import Words
    from retrain_kit.analysis.two_studies import Side, Two


def incomparable(two: Two, shared: Words, same: int) -> Note:
    """Return what of two studies cannot be compared, and why.

    Parameters
    ----------
    two
        The two studies.
    shared
        Their words, as `shared_words.shared_words` gives them.
    same
        How many images are in both.
    """
    lines = (
        ("words", _of_words(two, shared)),
        *(("units", line) for line in _of_units(two)),
        *(("draws", f"{side.name}: {reach.choice_in_words(side.manifest)}") for side in two),
        ("draws", _of_draws(two)),
        *(("annotators", f"{side.name}: {_of_annotators(side)}") for side in two),
        *(
            ("not taken", f"{len(side.rejections):,} annotations of {side.name}, in no figure here")
            for side in two
        ),
        ("the same images", _of_same(same)),
    )
    return Note("What of these two cannot be compared", lines)


def _of_words(two: Two, shared: Words) -> str:
    first, second = (side.name for side in two)
    counts = [len(each) for each in (shared.both, shared.first_alone, shared.second_alone)]
    return (
        f"{counts[0]:,} come in both, {counts[1]:,} in {first} alone, {counts[2]:,} in {second} alone. A "
        "word that does not come may not be in the study's list, or nothing in its images was given it."
    )


def _of_units(two: Two) -> Iterator[str]:
    """Yield, for each study, the kinds of annotations that it alone has."""
    rows = units(two)
    for side, alone in (
        (two[0], [row.question for row in rows if row.second == "0"]),
        (two[1], [row.question for row in rows if row.first == "0"]),
    ):
        if alone:
            yield f"only {side.name} has {', '.join(alone)}"


def _of_draws(two: Two) -> str:
    if all(side.manifest.draw for side in two):
        return "Each stands for its own list; a difference of the two is one of these lists."
    return "A study that was not drawn by chance stands for its own images alone, and so does a difference."


def _of_annotators(side: Side) -> str:
    if side.manifest.annotation.sources:
        return "its own words say how annotations were made"
    return "how single annotations were made is not said"


def _of_same(same: int) -> str:
    if not same:
        return "None was found in both: what annotators saw cannot be compared on one image."
    return f"{count_in_words(same, 'image')} in both; intervals take the two as if they had none in common."
