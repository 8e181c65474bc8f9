"""The wall: how many have written, then one card at a time, both texts side by side, and what came back.

All is plain values. Nobody is named, and a page is bounded, however many people there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.exercises.living_with_images.descriptions import DescriptionPair
    from retrain_kit.exercises.living_with_images.in_class.cards import Card
    from retrain_kit.exercises.living_with_images.in_class.heard import Heard

PAIRS_A_PAGE = 2
MAX_LETTERS = 400


@dataclass(frozen=True)
class Counted:
    """How many people have said something of a sort, how often, and how many of these are refusals."""

    sort: str
    people: int
    answers: int
    refusals: int


def counted(heard: Heard, sort: str, withheld: AbstractSet[str]) -> Counted:
    """Return how much was said, without what is withheld."""
    return Counted(sort, heard.people(sort, withheld), *heard.tally(sort, withheld))


@dataclass(frozen=True)
class CardPages:
    """How much was said on the first page; then what was said, a card at a time.

    Parameters
    ----------
    counts
        What the first page says.
    makers
        What makes each other page.
    """

    counts: Sequence[Counted]
    makers: Sequence[Callable[[], dict[str, Any]]] = ()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return 1 + len(self.makers)

    @property
    def empty(self) -> bool:
        """Whether nobody has said anything."""
        return not any(each.answers for each in self.counts)

    def page(self, number: int) -> dict[str, Any]:
        """Return how much was said, or a card."""
        at = number % self.count
        if at:
            return self.makers[at - 1]()
        return {"counts": [[each.sort, each.people, each.answers, each.refusals] for each in self.counts]}


def by_page(pairs: Sequence[DescriptionPair]) -> list[Sequence[DescriptionPair]]:
    """Return pairs of texts, so many a page."""
    return [pairs[start : start + PAIRS_A_PAGE] for start in range(0, len(pairs), PAIRS_A_PAGE)]


def card_wire(card: Card) -> dict[str, Any]:
    """Return a card as JSON; where it has a notice, without its image: who holds it has chosen to see it."""
    panel = None if card.notice else card.panel
    return {"card": card.code, "image": panel and panel.address, "alt": panel.alt if panel else ""}


def shortened(text: str) -> str:
    """Return a text of so many letters as a wall has room for."""
    return text if len(text) <= MAX_LETTERS else f"{text[:MAX_LETTERS].rstrip()}…"
