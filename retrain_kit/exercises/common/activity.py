"""Activities: the exercises of a class, each a session and what the projector shows of it.

The page in the browser is the widget of the notebooks, and is told the same. Activities keep nothing about
people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrain_kit.exercises.common.session import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from retrain_kit.answers import Key
    from retrain_kit.display.figures import Panel
    from retrain_kit.exercises.common.session import Session

NO_RECORDS: frozenset[str] = frozenset()

NO_DOWNLOAD = {"name": "", "text": "", "people": []}
"""Widgets offer no file of their own: the page has one button for all exercises."""


@dataclass(frozen=True)
class Drawing:
    """An image for the projector, and the same in words."""

    title: str
    words: str
    data: bytes
    media_type: str


@dataclass(frozen=True)
class ProjectedView:
    """What the projector shows of one item: plain values, and no markup.

    Parameters
    ----------
    panels
        The study's images; none where none are to be seen.
    drawings
        What was said, as images.
    lists
        What was said, as lists of lines under titles.
    refusals
        How people refused, in words.
    credit
        Whose images and words they are.
    """

    title: str
    panels: tuple[Panel, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
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
    """

    session: Session[Any]
    draw: Callable[[int, frozenset[str]], ProjectedView]

    @property
    def name(self) -> str:
        """The exercise's."""
        return self.session.name

    def project(self, index: int, withheld: frozenset[str] = NO_RECORDS) -> ProjectedView:
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
