"""Activities: the exercises of a class, each a session and what the projector shows of it.

The page in the browser is the widget of the notebooks, and is told the same. Activities keep nothing about
people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from retrain_kit.exercises.common.session import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers import Key
    from retrain_kit.display.figures import Panel
    from retrain_kit.exercises.common.session import Session

NO_RECORDS: frozenset[str] = frozenset()

NO_DOWNLOAD = {"name": "", "text": "", "people": []}
"""Widgets offer no file of their own: the page has one button for all exercises."""


class WallPages(Protocol):
    """What was said of an item, as plain values that the exercise's script for the wall draws, page by page.

    A page is bounded, however many people there are and however much they say.
    """

    @property
    def count(self) -> int:
        """How many pages there are; at least 1."""

    @property
    def empty(self) -> bool:
        """Whether nobody has said anything that is shown."""

    def page(self, number: int) -> dict[str, Any]:
        """Return a page, from 0; where there are fewer by now, one begins anew."""


@dataclass(frozen=True)
class ProjectedView:
    """What the projector shows of one item: plain values, and no markup.

    Parameters
    ----------
    pages
        What was said, for the exercise's own script.
    prompts
        What is asked, to the letter, the largest first, and what stands beside each in the class's language.
    panels
        The study's images; none where none are to be seen.
    notes
        What else should be known, a line each.
    refusals
        How people refused, in words.
    credit
        Whose images and words they are.
    """

    title: str
    pages: WallPages
    prompts: tuple[tuple[str, str], ...]
    panels: tuple[Panel, ...] = ()
    notes: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    credit: str = ""


@dataclass(frozen=True)
class Activity:
    """An exercise of a class.

    Parameters
    ----------
    session
        What people may do, and what they are shown.
    draw
        Returns what the projector shows of an item, by its number, without the records of these ids.
    wall
        The script that draws its pages on the wall: its place in the package.
    begins_closed
        Whether it is closed until the teacher opens it, as what belongs to a later class.
    """

    session: Session[Any]
    draw: Callable[[int, AbstractSet[str]], ProjectedView]
    wall: str
    begins_closed: bool = False

    @property
    def name(self) -> str:
        """The exercise's."""
        return self.session.name

    def project(self, index: int, withheld: AbstractSet[str] = NO_RECORDS) -> ProjectedView:
        """Return what the projector shows of an item.

        Parameters
        ----------
        withheld
            The ids of records that are in no figure, count or list of it.
        """
        return self.draw(index, withheld)

    def answer(self, index: int, key: Key, sent: Mapping[str, Any], place: str = "") -> dict[str, Any]:
        """Do what a person asks for at an item, and return the page that follows; `place` is their seat."""
        page = self.session.answer(Screen([key], index=index, place=place), {**sent, "index": index})
        return {**page, "file": NO_DOWNLOAD} if "index" in page else page
