"""Parts: the exercises of a class, as its pages ask for them.

A part answers one person's message with what the exercise's own widget would be told, so that the page in the
browser is the widget of the notebooks. It keeps nothing about people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.widgets import messages

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.figures import Panel


KEPT = "That was kept already, once."
NO_FILE = {"name": "", "text": "", "people": []}
"""Widgets offer no file of their own: the page has one button for all exercises."""


@dataclass(frozen=True)
class Drawing:
    """A picture for the beamer, and the same in words."""

    title: str
    words: str
    data: bytes
    media_type: str


@dataclass(frozen=True)
class Shown:
    """What the beamer shows of one item: plain values, and no markup.

    Parameters
    ----------
    panels
        The study's pictures; none where none are to be seen.
    drawings
        What was said, as pictures.
    lists
        What was said, as lists of lines under titles.
    refusals
        How people refused, in words.
    credit
        Whose pictures and words they are.
    """

    title: str
    panels: tuple[Panel, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    refusals: tuple[str, ...] = ()
    credit: str = ""


class Part(Protocol):
    """An exercise of a class."""

    name: str
    title: str
    script: str
    """The widget's module, which the page loads."""

    @property
    def items(self) -> Sequence[Item]:
        """What is gone through, in its order."""

    @property
    def setting(self) -> dict[str, Any]:
        """What stays the same while the class lasts."""

    def answer(self, index: int, key: str, sent: Mapping[str, Any]) -> Reply:
        """Do what a person asks for at an item, and return what they are told of it."""

    def records(self) -> list[Record]:
        """Return what was said."""

    def shown(self, index: int) -> Shown:
        """Return what the beamer shows of an item."""

    def leave(self, who: str) -> None:
        """Know that somebody is not here any more."""


@dataclass(frozen=True)
class Item:
    """Something to look at: what the widget is told of it, and its pictures."""

    told: Mapping[str, Any]
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Reply:
    """What a person's page is told.

    Parameters
    ----------
    message
        What the widget hears.
    traits
        Values of the widget that are others by now.
    look
        Whether the page has to look, to see what it has done: what everybody sees is drawn once for all.
    """

    message: Mapping[str, Any]
    traits: Mapping[str, Any] = field(default_factory=dict)
    look: bool = False


def act_of(sent: Mapping[str, Any], known: Collection[str]) -> str:
    """Return what is asked for.

    Raises
    ------
    ParameterError
        When it is none of the known acts.
    """
    act = messages.text(sent, "act")
    if act not in known:
        raise ParameterError(Fault("act", repr(act[:20]), f"one of {', '.join(known)}"))
    return act
