"""Showing: a class's sets as a note in a notebook, and the cards where every picture has been looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit import sets
from retrain_kit.figures import Note
from retrain_kit.sheets import making

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.manifests import Manifest
    from retrain_kit.sets import Hand
    from retrain_kit.sheets.options import Options

NO_FILE = "none: no file was named"
WRITTEN = "written, with the list of which card is which picture beside them"


def offer(
    hands: Sequence[Hand], studies: Sequence[Manifest], target: str = "", options: Options | None = None
) -> Note:
    """Return who gets which cards; write them where a file is named and somebody has seen every picture.

    Parameters
    ----------
    hands, studies, options
        As `making.write` takes them.
    target
        The PDF to write; empty for none.

    Raises
    ------
    KitError
        As `making.write`; unseen pictures are told and no error.
    """
    count = sum(len(hand.lots) for hand in hands)
    unseen = len(sets.unseen(hands, studies))
    if unseen:
        cards = f"none: {unseen} of {count} pictures wait for somebody to look at them"
    elif target:
        cards = f"{making.write(hands, studies, Path(target), options)[0]}: {WRITTEN}"
    else:
        cards = NO_FILE
    told = (", ".join(f"{lot.code} {lot.image}" for lot in hand.lots) for hand in hands)
    lines = [(f"set {hand.code}", text) for hand, text in zip(hands, told, strict=True)]
    return Note("Sets for a class", (*lines, ("cards", cards)))
